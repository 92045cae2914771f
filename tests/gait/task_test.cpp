#include "sim/gait/task.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "sim/gait/compensation.h"
#include "sim/model/model_file.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

struct Body {
  Diagnostics diagnostics;
  fs::path folder = default_model_folder();
  Model model = load_model(folder, Scenario{}, diagnostics);
  NormalGait gait = load_normal_gait(folder, diagnostics);
  HipPassiveParameters hip = load_hip_passive(folder, diagnostics);
  Strategy balanced = load_strategy(folder, "balanced", diagnostics);
  LumbarCurves lumbar;
  Body() {
    const Spine spine = load_spine(folder, model, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.has_errors(), diagnostics.text());
    for (int l = 0; l < kLevels; ++l)
      for (int axis = 0; axis < 3; ++axis) lumbar[l][axis] = passive_curve(spine.level[l], axis, 500);
  }
  [[nodiscard]] Planner planner(const char* task) {
    const Task what = load_task(folder, task, 1.27, diagnostics);
    return {model, gait, hip, lumbar, load_strategy(folder, what.fit(), diagnostics), what};
  }
};

Body& body() {
  static Body b;
  return b;
}

}  // namespace

TEST_CASE("shares by stiffness: every level resists by the same moment more than at rest, angles sum to the whole") {
  const LumbarCurves& curves = body().lumbar;
  for (const int axis : {kFE, kLB, kAR})
    for (const double total_deg : {-40.0, -8.0, 3.0, 12.0}) {
      const double total = rad_from_deg(axis == kAR ? 0.3 * total_deg : total_deg);
      const auto share = shares_by_stiffness(curves, axis, total);
      double sum = 0;
      const double first = curves[0][axis].at(share[0] * total).moment_nm - curves[0][axis].at(0).moment_nm;
      for (int l = 0; l < kLevels; ++l) {
        CAPTURE(axis);
        CAPTURE(total_deg);
        sum += share[l];
        CHECK(share[l] > 0.02);
        const double more = curves[l][axis].at(share[l] * total).moment_nm - curves[l][axis].at(0).moment_nm;
        CHECK(more == doctest::Approx(first).epsilon(1e-6));
      }
      CHECK(sum == doctest::Approx(1).epsilon(1e-12));
    }
  // The lowest levels flex most and turn least (Yamamoto 1989).
  const auto flexed = shares_by_stiffness(curves, kFE, rad_from_deg(-40)),
             turned = shares_by_stiffness(curves, kAR, rad_from_deg(10));
  CHECK(flexed[0] > flexed[4]);
  CHECK(turned[0] < turned[3]);
}

TEST_CASE("standing: nothing moves, both feet carry half, the body stands over them") {
  const Planner planner = body().planner("stand");
  CHECK(planner.healthy_fit().status == Plan::Status::ok);
  const Plan plan = planner.sample(planner.healthy_fit());
  CHECK(plan.v.cwiseAbs().maxCoeff() < 1e-6);
  CHECK(plan.slip_mm < 0.5);
  CHECK(plan.residual_n.maxCoeff() < 0.5);
  for (int side : {kRight, kLeft})
    CHECK(plan.ground[side].force_G(1, 30) == doctest::Approx(0.5 * body().model.weight_n()).epsilon(1e-3));
  for (const int c : {body().model.legs[kRight].hip_flexion, body().model.legs[kLeft].knee})
    CHECK(std::abs(deg_from_rad(plan.q(c, 0))) < 6);
}

TEST_CASE("bending: the thorax bows as far as asked, hips and spine share it") {
  Planner planner = body().planner("bend");
  CHECK(planner.healthy_fit().status == Plan::Status::ok);
  const Plan plan = planner.sample(planner.healthy_fit());
  Kinematics kin;
  update_position(body().model, plan.q.col(50), kin);
  const Mat3 R = kin.X_GL[body().model.bodies[body().model.body("thorax_upper")].link].R;
  CHECK(deg_from_rad(std::acos(R(1, 1))) == doctest::Approx(111).epsilon(0.02));
  CHECK(plan.residual_n.maxCoeff() < 5);
  const PlanSolution same = planner.solve({.limits = {}, .strategy = body().balanced}, nullptr, 1e-9);
  const Plan healthy = planner.sample(same);
  CHECK((healthy.q - plan.q).cwiseAbs().maxCoeff() < rad_from_deg(3));  // the strategy's own weights move it a little
  // Hips that flex 45 deg leave more to the lumbar spine.
  HipLimits stiff;
  stiff.flexion_max_rad = rad_from_deg(45);
  const Plan bent =
      planner.sample(planner.solve({.limits = {stiff, stiff}, .strategy = body().balanced}, nullptr, 1e-9));
  double more = 0;
  for (const Level& l : body().model.levels) more += healthy.q(l.fe, 50) - bent.q(l.fe, 50);
  CHECK(deg_from_rad(more) > 3);
}

