#include "sim/study/output_feature.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "sim/core/document.h"
#include "sim/run/curve_metrics.h"
#include "sim/run/dose.h"

namespace hipspine {
namespace {

struct Fact {
  const char* name;
  const char* unit;
  const char* meaning;
  double (*value)(const Plan&);
};
constexpr Fact kFacts[] = {
    {"walking_speed_m_s", "m/s", "walking speed that was reached", [](const Plan& p) { return p.speed_m_s(); }},
    {"stride_length_m", "m", "length of a stride", [](const Plan& p) { return p.stride_length_m; }},
    {"stride_time_s", "s", "duration of a stride or of one cycle of the task",
     [](const Plan& p) { return p.period_s; }},
    {"step_length_r_m", "m", "length of the right step", [](const Plan& p) { return p.step_length_m[kRight]; }},
    {"step_length_l_m", "m", "length of the left step", [](const Plan& p) { return p.step_length_m[kLeft]; }},
    {"toe_off_r_pct", "%", "right toe-off in the right cycle", [](const Plan& p) { return p.toe_off_pct[kRight]; }},
};

struct Feature {
  const char* word;
  OutputFeature::Kind kind;
  const char* meaning;
};
constexpr Feature kFeatures[] = {{"peak", OutputFeature::Kind::peak, "largest value of the cycle"},
                                 {"lowest", OutputFeature::Kind::lowest, "smallest value of the cycle"},
                                 {"mean", OutputFeature::Kind::mean, "mean over the cycle"},
                                 {"range", OutputFeature::Kind::range, "largest less smallest value of the cycle"}};

Eigen::VectorXd curve_of(const ColumnRule& rule, const CycleResult& result) {
  Eigen::VectorXd curve(kCyclePoints);
  for (int i = 0; i < kCyclePoints; ++i) curve[i] = rule.value(result, i);
  return curve;
}

}  // namespace

std::vector<std::string> feature_words() {
  return {"peak", "lowest", "mean", "range", "at_0 … at_100", "dose2", "dose10"};
}

OutputFeature read_feature(const std::string& name, const std::vector<ColumnRule>& rules, const Place& place,
                           Diagnostics& diagnostics) {
  OutputFeature out;
  out.name = name;
  for (const Fact& fact : kFacts) {
    if (name != fact.name) continue;
    out.unit = fact.unit;
    out.meaning = fact.meaning;
    return out;
  }
  const std::size_t dot = name.find('.');
  out.column = name.substr(0, dot);
  const auto it =
      std::find_if(rules.begin(), rules.end(), [&](const ColumnRule& r) { return r.column.name == out.column; });
  if (it == rules.end()) {
    std::vector<std::string> known;
    for (const ColumnRule& r : rules) known.push_back(r.column.name);
    for (const Fact& fact : kFacts) known.emplace_back(fact.name);
    const std::string hint = hint_for_unknown(out.column, known);
    diagnostics.add(place, "E313", "there is no result column '" + out.column + "'",
                    hint.empty() ? "'hipspine info --columns' lists them" : hint);
    return out;
  }
  out.rule = static_cast<int>(it - rules.begin());
  out.unit = it->column.unit;
  const std::string word = dot == std::string::npos ? "" : name.substr(dot + 1);
  for (const Feature& f : kFeatures) {
    if (word != f.word) continue;
    out.kind = f.kind;
    out.meaning = std::string(f.meaning) + ": " + it->column.meaning;
    return out;
  }
  if (word.starts_with("at_")) {
    int pct = -1;
    const char* end = word.data() + word.size();
    const auto read = std::from_chars(word.data() + 3, end, pct);
    if (read.ec == std::errc() && read.ptr == end && pct >= 0 && pct <= 100) {
      out.kind = OutputFeature::Kind::at;
      out.at_pct = pct;
      out.meaning = "value at " + std::to_string(pct) + " % of the cycle: " + it->column.meaning;
      return out;
    }
  }
  for (std::size_t n = 0; n < kDoseExponents.size(); ++n) {
    if (word != "dose" + std::to_string(kDoseExponents[n])) continue;
    if (!(out.column.ends_with("_disc_compression") || out.column.ends_with("_facet_r") ||
          out.column.ends_with("_facet_l"))) {
      diagnostics.add(place, "E313", "'" + name + "': doses are for <level>_disc_compression, _facet_r and _facet_l");
      return out;
    }
    out.kind = OutputFeature::Kind::dose;
    out.exponent = static_cast<int>(n);
    out.unit = "kN^" + std::to_string(kDoseExponents[n]) + " s";
    out.meaning = "dose per 1000 steps (or repetitions of the task): " + it->column.meaning;
    return out;
  }
  std::string words;
  for (const std::string& w : feature_words()) words += (words.empty() ? "" : ", ") + w;
  diagnostics.add(place, "E313", "'" + name + "' does not say which number of the curve", "after the dot: " + words);
  return out;
}

std::vector<double> feature_values(const Outputs& outputs, const CycleResult& result) {
  std::vector<double> values(outputs.features.size(), std::numeric_limits<double>::quiet_NaN());
  if (result.frames.size() != kCyclePoints) return values;
  std::vector<LoadDose> doses;
  int last_rule = -1;
  Eigen::VectorXd curve;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const OutputFeature& f = outputs.features[k];
    if (f.kind == OutputFeature::Kind::fact) {
      for (const Fact& fact : kFacts)
        if (f.name == fact.name) values[k] = fact.value(result.plan);
      continue;
    }
    if (f.kind == OutputFeature::Kind::dose) {
      if (doses.empty()) doses = load_doses(result);
      for (const LoadDose& d : doses)
        if (d.column == f.column)
          values[k] = d.per_cycle[static_cast<std::size_t>(f.exponent)] * cycles_per_1000(result.scenario.task);
      continue;
    }
    const ColumnRule& rule = outputs.rules[static_cast<std::size_t>(f.rule)];
    if (f.kind == OutputFeature::Kind::at) {
      values[k] = rule.value(result, f.at_pct);
      continue;
    }
    if (f.rule != last_rule) curve = curve_of(rule, result);
    last_rule = f.rule;
    values[k] = f.kind == OutputFeature::Kind::peak     ? highest(curve).value
                : f.kind == OutputFeature::Kind::lowest ? lowest(curve).value
                : f.kind == OutputFeature::Kind::mean   ? curve.head(kCyclePoints - 1).mean()
                                                        : range_of(curve);
  }
  return values;
}

std::vector<double> curve_values(const Outputs& outputs, const CycleResult& result) {
  std::vector<double> values(outputs.curves.size() * kCyclePoints, std::numeric_limits<double>::quiet_NaN());
  if (result.frames.size() != kCyclePoints) return values;
  double* to = values.data();
  for (const int rule : outputs.curves)
    for (int i = 0; i < kCyclePoints; ++i) *to++ = outputs.rules[static_cast<std::size_t>(rule)].value(result, i);
  return values;
}

}  // namespace hipspine
