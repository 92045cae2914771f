/// The element as mathematics: exact derivatives, no energy from nothing, exact mirror, conversion of the file's frame.
#include "sim/tissue/element.h"

#include <doctest/doctest.h>

#include <numbers>
#include <random>

#include "sim/core/units.h"
#include "sim/tissue/disc.h"
#include "tests/tissue/segment_test_support.h"

using namespace hipspine;

namespace {
Vec6 random_pose(std::mt19937_64& random) {
  std::uniform_real_distribution<double> u(-1, 1);
  Vec6 x;
  x << 2e-3 * u(random), -0.5e-3 + 1e-3 * u(random), 1.5e-3 * u(random), 0.12 * u(random), 0.1 * u(random),
      0.05 * u(random);
  return x;
}
PoseEnergy energy(const SegmentParameters& p, const Vec6& x) {
  PoseEnergy e;
  element_energy(p, x.head<3>(), x.tail<3>(), e);
  return e;
}
}  // namespace

TEST_CASE("element: gradient and Hessian agree with central differences") {
  const Spine spine = reference_spine();
  std::mt19937_64 random(21);
  INFO("seed 21");
  for (int n = 0; n < 240; ++n) {
    const SegmentParameters& p = spine.level[n % kLevels];
    const Vec6 x = random_pose(random);
    const PoseEnergy e = energy(p, x);
    CHECK((e.hessian - e.hessian.transpose()).norm() < 1e-9 * e.hessian.norm());
    for (int j = 0; j < 6; ++j) {
      const double h = 1e-7;
      const PoseEnergy hi = energy(p, x + h * Vec6::Unit(j)), lo = energy(p, x - h * Vec6::Unit(j));
      CHECK((hi.energy_j - lo.energy_j) / (2 * h) == doctest::Approx(e.gradient[j]).epsilon(1e-5).scale(1));
      const Vec6 column = (hi.gradient - lo.gradient) / (2 * h);
      // The second derivative has kinks where a bend begins; a difference across one is off by at most its height.
      CHECK((column - e.hessian.col(j)).norm() < 2e-3 * (1 + e.hessian.col(j).norm()));
    }
  }
}

TEST_CASE("element: the energy at held rotations is the same energy") {
  const Spine spine = reference_spine();
  std::mt19937_64 random(22);
  INFO("seed 22");
  for (int n = 0; n < 120; ++n) {
    const SegmentParameters& p = spine.level[n % kLevels];
    const Vec6 x = random_pose(random);
    HeldElement held;
    hold_element(p, x.tail<3>(), held);
    TranslationEnergy t;
    element_energy(p, held, x.head<3>(), t);
    const PoseEnergy e = energy(p, x);
    CHECK(t.energy_j == doctest::Approx(e.energy_j).epsilon(1e-12));
    CHECK((t.gradient_n - e.gradient.head<3>()).norm() < 1e-9 * (1 + e.gradient.norm()));
    CHECK((t.hessian_n_m - e.hessian.topLeftCorner<3, 3>()).norm() < 1e-9 * e.hessian.norm());
    // The reported moment about D's origin does the work of the generalised moments: axes' (M - t x F) = -dE/dq.
    SegmentLoad load;
    element_loads(p, held, x.head<3>(), 500, load);
    const Vec3 f = -t.gradient_n;
    const Vec3 moment = held.rotation.axes.transpose() * (load.moment_nm - Vec3(x.head<3>()).cross(f));
    CHECK((moment + e.gradient.tail<3>()).norm() < 1e-9 * (1 + e.gradient.tail<3>().norm()));
  }
}

TEST_CASE("element: no work is done round a closed loop, every structure engaged") {
  const Spine spine = reference_spine();
  for (const SegmentParameters& p : spine.level) {
    const auto pose = [](double s) {
      const double a = 2 * std::numbers::pi * s;
      Vec6 x;
      x << 1.5e-3 * std::sin(a), -0.6e-3 + 0.8e-3 * std::cos(2 * a), 1e-3 * std::cos(a + 1), 0.12 * std::sin(a + 0.3),
          0.08 * std::cos(a), 0.04 * std::sin(2 * a);
      return x;
    };
    double work = 0, moved = 0;
    const int steps = 40000;
    for (int i = 0; i < steps; ++i) {
      const Vec6 a = pose(i / double(steps)), b = pose((i + 1) / double(steps));
      const double part = -energy(p, 0.5 * (a + b)).gradient.dot(b - a);
      work += part;
      moved += std::abs(part);
    }
    CHECK(moved > 1);
    CHECK(std::abs(work) < 1e-6 * moved);
  }
}

