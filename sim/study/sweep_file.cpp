// Levels of a range with a count: from + (to - from) n / (count - 1). A sampled range is uniform between its ends, a
// sampled list of values takes each equally often. Numbers become the shortest text that reads back the same, so that
// a row of the table can be run again with `hipspine run --set`.
#include "sim/study/sweep_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include "sim/core/document.h"
#include "sim/core/hash.h"
#include "sim/model/model_file.h"
#include "sim/model/scenario_text.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

constexpr double kMostCases = 1e8;   // chosen: a year on a hundred cores
constexpr int kMostParameters = 64;  // chosen: more than a scenario has of interest
constexpr int kMostOutputs = 256, kMostCurves = 64;

// What is kept of every case when the file does not say: how this person moves, and what it costs.
constexpr const char* kUsualOutputs[] = {
    "walking_speed_m_s",           "stride_length_m",          "hip_flexion_r.lowest",
    "hip_flexion_l.lowest",        "pelvis_tilt.mean",         "pelvis_tilt.range",
    "lumbar_extension.peak",       "lumbar_rotation.range",    "L4_L5_disc_compression.peak",
    "L4_L5_disc_pressure.peak",    "L4_L5_facet_r.peak",       "L4_L5_facet_l.peak",
    "L5_S1_disc_compression.peak", "L5_S1_disc_pressure.peak", "L5_S1_facet_r.peak",
    "L5_S1_facet_l.peak",          "si_r_shear.peak",          "si_l_shear.peak",
    "hip_r_contact.peak",          "hip_l_contact.peak"};

/// Keys that are words about a scenario and change no result.
bool is_about(const std::string& key) {
  return key == "title" || key == "question" || key == "expectation" || key == "source" || key == "include";
}

std::string shortest(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

bool is_number(const std::string& toml) {
  double x = 0;
  const char* end = toml.data() + toml.size();
  const auto read = std::from_chars(toml.data(), end, x);
  return read.ec == std::errc() && read.ptr == end;
}

bool is_sampled(SampleMethod m) { return m != SampleMethod::grid && m != SampleMethod::list; }

SweepParameter read_parameter(Table t, SampleMethod method) {
  SweepParameter p;
  p.place = t.place();
  if (t.has("keys")) {
    p.keys = t.texts("keys");
    if (t.has("key")) t.report("key", "E206", "give 'key' or 'keys', not both");
    t.text("key", "");
  } else {
    p.keys = {t.text("key")};
  }
  if (p.keys.empty()) t.report("keys", "E204", "'keys' names no scenario key");
  p.name = t.text("name", p.keys.empty() ? "" : p.keys.front());
  constexpr Range kAny{-1e9, 1e9};
  if (t.has("values")) {
    p.values = t.value_texts("values");
    if (p.values.empty()) t.report("values", "E204", "'values' holds no value");
    for (const char* key : {"from", "to", "count"}) {
      if (t.has(key)) t.report(key, "E206", std::string("'values' and '") + key + "' exclude each other");
      t.number(key, kAny, 0);
    }
  } else {
    p.from = t.number("from", kAny);
    p.to = t.number("to", kAny);
    const double count = t.number("count", {2, 1e6}, is_sampled(method) ? 2 : std::optional<double>());
    if (count != std::floor(count)) t.report("count", "E203", "'count' must be a whole number");
    if (is_sampled(method)) {
      if (t.has("count")) t.report("count", "E206", "a sampled range has no 'count'; 'samples' says how many cases");
    } else {
      for (int n = 0; n < static_cast<int>(count); ++n)
        p.values.push_back(shortest(p.from + (p.to - p.from) * n / (count - 1)));
    }
  }
  p.numeric = std::all_of(p.values.begin(), p.values.end(), is_number);
  t.finish();
  return p;
}

std::optional<SampleMethod> method_named(const std::string& name) {
  for (int m = 0; m < kSampleMethods; ++m)
    if (name == to_string(static_cast<SampleMethod>(m))) return static_cast<SampleMethod>(m);
  return std::nullopt;
}

std::vector<std::string> overrides(const SweepParameter& p, const std::string& value) {
  std::vector<std::string> out;
  for (const std::string& key : p.keys) out.push_back(key + "=" + value);
  return out;
}

/// The ends of each parameter alone on the base: faults of keys, types and ranges are faults of the file. Values that
/// only contradict others (E4xx) are left to the cases.
void check_ends(const SweepPlan& plan, Diagnostics& diagnostics) {
  for (const SweepParameter& p : plan.parameters) {
    std::vector<std::string> ends = p.values;
    if (ends.empty()) ends = {shortest(p.from), shortest(p.to)};
    std::set<std::string> said;
    for (const std::string& value : ends) {
      Diagnostics found;
      static_cast<void>(changed_scenario(plan.base, overrides(p, value), found));
      for (const Finding& f : found.findings())
        if (f.is_error() && !f.code.starts_with("E4") && said.insert(f.message).second)
          diagnostics.add(p.place, f.code, f.message, f.hint);
    }
  }
}

/// Hash of everything that a case depends on.
std::string identity_of(const SweepPlan& plan, const fs::path& models, Diagnostics& diagnostics) {
  std::string all = "hipspine " HIPSPINE_VERSION "\n" + plan.hash + "\n" + scenario_text(plan.base) +
                    to_string(plan.outputs.convention) + "\n";
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(models, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".toml") files.push_back(it->path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files)
    all += fs::relative(file, models, error).generic_string() + " " + Document::load(file, diagnostics).hash() + "\n";
  return hex_digits(fnv1a(all));
}

}  // namespace

