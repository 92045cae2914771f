// What joints resist by themselves: the plant's torques are those of hip and lumbar tissue, stops push back, damping
// only takes.
#include "sim/plant/passive_torque.h"

#include <algorithm>
#include <cmath>

#include "tests/plant/plant_bodies.h"

using namespace hipspine;
using namespace hipspine::plant_test;

namespace {

constexpr unsigned kSeed = 99;
constexpr double kCompression_n = 500;  // any compression will do: curves are compared with themselves

struct Tissue {
  Model model = real_model();
  HipPassiveParameters hip;
  LumbarCurves lumbar;
  Tissue() {
    Diagnostics diagnostics;
    const std::filesystem::path folder = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";
    hip = load_hip_passive(folder, diagnostics);
    const Spine spine = load_spine(folder, model, diagnostics);
    REQUIRE_FALSE(diagnostics.has_errors());
    for (int l = 0; l < kLevels; ++l)
      for (int axis : {kFE, kLB, kAR}) lumbar[l][axis] = passive_curve(spine.level[l], axis, kCompression_n);
  }
};

const Tissue& tissue() {
  static const Tissue t;
  return t;
}

PassiveTorque torque(std::array<HipLimits, 2> limits = {}) {
  return {tissue().model, tissue().hip, tissue().lumbar, limits};
}

CoordVec at(const PassiveTorque& passive, const CoordVec& q, const CoordVec& v) {
  CoordVec tau;
  passive.evaluate(q, v, tau);
  return tau;
}

}  // namespace

TEST_CASE("passive torque: damping takes sum of d v^2, from every joint and from nothing else") {
  const Model& model = tissue().model;
  const int n = model.n_coord();
  const PassiveTorque passive = torque();
  const CoordVec d = passive.damping();
  for (int i = 0; i < n; ++i) {
    CAPTURE(model.coordinates[i].name);
    CHECK((d[i] > 0) == (i >= 6));  // the pelvis moves freely
  }
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  for (int trial = 0; trial < 50; ++trial) {
    const CoordVec q = flat(random, n, 0.4), v = flat(random, n, 5);
    const CoordVec felt = at(passive, q, v) - at(passive, q, CoordVec::Zero(n));
    CHECK((felt + d.cwiseProduct(v)).norm() < 1e-9 * felt.norm() + 1e-9);
    CHECK(felt.dot(v) == doctest::Approx(-d.dot(v.cwiseAbs2())));
  }
}

TEST_CASE("passive torque: hips and lumbar levels feel their tissue, at each side's own limits") {
  const Model& model = tissue().model;
  const int n = model.n_coord();
  std::array<HipLimits, 2> limits;
  limits[kLeft].extension_max_rad = rad_from_deg(-10);
  limits[kLeft].internal_rotation_max_rad = rad_from_deg(5);
  limits[kLeft].stiffness_scale = 2;
  const PassiveTorque passive = torque(limits);
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  for (int trial = 0; trial < 50; ++trial) {
    const CoordVec q = flat(random, n, 0.4), tau = at(passive, q, CoordVec::Zero(n));
    for (int side : {kRight, kLeft}) {
      const Leg& leg = model.legs[side];
      const HipPassive hip = hip_passive(tissue().hip, limits[side], q[leg.hip_flexion], q[leg.hip_adduction],
                                         q[leg.hip_rotation], q[leg.knee]);
      CHECK(tau[leg.hip_flexion] == hip.moment_nm[0]);
      CHECK(tau[leg.hip_adduction] == hip.moment_nm[1]);
      CHECK(tau[leg.hip_rotation] == hip.moment_nm[2]);
    }
    for (int l = 0; l < kLevels; ++l) {
      const Level& level = model.levels[l];
      CHECK(tau[level.fe] == tissue().lumbar[l][kFE].at(q[level.fe]).moment_nm);
      CHECK(tau[level.lb] == tissue().lumbar[l][kLB].at(q[level.lb]).moment_nm);
      CHECK(tau[level.ar] == tissue().lumbar[l][kAR].at(q[level.ar]).moment_nm);
    }
    CHECK(tau.head<6>().isZero(0));
  }
}

TEST_CASE("passive torque: a hip limit moved is felt by that hip at once, and pulls it back from extension") {
  const Model& model = tissue().model;
  const int n = model.n_coord(), hip = model.legs[kRight].hip_flexion;
  PassiveTorque passive = torque();
  CoordVec q = CoordVec::Zero(n);
  q[hip] = rad_from_deg(-15);
  const CoordVec before = at(passive, q, CoordVec::Zero(n));
  passive.limits[kRight].extension_max_rad -= rad_from_deg(15);
  CoordVec change = at(passive, q, CoordVec::Zero(n)) - before;
  CHECK(change[hip] > 10);  // N·m, towards flexion
  change[hip] = 0;
  CHECK(change.isZero(0));
  // Any further into extension it resists more, to the last.
  double last = 0;
  for (double deg = 0; deg >= -60; deg -= 5) {
    q[hip] = rad_from_deg(deg);
    const double now = at(passive, q, CoordVec::Zero(n))[hip];
    CHECK(now > last);
    CHECK(std::isfinite(now));
    last = now;
  }
}

TEST_CASE("passive torque: stops of knee, ankle and subtalar joint push back, softly first and never without end") {
  const Model& model = tissue().model;
  const int n = model.n_coord();
  const PassiveTorque passive = torque();
  for (int side : {kRight, kLeft}) {
    const Leg& leg = model.legs[side];
    const auto moment = [&](int c, double angle_rad) {
      CoordVec q = CoordVec::Zero(n);
      q[c] = angle_rad;
      return at(passive, q, CoordVec::Zero(n))[c];
    };
    CHECK(moment(leg.knee, rad_from_deg(30)) == 0);
    CHECK(moment(leg.knee, rad_from_deg(-5)) > moment(leg.knee, rad_from_deg(-3)));
    CHECK(moment(leg.knee, rad_from_deg(-3)) > 0);
    CHECK(moment(leg.knee, -3) == moment(leg.knee, -2));  // its most
    for (int c : {leg.ankle, leg.subtalar}) {
      const Coordinate& joint = model.coordinates[c];
      CHECK(moment(c, joint.high + 0.1) < moment(c, joint.high + 0.05));
      CHECK(moment(c, joint.high + 0.05) < 0);
      CHECK(moment(c, joint.low - 0.05) > 0);
      CHECK(moment(c, 0) == 0);
      CHECK(std::abs(moment(c, 50)) < 1000);
    }
  }
}

TEST_CASE("passive torque: coordinates without muscles are the thoracic joint and the shoulders") {
  std::vector<std::string> names;
  for (int c : muscleless_coordinates(tissue().model)) names.push_back(tissue().model.coordinates[c].name);
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"arm_flex_l", "arm_flex_r", "thoracic_AR", "thoracic_LB"});
}
