// The program under a hand: the newest question wins, time is kept, and the body goes over from plan to plan.
#include "sim/run/live.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>

#include "sim/core/units.h"
#include "sim/model/model_file.h"
#include "sim/run/walking_body.h"

using namespace hipspine;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSlow = true;  // thirty times slower
#else
constexpr bool kSlow = false;
#endif

/// Waits for something that another thread does; minutes, for machines that do ten things at once.
bool comes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(4);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

Scenario scenario(const std::string& name, const std::vector<std::string>& set = {}) {
  Diagnostics diagnostics;
  const auto folder = default_model_folder().parent_path() / "scenarios";
  Scenario s = load_scenario(folder / (name + ".toml"), set, diagnostics);
  REQUIRE_MESSAGE(!diagnostics.has_errors(), diagnostics.text());
  return s;
}

/// One solver for all cases: healthy walks are solved once.
LiveSolver& solver() {
  static LiveSolver instance(default_model_folder());
  return instance;
}

std::shared_ptr<const LiveAnswer> answer(const Scenario& s) {
  solver().ask(s);
  solver().wait();
  return solver().latest();
}

/// Walks until a time since the start [s].
void walk_to(WalkingBody& body, double time_s) {
  body.tick();
  while (body.moment(1)->time_s < time_s) body.tick();
}

}  // namespace

TEST_CASE("a question is answered with its cycle, table and healthy walk") {
  const Scenario asked = scenario("extension_loss_20_r");
  const std::uint64_t number = solver().ask(asked);
  solver().wait();
  CHECK_FALSE(solver().busy());
  const auto a = solver().latest();
  REQUIRE(a);
  CHECK(a->question == number);
  CHECK(a->message.empty());
  REQUIRE(a->cycle);
  REQUIRE(a->results);
  REQUIRE(a->healthy);
  REQUIRE(a->healthy_results);
  CHECK(a->scenario.hip[kRight] == asked.hip[kRight]);
  CHECK(a->results->values.rows() == kCyclePoints);
  CHECK(a->compute_ms > 0);
  CHECK(a->healthy->scenario.hip[kRight] == HipLimits{});
  // The right hip does not extend as far, the spine does more of it.
  CHECK(a->results->curve("hip_flexion_r").minCoeff() > a->healthy_results->curve("hip_flexion_r").minCoeff() + 5);
  // The healthy walk depends on the scenario alone and is the same object for the next question.
  const auto b = answer(scenario("fused_r"));
  CHECK(b->healthy == a->healthy);
  Session session(default_model_folder(), 1);
  Diagnostics diagnostics;
  const CycleResult reference = session.solve(healthy_of(asked), diagnostics);
  CHECK(reference.plan.q == a->healthy->plan.q);
}

TEST_CASE("the newest question wins and every failure is a message") {
  const auto good = answer(scenario("healthy"));
  REQUIRE(good->cycle);
  std::uint64_t last = 0;
  double wanted = 0;
  for (int i = 0; i < 40; ++i) {
    Scenario s = scenario("healthy");
    wanted = s.hip[kRight].extension_max_rad = rad_from_deg(20 - 0.25 * i);
    last = solver().ask(s);
  }
  solver().wait();
  CHECK(solver().latest()->question == last);
  CHECK(solver().latest()->scenario.hip[kRight].extension_max_rad == wanted);

  Scenario bad = scenario("healthy");
  bad.strategy = "no such strategy";
  auto a = answer(bad);
  CHECK_FALSE(a->cycle);
  CHECK_FALSE(a->results);
  CHECK(a->message.find("no such strategy") != std::string::npos);
  bad = scenario("healthy");
  bad.muscles.push_back({"no_such_muscle_r", 0.5, 0, {}});
  a = answer(bad);
  CHECK_FALSE(a->cycle);
  CHECK(a->message.find("no_such_muscle_r") != std::string::npos);
  CHECK(a->healthy);
  bad = scenario("healthy");
  bad.hip[kRight].extension_max_rad = std::nan("");
  a = answer(bad);
  CHECK_FALSE(a->cycle);
  CHECK_FALSE(a->message.empty());
  bad = scenario("healthy");
  bad.task = "fly";
  a = answer(bad);
  CHECK_FALSE(a->cycle);
  CHECK_FALSE(a->message.empty());

  a = answer(scenario("healthy"));  // and it goes on
  REQUIRE(a->cycle);
  CHECK(a->message.empty());
  CHECK((a->cycle->plan.q - a->healthy->plan.q).cwiseAbs().maxCoeff() < rad_from_deg(0.05));
}

