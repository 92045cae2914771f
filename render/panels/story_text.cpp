#include <algorithm>
#include <cmath>

#include "render/panels/story.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

/// chosen: a tenth of a clear change (compare.cpp) is what a reader would call the same
constexpr double kSame = 0.1;

const ComparedRow* find(const Comparison& c, const std::string& column, Statistic statistic) {
  for (const ComparedGroup& g : c.groups)
    for (const ComparedRow& r : g.rows)
      if (r.column == column && r.statistic == statistic) return &r;
  return nullptr;
}

bool ends_with(const ComparedRow& r, std::string_view end) { return std::string_view(r.column).ends_with(end); }

/// Of the rows whose column ends so: the one with the largest load now.
const ComparedRow* largest_now(const Comparison& c, std::string_view end, std::string_view or_end) {
  const ComparedRow* best = nullptr;
  for (const ComparedGroup& g : c.groups)
    for (const ComparedRow& r : g.rows)
      if (r.statistic == Statistic::highest && (ends_with(r, end) || ends_with(r, or_end)) && (!best || r.b > best->b))
        best = &r;
  return best;
}

std::string from_to(const ComparedRow& r, int decimals) {
  std::string text = fixed(r.a, decimals) + " to " + fixed(r.b, decimals) + " " + r.unit;
  if (std::isfinite(r.percent)) text += " (" + with_sign(r.percent, 0) + " %)";
  return text;
}

std::string moved(const ComparedRow& r, const char* more, const char* less) {
  return fixed(std::abs(r.change), 1) + "° " + (r.change > 0 ? more : less);
}

}  // namespace

std::vector<ComparedRow> story_rows(const Comparison& comparison) {
  std::vector<ComparedRow> rows;
  for (const ComparedGroup& g : comparison.groups)
    for (ComparedRow r : g.rows) {
      if (r.weight < kSame) continue;
      if (g.title.starts_with("Pelvis")) r.label = "pelvis, " + r.label;
      if (g.title.starts_with("Lumbar") && !ends_with(r, "_FE")) r.label = "lumbar spine, " + r.label;
      rows.push_back(std::move(r));
    }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const ComparedRow& x, const ComparedRow& y) { return x.weight > y.weight; });
  return rows;
}

bool in_part(const ComparedRow& row, std::size_t part) {
  const bool spine = row.column.find("_S1_") != std::string::npos || row.column.find("_L") != std::string::npos ||
                     row.column.starts_with("lumbar_");
  const bool muscle = row.column.ends_with("_force") && !row.column.starts_with("symphysis");
  const bool moving = row.unit == "deg" || row.statistic == Statistic::value;
  switch (part) {
    case 1:
      return moving;
    case 2:
      return spine && !muscle;
    case 3:
      return !spine && !muscle && !moving;
    case 4:
      return muscle;
    default:
      return true;
  }
}

std::string story_text(const Comparison& c) {
  const ComparedRow* hip = find(c, "hip_flexion_r", Statistic::lowest);
  const ComparedRow* left = find(c, "hip_flexion_l", Statistic::lowest);
  std::string side = "right";
  if (hip && left && std::abs(left->change) > std::abs(hip->change) + 0.05) {
    hip = left;
    side = "left";
  }
  const ComparedRow* tilt = find(c, "pelvis_tilt", Statistic::highest);
  const ComparedRow* hollow = find(c, "lumbar_extension", Statistic::highest);
  const ComparedRow* facet = largest_now(c, "_facet_r", "_facet_l");
  const ComparedRow* pressure = largest_now(c, "_disc_pressure", "_disc_pressure");
  if (!hip || !tilt || !hollow || !facet || !pressure) return "There is nothing to compare.";

  const bool still = hip->weight < kSame && tilt->weight < kSame && hollow->weight < kSame;
  std::string text;
  if (still)
    text = "The body moves like that of the same person with healthy hips and muscles.";
  else
    text = "The " + side + " hip extends to " + fixed(hip->b, 1) + "° (healthy " + fixed(hip->a, 1) +
           "°); the pelvis tips " + moved(*tilt, "further forward", "less far forward") + " and the back is " +
           moved(*hollow, "more hollow", "less hollow") + " at its peak.";
  if (still && facet->weight < kSame && pressure->weight < kSame) return text + " Discs and facets carry the same.";
  return text + " The most loaded facet joint, " + facet->label + ", goes from " + from_to(*facet, 0) +
         "; the highest disc pressure, " + pressure->label.substr(0, pressure->label.find(' ')) + ", from " +
         from_to(*pressure, 2) + ".";
}

}  // namespace hipspine
