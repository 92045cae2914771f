#pragma once
/// Sacroiliac joints and pubic symphysis: equilibrium of the two hip bones under hip contact, muscles and weight.
/// The sacrum is held; each hip bone is a free rigid body on a six-axis sacroiliac spring, and a six-axis spring at the
/// symphysis joins the two. The pelvis frame P has its axes x forward, y up, z right. Equations in sacroiliac.cpp.
#include <array>
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"
#include "sim/model/model.h"

namespace hipspine {

/// `models/pelvis.toml`, scaled to the subject. Right side; the left is its mirror.
struct SacroiliacParameters {
  Vec3 p_SacroiliacR_P = Vec3::Zero();   ///< joint centre [m]
  Vec3 normal_R_P = Vec3::UnitZ();       ///< unit normal of the joint plane, from the sacrum to the right hip bone
  Vec3 stiffness_n_m = Vec3::Zero();     ///< along (in-plane forward, in-plane up, normal)
  Vec3 stiffness_nm_rad = Vec3::Zero();  ///< about pelvis x (bending), y (torsion), z (nutation)
  double locking_n = 0;                  ///< nutation stiffness is multiplied by 1 + compression / locking_n
  Vec3 p_Symphysis_P = Vec3::Zero();     ///< [m]
  Vec3 symphysis_n_m = Vec3::Zero();     ///< along pelvis x, y, z
  Vec3 symphysis_nm_rad = Vec3::Zero();  ///< about pelvis x, y, z
};

/// Loads of one sacroiliac joint; signs in `hipspine info --columns`.
struct SacroiliacLoad {
  double compression_n = 0;  ///< pressing > 0, along the joint's normal
  double shear_n = 0;        ///< magnitude in the joint's plane
  double moment_nm = 0;      ///< magnitude
  double nutation_rad = 0;   ///< sacral promontory forward and down > 0
};

enum class PelvisStatus { ok, limited, not_finite };  ///< limited: the locking iteration ran out

struct PelvisLoads {
  PelvisStatus status = PelvisStatus::ok;
  std::array<SacroiliacLoad, 2> sacroiliac;                           ///< [kRight], [kLeft]
  std::array<Vec3, 2> f_SacrumOnIlium_P{Vec3::Zero(), Vec3::Zero()};  ///< [N]
  std::array<Vec3, 2> m_SacrumOnIlium_P{Vec3::Zero(), Vec3::Zero()};  ///< about the joint centre [N·m]
  Vec3 f_LeftOnRight_P = Vec3::Zero();  ///< symphysis: force of the left on the right hip bone [N]
  double symphysis_force_n = 0;         ///< its magnitude
  std::array<Vec6, 2> displacement_P{Vec6::Zero(), Vec6::Zero()};  ///< [rotation rad; translation at P's origin m]
  double residual = 0;  ///< largest unbalanced part of either bone, relative to its load
  int iterations = 0;
};

/// Reads `folder`/pelvis.toml and scales it by `model.length_scale` (lengths with the scale, N/m with the scale,
/// N·m/rad with its cube, forces with its square).
SacroiliacParameters load_sacroiliac(const std::filesystem::path& folder, const Model& model, Diagnostics& diagnostics);

/// Equilibrium of both hip bones.
/// @param wrench_P  per side, everything that acts on that hip bone except the sacrum and the other hip bone (hip
///                  contact, muscles, weight less mass times acceleration): [moment about P's origin N·m; force N],
///                  axes of P
[[nodiscard]] PelvisLoads solve_pelvis(const SacroiliacParameters& parameters, const std::array<Vec6, 2>& wrench_P);

}  // namespace hipspine
