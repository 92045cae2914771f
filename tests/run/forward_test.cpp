// The simulated body: it walks, falls and gets up as promised, the same bytes every time, and its record is consistent.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/mechanics/inverse_dynamics.h"
#include "sim/model/model_file.h"
#include "sim/run/export.h"
#include "sim/run/forward_report.h"
#include "sim/run/pipeline.h"

using namespace hipspine;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr int kStrides = 1;  // thirty times slower
#else
constexpr int kStrides = 6;
#endif

/// One session for all cases: plans are solved once.
struct Walks {
  Session session{default_model_folder()};
  ControllerGains gains;

  Walks() {
    Diagnostics diagnostics;
    gains = load_controller(default_model_folder(), diagnostics);
    REQUIRE_MESSAGE(!diagnostics.has_errors(), diagnostics.text());
  }
  CycleResult solve(const std::string& name, const std::vector<std::string>& set = {}) {
    Diagnostics diagnostics;
    const std::filesystem::path folder = default_model_folder().parent_path() / "scenarios";
    const Scenario s = load_scenario(folder / (name + ".toml"), set, diagnostics);
    CycleResult r = session.solve(s, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.has_errors(), diagnostics.text());
    return r;
  }
};

Walks& walks() {
  static Walks instance;
  return instance;
}

double gate(const ForwardReport& report, const std::string& name) {
  for (const QualityGate& g : report.gates)
    if (g.name == name) return g.value;
  FAIL("no gate " << name);
  return 0;
}

}  // namespace

TEST_CASE("the body walks along the solved cycle by its muscles") {
  for (const char* name : {"healthy", "extension_loss_20_r"}) {
    CAPTURE(name);
    const CycleResult solved = walks().solve(name);
    ForwardOptions options;
    options.strides = kStrides;
    double done = 0;
    int calls = 0;
    options.progress = [&](double part) {
      CHECK(part > done);
      done = part;
      ++calls;
    };
    const ForwardRun run = run_forward(walks().session.loads_of(solved), solved, walks().gains, options);
    CHECK(run.falls.empty());
    CHECK(run.walked == kStrides);
    CHECK(calls == kStrides);
    CHECK(done == 1);
    REQUIRE(run.recorded.frames.size() == static_cast<std::size_t>(100 * kStrides + 1));
    const ForwardReport report = forward_report(run, make_results(solved), make_results(run.recorded));
    CHECK(gate(report, "residual force, rms") < 0.5);
    CHECK(gate(report, "residual moment, rms") < 0.5);
    CHECK(gate(report, "joint angles, worst rms") < 3);
    CHECK(gate(report, "lumbar sums, rms") < 2);
    CHECK(gate(report, "stance slip") < 10);
    CHECK(gate(report, "programs not converged") == 0);
    for (const ForwardDifference& d : report.differences) {
      CAPTURE(d.column);
      if (kStrides > 2) CHECK(d.percent < 10);
    }
  }
}

#ifndef __SANITIZE_ADDRESS__  // a stride of it says nothing that the case above does not
TEST_CASE("a forefoot comes down without a slap: every gate holds, also with a fused hip") {
  // Counting on a forefoot's force before it touched, the body let it fall: peaks 0.14 and 0.25 body weights too high.
  for (const char* name : {"extension_loss_20_r", "fused_r"}) {
    CAPTURE(name);
    const CycleResult solved = walks().solve(name);
    ForwardOptions options;
    options.strides = 20;
    const ForwardRun run = run_forward(walks().session.loads_of(solved), solved, walks().gains, options);
    CHECK(run.falls.empty());
    const ForwardReport report = forward_report(run, make_results(solved), make_results(run.recorded));
    for (const QualityGate& g : report.gates) CHECK_MESSAGE(g.pass(), g.name, " ", g.value);
  }
}
#endif

