#include <epoxy/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "render/app/app.h"
#include "render/app/asked_to_end.h"
#include "render/app/window.h"
#include "render/draw/gl_objects.h"
#include "render/draw/headless.h"

namespace hipspine {
namespace {

constexpr int kRate = 30;             // frames a second of a film; chosen: what projectors and players all take
constexpr int kSettle = 3;            // frames; chosen: panels find their sizes in two
constexpr int kUsage = 2, kGate = 3;  // exit codes, as `hipspine run` gives them

void one_frame(App& app, const Canvas& canvas, double seconds) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(canvas.width_px()), static_cast<float>(canvas.height_px())};
  io.DeltaTime = 1.0f / kRate;
  app.before_frame();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  app.frame(seconds);
  ImGui::Render();
  canvas.bind();
  glClearColor(0.07f, 0.07f, 0.075f, 1);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  canvas.resolve();
}

int write(App& app, const ViewOptions& options) {
  if (!app.refused().empty()) {
    std::fprintf(stderr, "hipspine-view: %s\n", app.refused().c_str());
    return kUsage;
  }
  if (!app.settle()) {
    std::fprintf(stderr, "%s\n", app.desk().message.c_str());
    return 1;
  }
  const Canvas canvas(options.width_px, options.height_px, 1);
  const auto pixels = [&] { return read_framebuffer(canvas.framebuffer(), options.width_px, options.height_px); };
  if (app.desk().clock.source == TimeSource::walking && !app.walk_to(options.at_pct.value_or(0))) {
    std::fprintf(stderr, "the walking body does not get there\n");
    return 1;
  }
  for (int i = 0; i < kSettle; ++i) {  // a lecture's scene may change the scenario
    one_frame(app, canvas, 0);
    if (!app.settle()) std::fprintf(stderr, "%s\n", app.desk().message.c_str());
  }
  one_frame(app, canvas, 0);
  if (!options.screenshot.empty()) {
    if (!write_png(options.screenshot, options.width_px, options.height_px, pixels())) {
      std::fprintf(stderr, "%s: cannot be written\n", options.screenshot.c_str());
      return 1;
    }
  } else {
    Film film;
    watch_for_end();
    app.desk().clock.playing = true;
    const double length_s = options.video_s > 0 ? options.video_s : app.desk().answer()->results->stride_time_s;
    bool good = film.open(options.video, options.width_px, options.height_px, kRate);
    if (!good) std::fprintf(stderr, "ffmpeg is missing (Debian package ffmpeg)\n");
    for (int i = 0; good && i < length_s * kRate; ++i) {
      one_frame(app, canvas, 1.0 / kRate);
      good = !asked_to_end() && film.add(pixels(), options.width_px, options.height_px);
    }
    if (!good) film.abandon();  // a signal after the last picture comes too late to stop it
    const bool ended = film.close();
    if (!good || !ended) {
      std::fprintf(stderr, "%s: no film was written\n", options.video.c_str());
      return 1;
    }
  }
  if (options.statistics) {
    const RenderStats& s = app.picture_stats();
    std::printf("triangles %d\ndraw_calls %d\nframe_cpu_ms %.2f\npicture_cpu_ms %.2f\n", s.triangles, s.draw_calls,
                app.frame_ms(), s.cpu_ms);
  }
  if (app.desk().answer()->results->gates_pass()) return 0;
  for (const QualityGate& gate : app.desk().answer()->results->gates)
    if (!gate.pass())
      std::fprintf(stderr, "quality gate missed: %s %.3g, limit %.3g %s\n", gate.name.c_str(), gate.value, gate.limit,
                   gate.unit.c_str());
  return kGate;
}

}  // namespace

int run_headless(const ViewOptions& options, const Scenario& scenario) try {
  const EglContext context;
  const float scale = static_cast<float>(options.scale.value_or(1));
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  apply_style(scale);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  int code = 0;
  {
    App app(options, scenario, context.renderer(), scale);
    code = write(app, options);
  }
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
  return code;
} catch (const std::runtime_error& e) {
  std::fprintf(stderr, "hipspine-view: %s\n", e.what());
  return 1;
}

}  // namespace hipspine
