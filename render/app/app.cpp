#include "render/app/app.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <thread>

#include "render/app/long_work.h"
#include "render/draw/headless.h"
#include "render/panels/type.h"
#include "render/picture/pick.h"
#include "sim/core/whole_file.h"

namespace hipspine {
namespace {

// Panels, in sizes of type. chosen: 260, 350 and 58 px.
constexpr float kWidestRight = 0.42f;  // of the window: the body needs room
constexpr float kLeftPanel = 17.4f, kRightPanel = 23.5f, kBottomPanel = 3.9f;
constexpr int kFilmRate = 30;                          // chosen: what projectors and players all take
constexpr double kOrbit_rad_px = 0.008, kZoom = 1.12;  // chosen: most of a turn over a picture's width, six steps halve
constexpr double kWalkPatience_s = 60;                 // simulated
constexpr double kPush_n = 50, kPush_s = 0.2;          // forward, as the forward run has to bear it

double milliseconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}

std::string one_digit(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

}  // namespace

App::App(const ViewOptions& options, Scenario scenario, const std::string& gl_renderer, float scale)
    : options_(options),
      desk_(std::move(scenario), options.scenarios, options.scenarios / "lessons"),
      quality_(options.quality.value_or(quality_for(gl_renderer))),
      scale_(scale),
      solver_(options.models) {
  panels_.scale = scale;
  View& view = desk_.view;
  view.camera = camera_of(options.camera, desk_.scenario().height_m);
  view.tab = options.tab;
  view.panels = options.panels;
  view.statistics = options.statistics;
  view.scene.ghost = options.ghost;
  view.scene.labels = options.labels;
  view.scene.muscle_layers = options.muscle_layers;
  desk_.clock.source = options.source;
  if (options.at_pct) {
    desk_.clock.phase = *options.at_pct / 100;
    desk_.clock.playing = options.source == TimeSource::walking;
  }
  renderer_ = std::make_unique<Renderer>(parts_, quality_);
  if (options.lesson >= static_cast<int>(desk_.lessons.size()))
    refused_ = "there are " + std::to_string(desk_.lessons.size()) + " lessons";
  else if (options.lesson >= 0 &&
           options.lesson_scene >=
               static_cast<int>(desk_.lessons[static_cast<std::size_t>(options.lesson)].scenes.size()))
    refused_ = "lesson " + std::to_string(options.lesson + 1) + " has " +
               std::to_string(desk_.lessons[static_cast<std::size_t>(options.lesson)].scenes.size()) + " scenes";
  else if (options.lesson >= 0) {
    desk_.start_lecture(options.lesson);
    for (int i = 0; i < options.lesson_scene && desk_.lecture.running(); ++i) {
      const int scene = desk_.lecture.scene;
      while (desk_.lecture.running() && desk_.lecture.scene == scene) desk_.next_scene();
    }
  }
}

App::~App() = default;

bool App::idle() const {
  return !desk_.clock.playing && !desk_.solving && !desk_.validating && !desk_.lecture.running() && !film_.running();
}

void App::ask() {
  if (desk_.revision() == asked_revision_) return;
  asked_revision_ = desk_.revision();
  desk_.solving = true;  // before the window asks whether it may sleep
  solver_.ask(desk_.scenario());
}

void App::take_answer() {
  desk_.solving = solver_.busy();
  const std::shared_ptr<const LiveAnswer> answer = solver_.latest();
  if (!answer || answer->question == taken_question_) return;
  taken_question_ = answer->question;
  desk_.receive(answer);
  if (!answer->cycle) return;
  load_parts(*answer->cycle);
  if (walker_) walker_->follow(answer);
}

void App::load_parts(const CycleResult& cycle) {
  if (model_ == cycle.model) return;
  const double before = model_ ? model_->length_scale : 0;
  model_ = cycle.model;
  paths_ = prepare_muscle_paths(*model_);
  const int height = model_->coordinate("pelvis_ty");
  follow_y_m_ = cycle.plan.q.row(height).mean();
  if (before == model_->length_scale) return;
  if (before > 0) {  // bones of all sizes have one shape
    scale_parts(parts_, model_->length_scale / before);
  } else {
    Diagnostics known;  // the solver has read the same file
    parts_ = body_parts(*model_, load_spine(options_.models, *model_, known), detail_for(quality_));
  }
  renderer_->set_parts(parts_);
}

bool App::settle() {
  ask();
  solver_.wait();
  take_answer();
  return desk_.answer() != nullptr && desk_.answer()->question == taken_question_;
}

bool App::walk_to(double pct) {
  walk(0);
  const double two_strides_s = 2 * desk_.answer()->cycle->plan.period_s;
  double before = 0;
  while (own_body_->there()) {
    own_body_->tick();
    const auto moment = own_body_->moment(1);
    const double here = 100 * (moment->phase - std::floor(moment->phase));
    if (moment->time_s > two_strides_s && before < pct + 1e-9 && (here >= pct || here < before)) break;
    if (moment->time_s > kWalkPatience_s) return false;
    before = moment->time_s > two_strides_s ? here : 100;
  }
  walk(0);
  return own_body_->there();
}

void App::walk(double seconds) {
  if (!own_body_) own_body_ = std::make_unique<WalkingBody>(options_.models);
  if (walked_question_ != taken_question_) own_body_->follow(desk_.answer());
  walked_question_ = taken_question_;
  if (!own_body_->there()) return;
  for (to_walk_s_ += seconds * desk_.clock.rate(); to_walk_s_ > 0; to_walk_s_ -= own_body_->tick_s()) own_body_->tick();
  desk_.walker = own_body_->status();
  desk_.walker.real_time_factor = desk_.clock.rate();
  desk_.last_stride = own_body_->last_stride();
  if (const auto moment = own_body_->moment(1)) desk_.moment = moment;
}

void App::show_moment(double seconds) {
  desk_.tick(seconds);
  const std::shared_ptr<const LiveAnswer>& answer = desk_.answer();
  if (!answer) return;
  const bool walking = desk_.clock.source == TimeSource::walking;
  if (walking && options_.without_display()) {
    walk(seconds);
  } else if (walking) {
    if (!walker_) {
      walker_ = std::make_unique<LiveWalker>(options_.models);
      walker_->follow(answer);
    }
    if (last_source_ != TimeSource::walking) walker_->restart(desk_.clock.phase - std::floor(desk_.clock.phase));
    walker_->set_rate(desk_.clock.rate());
    desk_.walker = walker_->status();
    desk_.last_stride = walker_->last_stride();
    if (const auto moment = walker_->moment()) desk_.moment = moment;
  } else {
    if (walker_) walker_->set_rate(0);
    if (last_source_ == TimeSource::walking) desk_.clock.phase = desk_.moment ? desk_.moment->phase : 0;
    desk_.moment = std::make_shared<const BodyMoment>(moment_of(*answer->cycle, desk_.clock.phase));
  }
  last_source_ = desk_.clock.source;
}

void App::requests() {
  Requests& r = desk_.requests;
  const bool walking = desk_.clock.source == TimeSource::walking && walker_;
  if (r.step) {
    desk_.clock.playing = false;
    if (walking)
      walker_->step();
    else
      desk_.clock.phase += 0.01;
  }
  if (r.restart) {
    if (walking)
      walker_->restart(0);
    else
      desk_.clock.phase = 0;
  }
  if (r.push && walking) walker_->push(Vec3(kPush_n, 0, 0), kPush_s);
  if (r.validate)
    check_.start([models = options_.models, scenarios = options_.scenarios](const std::atomic<bool>& give_up) {
      return validation_table(models, scenarios, give_up);
    });
  if (r.compare_treatments && !treatments_.running()) {
    treated_revision_ = desk_.revision();
    treatments_.start([models = options_.models, scenario = desk_.scenario()](const std::atomic<bool>& give_up) {
      return treatment_table(models, scenario, give_up);
    });
  }
  std::string trouble;
  if (std::optional<Validation> table = check_.take(trouble)) desk_.validation = std::move(table);
  if (!trouble.empty()) desk_.say(trouble, true);
  desk_.validating = check_.running();
  if (std::optional<TreatmentReport> table = treatments_.take(trouble); table && treated_revision_ == desk_.revision())
    desk_.treatments = std::move(table);
  if (!trouble.empty()) desk_.say(trouble, true);
  desk_.comparing_treatments = treatments_.running();
  if (!r.save_scenario.empty()) {
    std::error_code unreadable;
    const bool replaces = std::filesystem::exists(r.save_scenario, unreadable);
    if (desk_.save(r.save_scenario) && replaces) desk_.say(desk_.message + " (the file that was there is replaced)");
  }
  if (r.focus && model_) {
    const auto part =
        std::find_if(parts_.begin(), parts_.end(), [&](const BodyPart& p) { return p.name == desk_.view.pointed; });
    const auto at = std::find_if(scene_.instances.begin(), scene_.instances.end(), [&](const SceneInstance& i) {
      return part != parts_.end() && !i.ghost && i.part == part - parts_.begin();
    });
    desk_.view.camera.target_G =
        at == scene_.instances.end()
            ? Vec3(Vec3::Zero())
            : Vec3(at->X_GP * part->focus_L - Vec3(scene_.follow_G.x(), follow_y_m_, scene_.follow_G.z()));
  }
  if (!r.plot_png_id.empty()) {
    plot_png_ = unused_name(r.plot_png_id + ".png").string();
    plot_rect_ = r.plot_png_rect;
  }
  if (r.stop_video && film_.running()) {
    const bool written = film_.close();
    desk_.say(written ? "Film written" : "ffmpeg reports a failure: no film", !written);
  }
  const Requests kept = r;
  r = {};
  r.screenshot = kept.screenshot;  // these wait until everything is drawn
  r.start_video = kept.start_video;
  r.fullscreen = kept.fullscreen;  // and these are the window's
  r.quit = kept.quit;
}

Camera App::camera_in_ground() const {
  Camera camera = desk_.view.camera;
  camera.target_G += Vec3(scene_.follow_G.x(), follow_y_m_, scene_.follow_G.z());
  return camera;
}

void App::mouse(const PanelRect& rect) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool hovered = ImGui::IsItemHovered();
  Camera& camera = desk_.view.camera;
  if (ImGui::IsItemActivated()) {
    orbiting_ = ImGui::IsMouseDown(ImGuiMouseButton_Left) && !io.KeyShift;
    panning_ = !orbiting_;
  }
  if (ImGui::IsItemActive()) {
    if (orbiting_) camera.orbit(kOrbit_rad_px * io.MouseDelta.x / scale_, kOrbit_rad_px * io.MouseDelta.y / scale_);
    if (panning_) {
      const double m_px = 2 * camera.distance_m * std::tan(camera.field_of_view_rad / 2) / rect.size.y;
      camera.pan(-m_px * io.MouseDelta.x, m_px * io.MouseDelta.y);
    }
  }
  if (hovered && io.MouseWheel != 0) camera.zoom(std::pow(kZoom, -io.MouseWheel));
  if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    const double x = (io.MousePos.x - rect.position.x) / rect.size.x,
                 y = (io.MousePos.y - rect.position.y) / rect.size.y;
    if (const auto hit = pick(scene_, parts_, camera_in_ground(), rect.size.x / rect.size.y, x, y)) {
      const BodyPart& part =
          parts_[static_cast<std::size_t>(scene_.instances[static_cast<std::size_t>(hit->instance)].part)];
      desk_.view.pointed = part.name;
      desk_.requests.focus = true;
      if (part.level >= 0 && model_) {
        const std::string& level = model_->levels[static_cast<std::size_t>(part.level)].name;
        desk_.view.why_column = part.tissue == Tissue::facet ? level + (part.side == kRight ? "_facet_r" : "_facet_l")
                                                             : level + "_disc_pressure";
      }
    }
  }
}

