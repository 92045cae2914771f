// First sentence: the load, its change, and the parts that make up most of the change. Then how it is made up, or what
// the level does. A change that the shown digits hide is none.
#include "sim/run/causes_text.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr double kWorthSaying = 0.05;     // chosen: of the change; smaller parts are left to the table
constexpr double kMostly = 0.2;           // chosen: of the change in compression, for a muscle to be named
constexpr std::size_t kPartsInWords = 3;  // chosen: a sentence with more is not read to its end

/// Groups of the muscle file that are one muscle in speech.
constexpr std::pair<std::string_view, std::string_view> kOneMuscle[] = {
    {"erector_spinae_lumbar", "erector spinae"},
    {"iliocostalis_lumborum", "erector spinae"},
    {"longissimus_thoracis", "erector spinae"},
    {"multifidus_thoracolumbar", "multifidus"},
    {"biceps_femoris_short", "biceps femoris, short head"},
};

/// "erector spinae, right" as a sentence says it: "the right erector spinae".
std::string said(const std::string& name) {
  for (const char* side : {"right", "left"}) {
    const std::string end = std::string(", ") + side;
    if (name.ends_with(end)) return std::string("the ") + side + " " + name.substr(0, name.size() - end.size());
  }
  return name;
}

std::string amount(double value, const std::string& unit) { return fixed(value, decimals_for(unit)) + " " + unit; }
std::string signed_amount(double value, const std::string& unit) {
  return with_sign(value, decimals_for(unit)) + " " + unit;
}
bool shows(double value, const std::string& unit) { return std::abs(value) >= 0.5 * std::pow(10, -decimals_for(unit)); }

const Cause* find(const std::vector<Cause>& causes, std::string_view end) {
  const auto it = std::find_if(causes.begin(), causes.end(), [&](const Cause& c) { return c.name.ends_with(end); });
  return it == causes.end() ? nullptr : &*it;
}

std::string more_or_less(double change) { return change > 0 ? "more" : "less"; }

/// ", mostly the right erector spinae (+230 N)": the muscle behind a change in compression, "" when none stands out.
std::string mostly(const Trace& t, double pressed_n) {
  static constexpr std::string_view kUnit = " [N]";
  const Cause* best = nullptr;
  for (const Cause& c : t.context) {
    if (!c.name.ends_with(kUnit) || !is_muscle_cause(c.name.substr(0, c.name.size() - kUnit.size()))) continue;
    if (c.change() * pressed_n > 0 && (best == nullptr || std::abs(c.change()) > std::abs(best->change()))) best = &c;
  }
  if (best == nullptr || std::abs(best->change()) < kMostly * std::abs(pressed_n)) return "";
  return ", mostly " + said(best->name.substr(0, best->name.size() - kUnit.size())) + " (" +
         signed_amount(best->change(), "N") + ")";
}

std::string reason(const Trace& t, const Cause& part) {
  const Cause* extended = find(t.context, kExtendedContext);
  const Cause* pressed = find(t.context, " compression [N]");
  if (part.name == kExtensionCause && extended != nullptr && shows(extended->change(), "deg"))
    return " because the level is extended " + fixed(std::abs(extended->change()), 1) + "° " +
           (extended->change() > 0 ? "further" : "less");
  if (part.name == kCompressionCause && pressed != nullptr && shows(pressed->change(), "N"))
    return " because " + amount(std::abs(pressed->change()), "N") + " " + more_or_less(pressed->change()) +
           " press on the level" + mostly(t, pressed->change());
  return " from " + said(part.name);
}

std::string subject(const Trace& t) {
  const std::string level = t.title.substr(0, t.title.find(' '));
  if (t.column.ends_with("_facet_r")) return "the right " + level + " facet carries ";
  if (t.column.ends_with("_facet_l")) return "the left " + level + " facet carries ";
  if (t.column.ends_with("_disc_pressure")) return "the pressure in the " + level + " disc is ";
  if (t.column.ends_with("_contact")) return "the " + t.title.substr(0, t.title.find(" contact")) + " carries ";
  return "the level " + level + " is pressed together by ";
}

