#pragma once
/// Checks the program against published numbers, row by row. A row computes its value from solved walks or from the
/// segments on the test bench; a row whose task the program cannot do yet says so and has no value. A miss is shown.
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/model/patient.h"
#include "sim/run/results.h"
#include "sim/run/targets.h"
#include "sim/tissue/hip_passive.h"
#include "sim/tissue/segment.h"

namespace hipspine {

/// Solves one scenario; findings about it go to the diagnostics.
using SolveFunction = std::function<CycleResult(const Scenario&, Diagnostics&)>;

/// The scenario files that rows are computed from.
struct ValidationScenarios {
  Scenario healthy, slow, fast;
  Scenario fused;  ///< right hip
};

/// Reads healthy, healthy_slow, healthy_fast and fused_r from `folder`; findings go to `diagnostics`.
ValidationScenarios load_validation_scenarios(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// The walks that rows are computed from, in the clinical convention; each is solved once, when first asked for.
class ValidationCases {
 public:
  ValidationCases(ValidationScenarios scenarios, TargetConditions conditions, SolveFunction solve);
  const Results& healthy() { return solved("healthy", scenarios_.healthy); }
  const Results& slow() { return solved("slow", scenarios_.slow); }
  const Results& fast() { return solved("fast", scenarios_.fast); }
  const Results& fused() { return solved("right hip fused", scenarios_.fused); }
  const Results& at_speed(double speed_m_s);
  const Results& standing();
  const Results& bending();
  const Results& sitting();
  /// Healthy but for one condition (models/conditions) of the right hip.
  const Results& with_condition(const std::string& name, double severity);
  /// Healthy but for the right hip's extension limit.
  const Results& extension_limit(double limit_deg);
  [[nodiscard]] const TargetConditions& conditions() const { return conditions_; }
  [[nodiscard]] const Scenario& healthy_scenario() const { return scenarios_.healthy; }
  /// All gates of all walks solved so far; names carry the walk.
  [[nodiscard]] std::vector<QualityGate> gates() const;

 private:
  const Results& solved(const std::string& name, const Scenario& scenario);
  const Results& at_task(const std::string& task);
  ValidationScenarios scenarios_;
  TargetConditions conditions_;
  SolveFunction solve_;
  std::map<std::string, Results> done_;
};

/// Passive structures for the rows that need no walk.
struct ValidationBench {
  Model model;
  Spine spine;
  HipPassiveParameters hip;
  Clinic clinic;
};

struct Measured {
  std::optional<double> value;
  std::string detail;        ///< where and with what, in words
  std::optional<bool> also;  ///< a second condition of the row, named in its definition (a place, another number)
};

/// How a row's value is computed.
struct Metric {
  std::string id;
  std::string definition;
  std::function<Measured(ValidationCases&, const ValidationBench&)> measure;
};

/// Value of a column in the forward bend, on the way down, where the thorax leans conditions.flexed_inclination_deg
/// further forward than at the start; nothing when the bend does not go so far. Unit of the column.
[[nodiscard]] std::optional<double> bowed_forward(ValidationCases& cases, const char* column);

[[nodiscard]] std::vector<Metric> walking_metrics();       ///< N, L, H: healthy walks
[[nodiscard]] std::vector<Metric> restricted_metrics();    ///< R: walks with a stiff right hip
[[nodiscard]] std::vector<Metric> condition_metrics();     ///< P01, P02, R: hip conditions
[[nodiscard]] std::vector<Metric> task_metrics();          ///< L07, F30, S: standing and bending
[[nodiscard]] std::vector<Metric> bench_metrics();         ///< F, P03: passive structures
[[nodiscard]] Metric emg_metric(const EmgTarget& target);  ///< E

struct ValidationRow {
  Target target;
  std::string definition;  ///< empty when the row is not computed yet
  Measured measured;
  std::optional<bool> pass;
};

struct Validation {
  std::vector<ValidationRow> rows;
  std::vector<QualityGate> gates;
  [[nodiscard]] int count(std::optional<bool> pass) const;
};

/// Mean distance, in percent, of the rows F_L* (rotations of single segments) from the middle of their bands, which is
/// the published number.
[[nodiscard]] Measured mean_segment_error(const std::vector<ValidationRow>& rows);

/// Computes every row. Solver findings that are errors throw LoadError.
[[nodiscard]] Validation validate(const TargetFile& file, const ValidationScenarios& scenarios,
                                  const ValidationBench& bench, const SolveFunction& solve);

/// In the band (ends included) and the second condition met; nothing to say without a value.
[[nodiscard]] std::optional<bool> judged(const Target& target, const Measured& measured);

[[nodiscard]] std::string validation_text(const Validation& validation, bool definitions);
[[nodiscard]] nlohmann::ordered_json to_json(const Validation& validation);

}  // namespace hipspine