TEST_CASE("a folder without models is a message, a solver may go at any moment") {
  {
    LiveSolver lost("no/such/folder");
    lost.ask(scenario("healthy"));
    lost.wait();
    REQUIRE(lost.latest());
    CHECK_FALSE(lost.latest()->cycle);
    CHECK_FALSE(lost.latest()->message.empty());
  }
  std::mt19937 random(5);
  const auto draw = [&](double low, double high) { return low + (high - low) * random() / 4294967295.0; };
  for (int part : {0, 1, 2}) {
    LiveSolver mortal(default_model_folder());
    std::uint64_t number = 0;
    for (int i = 0; i < 34; ++i) {
      Scenario s = scenario("healthy");
      for (HipLimits& hip : s.hip) {
        hip.extension_max_rad = rad_from_deg(draw(-20, 20));
        hip.flexion_max_rad = rad_from_deg(draw(40, 120));
        hip.internal_rotation_max_rad = rad_from_deg(draw(0, 35));
      }
      number = mortal.ask(s);
      if (part == 2 && i % 8 == 0) mortal.wait();
      const auto a = mortal.latest();
      if (a) CHECK(a->question <= number);
    }
    CHECK(number == 34);
    if (part == 1) std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
}

TEST_CASE("a moment of a cycle: its points, linear between, on and on without a seam") {
  const auto a = answer(scenario("extension_loss_20_r"));
  const CycleResult& cycle = *a->cycle;
  for (int k : {0, 1, 37, 99}) {
    const BodyMoment m = moment_of(cycle, k / 100.0);
    CHECK((m.q - cycle.plan.q.col(k)).cwiseAbs().maxCoeff() < 1e-9);
    const FrameLoads& f = cycle.frames[static_cast<std::size_t>(k)];
    CHECK((m.loads.activation - f.activation).cwiseAbs().maxCoeff() < 1e-9);
    CHECK(m.loads.segment[1].facet_n[kRight] == doctest::Approx(f.segment[1].facet_n[kRight]).epsilon(1e-9));
    CHECK(m.loads.hip_contact_P[kLeft].isApprox(f.hip_contact_P[kLeft], 1e-9));
  }
  const BodyMoment half = moment_of(cycle, 0.405);
  CHECK((half.q - 0.5 * (cycle.plan.q.col(40) + cycle.plan.q.col(41))).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(half.loads.segment[0].disc_pressure_pa ==
        doctest::Approx(0.5 *
                        (cycle.frames[40].segment[0].disc_pressure_pa + cycle.frames[41].segment[0].disc_pressure_pa)));
  CHECK(half.phase == doctest::Approx(0.405));
  CHECK(half.time_s == doctest::Approx(0.405 * cycle.plan.period_s));
  for (double seam : {0.0, 1.0, 2.0, -1.0}) {
    CAPTURE(seam);
    const BodyMoment before = moment_of(cycle, seam - 1e-9), after = moment_of(cycle, seam + 1e-9);
    CHECK((before.q - after.q).cwiseAbs().maxCoeff() < 1e-6);
    for (int side : {kRight, kLeft}) {
      CHECK((before.ground_force_G[side] - after.ground_force_G[side]).norm() < 1e-3);
      if (after.ground_force_G[side].y() > 1)
        CHECK((before.ground_cop_G[side] - after.ground_cop_G[side]).norm() < 1e-5);
      CHECK((before.loads.hip_contact_P[side] - after.loads.hip_contact_P[side]).norm() < 0.1);
    }
    CHECK((before.loads.muscle_force_n - after.loads.muscle_force_n).cwiseAbs().maxCoeff() < 0.1);
  }
  CHECK(moment_of(cycle, 3.25).q[0] - moment_of(cycle, 0.25).q[0] == doctest::Approx(3 * cycle.plan.stride_length_m));
}

TEST_CASE("a blended motion moves as fast as its angles change, whatever the two periods") {
  const CycleMotion free = motion_of(*answer(scenario("healthy"))->cycle);
  const CycleMotion slow = motion_of(*answer(scenario("healthy_slow"))->cycle);
  REQUIRE(slow.period_s > 1.1 * free.period_s);
  const auto worst = [](const CycleMotion& m) {  // of central differences against v, on the angles
    double out = 0;
    for (int k = 1; k < kCyclePoints - 1; ++k) {
      const CoordVec rate = (m.q.col(k + 1) - m.q.col(k - 1)) * ((kCyclePoints - 1) / (2 * m.period_s));
      out = std::max(out, (rate - m.v.col(k)).cwiseAbs().maxCoeff());
    }
    return out;
  };
  for (double part : {0.25, 0.5}) CHECK(worst(blended(free, slow, part)) < 1.2 * std::max(worst(free), worst(slow)));
  CHECK(blended(free, slow, 1).v.isApprox(slow.v, 1e-12));
}

TEST_CASE("the body goes over from plan to plan while it walks") {
  const auto healthy = answer(scenario("healthy"));
  WalkingBody body(default_model_folder());
  CHECK_FALSE(body.there());
  CHECK(body.follow(healthy));
  if (kSlow) {
    walk_to(body, 0.1);
    CHECK_FALSE(body.follow(answer(scenario("extension_loss_20_r"))));
    walk_to(body, 0.2);
    CHECK(body.status().falls == 0);
    return;
  }
  walk_to(body, 2.5);
  REQUIRE(body.last_stride());
  const Results& stride = *body.last_stride();
  REQUIRE(stride.values.rows() == kCyclePoints);
  CHECK(stride.curve("gait_cycle")[100] == 100);
  CHECK(stride.curve("time")[0] == 0);
  CHECK(stride.curve("time")[100] == doctest::Approx(healthy->cycle->plan.period_s).epsilon(0.01));
  CHECK(stride.stride_length_m == doctest::Approx(healthy->cycle->plan.stride_length_m).epsilon(0.05));
  for (const char* column : {"hip_flexion_r", "hip_flexion_l", "knee_angle_r", "lumbar_extension"}) {
    CAPTURE(column);
    const Eigen::VectorXd d = stride.curve(column) - healthy->results->curve(column);
    CHECK(std::sqrt(d.squaredNorm() / kCyclePoints) < 4);
  }
  // A hand drags the limit down by 15 deg within half a second, with thirty answers a second.
  for (int i = 1; i <= 15; ++i) {
    CHECK_FALSE(body.follow(answer(scenario("healthy", {"hip_r.extension_max_deg=" + std::to_string(20 - i)}))));
    for (int k = 0; k < 7; ++k) body.tick();
  }
  const auto stiff = solver().latest();
  walk_to(body, 8);
  CHECK(body.status().falls == 0);
  const double reached = body.last_stride()->curve("hip_flexion_r").minCoeff();
  CHECK(std::abs(reached - stiff->results->curve("hip_flexion_r").minCoeff()) < 3);
  CHECK(reached > healthy->results->curve("hip_flexion_r").minCoeff() + 3);
  CHECK(body.last_stride()->scenario.hip[kRight] == stiff->scenario.hip[kRight]);
  // Speed, then strength and tightness with another strategy, then back.
  body.follow(answer(scenario("healthy_slow")));
  walk_to(body, 14);
  CHECK(body.status().falls == 0);
  CHECK(body.last_stride()->speed_m_s == doctest::Approx(scenario("healthy_slow").speed_m_s).epsilon(0.08));
  body.follow(answer(scenario("weak_gluteus_medius_r")));
  walk_to(body, 20);
  CHECK(body.status().falls == 0);
  body.follow(healthy);
  walk_to(body, 26);
  CHECK(body.status().falls == 0);
  CHECK(body.status().residual_limit_pct > 0);
  CHECK(body.status().residual_pct <= body.status().residual_limit_pct * (1 + 1e-6));
  // Another person starts anew.
  CHECK(body.last_stride());
  CHECK(body.follow(answer(scenario("healthy", {"subject.height_m=1.80"}))));
  CHECK_FALSE(body.last_stride());  // that was someone else's
  body.tick();
  CHECK(body.moment(1)->time_s < 0.01);
}

TEST_CASE("falls: back to a touchdown with more help, in the end anew, and it says so") {
  if (kSlow) return;
  WalkingBody body(default_model_folder());
  body.follow(answer(scenario("healthy")));
  walk_to(body, 1.5);
  std::vector<std::string> messages;
  for (int falls = 0; falls < 5; ++falls) {
    body.push(Vec3(0, 0, 2000), 0.6);
    int guard = 0;
    while (body.status().falls == falls && ++guard < 2000) body.tick();
    REQUIRE(body.status().falls == falls + 1);
    messages.push_back(body.status().message);
  }
  CHECK(messages[0].find("fell at stride") == 0);
  CHECK(messages[0].find("went on from stride") != std::string::npos);
  CHECK(messages[0].find("2 % of body weight") != std::string::npos);
  CHECK(messages[1].find("5 % of body weight") != std::string::npos);
  CHECK(messages[2].find("started anew") != std::string::npos);
  for (int k = 0; k < 600; ++k) body.tick();
  CHECK(body.status().falls == 5);
  CHECK(body.moment(0.5)->q.allFinite());
  // Again the same: bit for bit.
  WalkingBody one(default_model_folder()), two(default_model_folder());
  const auto followed = answer(scenario("healthy"));
  for (WalkingBody* b : {&one, &two}) {
    b->follow(followed);
    b->restart(0.3);
    for (int k = 0; k < 50; ++k) b->tick();
  }
  CHECK(one.moment(0.25)->q == two.moment(0.25)->q);
}

TEST_CASE("the walker keeps time: it walks, pauses, steps, starts again and falls when pushed over") {
  LiveWalker walker(default_model_folder());
  CHECK_FALSE(walker.moment());
  CHECK_FALSE(walker.status().walking);
  walker.step();
  walker.restart(0.5);
  walker.push(Vec3(1, 0, 0), 1);  // nothing is there yet
  const auto healthy = answer(scenario("healthy"));
  walker.set_rate(4);
  walker.follow(healthy);
  const double until_s = kSlow ? 0.2 : 3;
  REQUIRE(comes_true([&] { return walker.moment() && walker.moment()->time_s > until_s; }));
  CHECK(walker.status().walking);
  CHECK(walker.status().falls == 0);
  CHECK(walker.status().real_time_factor > 0);
  CHECK(walker.status().possible_factor >= walker.status().real_time_factor);
  const auto m = walker.moment();
  CHECK(m->q[0] > 0.5 * until_s);
  CHECK(m->phase >= 0);
  CHECK(m->phase < 1);
  CHECK(m->ground_force_G[kRight].y() + m->ground_force_G[kLeft].y() > 100);
  CHECK(m->loads.segment[0].disc_compression_n > 100);
  if (!kSlow) {
    REQUIRE(walker.last_stride());
    const Eigen::VectorXd d = walker.last_stride()->curve("hip_flexion_r") - healthy->results->curve("hip_flexion_r");
    CHECK(std::sqrt(d.squaredNorm() / kCyclePoints) < 4);
  }

  walker.set_rate(0);
  REQUIRE(comes_true([&] { return walker.status().real_time_factor == 0; }));
  const double paused_s = walker.moment()->time_s;
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(walker.moment()->time_s == paused_s);
  walker.step();
  REQUIRE(comes_true([&] { return walker.moment()->time_s > paused_s; }));
  const double tick_s = walker.moment()->time_s - paused_s;
  CHECK(tick_s == doctest::Approx(0.005).epsilon(1e-6));
  walker.step();
  walker.step();
  REQUIRE(comes_true([&] { return walker.moment()->time_s > paused_s + 2.5 * tick_s; }));
  CHECK(walker.moment()->time_s == doctest::Approx(paused_s + 3 * tick_s));

  walker.restart(0.5);
  REQUIRE(comes_true([&] { return walker.moment()->time_s < 0.006; }));
  CHECK(walker.moment()->phase == doctest::Approx(0.5).epsilon(0.02));
  walker.follow(answer(scenario("extension_loss_20_r")));
  walker.set_rate(4);
  REQUIRE(comes_true([&] { return walker.moment()->time_s > until_s; }));
  CHECK(walker.status().falls == 0);

  if (kSlow) return;
  walker.push(Vec3(2000, 0, 0), 1);
  REQUIRE(comes_true([&] { return walker.status().falls > 0; }));
  CHECK(walker.status().message.find("fell at stride") == 0);
  CHECK(walker.status().residual_limit_pct > 1);
}

TEST_CASE("a walker may go at any moment, and bad files are a message") {
  const auto healthy = answer(scenario("healthy"));
  for (int ms : {0, 5, 20}) {
    LiveWalker walker(default_model_folder());
    walker.set_rate(1);
    walker.follow(healthy);
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
  }
  LiveWalker lost("no/such/folder");
  lost.follow(healthy);
  REQUIRE(comes_true([&] { return !lost.status().message.empty(); }));
  CHECK_FALSE(lost.status().walking);
}

TEST_CASE("after a fault a walker starts again with the last answer") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("hipspine_models_" + std::to_string(::getpid()));
  const auto healthy = answer(scenario("healthy"));
  {
    LiveWalker walker(folder);  // not there yet
    walker.set_rate(0);
    walker.follow(healthy);
    REQUIRE(comes_true([&] { return !walker.status().message.empty(); }));
    CHECK_FALSE(walker.status().walking);
    std::filesystem::create_directory_symlink(default_model_folder(), folder);
    walker.step();  // alone they bring nothing back
    walker.push(Vec3(1, 0, 0), 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK_FALSE(walker.status().walking);
    walker.restart(0.25);
    REQUIRE(comes_true([&] { return walker.status().walking && walker.moment(); }));
    CHECK(walker.status().message.empty());
    CHECK(walker.moment()->phase == doctest::Approx(0.25).epsilon(0.02));
    const double before_s = walker.moment()->time_s;
    walker.step();
    CHECK(comes_true([&] { return walker.moment()->time_s > before_s; }));
  }
  std::filesystem::remove(folder);
}
