// Walks everything that the forward run promises, and says what came of it.
//
//   check_walking [--strides N] [--starts N] [--threads N] [--only scenarios|alone|starts|pushes|changes|standing]
//
//   scenarios  every shipped walking scenario from the solved cycle's first state
//   alone      the healthy walk without any residual at the pelvis
//   starts     seeded starts: any phase, angles, rates and speed disturbed, mass and strength up to 2 % off
//              without the controller's knowledge
//   pushes     50 N for 0.2 s at the pelvis from four sides at two phases, then ten strides
//   changes    while it walks: a hip limit by 15 deg, speed, strength, gravity
//   standing   60 s
// The exit code is 0 when at least 9 of 10 starts, 7 of 8 pushes and all the rest stay upright.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

#include "sim/core/units.h"
#include "sim/model/model_file.h"
#include "sim/run/forward_report.h"
#include "sim/run/pipeline.h"

namespace {

using namespace hipspine;

constexpr const char* kWalks[] = {"healthy",
                                  "healthy_slow",
                                  "healthy_fast",
                                  "extension_loss_10_r",
                                  "extension_loss_20_r",
                                  "extension_loss_20_both",
                                  "internal_rotation_loss_r",
                                  "flexion_loss_r",
                                  "contracture_20_r",
                                  "fused_r",
                                  "weak_gluteus_medius_r",
                                  "tight_iliopsoas_r"};

struct Options {
  int strides = 20, starts = 50, threads = 2;
  std::string only;
  [[nodiscard]] bool wants(const char* part) const { return only.empty() || only == part; }
};

/// Solves scenarios of this project and keeps them.
struct Desk {
  std::filesystem::path models = default_model_folder();
  Session session{models};
  ControllerGains gains;
  Diagnostics findings;

