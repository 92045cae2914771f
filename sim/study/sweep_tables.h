#pragma once
/// What a finished sweep leaves: `cases.csv` (one row a case), `curves.h5` (inputs, outputs and whole curves),
/// `dictionary.csv` (every column in words), `sweep.json` (the plan and what came of it). Python, R and MATLAB read
/// them as they are.
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/case_store.h"
#include "sim/study/sweep_file.h"

namespace hipspine {

inline constexpr const char* kSweepFiles[] = {"cases.csv", "curves.h5", "dictionary.csv", "sweep.json"};

struct SweepCounts {
  std::int64_t cases = 0, ok = 0, gate_missed = 0, refused = 0, not_finite = 0, fault = 0;
};

/// The record of a case, from whichever store has it. @throws ExportError when it is missing
using RecordOf = std::function<CaseRecord(std::int64_t index)>;

/// Writes all files under temporary names and renames them when all are whole. Case by case: memory does not grow with
/// their number. Throws ExportError. @test tests/study/sweep_test.cpp
SweepCounts write_sweep(const SweepPlan& plan, const std::filesystem::path& folder, const RecordOf& record_of);

/// Head of `cases.csv`: case, parameters, status, gates, outputs, reason.
[[nodiscard]] std::vector<std::string> case_heads(const SweepPlan& plan);
[[nodiscard]] std::string case_row(const SweepPlan& plan, const CaseRecord& record);

/// `curves.h5` alone. Throws ExportError.
void write_curves(const SweepPlan& plan, const std::filesystem::path& file, const RecordOf& record_of);

/// What sweep.json says of a finished sweep; nothing when it is not ours.
struct SweepHead {
  std::string identity, title;
  SweepCounts counts;
};
[[nodiscard]] std::optional<SweepHead> read_sweep_head(const std::filesystem::path& file);

/// Console text: what was varied, and what came of it.
[[nodiscard]] std::string sweep_text(const SweepPlan& plan, const SweepCounts& counts);
[[nodiscard]] nlohmann::ordered_json to_json(const SweepPlan& plan, const SweepCounts& counts);

}  // namespace hipspine
