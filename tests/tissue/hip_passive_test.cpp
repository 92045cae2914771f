/// Passive hip moments: published values, exact derivatives, energy, monotonicity, contracture.
#include "sim/tissue/hip_passive.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "sim/core/units.h"

using namespace hipspine;

namespace {
HipPassiveParameters parameters() {
  Diagnostics diagnostics;
  const HipPassiveParameters p = load_hip_passive(HIPSPINE_SOURCE_DIR "/models", diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return p;
}
HipPassive at(const HipPassiveParameters& p, const HipLimits& l, const Eigen::Vector4d& q) {
  return hip_passive(p, l, q[0], q[1], q[2], q[3]);
}
}  // namespace

TEST_CASE("hip_passive: the published sagittal curve lies beneath the end stops") {
  const HipPassiveParameters p = parameters();
  const double rows[][3] = {{-15, 0, 18.99}, {-10, 0, 14.42}, {0, 0, 8.58}, {30, 0, -1.01},
                            {90, 0, -51.38}, {0, 60, 10.6},   {60, 90, 5.0}};
  for (const auto& row : rows) {
    const HipPassive h = hip_passive(p, {}, rad_from_deg(row[0]), 0, 0, rad_from_deg(row[1]));
    const double stops = 4 * std::exp(-(row[0] + 20) / 5) - 10 * std::exp((row[0] - 120) / 5);
    CAPTURE(row[0]);
    CHECK(h.moment_nm[0] == doctest::Approx(row[2] + stops).epsilon(0.005));
  }
}

TEST_CASE("hip_passive: flexor moment of the healthy extended hip (target P03: 10 to 30 N·m)") {
  const HipPassiveParameters p = parameters();
  for (double extension_deg : {10.0, 20.0}) {
    const double moment_nm = hip_passive(p, {}, -rad_from_deg(extension_deg), 0, 0, 0).moment_nm[0];
    CHECK(moment_nm > 10);
    CHECK(moment_nm < 30);
  }
}

TEST_CASE("hip_passive: derivative and energy agree with central differences, knee included") {
  const HipPassiveParameters p = parameters();
  std::mt19937_64 random(11);
  INFO("seed 11");
  std::uniform_real_distribution<double> angle(-1, 1);
  for (int n = 0; n < 300; ++n) {
    HipLimits l;
    l.extension_max_rad = rad_from_deg(20 * angle(random));
    l.internal_rotation_max_rad = rad_from_deg(15 + 20 * angle(random));
    l.stiffness_scale = 1.5 + angle(random);
    if (n % 2 == 0) l.cam_contact_rad = 1.6 + 0.4 * angle(random);
    if (n % 3 == 0) l.pincer_contact_rad = 1.7 + 0.4 * angle(random);
    const Eigen::Vector4d q(0.8 + 1.4 * angle(random), 0.8 * angle(random), 0.8 * angle(random), 1 + angle(random));
    const HipPassive h = at(p, l, q);
    for (int j = 0; j < 4; ++j) {
      const Eigen::Vector4d d = 1e-5 * Eigen::Vector4d::Unit(j);
      const HipPassive hi = at(p, l, q + d), lo = at(p, l, q - d);
      const Vec3 slope = (hi.moment_nm - lo.moment_nm) / 2e-5;
      CHECK((slope - h.d_moment.col(j)).norm() < 2e-5 * (1 + h.d_moment.norm()));
      const double force = -(hi.energy_j - lo.energy_j) / 2e-5;
      const double moment = j < 3 ? h.moment_nm[j] : h.knee_moment_nm;
      CHECK(std::abs(force - moment) < 1e-5 * (1 + h.moment_nm.norm()));
    }
    CHECK((h.d_moment.leftCols<3>() - h.d_moment.leftCols<3>().transpose()).norm() < 1e-12 * (1 + h.d_moment.norm()));
  }
}

TEST_CASE("hip_passive: neck meets rim in flexion, sooner turned in and adducted; its force is moment over lever") {
  const HipPassiveParameters p = parameters();
  const HipLimits healthy;
  HipLimits cam = healthy, pincer = healthy;
  cam.cam_contact_rad = pincer.pincer_contact_rad = rad_from_deg(100);
  const auto moment = [&](const HipLimits& l, double flexion_deg, double adduction_deg, double rotation_deg) {
    return hip_passive(p, l, rad_from_deg(flexion_deg), rad_from_deg(adduction_deg), rad_from_deg(rotation_deg), 1.5);
  };
  CHECK(moment(healthy, 100, 10, 20).impingement_n == 0);
  for (const HipLimits& l : {cam, pincer}) {
    const HipPassive touch = moment(l, 100, 0, 0), before = moment(healthy, 100, 0, 0);
    CHECK(touch.moment_nm[0] - before.moment_nm[0] == doctest::Approx(-p.stop_moment_nm));
    CHECK((touch.moment_nm - before.moment_nm).norm() == doctest::Approx(touch.impingement_n * p.bone_lever_m));
    CHECK(moment(l, 90, 0, 0).impingement_n < 0.01 * touch.impingement_n);
    CHECK(moment(l, 90, 10, 10).impingement_n > 10 * moment(l, 90, 0, 0).impingement_n);
    CHECK(moment(l, 90, -10, -10).impingement_n < moment(l, 90, 0, 0).impingement_n);
    CHECK(moment(l, 20, 5, 5).impingement_n < 1e-9);  // walking does not go there
  }
  // A cam takes rotation sooner, a pincer crossing over.
  CHECK(moment(cam, 85, 0, 12).impingement_n > moment(pincer, 85, 0, 12).impingement_n);
  CHECK(moment(cam, 85, 12, 0).impingement_n < moment(pincer, 85, 12, 0).impingement_n);
}

TEST_CASE("hip_passive: no work is done round a closed loop of all four angles") {
  const HipPassiveParameters p = parameters();
  HipLimits l;
  l.internal_rotation_max_rad = rad_from_deg(5);
  double work = 0, moved = 0;
  const int steps = 20000;
  const auto place = [&](double u) {
    const double a = 2 * std::numbers::pi * u;
    return Eigen::Vector4d(1.4 + 0.5 * std::cos(a), 0.3 * std::sin(2 * a), 0.2 + 0.3 * std::sin(a),
                           0.7 + 0.6 * std::sin(a + 1));
  };
  for (int i = 0; i < steps; ++i) {
    const Eigen::Vector4d a = place(i / double(steps)), b = place((i + 1) / double(steps));
    const HipPassive h = at(p, l, 0.5 * (a + b));
    const Eigen::Vector4d m(h.moment_nm[0], h.moment_nm[1], h.moment_nm[2], h.knee_moment_nm);
    work += m.dot(b - a);
    moved += std::abs(m.dot(b - a));
  }
  CHECK(moved > 10);
  CHECK(std::abs(work) < 1e-5 * moved);
}

TEST_CASE("hip_passive: every axis only ever resists more, and stays finite far beyond the body") {
  const HipPassiveParameters p = parameters();
  for (int axis = 0; axis < 3; ++axis) {
    double before = 1e300;
    for (double deg = -200; deg <= 250; deg += 0.25) {
      Eigen::Vector4d q(0.3, 0, 0, 0.5);
      q[axis] = rad_from_deg(deg);
      const HipPassive h = at(p, {}, q);
      CHECK(h.moment_nm[axis] < before + 1e-12);
      CHECK(h.d_moment(axis, axis) <= 0);
      before = h.moment_nm[axis];
    }
    for (double far : {-1e6, 1e6}) {
      Eigen::Vector4d q = Eigen::Vector4d::Zero();
      q[axis] = far;
      const HipPassive h = at(p, {}, q);
      CHECK(h.moment_nm.allFinite());
      CHECK(h.d_moment.allFinite());
      CHECK(std::isfinite(h.energy_j));
    }
  }
}

TEST_CASE("hip_passive: a contracture moves the extension branch and leaves the hamstrings") {
  const HipPassiveParameters p = parameters();
  HipLimits stiff;
  stiff.extension_max_rad = rad_from_deg(-10);
  const double lost = rad_from_deg(30);
  const auto sagittal = [&](const HipLimits& l, double h) { return hip_passive(p, l, h, 0, 0, 0).moment_nm[0]; };
  // Branch and stop alone: subtract the same law with the branch far away.
  HipLimits loose;
  loose.extension_max_rad = rad_from_deg(2000);
  for (double h : {-0.2, 0.0, 0.2}) {
    const double healthy = sagittal({}, h) - sagittal(loose, h);
    const double shifted = sagittal(stiff, h + lost) - sagittal(loose, h + lost);
    CHECK(shifted == doctest::Approx(healthy).epsilon(1e-12));
  }
  CHECK(sagittal(stiff, 0) > sagittal({}, 0) + 20);
}

TEST_CASE("hip_passive: internal rotation shrinks in flexion, external rotation does not") {
  const HipPassiveParameters p = parameters();
  // The angle at which the stop gives 10 N·m, found by bisection.
  const auto end = [&](double flexion_deg, double sign) {
    double lo = 0, hi = 1;
    for (int i = 0; i < 60; ++i) {
      const double mid = 0.5 * (lo + hi);
      (std::abs(hip_passive(p, {}, rad_from_deg(flexion_deg), 0, sign * mid, 0).moment_nm[2]) < 10 ? lo : hi) = mid;
    }
    return deg_from_rad(lo);
  };
  CHECK(end(0, 1) == doctest::Approx(35).epsilon(1e-3));
  CHECK(end(60, 1) == doctest::Approx(35).epsilon(1e-3));
  CHECK(end(115, 1) == doctest::Approx(27.8).epsilon(0.01));  // Audenaert 2012: 27.9
  CHECK(end(115, -1) == doctest::Approx(35).epsilon(1e-3));
}

TEST_CASE("hip_passive: stiffness scale multiplies stops and extension branch only") {
  const HipPassiveParameters p = parameters();
  HipLimits twice;
  twice.stiffness_scale = 2;
  for (double h : {-0.3, 0.0, 1.0}) {
    const double one = hip_passive(p, {}, h, 0.6, 0.5, 0.2).moment_nm[0];
    const double two = hip_passive(p, twice, h, 0.6, 0.5, 0.2).moment_nm[0];
    HipLimits none;
    none.stiffness_scale = 0;
    const double fixed = hip_passive(p, none, h, 0.6, 0.5, 0.2).moment_nm[0];
    CHECK(two - fixed == doctest::Approx(2 * (one - fixed)));
    CHECK(fixed == doctest::Approx(8.072 - std::exp(1.3403 + (-0.0226 * 0.2 + 0.0305 * h) / kDeg)));
  }
}
