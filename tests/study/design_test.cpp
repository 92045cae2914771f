#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "sim/study/sample_design.h"

using namespace hipspine;

namespace {

/// Share of points in [0, a) x [0, b) less a b, largest over a lattice of corners: how uneven a plane is filled.
double unevenness(const std::vector<std::vector<double>>& points, std::size_t i, std::size_t j) {
  double worst = 0;
  for (int a = 1; a <= 8; ++a)
    for (int b = 1; b <= 8; ++b) {
      const auto inside =
          std::count_if(points.begin(), points.end(), [&](const auto& p) { return p[i] < a / 8.0 && p[j] < b / 8.0; });
      const double share = static_cast<double>(inside) / static_cast<double>(points.size());
      worst = std::max(worst, std::abs(share - a * b / 64.0));
    }
  return worst;
}

std::vector<std::vector<double>> all_points(const SampleDesign& d) {
  std::vector<std::vector<double>> points;
  for (std::int64_t i = 0; i < d.cases(); ++i) points.push_back(point_of_case(d, i));
  return points;
}

}  // namespace

TEST_CASE("a grid visits every combination once, the last parameter fastest") {
  const SampleDesign d{SampleMethod::grid, {3, 2, 4}, 0, 1, 3};
  REQUIRE(d.cases() == 24);
  std::set<std::vector<std::int64_t>> seen;
  for (std::int64_t i = 0; i < 24; ++i) {
    const auto level = levels_of_case(d, i);
    CHECK((level[0] * 2 + level[1]) * 4 + level[2] == i);
    seen.insert(level);
  }
  CHECK(seen.size() == 24);
}

TEST_CASE("a list goes through all parameters together") {
  const SampleDesign d{SampleMethod::list, {5, 5}, 0, 1, 2};
  REQUIRE(d.cases() == 5);
  CHECK(levels_of_case(d, 3) == std::vector<std::int64_t>{3, 3});
}

TEST_CASE("a permutation reaches every place once, for any length and key") {
  for (const std::int64_t n : {1, 2, 3, 5, 64, 100, 1000, 4097})
    for (const std::uint64_t key : {0ull, 7ull, 0xdeadbeefull}) {
      std::vector<int> hits(static_cast<std::size_t>(n), 0);
      for (std::int64_t i = 0; i < n; ++i) ++hits[static_cast<std::size_t>(permuted(i, n, key))];
      CHECK(std::all_of(hits.begin(), hits.end(), [](int h) { return h == 1; }));
    }
  CHECK(permuted(0, 1000, 1) != permuted(0, 1000, 2));
}

TEST_CASE("a Latin hypercube has each parameter once in each of its parts") {
  const SampleDesign d{SampleMethod::latin_hypercube, {}, 200, 11, 4};
  const auto points = all_points(d);
  for (std::size_t k = 0; k < 4; ++k) {
    std::vector<int> hits(200, 0);
    for (const auto& p : points) ++hits.at(static_cast<std::size_t>(p[k] * 200));
    CHECK(std::all_of(hits.begin(), hits.end(), [](int h) { return h == 1; }));
  }
  // Parameters are not tied to each other: for 200 independent pairs |r| stays below 0.25 (3.5 standard errors).
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = i + 1; j < 4; ++j) {
      double r = 0;
      for (const auto& p : points) r += (p[i] - 0.5) * (p[j] - 0.5) / 200 * 12;
      CHECK(std::abs(r) < 0.25);
    }
}

TEST_CASE("Sobol points are balanced in every dimension and fill every plane more evenly than chance") {
  const SampleDesign d{SampleMethod::sobol, {}, 256, 3, 12};
  const auto points = all_points(d);
  for (std::size_t k = 0; k < 12; ++k) {
    std::vector<int> hits(64, 0);
    for (const auto& p : points) ++hits.at(static_cast<std::size_t>(p[k] * 64));
    // 256 successive points of a Sobol sequence: 4 in each of 64 equal parts, but for a start that is no power of two.
    for (const int h : hits) CHECK(std::abs(h - 4) <= 1);
  }
  // 256 random points miss by 0.06 or so; the sequence by a fraction of that.
  for (std::size_t i = 0; i < 12; ++i)
    for (std::size_t j = i + 1; j < 12; ++j) CHECK_MESSAGE(unevenness(points, i, j) < 0.045, i, " ", j);
}

TEST_CASE("another seed gives other points, the same seed the same") {
  for (const SampleMethod m : {SampleMethod::latin_hypercube, SampleMethod::sobol, SampleMethod::saltelli}) {
    const SampleDesign a{m, {}, 8, 1, 3}, b{m, {}, 8, 2, 3};
    CHECK(point_of_case(a, 5) == point_of_case(a, 5));
    CHECK(point_of_case(a, 5) != point_of_case(b, 5));
  }
}

TEST_CASE("a block of a Saltelli design is A, B, and A with one coordinate of B") {
  const SampleDesign d{SampleMethod::saltelli, {}, 4, 1, 3};
  REQUIRE(d.cases() == 20);
  for (std::int64_t block = 0; block < 4; ++block) {
    const auto a = point_of_case(d, 5 * block), b = point_of_case(d, 5 * block + 1);
    for (std::size_t k = 0; k < 3; ++k) {
      const auto mixed = point_of_case(d, 5 * block + 2 + static_cast<std::int64_t>(k));
      for (std::size_t i = 0; i < 3; ++i) CHECK(mixed[i] == (i == k ? b[i] : a[i]));
    }
  }
}
