// pass = low <= value <= high (an absent end is open) and the row's second condition, if it has one.
#include "sim/run/validate.h"

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

std::string source_text(const Target& target) {
  std::string text;
  for (const std::string& id : target.source) text += (text.empty() ? "" : ", ") + id;
  return text;
}

}  // namespace

ValidationScenarios load_validation_scenarios(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  const auto load = [&](const char* name) { return load_scenario(folder / name, {}, diagnostics); };
  return {load("healthy.toml"), load("healthy_slow.toml"), load("healthy_fast.toml"), load("fused_r.toml")};
}

ValidationCases::ValidationCases(ValidationScenarios scenarios, TargetConditions conditions, SolveFunction solve)
    : scenarios_(std::move(scenarios)), conditions_(std::move(conditions)), solve_(std::move(solve)) {}

const Results& ValidationCases::solved(const std::string& name, const Scenario& scenario) {
  if (const auto it = done_.find(name); it != done_.end()) return it->second;
  Diagnostics diagnostics;
  CycleResult result = solve_(scenario, diagnostics);
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  return done_.emplace(name, make_results(result, Convention::clinical)).first->second;
}

const Results& ValidationCases::at_speed(double speed_m_s) {
  Scenario s = scenarios_.healthy;
  s.speed_m_s = speed_m_s;
  return solved("healthy at " + fixed(speed_m_s, 2) + " m/s", s);
}

const Results& ValidationCases::at_task(const std::string& task) {
  Scenario s = scenarios_.healthy;
  s.task = task;
  return solved("healthy, task " + task, s);
}

const Results& ValidationCases::standing() { return at_task("stand"); }
const Results& ValidationCases::bending() { return at_task("bend"); }
const Results& ValidationCases::sitting() { return at_task("sit"); }

const Results& ValidationCases::with_condition(const std::string& name, double severity) {
  Scenario s = scenarios_.healthy;
  s.conditions = {{name, {severity, 0}, {}}};
  return solved(name + " of severity " + fixed(severity, 2), s);
}

const Results& ValidationCases::extension_limit(double limit_deg) {
  Scenario s = scenarios_.healthy;
  s.hip[kRight].extension_max_rad = rad_from_deg(limit_deg);
  return solved("right extension limit " + fixed(limit_deg, 0) + " deg", s);
}

std::vector<QualityGate> ValidationCases::gates() const {
  std::vector<QualityGate> all;
  for (const auto& [name, results] : done_)
    for (QualityGate gate : results.gates) {
      gate.name = name + ": " + gate.name;
      all.push_back(std::move(gate));
    }
  return all;
}

std::optional<bool> judged(const Target& target, const Measured& measured) {
  if (!measured.value) return std::nullopt;
  const double v = *measured.value;
  const bool inside = !std::isnan(v) && (!target.low || v >= *target.low) && (!target.high || v <= *target.high);
  return inside && measured.also.value_or(true);
}

int Validation::count(std::optional<bool> pass) const {
  return static_cast<int>(std::count_if(rows.begin(), rows.end(), [&](const auto& r) { return r.pass == pass; }));
}

Measured mean_segment_error(const std::vector<ValidationRow>& rows) {
  double sum = 0, worst = 0;
  int count = 0;
  std::string worst_id;
  for (const ValidationRow& row : rows) {
    if (row.target.id.compare(0, 3, "F_L") != 0) continue;
    if (!row.measured.value || !row.target.low || !row.target.high)
      return {std::nullopt, row.target.id + " has no value or no band", std::nullopt};
    const double published = 0.5 * (*row.target.low + *row.target.high);
    const double error = 100 * std::abs(*row.measured.value / published - 1);
    if (error > worst) worst_id = row.target.id;
    worst = std::max(worst, error);
    sum += error;
    ++count;
  }
  if (count == 0) return {std::nullopt, "no such rows", std::nullopt};
  return {sum / count, std::to_string(count) + " rows, at most " + fixed(worst, 1) + " % in " + worst_id, std::nullopt};
}

