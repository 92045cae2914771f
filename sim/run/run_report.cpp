// Loads are the largest of the cycle; "@" is the percent of the cycle where they stand. BW = body weight.
#include "sim/run/run_report.h"

#include <algorithm>
#include <cmath>

#include "sim/run/muscle_words.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr int kWidth = 100;

std::string peak(const Summary& s, const std::string& column, int decimals) {
  const ColumnSummary* c = s.find(column);
  return c == nullptr ? "-" : fixed(c->max, decimals) + " @" + std::to_string(c->at_max_pct);
}

std::string stride_text(const Summary& s) {
  if (s.task != "walk")
    return "task " + s.task + ", one cycle of " + fixed(s.stride_time_s, 1) + " s, both feet on the floor\n";
  std::string out = "speed " + fixed(s.speed_m_s, 2) + " m/s";
  if (std::abs(s.speed_m_s - s.speed_wanted_m_s) > 0.005) out += " (wanted " + fixed(s.speed_wanted_m_s, 2) + ")";
  out += ", steps " + fixed(s.step_length_m[kRight], 3) + " m right and " + fixed(s.step_length_m[kLeft], 3) +
         " m left, stride time " + fixed(s.stride_time_s, 2) + " s, toe-off at " + fixed(s.toe_off_pct[kRight], 0) +
         " %";
  return wrapped(out, kWidth);
}

std::string angle_text(const Summary& s) {
  TextTable table({{"angle, deg", false}, {"lowest", true}, {"highest", true}, {"range", true}, {"positive", false}});
  const auto add = [&](const char* column, const char* positive) {
    if (const ColumnSummary* c = s.find(column))
      table.add({column, fixed(c->min, 1) + " @" + std::to_string(c->at_min_pct),
                 fixed(c->max, 1) + " @" + std::to_string(c->at_max_pct), fixed(c->range(), 1), positive});
  };
  const bool clinical = s.convention == Convention::clinical;
  add("hip_flexion_r", "flexion");
  add("hip_flexion_l", "flexion");
  add("pelvis_tilt", clinical ? "forward" : "backward");
  add("pelvis_list", "right side down");
  add("pelvis_rotation", "to the left");
  add("lumbar_extension", "extension");
  add("lumbar_bending", "to the right");
  add("lumbar_rotation", "to the left");
  return table.text();
}

std::string level_text(const Summary& s) {
  TextTable table({{"level", false},
                   {"compression N", true},
                   {"shear fwd N", true},
                   {"disc N", true},
                   {"disc MPa", true},
                   {"facet right N", true},
                   {"facet left N", true},
                   {"ligaments N", true}});
  for (const char* level : {"T12_L1", "L1_L2", "L2_L3", "L3_L4", "L4_L5", "L5_S1"}) {
    const std::string l = level;
    table.add({level_words(l), peak(s, l + "_compression", 0), peak(s, l + "_shear_ap", 0),
               peak(s, l + "_disc_compression", 0), peak(s, l + "_disc_pressure", 2), peak(s, l + "_facet_r", 0),
               peak(s, l + "_facet_l", 0), peak(s, l + "_ligament", 0)});
  }
  return table.text();
}

std::string joint_text(const Summary& s) {
  TextTable table({{"joint", false}, {"right", true}, {"left", true}, {"unit", false}});
  const auto add = [&](const char* name, const std::string& right, const std::string& left, const std::string& unit,
                       int decimals) {
    table.add({name, peak(s, right, decimals), peak(s, left, decimals), unit});
  };
  add("hip contact force", "hip_r_contact", "hip_l_contact", "N", 0);
  add("sacroiliac compression", "si_r_compression", "si_l_compression", "N", 0);
  add("sacroiliac shear", "si_r_shear", "si_l_shear", "N", 0);
  add("sacroiliac moment", "si_r_moment", "si_l_moment", "N·m", 0);
  add("sacroiliac nutation", "si_r_nutation", "si_l_nutation", "deg", 2);
  table.add({"pubic symphysis, force", peak(s, "symphysis_force", 0), "", "N"});
  std::string out = table.text();
  const ColumnSummary *r = s.find("hip_r_contact"), *l = s.find("hip_l_contact");
  if (r != nullptr && l != nullptr)
    out += "hip contact in body weights: right " + fixed(r->max / s.weight_n(), 2) + ", left " +
           fixed(l->max / s.weight_n(), 2) + "\n";
  return out;
}

std::string gate_text(const Summary& s) {
  TextTable table({{"quality gate", false, 52}, {"value", true}, {"limit", true}, {"unit", false}, {"", false}});
  for (const QualityGate& g : s.gates)
    table.add({g.name, significant(g.value, 3), significant(g.limit, 3), g.unit, g.pass() ? "green" : "RED"});
  return table.text();
}

}  // namespace

std::string run_text(const Summary& s) {
  std::string out = wrapped(s.title, kWidth);
  if (!s.question.empty()) out += wrapped("Question: " + s.question, kWidth, 2);
  if (!s.expectation.empty()) out += wrapped("Expected: " + s.expectation, kWidth, 2);
  out += "\n" + stride_text(s) + "\n" + angle_text(s);
  out += "\nLargest loads, with the percent of the cycle where they stand (model estimates)\n" + level_text(s);
  out += "\n" + joint_text(s);
  if (!s.costs.empty()) {
    std::string costs = "What this way of moving costs, strategy " + s.strategy + " (mean squared departures):";
    for (const PlanCost& c : s.costs) costs += " " + c.name + " " + significant(c.value, 3) + ",";
    costs.back() = '.';
    out += "\n" + wrapped(costs, kWidth, 2);
  }
  out += "\n" + gate_text(s);
  if (!s.saturated.empty()) {
    std::string names = "Muscles at their limit somewhere:";
    for (const std::string& m : s.saturated) names += " " + m + ",";
    names.back() = '.';
    out += wrapped(names, kWidth, 2);
  }
  return out;
}

std::string compensation_text(const Comparison& c) {
  const std::vector<ComparedRow> rows = largest_changes(c, 10);
  if (rows.empty()) return "\nAgainst the same person with healthy hips and muscles: nothing that would be noticed.\n";
  std::string out = "\nAgainst the same person with healthy hips and muscles, largest changes first\n";
  TextTable table(
      {{"what", false, 50}, {"healthy", true}, {"now", true}, {"change", true}, {"unit", false}, {"%", true}});
  for (const ComparedRow& r : rows) {
    const int d = decimals_for(r.unit);
    table.add({r.label, fixed(r.a, d), fixed(r.b, d), with_sign(r.change, d), r.unit,
               std::isfinite(r.percent) ? with_sign(r.percent, 0) : ""});
  }
  return out + table.text();
}

}  // namespace hipspine
