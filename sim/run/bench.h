#pragma once
/// How long a solve takes, stage by stage, and how much memory the program holds.
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/run/forward_run.h"
#include "sim/run/pipeline.h"
#include "sim/run/validate.h"

namespace hipspine {

/// The two ways to solve a scenario in an opened program (Session in pipeline.h).
struct Solver {
  SolveFunction solve;  ///< from the healthy plan: depends on the scenario alone
  SolveFunction live;   ///< from the last plan: for a hand on a slider
  /// The segments of a solved cycle drawn `samples` times (uncertainty.h); empty where a program cannot.
  std::function<void(const CycleResult&, int samples, const Session::VisitFunction&)> vary;
  /// A forward run along a solved cycle of this solver; empty where a program cannot.
  std::function<ForwardRun(const CycleResult&, const ForwardOptions&, Diagnostics&)> forward;
};

/// Opens the program as a fresh start does: reads the models, keeps nothing from before.
using OpenFunction = std::function<Solver()>;

struct BenchResult {
  double cold_start_ms = 0;                 ///< scenario file to files on disk, nothing loaded before
  double warm_p50_ms = 0, warm_p95_ms = 0;  ///< a changed limit to a complete new cycle, live
  double full_p50_ms = 0, full_p95_ms = 0;  ///< the same from the healthy plan, as `run` does
  int warm_solves = 0;
  std::vector<std::pair<std::string, double>> stages_ms;  ///< median over the warm series, and of writing
  double level_p50_us = 0, level_p95_us = 0;  ///< one lumbar level in equilibrium, started from the point before
  double levels_ms = 0;                       ///< six levels at all points of the cycle, processor time on one core
  double forward_real_time_factor = 0;        ///< ten strides with all muscles and loads; 0 where there is none
  double memory_mb = 0;  ///< largest resident memory of this process so far; 0 where the system does not tell
};

/// Warm series: the right hip's extension limit from 20 to -10 deg and back in steps of one degree.
/// @param models  folder of the spine whose levels are timed, under the loads of the first solve
[[nodiscard]] BenchResult bench(const std::filesystem::path& scenario_file, const std::filesystem::path& models,
                                const OpenFunction& open);

[[nodiscard]] std::string bench_text(const BenchResult& result);
[[nodiscard]] nlohmann::ordered_json to_json(const BenchResult& result);

/// Nearest-rank percentile, 0 < percent <= 100; values need not be sorted.
[[nodiscard]] double percentile(std::vector<double> values, double percent);

/// A folder of our own under the system's temporary one, removed again. Throws ExportError.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Largest resident memory of this process so far; 0 where the system does not tell.
[[nodiscard]] double largest_memory_mb();

}  // namespace hipspine
