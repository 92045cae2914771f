// Layout of one row, at most 100 columns: label 42 | a 9, place 6 | b 9, place 6 | change 10, percent 9; blanks
// between.
#include <algorithm>
#include <cmath>

#include "sim/run/compare.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr int kLabel = 42, kNumber = 9, kPlace = 6, kChange = 10, kPercent = 9;
constexpr int kWidth = 100;

/// 100 % is the same instant as 0 %.
std::string place_text(int at_pct) { return at_pct < 0 ? "" : "@" + std::to_string(at_pct % 100) + " %"; }

std::string value_text(double value, const std::string& unit) { return fixed(value, decimals_for(unit)); }

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string heading(const ComparedGroup& group, const Comparison& c) {
  std::string out = "\n" + group.title + "\n";
  out += fitted("", kLabel) + " " + fitted(c.a.name, kNumber + kPlace, true) + " " +
         fitted(c.b.name, kNumber + kPlace, true) + " " + fitted("change", kChange, true);
  return trimmed(out);
}

std::string line(const ComparedRow& r) {
  const std::string percent = std::isfinite(r.percent) ? with_sign(r.percent, 0) + " %" : "";
  return trimmed(fitted(r.label + " [" + r.unit + "]", kLabel) + " " + fitted(value_text(r.a, r.unit), kNumber, true) +
                 fitted(place_text(r.at_a_pct), kPlace, true) + " " + fitted(value_text(r.b, r.unit), kNumber, true) +
                 fitted(place_text(r.at_b_pct), kPlace, true) + " " +
                 fitted(with_sign(r.change, decimals_for(r.unit)), kChange, true) + fitted(percent, kPercent, true));
}

std::string gate_lines(const Summary& s) {
  std::string out;
  for (const QualityGate& g : s.gates)
    if (!g.pass())
      out += wrapped("  " + s.name + ": " + g.name + " is " + significant(g.value, 3) + " " + g.unit + ", limit " +
                         significant(g.limit, 3) + " " + g.unit,
                     kWidth, 4);
  return out;
}

}  // namespace

std::string comparison_text(const Comparison& c) {
  std::string out;
  out += wrapped(c.a.name + ": " + c.a.title, kWidth, 4);
  out += wrapped(c.b.name + ": " + c.b.title, kWidth, 4);
  if (!c.b.question.empty()) out += wrapped("Question: " + c.b.question, kWidth, 4);
  if (!c.b.expectation.empty()) out += wrapped("Expected: " + c.b.expectation, kWidth, 4);

  const std::vector<ComparedRow> most = largest_changes(c, 8);
  out += "\nWhat changed most\n";
  if (most.empty()) out += "  nothing that would be noticed: every change is within the scatter of repeated walks\n";
  for (const ComparedRow& r : most) {
    const int decimals = decimals_for(r.unit);
    std::string text = "  " + r.label + ": " + fixed(r.a, decimals) + " -> " + fixed(r.b, decimals) + " " + r.unit +
                       " (" + with_sign(r.change, decimals);
    if (std::isfinite(r.percent)) text += ", " + with_sign(r.percent, 0) + " %";
    out += wrapped(text + ")", kWidth, 4);
  }

  for (const ComparedGroup& group : c.groups) {
    if (group.rows.empty()) continue;
    out += heading(group, c);
    for (std::size_t k = 0; k < group.shown; ++k) out += line(group.rows[k]);
    if (group.shown < group.rows.size())
      out += "  and " + std::to_string(group.rows.size() - group.shown) + " more that changed less (all in --json)\n";
  }

  out += "\n";
  out += wrapped(
      "@ is the place in the cycle; in walking from one right heel strike (0 %) to the next (100 %). Within a group "
      "the "
      "largest change stands first. Angles are peaks unless a range or a mean is named; " +
          std::string(c.a.convention == Convention::clinical
                          ? "pelvic tilt and hip flexion are clinical (from the pelvic plane)."
                          : "tilt and hip angles count from the neutral pelvis."),
      kWidth);
  out +=
      wrapped("Loads of discs, facets, ligaments and sacroiliac joints are model estimates, not measurements.", kWidth);
  const std::string missed = gate_lines(c.a) + gate_lines(c.b);
  out +=
      missed.empty() ? "Quality gates: all green.\n" : "Quality gates missed, read the numbers with care:\n" + missed;
  return out;
}

}  // namespace hipspine
