#pragma once
/// The window's panels through Dear ImGui without a screen, with answers solved once for the whole test program.
#include <doctest/doctest.h>

#include "render/panels/panels.h"
#include "sim/model/model_file.h"
#include "sim/model/scenario_text.h"
#include "sim/run/frame_loads.h"

namespace hipspine {

inline const std::filesystem::path kScenarios = HIPSPINE_SOURCE_DIR "/scenarios";
inline const std::filesystem::path kLessons = HIPSPINE_SOURCE_DIR "/scenarios/lessons";

inline Scenario load_shipped(const char* name) {
  Diagnostics found;
  Scenario s = load_scenario(kScenarios / name, {}, found);
  REQUIRE_FALSE(found.has_errors());
  return s;
}

/// Solved once for the whole program.
struct Solved {
  Session session{default_model_folder(), 1};
  std::shared_ptr<LiveAnswer> healthy, stiff, failed = std::make_shared<LiveAnswer>();

  std::shared_ptr<CycleResult> solve(const Scenario& s) {
    Diagnostics found;
    auto result = std::make_shared<CycleResult>(session.solve(s, found));
    REQUIRE_MESSAGE(!found.has_errors(), found.text());
    return result;
  }
  std::shared_ptr<LiveAnswer> answer(std::uint64_t question, const Scenario& s) {
    auto a = std::make_shared<LiveAnswer>();
    a->question = question;
    a->scenario = s;
    const auto now = solve(s), base = solve(healthy_of(s));
    a->cycle = now;
    a->results = std::make_shared<Results>(make_results(*now));
    a->healthy = base;
    a->healthy_results = std::make_shared<Results>(make_results(*base));
    a->trace = [this, now, base](const std::string& column, int point) {
      return trace_load(session.loads_of(*now), *now, *base, column, point);
    };
    return a;
  }
  Solved() {
    healthy = answer(1, load_shipped("healthy.toml"));
    stiff = answer(2, load_shipped("extension_loss_20_r.toml"));
    failed->question = 3;
    failed->message = "scenarios/mine.toml:4:19: error E203: hip_r.flexion_max_deg = 250 is outside -30 .. 140 deg";
  }
};
inline Solved& solved() {
  static Solved once;
  return once;
}

/// A window without a screen.
struct Ui {
  Desk desk{load_shipped("healthy.toml"), kScenarios, kLessons};
  PanelState state;
  ImVec2 size{1280, 800};
  std::vector<PictureLabel> labels = {{{600, 300}, "L4/L5  0.81 MPa", {1, 1, 1, 1}},
                                      {{600, 305}, "L5/S1  1.12 MPa", {1, 1, 1, 1}}};

  Ui() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DeltaTime = 1.0f / 60;
    unsigned char* pixels = nullptr;
    int w = 0, h = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &w, &h);
    desk.view.plots = {"hip_flexion", "L4_L5_facet"};
  }
  ~Ui() { ImGui::DestroyContext(); }

  int frame() {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = size;
    ImGui::NewFrame();
    const PanelRect whole{{0, 0}, size}, picture{{260, 0}, {size.x - 590, size.y - 56}};
    if (desk.view.panels) {
      draw_controls(desk, state, {{0, 0}, {260, size.y - 56}});
      draw_right(desk, state, {{size.x - 330, 0}, {330, size.y - 56}});
    }
    draw_timeline(desk, state, {{0, size.y - 56}, {size.x, 56}});
    draw_overlay(desk, state, picture, labels, "3 draw calls");
    draw_lecture(desk, state, picture);
    draw_help(desk, state, whole);
    ImGui::Render();
    return ImGui::GetDrawData()->TotalVtxCount;
  }
  void frames(int count) {
    for (int k = 0; k < count; ++k) frame();
  }
  [[nodiscard]] Rectangles::Rectangle at(const std::string& name) const {
    const auto it = state.rectangles.by_name.find(name);
    REQUIRE_MESSAGE(it != state.rectangles.by_name.end(), name);
    return it->second;
  }
  void mouse(float x, float y, bool down, int button = 0) {
    ImGui::GetIO().MousePos = {x, y};
    ImGui::GetIO().MouseDown[button] = down;
    frame();
  }
  void click(const std::string& name, int button = 0) {
    const auto r = at(name);
    const float x = (r.min.x + r.max.x) / 2, y = (r.min.y + r.max.y) / 2;
    mouse(x, y, false, button);
    mouse(x, y, true, button);
    mouse(x, y, false, button);
    frames(2);
    // Two clicks soon after one another would be a double-click.
    for (int k = 0; k < 40; ++k) frame();
  }
  /// From where the handle is to a place along the slider, 0 to 1.
  void drag(const std::string& name, float to) {
    const auto r = at(name);
    const float y = (r.min.y + r.max.y) / 2;
    const auto x = [&](float t) { return r.min.x + t * (r.max.x - r.min.x); };
    mouse(x(0.5f), y, false);
    mouse(x(0.5f), y, true);
    for (int k = 1; k <= 4; ++k) mouse(x(0.5f + (to - 0.5f) * static_cast<float>(k) / 4), y, true);
    mouse(x(to), y, false);
    for (int k = 0; k < 40; ++k) frame();
  }
  [[nodiscard]] double deg(int side, int key) const {
    return file_degrees(desk.scenario().hip[side].*kHipLimitKeys[key].value);
  }
};

}  // namespace hipspine
