#pragma once
/// What a forward run says: quality gates, its mean stride beside the solved cycle, text and JSON.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/run/forward_run.h"
#include "sim/run/summary.h"

namespace hipspine {

/// One curve of the mean stride against the solved cycle.
struct ForwardDifference {
  std::string column, unit;
  double rms = 0, peak = 0;  ///< peak: largest magnitude in the solved cycle
  double percent = 0;        ///< rms of peak
};

struct ForwardReport {
  std::string name;
  int strides = 0, averaged = 0;  ///< averaged: strides in the mean
  double walked = 0, time_s = 0, real_time_factor = 0;
  bool upright = true;
  std::vector<ForwardFall> falls;
  std::vector<QualityGate> gates;
  std::vector<std::pair<std::string, double>> joint_rms_deg;  ///< per joint axis, worse side
  std::vector<ForwardDifference> differences;
  [[nodiscard]] bool gates_pass() const;
};

/// Mean over the last `strides` recorded strides (fewer when there are fewer), as a cycle of kCyclePoints rows: time
/// and places along x count from each stride's start. Without a whole stride: InternalError.
[[nodiscard]] Results mean_stride(const Results& recorded, int strides);

/// @param solved, recorded  tables of the solved cycle and of run.recorded, in the same convention
[[nodiscard]] ForwardReport forward_report(const ForwardRun& run, const Results& solved, const Results& recorded);

[[nodiscard]] std::string forward_text(const ForwardReport& report);
[[nodiscard]] nlohmann::ordered_json to_json(const ForwardReport& report);

}  // namespace hipspine
