#pragma once
/// How a sweep gains from threads, and that its memory does not grow with its cases: `hipspine bench --scaling`.
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/study/sweep.h"

namespace hipspine {

struct ScalingResult {
  struct Row {
    int threads = 0;
    double seconds = 0, per_second = 0;
    double efficiency = 0;  ///< of `threads` times the rate of one
  };
  std::int64_t cases = 0;
  std::vector<Row> rows;
  double memory_few_mb = 0;  ///< largest so far after a quarter of the cases on all threads
  double memory_all_mb = 0;  ///< and after all of them
};

/// Solves the cases of a plan with 1, 2, 4 … threads, as many as the machine has. Throws ExportError.
[[nodiscard]] ScalingResult scaling(SweepPlan plan, const std::function<SolveFunction()>& open);

[[nodiscard]] std::string scaling_text(const ScalingResult& r);
[[nodiscard]] nlohmann::ordered_json to_json(const ScalingResult& r);

}  // namespace hipspine
