// A scenario is a stack of layers: healthy defaults, then each included file in order, then the file itself, then each
// `--set`. A layer changes only the keys that it names; what the stack comes to is checked at the end.
#include "sim/model/scenario.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "sim/core/document.h"
#include "sim/model/body_file.h"
#include "sim/model/model_file.h"
#include "sim/model/patient.h"

namespace hipspine {
namespace {

constexpr int kMaxFiles = 64;  // a scenario with its includes

constexpr const char* kSet = "--set";

/// Limits that face each other: together they must leave a position that the hip can take.
struct Facing {
  int first, second;  // indices of kHipLimitKeys
  const char* code;
};
constexpr Facing kFacing[] = {{0, 1, "E411"}, {2, 3, "E412"}, {4, 5, "E413"}};

/// What is being built, with the place of the last word on each hip limit.
struct Reader {
  Scenario& scenario;
  Diagnostics& diagnostics;
  std::map<std::pair<int, int>, Place> limit_place;  // (side, index of kHipLimitKeys)
  std::map<std::string, Place> text_place;           // strategy, source, task
  std::vector<std::string> open_files;               // chain of includes being read, canonical
  bool met_conditions = false;
};

void read_text(Table& t, const char* key, std::string& value, Reader& reader) {
  value = t.text(key, value);
  if (t.has(key)) reader.text_place[key] = t.place(key);
}

void read_hip(Table t, int side, Reader& reader) {
  HipLimits& hip = reader.scenario.hip[side];
  for (int k = 0; k < static_cast<int>(std::size(kHipLimitKeys)); ++k) {
    const HipLimitKey& limit = kHipLimitKeys[k];
    // Through degrees only when the layer names the key: an untouched limit keeps its exact value.
    const double deg = t.number(limit.key, {limit.low_deg, limit.high_deg}, deg_from_rad(hip.*limit.value));
    if (!t.has(limit.key)) continue;
    hip.*limit.value = rad_from_deg(deg);
    reader.limit_place[{side, k}] = t.place(limit.key);
  }
  hip.stiffness_scale = t.number("stiffness_scale", {0.1, 10}, hip.stiffness_scale);
  for (const auto& [key, contact] : {std::pair("cam_contact_deg", &HipLimits::cam_contact_rad),
                                     std::pair("pincer_contact_deg", &HipLimits::pincer_contact_rad)}) {
    const double deg = t.number(key, {40, deg_from_rad(kNoContact_rad)}, deg_from_rad(hip.*contact));
    if (t.has(key)) hip.*contact = rad_from_deg(deg);
  }
  t.finish();
}

void read_muscles(Table all, Reader& reader) {
  for (const std::string& name : all.keys()) {
    Table t = all.table(name);
    std::vector<MuscleChange>& list = reader.scenario.muscles;
    auto it = std::find_if(list.begin(), list.end(), [&](const MuscleChange& m) { return m.name == name; });
    if (it == list.end()) it = list.insert(list.end(), MuscleChange{name, 1, 0, {}});
    it->strength = t.number("strength", {0, 3}, it->strength);
    it->tightness = t.number("tightness", {0, 0.5}, it->tightness);
    it->place = t.place();
    t.finish();
  }
}

void read_conditions(Table all, Reader& reader) {
  reader.met_conditions = reader.met_conditions || !all.keys().empty();
  for (const std::string& name : all.keys()) {
    Table t = all.table(name);
    std::vector<ConditionSeverity>& list = reader.scenario.conditions;
    auto it = std::find_if(list.begin(), list.end(), [&](const ConditionSeverity& c) { return c.name == name; });
    if (it == list.end()) it = list.insert(list.end(), ConditionSeverity{name, {}, {}});
    for (int side : {kRight, kLeft})
      it->severity[side] = t.number(side == kRight ? "severity_r" : "severity_l", {0, 1}, it->severity[side]);
    it->place = t.place();
    t.finish();
  }
}

void read_pain(Table t, Scenario& s) {
  constexpr Range kDose{0, 10};
  for (int side : {kRight, kLeft}) {
    const std::string hip = side == kRight ? "hip_r_" : "hip_l_";
    HipPain& pain = s.pain[side];
    pain.load = t.number(hip + "load", kDose, pain.load);
    pain.end_range = t.number(hip + "end_range", kDose, pain.end_range);
    pain.abductors = t.number(hip + "abductors", kDose, pain.abductors);
  }
  s.back_pain = t.number("back", kDose, s.back_pain);
  t.finish();
}

void read_treatment(Table t, Reader& reader) {
  Treatment& x = reader.scenario.treatment;
  for (int side : {kRight, kLeft}) {
    const std::string end = side == kRight ? "_r" : "_l";
    x.hip_injection[side] = t.boolean("hip_injection" + end, x.hip_injection[side]);
    x.trochanteric_injection[side] = t.boolean("trochanteric_injection" + end, x.trochanteric_injection[side]);
    const std::string stretching = "stretching" + end + "_deg";
    const double deg = t.number(stretching, {0, 30}, deg_from_rad(x.stretching_rad[side]));
    if (t.has(stretching)) x.stretching_rad[side] = rad_from_deg(deg);
    x.cam_resection[side] = t.boolean("cam_resection" + end, x.cam_resection[side]);
    x.hip_replacement[side] = t.boolean("hip_replacement" + end, x.hip_replacement[side]);
  }
  x.facet_injection = t.boolean("facet_injection", x.facet_injection);
  x.lumbar_brace = t.boolean("lumbar_brace", x.lumbar_brace);
  if (t.has("fusion")) {
    x.fusion = t.texts("fusion", false);
    reader.text_place["fusion"] = t.place("fusion");
  }
  t.finish();
}

/// Applies one layer; in a file the caller has asked for `include` before, on the command line it is unknown.
void read_layer(Table& root, Reader& reader) {
  Scenario& s = reader.scenario;
  s.title = root.text("title", s.title);
  s.question = root.text("question", s.question);
  s.expectation = root.text("expectation", s.expectation);
  for (std::string& id : root.texts("source", false)) {
    reader.text_place["source " + id] = root.place("source");
    if (std::find(s.source.begin(), s.source.end(), id) == s.source.end()) s.source.push_back(std::move(id));
  }
  read_text(root, "task", s.task, reader);
  read_text(root, "strategy", s.strategy, reader);
  s.speed_m_s = root.number("speed_m_s", {0.4, 2.2}, s.speed_m_s);
  Table subject = root.table("subject", false);
  s.height_m = subject.number("height_m", {1.2, 2.1}, s.height_m);
  s.mass_kg = subject.number("mass_kg", {35, 160}, s.mass_kg);
  subject.finish();
  read_hip(root.table("hip_r", false), kRight, reader);
  read_hip(root.table("hip_l", false), kLeft, reader);
  read_muscles(root.table("muscle", false), reader);
  read_conditions(root.table("condition", false), reader);
  read_pain(root.table("pain", false), s);
  read_treatment(root.table("treatment", false), reader);
  root.finish();
}

void read_file(const std::filesystem::path& file, Reader& reader) {
  Scenario& s = reader.scenario;
  const Document document = Document::load(file, reader.diagnostics);
  s.input_files.push_back(file.generic_string());
  s.input_hashes.push_back(document.hash());
  Table root = document.root();
  std::error_code error;
  reader.open_files.push_back(std::filesystem::weakly_canonical(file, error).generic_string());
  for (const std::string& name : root.texts("include", false)) {
    const std::filesystem::path next = (file.parent_path() / name).lexically_normal();
    const std::string canonical = std::filesystem::weakly_canonical(next, error).generic_string();
    if (std::find(reader.open_files.begin(), reader.open_files.end(), canonical) != reader.open_files.end())
      root.report("include", "E309", "the file '" + name + "' includes itself, here or on a round trip");
    else if (!std::filesystem::exists(next, error))
      root.report("include", "E308", "there is no file '" + name + "' to include", "paths start at this file's folder");
    else if (s.input_files.size() >= kMaxFiles)
      root.report("include", "E309", "more than " + std::to_string(kMaxFiles) + " files in one scenario");
    else
      read_file(next, reader);
  }
  reader.open_files.pop_back();
  read_layer(root, reader);
}

/// A word that people type without the quotes TOML asks for: `--set strategy=knee`.
bool is_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == ' ';
  });
}

