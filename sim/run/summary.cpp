// Between conventions, with o the tilt of the clinical pelvic plane:
//   tilt' = o - tilt, so min' = o - max, max' = o - min, and their places change roles (the map is its own inverse);
//   flexion' = flexion ± o.
#include "sim/run/summary.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "sim/core/units.h"

namespace hipspine {
namespace {

/// "kn2_s_per_cycle", "kn10_s_per_cycle"
std::string dose_key(std::size_t exponent) { return "kn" + std::to_string(kDoseExponents[exponent]) + "_s_per_cycle"; }

using Json = nlohmann::ordered_json;

ColumnSummary summarize_column(const Column& column, const Eigen::VectorXd& curve) {
  ColumnSummary s{column.name, column.unit, 0, 0, 0, 0, 0};
  Eigen::Index at_min = 0, at_max = 0;
  if (curve.allFinite()) {
    s.min = curve.minCoeff(&at_min);
    s.max = curve.maxCoeff(&at_max);
    s.mean = curve.head(curve.size() - 1).mean();
  } else {
    s.min = s.max = s.mean = std::nan("");
  }
  s.at_min_pct = static_cast<int>(at_min);
  s.at_max_pct = static_cast<int>(at_max);
  return s;
}

/// JSON has no NaN: null says that there is no number.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

double number_of(const Json& json) { return json.is_null() ? std::nan("") : json.get<double>(); }

Summary parse(const Json& json) {
  Summary s;
  json.at("title").get_to(s.title);
  json.at("version").get_to(s.version);
  s.question = json.value("question", "");
  s.expectation = json.value("expectation", "");
  s.task = json.value("task", "walk");
  s.strategy = json.value("strategy", "");
  s.name = json.value("name", s.title);
  s.convention = json.value("convention", "opensim") == "clinical" ? Convention::clinical : Convention::opensim;
  s.pelvic_plane_tilt_deg = json.value("pelvic_plane_tilt_deg", 0.0);
  s.mass_kg = number_of(json.at("mass_kg"));
  s.height_m = number_of(json.at("height_m"));
  s.step_length_m = {number_of(json.at("step_length_r_m")), number_of(json.at("step_length_l_m"))};
  s.speed_m_s = number_of(json.at("speed_m_s"));
  s.speed_wanted_m_s = json.value("speed_wanted_m_s", s.speed_m_s);
  s.stride_time_s = number_of(json.at("stride_time_s"));
  s.stride_length_m = s.speed_m_s * s.stride_time_s;
  s.toe_off_pct = {number_of(json.at("toe_off_r_pct")), json.value("toe_off_l_pct", std::nan(""))};
  s.slip_mm = json.value("slip_mm", std::nan(""));
  for (const auto& [name, c] : json.at("columns").items())
    s.columns.push_back({name, c.at("unit").get<std::string>(), number_of(c.at("min")), number_of(c.at("max")),
                         number_of(c.at("mean")), c.at("at_min_pct").get<int>(), c.at("at_max_pct").get<int>()});
  for (const Json& g : json.at("gates"))
    s.gates.push_back({g.at("name").get<std::string>(), number_of(g.at("value")), number_of(g.at("limit")),
                       g.at("unit").get<std::string>()});
  for (const auto& [file, hash] : json.at("inputs").items()) s.inputs.emplace_back(file, hash.get<std::string>());
  if (json.contains("saturated")) json.at("saturated").get_to(s.saturated);
  s.left_strike_pct = json.value("heel_strike_l_pct", 50.0);
  if (json.contains("doses"))
    for (const auto& [column, dose] : json.at("doses").items()) {
      LoadDose d{column, {}};
      for (std::size_t e = 0; e < kDoseExponents.size(); ++e) d.per_cycle[e] = number_of(dose.at(dose_key(e)));
      s.doses.push_back(std::move(d));
    }
  if (json.contains("efforts"))
    for (const Json& e : json.at("efforts"))
      s.efforts.push_back({e.at("group").get<std::string>(), e.at("side") == "left" ? kLeft : kRight,
                           number_of(e.at("mean")), number_of(e.at("peak")), number_of(e.at("fatigue"))});
  if (json.contains("costs"))
    for (const auto& [name, value] : json.at("costs").items()) s.costs.push_back({name, number_of(value)});
  return s;
}

}  // namespace

double Summary::weight_n() const { return mass_kg * kGravity_m_s2; }

const ColumnSummary* Summary::find(std::string_view column) const {
  const auto it = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == column; });
  return it == columns.end() ? nullptr : &*it;
}

const LoadDose* Summary::dose(std::string_view column) const {
  const auto it = std::find_if(doses.begin(), doses.end(), [&](const auto& d) { return d.column == column; });
  return it == doses.end() ? nullptr : &*it;
}

bool Summary::gates_pass() const {
  return std::all_of(gates.begin(), gates.end(), [](const QualityGate& g) { return g.pass(); });
}

