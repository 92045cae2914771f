#pragma once
/// The command line of hipspine-view.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "render/desk/desk.h"
#include "render/draw/renderer.h"

namespace hipspine {

struct ViewOptions {
  std::filesystem::path scenario;  ///< empty: the healthy walk
  std::vector<std::string> set;    ///< "key=value", as `hipspine run` takes them
  std::filesystem::path models, scenarios;
  int width_px = 1280, height_px = 800;
  std::optional<double> scale;  ///< of type and panels; not given: the screen's
  std::optional<Quality> quality;
  CameraPreset camera = CameraPreset::three_quarter;
  std::optional<double> at_pct;  ///< opens paused there
  TimeSource source = TimeSource::solved;
  RightTab tab = RightTab::curves;
  unsigned muscle_layers = 0;
  bool ghost = false, labels = false, panels = true, statistics = false;
  int lesson = -1;       ///< opens with this lecture (0 is the first), -1: none
  int lesson_scene = 0;  ///< and this scene
  // Without a display:
  std::string screenshot, video;
  double video_s = 0;  ///< simulated time; 0: one stride
  // For tests of the window:
  std::string dump_rects;    ///< file that holds, every few frames, where things are
  double close_after_s = 0;  ///< closes by itself; 0: never
  bool help = false, version = false;
};

/// @param words  without the program's name
/// @throws std::invalid_argument with what is wrong and what is allowed (exit code 2)
[[nodiscard]] ViewOptions parse_view_options(const std::vector<std::string>& words);
[[nodiscard]] std::string view_help();

}  // namespace hipspine
