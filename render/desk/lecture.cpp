// A lecture is a stack of stages: the desk before it, then the desk before each scene. Entering a scene changes the
// desk, going back takes the stage from the stack, so nothing has to be undone piece by piece.
#include <algorithm>
#include <cctype>
#include <cmath>

#include "render/desk/desk.h"
#include "sim/model/scenario_text.h"

namespace hipspine {
namespace {

constexpr double kGlance_s = 5, kLetter_s = 0.06;  // chosen: to notice a message, and to read it twice

double between(double a, double b, double t) { return a + (b - a) * t; }

/// Numbers on their way from one scenario to the other, angles in degrees; words are the second's at once.
Scenario blend(const Scenario& from, const Scenario& to, double t) {
  Scenario s = to;
  s.speed_m_s = between(from.speed_m_s, to.speed_m_s, t);
  s.height_m = between(from.height_m, to.height_m, t);
  s.mass_kg = between(from.mass_kg, to.mass_kg, t);
  for (int side : {kRight, kLeft}) {
    for (const HipLimitKey& limit : kHipLimitKeys) {
      const double a = from.hip[side].*limit.value, b = to.hip[side].*limit.value;
      if (a != b) s.hip[side].*limit.value = rad_from_deg(between(deg_from_rad(a), deg_from_rad(b), t));
    }
    s.hip[side].stiffness_scale = between(from.hip[side].stiffness_scale, to.hip[side].stiffness_scale, t);
  }
  for (MuscleChange& m : s.muscles) {
    const MuscleChange before = muscle_change(from, m.name);
    m.strength = between(before.strength, m.strength, t);
    m.tightness = between(before.tightness, m.tightness, t);
  }
  return holdable(s);
}

}  // namespace

Desk::Stage Desk::stage() const { return {scenario_, clock, view, undo_, redo_}; }

void Desk::set_stage(const Stage& stage) {
  sweep_from_.reset();
  sweep_to_.reset();
  editing_ = false;
  if (!says_the_same(scenario_, stage.scenario)) change_to(stage.scenario);
  const double phase = clock.phase;
  clock = stage.clock;
  // Time goes on rather than jumping back, except to where it stood still.
  if (clock.playing) clock.phase = std::max(clock.phase, phase);
  view = stage.view;
  undo_ = stage.undo;
  redo_ = stage.redo;
}

const LessonScene* Desk::scene() const {
  if (lecture.lesson < 0 || lecture.lesson >= static_cast<int>(lessons.size())) return nullptr;
  const std::vector<LessonScene>& scenes = lessons[lecture.lesson].scenes;
  return lecture.scene >= 0 && lecture.scene < static_cast<int>(scenes.size()) ? &scenes[lecture.scene] : nullptr;
}

void Desk::start_lecture(int lesson) {
  if (lesson < 0 || lesson >= static_cast<int>(lessons.size()) || lessons[lesson].scenes.empty()) return;
  if (lecture.running()) end_lecture();
  say("");
  view.help = false;
  stages_.assign(1, stage());
  lecture = {lesson, 0, false, 0};
  view.large_type = true;
  enter_scene();
}

void Desk::end_lecture() {
  if (!lecture.running()) return;
  lecture = {};
  set_stage(stages_.front());
  stages_.clear();
}

bool Desk::last_scene_told() const {
  const LessonScene* now = scene();
  return now && (now->reveal.empty() || lecture.revealed) &&
         lecture.scene + 1 == static_cast<int>(lessons[lecture.lesson].scenes.size());
}

void Desk::next_scene() {
  const LessonScene* now = scene();
  if (!now) return;
  if (!now->reveal.empty() && !lecture.revealed) {
    lecture.revealed = true;
    lecture.in_scene_s = 0;
    return;
  }
  if (last_scene_told()) {
    end_lecture();
    return;
  }
  finish_sweep();
  stages_.push_back(stage());
  lecture = {lecture.lesson, lecture.scene + 1, false, 0};
  enter_scene();
}

void Desk::previous_scene() {
  if (!scene()) return;
  if (lecture.revealed) {
    lecture.revealed = false;
  } else if (lecture.scene > 0) {
    set_stage(stages_.back());
    stages_.pop_back();
    lecture = {lecture.lesson, lecture.scene - 1, false, 0};
    lecture.revealed = !scene()->reveal.empty();
  }
}

void Desk::enter_scene() {
  const LessonScene& s = *scene();
  undo_.clear();
  redo_.clear();
  editing_ = false;
  Diagnostics found;
  Scenario base = scenario_;
  if (!s.scenario.empty()) base = holdable(load_scenario(scenario_folder_ / s.scenario, {}, found));
  Scenario target = holdable(changed_scenario(base, s.set, found));
  if (found.has_errors()) {
    say(found.text(), true);  // the file was sound when the lesson was read; it is not any more
  } else {
    if (!s.set.empty()) {
      target.title = changes_in_words(target);
      target.title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(target.title.front())));
      target.question.clear();
      target.expectation.clear();
    }
    if (s.sweep_s > 0 && !s.set.empty()) {
      sweep_from_ = base;
      sweep_to_ = target;
      target = blend(base, target, 0);
    }
    if (!says_the_same(target, scenario_)) change_to(target);
  }

  if (CameraPreset preset{}; !s.camera.empty() && from_string(s.camera, preset))
    view.camera = camera_of(preset, scenario_.height_m);
  static constexpr std::array<const char*, 4> kTabs = {"curves", "story", "why", "trust"};
  for (std::size_t k = 0; k < kTabs.size(); ++k)
    if (s.show == kTabs[k]) view.tab = static_cast<RightTab>(k);
  if (!s.show.empty()) view.panels = true;
  if (!s.plots.empty()) view.plots = s.plots;
  if (!s.muscles.empty()) {
    view.scene.muscle_layers = 0;
    for (const std::string& name : s.muscles) view.scene.muscle_layers |= lesson_muscle_bits(name);
  }
  if (!s.why.empty()) view.why_column = s.why;
  view.scene.highlight_level = lesson_level(s.highlight);
  const bool hip = s.highlight == "hip_r" || s.highlight == "hip_l";
  if (hip) view.scene.hip_arc = true;
  view.scene.arc_side = {s.highlight != "hip_l", s.highlight != "hip_r"};
  view.scene.ghost = s.ghost;
  clock.slow = static_cast<int>(std::lround(-std::log2(s.slow)));
  clock.scrubbing = false;
  clock.playing = s.at_pct < 0;
  if (s.at_pct >= 0) {
    clock.source = TimeSource::solved;  // the walking body cannot be told to stand still at a percent
    clock.phase = std::floor(clock.phase) + s.at_pct / 100;
  }
}

