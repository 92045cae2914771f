// Quadratic programs with bounds: conditions of the minimum on random problems, and the minimum itself by two other
// ways that share nothing with the solver: every choice of bounds on small problems, one unknown at a time on larger
// ones. What may remain is the gap at which the solver stops: its mean of multiplier times distance is 1e-5, so the
// cost lies at most 2 n 1e-5 above the least, and a price p lets x lie sqrt(2 gap / p) off.
#include "sim/core/bounded_program.h"

#include <doctest/doctest.h>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace hipspine;

namespace {

constexpr unsigned kSeed = 2718;
constexpr double kGap = 2e-5;  ///< per unknown; see above

struct Random {
  std::mt19937 engine{kSeed};
  double operator()(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
};

/// One group over all rows, unless `split`: then unknowns alternate between the first rows, the last and both.
BoundedProblem random_problem(Random& random, Eigen::Index rows, Eigen::Index unknowns, double stiffness, bool split) {
  BoundedProblem p;
  p.resize(rows, unknowns);
  for (Eigen::Index i = 0; i < unknowns; ++i) {
    for (Eigen::Index r = 0; r < rows; ++r) p.P(r, i) = random(-30, 30);
    p.price[i] = random(0.5, 200);
    p.rest[i] = random(-0.2, 0.4);
    p.low[i] = random(0, 0.2);
    p.high[i] = p.low[i] + random(0.05, 0.8);
  }
  for (Eigen::Index r = 0; r < rows; ++r) p.demand[r] = random(-50, 50);
  Eigen::MatrixXd root(rows, rows);
  for (Eigen::Index i = 0; i < root.size(); ++i) root.data()[i] = random(-1, 1);
  p.compliance = (root * root.transpose() + Eigen::MatrixXd::Identity(rows, rows)) / stiffness;
  if (!split) {
    p.groups = {{0, unknowns, 0, rows, 0, 0}};
    return p;
  }
  const Eigen::Index third = rows / 3, size = unknowns / 3;
  p.groups = {{0, size, 0, third, 0, 0},
              {size, size, third, rows - third, 0, 0},
              {2 * size, unknowns - 2 * size, 0, third, rows - third, third}};
  Eigen::MatrixXd P = Eigen::MatrixXd::Zero(rows, unknowns);
  for (const ColumnGroup& g : p.groups) {
    P.block(g.row, g.first, g.rows, g.count) = p.P.block(g.row, g.first, g.rows, g.count);
    if (g.rows2 > 0) P.block(g.row2, g.first, g.rows2, g.count) = p.P.block(g.row2, g.first, g.rows2, g.count);
  }
  p.P = P;
  return p;
}

double cost(const BoundedProblem& p, const Eigen::VectorXd& x) {
  const Eigen::VectorXd off = x - p.rest, slack = p.demand - p.P * x;
  return 0.5 * off.dot(p.price.cwiseProduct(off)) + 0.5 * slack.dot(p.compliance.ldlt().solve(slack));
}

/// Hessian and gradient at zero of the cost in x alone.
struct Plain {
  Eigen::MatrixXd H;
  Eigen::VectorXd g;
  explicit Plain(const BoundedProblem& p) {
    const Eigen::MatrixXd stiff = p.compliance.ldlt().solve(Eigen::MatrixXd::Identity(p.P.rows(), p.P.rows()));
    H = p.P.transpose() * stiff * p.P;
    H.diagonal() += p.price;
    g = -p.price.cwiseProduct(p.rest) - p.P.transpose() * stiff * p.demand;
  }
};

/// The minimum among all choices of low, free, high.
Eigen::VectorXd by_enumeration(const BoundedProblem& p) {
  const Plain f(p);
  const Eigen::Index n = p.price.size();
  Eigen::VectorXd best;
  double least = std::numeric_limits<double>::infinity();
  for (int code = 0; code < std::lround(std::pow(3, n)); ++code) {
    std::vector<Eigen::Index> free;
    Eigen::VectorXd x(n);
    for (Eigen::Index i = 0, rest = code; i < n; ++i, rest /= 3) {
      x[i] = rest % 3 == 0 ? p.low[i] : rest % 3 == 1 ? p.high[i] : 0;
      if (rest % 3 == 2) free.push_back(i);
    }
    if (!free.empty()) {
      const Eigen::VectorXd g = f.g + f.H * x;
      const Eigen::VectorXd z = f.H(free, free).lu().solve(-g(free));
      x(free) = z;
    }
    if (((x - p.low).array() < 0).any() || ((p.high - x).array() < 0).any()) continue;
    if (const double c = cost(p, x); c < least) {
      least = c;
      best = x;
    }
  }
  return best;
}

/// The minimum by going down along one unknown at a time until none moves.
Eigen::VectorXd by_coordinates(const BoundedProblem& p) {
  const Plain f(p);
  Eigen::VectorXd x = 0.5 * (p.low + p.high), g = f.g + f.H * x;
  for (int sweep = 0; sweep < 200000; ++sweep) {
    double moved = 0;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      const double step = std::clamp(x[i] - g[i] / f.H(i, i), p.low[i], p.high[i]) - x[i];
      x[i] += step;
      g += step * f.H.col(i);
      moved = std::max(moved, std::abs(step));
    }
    if (moved < 1e-13) break;
  }
  return x;
}

void check_against(const BoundedProblem& p, const Eigen::VectorXd& x, const Eigen::VectorXd& best) {
  const double gap = kGap * static_cast<double>(x.size()), least = cost(p, best);
  CHECK(cost(p, x) >= least - 1e-9 * (1 + least));
  CHECK(cost(p, x) <= least + gap + 1e-9 * least);
  const Eigen::VectorXd off = x - best;
  CHECK(0.5 * off.dot(p.price.cwiseProduct(off)) <= gap + 1e-9 * least);
}

}  // namespace

