#pragma once
/// The window's contents: the desk with its panels over the picture, the solver and the walker beside it. Knows ImGui
/// and OpenGL, but neither a window nor a display: window.cpp and headless_run.cpp put it on one.
#include <imgui.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "render/app/background_job.h"
#include "render/app/film.h"
#include "render/app/view_options.h"
#include "render/draw/renderer.h"
#include "render/panels/keys.h"
#include "render/panels/panels.h"
#include "sim/run/live.h"
#include "sim/run/treatments.h"
#include "sim/run/walking_body.h"

namespace hipspine {

class App {
 public:
  /// An OpenGL 3.3 core context and an ImGui context with `apply_style` done must be current, now and until the end.
  /// @param scenario  what to open with
  App(const ViewOptions& options, Scenario scenario, const std::string& gl_renderer, float scale);
  ~App();

  /// Before ImGui::NewFrame: the size of type.
  void before_frame();
  /// One frame, between ImGui::NewFrame and ImGui::Render. `seconds` of wall clock since the last.
  void frame(double seconds);
  /// After ImGui has been drawn: screenshots, plots as PNG, film frames, read from this framebuffer.
  void after_drawing(unsigned framebuffer, int width_px, int height_px);
  void press(const KeyPress& key) { press_key(desk_, key); }

  /// Waits for the answer to what the desk holds, and takes it; for pictures without a display.
  /// @return false: there was none, `desk().message` says why
  bool settle();
  /// Without a display: lets the walking body go on until it is at this percent of its third stride; false when it does
  /// not get there.
  bool walk_to(double pct);

  [[nodiscard]] Desk& desk() { return desk_; }
  [[nodiscard]] const PanelState& panels() const { return panels_; }
  /// What of the options cannot be done (a lesson that is not there); empty for nothing.
  [[nodiscard]] const std::string& refused() const { return refused_; }
  [[nodiscard]] bool idle() const;  ///< nothing moves: the window may wait for a hand
  [[nodiscard]] const RenderStats& picture_stats() const { return renderer_->stats(); }
  [[nodiscard]] double frame_ms() const {
    return frame_ms_;
  }  ///< processor time of the last `frame`, the picture's included

 private:
  void ask();
  void take_answer();
  void show_moment(double seconds);
  void walk(double seconds);
  void requests();
  void picture(const PanelRect& rect);
  void mouse(const PanelRect& rect);
  void load_parts(const CycleResult& cycle);
  [[nodiscard]] Camera camera_in_ground() const;

  ViewOptions options_;
  Desk desk_;
  PanelState panels_;
  Quality quality_;
  float scale_;
  LiveSolver solver_;
  std::unique_ptr<LiveWalker> walker_;     // from when it is first asked for
  std::unique_ptr<WalkingBody> own_body_;  // without a display in its place: knows no clock, walks the same every time
  double to_walk_s_ = 0;
  std::uint64_t walked_question_ = 0;
  BackgroundJob<Validation> check_;
  BackgroundJob<TreatmentReport> treatments_;
  std::uint64_t treated_revision_ = 0;  // of the scenario that treatments_ compares
  Film film_;
  std::unique_ptr<Renderer> renderer_;
  std::vector<BodyPart> parts_;
  std::shared_ptr<const Model> model_;  // of parts_ and paths_
  MusclePaths paths_;
  Scene scene_;
  double follow_y_m_ = 0.93;  // height that the camera keeps
  std::uint64_t asked_revision_ = 0, taken_question_ = 0;
  TimeSource last_source_ = TimeSource::solved;
  std::string plot_png_, refused_;
  std::array<float, 4> plot_rect_{};
  double since_film_s_ = 0, frame_ms_ = 0, panels_ms_ = 0, shown_fps_ = 0;
  bool orbiting_ = false, panning_ = false;
};

}  // namespace hipspine
