// weight = |b - a| / clear(unit): an order of importance across units, so that ten degrees stand before ten newtons.
// Percentages are left out where zero is arbitrary (angles, except ranges) and where a is nearly zero.
#include "sim/run/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/units.h"
#include "sim/run/muscle_words.h"

namespace hipspine {
namespace {

const char* side_name(int side) { return side == kRight ? "right" : "left"; }
const char* side_end(int side) { return side == kRight ? "_r" : "_l"; }

/// What counts as a clear change, chosen from the scatter of repeated walks: 2 deg, 0.1 body weight on a joint, …
double clear_change(const std::string& unit, double weight_n) {
  if (unit == "deg") return 2.0;
  if (unit == "N") return 0.1 * weight_n;
  if (unit == "N·m") return 5.0;
  if (unit == "MPa") return 0.05;
  if (unit == "m") return 0.03;
  if (unit == "m/s") return 0.05;
  if (unit == "s") return 0.03;
  if (unit == "%") return 2.0;
  return 0.05;
}

double read(const ColumnSummary& c, Statistic statistic) {
  switch (statistic) {
    case Statistic::lowest:
      return c.min;
    case Statistic::highest:
      return c.max;
    case Statistic::mean:
      return c.mean;
    default:
      return c.range();
  }
}

int place(const ColumnSummary& c, Statistic statistic) {
  if (statistic == Statistic::lowest) return c.at_min_pct;
  return statistic == Statistic::highest ? c.at_max_pct : -1;
}

/// Builds the groups; a quantity that one of the two lacks is left out.
class Builder {
 public:
  Builder(const Summary& a, const Summary& b) : a_(a), b_(b) {}

  void group(std::string title, std::size_t shown = std::numeric_limits<std::size_t>::max()) {
    groups_.push_back({std::move(title), {}, shown});
  }

  /// `sign` -1 turns the number round, so that the words of the label count upwards.
  void column(std::string label, const std::string& name, Statistic statistic, double sign = 1) {
    const ColumnSummary* ca = a_.find(name);
    const ColumnSummary* cb = b_.find(name);
    if (ca == nullptr || cb == nullptr || ca->unit != cb->unit) return;
    ComparedRow row{std::move(label), name, statistic, ca->unit};
    row.a = sign * read(*ca, statistic);
    row.b = sign * read(*cb, statistic);
    row.at_a_pct = place(*ca, statistic);
    row.at_b_pct = place(*cb, statistic);
    finish(std::move(row), ca->unit != "deg" || statistic == Statistic::range);
  }

  void fact(std::string label, std::string key, std::string unit, double a, double b) {
    ComparedRow row{std::move(label), std::move(key), Statistic::value, std::move(unit)};
    row.a = a;
    row.b = b;
    finish(std::move(row), row.unit != "%");
  }

  std::vector<ComparedGroup> take() {
    for (ComparedGroup& g : groups_) {
      std::stable_sort(g.rows.begin(), g.rows.end(),
                       [](const ComparedRow& x, const ComparedRow& y) { return x.weight > y.weight; });
      g.shown = std::min(g.shown, g.rows.size());
    }
    return std::move(groups_);
  }

 private:
  void finish(ComparedRow row, bool with_percent) {
    const double clear = clear_change(row.unit, a_.weight_n());
    row.change = row.b - row.a;
    row.weight = std::isfinite(row.change) ? std::abs(row.change) / clear : 0;
    const bool sensible = with_percent && std::abs(row.a) > 0.25 * clear;
    row.percent = sensible ? 100 * row.change / std::abs(row.a) : std::nan("");
    groups_.back().rows.push_back(std::move(row));
  }

