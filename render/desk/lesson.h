#pragma once
/// Lessons: five minutes of a lecture as a file of scenes. A scene sets the stage (scenario keys, camera, what is
/// shown), says something, perhaps asks a question, and reveals the answer on the next key. Format:
/// scenarios/lessons/README.md.
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"

namespace hipspine {

/// A number that the scene speaks of, kept beside it so that tests can hold the lesson to the model.
struct LessonClaim {
  std::string column;  ///< of the results, or a fact of the stride ("speed_m_s")
  std::string value;   ///< "max", "min", "mean", "range", "at" (the scene's at_pct), "fact"
  double is = 0;       ///< in the column's unit
  double within = 0;   ///< how far the answer may lie from it
};

struct LessonScene {
  std::string title, text;           ///< shown large; text may hold several lines
  std::string scenario;              ///< file in scenarios/ to open first; empty: the scene before goes on
  std::vector<std::string> set;      ///< "hip_r.extension_max_deg=5"
  double sweep_s = 0;                ///< > 0: `set` is reached gradually within this time
  std::string camera;                ///< preset, or empty
  std::string show;                  ///< right panel: "curves", "story", "why", "trust", or empty
  std::vector<std::string> plots;    ///< plot ids to show, or empty
  std::vector<std::string> muscles;  ///< layers to show ("hip_flexors", ...), "none" hides all
  std::string why;                   ///< load that the why panel takes apart ("L4_L5_facet_r"), or empty
  std::string highlight;             ///< level ("L4_L5"), "hip_r", "hip_l", or empty
  bool ghost = false;
  double slow = 1;     ///< rate of time: 1, 0.5, ... 0.0625
  double at_pct = -1;  ///< stop at this percent of the cycle; < 0: walk on
  std::string ask;     ///< question to the audience
  std::string reveal;  ///< its answer, shown on the next key
  double wait_s = 0;   ///< > 0: goes on by itself after this
  std::vector<LessonClaim> claims;
};

struct LessonFile {
  std::filesystem::path file;
  std::string title, summary;
  double minutes = 5;
  std::vector<std::string> source;
  std::vector<LessonScene> scenes;
};

/// Reads one lesson; every finding goes to `diagnostics` (unknown keys, unknown presets, unknown scenario files, keys
/// that a scenario does not take). Plots and columns are only known with an answer and are not looked up here.
LessonFile load_lesson(const std::filesystem::path& file, const std::filesystem::path& scenario_folder,
                       Diagnostics& diagnostics);
/// All *.toml of a folder, sorted by name; those with errors are left out and their findings collected.
std::vector<LessonFile> load_lessons(const std::filesystem::path& folder, const std::filesystem::path& scenario_folder,
                                     Diagnostics& diagnostics);

/// Bits of SceneOptions::muscle_layers for a word of `muscles`: a layer ("hip_flexors": muscle_layer_name in lower case
/// with underscores), "all", or "none" (0).
[[nodiscard]] unsigned lesson_muscle_bits(const std::string& name);
/// Index into Model::levels of "L4_L5", -1 for what is no level.
[[nodiscard]] int lesson_level(const std::string& name);

/// Where a lecture stands.
struct Lecture {
  int lesson = -1;  ///< into Desk::lessons, -1: none
  int scene = 0;
  bool revealed = false;
  double in_scene_s = 0;  ///< wall clock since the scene began
  [[nodiscard]] bool running() const { return lesson >= 0; }
};

}  // namespace hipspine
