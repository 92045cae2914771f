#include "sim/study/sensitivity.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "sim/study/sample_design.h"

using namespace hipspine;

namespace {

/// Ishigami's function, whose indices are known: a sum, a square and a product over (-pi, pi)^3.
double ishigami(const std::vector<double>& u) {
  const auto x = [&](std::size_t k) { return std::numbers::pi * (2 * u[k] - 1); };
  return std::sin(x(0)) + 7 * std::pow(std::sin(x(1)), 2) + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

Eigen::VectorXd values(const SampleDesign& d, double (*f)(const std::vector<double>&)) {
  Eigen::VectorXd y(d.cases());
  for (std::int64_t i = 0; i < d.cases(); ++i) y[i] = f(point_of_case(d, i));
  return y;
}

/// Two parameters with two and three levels; output = 10 a + b but for one case without a number.
SweepResult small_result() {
  SweepResult r;
  r.parameters = {{"a", true, {"0", "1"}, {0, 1}, "0, 1"}, {"b", true, {"0", "1", "2"}, {0, 1, 2}, "0, 1, 2"}};
  r.outputs = {{"y", "N", ""}};
  r.input.resize(6, 2), r.level.resize(6, 2), r.output.resize(6, 1);
  for (int i = 0; i < 6; ++i) {
    r.input.row(i) << i / 3, i % 3;
    r.level.row(i) << i / 3, i % 3;
    r.output(i, 0) = 10.0 * (i / 3) + i % 3;
    r.status.push_back(i == 4 ? CaseStatus::gate_missed : CaseStatus::ok);
  }
  r.output(5, 0) = std::numeric_limits<double>::quiet_NaN();
  r.status[5] = CaseStatus::refused;
  return r;
}

}  // namespace

TEST_CASE("Sobol indices of Ishigami's function: closed form inside the bootstrap interval") {
  const SampleDesign d{SampleMethod::saltelli, {}, 4096, 5, 3};
  const SobolIndices s = sobol_indices(values(d, ishigami), 3);
  // With a = 7, b = 0.1: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = b^2 pi^8 (1/18 - 1/50).
  const double pi4 = std::pow(std::numbers::pi, 4);
  const double v1 = 0.5 * std::pow(1 + 0.1 * pi4 / 5, 2), v2 = 49.0 / 8, v13 = 0.01 * pi4 * pi4 * (1.0 / 18 - 1.0 / 50);
  const double v = v1 + v2 + v13;
  const double first[] = {v1 / v, v2 / v, 0}, total[] = {(v1 + v13) / v, v2 / v, v13 / v};
  CHECK(s.used == 4096);
  CHECK(s.dropped == 0);
  CHECK(s.mean == doctest::Approx(3.5).epsilon(0.01));
  CHECK(s.deviation == doctest::Approx(std::sqrt(v)).epsilon(0.02));
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(s.first[k].value == doctest::Approx(first[k]).epsilon(0.02));
    CHECK(s.total[k].value == doctest::Approx(total[k]).epsilon(0.02));
    CHECK(s.first[k].low <= first[k]);
    CHECK(s.first[k].high >= first[k]);
    CHECK(s.total[k].low <= total[k]);
    CHECK(s.total[k].high >= total[k]);
    CHECK(s.first[k].high - s.first[k].low < 0.2);
  }
}

TEST_CASE("samples with a hole are dropped whole; without spread there is no index") {
  const SampleDesign d{SampleMethod::saltelli, {}, 64, 5, 3};
  Eigen::VectorXd y = values(d, ishigami);
  y[7] = y[8] = y[63] = std::numeric_limits<double>::quiet_NaN();  // samples 1 and 12
  const SobolIndices s = sobol_indices(y, 3);
  CHECK(s.used == 62);
  CHECK(s.dropped == 2);
  CHECK(std::isfinite(s.first[0].value));
  CHECK(std::isnan(sobol_indices(Eigen::VectorXd::Constant(320, 3.3), 3).first[0].value));
  CHECK(std::isnan(sobol_indices(Eigen::VectorXd::Random(20), 3).total[0].value));
}

TEST_CASE("rank correlation: order alone counts, ties share their rank") {
  Eigen::VectorXd x(5), y(5);
  x << 1, 2, 3, 4, 5;
  y << 1, 8, 27, 64, 1000;
  CHECK(rank_correlation(x, y) == doctest::Approx(1));
  CHECK(rank_correlation(x, -y) == doctest::Approx(-1));
  y << 2, 1, 4, 3, 5;  // 1 - 6 sum d^2 / (n (n^2 - 1)) = 1 - 6 * 4 / 120
  CHECK(rank_correlation(x, y) == doctest::Approx(0.8));
  y[1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(rank_correlation(x, y) == doctest::Approx(0.8));  // 2, 4, 3, 5 against 1, 3, 4, 5: d^2 = 2
  CHECK(std::isnan(rank_correlation(x, Eigen::VectorXd::Constant(5, 1))));
}

TEST_CASE("response curves, maps and crossings count what has a number") {
  const SweepResult r = small_result();
  const auto rows = usable(r, false), trusted = usable(r, true);
  CHECK(std::count(rows.begin(), rows.end(), true) == 5);
  CHECK(std::count(trusted.begin(), trusted.end(), true) == 4);
  const auto by_a = response_curve(r, 0, 0, rows);
  CHECK(by_a[0].mean == doctest::Approx(1));
  CHECK(by_a[1].mean == doctest::Approx(10.5));
  CHECK(by_a[1].count == 2);
  const auto by_b = response_curve(r, 1, 0, trusted);
  CHECK(by_b[1].mean == doctest::Approx(1));
  const auto map = response_map(r, 0, 1, 0, rows);
  CHECK(map[1][1].mean == doctest::Approx(11));
  CHECK(map[1][2].count == 0);
  CHECK(std::isnan(map[1][2].mean));
  const Crossing c = crossing(r, 0, 1.5, rows);
  CHECK(c.above == 3);
  CHECK(c.count == 5);
  CHECK(c.by[0][0].above == 1);
  CHECK(c.by[1][2].above == 1);
}