  const Summary& a_;
  const Summary& b_;
  std::vector<ComparedGroup> groups_;
};

void add_walking(const Summary& a, const Summary& b, Builder& out) {
  if (a.task != "walk" || b.task != "walk") return;
  out.group("Walking");
  out.fact("walking speed", "speed_m_s", "m/s", a.speed_m_s, b.speed_m_s);
  out.fact("right step length", "step_length_r_m", "m", a.step_length_m[kRight], b.step_length_m[kRight]);
  out.fact("left step length", "step_length_l_m", "m", a.step_length_m[kLeft], b.step_length_m[kLeft]);
  out.fact("stride length", "stride_length_m", "m", a.stride_length_m, b.stride_length_m);
  out.fact("stride time", "stride_time_s", "s", a.stride_time_s, b.stride_time_s);
  out.fact("right toe-off", "toe_off_r_pct", "%", a.toe_off_pct[kRight], b.toe_off_pct[kRight]);
}

void add_angles(Builder& out) {
  out.group("Hip, knee and ankle angles");
  for (int side : {kRight, kLeft}) {
    const std::string who = side_name(side), end = side_end(side);
    out.column(who + " hip, furthest extension", "hip_flexion" + end, Statistic::lowest, -1);
    out.column(who + " hip, furthest flexion", "hip_flexion" + end, Statistic::highest);
    out.column(who + " hip, range flexion-extension", "hip_flexion" + end, Statistic::range);
    out.column(who + " hip, furthest adduction", "hip_adduction" + end, Statistic::highest);
    out.column(who + " hip, furthest abduction", "hip_adduction" + end, Statistic::lowest, -1);
    out.column(who + " hip, furthest internal rotation", "hip_rotation" + end, Statistic::highest);
    out.column(who + " hip, furthest external rotation", "hip_rotation" + end, Statistic::lowest, -1);
    out.column(who + " knee, furthest flexion", "knee_angle" + end, Statistic::highest);
    out.column(who + " knee, furthest extension", "knee_angle" + end, Statistic::lowest, -1);
    out.column(who + " ankle, furthest dorsiflexion", "ankle_angle" + end, Statistic::highest);
  }
  out.group("Pelvis angles");
  out.column("forward tilt, largest", "pelvis_tilt", Statistic::highest);
  out.column("forward tilt, mean", "pelvis_tilt", Statistic::mean);
  out.column("tilt, range", "pelvis_tilt", Statistic::range);
  out.column("side to side (list), range", "pelvis_list", Statistic::range);
  out.column("right side down, mean", "pelvis_list", Statistic::mean);
  out.column("rotation, range", "pelvis_rotation", Statistic::range);
  out.column("turned to the left, mean", "pelvis_rotation", Statistic::mean);
  out.group("Lumbar spine angles (the six levels together, then each)");
  out.column("extension, largest", "lumbar_extension", Statistic::highest);
  out.column("extension, mean", "lumbar_extension", Statistic::mean);
  out.column("extension, range", "lumbar_extension", Statistic::range);
  out.column("side bending, range", "lumbar_bending", Statistic::range);
  out.column("bent to the right, mean", "lumbar_bending", Statistic::mean);
  out.column("rotation, range", "lumbar_rotation", Statistic::range);
  out.column("turned to the left, mean", "lumbar_rotation", Statistic::mean);
}

/// Levels are read from the columns themselves, so a result names its own levels.
std::vector<std::string> levels_of(const Summary& s) {
  static constexpr std::string_view kEnd = "_disc_compression";
  std::vector<std::string> levels;
  for (const ColumnSummary& c : s.columns)
    if (c.name.size() > kEnd.size() && c.name.ends_with(kEnd))
      levels.push_back(c.name.substr(0, c.name.size() - kEnd.size()));
  return levels;
}

void add_levels(const Summary& a, Builder& out) {
  const std::vector<std::string> levels = levels_of(a);
  for (const auto& l : levels) out.column(level_words(l) + " extension, largest", l + "_FE", Statistic::highest);
  out.group("Discs, largest load in the cycle");
  for (const auto& l : levels) {
    out.column(level_words(l) + " disc, compression", l + "_disc_compression", Statistic::highest);
    out.column(level_words(l) + " disc, shear", l + "_disc_shear", Statistic::highest);
    out.column(level_words(l) + " disc, pressure", l + "_disc_pressure", Statistic::highest);
  }
  out.group("Facet joints, largest contact force in the cycle");
  for (const auto& l : levels)
    for (int side : {kRight, kLeft})
      out.column(level_words(l) + " " + side_name(side) + " facet", l + "_facet" + side_end(side), Statistic::highest);
  out.group("Whole lumbar levels (disc, facets and ligaments together), largest in the cycle");
  for (const auto& l : levels) {
    out.column(level_words(l) + " compression", l + "_compression", Statistic::highest);
    out.column(level_words(l) + " forward shear", l + "_shear_ap", Statistic::highest);
    out.column(level_words(l) + " ligament tension", l + "_ligament", Statistic::highest);
  }
}

void add_pelvis_and_hips(Builder& out) {
  out.group("Sacroiliac joints and symphysis, largest in the cycle");
  for (int side : {kRight, kLeft}) {
    const std::string who = std::string(side_name(side)) + " sacroiliac joint, ";
    const std::string n = std::string("si") + side_end(side);
    out.column(who + "compression", n + "_compression", Statistic::highest);
    out.column(who + "shear", n + "_shear", Statistic::highest);
    out.column(who + "moment", n + "_moment", Statistic::highest);
    out.column(who + "nutation", n + "_nutation", Statistic::highest);
  }
  out.column("symphysis, force", "symphysis_force", Statistic::highest);
  out.group("Hips, largest in the cycle");
  for (int side : {kRight, kLeft}) {
    const std::string who = std::string(side_name(side)) + " hip, ", end = side_end(side);
    out.column(who + "contact force", "hip" + end + "_contact", Statistic::highest);
    out.column(who + "flexing moment", "hip_flexion" + end + "_moment", Statistic::highest);
    out.column(who + "extending moment", "hip_flexion" + end + "_moment", Statistic::lowest, -1);
    out.column(who + "abducting moment", "hip_adduction" + end + "_moment", Statistic::lowest, -1);
    out.column(who + "passive flexing moment", "hip" + end + "_passive_flexion", Statistic::highest);
  }
}

void add_muscles(const Summary& a, Builder& out) {
  static constexpr std::string_view kEnd = "_force";
  out.group("Muscles, largest force in the cycle", 20);
  for (const ColumnSummary& c : a.columns) {
    if (c.name.size() <= kEnd.size() || !c.name.ends_with(kEnd)) continue;
    const std::string muscle = c.name.substr(0, c.name.size() - kEnd.size());
    if (a.find(muscle + "_activation") != nullptr) out.column(muscle_words(muscle), c.name, Statistic::highest);
  }
}

/// Forward tilt counts upwards in both conventions: the opensim column is turned round before rows are made.
Summary with_forward_tilt(Summary s) {
  if (s.convention == Convention::clinical) return s;
  for (ColumnSummary& c : s.columns)
    if (c.name == "pelvis_tilt") c = {c.name, c.unit, -c.max, -c.min, -c.mean, c.at_max_pct, c.at_min_pct};
  return s;
}

}  // namespace

std::string to_string(Statistic statistic) {
  switch (statistic) {
    case Statistic::lowest:
      return "min";
    case Statistic::highest:
      return "max";
    case Statistic::mean:
      return "mean";
    case Statistic::range:
      return "range";
    default:
      return "value";
  }
}

Comparison compare(const Summary& a, const Summary& b) {
  Comparison out{a, in_convention(b, a.convention), {}};
  const Summary read_a = with_forward_tilt(out.a), read_b = with_forward_tilt(out.b);
  Builder builder(read_a, read_b);
  add_walking(read_a, read_b, builder);
  add_angles(builder);
  add_levels(read_a, builder);
  add_pelvis_and_hips(builder);
  add_muscles(read_a, builder);
  out.groups = builder.take();
  return out;
}

std::vector<ComparedRow> largest_changes(const Comparison& comparison, std::size_t count) {
  std::vector<ComparedRow> rows;
  for (const ComparedGroup& g : comparison.groups) {
    std::vector<std::string> columns;  // one row per column: its range says again what its peak said
    for (const ComparedRow& row : g.rows) {
      if (columns.size() == 2 || row.weight < 0.5) break;
      if (std::find(columns.begin(), columns.end(), row.column) != columns.end()) continue;
      columns.push_back(row.column);
      rows.push_back(row);
      rows.back().label = g.title.substr(0, 6) == "Pelvis"   ? "pelvis, " + row.label
                          : g.title.substr(0, 6) == "Lumbar" ? "lumbar spine, " + row.label
                                                             : row.label;
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const ComparedRow& x, const ComparedRow& y) { return x.weight > y.weight; });
  rows.resize(std::min(rows.size(), count));
  return rows;
}

nlohmann::ordered_json to_json(const Comparison& comparison) {
  using Json = nlohmann::ordered_json;
  const auto number = [](double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); };
  const auto percent_place = [](int at) { return at < 0 ? Json(nullptr) : Json(at); };
  const auto head = [](const Summary& s) {
    return Json{{"name", s.name}, {"title", s.title}, {"strategy", s.strategy}, {"gates_pass", s.gates_pass()}};
  };
  Json j;
  j["convention"] = to_string(comparison.a.convention);
  j["a"] = head(comparison.a);
  j["b"] = head(comparison.b);
  j["groups"] = Json::array();
  for (const ComparedGroup& g : comparison.groups) {
    Json rows = Json::array();
    for (const ComparedRow& r : g.rows)
      rows.push_back({{"label", r.label},
                      {"column", r.column},
                      {"statistic", to_string(r.statistic)},
                      {"unit", r.unit},
                      {"a", number(r.a)},
                      {"b", number(r.b)},
                      {"at_a_pct", percent_place(r.at_a_pct)},
                      {"at_b_pct", percent_place(r.at_b_pct)},
                      {"change", number(r.change)},
                      {"change_pct", number(r.percent)}});
    j["groups"].push_back({{"title", g.title}, {"rows", std::move(rows)}});
  }
  return j;
}

}  // namespace hipspine
