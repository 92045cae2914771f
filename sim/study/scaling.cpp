#include "sim/study/scaling.h"

#include <chrono>
#include <thread>

#include "sim/run/bench.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

double timed(const SweepPlan& plan, int threads, const std::function<SolveFunction()>& open) {
  const TemporaryFolder folder;
  CaseStore store(folder.path() / "sweep.cases", shape_of_plan(plan), CaseStore::Access::write);
  SweepOptions options;
  options.threads = threads;
  const auto start = std::chrono::steady_clock::now();
  run_sweep(plan, store, open, options);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

ScalingResult scaling(SweepPlan plan, const std::function<SolveFunction()>& open) {
  ScalingResult out;
  out.cases = plan.cases();
  const int most = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  {
    SweepPlan few = plan;
    few.design.samples = std::max<std::int64_t>(1, plan.design.samples / 4);
    timed(few, most, open);
    out.memory_few_mb = largest_memory_mb();
  }
  std::vector<int> threads;
  for (int n = 1; n < most; n *= 2) threads.push_back(n);
  threads.push_back(most);
  for (const int n : threads) {
    const double seconds = timed(plan, n, open);
    const double rate = static_cast<double>(out.cases) / seconds;
    out.rows.push_back({n, seconds, rate, out.rows.empty() ? 1 : rate / (n * out.rows.front().per_second)});
  }
  out.memory_all_mb = largest_memory_mb();
  return out;
}

std::string scaling_text(const ScalingResult& r) {
  std::string out = std::to_string(r.cases) + " cases, each a walk with all loads from the healthy plan\n\n";
  TextTable table({{"threads", true},
                   {"seconds", true},
                   {"cases a second", true},
                   {"efficiency", true},
                   {"10000 cases take", true}});
  for (const ScalingResult::Row& row : r.rows)
    table.add({std::to_string(row.threads), fixed(row.seconds, 1), fixed(row.per_second, 1),
               fixed(100 * row.efficiency, 0) + " %", fixed(1e4 / row.per_second, 0) + " s"});
  return out + table.text() + "\nlargest memory " + fixed(r.memory_few_mb, 0) + " MB after a quarter of the cases, " +
         fixed(r.memory_all_mb, 0) + " MB after " + std::to_string(r.rows.size()) + " times all of them\n";
}

nlohmann::ordered_json to_json(const ScalingResult& r) {
  nlohmann::ordered_json j = {{"cases", r.cases}, {"rows", nlohmann::ordered_json::array()}};
  for (const ScalingResult::Row& row : r.rows)
    j["rows"].push_back({{"threads", row.threads},
                         {"seconds", row.seconds},
                         {"per_second", row.per_second},
                         {"efficiency", row.efficiency}});
  j["memory_few_mb"] = r.memory_few_mb;
  j["memory_all_mb"] = r.memory_all_mb;
  return j;
}

}  // namespace hipspine
