// Recruitment: optimality conditions, an independent solver as oracle, warm = cold, mirror, infeasible demands, speed.
#include "sim/muscle/recruitment.h"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <random>

#include "sim/muscle/hill_muscle.h"
#include "tests/muscle/reference_body.h"

using namespace hipspine;

namespace {

struct Random {
  std::mt19937 engine;
  explicit Random(unsigned seed) : engine(seed) {}
  double normal(double scale = 1) { return std::normal_distribution<double>(0, scale)(engine); }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
};

/// Every muscle may touch every row.
ColumnOrder one_group(Eigen::Index rows, Eigen::Index muscles) {
  return group_columns(Eigen::Array<bool, 1, Eigen::Dynamic>::Constant(muscles, true), {{0, rows}});
}

/// 12 leg rows and 18 level rows, dense random arms.
RecruitmentProblem random_problem(Random& random, double demand) {
  constexpr int kRows = 30, kMuscles = 140;
  RecruitmentProblem p;
  p.arm_m.resize(kRows, kMuscles);
  for (int i = 0; i < kRows; ++i)
    for (int m = 0; m < kMuscles; ++m) p.arm_m(i, m) = random.uniform(0, 1) < 0.3 ? random.normal(0.05) : 0;
  p.active_n.resize(kMuscles);
  p.passive_n.resize(kMuscles);
  p.activation_min.resize(kMuscles);
  p.price.resize(kMuscles);
  for (int m = 0; m < kMuscles; ++m) {
    p.active_n[m] = random.uniform(50, 2000);
    p.passive_n[m] = random.uniform(0, 1) < 0.2 ? random.uniform(0, 50) : 0;
    p.activation_min[m] = random.uniform(0, 1) < 0.5 ? 0.01 : 0;
    p.price[m] = std::exp(random.uniform(-3, 2));  // the model's run from 0.04 to 8
  }
  p.moment_nm.resize(kRows);
  p.level_stiffness_nm_rad.setZero(kRows);
  p.level_axis.assign(kRows, -1);
  p.order = one_group(kRows, kMuscles);
  for (int i = 0; i < kRows; ++i) {
    p.moment_nm[i] = random.normal(demand);
    if (i >= 12) {
      p.level_axis[i] = (i - 12) % 3;
      p.level_stiffness_nm_rad[i] = random.uniform(100, 350);
    }
  }
  return p;
}

/// The primal cost, with every term spelled out.
double cost(const RecruitmentProblem& p, const RecruitmentResult& r) {
  return 0.5 * p.price.dot(r.activation.cwiseAbs2()) + 0.5 * kReservePrice_per_nm2 * r.reserve_nm.squaredNorm() +
         0.5 * (r.departure_rad / kDepartureUnit_rad).squaredNorm();
}

double imbalance(const RecruitmentProblem& p, const RecruitmentResult& r) {
  return (p.arm_m * r.force_n + r.reserve_nm - p.level_stiffness_nm_rad.cwiseProduct(r.departure_rad) - p.moment_nm)
      .cwiseAbs()
      .maxCoeff();
}

/// Independent solver: departures and reserves eliminated by hand, then a primal active set on
/// 1/2 a'V a + 1/2 (b - A a)' C^-1 (b - A a). Slow and simple.
double oracle_cost(const RecruitmentProblem& p) {
  const Eigen::Index rows = p.arm_m.rows(), muscles = p.arm_m.cols();
  const Eigen::MatrixXd A = p.arm_m * p.active_n.asDiagonal();
  const Eigen::VectorXd b = p.moment_nm - p.arm_m * p.passive_n;
  // Slack s = r - K d costs least over (r, d) with sum d = 0: solved as a linear system in (r, d, multipliers), so the
  // inverse compliance is found without the formula under test.
  const Eigen::MatrixXd K = p.level_stiffness_nm_rad.asDiagonal();
  Eigen::MatrixXd kkt = Eigen::MatrixXd::Zero(3 * rows + 3, 3 * rows + 3);
  kkt.block(0, 0, rows, rows).diagonal().setConstant(kReservePrice_per_nm2);
  kkt.block(rows, rows, rows, rows).diagonal().setConstant(1 / (kDepartureUnit_rad * kDepartureUnit_rad));
  kkt.block(2 * rows, 0, rows, rows).setIdentity();
  kkt.block(2 * rows, rows, rows, rows) = -K;
  for (Eigen::Index i = 0; i < rows; ++i)
    if (p.level_axis[i] >= 0) kkt(3 * rows + p.level_axis[i], rows + i) = 1;
  kkt.topRightCorner(2 * rows, rows + 3) = -kkt.bottomLeftCorner(rows + 3, 2 * rows).transpose();
  Eigen::MatrixXd unit = Eigen::MatrixXd::Zero(3 * rows + 3, rows);
  unit.block(2 * rows, 0, rows, rows).setIdentity();
  const Eigen::MatrixXd price = kkt.fullPivLu().solve(unit).block(2 * rows, 0, rows, rows);  // C^-1
  Eigen::MatrixXd H = A.transpose() * price * A;
  H.diagonal() += p.price;
  const Eigen::VectorXd g0 = -A.transpose() * price * b;
  // Textbook primal active set: go to the minimum of the free ones, stop at the first bound met, else free the bound
  // with the worst multiplier.
  Eigen::VectorXd a = p.activation_min;
  std::vector<int> state(muscles, -1);
  for (int iteration = 0; iteration < 5000; ++iteration) {
    std::vector<int> free;
    for (Eigen::Index m = 0; m < muscles; ++m)
      if (state[m] == 0) free.push_back(static_cast<int>(m));
    Eigen::VectorXd target = a;
    if (!free.empty()) {
      const Eigen::VectorXd gradient = H * a + g0;
      const Eigen::VectorXd step = H(free, free).ldlt().solve(gradient(free));
      for (size_t i = 0; i < free.size(); ++i) target[free[i]] -= step[i];
    }
    double t = 1;
    int blocking = -1;
    for (const int m : free) {
      const double bound = target[m] < p.activation_min[m] ? p.activation_min[m] : 1;
      if (target[m] >= p.activation_min[m] && target[m] <= 1) continue;
      const double reach = (bound - a[m]) / (target[m] - a[m]);
      if (reach < t) {
        t = reach;
        blocking = m;
      }
    }
    a += t * (target - a);
    if (blocking >= 0) {
      state[blocking] = target[blocking] > 1 ? 1 : -1;
      a[blocking] = state[blocking] > 0 ? 1 : p.activation_min[blocking];
      continue;
    }
    const Eigen::VectorXd gradient = H * a + g0;
    int release = -1;
    double worst = 1e-9;
    for (Eigen::Index m = 0; m < muscles; ++m)
      if (state[m] != 0 && state[m] * gradient[m] > worst) {
        worst = state[m] * gradient[m];
        release = static_cast<int>(m);
      }
    if (release < 0) break;
    state[release] = 0;
  }
  return 0.5 * a.dot(H * a) + g0.dot(a) + 0.5 * b.dot(price * b);
}

}  // namespace

