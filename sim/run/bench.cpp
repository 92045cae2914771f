// Percentile by nearest rank: the smallest value that at least p % of the values do not exceed.
#include "sim/run/bench.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>

#include "sim/core/units.h"
#include "sim/run/export.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

class Stopwatch {
 public:
  [[nodiscard]] double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

CycleResult checked(const SolveFunction& solve, const Scenario& scenario) {
  Diagnostics diagnostics;
  CycleResult result = solve(scenario, diagnostics);
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  return result;
}

/// Solves the levels of a cycle as the pipeline does, each point from its neighbour, and times every solve.
void time_levels(const Spine& spine, const std::vector<FrameLoads>& frames, BenchResult& out) {
  constexpr int kRepetitions = 25;
  std::vector<double> one_us, cycle_ms;
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    const std::clock_t start = std::clock();
    for (int l = 0; l < kLevels; ++l) {
      Vec3 guess = Vec3::Zero();
      for (const FrameLoads& frame : frames) {
        const SegmentLoad load =
            solve_segment(spine.level[l], frame.segment[l].rotation_rad, Vec3(-frame.level_force_D[l]), guess);
        guess = load.translation_m;
      }
    }
    cycle_ms.push_back(1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    for (int l = 0; l < kLevels; ++l) {
      for (std::size_t k = 1; k < frames.size(); ++k) {
        const Stopwatch watch;
        const SegmentLoad load =
            solve_segment(spine.level[l], frames[k].segment[l].rotation_rad, Vec3(-frames[k].level_force_D[l]),
                          frames[k - 1].segment[l].translation_m);
        one_us.push_back(1e3 * watch.ms());
        HIPSPINE_DEMAND(load.status == SegmentStatus::ok);
      }
    }
  }
  out.levels_ms = percentile(cycle_ms, 50);
  out.level_p50_us = percentile(one_us, 50);
  out.level_p95_us = percentile(one_us, 95);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hipspine_bench_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw ExportError(pattern + ": cannot be created");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

double largest_memory_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.compare(0, 6, "VmHWM:") == 0) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  return 0;
}

