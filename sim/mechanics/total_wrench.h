#pragma once
/// The wrench that the ground has to give the whole body, with all its exact derivatives: what Newton's method needs of
/// it. Where a gradient will do, four_bodies.h is cheaper.
#include <array>

#include "sim/mechanics/four_bodies.h"

namespace hipspine {

using Wrench6N = Eigen::Matrix<double, 6, Eigen::Dynamic, 0, 6, kMaxCoord>;

/// Inertia and motion of a set of links that a coordinate carries, about the ground origin: their sums.
struct CarriedSum {
  double mass_kg;
  Vec3 h;         ///< mass times centre of mass [kg m]
  Mat3 inertia;   ///< [kg m^2]
  Mat3 B;         ///< of (1) in total_wrench.cpp [kg m^2/s]
  Vec3 momentum;  ///< [kg m/s]
  Vec6 f;         ///< wrench [N m; N]
  void set_zero();
  CarriedSum& operator+=(const CarriedSum& o);
};

/// Required outside wrench about the ground origin [moment N·m; force N] and its derivatives with respect to
/// coordinates, rates and accelerations, each (6 x n_coord).
struct TotalWrench {
  Vec6 w = Vec6::Zero();
  Vec6 w_still = Vec6::Zero();  ///< the same of the body at rest in this posture: its weight alone
  Wrench6N dw_dq, dw_dv, dw_da;
  std::array<CarriedSum, kParts> part;
};

/// Needs position, velocity and acceleration in `kin`. @test tests/mechanics/mechanics_test.cpp (central differences)
void total_wrench(const Model& model, const Kinematics& kin, TotalWrench& out);

/// The wrench that one part needs, with derivatives: what the joint that carries it passes on. From `total` of the same
/// state; `out.part` is not filled.
void part_wrench(const Model& model, const Kinematics& kin, const TotalWrench& total, Part part, TotalWrench& out);

}  // namespace hipspine
