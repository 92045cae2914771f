#pragma once
/// `hipspine report`: one HTML file from a run, a comparison of two runs, or a sweep. Question, answer in three
/// sentences, curves, heat maps, tables, gates, validation, sources, and how to make it again.
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/gait/normal_bands.h"
#include "sim/run/info.h"
#include "sim/run/summary.h"
#include "sim/run/validate.h"
#include "sim/study/svg_chart.h"
#include "sim/study/sweep_result.h"

namespace hipspine {

/// A run as its folder holds it.
struct StoredRun {
  Summary summary;
  std::map<std::string, std::vector<double>> curves;  ///< columns of cycle.csv, kCyclePoints each
  std::optional<Scenario> scenario;                   ///< from scenario.toml
  std::string scenario_text;
};

/// Reads `summary.json`, `cycle.csv` and `scenario.toml`. What is missing or not ours: findings.
[[nodiscard]] StoredRun read_run(const std::filesystem::path& folder, Diagnostics& diagnostics);
/// The same from a result in memory.
[[nodiscard]] StoredRun as_run(const Results& results);

/// What every report says beside its subject.
struct ReportContext {
  NormalBands bands;
  Validation validation;
  std::vector<Citation> sources;
};

/// Published mean -+ 1 SD of an angle at the run's speed, in degrees and in the run's convention; nothing where there
/// is none, or for another task than walking.
[[nodiscard]] std::optional<ChartBand> normal_band(const StoredRun& run, const std::string& column,
                                                   const NormalBands& bands);

/// A run beside another. @param chain  sentences of chain_text.h when `base` is the same person with healthy hips
/// @test tests/study/report_test.cpp
[[nodiscard]] std::string run_page(const StoredRun& run, const StoredRun& base, const std::vector<std::string>& chain,
                                   const ReportContext& context);
/// @param folder  of the sweep, where its curves are; empty: no curves are drawn
[[nodiscard]] std::string sweep_page(const SweepResult& sweep, const std::filesystem::path& folder,
                                     const ReportContext& context);

/// Three sentences: motion, load, trust.
[[nodiscard]] std::vector<std::string> answer_sentences(const StoredRun& run, const StoredRun& base);
[[nodiscard]] std::vector<std::string> answer_sentences(const SweepResult& sweep);

class HtmlPage;
/// The end of both pages: how far the model is validated, and where its numbers come from.
void add_trust(HtmlPage& page, const ReportContext& context);

}  // namespace hipspine
