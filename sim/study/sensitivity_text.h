#pragma once
/// What `hipspine sensitivity` prints.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sim/study/sensitivity.h"

namespace hipspine {

struct SensitivityQuestion {
  std::optional<int> output;               ///< all when absent
  std::optional<std::pair<int, int>> map;  ///< two parameters
  std::optional<double> above;             ///< a level of the output
  bool trusted = false;                    ///< only cases whose quality gates are all green
};

/// Indices of every output (of one, when asked) for a Saltelli design, else rank correlations and the range of the
/// response; with an output its response curves, with `map` and `above` those. At most 100 columns wide.
[[nodiscard]] std::string sensitivity_text(const SweepResult& r, const SensitivityQuestion& q);
/// The same numbers; what is not finite is null.
[[nodiscard]] nlohmann::ordered_json sensitivity_json(const SweepResult& r, const SensitivityQuestion& q);

/// Values of an output in case order, NaN where the row does not count.
[[nodiscard]] Eigen::VectorXd counted(const SweepResult& r, int output, const std::vector<bool>& rows);

}  // namespace hipspine
