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

#include "sim/core/diagnostics.h"
#include "sim/core/four_wide.h"

namespace hipspine {
namespace {

constexpr int kIterations = 30;
// chosen: least multiplier of a bound at the start. The first suits a controller; what it does not solve lies further
// outside, where a start deeper inside succeeds.
constexpr double kFloors[] = {10, 1e3, 1e5, 1e7};
constexpr Eigen::Index kMostGroupRows = 64;  // size of a scratch on the stack
constexpr double kInside = 0.05;             // chosen: share of the width that the start keeps from its bounds
constexpr double kShort = 0.99;              // share of the way to the nearest bound

}  // namespace

void BoundedProblem::resize(Eigen::Index rows, Eigen::Index unknowns) {
  P.resize(rows, unknowns);
  price.resize(unknowns), rest.resize(unknowns), low.resize(unknowns), high.resize(unknowns);
  compliance.resize(rows, rows);
  demand.resize(rows);
}

/// Each group's rows packed together, columns padded to a multiple of four, so that everything below runs four wide.
void BoundedProgram::pack(const BoundedProblem& p) {
  blocks_.clear();
  Eigen::Index size = 0;
  for (const BoundedGroup& g : p.groups) {
    const Eigen::Index m = padded(g.rows + g.rows2);
    HIPSPINE_DEMAND(m <= kMostGroupRows);
    blocks_.push_back({g, m, size});
    size += m * g.count;
  }
  packed_.setZero(size);
  scaled_.resize(size);
  for (const Block& b : blocks_) {
    double* column = packed_.data() + b.offset;
    for (Eigen::Index i = b.group.first; i < b.group.first + b.group.count; ++i, column += b.size) {
      const double* from = &p.P(0, i);
      std::copy_n(from + b.group.row, b.group.rows, column);
      std::copy_n(from + b.group.row2, b.group.rows2, column + b.group.rows);
    }
  }
  const Eigen::Index n = p.demand.size(), N = padded(n);
  compliance_.setIdentity(N, N);
  compliance_.topLeftCorner(n, n) = p.compliance;
  demand_.setZero(N);
  demand_.head(n) = p.demand;
}

/// out += sign P x.
void BoundedProgram::add_product(const Eigen::VectorXd& x, double sign, Eigen::VectorXd& out) const {
  double sum[kMostGroupRows];
  for (const Block& b : blocks_) {
    std::fill_n(sum, b.size, 0.0);
    const double* column = packed_.data() + b.offset;
    for (Eigen::Index i = 0; i < b.group.count; ++i, column += b.size) {
      const double share = sign * x[b.group.first + i];
      for (Eigen::Index r = 0; r < b.size; r += 4) four(sum + r) += share * four(column + r);
    }
    for (Eigen::Index r = 0; r < b.group.rows; ++r) out[b.group.row + r] += sum[r];
    for (Eigen::Index r = 0; r < b.group.rows2; ++r) out[b.group.row2 + r] += sum[b.group.rows + r];
  }
}

/// out = P'y.
void BoundedProgram::transposed_product(const Eigen::VectorXd& y, Eigen::VectorXd& out) const {
  double part[kMostGroupRows];
  for (const Block& b : blocks_) {
    std::fill_n(part, b.size, 0.0);
    std::copy_n(y.data() + b.group.row, b.group.rows, part);
    std::copy_n(y.data() + b.group.row2, b.group.rows2, part + b.group.rows);
    const double* column = packed_.data() + b.offset;
    for (Eigen::Index i = 0; i < b.group.count; ++i, column += b.size) {
      Four sum = Four::Zero();
      for (Eigen::Index r = 0; r < b.size; r += 4) sum += four(part + r) * four(column + r);
      out[b.group.first + i] = sum.sum();
    }
  }
}

/// Factor of C + P theta^-1 P', lower triangle, in tiles of 4 x 4; row ranges of a group are in ascending order.
bool BoundedProgram::factor() {
  hessian_ = compliance_;
  for (const Block& b : blocks_) {
    const BoundedGroup& g = b.group;
    const double* P = packed_.data() + b.offset;
    double* scaled = scaled_.data() + b.offset;
    for (Eigen::Index i = 0; i < g.count; ++i)
      for (Eigen::Index r = 0; r < b.size; r += 4)
        four(scaled + i * b.size + r) = four(P + i * b.size + r) / theta_[g.first + i];
    const Eigen::Index m = g.rows + g.rows2;
    const auto row = [&](Eigen::Index r) { return r < g.rows ? g.row + r : g.row2 + r - g.rows; };
    for (Eigen::Index c0 = 0; c0 < m; c0 += 4) {
      for (Eigen::Index r0 = c0; r0 < m; r0 += 4) {
        Four tile[4] = {Four::Zero(), Four::Zero(), Four::Zero(), Four::Zero()};
        for (Eigen::Index i = 0; i < g.count; ++i) {
          const Four x = four(P + i * b.size + r0);
          const double* y = scaled + i * b.size + c0;
          for (int c = 0; c < 4; ++c) tile[c] += x * y[c];
        }
        const Eigen::Index columns = std::min<Eigen::Index>(4, m - c0), rows = std::min<Eigen::Index>(4, m - r0);
        for (Eigen::Index c = 0; c < columns; ++c) {
          double* H = &hessian_(0, row(c0 + c));
          for (Eigen::Index r = r0 == c0 ? c : 0; r < rows; ++r) H[row(r0 + r)] += tile[c][r];
        }
      }
    }
  }
  return cholesky_four(hessian_);
}

void BoundedProgram::direction() {
  // In: row_ = r_y, r_x_.  Out: dy_, dx_.
  dx_ = r_x_.cwiseQuotient(theta_);
  dy_ = row_;
  add_product(dx_, -1, dy_);
  forward_four(hessian_, dy_.data());
  backward_four(hessian_, dy_.data());
  transposed_product(dy_, pull_);
  dx_ += pull_.cwiseQuotient(theta_);
}

BoundedProgram::Result BoundedProgram::solve(const BoundedProblem& p, Eigen::VectorXd& x) {
  pack(p);
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
    transposed_product(y_, pull_);
    r_x_ += pull_;  // + z_l - z_h folded in below: with mu they leave mu/c
    row_ = demand_;
    add_product(x, -1, row_);
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