void App::picture(const PanelRect& rect) {
  ImGui::SetNextWindowPos(rect.position);
  ImGui::SetNextWindowSize(rect.size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin("picture", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoScrollWithMouse);
  std::vector<PictureLabel> labels;
  if (desk_.moment && model_ && desk_.answer()) {
    std::optional<BodyMoment> ghost;
    if (desk_.view.scene.ghost && desk_.answer()->healthy) {
      ghost = moment_of(*desk_.answer()->healthy, desk_.moment->phase);
      for (const char* name : {"pelvis_tx", "pelvis_tz"}) {  // strides differ: both bodies are shown at one place
        const int c = model_->coordinate(name);
        ghost->q[c] = desk_.moment->q[c];
      }
    }
    scene_ = assemble_scene(*model_, paths_, parts_, desk_.answer()->cycle->body.hip, *desk_.moment,
                            ghost ? &*ghost : nullptr, desk_.view.scene);
    const Camera camera = camera_in_ground();
    const ImVec2 pixels = ImGui::GetIO().DisplayFramebufferScale;
    const int width = std::max(1, static_cast<int>(std::lround(rect.size.x * pixels.x)));
    const int height = std::max(1, static_cast<int>(std::lround(rect.size.y * pixels.y)));
    renderer_->draw(scene_, camera, width, height);
    // Behind all windows: the overlay writes on it.
    ImGui::GetBackgroundDrawList()->AddImage(
        reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(renderer_->texture())), rect.position,
        {rect.position.x + rect.size.x, rect.position.y + rect.size.y}, {0, 1}, {1, 0});
    const double aspect = rect.size.x / rect.size.y;
    const auto add = [&](const Vec3& at_G, const std::string& text, const Colour& colour) {
      const auto p = project(camera, aspect, at_G);
      if (!p || p->x < 0 || p->x > 1 || p->y < 0 || p->y > 1) return;
      labels.push_back({{rect.position.x + static_cast<float>(p->x) * rect.size.x,
                         rect.position.y + static_cast<float>(p->y) * rect.size.y},
                        text,
                        imgui_colour(colour)});
    };
    for (const SceneLabel& l : scene_.labels) add(l.at_G, l.text, l.colour);
    for (const SceneArc& a : scene_.arcs) add(a.text_G, a.text, a.colour);
  }
  ImGui::SetCursorPos({0, 0});
  ImGui::InvisibleButton(
      "body", rect.size,
      ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight | ImGuiButtonFlags_MouseButtonMiddle);
  panels_.rectangles.note_last_item("body");
  mouse(rect);
  ImGui::End();
  ImGui::PopStyleVar();

  std::string statistics;
  if (desk_.view.statistics) {
    const RenderStats& s = renderer_->stats();
    statistics = one_digit(shown_fps_) + " frames/s\n" + std::to_string(s.triangles) + " triangles, " +
                 std::to_string(s.draw_calls) + " draw calls\nprocessor: " + one_digit(frame_ms_) +
                 " ms a frame, picture " + one_digit(s.cpu_ms) + ", panels " + one_digit(panels_ms_) + "\n";
    if (desk_.answer()) statistics += "last solve " + one_digit(desk_.answer()->compute_ms) + " ms";
  }
  draw_overlay(desk_, panels_, rect, labels, statistics);
}

