#pragma once
/// The wrench that the ground has to give the whole body, with exact derivatives: what makes a plan dynamically
/// consistent and lets the planner use Newton's method.
#include "sim/mechanics/kinematics.h"

namespace hipspine {

using Wrench6N = Eigen::Matrix<double, 6, Eigen::Dynamic, 0, 6, kMaxCoord>;

/// Required outside wrench about the ground origin [moment N·m; force N] and its derivatives with respect to
/// coordinates, rates and accelerations, each (6 x n_coord).
struct TotalWrench {
  Vec6 w = Vec6::Zero();
  Wrench6N dw_dq, dw_dv, dw_da;
};

/// Needs position, velocity and acceleration in `kin`. @test tests/mechanics/mechanics_test.cpp (central differences)
void total_wrench(const Model& model, const Kinematics& kin, TotalWrench& out);

/// The wrench alone, without derivatives.
[[nodiscard]] Vec6 total_wrench_value(const Model& model, const Kinematics& kin);

}  // namespace hipspine