Summary summarize(const Results& r) {
  Summary s;
  s.title = r.scenario.title;
  s.question = r.scenario.question;
  s.expectation = r.scenario.expectation;
  s.task = r.scenario.task;
  s.strategy = r.scenario.strategy;
  s.version = HIPSPINE_VERSION;
  s.name = std::filesystem::path(r.scenario.file).stem().string();
  if (s.name.empty()) s.name = s.title;
  s.convention = r.convention;
  s.pelvic_plane_tilt_deg = r.pelvic_plane_tilt_deg;
  s.mass_kg = r.mass_kg;
  s.height_m = r.height_m;
  s.speed_wanted_m_s = r.scenario.speed_m_s;
  s.speed_m_s = r.speed_m_s;
  s.stride_length_m = r.stride_length_m;
  s.stride_time_s = r.stride_time_s;
  s.step_length_m = r.step_length_m;
  s.toe_off_pct = r.toe_off_pct;
  s.left_strike_pct = r.left_strike_pct;
  s.slip_mm = r.slip_mm;
  for (std::size_t k = 0; k < r.columns.size(); ++k)
    s.columns.push_back(summarize_column(r.columns[k], r.values.col(static_cast<Eigen::Index>(k))));
  s.gates = r.gates;
  s.saturated = r.saturated;
  s.doses = r.doses;
  s.efforts = r.efforts;
  s.costs = r.costs;
  for (std::size_t k = 0; k < r.input_files.size() && k < r.input_hashes.size(); ++k)
    s.inputs.emplace_back(r.input_files[k], r.input_hashes[k]);
  return s;
}

Summary in_convention(Summary s, Convention convention) {
  if (s.convention == convention) return s;
  const double o = s.pelvic_plane_tilt_deg;
  const double flexion_offset = convention == Convention::clinical ? o : -o;
  for (ColumnSummary& c : s.columns) {
    if (c.name == "pelvis_tilt") {
      c = {c.name, c.unit, o - c.max, o - c.min, o - c.mean, c.at_max_pct, c.at_min_pct};
    } else if (c.name == "hip_flexion_r" || c.name == "hip_flexion_l") {
      c.min += flexion_offset;
      c.max += flexion_offset;
      c.mean += flexion_offset;
    }
  }
  s.convention = convention;
  return s;
}

Json to_json(const Summary& s) {
  Json j;
  j["program"] = "hipspine";
  j["version"] = s.version;
  j["title"] = s.title;
  j["name"] = s.name;
  j["question"] = s.question;
  j["expectation"] = s.expectation;
  j["task"] = s.task;
  j["strategy"] = s.strategy;
  j["convention"] = to_string(s.convention);
  j["pelvic_plane_tilt_deg"] = number(s.pelvic_plane_tilt_deg);
  j["mass_kg"] = number(s.mass_kg);
  j["height_m"] = number(s.height_m);
  j["inputs"] = Json::object();
  for (const auto& [file, hash] : s.inputs) j["inputs"][file] = hash;
  j["speed_wanted_m_s"] = number(s.speed_wanted_m_s);
  j["speed_m_s"] = number(s.speed_m_s);
  j["stride_length_m"] = number(s.stride_length_m);
  j["stride_time_s"] = number(s.stride_time_s);
  j["step_length_r_m"] = number(s.step_length_m[kRight]);
  j["step_length_l_m"] = number(s.step_length_m[kLeft]);
  j["toe_off_r_pct"] = number(s.toe_off_pct[kRight]);
  j["toe_off_l_pct"] = number(s.toe_off_pct[kLeft]);
  j["heel_strike_l_pct"] = number(s.left_strike_pct);
  j["slip_mm"] = number(s.slip_mm);
  j["costs"] = Json::object();
  for (const PlanCost& c : s.costs) j["costs"][c.name] = number(c.value);
  j["gates"] = Json::array();
  for (const QualityGate& g : s.gates)
    j["gates"].push_back({{"name", g.name},
                          {"value", number(g.value)},
                          {"limit", number(g.limit)},
                          {"unit", g.unit},
                          {"pass", g.pass()}});
  j["saturated"] = s.saturated;
  j["doses"] = Json::object();
  for (const LoadDose& d : s.doses)
    for (std::size_t e = 0; e < kDoseExponents.size(); ++e) j["doses"][d.column][dose_key(e)] = number(d.per_cycle[e]);
  j["efforts"] = Json::array();
  for (const MuscleEffort& e : s.efforts)
    j["efforts"].push_back({{"group", e.group},
                            {"side", e.side == kRight ? "right" : "left"},
                            {"mean", number(e.mean)},
                            {"peak", number(e.peak)},
                            {"fatigue", number(e.fatigue)}});
  j["columns"] = Json::object();
  for (const ColumnSummary& c : s.columns)
    j["columns"][c.name] = {{"unit", c.unit},
                            {"min", number(c.min)},
                            {"max", number(c.max)},
                            {"mean", number(c.mean)},
                            {"range", number(c.range())},
                            {"at_min_pct", c.at_min_pct},
                            {"at_max_pct", c.at_max_pct}};
  return j;
}

std::string json_text(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::optional<Summary> read_summary(const std::filesystem::path& path, Diagnostics& diagnostics) {
  std::error_code ignored;
  const auto file = std::filesystem::is_directory(path, ignored) ? path / "summary.json" : path;
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  if (!in || !(text << in.rdbuf())) {
    diagnostics.add({file.string(), 0, 0}, "E101", "cannot be read",
                    "a folder written by 'hipspine run --out' holds it");
    return std::nullopt;
  }
  try {
    const Json json = Json::parse(text.str());
    if (json.value("program", "") == "hipspine") return parse(json);
    diagnostics.add({file.string(), 0, 0}, "E302", "is not a summary written by this program");
  } catch (const Json::parse_error& error) {
    diagnostics.add({file.string(), 0, 0}, "E106", "is not JSON: " + std::string(error.what()));
  } catch (const Json::exception& error) {
    diagnostics.add({file.string(), 0, 0}, "E302", "is not a summary of this version: " + std::string(error.what()));
  }
  return std::nullopt;
}

}  // namespace hipspine
