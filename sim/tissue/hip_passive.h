#pragma once
/// Passive moments of the hip: capsule and passive muscle in the sagittal axis after Riener & Edrich (1999), capsular
/// end stops about all three axes, internal rotation that shrinks as the hip flexes. Everything derives from one
/// energy.
#include <array>
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"
#include "sim/model/scenario.h"

namespace hipspine {

/// Coefficients of `models/hip.toml` (equations in the head of hip_passive.cpp). Angles in radians, moments in N·m.
struct HipPassiveParameters {
  double extension_offset = 0;  ///< extension branch: exp(offset + knee · K + hip · (H - shift))
  double extension_knee_per_rad = 0;
  double extension_hip_per_rad = 0;
  double flexion_offset = 0;  ///< flexion branch (hamstrings): exp(offset + knee · K + hip · H)
  double flexion_knee_per_rad = 0;
  double flexion_hip_per_rad = 0;
  double constant_nm = 0;
  double healthy_extension_rad = 0;  ///< extension limit at which the published curve applies unshifted
  double stop_moment_nm = 0;         ///< end stop at its limit
  double stop_extension_share = 1;  ///< of it in extension, where the published curve already holds most of the capsule
  double stop_width_rad = 0;        ///< e-fold of the end stops
  double exponent_cap = 0;          ///< beyond this exponent every exponential continues as its second-order series
  double rotation_loss_start_rad = 0;  ///< flexion at which internal rotation begins to shrink, middle of the bend
  double rotation_loss_width_rad = 0;  ///< half width of that bend
  double rotation_loss_slope = 0;      ///< internal rotation lost per flexion beyond it
  /// How an impingement of bone is approached: flexion + adduction · [0] + rotation · [1] reaches the contact angle.
  std::array<double, 2> cam_approach{}, pincer_approach{};
  double bone_width_rad = 0;  ///< e-fold of bone against bone
  double bone_lever_m = 0;    ///< from the middle of the femoral head to the rim
};

/// Reads `folder`/hip.toml; findings go to `diagnostics`.
HipPassiveParameters load_hip_passive(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// Moments on the thigh about its three axes, in the sense of the coordinates (flexion, adduction, internal rotation
/// positive) [N·m], with the exact derivative with respect to (flexion, adduction, rotation, knee flexion) [N·m/rad]
/// and the stored energy [J], of which moment = -d(energy)/dq for the three hip axes.
struct HipPassive {
  Vec3 moment_nm = Vec3::Zero();
  Eigen::Matrix<double, 3, 4> d_moment = Eigen::Matrix<double, 3, 4>::Zero();
  double energy_j = 0;
  /// -d(energy)/d(knee flexion): what an energy-consistent biarticular muscle would do to the knee. The publication
  /// measured the hip alone; a knee model with its own passive law must not add this.
  double knee_moment_nm = 0;
  double impingement_n = 0;  ///< force of the neck of the femur on the rim, in the reference body's size
};

/// Passive moment of one hip. All angles [rad]; knee flexion positive. Smooth (C1) and monotonic about each axis,
/// finite at any finite angle. `HipLimits::stiffness_scale` multiplies the six end stops and the extension branch; the
/// hamstring branch, the constant and the contacts of bone stay.
[[nodiscard]] HipPassive hip_passive(const HipPassiveParameters& parameters, const HipLimits& limits,
                                     double flexion_rad, double adduction_rad, double rotation_rad, double knee_rad);

}  // namespace hipspine
