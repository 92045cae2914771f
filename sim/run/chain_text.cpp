// Which hip and direction: the limit that the healthy motion goes furthest beyond. Which motion: of pelvis and lumbar
// spine the largest change. Which level and structure: the largest change of a level's own angle; the largest growth of
// a dose.
#include "sim/run/chain_text.h"

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/run/muscle_words.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr double kClear_deg = 1;      // chosen: smaller changes are not worth a sentence
constexpr double kClearRatio = 1.05;  // chosen: the same for doses
constexpr std::size_t kSquared = 0;   // index of kDoseExponents

const char* side_word(int side) { return side == kRight ? "right" : "left"; }
std::string side_end(int side) { return side == kRight ? "_r" : "_l"; }

/// One direction of a hip: its limit, and how far the healthy motion goes that way.
struct Direction {
  const char* words;
  const char* coordinate;
  int sense;  ///< of the coordinate
  double HipLimits::*limit;
};
constexpr Direction kDirections[] = {
    {"extension", "hip_flexion", -1, &HipLimits::extension_max_rad},
    {"flexion", "hip_flexion", 1, &HipLimits::flexion_max_rad},
    {"abduction", "hip_adduction", -1, &HipLimits::abduction_max_rad},
    {"adduction", "hip_adduction", 1, &HipLimits::adduction_max_rad},
    {"internal rotation", "hip_rotation", 1, &HipLimits::internal_rotation_max_rad},
    {"external rotation", "hip_rotation", -1, &HipLimits::external_rotation_max_rad},
};

double reach_deg(const Summary& s, const std::string& column, int sense) {
  const ColumnSummary* c = s.find(column);
  return c == nullptr ? std::nan("") : sense > 0 ? c->max : -c->min;
}

std::string deg(double value) { return fixed(std::abs(value), 0) + " deg"; }

/// What the motion asks of a hip and no longer gets.
std::string lost_sentence(const Summary& healthy, const Summary& now, const HipLimits& limits, int side,
                          const Direction& d, const std::string& doing) {
  const std::string column = d.coordinate + side_end(side);
  const double limit = deg_from_rad(limits.*d.limit), asked = reach_deg(healthy, column, d.sense);
  const double used = reach_deg(now, column, d.sense);
  std::string out = std::string("The ") + side_word(side) + " hip: " + d.words + " ends at " + fixed(limit, 0) +
                    " deg; " + doing + " would use " + fixed(asked, 0) + " and gets " + fixed(used, 0) + ".";
  if (limit < 0) out += " (Below zero: it does not reach straight.)";
  return out;
}

struct Motion {
  std::string words;
  double change_deg = 0;
};

/// The motion of pelvis or lumbar spine that changed most, as a person would say it.
std::vector<Motion> motions(const Summary& healthy, const Summary& now) {
  struct Told {
    const char *column, *more, *less;
  };
  constexpr Told kTold[] = {
      {"pelvis_tilt", "the pelvis tilts up to %s further back", "the pelvis tilts up to %s further forward"},
      {"lumbar_extension", "the lumbar spine extends up to %s more", "the lumbar spine flexes up to %s more"},
      {"pelvis_list", "the pelvis drops up to %s more on the right", "the pelvis drops up to %s more on the left"},
      {"pelvis_rotation", "the pelvis turns up to %s further to the left",
       "the pelvis turns up to %s further to the right"},
      {"lumbar_rotation", "the lumbar spine turns up to %s further to the left",
       "the lumbar spine turns up to %s further to the right"},
      {"lumbar_bending", "the trunk bends up to %s further to the right",
       "the trunk bends up to %s further to the left"},
  };
  std::vector<Motion> out;
  for (const Told& t : kTold) {
    const ColumnSummary *a = healthy.find(t.column), *b = now.find(t.column);
    if (a == nullptr || b == nullptr) continue;
    for (const auto& [change, words] : {std::pair(b->max - a->max, t.more), std::pair(a->min - b->min, t.less)}) {
      if (change < kClear_deg) continue;
      std::string text = words;
      text.replace(text.find("%s"), 2, deg(change));
      out.push_back({std::move(text), change});
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Motion& x, const Motion& y) { return x.change_deg > y.change_deg; });
  return out;
}

/// "Weak: right gluteus medius (60 %)." and "Short: …": muscles and groups as the body has them, the worst three.
std::string muscle_sentence(const Scenario& body, const char* head, double (*loss)(const MuscleChange&)) {
  std::vector<const MuscleChange*> changed;
  for (const MuscleChange& m : body.muscles)
    if (loss(m) > 0.02) changed.push_back(&m);
  std::stable_sort(changed.begin(), changed.end(),
                   [&](const MuscleChange* a, const MuscleChange* b) { return loss(*a) > loss(*b); });
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(changed.size(), 3); ++i) {
    std::string words = changed[i]->name;
    const bool right = words.ends_with("_r"), sided = right || words.ends_with("_l");
    if (sided) words.resize(words.size() - 2);
    std::replace(words.begin(), words.end(), '_', ' ');
    out += (out.empty() ? head : ", ") +
           (sided ? std::string(side_word(right ? kRight : kLeft)) + " " : std::string()) + words + " (by " +
           fixed(100 * loss(*changed[i]), 0) + " %)";
  }
  return out.empty() ? out : out + (changed.size() > 3 ? " and others." : ".");
}

}  // namespace