std::string first(const Trace& t, const std::string& reference) {
  const double change = t.change();
  std::string out = "At " + fixed(t.at_pct, 0) + " % of the cycle " + subject(t) + amount(t.now, t.unit);
  if (!shows(change, t.unit)) return out + ", as much as with " + reference + ".";
  out += ", " + amount(std::abs(change), t.unit) + " " + more_or_less(change) + " than with " + reference;
  std::vector<const Cause*> shown;
  for (const Cause& p : t.parts) {
    const bool worth = std::abs(p.change()) >= kWorthSaying * std::abs(change) && shows(p.change(), t.unit);
    if (worth && shown.size() < kPartsInWords) shown.push_back(&p);
  }
  for (const Cause* p : shown)
    out += (p == shown.front() ? ": " : "; ") + signed_amount(p->change(), t.unit) + reason(t, *p);
  return out + ".";
}

std::string beside(const Cause& c, const std::string& unit) {
  return amount(c.now, unit) + " (healthy " + amount(c.healthy, unit) + ")";
}

/// Muscles against all else.
std::string made_up(const Trace& t) {
  Cause muscles, rest;
  for (const Cause& p : t.parts) {
    Cause& sum = is_muscle_cause(p.name) ? muscles : rest;
    sum.now += p.now, sum.healthy += p.healthy;
  }
  const bool hip = t.column.ends_with("_contact");
  return "Muscles make " + beside(muscles, t.unit) + " of it, " +
         (hip ? "ground force, weight and motion of the leg " : "weight and motion of what is above ") +
         beside(rest, t.unit) + ".";
}

std::string disc_share(const Trace& t) {
  Cause pressed, beside_disc;
  for (const Cause& p : t.parts) {
    Cause& sum = p.name == kFacetsCause || p.name == kLigamentsCause ? beside_disc : pressed;
    sum.now += p.now, sum.healthy += p.healthy;
  }
  return "What presses on the level would make " + beside(pressed, t.unit) +
         " in the disc; facets and ligaments change that by " + signed_amount(beside_disc.now, t.unit) + " (healthy " +
         signed_amount(beside_disc.healthy, t.unit) + ").";
}

std::string level_state(const Trace& t) {
  const Cause* extended = find(t.context, kExtendedContext);
  const Cause* pressed = find(t.context, " compression [N]");
  if (extended == nullptr || pressed == nullptr) return "";
  const auto angle = [](double deg) {
    if (!shows(deg, "deg")) return std::string("straight");
    return fixed(std::abs(deg), decimals_for("deg")) + "° " + (deg < 0 ? "in flexion" : "in extension");
  };
  return "With its give under load the level stands " + angle(extended->now) + " (healthy " + angle(extended->healthy) +
         ") under " + beside(*pressed, "N") + ".";
}

}  // namespace

std::string muscle_cause(const Muscle& muscle) {
  std::string name = muscle.group;
  for (const auto& [group, words] : kOneMuscle)
    if (muscle.group == group) name = words;
  std::replace(name.begin(), name.end(), '_', ' ');
  return name + (muscle.side == kRight ? ", right" : ", left");
}

bool is_muscle_cause(const std::string& name) { return name.ends_with(", right") || name.ends_with(", left"); }

void sort_by_change(std::vector<Cause>& causes) {
  std::stable_sort(causes.begin(), causes.end(), [](const Cause& a, const Cause& b) {
    const double x = std::abs(a.change()), y = std::abs(b.change());
    return x != y ? x > y : std::abs(a.now) > std::abs(b.now);
  });
}

std::vector<std::string> sentences_of(const Trace& trace, const Scenario& now) {
  std::vector<std::string> out = {first(trace, now.muscles.empty() ? "healthy hips" : "healthy hips and muscles")};
  if (trace.column.ends_with("_disc_pressure"))
    out.push_back(disc_share(trace));
  else if (trace.column.ends_with("_compression") || trace.column.ends_with("_contact"))
    out.push_back(made_up(trace));
  const std::string level = level_state(trace);
  if (!level.empty()) out.push_back(level);
  return out;
}

}  // namespace hipspine