TEST_CASE("bounded program: stiff rows and demands far out of reach are solved too") {
  Random random;
  INFO("seed ", kSeed);
  BoundedProgram program;
  Eigen::VectorXd x;
  for (int trial = 0; trial < 40; ++trial) {
    BoundedProblem p = random_problem(random, 5 + trial % 12, 12 + trial, trial % 2 == 0 ? 100 : 1000, trial % 4 > 1);
    p.demand *= trial % 2 == 0 ? 100 : 10;
    CAPTURE(trial);
    CHECK(program.solve(p, x).converged);
    CHECK(cost(p, x) <= cost(p, by_coordinates(p)) * (1 + 1e-6) + 1e-3);
  }
}

TEST_CASE("bounded program: conditions of the minimum on random problems, wide and narrow, soft and stiff") {
  Random random;
  INFO("seed ", kSeed);
  BoundedProgram program;
  Eigen::VectorXd x;
  int at_bounds = 0, unknowns_seen = 0, most = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const Eigen::Index rows = 3 + trial % 30, n = 6 + 5 * (trial % 40);
    const double stiffness = std::pow(10.0, trial % 5 - 1);
    const BoundedProblem p = random_problem(random, rows, n, stiffness, trial % 2);
    const auto result = program.solve(p, x);
    CAPTURE(trial);
    REQUIRE(result.converged);
    most = std::max(most, result.iterations);
    CHECK(((x - p.low).array() > 0).all());
    CHECK(((p.high - x).array() > 0).all());
    // Gradient with the multipliers of the slack: what is left must press on a bound, and its product with the
    // distance from it sums to the gap.
    const Eigen::VectorXd y = p.compliance.ldlt().solve(p.demand - p.P * x);
    const Eigen::VectorXd g = p.price.cwiseProduct(x - p.rest) - p.P.transpose() * y;
    double gap = 0;
    for (Eigen::Index i = 0; i < n; ++i) {
      gap += std::max(g[i], 0.0) * (x[i] - p.low[i]) + std::max(-g[i], 0.0) * (p.high[i] - x[i]);
      at_bounds += std::min(x[i] - p.low[i], p.high[i] - x[i]) < 1e-4;
    }
    unknowns_seen += static_cast<int>(n);
    // The rows may be off by 1e-6 of the demand, which a stiffness turns into a gradient along all that they touch.
    const double rows_off = 1e-6 * (1 + p.demand.cwiseAbs().maxCoeff()) * stiffness * p.P.cwiseAbs().maxCoeff();
    CHECK(gap <= kGap * static_cast<double>(n) + rows_off * static_cast<double>(rows * n));
  }
  MESSAGE(at_bounds, " of ", unknowns_seen, " unknowns at a bound; at most ", most, " iterations");
  CHECK(at_bounds > unknowns_seen / 10);  // both kinds were met
  CHECK(at_bounds < unknowns_seen);
}

TEST_CASE("bounded program: the least of all choices of bounds, on small problems") {
  Random random;
  INFO("seed ", kSeed);
  BoundedProgram program;
  Eigen::VectorXd x;
  for (int trial = 0; trial < 100; ++trial) {
    const BoundedProblem p = random_problem(random, 1 + trial % 4, 6, std::pow(10.0, trial % 4 - 1), false);
    CAPTURE(trial);
    REQUIRE(program.solve(p, x).converged);
    check_against(p, x, by_enumeration(p));
  }
}

TEST_CASE("bounded program: the same minimum as going down one unknown at a time, groups of rows included") {
  Random random;
  INFO("seed ", kSeed);
  BoundedProgram program;
  Eigen::VectorXd x;
  for (int trial = 0; trial < 20; ++trial) {
    const BoundedProblem p = random_problem(random, 9 + trial % 4, 45, std::pow(10.0, trial % 3 - 1), true);
    CAPTURE(trial);
    REQUIRE(program.solve(p, x).converged);
    check_against(p, x, by_coordinates(p));
  }
}

TEST_CASE("bounded program: a demand out of reach still has an answer, and the answer depends on the problem alone") {
  Random random;
  INFO("seed ", kSeed);
  BoundedProblem p = random_problem(random, 6, 20, 1, false);
  p.demand *= 100;  // of what all unknowns at their bounds give, some tens of times
  BoundedProgram fresh, used;
  Eigen::VectorXd a, b;
  REQUIRE(fresh.solve(p, a).converged);
  CHECK(((a - p.low).array() > 0).all());
  CHECK(((p.high - a).array() > 0).all());
  const BoundedProblem other = random_problem(random, 12, 60, 1, true);
  used.solve(other, b);
  used.solve(p, b);
  CHECK(a == b);
}

TEST_CASE("bounded program: one unknown, one row, in closed form") {
  BoundedProblem p;
  p.resize(1, 1);
  p.groups = {{0, 1, 0, 1, 0, 0}};
  p.P(0, 0) = 3, p.price[0] = 2, p.rest[0] = 0.1, p.low[0] = 0, p.high[0] = 1, p.compliance(0, 0) = 0.5;
  BoundedProgram program;
  Eigen::VectorXd x;
  for (double demand : {-10.0, 0.4, 1.5, 2.0, 100.0}) {
    p.demand[0] = demand;
    REQUIRE(program.solve(p, x).converged);
    // 2 (x - 0.1) = 3 (d - 3 x) / 0.5
    const double free = (6 * demand + 0.2) / 20;
    CHECK(x[0] == doctest::Approx(std::clamp(free, 0.0, 1.0)).scale(1).epsilon(std::sqrt(2 * kGap / 20)));
  }
}