SweepPlan load_sweep(const fs::path& file, const fs::path& models, Convention convention, Diagnostics& diagnostics) {
  SweepPlan plan;
  plan.file = file.generic_string();
  plan.outputs.convention = convention;
  const Document document = Document::load(file, diagnostics);
  if (diagnostics.has_errors()) return plan;
  plan.hash = document.hash();
  Table root = document.root();
  plan.title = root.text("title", file.stem().string());
  plan.question = root.text("question", "");
  const std::string base = root.text("base");
  const std::string method = root.text("method", "grid");
  const auto known = method_named(method);
  if (!known) {
    std::vector<std::string> names;
    for (int m = 0; m < kSampleMethods; ++m) names.push_back(to_string(static_cast<SampleMethod>(m)));
    root.report("method", "E205", "there is no method '" + method + "'", hint_for_unknown(method, names));
  }
  SampleDesign& design = plan.design;
  design.method = known.value_or(SampleMethod::grid);
  const bool sampled = is_sampled(design.method);
  const auto whole = [&](const char* key, Range range, std::optional<double> fallback) {
    const double x = root.number(key, range, fallback);
    if (x != std::floor(x)) root.report(key, "E203", "'" + std::string(key) + "' must be a whole number");
    return x;
  };
  const std::optional<double> none = sampled ? std::nullopt : std::optional<double>(0);
  design.samples = static_cast<std::int64_t>(whole("samples", {1, kMostCases}, none));
  design.seed = static_cast<std::uint64_t>(whole("seed", {0, 9e15}, 1.0));
  if (!sampled && root.has("samples"))
    root.report("samples", "E206",
                "a " + to_string(design.method) + " has no 'samples'; its values say how many cases");

  for (Table& t : root.tables("parameter")) plan.parameters.push_back(read_parameter(t, design.method));
  design.parameters = static_cast<int>(plan.parameters.size());
  if (design.parameters > kMostParameters)
    root.report("parameter", "E204", "more than " + std::to_string(kMostParameters) + " parameters");
  std::set<std::string> names, keys;
  for (const SweepParameter& p : plan.parameters) {
    if (!names.insert(p.name).second)
      diagnostics.add(p.place, "E207", "two parameters are called '" + p.name + "'", "'name' sets a heading");
    for (const std::string& key : p.keys) {
      if (!keys.insert(key).second) diagnostics.add(p.place, "E207", "the key '" + key + "' is moved twice");
      if (is_about(key)) diagnostics.add(p.place, "E207", "the key '" + key + "' changes no result");
    }
    if (p.name.find_first_of(",\"\n\r/") != std::string::npos || p.name.empty())
      diagnostics.add(p.place, "E203", "'name' must be a heading without comma, slash, quotes or line breaks");
  }
  double cases = 1;
  if (!sampled) {
    for (const SweepParameter& p : plan.parameters) {
      design.levels.push_back(std::max<std::int64_t>(1, static_cast<std::int64_t>(p.values.size())));
      cases = design.method == SampleMethod::grid ? cases * static_cast<double>(design.levels.back()) : cases;
      if (design.method == SampleMethod::list && design.levels.back() != design.levels.front())
        diagnostics.add(p.place, "E204",
                        "a list needs as many values for each parameter: " + std::to_string(design.levels.back()) +
                            " here, " + std::to_string(design.levels.front()) + " for the first");
    }
  } else {
    cases = static_cast<double>(design.samples) *
            (design.method == SampleMethod::saltelli ? static_cast<double>(saltelli_block(design.parameters)) : 1);
  }
  if (cases > kMostCases)
    root.report(sampled ? "samples" : "parameter", "E203",
                shortest(cases) + " cases are more than " + shortest(kMostCases));

  const std::vector<std::string> outputs = root.texts("outputs", false), curves = root.texts("curves", false);
  const Place outputs_at = root.place("outputs"), curves_at = root.place("curves");
  root.finish();
  if (!base.empty()) plan.base = load_scenario((file.parent_path() / base).lexically_normal(), {}, diagnostics);
  if (diagnostics.has_errors()) return plan;
  check_ends(plan, diagnostics);

  plan.outputs.rules = column_rules(load_model(models, plan.base, diagnostics), convention);
  std::set<std::string> once;
  const auto add_output = [&](const std::string& name) {
    if (!once.insert(name).second) diagnostics.add(outputs_at, "E207", "the output '" + name + "' is named twice");
    if (names.count(name) > 0)
      diagnostics.add(outputs_at, "E207", "'" + name + "' is the heading of a parameter too", "'name' sets a heading");
    plan.outputs.features.push_back(read_feature(name, plan.outputs.rules, outputs_at, diagnostics));
  };
  if (outputs.empty())
    for (const char* name : kUsualOutputs) add_output(name);
  for (const std::string& name : outputs) add_output(name);
  for (const std::string& name : curves) {
    if (!once.insert("curve " + name).second)
      diagnostics.add(curves_at, "E207", "the curve '" + name + "' is named twice");
    const OutputFeature f = read_feature(name + ".peak", plan.outputs.rules, curves_at, diagnostics);
    plan.outputs.curves.push_back(f.rule);
  }
  if (plan.outputs.features.size() > kMostOutputs || plan.outputs.curves.size() > kMostCurves)
    diagnostics.add(
        outputs_at, "E204",
        "at most " + std::to_string(kMostOutputs) + " outputs and " + std::to_string(kMostCurves) + " curves");
  if (!diagnostics.has_errors()) plan.identity = identity_of(plan, models, diagnostics);
  return plan;
}