TEST_CASE("sitting: feet and seat carry the weight, each side alike, and nothing else holds the pelvis") {
  Planner planner = body().planner("sit");
  CHECK(planner.healthy_fit().status == Plan::Status::ok);
  const Plan plan = planner.sample(planner.healthy_fit());
  const Model& m = body().model;
  CHECK(plan.v.cwiseAbs().maxCoeff() < 1e-5);
  CHECK(plan.residual_n.maxCoeff() < 0.5);
  CHECK(plan.residual_nm.maxCoeff() < 0.5);
  for (int k : {0, 37, 80}) {
    Vec3 sum = Vec3::Zero();
    for (int side : {kRight, kLeft}) sum += plan.ground[side].force_G.col(k) + plan.seat[side].force_G.col(k);
    CHECK(sum.y() == doctest::Approx(m.weight_n()).epsilon(1e-4));
    CHECK(std::abs(sum.x()) < 0.5);
    CHECK(plan.seat[kRight].force_G(1, k) == doctest::Approx(plan.seat[kLeft].force_G(1, k)).epsilon(1e-4));
    CHECK(plan.seat[kRight].force_G(1, k) > 0.25 * m.weight_n());
    // Moments of all contacts about the ground's origin balance the weight's.
    Kinematics kin;
    update_position(m, plan.q.col(k), kin);
    Vec3 moment = Vec3::Zero();
    for (const hipspine::Body& b : m.bodies)
      moment += (kin.X_GL[b.link] * (b.X_LB * b.p_com_B)).cross(Vec3(0, -b.mass_kg * kGravity_m_s2, 0));
    for (int side : {kRight, kLeft})
      for (const GroundForce* f : {&plan.ground[side], &plan.seat[side]})
        moment += Vec3(f->cop_G.col(k)).cross(Vec3(f->force_G.col(k))) + Vec3(0, f->torque_y_nm[k], 0);
    CHECK(moment.norm() < 1);
  }
  CHECK(plan.seat[kRight].cop_G(1, 0) > 0.4);
}

TEST_CASE("rising: seated, then only on the feet, then seated again; the trunk leans before the seat is left") {
  Planner planner = body().planner("sit_to_stand");
  CHECK(planner.healthy_fit().status == Plan::Status::ok);
  const Plan plan = planner.sample(planner.healthy_fit());
  const Model& m = body().model;
  const int knee = m.legs[kRight].knee;
  CHECK(plan.seat[kRight].force_G(1, 2) > 0.2 * m.weight_n());
  for (int k = 24; k <= 76; ++k) CHECK(plan.seat[kRight].force_G(1, k) == doctest::Approx(0).scale(1));
  CHECK(plan.seat[kRight].force_G(1, 98) > 0.2 * m.weight_n());
  CHECK(deg_from_rad(plan.q(knee, 0)) > 70);
  CHECK(std::abs(deg_from_rad(plan.q(knee, 50))) < 10);
  const auto lean_deg = [&](int k) {
    Kinematics kin;
    update_position(m, plan.q.col(k), kin);
    return deg_from_rad(std::acos(kin.X_GL[m.bodies[m.body("thorax_upper")].link].R(1, 1)));
  };
  CHECK(lean_deg(17) > 35);
  CHECK(lean_deg(50) < 5);
  CHECK(plan.residual_n.maxCoeff() < 5);
  CHECK(plan.residual_nm.maxCoeff() < 5);
  CHECK(plan.q(1, 50) > plan.q(1, 0) + 0.25);
}

TEST_CASE("stiff hips on a seat: the pelvis rolls back and the lumbar spine flexes, more with every degree") {
  Planner planner = body().planner("sit");
  double last_tilt = 0, last_lumbar = 0;
  bool first = true;
  for (const double limit : {120.0, 75.0, 65.0, 55.0}) {
    HipLimits stiff;
    stiff.flexion_max_rad = rad_from_deg(limit);
    const PlanSolution s = planner.solve({.limits = {stiff, stiff}, .strategy = body().balanced}, nullptr, 1e-8);
    CHECK(s.status == Plan::Status::ok);
    const Plan plan = planner.sample(s);
    const double tilt = plan.q(body().model.coordinate("pelvis_tilt"), 0);
    double lumbar = 0;
    for (const Level& l : body().model.levels) lumbar += plan.q(l.fe, 0);
    CAPTURE(limit);
    if (!first) {
      CHECK(tilt > last_tilt + rad_from_deg(0.5));
      CHECK(lumbar < last_lumbar - rad_from_deg(0.5));
    }
    last_tilt = tilt, last_lumbar = lumbar, first = false;
  }
}

TEST_CASE("quiet standing hardly minds a mild loss of extension") {
  Planner planner = body().planner("stand");
  HipLimits stiff;
  stiff.extension_max_rad = rad_from_deg(10);
  const Plan healthy = planner.sample(planner.solve({.limits = {}, .strategy = body().balanced}, nullptr, 1e-8));
  const Plan mild =
      planner.sample(planner.solve({.limits = {stiff, HipLimits{}}, .strategy = body().balanced}, nullptr, 1e-8));
  const int tilt = body().model.coordinate("pelvis_tilt");
  CHECK(std::abs(deg_from_rad(mild.q(tilt, 0) - healthy.q(tilt, 0))) < 2);
}

TEST_CASE("tasks.toml: units, and a broken file is a finding") {
  Diagnostics d;
  const Task bend = load_task(body().folder, "bend", 1, d);
  CHECK(deg_from_rad(bend.bow_rad) == doctest::Approx(111));
  CHECK(load_task(body().folder, "walk", 1.3, d).speed_m_s == 1.3);
  CHECK_FALSE(d.has_errors());
  const fs::path folder = fs::temp_directory_path() / "hipspine_task_test";
  fs::create_directories(folder);
  std::ofstream(folder / "tasks.toml") << "source = []\n[stand]\nperiod_s = 0\n[bend]\nperiod_s = 1\nbow = 3\n";
  Diagnostics bad;
  load_task(folder, "bend", 1, bad);
  CHECK(bad.text().find("tasks.toml:3:12: error E203") != std::string::npos);
  CHECK(bad.text().find("tasks.toml:6:1: error E105") != std::string::npos);
  fs::remove_all(folder);
}
