#pragma once
/// Quadratic programs with bounds, many unknowns and few rows.
///
///   min  1/2 sum_i price_i (x_i - rest_i)^2 + 1/2 s' C^-1 s,   s = demand - P x,   low_i <= x_i <= high_i
///
/// x are many cheap unknowns (muscle activations, contact forces), s what they leave of the demand, C how easily each
/// combination of rows gives way. Always feasible. Made for narrow bounds and stiff rows, where most unknowns sit on a
/// bound and methods that guess which ones stall: an interior-point method needs about ten steps of such a problem, and
/// tries again from further inside where they do not suffice (stiff rows that ask for far more than there is: 50 and
/// more steps). It needs no start, so that its answer depends on the problem alone. Equations in bounded_program.cpp.
#include <Eigen/Core>
#include <vector>

#include "sim/core/packed_columns.h"

namespace hipspine {

struct BoundedProblem {
  Eigen::MatrixXd P;                       ///< (rows x unknowns)
  Eigen::VectorXd price, rest, low, high;  ///< (unknowns), price > 0, low < high
  Eigen::MatrixXd compliance;              ///< C (rows x rows), symmetric, positive definite; lower triangle read
  Eigen::VectorXd demand;                  ///< (rows)
  double tolerance = 1e-5;                 ///< of the mean product of bound multiplier and distance, in cost
  std::vector<ColumnGroup> groups;         ///< of P, see packed_columns.h
  void resize(Eigen::Index rows, Eigen::Index unknowns);
};

/// One per thread; no allocation once used with the largest size.
class BoundedProgram {
 public:
  struct Result {
    bool converged = false;
    int iterations = 0;
  };
  /// @param x  (unknowns) solution, strictly inside the bounds
  Result solve(const BoundedProblem& problem, Eigen::VectorXd& x);

 private:
  Result solve_from(const BoundedProblem& p, double least, Eigen::VectorXd& x);
  bool factor();
  void direction();

  PackedColumns P_;
  Eigen::VectorXd demand_;
  Eigen::MatrixXd compliance_, hessian_;  // rows padded to a multiple of four; hessian_ and its factor in place
  Eigen::VectorXd y_, dy_, row_, r_y_;    // (rows)
  Eigen::VectorXd dx_, theta_, give_, z_low_, z_high_, dz_low_, dz_high_, c_low_, c_high_, r_x_, r_0_, m_low_, m_high_,
      pull_;  // (unknowns)
};

}  // namespace hipspine
