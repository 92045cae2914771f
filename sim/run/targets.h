#pragma once
/// Published targets (`models/targets.toml`): what a number should be, on whom, and who measured it.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"

namespace hipspine {

struct Target {
  std::string id, metric, condition, direction;
  std::optional<double> low, high;  ///< band in `unit`, both ends included
  std::string unit;
  std::string published;            ///< the numbers behind the band
  std::vector<std::string> source;  ///< ids of models/sources.toml
};

/// When a muscle is on in normal walking.
struct EmgTarget {
  std::string id;
  std::vector<std::string> muscles;               ///< beginnings of muscle names in the model
  std::vector<std::pair<double, double>> on_pct;  ///< windows, percent of the cycle
  double low = 1;                                 ///< the ratio must exceed this
  std::vector<std::string> source;
};

/// The cases that are solved beside the healthy walk; meanings and reasons in the file.
struct TargetConditions {
  double instrumented_hip_m_s = 0;
  std::vector<double> extension_limits_deg, small_loss_limits_deg;
  double tight_extension_limit_deg = 0;
  double mild_to_moderate_severity = 0, high_flexion_deg = 0;
  double standing_compression_n = 0, sitting_flexion_deg = 0, flexed_inclination_deg = 0;
};

struct TargetFile {
  TargetConditions conditions;
  std::vector<Target> targets;
  std::vector<EmgTarget> emg;
};

/// Reads `folder`/targets.toml; findings go to `diagnostics`.
TargetFile load_targets(const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace hipspine
