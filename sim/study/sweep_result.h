#pragma once
/// A finished sweep read back from its folder: what varied, what came out. For everything that is computed from many
/// cases together; a hundred thousand cases fit easily.
#include <Eigen/Core>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/study/sweep_tables.h"

namespace hipspine {

/// One thing that was varied. A level is a value of a list, or one of kBins equal parts of a sampled range.
struct ResultParameter {
  std::string name;
  bool numeric = true;
  std::vector<std::string> levels;  ///< as texts; middles of the parts of a range
  std::vector<double> middle;       ///< of each level; its number when the values are words
  std::string span;                 ///< "0 to 20, sampled"; "0.9, 1.1, 1.3"
};
inline constexpr int kBins = 10;  // chosen: parts of a sampled range

struct ResultOutput {
  std::string name, unit, meaning;
};

struct SweepResult {
  std::string title, question, method, version, identity, base_title, base_scenario, file, file_hash, convention;
  std::int64_t samples = 0, seed = 0;
  SweepCounts counts;
  std::vector<ResultParameter> parameters;
  std::vector<ResultOutput> outputs;
  std::vector<ResultOutput> curves;  ///< kept whole, in curves.h5
  Eigen::MatrixXd input;             ///< (cases x parameters) values; the number of the level for words
  Eigen::MatrixXi level;             ///< (cases x parameters)
  Eigen::MatrixXd output;            ///< (cases x outputs), NaN where there is no number
  std::vector<CaseStatus> status;    ///< (cases)
  std::vector<std::string> gates;    ///< (cases) names of missed ones
  std::vector<std::string> reason;   ///< (cases)

  [[nodiscard]] std::int64_t cases() const { return output.rows(); }
  /// Index of an output or parameter, -1 when there is none.
  [[nodiscard]] int output_named(const std::string& name) const;
  [[nodiscard]] int parameter_named(const std::string& name) const;
};

/// Reads `sweep.json` and `cases.csv`. Unreadable (E101), not a sweep of this program (E302): findings.
[[nodiscard]] SweepResult read_sweep(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// One curve of all cases, (cases x kCyclePoints), from `curves.h5`; nothing when it is not there as it should be.
[[nodiscard]] std::optional<Eigen::MatrixXd> read_curve(const std::filesystem::path& file, const std::string& name,
                                                        std::int64_t cases);

/// Cells of one line of a CSV file (RFC 4180); `rest` moves behind the line.
[[nodiscard]] std::vector<std::string> csv_cells(std::string_view& rest);

}  // namespace hipspine
