#pragma once
/// One solved cycle in a page: per column the extremes, mean and where they are, the facts of the stride and the
/// quality gates. It is what `summary.json` holds, and what two results are compared by.
#include <array>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/run/results.h"

namespace hipspine {

/// Extremes of one column over the cycle, in its unit; percents are of the gait cycle.
/// The mean is over 0 to 99 %, because 100 % is the same instant as 0 %.
struct ColumnSummary {
  std::string name, unit;
  double min = 0, max = 0, mean = 0;
  int at_min_pct = 0, at_max_pct = 0;
  [[nodiscard]] double range() const { return max - min; }
};

struct Summary {
  std::string title, question, expectation, task = "walk", strategy, version;
  std::string name;  ///< short name for tables: the scenario's file without folder and ending
  Convention convention = Convention::opensim;
  double pelvic_plane_tilt_deg = 0;
  double mass_kg = 0, height_m = 0;
  double speed_wanted_m_s = 0, speed_m_s = 0;
  double stride_length_m = 0, stride_time_s = 0;
  std::array<double, 2> step_length_m{};
  std::array<double, 2> toe_off_pct{};
  double left_strike_pct = 50;
  double slip_mm = 0;
  std::vector<ColumnSummary> columns;  ///< in file order
  std::vector<QualityGate> gates;
  std::vector<std::string> saturated;
  std::vector<LoadDose> doses;
  std::vector<MuscleEffort> efforts;
  std::vector<PlanCost> costs;
  std::vector<std::pair<std::string, std::string>> inputs;  ///< file, hash

  [[nodiscard]] double weight_n() const;
  [[nodiscard]] const ColumnSummary* find(std::string_view column) const;  ///< nullptr when there is none
  [[nodiscard]] const LoadDose* dose(std::string_view column) const;       ///< nullptr when there is none
  [[nodiscard]] bool gates_pass() const;
};

[[nodiscard]] Summary summarize(const Results& results);

/// The same numbers in the other convention: pelvic tilt and hip flexion are affine in each other.
[[nodiscard]] Summary in_convention(Summary summary, Convention convention);

/// Keys as in the contract; a number that is not finite becomes null.
[[nodiscard]] nlohmann::ordered_json to_json(const Summary& summary);

/// Indented text with a final newline; bytes that are not UTF-8 (a file name may hold them) are replaced.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

/// Reads `summary.json` (or the one inside a folder). Unreadable (E101), not JSON (E106), not a summary of this program
/// (E302): findings, and nothing is returned.
[[nodiscard]] std::optional<Summary> read_summary(const std::filesystem::path& path, Diagnostics& diagnostics);

}  // namespace hipspine