bool parses(const std::string& toml) {
  Diagnostics found;
  Document::parse(toml, "", found);
  return !found.has_errors();
}

/// The command line has no lines and columns.
Place without_line(const Place& place) { return place.file == kSet ? Place{kSet, 0, 0} : place; }

void read_override(const std::string& text, Reader& reader) {
  const size_t equals = text.find('=');
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  std::string toml = text;
  if (is_word(value) && !parses(toml)) toml = text.substr(0, equals) + "=\"" + value + "\"";
  if (text.find('\n') != std::string::npos || !parses(toml)) {
    reader.diagnostics.add({kSet, 0, 0}, "E107", "'" + text + "' is not key=value",
                           "for instance hip_r.extension_max_deg=5; numbers plain, text in quotes, lists in brackets");
    return;
  }
  Diagnostics found;
  const Document document = Document::parse(toml, kSet, found);
  Table root = document.root();
  read_layer(root, reader);
  for (const Finding& f : found.findings()) reader.diagnostics.add(without_line(f.place), f.code, f.message, f.hint);
  reader.scenario.input_files.push_back(std::string(kSet) + " " + text);
  reader.scenario.input_hashes.push_back(document.hash());
}

/// Names of the strategies in `models/strategies.toml`; without that file, those the program is made with.
std::vector<std::string> strategy_names() {
  const std::filesystem::path file = default_model_folder() / "strategies.toml";
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    Diagnostics elsewhere;  // the file's faults are reported where its numbers are read
    const Document document = Document::load(file, elsewhere);
    Table root = document.root();
    const std::vector<std::string> names = root.table("strategy", false).keys();
    if (!names.empty()) return names;
  }
  return {"balanced", "lumbar_extension", "pelvic_rotation", "shorter_step", "knee", "keep_speed"};
}

