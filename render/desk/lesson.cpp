#include "render/desk/lesson.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>

#include "render/picture/camera.h"
#include "render/picture/scene.h"
#include "sim/core/document.h"
#include "sim/model/scenario.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

// In the order of Model::levels.
constexpr std::array<const char*, kLevels> kLevelKeys = {"L5_S1", "L4_L5", "L3_L4", "L2_L3", "L1_L2", "T12_L1"};

/// "Hip flexors" is hip_flexors in a file.
std::string layer_key(int layer) {
  std::string key = muscle_layer_name(layer);
  for (char& c : key) c = c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return key;
}

std::vector<std::string> camera_names() {
  std::vector<std::string> names;
  for (int k = 0; k < static_cast<int>(CameraPreset::kCount); ++k)
    names.push_back(to_string(static_cast<CameraPreset>(k)));
  return names;
}

/// One of the words, or finding E205 at the key; an absent key is the empty word.
std::string word(Table& t, const char* key, const std::vector<std::string>& allowed, const char* what) {
  const std::string value = t.text(key, "");
  if (value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  t.report(key, "E205", "there is no " + std::string(what) + " '" + value + "'", hint_for_unknown(value, allowed));
  return "";
}

/// What the stage holds while scenes are read: the scenario that `set` has changed so far.
struct Reading {
  const fs::path& scenario_folder;
  Diagnostics& diagnostics;
  std::optional<Scenario> scenario;
};

/// Findings about values that a scenario refuses stand where the lesson gave them.
void read_scenario(Table& t, LessonScene& scene, Reading& reading) {
  scene.scenario = t.text("scenario", "");
  scene.set = t.texts("set", false);
  if (!scene.scenario.empty()) {
    const fs::path file = reading.scenario_folder / scene.scenario;
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
      t.report("scenario", "E308", "there is no scenario '" + scene.scenario + "'",
               "file names count from " + reading.scenario_folder.generic_string());
    } else {
      Diagnostics found;
      Scenario opened = load_scenario(file, {}, found);
      for (const Finding& f : found.findings())
        if (f.is_error()) t.report("scenario", f.code, scene.scenario + ": " + f.message, f.hint);
      if (!found.has_errors()) reading.scenario = std::move(opened);
    }
  } else if (!reading.scenario && !scene.set.empty()) {
    t.report("set", "E110", "a scene before this one must name a scenario for 'set' to change");
  }
  if (!reading.scenario || scene.set.empty()) return;
  Diagnostics found;
  const Scenario changed = changed_scenario(*reading.scenario, scene.set, found);
  for (const Finding& f : found.findings())
    if (f.is_error()) t.report("set", f.code, f.message, f.hint);
  if (!found.has_errors()) reading.scenario = changed;
}

/// `at_pct` is read before, because "at" means there.
void read_claims(Table& t, LessonScene& scene, const Reading& reading) {
  for (Table& c : t.tables("claim", false)) {
    constexpr double kAny = 1e6;  // chosen: beyond every column in its unit
    LessonClaim claim;
    claim.column = c.text("column");
    c.text("value");  // reports a missing one
    claim.value = word(c, "value", {"max", "min", "mean", "range", "at", "fact"}, "value");
    claim.is = c.number("is", {-kAny, kAny});
    claim.within = c.number("within", {0, kAny});
    if (claim.value == "at" && scene.at_pct < 0)
      c.report("value", "E110", "'at' needs the scene to stand still: missing key 'at_pct'");
    c.finish();
    scene.claims.push_back(std::move(claim));
  }
  if (!scene.claims.empty() && !reading.scenario)
    t.report("claim", "E110", "this scene or one before it must name a scenario for 'claim' to speak of");
}