void App::before_frame() { use_large_type(desk_.view.large_type); }

void App::frame(double seconds) {
  const double start = milliseconds();
  if (seconds > 0) shown_fps_ += 0.1 * (1 / seconds - shown_fps_);
  take_answer();
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) desk_.clock.scrubbing = false;  // the hand let go outside of a panel
  show_moment(seconds);
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float em = kTypePx * scale_;
  const bool panels = desk_.view.panels;
  const float left = panels && !desk_.lecture.running() ? kLeftPanel * em : 0;
  const float right = panels ? std::min(kRightPanel * em, kWidestRight * screen.x) : 0;
  const float bottom = panels ? kBottomPanel * em : 0;
  picture({{left, 0}, {std::max(1.0f, screen.x - left - right), std::max(1.0f, screen.y - bottom)}});
  const double before_panels = milliseconds();
  if (left > 0) draw_controls(desk_, panels_, {{0, 0}, {left, screen.y - bottom}});
  if (right > 0) draw_right(desk_, panels_, {{screen.x - right, 0}, {right, screen.y - bottom}});
  if (bottom > 0) draw_timeline(desk_, panels_, {{0, screen.y - bottom}, {screen.x, bottom}});
  if (desk_.lecture.running())
    draw_lecture(desk_, panels_, {{left, 0}, {std::max(1.0f, screen.x - left - right), screen.y - bottom}});
  if (desk_.view.help) draw_help(desk_, panels_, {{0, 0}, screen});
  panels_ms_ = milliseconds() - before_panels;
  requests();
  ask();
  since_film_s_ += seconds;
  desk_.filming = film_.running();
  frame_ms_ = milliseconds() - start;
}