void Desk::finish_sweep() {
  if (!sweep_to_) return;
  if (!says_the_same(scenario_, *sweep_to_)) change_to(*sweep_to_);
  sweep_from_.reset();
  sweep_to_.reset();
}

void Desk::tick(double seconds) {
  if (!can_be_simulated(scenario_.task)) clock.source = TimeSource::solved;
  if (seconds <= 0) return;
  message_age_s_ += seconds;
  const bool event = !message_stays_ && !message_of_answer_;
  if (event && message_age_s_ > kGlance_s + kLetter_s * static_cast<double>(message.size())) message.clear();
  if (clock.source == TimeSource::solved && answer_ && answer_->results && answer_->results->stride_time_s > 0)
    clock.phase += clock.rate() * seconds / answer_->results->stride_time_s;
  const LessonScene* now = scene();
  if (!now) return;
  lecture.in_scene_s += seconds;
  if (sweep_to_) {
    const double t = lecture.in_scene_s / now->sweep_s;
    if (t >= 1 || lecture.revealed)
      finish_sweep();
    else if (const Scenario s = blend(*sweep_from_, *sweep_to_, t); !says_the_same(s, scenario_))
      change_to(s);
  }
  if (now->wait_s > 0 && lecture.in_scene_s >= now->wait_s) next_scene();
}

}  // namespace hipspine