LessonScene read_scene(Table t, Reading& reading) {
  LessonScene scene;
  scene.title = t.text("title");
  scene.text = t.text("text", "");
  read_scenario(t, scene, reading);
  scene.sweep_s = t.number("sweep_s", {0, 60}, 0);
  scene.camera = word(t, "camera", camera_names(), "camera");
  scene.show = word(t, "show", {"curves", "story", "why", "trust"}, "panel");
  scene.plots = t.texts("plots", false);
  scene.muscles = t.texts("muscles", false);
  std::vector<std::string> layers = {"none", "all"};
  for (int k = 0; k < kMuscleLayers; ++k) layers.push_back(layer_key(k));
  for (const std::string& name : scene.muscles)
    if (std::find(layers.begin(), layers.end(), name) == layers.end())
      t.report("muscles", "E205", "there is no muscle layer '" + name + "'", hint_for_unknown(name, layers));
  std::vector<std::string> places(kLevelKeys.begin(), kLevelKeys.end());
  places.insert(places.end(), {"hip_r", "hip_l"});
  scene.highlight = word(t, "highlight", places, "level or hip");
  std::vector<std::string> loads = {"hip_r_contact", "hip_l_contact"};
  for (const std::string level : kLevelKeys)
    for (const char* load : {"_compression", "_disc_pressure", "_facet_r", "_facet_l"}) loads.push_back(level + load);
  scene.why = word(t, "why", loads, "load");
  scene.ghost = t.boolean("ghost", false);
  scene.slow = t.number("slow", {1.0 / 16, 1}, 1);
  if (const double halvings = -std::log2(scene.slow); halvings != std::round(halvings)) {
    t.report("slow", "E205", "slow must be 1, 0.5, 0.25, 0.125 or 0.0625");
    scene.slow = 1;
  }
  scene.at_pct = t.number("at_pct", {0, 100}, -1);
  scene.ask = t.text("ask", "");
  scene.reveal = t.text("reveal", "");
  if (!scene.ask.empty() && scene.reveal.empty())
    t.report("ask", "E110", "a question needs its answer: missing key 'reveal'");
  scene.wait_s = t.number("wait_s", {0, 600}, 0);
  read_claims(t, scene, reading);
  t.finish();
  return scene;
}

}  // namespace

unsigned lesson_muscle_bits(const std::string& name) {
  if (name == "all") return (1u << kMuscleLayers) - 1;
  for (int k = 0; k < kMuscleLayers; ++k)
    if (name == layer_key(k)) return 1u << k;
  return 0;
}

int lesson_level(const std::string& name) {
  const auto it = std::find(kLevelKeys.begin(), kLevelKeys.end(), name);
  return it == kLevelKeys.end() ? -1 : static_cast<int>(it - kLevelKeys.begin());
}

LessonFile load_lesson(const fs::path& file, const fs::path& scenario_folder, Diagnostics& diagnostics) {
  LessonFile lesson;
  lesson.file = file;
  const Document document = Document::load(file, diagnostics);
  Table root = document.root();
  lesson.title = root.text("title");
  lesson.summary = root.text("summary", "");
  lesson.minutes = root.number("minutes", {0.5, 120}, 5);
  lesson.source = root.texts("source", false);
  Reading reading{scenario_folder, diagnostics, {}};
  for (Table& t : root.tables("scene")) lesson.scenes.push_back(read_scene(t, reading));
  if (root.has("scene") && lesson.scenes.empty()) root.report("scene", "E204", "a lesson needs at least one scene");
  root.finish();
  return lesson;
}

std::vector<LessonFile> load_lessons(const fs::path& folder, const fs::path& scenario_folder,
                                     Diagnostics& diagnostics) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".toml") files.push_back(it->path());
  if (error) diagnostics.add({folder.generic_string(), 0, 0}, "E101", "the folder cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  std::vector<LessonFile> lessons;
  for (const fs::path& file : files) {
    Diagnostics found;
    LessonFile lesson = load_lesson(file, scenario_folder, found);
    for (const Finding& f : found.findings()) diagnostics.add(f.place, f.code, f.message, f.hint);
    if (!found.has_errors()) lessons.push_back(std::move(lesson));
  }
  return lessons;
}

}  // namespace hipspine