double percentile(std::vector<double> values, double percent) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(percent / 100 * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

BenchResult bench(const std::filesystem::path& scenario_file, const std::filesystem::path& models,
                  const OpenFunction& open) {
  BenchResult out;
  const TemporaryFolder folder;
  const Stopwatch cold;
  Diagnostics diagnostics;
  Scenario scenario = load_scenario(scenario_file, {}, diagnostics);
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  const Solver solver = open();
  const CycleResult first = checked(solver.solve, scenario);
  const Stopwatch writing;
  export_result(first, Convention::opensim, folder.path() / "result", false);
  const double write_ms = writing.ms();
  out.cold_start_ms = cold.ms();

  std::vector<double> live_ms, full_ms, plan_ms, dynamics_ms, muscle_ms, tissue_ms;
  const auto timed = [&](const SolveFunction& solve, std::vector<double>& whole_ms) {
    const Stopwatch watch;
    CycleResult r = checked(solve, scenario);
    whole_ms.push_back(watch.ms());
    return r.times;
  };
  const auto solve_at = [&](int limit_deg) {
    scenario.hip[kRight].extension_max_rad = rad_from_deg(limit_deg);
    const StageTimes times = timed(solver.live, live_ms);
    plan_ms.push_back(1e3 * times.plan_s);
    dynamics_ms.push_back(1e3 * times.dynamics_s);
    muscle_ms.push_back(1e3 * times.muscle_s);
    tissue_ms.push_back(1e3 * times.tissue_s);
  };
  for (int limit_deg = 19; limit_deg >= -10; --limit_deg) solve_at(limit_deg);
  for (int limit_deg = -9; limit_deg <= 20; ++limit_deg) solve_at(limit_deg);
  for (int limit_deg = 15; limit_deg >= -10; limit_deg -= 5) {
    scenario.hip[kRight].extension_max_rad = rad_from_deg(limit_deg);
    timed(solver.solve, full_ms);
  }
  out.warm_p50_ms = percentile(live_ms, 50);
  out.warm_p95_ms = percentile(live_ms, 95);
  out.full_p50_ms = percentile(full_ms, 50);
  out.full_p95_ms = percentile(full_ms, 95);
  out.warm_solves = static_cast<int>(live_ms.size());
  out.stages_ms = {{"load", 1e3 * first.times.load_s},        {"healthy_plan", 1e3 * first.times.healthy_plan_s},
                   {"plan", percentile(plan_ms, 50)},         {"plan_p95", percentile(plan_ms, 95)},
                   {"dynamics", percentile(dynamics_ms, 50)}, {"muscle", percentile(muscle_ms, 50)},
                   {"tissue", percentile(tissue_ms, 50)},     {"write", write_ms}};
  if (solver.forward) {
    ForwardOptions walk;
    out.forward_real_time_factor = solver.forward(first, walk, diagnostics).real_time_factor();
    if (diagnostics.has_errors()) throw LoadError(diagnostics);
  }
  out.memory_mb = largest_memory_mb();
  const Spine spine = load_spine(models, *first.model, diagnostics);
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  time_levels(spine, first.frames, out);
  return out;
}

std::string bench_text(const BenchResult& r) {
  std::string out = "cold start, scenario file to written result    " + fixed(r.cold_start_ms, 0) + " ms\n";
  out += "changed hip limit, complete new cycle, live    p50 " + fixed(r.warm_p50_ms, 1) + " ms, p95 " +
         fixed(r.warm_p95_ms, 1) + " ms (" + std::to_string(r.warm_solves) + " solves)\n";
  out += "the same from the healthy plan, as run does    p50 " + fixed(r.full_p50_ms, 1) + " ms, p95 " +
         fixed(r.full_p95_ms, 1) + " ms\n\n";
  TextTable table({{"stage", false}, {"ms", true}, {"", false, 60}});
  const auto note = [](const std::string& stage) -> std::string {
    if (stage == "load") return "models, at the cold start";
    if (stage == "healthy_plan") return "the healthy walk, at the cold start";
    if (stage == "write") return "three files, at the cold start";
    return stage == "plan_p95" ? "re-plan, 95th percentile of the live series" : "median of the live series";
  };
  for (const auto& [stage, ms] : r.stages_ms) table.add({stage, fixed(ms, 2), note(stage)});
  out += table.text();
  out += "\none lumbar level from its neighbour's answer    p50 " + fixed(r.level_p50_us, 1) + " us, p95 " +
         fixed(r.level_p95_us, 1) + " us\nsix levels at " + std::to_string(kCyclePoints) +
         " points, one core           " + fixed(r.levels_ms, 1) + " ms\n";
  if (r.forward_real_time_factor > 0)
    out += "\nforward run, ten strides with all muscles and loads, one core    " +
           fixed(r.forward_real_time_factor, 1) + " times real time";
  return out + "\nlargest memory " + fixed(r.memory_mb, 0) + " MB\n";
}

nlohmann::ordered_json to_json(const BenchResult& r) {
  nlohmann::ordered_json j;
  j["solve_warm_ms"] = {{"p50", r.warm_p50_ms}, {"p95", r.warm_p95_ms}};
  j["solve_full_ms"] = {{"p50", r.full_p50_ms}, {"p95", r.full_p95_ms}};
  j["cold_start_ms"] = r.cold_start_ms;
  j["stages_ms"] = nlohmann::ordered_json::object();
  for (const auto& [stage, ms] : r.stages_ms) j["stages_ms"][stage] = ms;
  j["level_warm_us"] = {{"p50", r.level_p50_us}, {"p95", r.level_p95_us}};
  j["levels_cycle_ms"] = r.levels_ms;
  j["forward_real_time_factor"] =
      r.forward_real_time_factor > 0 ? nlohmann::ordered_json(r.forward_real_time_factor) : nullptr;
  j["memory_mb"] = r.memory_mb;
  return j;
}

}  // namespace hipspine