TEST_CASE("optimality, bounds and balance on random problems") {
  constexpr unsigned kSeed = 21;
  Random random(kSeed);
  INFO("seed " << kSeed);
  RecruitmentSolver solver;
  RecruitmentResult r;
  int most = 0;
  for (int n = 0; n < 100; ++n) {
    const RecruitmentProblem p = random_problem(random, n % 2 ? 60 : 15);
    solver.reset();
    solver.solve(p, r);
    REQUIRE(r.status == RecruitmentResult::Status::ok);
    most = std::max(most, r.iterations);
    CHECK(imbalance(p, r) < 1e-9);
    // Multipliers are the priced reserves; a muscle wishes for A'y over its price.
    const Eigen::VectorXd y = kReservePrice_per_nm2 * r.reserve_nm;
    const Eigen::VectorXd wish = p.active_n.cwiseProduct(p.arm_m.transpose() * y).cwiseQuotient(p.price);
    for (Eigen::Index m = 0; m < wish.size(); ++m) {
      CHECK(r.activation[m] >= p.activation_min[m]);
      CHECK(r.activation[m] <= 1);
      CHECK(std::abs(r.activation[m] - std::clamp(wish[m], p.activation_min[m], 1.0)) < 1e-9);
    }
    for (int axis = 0; axis < 3; ++axis) {
      double sum = 0;
      for (size_t i = 0; i < p.level_axis.size(); ++i)
        if (p.level_axis[i] == axis) sum += r.departure_rad[i];
      CHECK(std::abs(sum) < 1e-12);
    }
  }
  MESSAGE("most iterations from cold: ", most);
}

