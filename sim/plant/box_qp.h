#pragma once
/// Small dense quadratic program with bounds:  min 1/2 x'H x - c'x,  low <= x <= high.  Projected Newton: the free
/// variables take a Newton step, the path along it is projected on the box, Armijo's rule shortens it.
#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace hipspine {

struct BoxQpResult {
  int iterations = 0;
  bool converged = false;
};

/// One per thread; no allocation once used with the largest size.
class BoxQp {
 public:
  /// @param H  positive definite, only the lower triangle is read
  /// @param x  start on entry (any values), solution on return
  BoxQpResult solve(const Eigen::MatrixXd& H, const Eigen::VectorXd& c, const Eigen::VectorXd& low,
                    const Eigen::VectorXd& high, Eigen::VectorXd& x);

 private:
  Eigen::MatrixXd free_;
  Eigen::VectorXd g_, step_, full_, trial_, gt_;
  Eigen::VectorXi index_, held_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
};

}  // namespace hipspine