std::vector<std::string> values_of_case(const SweepPlan& plan, std::int64_t index) {
  std::vector<std::string> values;
  if (!is_sampled(plan.design.method)) {
    const std::vector<std::int64_t> level = levels_of_case(plan.design, index);
    for (std::size_t k = 0; k < plan.parameters.size(); ++k)
      values.push_back(plan.parameters[k].values[static_cast<std::size_t>(level[k])]);
    return values;
  }
  const std::vector<double> u = point_of_case(plan.design, index);
  for (std::size_t k = 0; k < plan.parameters.size(); ++k) {
    const SweepParameter& p = plan.parameters[k];
    values.push_back(p.values.empty()
                         ? shortest(p.from + (p.to - p.from) * u[k])
                         : p.values[static_cast<std::size_t>(u[k] * static_cast<double>(p.values.size()))]);
  }
  return values;
}

std::string plain_value(const std::string& toml) {
  const bool word = toml.size() >= 2 && toml.front() == '"' && toml.find('\\') == std::string::npos;
  return word ? toml.substr(1, toml.size() - 2) : toml;
}

Scenario scenario_of_case(const SweepPlan& plan, std::int64_t index, Diagnostics& diagnostics) {
  const std::vector<std::string> values = values_of_case(plan, index);
  std::vector<std::string> all;
  for (std::size_t k = 0; k < values.size(); ++k)
    for (std::string& text : overrides(plan.parameters[k], values[k])) all.push_back(std::move(text));
  return changed_scenario(plan.base, all, diagnostics);
}

}  // namespace hipspine