  CycleResult solve(const std::string& name, const std::vector<std::string>& set = {}) {
    const Scenario s = load_scenario(models.parent_path() / "scenarios" / (name + ".toml"), set, findings);
    CycleResult r = session.solve(s, findings);
    if (findings.has_errors()) throw LoadError(findings);
    return r;
  }
};

void in_parallel(int threads, int count, const std::function<void(int)>& work) {
  std::atomic<int> next{0};
  const auto loop = [&] {
    for (int i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> helpers;
  for (int t = 1; t < threads; ++t) helpers.emplace_back(loop);
  loop();
  for (std::thread& t : helpers) t.join();
}

bool scenarios(Desk& desk, const Options& o, bool alone) {
  bool all = true;
  std::printf("\n%s, %d strides\n%-26s falls  force  moment  joints  lumbar  slip  peaks  curves  real time\n",
              alone ? "Without residual" : "Scenarios", o.strides, "");
  for (const char* name : kWalks) {
    if (alone && std::strcmp(name, "healthy") != 0) continue;
    const CycleResult solved = desk.solve(name);
    ForwardOptions walk;
    walk.strides = o.strides;
    walk.no_residual = alone;
    const ForwardRun run = run_forward(desk.session.loads_of(solved), solved, desk.gains, walk);
    const ForwardReport r = forward_report(run, make_results(solved), make_results(run.recorded));
    all &= run.falls.empty();
    const auto gate = [&](const char* g) {
      for (const QualityGate& q : r.gates)
        if (q.name == g) return q.value;
      return std::nan("");
    };
    std::printf("%-26s %5zu  %5.3f  %6.3f  %6.2f  %6.2f  %4.1f  %5.3f  %6.1f  %9.1f\n", name, run.falls.size(),
                gate("residual force, rms"), gate("residual moment, rms"), gate("joint angles, worst rms"),
                gate("lumbar sums, rms"), gate("stance slip"), gate("ground force peaks"),
                gate("curves, worst rms difference"), r.real_time_factor);
    std::fflush(stdout);
  }
  return all;
}

bool starts(Desk& desk, const Options& o) {
  const CycleResult solved = desk.solve("healthy");
  const LoadModel loads = desk.session.loads_of(solved);
  std::atomic<int> upright{0};
  std::mutex out;
  in_parallel(o.threads, o.starts, [&](int i) {
    std::mt19937 random(1000U + static_cast<unsigned>(i));
    const auto draw = [&](double low, double high) {
      return low + (high - low) * static_cast<double>(random()) / 4294967295.0;
    };
    ForwardOptions walk;
    walk.strides = o.strides;
    walk.phase = draw(0, 1);
    walk.disturbed = 1U + static_cast<unsigned>(i);
    walk.loads = walk.patient = false;
    const double mass = draw(0.98, 1.02), strength = draw(0.98, 1.02);
    walk.mismatch = {mass, strength};
    const ForwardRun run = run_forward(loads, solved, desk.gains, walk);
    if (run.falls.empty()) {
      ++upright;
      return;
    }
    const std::scoped_lock lock(out);
    std::printf("  start %d (phase %.2f, mass %.3f, strength %.3f) fell after %.1f strides\n", i, walk.phase, mass,
                strength, run.falls[0].stride);
  });
  std::printf("\nPerturbed starts: %d of %d walked %d strides\n", upright.load(), o.starts, o.strides);
  return upright >= 0.9 * o.starts;
}

bool pushes(Desk& desk, const Options& o) {
  const CycleResult solved = desk.solve("healthy");
  const LoadModel loads = desk.session.loads_of(solved);
  const Vec3 sides[] = {Vec3::UnitX(), -Vec3::UnitX(), Vec3::UnitZ(), -Vec3::UnitZ()};
  std::atomic<int> recovered{0};
  std::mutex out;
  in_parallel(o.threads, 8, [&](int i) {
    ForwardOptions walk;
    walk.strides = 14;
    walk.loads = walk.patient = false;
    walk.push_G = 50 * sides[i % 4];
    walk.push_at_s = (4 + (i < 4 ? 0.1 : 0.35)) * solved.plan.period_s;
    walk.push_s = 0.2;
    const ForwardRun run = run_forward(loads, solved, desk.gains, walk);
    if (run.falls.empty()) ++recovered;
    double furthest = 0;
    for (const ForwardFacts& f : run.facts) furthest = std::max(furthest, f.capture_error_m);
    const std::scoped_lock lock(out);
    std::printf("  push %+.0f %+.0f N at %s of the right stance: %s, capture point at most %.0f mm off\n",
                walk.push_G.x(), walk.push_G.z(), i < 4 ? "10 %" : "35 %", run.falls.empty() ? "recovered" : "fell",
                1e3 * furthest);
  });
  std::printf("\nPushes: %d of 8 recovered\n", recovered.load());
  return recovered >= 7;
}

/// Walks while `change` is called before every tick with the time since three strides; true when still up at the end.
bool changed(Desk& desk, const char* what, const CycleResult& from, double then_strides,
             const std::function<void(double, ForwardBody&)>& change) {
  const LoadModel loads = desk.session.loads_of(from);
  const CycleMotion motion = motion_of(from);
  ForwardBody body(loads, desk.gains);
  body.start(motion, 0);
  double before = 0, after = 0, residual = 0;
  while (!body.fallen() && body.state().phase < 3 + then_strides) {
    const double since_s = (body.state().phase - 3) * motion.period_s;
    if (since_s >= 0) change(since_s, body);
    const ForwardTick& t = body.tick();
    double& fastest = since_s < 0 ? before : after;
    for (const Leg& leg : loads.model.legs) fastest = std::max(fastest, std::abs(t.v[leg.hip_flexion]));
    residual = std::max(residual, t.control.residual.head<3>().cwiseAbs().maxCoeff());
  }
  const bool up = !body.fallen();
  std::printf("  %-58s %s, hip at most %.1f rad/s before, %.1f after; residual at most %.1f N\n", what,
              up ? "walks on" : "FELL", before, after, residual);
  return up;
}

bool changes(Desk& desk, const Options&) {
  std::printf("\nChanges while it walks\n");
  const CycleResult healthy = desk.solve("healthy");
  const CycleMotion from = motion_of(healthy);
  bool all = true;
  const auto blend_to = [&](const char* what, const CycleResult& to, double over_s) {
    const CycleMotion target = motion_of(to);
    const auto limits = desk.session.loads_of(to).limits;
    CycleMotion now = from;
    all &= changed(desk, what, healthy, 12, [&](double since_s, ForwardBody& body) {
      const double t = std::min(1.0, since_s / over_s);
      now = blended(from, target, t * t * (3 - 2 * t));
      body.follow(now);
      if (t >= 1) body.set_limits(limits);
    });
  };
  blend_to("right hip extension limit 15 deg lower, plans blended over 1 s",
           desk.solve("healthy", {"hip_r.extension_max_deg=5"}), 1);
  blend_to("the same over 2 s", desk.solve("healthy", {"hip_r.extension_max_deg=5"}), 2);
  blend_to("speed from free to slow over 2 s", desk.solve("healthy_slow"), 2);
  blend_to("speed from free to fast over 4 s", desk.solve("healthy_fast"), 4);
  all &=
      changed(desk, "right gluteus medius at half its strength at once", healthy, 12, [&](double, ForwardBody& body) {
        const Model& model = *healthy.model;
        Eigen::VectorXd strength = Eigen::VectorXd::Ones(model.n_muscle());
        for (int m = 0; m < model.n_muscle(); ++m)
          if (model.muscles[m].name.rfind("glmed", 0) == 0 && model.muscles[m].side == kRight) strength[m] = 0.5;
        body.set_strength(strength);
      });
  all &= changed(desk, "gravity 5 % less over 2 s", healthy, 12, [](double since_s, ForwardBody& body) {
    body.set_gravity(kGravity_m_s2 * (1 - 0.05 * std::min(1.0, since_s / 2)));
  });
  return all;
}

bool standing(Desk& desk, const Options&) {
  const CycleResult solved = desk.solve("standing");
  ForwardOptions stand;
  stand.loads = stand.patient = false;
  stand.strides = static_cast<int>(std::ceil(60 / solved.plan.period_s));
  const ForwardRun run = run_forward(desk.session.loads_of(solved), solved, desk.gains, stand);
  double slid = 0, furthest = 0;
  for (const ForwardFacts& f : run.facts)
    slid = std::max(slid, f.slid_m), furthest = std::max(furthest, f.capture_error_m);
  std::printf("\nStanding for %.0f s: %s, feet slid %.1f mm, capture point at most %.0f mm off\n",
              run.walked * solved.plan.period_s, run.falls.empty() ? "upright" : "FELL", 1e3 * slid, 1e3 * furthest);
  return run.falls.empty();
}

}  // namespace

int main(int count, char** words) {
  Options o;
  for (int i = 1; i < count; i += 2) {
    const std::string key = words[i];
    if (i + 1 == count) {
      std::cerr << key << " needs a value\n";
      return 2;
    }
    if (key == "--strides")
      o.strides = std::max(2, std::atoi(words[i + 1]));
    else if (key == "--starts")
      o.starts = std::max(1, std::atoi(words[i + 1]));
    else if (key == "--threads")
      o.threads = std::max(1, std::atoi(words[i + 1]));
    else if (key == "--only")
      o.only = words[i + 1];
    else {
      std::cerr << "unknown option " << key << "\n";
      return 2;
    }
  }
  try {
    Desk desk;
    desk.gains = load_controller(desk.models, desk.findings);
    if (desk.findings.has_errors()) throw LoadError(desk.findings);
    bool good = true;
    if (o.wants("scenarios")) good &= scenarios(desk, o, false);
    if (o.wants("alone")) good &= scenarios(desk, o, true);
    if (o.wants("starts")) good &= starts(desk, o);
    if (o.wants("pushes")) good &= pushes(desk, o);
    if (o.wants("changes")) good &= changes(desk, o);
    if (o.wants("standing")) good &= standing(desk, o);
    return good ? 0 : 1;
  } catch (const LoadError& error) {
    std::cerr << error.diagnostics().text();
    return 1;
  }
}