TEST_CASE("an independent solver finds no lower cost") {
  constexpr unsigned kSeed = 22;
  Random random(kSeed);
  INFO("seed " << kSeed);
  RecruitmentSolver solver;
  RecruitmentResult r;
  double worst = 0;
  for (int n = 0; n < 10; ++n) {
    const RecruitmentProblem p = random_problem(random, n % 2 ? 60 : 15);
    solver.solve(p, r);
    const double other = oracle_cost(p);
    worst = std::max(worst, std::abs(cost(p, r) - other) / (1 + other));
  }
  MESSAGE("largest gap of the cost ", worst);
  CHECK(worst < 1e-8);
}

TEST_CASE("warm and cold starts give the same numbers") {
  constexpr unsigned kSeed = 23;
  Random random(kSeed);
  INFO("seed " << kSeed);
  RecruitmentSolver warm, cold;
  RecruitmentResult a, b;
  RecruitmentProblem p = random_problem(random, 30);
  for (int n = 0; n < 60; ++n) {
    for (Eigen::Index i = 0; i < p.moment_nm.size(); ++i) p.moment_nm[i] += random.normal(3);
    warm.solve(p, a);
    cold.reset();
    cold.solve(p, b);
    CHECK(a.activation == b.activation);
    CHECK(a.reserve_nm == b.reserve_nm);
  }
}

