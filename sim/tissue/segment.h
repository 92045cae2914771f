#pragma once
/// One lumbar level as a six-degree-of-freedom element: nonlinear disc, two facet joints with gap and contact, ligaments.
/// (The author of the room writes the element; this is what the other rooms rely on.)
///
/// Frame D (Level::X_LD): origin at the disc centre, x forward, y up (normal to the mid-plane), z to the right; it moves
/// with the lower vertebra. Rotations are the level's coordinates (FE extension +, LB to the right +, AR to the left +),
/// R_upper = Rz(FE)·Rx(LB)·Ry(AR). Translations t_D are of the upper vertebra against the lower one, zero unloaded.
#include <array>
#include <filesystem>
#include <string>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"
#include "sim/model/model.h"

namespace hipspine {

struct SegmentParameters;  ///< one level of `models/spine.toml`

enum class SegmentStatus { ok, limited, not_finite };

/// Equilibrium of one level under a given force at given rotations.
struct SegmentLoad {
  SegmentStatus status = SegmentStatus::ok;
  Vec3 translation_m = Vec3::Zero();     ///< of the upper vertebra, in D
  Vec3 moment_nm = Vec3::Zero();         ///< of the element on the upper vertebra about D's origin, axes of D
  double disc_compression_n = 0;         ///< carried by the disc, pressing > 0
  double disc_shear_n = 0;               ///< magnitude in the disc plane, carried by the disc
  double disc_pressure_pa = 0;           ///< nucleus pressure, model estimate
  std::array<double, 2> facet_n{};       ///< [kRight], [kLeft]: normal contact force
  double facet_share = 0;                ///< fraction of the level's compression carried by both facets
  double ligament_n = 0;                 ///< sum of ligament tensions
  int iterations = 0;
};

}  // namespace hipspine
