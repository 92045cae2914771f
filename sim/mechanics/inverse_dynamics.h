#pragma once
/// Newton–Euler inverse dynamics in the ground frame: generalised forces and the wrench that each joint passes on.
#include <vector>

#include "sim/core/frames.h"
#include "sim/mechanics/kinematics.h"

namespace hipspine {

/// An outside force on a link: wrench about the ground origin [moment N·m; force N].
struct ExternalWrench {
  int link = -1;
  Vec6 wrench_G = Vec6::Zero();
};

/// Result of inverse dynamics for one state.
struct InverseDynamics {
  CoordVec tau;                ///< (n_coord) generalised force of each coordinate [N·m] or [N]
  std::vector<Vec6> wrench_G;  ///< wrench that link i receives from its parent, about the ground origin
};

/// tau = M(q) a + c(q, v) - tau_gravity - sum J' f_ext. Needs position, velocity and acceleration in `kin`.
/// Gravity is (0, -kGravity, 0). @test tests/unit/mechanics_test.cpp, tests/cross
void inverse_dynamics(const Model& model, const Kinematics& kin, const std::vector<ExternalWrench>& external,
                      InverseDynamics& out);

}  // namespace hipspine
