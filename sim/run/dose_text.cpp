#include "sim/run/dose_text.h"

#include <cmath>

#include "sim/run/muscle_words.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr double kMuchMore = 100;  // chosen: beyond that the base hardly bears load, and a ratio says nothing more

std::string load_text(const Summary& s, const Summary* base) {
  const bool walks = s.task == "walk";
  const double per_1000 = cycles_per_1000(s.task), per_day = cycles_per_day(s.task);
  std::vector<TextTable::Head> heads = {
      {"dose, kN² s", false}, {walks ? "per step" : "each time", true}, {"per 1000", true}};
  if (per_day > 0) heads.push_back({"per day", true});
  if (base != nullptr) heads.insert(heads.end(), {{"of the base", true}, {"power 10", true}});
  TextTable table(heads);
  for (const char* level : {"L5_S1", "L4_L5"})
    for (const auto& [end, words] : {std::pair("_disc_compression", " disc"), std::pair("_facet_r", " right facet"),
                                     std::pair("_facet_l", " left facet")}) {
      const std::string column = std::string(level) + end;
      const LoadDose* d = s.dose(column);
      if (d == nullptr) continue;
      std::vector<std::string> cells = {level_words(level) + words, dose_number(d->per_cycle[0] * per_1000 / 1000),
                                        dose_number(d->per_cycle[0] * per_1000)};
      if (per_day > 0) cells.push_back(dose_number(d->per_cycle[0] * per_day));
      if (const LoadDose* b = base == nullptr ? nullptr : base->dose(column))
        for (std::size_t n = 0; n < kDoseExponents.size(); ++n)
          cells.push_back(dose_ratio(d->per_cycle[n], b->per_cycle[n]));
      table.add(cells);
    }
  if (table.empty()) return "";
  std::string out = "\nWhat it adds up to: squared load over time";
  if (per_day > 0) out += "; a day has " + fixed(kStepsPerDay, 0) + " steps";
  return out + "\n" + table.text();
}

std::string effort_text(const Summary& s, const Summary* base) {
  std::vector<TextTable::Head> heads = {
      {"muscle effort, %", false}, {"mean right", true}, {"left", true}, {"peak right", true}, {"left", true}};
  if (base != nullptr) heads.insert(heads.end(), {{"fatigue of the base, right", true}, {"left", true}});
  TextTable table(heads);
  const auto find = [](const Summary& of, const std::string& group, int side) -> const MuscleEffort* {
    for (const MuscleEffort& e : of.efforts)
      if (e.group == group && e.side == side) return &e;
    return nullptr;
  };
  for (const MuscleEffort& right : s.efforts) {
    const MuscleEffort* left = find(s, right.group, kLeft);
    if (right.side != kRight || left == nullptr) continue;
    std::vector<std::string> cells = {right.group, fixed(100 * right.mean, 1), fixed(100 * left->mean, 1),
                                      fixed(100 * right.peak, 0), fixed(100 * left->peak, 0)};
    if (base != nullptr)
      for (const MuscleEffort* now : {&right, left}) {
        const MuscleEffort* before = find(*base, right.group, now->side);
        cells.push_back(before == nullptr ? "-" : dose_ratio(now->fatigue, before->fatigue));
      }
    table.add(cells);
  }
  return table.empty() ? "" : "\n" + table.text();
}

}  // namespace

std::string dose_number(double x) { return fixed(x, x >= 100 ? 0 : x >= 10 ? 1 : x >= 1 ? 2 : 4); }

std::string dose_ratio(double now, double before) {
  if (!(before > 0)) return "-";
  return now / before > kMuchMore ? "> " + fixed(kMuchMore, 0) : fixed(now / before, 2);
}

std::string dose_text(const Summary& s, const Summary* base) { return load_text(s, base) + effort_text(s, base); }

}  // namespace hipspine