Validation validate(const TargetFile& file, const ValidationScenarios& scenarios, const ValidationBench& bench,
                    const SolveFunction& solve) {
  ValidationCases cases(scenarios, file.conditions, solve);
  std::vector<Metric> metrics = walking_metrics();
  for (auto more : {restricted_metrics(), condition_metrics(), task_metrics(), bench_metrics()})
    metrics.insert(metrics.end(), more.begin(), more.end());
  std::vector<Target> targets = file.targets;
  for (const EmgTarget& emg : file.emg) {
    metrics.push_back(emg_metric(emg));
    std::string name = emg.id.substr(emg.id.find('_') + 1);
    std::replace(name.begin(), name.end(), '_', ' ');
    std::string windows;
    for (const auto& [from, to] : emg.on_pct)
      windows += (windows.empty() ? "on " : ", ") + fixed(from, 0) + " to " + fixed(to, 0);
    targets.push_back({emg.id, "timing of " + name, "healthy, free speed", "timing", emg.low, std::nullopt, "1",
                       windows + " %", emg.source});
  }
  Validation out;
  for (Target& target : targets) {
    ValidationRow row{std::move(target), "", {}, std::nullopt};
    const auto metric =
        std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.id == row.target.id; });
    if (metric != metrics.end()) {
      row.definition = metric->definition;
      row.measured = metric->measure(cases, bench);
      row.pass = judged(row.target, row.measured);
    } else if (row.target.id == "F_mean") {
      row.definition = "mean over the rows F_L*: distance from the middle of the band, which is the published number";
      row.measured = mean_segment_error(out.rows);
      row.pass = judged(row.target, row.measured);
    } else {
      row.measured.detail = row.target.direction == "prevalence" ? "context only" : "not yet";
    }
    out.rows.push_back(std::move(row));
  }
  out.gates = cases.gates();
  return out;
}

std::string validation_text(const Validation& validation, bool definitions) {
  TextTable table({{"id", false, 17},
                   {"what", false, 44},
                   {"value", true, 9},
                   {"band", true, 14},
                   {"unit", false, 7},
                   {"", false, 7},
                   {"source", false, 30},
                   {"note", false, 48}});
  const auto band = [](const Target& t) {
    const int d = t.unit == "N/mm" || t.unit == "peaks" ? 0 : std::max(1, decimals_for(t.unit));
    if (t.low && t.high) return fixed(*t.low, d) + " to " + fixed(*t.high, d);
    if (t.low) return "above " + fixed(*t.low, d);
    return t.high ? "below " + fixed(*t.high, d) : std::string("-");
  };
  for (const ValidationRow& row : validation.rows) {
    const std::string value = row.measured.value ? significant(*row.measured.value, 4) : "-";
    const std::string verdict = !row.pass ? "-" : *row.pass ? "pass" : "MISS";
    table.add({row.target.id, row.target.metric, value, band(row.target), row.target.unit, verdict,
               source_text(row.target), row.measured.detail});
  }
  std::string out = table.text();
  out += "\n" + std::to_string(validation.count(true)) + " pass, " + std::to_string(validation.count(false)) +
         " miss, " + std::to_string(validation.count(std::nullopt)) + " not computed\n";
  for (const QualityGate& gate : validation.gates)
    if (!gate.pass())
      out += "quality gate missed: " + gate.name + " " + significant(gate.value, 3) + " " + gate.unit + ", limit " +
             significant(gate.limit, 3) + "\n";
  if (definitions) {
    out += "\nHow each value is computed\n";
    for (const ValidationRow& row : validation.rows)
      if (!row.definition.empty()) out += wrapped("  " + row.target.id + ": " + row.definition, 100, 6);
  }
  return out;
}

nlohmann::ordered_json to_json(const Validation& validation) {
  using Json = nlohmann::ordered_json;
  const auto number = [](const std::optional<double>& v) { return v && std::isfinite(*v) ? Json(*v) : Json(nullptr); };
  Json rows = Json::array();
  for (const ValidationRow& row : validation.rows)
    rows.push_back({{"id", row.target.id},
                    {"metric", row.target.metric},
                    {"condition", row.target.condition},
                    {"value", number(row.measured.value)},
                    {"low", number(row.target.low)},
                    {"high", number(row.target.high)},
                    {"unit", row.target.unit},
                    {"pass", row.pass ? Json(*row.pass) : Json(nullptr)},
                    {"source", source_text(row.target)},
                    {"published", row.target.published},
                    {"definition", row.definition},
                    {"note", row.measured.detail}});
  return rows;
}

}  // namespace hipspine
