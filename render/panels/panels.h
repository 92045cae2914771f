#pragma once
/// The panels of the window: ImGui functions over the desk. Each draws into the rectangle it is given and changes the
/// desk only. They work with any ImGui backend, the null backend of the tests included.
#include <imgui.h>

#include <map>
#include <memory>
#include <string>

#include "render/desk/desk.h"
#include "render/plot/plot.h"

namespace hipspine {

/// Where things are on the screen, by name ("hip_r.extension_max_deg", "play", ...): tests and --dump-rects press
/// there.
struct Rectangles {
  struct Rectangle {
    ImVec2 min, max;
  };
  std::map<std::string, Rectangle> by_name;
  void note_last_item(const std::string& name);  ///< of the ImGui item drawn last
};

struct CurvesState;  ///< of draw_curves (curves.cpp): plots as they were built last, texts typed

struct ControlsState;  ///< strategies and what they say
struct StoryState;     ///< the comparison of the present answer
struct WhyState;       ///< the trace shown
struct TrustState;     ///< citations

/// State of panels that is nobody else's: plot views, open sections, texts being typed. One per window.
struct PanelState {
  std::map<std::string, PlotView> plot_views;
  Rectangles rectangles;
  char save_name[256] = "my_hip.toml";
  float scale = 1;  ///< of the type: sizes are multiples of ImGui::GetFontSize()
  std::shared_ptr<CurvesState> curves;
  std::shared_ptr<ControlsState> controls;
  std::shared_ptr<StoryState> story;
  std::shared_ptr<WhyState> why;
  std::shared_ptr<TrustState> trust;
};

struct PanelRect {
  ImVec2 position, size;
};

void draw_controls(Desk& desk, PanelState& state, const PanelRect& rect);  ///< left: hips, person, muscles, scenarios
void draw_right(Desk& desk, PanelState& state, const PanelRect& rect);     ///< right: tabs curves, story, why, trust
void draw_timeline(Desk& desk, PanelState& state, const PanelRect& rect);  ///< bottom: play, scrub, slow motion, source
/// Over the picture: title, colour bar, warnings, labels given in screen coordinates, mode badge, frame statistics.
struct PictureLabel {
  ImVec2 at;
  std::string text;
  ImVec4 colour;
};
void draw_overlay(Desk& desk, PanelState& state, const PanelRect& picture, const std::vector<PictureLabel>& labels,
                  const std::string& statistics);
void draw_view_menu(Desk& desk, PanelState& state, const PanelRect& picture);  ///< its corner: what is drawn, cameras
void draw_lecture(Desk& desk, PanelState& state, const PanelRect& picture);  ///< scene text, question, answer, progress
void draw_help(Desk& desk, PanelState& state, const PanelRect& screen);      ///< F1: the key table, mouse, what is what

// Panels inside the right one.
void draw_curves(Desk& desk, PanelState& state);
void draw_story(Desk& desk, PanelState& state);
void draw_why(Desk& desk, PanelState& state);
void draw_trust(Desk& desk, PanelState& state);

/// Fonts and colours; call once after ImGui::CreateContext. Loads the type at 15 px x `scale`.
void apply_style(float scale);

}  // namespace hipspine
