/// Equilibrium, symmetry and self-locking of the pelvic ring.
#include "sim/tissue/sacroiliac.h"

#include <doctest/doctest.h>

#include <random>

#include "sim/core/units.h"

using namespace hipspine;

namespace {
SacroiliacParameters parameters() {
  Diagnostics diagnostics;
  Model model;
  const SacroiliacParameters p = load_sacroiliac(HIPSPINE_SOURCE_DIR "/models", model, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return p;
}
Vec6 force_at(const Vec3& p, const Vec3& f) {
  Vec6 w;
  w << p.cross(f), f;
  return w;
}
const Vec3 kHipR(-0.056, -0.078, 0.077);
const Vec3 kHipL(-0.056, -0.078, -0.077);
}  // namespace

TEST_CASE("sacroiliac: each hip bone is in equilibrium to 1e-9, recomputed from the returned forces") {
  const SacroiliacParameters p = parameters();
  std::mt19937_64 random(5);
  INFO("seed 5");
  std::uniform_real_distribution<double> u(-1, 1);
  for (int n = 0; n < 500; ++n) {
    std::array<Vec6, 2> w;
    for (Vec6& x : w)
      for (int i = 0; i < 6; ++i) x[i] = (i < 3 ? 100 : 2500) * u(random);
    const PelvisLoads loads = solve_pelvis(p, w);
    CHECK(loads.status == PelvisStatus::ok);
    CHECK(loads.residual < 1e-9);
    // The two bones together: the symphysis is internal, the sacrum alone holds them.
    const Vec3 sum = w[0].tail<3>() + w[1].tail<3>() + loads.f_SacrumOnIlium_P[0] + loads.f_SacrumOnIlium_P[1];
    CHECK(sum.norm() < 1e-9 * 5000);
    Vec3 about = w[0].head<3>() + w[1].head<3>() + loads.m_SacrumOnIlium_P[0] + loads.m_SacrumOnIlium_P[1];
    Vec3 c = p.p_SacroiliacR_P;
    about += c.cross(loads.f_SacrumOnIlium_P[0]);
    c.z() = -c.z();
    about += c.cross(loads.f_SacrumOnIlium_P[1]);
    CHECK(about.norm() < 1e-9 * 5000);
  }
}

TEST_CASE("sacroiliac: the mirrored load gives the mirrored answer") {
  const SacroiliacParameters p = parameters();
  const auto mirror = [](const Vec6& w) {
    Vec6 m;
    m << -w[0], -w[1], w[2], w[3], w[4], -w[5];
    return m;
  };
  const std::array<Vec6, 2> w = {force_at(kHipR, {-200, 1800, -500}), force_at(kHipL, {50, 300, 80})};
  const PelvisLoads a = solve_pelvis(p, w);
  const PelvisLoads b = solve_pelvis(p, {mirror(w[1]), mirror(w[0])});
  for (int side = 0; side < 2; ++side) {
    const SacroiliacLoad &x = a.sacroiliac[side], &y = b.sacroiliac[1 - side];
    CHECK(x.compression_n == doctest::Approx(y.compression_n).epsilon(1e-9));
    CHECK(x.shear_n == doctest::Approx(y.shear_n).epsilon(1e-9));
    CHECK(x.moment_nm == doctest::Approx(y.moment_nm).epsilon(1e-9));
    CHECK(x.nutation_rad == doctest::Approx(y.nutation_rad).epsilon(1e-9));
  }
  CHECK(a.symphysis_force_n == doctest::Approx(b.symphysis_force_n).epsilon(1e-9));
}

TEST_CASE("sacroiliac: standing on both legs nutates the sacrum, on one leg shears the symphysis") {
  const SacroiliacParameters p = parameters();
  const PelvisLoads two = solve_pelvis(p, {force_at(kHipR, {0, 300, 0}), force_at(kHipL, {0, 300, 0})});
  CHECK(two.sacroiliac[kRight].nutation_rad > 0);
  CHECK(deg_from_rad(two.sacroiliac[kRight].nutation_rad) < 2.5);  // Sturesson 1989: 2.5 (0.8 to 3.9) deg
  CHECK(two.sacroiliac[kRight].nutation_rad == doctest::Approx(two.sacroiliac[kLeft].nutation_rad).epsilon(1e-9));
  CHECK(std::abs(two.f_LeftOnRight_P.y()) < 1e-6);
  const PelvisLoads one = solve_pelvis(p, {force_at(kHipR, {0, 1500, -300}), force_at(kHipL, {0, -80, 0})});
  CHECK(one.f_LeftOnRight_P.y() < -10);
  const double shift_mm = mm_from_m(std::abs(one.f_LeftOnRight_P.y()) / p.symphysis_n_m.y());
  CHECK(shift_mm > 0.1);
  CHECK(shift_mm < 2.6);  // Walheim, in Meissner 1996: up to 2.6 mm
}

TEST_CASE("sacroiliac: compression locks nutation") {
  SacroiliacParameters p = parameters();
  const Vec6 turning = force_at(kHipR, {0, 400, 0});
  const auto nutation = [&](double squeeze) {
    const Vec6 right = turning + force_at(p.p_SacroiliacR_P, {0, 0, -squeeze});
    Vec6 left = right;
    left[0] = -left[0];
    left[1] = -left[1];
    left[5] = -left[5];
    return solve_pelvis(p, {right, left}).sacroiliac[kRight];
  };
  const SacroiliacLoad loose = nutation(0), tight = nutation(1000);
  CHECK(tight.compression_n > loose.compression_n + 400);
  CHECK(tight.nutation_rad < 0.8 * loose.nutation_rad);
  p.locking_n = 1e12;
  CHECK(nutation(1000).nutation_rad > tight.nutation_rad);
}

TEST_CASE("sacroiliac: a load that is not a number is said, not spread") {
  const SacroiliacParameters p = parameters();
  Vec6 bad = Vec6::Zero();
  bad[3] = std::nan("");
  CHECK(solve_pelvis(p, {bad, Vec6::Zero()}).status == PelvisStatus::not_finite);
  CHECK(solve_pelvis(p, {Vec6::Zero(), Vec6::Zero()}).symphysis_force_n == 0);
}