TEST_CASE("a muscle drawn as several fascicles works as it does in one piece") {
  constexpr unsigned kSeed = 27;
  Random random(kSeed);
  INFO("seed " << kSeed);
  RecruitmentProblem whole = random_problem(random, 30);
  whole.price = whole.active_n / whole.active_n.mean();  // strength times one length
  const Eigen::Index n = whole.active_n.size();
  constexpr double kPart[] = {0.5, 0.3, 0.2};
  RecruitmentProblem split = whole;
  split.order = one_group(whole.moment_nm.size(), n + 2);
  split.arm_m.conservativeResize(Eigen::NoChange, n + 2);
  for (Eigen::VectorXd* v : {&split.active_n, &split.passive_n, &split.activation_min, &split.price}) {
    v->conservativeResize(n + 2);
    v->tail<2>().setConstant((*v)[0]);
  }
  for (int i = 0; i < 3; ++i) {
    const Eigen::Index at = i == 0 ? 0 : n - 1 + i;
    split.arm_m.col(at) = whole.arm_m.col(0);
    for (Eigen::VectorXd* v : {&split.active_n, &split.passive_n, &split.price}) (*v)[at] *= kPart[i];
  }
  RecruitmentSolver solver;
  RecruitmentResult a, b;
  solver.solve(whole, a);
  solver.solve(split, b);
  CHECK((a.activation - b.activation.head(n)).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((b.activation.tail<2>().array() - a.activation[0]).abs().maxCoeff() < 1e-9);
}

TEST_CASE("columns sorted by what they touch give the same answer, from any start the same bits") {
  constexpr unsigned kSeed = 29;
  Random random(kSeed);
  INFO("seed " << kSeed);
  for (int n = 0; n < 20; ++n) {
    RecruitmentProblem plain = random_problem(random, 30);
    const Eigen::Index muscles = plain.active_n.size();
    const std::vector<RowRange> parts = {{0, 6}, {6, 6}, {12, 18}};
    Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> touches;
    touches.setConstant(3, muscles, false);
    for (Eigen::Index m = 0; m < muscles; ++m) {
      const int kind = static_cast<int>(random.uniform(0, 5));  // a leg, the trunk, or a leg and the trunk
      touches(kind < 3 ? kind : 2, m) = true;
      if (kind >= 3) touches(kind - 3, m) = true;
      for (std::size_t k = 0; k < 3; ++k)
        if (!touches(static_cast<Eigen::Index>(k), m))
          plain.arm_m.col(m).segment(parts[k].first, parts[k].count).setZero();
    }
    RecruitmentProblem grouped = plain;
    grouped.order = group_columns(touches, parts);
    CHECK(grouped.order.groups.size() == 5);
    RecruitmentSolver solver, again;
    RecruitmentResult a, b, c;
    solver.solve(plain, a);
    solver.reset();
    solver.solve(grouped, b);
    CHECK((a.activation - b.activation).cwiseAbs().maxCoeff() < 1e-8);
    CHECK((a.reserve_nm - b.reserve_nm).cwiseAbs().maxCoeff() < 1e-8 * (1 + plain.moment_nm.cwiseAbs().maxCoeff()));
    again.start_from(solver.dual() + Eigen::VectorXd::Constant(solver.dual().size(), random.normal(1e-3)));
    again.solve(grouped, c);
    CHECK(b.activation == c.activation);
  }
}

TEST_CASE("a demand beyond all muscles is met by priced reserve and named so") {
  Random random(24);
  RecruitmentProblem p = random_problem(random, 10);
  p.moment_nm[0] = 1e5;
  RecruitmentSolver solver;
  RecruitmentResult r;
  solver.solve(p, r);
  CHECK(r.status == RecruitmentResult::Status::ok);
  CHECK(imbalance(p, r) < 1e-6);
  CHECK(r.reserve_nm[0] > 9e4);
  CHECK(r.activation.maxCoeff() == 1);
  // Far beyond in every row at once.
  for (const double demand : {200.0, 600.0, 2000.0, 1e5})
    for (int n = 0; n < 20; ++n) {
      const RecruitmentProblem hard = random_problem(random, demand);
      solver.solve(hard, r);
      CHECK(r.status == RecruitmentResult::Status::ok);
      CHECK(imbalance(hard, r) < 1e-9 * demand);
    }
  p.arm_m.setZero();
  solver.solve(p, r);
  CHECK(r.status == RecruitmentResult::Status::ok);
  CHECK(imbalance(p, r) < 1e-6);
}

TEST_CASE("numbers that are not finite are a status") {
  Random random(25);
  RecruitmentProblem p = random_problem(random, 10);
  RecruitmentSolver solver;
  RecruitmentResult r;
  p.moment_nm[3] = std::nan("");
  solver.solve(p, r);
  CHECK(r.status == RecruitmentResult::Status::not_finite);
  CHECK(r.force_n.isZero());
  p.moment_nm[3] = 0;
  solver.solve(p, r);
  CHECK(r.status == RecruitmentResult::Status::ok);
}

TEST_CASE("stiff levels depart less, and without stiffness nothing departs") {
  Random random(26);
  RecruitmentProblem p = random_problem(random, 30);
  RecruitmentSolver solver;
  RecruitmentResult r;
  p.level_stiffness_nm_rad.setZero();
  solver.solve(p, r);
  CHECK(r.departure_rad.isZero());
  CHECK(imbalance(p, r) < 1e-9);
}
