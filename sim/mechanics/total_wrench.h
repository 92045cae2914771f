#pragma once
/// The wrench that the ground has to give the whole body, with exact derivatives: what makes a plan dynamically
/// consistent and lets the planner use Newton's method.
#include <array>

#include "sim/mechanics/kinematics.h"

namespace hipspine {

using Wrench6N = Eigen::Matrix<double, 6, Eigen::Dynamic, 0, 6, kMaxCoord>;

/// Required outside wrench about the ground origin [moment N·m; force N] and its derivatives with respect to
/// coordinates, rates and accelerations, each (6 x n_coord).
struct TotalWrench {
  Vec6 w = Vec6::Zero();
  Wrench6N dw_dq, dw_dv, dw_da;
  /// Sums over one leg (right, left): inertia, B of (1) in total_wrench.cpp, wrench.
  struct Subtree {
    Mat6 I = Mat6::Zero(), B = Mat6::Zero();
    Vec6 f = Vec6::Zero();
  };
  std::array<Subtree, 2> leg;
};

/// Needs position, velocity and acceleration in `kin`. @test tests/mechanics/mechanics_test.cpp (central differences)
void total_wrench(const Model& model, const Kinematics& kin, TotalWrench& out);

/// The wrench that everything but one leg needs, with derivatives: what that leg's hip passes on while the other foot
/// is in the air. From `total` of the same state; `out.leg` is not filled.
void wrench_without_leg(const Model& model, const Kinematics& kin, const TotalWrench& total, int side,
                        TotalWrench& out);

/// The wrench alone, without derivatives.
[[nodiscard]] Vec6 total_wrench_value(const Model& model, const Kinematics& kin);

}  // namespace hipspine