TEST_CASE("the ground carries the weight on average, and the record obeys the equation of motion") {
  const CycleResult solved = walks().solve("healthy");
  ForwardOptions options;
  options.strides = kStrides;
  const LoadModel loads = walks().session.loads_of(solved);
  const ForwardRun run = run_forward(loads, solved, walks().gains, options);
  const Plan& p = run.recorded.plan;
  const Model& model = *run.recorded.model;
  // Mean force less weight is the change of momentum over the time: at most the pelvis' change of speed.
  double mean_n = 0;
  for (const GroundForce& g : p.ground) mean_n += g.force_G.row(1).mean();
  CHECK(mean_n == doctest::Approx(model.weight_n()).epsilon(kStrides > 2 ? 0.01 : 0.03));
  // Inverse dynamics of the recorded motion under the recorded ground force: what is left at the pelvis is what was
  // given there. The motion is a mean over a tick and linear between ticks, hence some newtons.
  Kinematics kin;
  InverseDynamics id;
  double off_n = 0, off_nm = 0;
  const int n = static_cast<int>(p.q.cols());
  for (int k = 0; k < n; ++k) {
    update_position(model, p.q.col(k), kin);
    update_velocity(model, p.v.col(k), kin);
    update_acceleration(model, p.v.col(k), p.a.col(k), kin);
    std::vector<ExternalWrench> ground(2);
    for (int side : {kRight, kLeft}) {
      const Vec3 f = p.ground[side].force_G.col(k), at = p.ground[side].cop_G.col(k);
      ground[side].link = model.feet[side].link;
      ground[side].wrench_G << at.cross(f), f;
      ground[side].wrench_G[1] += p.ground[side].torque_y_nm[k];
    }
    inverse_dynamics(model, kin, ground, id);
    off_n += id.tau.head<3>().squaredNorm();
    off_nm += id.tau.segment<3>(3).squaredNorm();
  }
  CHECK(std::sqrt(off_n / n) < 0.01 * model.weight_n());
  CHECK(std::sqrt(off_nm / n) < 0.01 * kResidualArm_m * model.weight_n());
  for (const FrameLoads& f : run.recorded.frames) {
    CHECK(f.activation.minCoeff() >= 0);
    CHECK(f.activation.maxCoeff() <= 1);
    CHECK(f.muscle_force_n.minCoeff() > -1e-9);
    for (const SegmentLoad& s : f.segment) CHECK(s.status == SegmentStatus::ok);
  }
}

TEST_CASE("the same run gives the same bytes, and a restored state goes on as the first one did") {
  const CycleResult solved = walks().solve("healthy");
  const LoadModel loads = walks().session.loads_of(solved);
  const CycleMotion motion = motion_of(solved);
  ForwardBody first(loads, walks().gains), second(loads, walks().gains);
  first.start(motion, 0.25);
  first.disturb(7);
  for (int k = 0; k < 60; ++k) first.tick();
  const ForwardState saved = first.state();
  for (int k = 0; k < 40; ++k) first.tick();
  second.start(motion, 0);
  for (int k = 0; k < 13; ++k) second.tick();
  second.restore(saved);
  for (int k = 0; k < 40; ++k) second.tick();
  CHECK(first.state().plant.q == second.state().plant.q);
  CHECK(first.state().plant.v == second.state().plant.v);
  CHECK(first.state().activation == second.state().activation);
  CHECK(first.state().phase == second.state().phase);
}

TEST_CASE("a body without strength falls: that is said, the ladder is climbed, nothing is lost") {
  const CycleResult solved = walks().solve("healthy");
  Model weak = *solved.model;
  for (Muscle& m : weak.muscles) m.force_max_n *= 0.05;
  const MusclePaths paths = prepare_muscle_paths(weak);
  const LoadModel own = walks().session.loads_of(solved);
  const LoadModel loads{weak, paths, own.hip, own.spine, own.lumbar, own.pelvis, own.nerve, own.limits};
  ForwardOptions options;
  options.strides = 4;
  options.no_residual = true;
  const ForwardRun run = run_forward(loads, solved, walks().gains, options);
  CHECK_FALSE(run.upright);
  REQUIRE(run.falls.size() == 4);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(run.falls[k].restarted);
    CHECK(run.falls[k].residual_limit == doctest::Approx(k == 0 ? 0.01 : k == 1 ? 0.02 : 0.05));
    CHECK(run.falls[k].restart_stride <= run.falls[k].stride);
  }
  CHECK_FALSE(run.falls[3].restarted);
  CHECK(run.recorded.plan.q.allFinite());
  // It fell before the first good touchdown: the record is empty, and that is an answer too.
  CHECK(run.recorded.frames.empty());
  const Results recorded = make_results(run.recorded);
  CHECK(csv_text(recorded).find('\n') == csv_text(recorded).size() - 1);
  const ForwardReport report = forward_report(run, make_results(solved), recorded);
  CHECK_FALSE(report.gates_pass());
  CHECK(forward_text(report).find("last rung") != std::string::npos);
  CHECK(to_json(report)["upright"] == false);
}