std::vector<std::string> source_ids() {
  Diagnostics elsewhere;
  const Document document = Document::load(default_model_folder() / "sources.toml", elsewhere);
  return document.root().keys();
}

std::string shown_deg(double rad) {
  std::string text = std::to_string(deg_from_rad(rad));
  return text.substr(0, text.find('.') + 2);
}

/// What single keys cannot show. Names are looked up where this reader has met them: a scenario that is changed was
/// checked before.
void check_whole(Reader& reader, bool changed) {
  const Scenario& s = reader.scenario;
  const auto place = [&](const std::string& key) {
    const auto it = reader.text_place.find(key);
    return it == reader.text_place.end() ? Place{s.file, 0, 0} : without_line(it->second);
  };
  if (std::find(kTaskNames.begin(), kTaskNames.end(), s.task) == kTaskNames.end())
    reader.diagnostics.add(place("task"), "E205", "there is no task '" + s.task + "'",
                           hint_for_unknown(s.task, {kTaskNames.begin(), kTaskNames.end()}));
  const std::vector<std::string> strategies =
      changed && !reader.text_place.contains("strategy") ? std::vector{s.strategy} : strategy_names();
  if (std::find(strategies.begin(), strategies.end(), s.strategy) == strategies.end())
    reader.diagnostics.add(place("strategy"), "E301", "there is no strategy '" + s.strategy + "'",
                           hint_for_unknown(s.strategy, strategies));
  const bool met_source = std::any_of(reader.text_place.begin(), reader.text_place.end(),
                                      [](const auto& met) { return met.first.starts_with("source "); });
  if (!s.source.empty() && (!changed || met_source)) {
    const std::vector<std::string> ids = source_ids();
    for (const std::string& id : s.source)
      if (std::find(ids.begin(), ids.end(), id) == ids.end())
        reader.diagnostics.add(place("source " + id), "W301", "the source '" + id + "' is not in models/sources.toml",
                               hint_for_unknown(id, ids));
  }
  if (!s.conditions.empty() && !(changed && !reader.met_conditions)) {
    const std::vector<std::string> known = condition_names(default_model_folder());
    for (const ConditionSeverity& c : s.conditions)
      if (std::find(known.begin(), known.end(), c.name) == known.end())
        reader.diagnostics.add(without_line(c.place), "E310", "there is no condition '" + c.name + "'",
                               hint_for_unknown(c.name, known));
  }
  for (std::size_t i = 0; i < s.treatment.fusion.size(); ++i) {
    const std::string& level = s.treatment.fusion[i];
    if (std::find(kLevelNames.begin(), kLevelNames.end(), level) == kLevelNames.end())
      reader.diagnostics.add(place("fusion"), "E311", "there is no lumbar level '" + level + "'",
                             hint_for_unknown(level, {kLevelNames.begin(), kLevelNames.end()}));
    else if (std::find(s.treatment.fusion.begin(), s.treatment.fusion.begin() + static_cast<std::ptrdiff_t>(i),
                       level) != s.treatment.fusion.begin() + static_cast<std::ptrdiff_t>(i))
      reader.diagnostics.add(place("fusion"), "E311", "the level '" + level + "' is fused twice");
  }
  for (int side = kRight; side <= kLeft; ++side)
    for (const Facing& f : kFacing) {
      const HipLimitKey &a = kHipLimitKeys[f.first], &b = kHipLimitKeys[f.second];
      const double first = s.hip[side].*a.value, second = s.hip[side].*b.value;
      // One shared position is a fused joint; rounding of degrees must not forbid it.
      if (first + second >= -1e-9) continue;
      const std::string hip = side == kRight ? "hip_r." : "hip_l.";
      Place at{s.file, 0, 0};
      for (const int key : {f.second, f.first})
        if (const auto it = reader.limit_place.find({side, key}); it != reader.limit_place.end())
          at = without_line(it->second);
      reader.diagnostics.add(at, f.code,
                             "no position is left: " + hip + a.key + " = " + shown_deg(first) + " lies beyond " + hip +
                                 b.key + " = " + shown_deg(second),
                             "their sum must be 0 or more; a fused hip has sum 0");
    }
}