void App::after_drawing(unsigned framebuffer, int width_px, int height_px) {
  Requests& r = desk_.requests;
  if (!r.screenshot.empty()) {
    const std::filesystem::path file = unused_name(r.screenshot);
    const bool written = write_png(file, width_px, height_px, read_framebuffer(framebuffer, width_px, height_px));
    desk_.say(written ? "Picture written: " + file.string() : file.string() + ": cannot be written", !written);
    r.screenshot.clear();
  }
  if (!plot_png_.empty()) {
    const ImVec2 pixels = ImGui::GetIO().DisplayFramebufferScale;
    const auto all = read_framebuffer(framebuffer, width_px, height_px);
    const int x0 = std::clamp(static_cast<int>(plot_rect_[0] * pixels.x), 0, width_px - 1);
    const int y0 = std::clamp(static_cast<int>(plot_rect_[1] * pixels.y), 0, height_px - 1);
    const int x1 = std::clamp(static_cast<int>(plot_rect_[2] * pixels.x), x0 + 1, width_px);
    const int y1 = std::clamp(static_cast<int>(plot_rect_[3] * pixels.y), y0 + 1, height_px);
    std::vector<std::uint8_t> cut;
    for (int y = y0; y < y1; ++y) {
      const auto row = all.begin() + 4L * (static_cast<long>(y) * width_px + x0);
      cut.insert(cut.end(), row, row + 4L * (x1 - x0));
    }
    const bool written = write_png(plot_png_, x1 - x0, y1 - y0, cut);
    desk_.say(written ? "Plot written: " + plot_png_ : plot_png_ + ": cannot be written", !written);
    plot_png_.clear();
  }
  if (r.start_video) {
    const std::filesystem::path file = unused_name("hipspine.mp4");
    const bool begun = film_.open(file, width_px, height_px, kFilmRate);
    desk_.say(begun ? "Filming to " + file.string() : "ffmpeg is missing: no film (Debian package ffmpeg)", !begun);
    since_film_s_ = 1.0 / kFilmRate;
    r.start_video = false;
  }
  while (film_.running() && since_film_s_ >= 1.0 / kFilmRate) {  // a slow screen repeats pictures, time stays true
    since_film_s_ -= 1.0 / kFilmRate;
    if (film_.add(read_framebuffer(framebuffer, width_px, height_px), width_px, height_px)) continue;
    const bool resized = film_.close();  // what was filmed so far is kept when the window only changed its size
    desk_.say(resized ? "The window changed its size: the film ends here" : "ffmpeg ended: no film", !resized);
  }
}

}  // namespace hipspine