std::vector<std::string> chain_sentences(const Summary& healthy, const Summary& now, const Scenario& body) {
  std::vector<std::string> out;
  const std::string doing = now.task == "walk" ? "this walk" : "this task";
  for (int side : {kRight, kLeft}) {
    const Direction* worst = nullptr;
    double most = kClear_deg;
    for (const Direction& d : kDirections) {
      const double beyond =
          reach_deg(healthy, d.coordinate + side_end(side), d.sense) - deg_from_rad(body.hip[side].*d.limit);
      // A capsule is felt before its end: what changes counts as well.
      const double given_up = reach_deg(healthy, d.coordinate + side_end(side), d.sense) -
                              reach_deg(now, d.coordinate + side_end(side), d.sense);
      const bool short_of_healthy = body.hip[side].*d.limit < HipLimits{}.*d.limit;
      const double missing = short_of_healthy ? std::max(beyond, given_up) : 0;
      if (missing > most) most = missing, worst = &d;
    }
    if (worst) out.push_back(lost_sentence(healthy, now, body.hip[side], side, *worst, doing));
    const HipPain& pain = body.pain[side];
    if (pain.worst() > 0)
      out.push_back(std::string("The ") + side_word(side) + " hip hurts (" + fixed(pain.worst(), 0) + " of 10): " +
                    (pain.load >= pain.end_range && pain.load >= pain.abductors ? "under load"
                     : pain.end_range >= pain.abductors                         ? "towards the end of its range"
                                                                                : "where the abductors pull") +
                    ".");
  }
  for (const std::string& sentence :
       {muscle_sentence(body, "Weak: ", [](const MuscleChange& m) { return 1 - m.strength; }),
        muscle_sentence(body, "Short: ", [](const MuscleChange& m) { return m.tightness; })})
    if (!sentence.empty()) out.push_back(sentence);
  const std::size_t causes = out.size();
  const std::vector<Motion> moved = motions(healthy, now);
  if (!moved.empty())
    out.push_back((causes > 0 ? "Instead, " : "In motion, ") + moved[0].words +
                  (moved.size() > 1 ? " and " + moved[1].words : "") + ".");
  if (now.task == "walk" && now.speed_m_s < 0.98 * healthy.speed_m_s)
    out.push_back("Walking slows from " + fixed(healthy.speed_m_s, 2) + " to " + fixed(now.speed_m_s, 2) + " m/s.");

  std::string level;
  double most = kClear_deg / 2;
  for (const char* name : kLevelNames) {
    const ColumnSummary *a = healthy.find(std::string(name) + "_FE"), *b = now.find(std::string(name) + "_FE");
    if (a == nullptr || b == nullptr) continue;
    const double change = std::max(b->max - a->max, a->min - b->min);
    if (change > most) most = change, level = name;
  }
  if (!level.empty())
    out.push_back("Of the lumbar levels " + level_words(level) + " moves furthest from its healthy motion, by " +
                  fixed(most, 1) + " deg.");

  const LoadDose* worst = nullptr;
  double grown = kClearRatio;
  for (const LoadDose& d : now.doses) {
    const LoadDose* before = healthy.dose(d.column);
    if (before == nullptr || before->per_cycle[kSquared] <= 0.005) continue;  // hardly loaded: a ratio says nothing
    const double ratio = d.per_cycle[kSquared] / before->per_cycle[kSquared];
    if (ratio > grown) grown = ratio, worst = &d;
  }
  if (worst != nullptr) {
    const ColumnSummary *a = healthy.find(worst->column), *b = now.find(worst->column);
    std::string text = structure_words(worst->column) + ", pays most: ";
    if (a != nullptr && b != nullptr)
      text += "its peak goes from " + fixed(a->max, 0) + " to " + fixed(b->max, 0) + " N, ";
    out.push_back(text + "its dose over the same number of " + (now.task == "walk" ? "steps" : "repetitions") + " is " +
                  fixed(grown, 1) + " times the healthy one.");
  }
  if (out.size() == causes)
    out.push_back("In " + doing + " nothing changes in the lumbar spine that would be worth a sentence.");
  out.push_back("This is an estimate of a model, for teaching and research; it is no diagnosis.");
  return out;
}

std::string chain_text(const Summary& healthy, const Summary& now, const Scenario& body) {
  std::string paragraph;
  for (const std::string& sentence : chain_sentences(healthy, now, body))
    paragraph += (paragraph.empty() ? "" : " ") + sentence;
  return "\nThe chain\n" + wrapped(paragraph, 100);
}

}  // namespace hipspine