/// A changed scenario says so in its title, and no longer expects what its file expected; unless `--set` gave the
/// words.
void tell_overrides(Scenario& scenario, const std::vector<std::string>& overrides) {
  const auto sets = [](const std::string& text, std::string_view key) { return text.starts_with(key); };
  std::string changed;
  bool own_title = false, own_expectation = false;
  for (const std::string& text : overrides) {
    own_title = own_title || sets(text, "title");
    own_expectation = own_expectation || sets(text, "expectation");
    if (sets(text, "title") || sets(text, "expectation") || sets(text, "question") || sets(text, "source")) continue;
    changed += (changed.empty() ? "" : ", ") + text;
  }
  if (changed.empty()) return;
  if (!own_title) scenario.title += " [" + changed + "]";
  if (!own_expectation) scenario.expectation.clear();
}

}  // namespace

Scenario load_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                       Diagnostics& diagnostics) {
  Scenario scenario;
  scenario.file = file.generic_string();
  Reader reader{scenario, diagnostics, {}, {}, {}, false};
  read_file(file, reader);
  for (const std::string& text : overrides) read_override(text, reader);
  if (scenario.title.empty()) scenario.title = file.stem().generic_string();
  tell_overrides(scenario, overrides);
  for (MuscleChange& m : scenario.muscles) m.place = without_line(m.place);
  check_whole(reader, false);
  return scenario;
}

Scenario changed_scenario(const Scenario& base, const std::vector<std::string>& overrides, Diagnostics& diagnostics) {
  Scenario scenario = base;
  Reader reader{scenario, diagnostics, {}, {}, {}, false};
  for (const std::string& text : overrides) read_override(text, reader);
  for (MuscleChange& m : scenario.muscles) m.place = without_line(m.place);
  check_whole(reader, true);
  return scenario;
}

HipLimits within_healthy(const HipLimits& limits) {
  const HipLimits healthy;
  HipLimits l = limits;
  l.flexion_max_rad = std::min(l.flexion_max_rad, healthy.flexion_max_rad);
  l.extension_max_rad = std::min(l.extension_max_rad, healthy.extension_max_rad);
  l.abduction_max_rad = std::min(l.abduction_max_rad, healthy.abduction_max_rad);
  l.adduction_max_rad = std::min(l.adduction_max_rad, healthy.adduction_max_rad);
  l.internal_rotation_max_rad = std::min(l.internal_rotation_max_rad, healthy.internal_rotation_max_rad);
  l.external_rotation_max_rad = std::min(l.external_rotation_max_rad, healthy.external_rotation_max_rad);
  return l;
}

Scenario healthy_of(const Scenario& scenario) {
  Scenario healthy = scenario;
  healthy.hip = {};
  healthy.muscles.clear();
  healthy.conditions.clear();
  healthy.pain = {};
  healthy.back_pain = 0;
  healthy.treatment = {};
  return healthy;
}

Scenario mirrored(const Scenario& scenario) {
  Scenario image = scenario;
  std::swap(image.hip[kRight], image.hip[kLeft]);
  for (MuscleChange& m : image.muscles) m.name = mirrored_name(m.name);
  for (ConditionSeverity& c : image.conditions) std::swap(c.severity[kRight], c.severity[kLeft]);
  std::swap(image.pain[kRight], image.pain[kLeft]);
  Treatment& t = image.treatment;
  for (auto done : {&Treatment::hip_injection, &Treatment::trochanteric_injection, &Treatment::cam_resection,
                    &Treatment::hip_replacement})
    std::swap((t.*done)[kRight], (t.*done)[kLeft]);
  std::swap(t.stretching_rad[kRight], t.stretching_rad[kLeft]);
  return image;
}

}  // namespace hipspine