TEST_CASE("element: mirrored pose, mirrored loads") {
  const Spine spine = reference_spine();
  std::mt19937_64 random(23);
  std::uniform_real_distribution<double> u(-1, 1);
  INFO("seed 23");
  for (int n = 0; n < 300; ++n) {
    const SegmentParameters& p = spine.level[n % kLevels];
    const Vec3 q(0.1 * u(random), 0.08 * u(random), 0.04 * u(random));
    const Vec3 f(300 * u(random), -1500 + 1400 * u(random), 300 * u(random));
    const SegmentLoad a = solve_segment(p, q, f);
    const SegmentLoad b = solve_segment(p, {q[0], -q[1], -q[2]}, {f.x(), f.y(), -f.z()});
    const double force = f.norm();
    CHECK(std::abs(a.facet_n[kRight] - b.facet_n[kLeft]) < 1e-9 * force);
    CHECK(std::abs(a.facet_n[kLeft] - b.facet_n[kRight]) < 1e-9 * force);
    CHECK(std::abs(a.disc_compression_n - b.disc_compression_n) < 1e-9 * force);
    CHECK(std::abs(a.ligament_n - b.ligament_n) < 1e-9 * force);
    CHECK((a.translation_m - Vec3(b.translation_m.cwiseProduct(Vec3(1, 1, -1)))).norm() < 1e-9);
    CHECK((a.moment_nm - Vec3(b.moment_nm.cwiseProduct(Vec3(-1, -1, 1)))).norm() < 1e-9 * (1 + a.moment_nm.norm()));
  }
}

TEST_CASE("spine.toml: each quantity turned from the file's frame once") {
  const Spine spine = reference_spine();
  const SegmentParameters& p = spine.level[1];  // L4_L5
  CHECK(p.name == "L4_L5");
  // Points: file (forward, left, up) mm; centre of the nine points is the facet's centre (-30.8, 19.2, -2.7).
  const Vec3 left = p.facet.point[kLeft][4].p_D, right = p.facet.point[kRight][4].p_D;
  CHECK((left - Vec3(-0.0308, -0.0027, -0.0192)).norm() < 1e-12);
  CHECK((right - Vec3(-0.0308, -0.0027, 0.0192)).norm() < 1e-12);
  // Directions: normal (0.60, 0.77, -0.21) to the front, outwards, down.
  const Vec3 n = p.facet.point[kRight][4].normal_D;
  CHECK((n - Vec3(0.60, -0.21, 0.77).normalized()).norm() < 1e-12);
  // Angles: the square term of the file stiffens extension, our positive direction.
  const double one_deg = rad_from_deg(3);
  const double ext = disc_bending(p.disc, {one_deg, 0, 0}).gradient_nm[kFE];
  const double flex = -disc_bending(p.disc, {-one_deg, 0, 0}).gradient_nm[kFE];
  const double linear = 0.4726 * 3 + 0.002 * 27, square = 0.0141 * 9;
  CHECK(ext / flex == doctest::Approx((linear + square) / (linear - square)).epsilon(1e-9));
  // Forces and lengths: N/mm, N/mm2, mm.
  CHECK(disc_axial(p.disc, 0.0005).force_n == doctest::Approx(700 * 0.5 + 900 * 0.25).epsilon(0.02));
  CHECK(p.disc.area_m2 == doctest::Approx(1800e-6));
  // Strains: ALL rests 3 % shorter than placed, CL 55 % longer; stiffness per strain stays in newtons.
  for (int i = 0; i < p.n_ligament; ++i) {
    const LigamentLine& l = p.ligament[i];
    const double placed = (l.upper_D - l.lower_D).norm();
    if (l.group == kALL) CHECK(l.rest_m / placed == doctest::Approx(0.97));
    if (l.group == kCL) CHECK(l.rest_m / placed == doctest::Approx(1.55));
    if (l.group == kALL) CHECK(l.upper_D.x() > 0);
    if (l.group == kSSL) CHECK(l.upper_D.x() < -0.05);
    if (l.group == kITL) CHECK(std::abs(l.upper_D.z()) == doctest::Approx(0.043));
  }
}

TEST_CASE("spine.toml: a taller person is the same material") {
  Diagnostics diagnostics;
  Model tall;
  tall.length_scale = 1.1;
  const Spine big = load_spine(HIPSPINE_SOURCE_DIR "/models", tall, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  const Spine spine = reference_spine();
  for (int i = 0; i < kLevels; ++i) {
    const Vec3 q(0.03, 0.02, 0.01), f(50, -800, 20);
    const SegmentLoad a = solve_segment(spine.level[i], q, f);
    const SegmentLoad b = solve_segment(big.level[i], q, 1.21 * f);
    CHECK(b.disc_pressure_pa == doctest::Approx(a.disc_pressure_pa).epsilon(1e-9));
    CHECK(b.facet_n[kRight] == doctest::Approx(1.21 * a.facet_n[kRight]).epsilon(1e-9));
    CHECK((b.translation_m - 1.1 * a.translation_m).norm() < 1e-12);
    CHECK((b.moment_nm - 1.331 * a.moment_nm).norm() < 1e-9);
  }
}
