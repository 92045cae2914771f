// Primal-dual interior point. Multipliers y of the rows and z_l, z_h >= 0 of the bounds:
//   price (x - rest) - P'y - z_l + z_h = 0,   P x + C y = demand,   z_l (x - low) = z_h (high - x) = mu          (1)
// A Newton step of (1) needs rows only. With theta = price + z_l / (x - low) + z_h / (high - x):
//   (C + P theta^-1 P') dy = r_y - P theta^-1 r_x,   dx = theta^-1 (P'dy + r_x)                                 (2)
// Each iteration factors (2) once and solves it twice: first towards mu = 0, to see how far one could go, then with
// the mu that this allows and the second-order part of the products (Mehrotra 1992, On the implementation of a
// primal-dual interior point method). Steps stop short of the bounds.
#include "sim/core/bounded_program.h"

#include <algorithm>
#include <cmath>

#include "sim/core/four_wide.h"

namespace hipspine {
namespace {

constexpr int kIterations = 30;
// chosen: least multiplier of a bound at the start. The first suits a controller; what it does not solve lies further
// outside, where a start deeper inside succeeds.
constexpr double kFloors[] = {10, 1e3, 1e5, 1e7};
constexpr double kInside = 0.05;  // chosen: share of the width that the start keeps from its bounds
constexpr double kShort = 0.99;   // share of the way to the nearest bound

}  // namespace

void BoundedProblem::resize(Eigen::Index rows, Eigen::Index unknowns) {
  P.resize(rows, unknowns);
  price.resize(unknowns), rest.resize(unknowns), low.resize(unknowns), high.resize(unknowns);
  compliance.resize(rows, rows);
  demand.resize(rows);
}

/// Factor of C + P theta^-1 P', lower triangle.
bool BoundedProgram::factor() {
  hessian_ = compliance_;
  give_ = theta_.cwiseInverse();
  P_.add_gram(give_, hessian_);
  return cholesky_four(hessian_);
}

void BoundedProgram::direction() {
  // In: row_ = r_y, r_x_.  Out: dy_, dx_.
  dx_ = r_x_.cwiseProduct(give_);
  dy_ = row_;
  P_.add_product(dx_, -1, dy_);
  forward_four(hessian_, dy_.data());
  backward_four(hessian_, dy_.data());
  P_.transposed_product(dy_, pull_);
  dx_ += pull_.cwiseProduct(give_);
}

BoundedProgram::Result BoundedProgram::solve(const BoundedProblem& p, Eigen::VectorXd& x) {
  P_.pack(p.P, p.groups);
  const Eigen::Index n = p.demand.size(), N = padded(n);
  compliance_.setIdentity(N, N);
  compliance_.topLeftCorner(n, n) = p.compliance;
  demand_.setZero(N);
  demand_.head(n) = p.demand;
  Result result;
  for (const double floor : kFloors) {
    const Result attempt = solve_from(p, floor, x);
    result.iterations += attempt.iterations;
    result.converged = attempt.converged;
    if (result.converged) break;
  }
  return result;
}

BoundedProgram::Result BoundedProgram::solve_from(const BoundedProblem& p, double least, Eigen::VectorXd& x) {
  const Eigen::Index n = p.price.size();
  Result result;
  // Start: the free minimum's multipliers, x pulled inside.
  pull_.resize(n);
  theta_ = p.price;
  if (!factor()) return result;
  row_ = demand_;
  r_x_ = p.price.cwiseProduct(p.rest);
  direction();
  y_ = dy_;
  x.resize(n), z_low_.resize(n), z_high_.resize(n);
  double slack = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double inside = kInside * (p.high[i] - p.low[i]);
    x[i] = std::clamp(dx_[i], p.low[i] + inside, p.high[i] - inside);
    const double g = p.price[i] * (x[i] - dx_[i]);  // gradient there with these y
    z_low_[i] = std::max(g, 0.0);
    z_high_[i] = std::max(-g, 0.0);
    slack += std::abs(g);
  }
  const double floor = std::max(least, 0.1 * slack / static_cast<double>(n));
  z_low_.array() += floor;
  z_high_.array() += floor;

  for (; result.iterations < kIterations; ++result.iterations) {
    c_low_ = x - p.low;
    c_high_ = p.high - x;
    const double mu = (z_low_.dot(c_low_) + z_high_.dot(c_high_)) / static_cast<double>(2 * n);
    r_x_ = p.price.cwiseProduct(p.rest - x);
    P_.transposed_product(y_, pull_);
    r_x_ += pull_;  // + z_l - z_h folded in below: with mu they leave mu/c
    row_ = demand_;
    P_.add_product(x, -1, row_);
    row_.noalias() -= compliance_.selfadjointView<Eigen::Lower>() * y_;
    if (mu < p.tolerance && row_.cwiseAbs().maxCoeff() < 1e-6 * (1 + p.demand.cwiseAbs().maxCoeff())) {
      result.converged = true;
      break;
    }
    theta_ = p.price + z_low_.cwiseQuotient(c_low_) + z_high_.cwiseQuotient(c_high_);
    if (!factor()) return result;
    const auto longest = [&](double& primal, double& dual) {
      primal = dual = 1;
      for (Eigen::Index i = 0; i < n; ++i) {
        if (dx_[i] < 0) primal = std::min(primal, -c_low_[i] / dx_[i]);
        if (dx_[i] > 0) primal = std::min(primal, c_high_[i] / dx_[i]);
        if (dz_low_[i] < 0) dual = std::min(dual, -z_low_[i] / dz_low_[i]);
        if (dz_high_[i] < 0) dual = std::min(dual, -z_high_[i] / dz_high_[i]);
      }
    };
    r_y_ = row_;
    r_0_ = r_x_;
    direction();  // towards mu = 0
    dz_low_ = -z_low_ - z_low_.cwiseProduct(dx_).cwiseQuotient(c_low_);
    dz_high_ = -z_high_ + z_high_.cwiseProduct(dx_).cwiseQuotient(c_high_);
    double primal, dual;
    longest(primal, dual);
    const double there = ((z_low_ + dual * dz_low_).dot(c_low_ + primal * dx_) +
                          (z_high_ + dual * dz_high_).dot(c_high_ - primal * dx_)) /
                         static_cast<double>(2 * n);
    const double ratio = there / mu, target = mu * ratio * ratio * ratio;
    // Corrected: z_l c_l = target - dz_l dx, z_h c_h = target + dz_h dx.
    m_low_ = (target - dz_low_.array() * dx_.array()).matrix().cwiseQuotient(c_low_);
    m_high_ = (target + dz_high_.array() * dx_.array()).matrix().cwiseQuotient(c_high_);
    r_x_ = r_0_ + m_low_ - m_high_;
    row_ = r_y_;
    direction();
    dz_low_ = m_low_ - z_low_ - z_low_.cwiseProduct(dx_).cwiseQuotient(c_low_);
    dz_high_ = m_high_ - z_high_ + z_high_.cwiseProduct(dx_).cwiseQuotient(c_high_);
    longest(primal, dual);
    const double step = kShort * std::min(primal, dual);
    const double t = std::min(1.0, step);
    x += t * dx_;
    y_ += t * dy_;
    z_low_ += t * dz_low_;
    z_high_ += t * dz_high_;
  }
  return result;
}

}  // namespace hipspine
