/// A bound is held when the gradient pushes against it, or when the Newton step of the others would: such a variable is
/// taken out and the step found anew, else its projection could turn descent into ascent. If no length of the step
/// lowers the value all the same, one step of projected gradient, each variable scaled by its own curvature, comes
/// between.
#include "sim/plant/box_qp.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

constexpr int kIterations = 60;
constexpr int kRegroup = 6;          // steps found anew for bounds that the step itself meets
constexpr double kTolerance = 1e-7;  // of the projected gradient, relative to the largest entry of c
constexpr double kArmijo = 1e-4;
constexpr int kHalvings = 25;

}  // namespace

BoxQpResult BoxQp::solve(const Eigen::MatrixXd& H, const Eigen::VectorXd& c, const Eigen::VectorXd& low,
                         const Eigen::VectorXd& high, Eigen::VectorXd& x) {
  const Eigen::Index n = c.size();
  BoxQpResult result;
  x = x.cwiseMax(low).cwiseMin(high);
  const double scale = kTolerance * (1e-12 + c.cwiseAbs().maxCoeff());
  index_.resize(n);
  held_.resize(n);
  full_.resize(n);
  const auto Hs = H.selfadjointView<Eigen::Lower>();
  g_.noalias() = Hs * x;
  g_ -= c;

  const auto line_search = [&] {
    const double value = 0.5 * x.dot(g_ - c);  // 1/2 x'Hx - c'x
    double t = 1;
    for (int k = 0; k < kHalvings; ++k, t *= 0.5) {
      trial_ = (x + t * full_).cwiseMax(low).cwiseMin(high);
      gt_.noalias() = Hs * trial_;
      gt_ -= c;
      const double fall = g_.dot(trial_ - x);
      if (fall < 0 && 0.5 * trial_.dot(gt_ - c) <= value + kArmijo * fall + 1e-15 * std::abs(value)) return true;
    }
    return false;
  };

  for (; result.iterations < kIterations; ++result.iterations) {
    double worst = 0;
    for (Eigen::Index i = 0; i < n; ++i) {
      held_[i] = (x[i] <= low[i] && g_[i] > 0) || (x[i] >= high[i] && g_[i] < 0);
      if (!held_[i]) worst = std::max(worst, std::abs(g_[i]));
    }
    if (worst <= scale) {
      result.converged = true;
      return result;
    }
    for (int round = 0; round < kRegroup; ++round) {
      Eigen::Index n_free = 0;
      for (Eigen::Index i = 0; i < n; ++i)
        if (!held_[i]) index_[n_free++] = static_cast<int>(i);
      free_.resize(n_free, n_free);
      step_.resize(n_free);
      for (Eigen::Index j = 0; j < n_free; ++j) {
        step_[j] = -g_[index_[j]];
        for (Eigen::Index i = j; i < n_free; ++i) free_(i, j) = H(index_[i], index_[j]);
      }
      factor_.compute(free_);
      if (factor_.info() != Eigen::Success) return result;
      factor_.solveInPlace(step_);
      bool outward = false;
      full_.setZero();
      for (Eigen::Index j = 0; j < n_free; ++j) {
        const Eigen::Index i = index_[j];
        if ((x[i] <= low[i] && step_[j] < 0) || (x[i] >= high[i] && step_[j] > 0)) {
          held_[i] = 1;
          outward = true;
        } else {
          full_[i] = step_[j];
        }
      }
      if (!outward) break;
    }
    if (!line_search()) {
      full_ = -g_.cwiseQuotient(H.diagonal());
      if (!line_search()) return result;
    }
    x.swap(trial_);
    g_.swap(gt_);
  }
  return result;
}

}  // namespace hipspine
