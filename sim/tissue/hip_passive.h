#pragma once
/// Passive moments of the hip: capsule and passive muscle in the sagittal axis after Riener & Edrich (1999), capsular
/// end stops about all three axes, internal rotation that shrinks as the hip flexes.
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"
#include "sim/model/scenario.h"

namespace hipspine {

/// Coefficients of `models/hip.toml` (equations in the head of hip_passive.cpp).
struct HipPassiveParameters;

/// Moments on the thigh about its three axes, in the sense of the coordinates (flexion, adduction, internal rotation
/// positive) [N·m], with the exact derivative with respect to (flexion, adduction, rotation, knee flexion) [N·m/rad]
/// and the stored energy [J], of which moment = -d(energy)/dq for the three hip axes.
struct HipPassive {
  Vec3 moment_nm;
  Eigen::Matrix<double, 3, 4> d_moment;
  double energy_j;
};

}  // namespace hipspine