TEST_CASE("it stands, takes a push, and follows a changed hip") {
  {
    const CycleResult solved = walks().solve("standing");
    ForwardOptions stand;
    stand.loads = false;
    stand.strides = std::max(1, kStrides / 3);
    const ForwardRun run = run_forward(walks().session.loads_of(solved), solved, walks().gains, stand);
    CHECK(run.falls.empty());
    for (const ForwardFacts& f : run.facts) CHECK(f.capture_error_m < 0.01);
  }
  if (kStrides < 2) return;
  const CycleResult solved = walks().solve("healthy");
  const LoadModel loads = walks().session.loads_of(solved);
  for (const Vec3& push : {Vec3(50, 0, 0), Vec3(0, 0, -50)}) {
    ForwardOptions walk;
    walk.loads = walk.patient = false;
    walk.strides = 8;
    walk.push_G = push;
    walk.push_at_s = 1.5;
    walk.push_s = 0.2;
    CHECK(run_forward(loads, solved, walks().gains, walk).falls.empty());
  }
  const CycleResult stiff = walks().solve("healthy", {"hip_r.extension_max_deg=5"});
  const CycleMotion from = motion_of(solved), to = motion_of(stiff);
  CycleMotion now = from;
  ForwardBody body(loads, walks().gains);
  body.start(from, 0);
  const int hip = solved.model->legs[kRight].hip_flexion;
  double furthest = 1;
  while (!body.fallen() && body.state().phase < 8) {
    const double t = std::clamp((body.state().phase - 1) * from.period_s / 1.5, 0.0, 1.0);
    now = blended(from, to, t);
    body.follow(now);
    if (t >= 1) body.set_limits(walks().session.loads_of(stiff).limits);
    const ForwardTick& tick = body.tick();
    CHECK(std::abs(tick.v[hip]) < 8);  // chosen: no jump; walking turns the hip at 4 rad/s
    if (body.state().phase > 5) furthest = std::min(furthest, tick.q[hip]);
  }
  CHECK_FALSE(body.fallen());
  CHECK(deg_from_rad(furthest) > -8);  // 5 deg of extension and the 3 that the gate allows
}

TEST_CASE("pushed out of its lane the body comes back to it") {
  if (kStrides < 2) return;
  const CycleResult solved = walks().solve("healthy");
  const LoadModel loads = walks().session.loads_of(solved);
  const CycleMotion motion = motion_of(solved);
  // Sideways place of the pelvis after 4 and after 20 strides; pushed to either side, so that what no push does
  // cancels.
  std::array<std::array<double, 2>, 2> place{};
  for (int side : {kRight, kLeft}) {
    ForwardBody body(loads, walks().gains);
    body.start(motion, 0);
    int seen = 0;
    for (const double until : {4.0, 20.0}) {
      double z = 0;
      while (!body.fallen() && body.state().phase < until) {
        const double phase = body.state().phase;
        const bool pushed = phase > 1.1 && phase < 1.3;
        body.push(Vec3(0, 0, pushed ? (side == kRight ? 50 : -50) : 0));
        z = body.tick().q[2];
      }
      REQUIRE_FALSE(body.fallen());
      place[side][seen++] = z;
    }
  }
  const double soon = place[kRight][0] - place[kLeft][0], late = place[kRight][1] - place[kLeft][1];
  CAPTURE(soon);
  CAPTURE(late);
  CHECK(soon > 0.01);
  CHECK(std::abs(late) <
        0.8 * soon);  // chosen: a fifth of the way back at least; a body that leaves its lane is over 1
}

TEST_CASE("mean of recorded strides, and no difference between a cycle and itself") {
  const CycleResult solved = walks().solve("healthy");
  const Results one = make_results(solved);
  Results two = one;
  const Eigen::Index n = kCyclePoints - 1;
  two.values.resize(2 * n + 1, one.values.cols());
  for (Eigen::Index k = 0; k <= 2 * n; ++k) two.values.row(k) = one.values.row(k % n);
  for (const char* name : {"pelvis_tx", "ground_force_r_px", "ground_force_l_px"})
    two.values.col(two.column(name)).tail(n + 1).array() += 1.3;
  const Results mean = mean_stride(two, 10);
  REQUIRE(mean.values.rows() == kCyclePoints);
  CHECK(mean.curve("gait_cycle")[100] == 100);
  CHECK((mean.curve("L4_L5_compression") - one.curve("L4_L5_compression")).cwiseAbs().maxCoeff() < 1e-9);
  const double start = one.curve("pelvis_tx")[0];
  CHECK((mean.curve("ground_force_r_px").head(n).array() + start - one.curve("ground_force_r_px").head(n).array())
            .abs()
            .maxCoeff() < 1e-9);
  ForwardRun run;
  run.strides = 2;
  run.walked = 2;
  run.facts.resize(1);
  run.facts[0].leg_error.setZero();
  const ForwardReport report = forward_report(run, one, two);
  for (const ForwardDifference& d : report.differences) CHECK(d.percent < 1e-9);
  CHECK(report.gates_pass());
}
