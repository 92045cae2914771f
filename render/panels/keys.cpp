#include "render/panels/keys.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

struct Bound {
  KeyBinding binding;
  void (*act)(Desk&);
};

void move_time(Desk& desk, double cycles) {
  desk.clock.playing = false;
  if (desk.clock.source == TimeSource::solved) {
    // On whole percents, so that what is read off is a row of the table.
    const double step = std::abs(cycles);
    desk.clock.phase = std::max(0.0, step * (std::round(desk.clock.phase / step) + (cycles > 0 ? 1 : -1)));
  } else if (cycles > 0) {
    desk.requests.step = true;  // a body that walks cannot walk back
  }
}

void back_one(Desk& d) { move_time(d, -0.01); }
void on_one(Desk& d) { move_time(d, 0.01); }
void back_ten(Desk& d) { move_time(d, -0.1); }
void on_ten(Desk& d) { move_time(d, 0.1); }
void toggle_play(Desk& d) { d.clock.playing = !d.clock.playing; }
void faster(Desk& d) { d.clock.slow = std::max(0, d.clock.slow - 1); }
void slower(Desk& d) { d.clock.slow = std::min(4, d.clock.slow + 1); }
void change_source(Desk& d) {
  d.clock.source = d.clock.source == TimeSource::solved ? TimeSource::walking : TimeSource::solved;
}
void to_start(Desk& d) {
  if (d.clock.source == TimeSource::walking)
    d.requests.restart = true;
  else
    d.clock.phase = std::floor(d.clock.phase);
}

template <int preset>
void look(Desk& d) {
  d.view.camera = camera_of(static_cast<CameraPreset>(preset), d.scenario().height_m);
}

void toggle_muscles(Desk& d) {
  d.view.scene.muscle_layers = d.view.scene.muscle_layers == 0 ? (1u << kMuscleLayers) - 1 : 0;
}
void close(Desk& d) {
  if (ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup))
    ImGui::SetWindowFocus(nullptr);  // an open list or menu lives as long as it has the focus
  else if (d.view.help)
    d.view.help = false;
  else if (d.lecture.running())
    d.end_lecture();
  else
    d.say("");
}
void screenshot(Desk& d) { d.requests.screenshot = "hipspine-1.png"; }

KeyPress press(Key key, bool shift = false) { return {static_cast<int>(key), shift, false}; }
KeyPress letter(char c) { return {c, false, false}; }
KeyPress control(char c, bool shift = false) { return {c, shift, true}; }

const std::vector<Bound>& bound() {
  static const std::vector<Bound> all = {
      {{press(Key::space), "Space", "Play or pause", "Time"}, toggle_play},
      {{letter('P'), "P", "Play or pause", "Time"}, toggle_play},
      {{press(Key::left), "Left", "1 % of the cycle back", "Time"}, back_one},
      {{press(Key::right), "Right", "1 % on; one step of the walking body", "Time"}, on_one},
      {{letter('O'), "O", "The same as Right", "Time"}, on_one},
      {{press(Key::left, true), "Shift+Left", "10 % back", "Time"}, back_ten},
      {{press(Key::right, true), "Shift+Right", "10 % on", "Time"}, on_ten},
      {{press(Key::home), "Home", "Right heel strike; the walking body starts again", "Time"}, to_start},
      {{letter('+'), "+", "Faster, up to real time", "Time"}, faster},
      {{letter('='), "", "Faster, up to real time", "Time"}, faster},
      {{letter('-'), "-", "Slower, down to 1/16", "Time"}, slower},
      {{letter('W'), "W", "Solved cycle or walking body", "Time"}, change_source},
      {{letter('1'), "1", "Three-quarter view", "Camera"}, look<0>},
      {{letter('2'), "2", "From the front", "Camera"}, look<1>},
      {{letter('3'), "3", "From the right", "Camera"}, look<2>},
      {{letter('4'), "4", "From the left", "Camera"}, look<3>},
      {{letter('5'), "5", "From behind", "Camera"}, look<4>},
      {{letter('6'), "6", "Lumbar spine", "Camera"}, look<5>},
      {{letter('7'), "7", "Pelvis", "Camera"}, look<6>},
      {{letter('F'), "F", "Turn to the part last pointed at, else to the pelvis", "Camera"},
       [](Desk& d) { d.requests.focus = true; }},
      {{letter('B'), "B", "Healthy body as a ghost", "Show"},
       [](Desk& d) { d.view.scene.ghost = !d.view.scene.ghost; }},
      {{letter('M'), "M", "Muscles: all or none", "Show"}, toggle_muscles},
      {{letter('L'), "L", "Labels", "Show"}, [](Desk& d) { d.view.scene.labels = !d.view.scene.labels; }},
      {{press(Key::tab), "Tab", "Panels", "Show"}, [](Desk& d) { d.view.panels = !d.view.panels; }},
      {{letter('R'), "R", "Healthy hips and muscles", "Scenario"}, [](Desk& d) { d.reset(); }},
      {{letter('K'), "K", "Keep these curves to compare with", "Scenario"}, [](Desk& d) { d.keep_variant(); }},
      {{control('Z'), "Ctrl+Z", "Undo", "Scenario"}, [](Desk& d) { d.undo(); }},
      {{control('Y'), "Ctrl+Y", "Redo", "Scenario"}, [](Desk& d) { d.redo(); }},
      {{control('Z', true), "", "Redo", "Scenario"}, [](Desk& d) { d.redo(); }},
      {{control('S'), "Ctrl+S", "Save as a scenario file", "Scenario"},
       [](Desk& d) { d.requests.save_scenario = d.save_name; }},
      {{press(Key::f1), "F1", "This page", "Window"}, [](Desk& d) { d.view.help = !d.view.help; }},
      {{press(Key::f2), "F2", "Statistics of the picture", "Window"},
       [](Desk& d) { d.view.statistics = !d.view.statistics; }},
      {{press(Key::f9), "F9", "Begin or end a film of the window", "Window"},
       [](Desk& d) { (d.filming ? d.requests.stop_video : d.requests.start_video) = true; }},
      {{press(Key::f11), "F11", "Full screen", "Window"}, [](Desk& d) { d.requests.fullscreen = true; }},
      {{press(Key::f12), "F12", "Save a picture of the window", "Window"}, screenshot},
      {{control('Q'), "Ctrl+Q", "Close the window", "Window"}, [](Desk& d) { d.requests.quit = true; }},
      {{press(Key::escape), "Esc", "Close an open list, this page, the lecture or the message", "Window"}, close},
  };
  return all;
}

const std::vector<Bound>& bound_in_lecture() {
  static const auto next = [](Desk& d) {
    // One key too many, before an audience, shall not take the last picture away.
    if (d.last_scene_told())
      d.say("That was the last scene. Esc ends the lecture.");
    else
      d.next_scene();
  };
  static const auto back = [](Desk& d) { d.previous_scene(); };
  static const std::vector<Bound> all = {
      {{press(Key::right), "Right", "Answer, then next scene", "Lecture"}, next},
      {{press(Key::page_down), "Page down", "The same", "Lecture"}, next},
      {{press(Key::enter), "Enter", "The same", "Lecture"}, next},
      {{press(Key::left), "Left", "Back", "Lecture"}, back},
      {{press(Key::page_up), "Page up", "The same", "Lecture"}, back},
  };
  return all;
}

bool act(const std::vector<Bound>& table, Desk& desk, const KeyPress& pressed) {
  const auto it = std::find_if(table.begin(), table.end(), [&](const Bound& b) {
    const KeyPress& p = b.binding.press;
    // Where signs sit under Shift depends on the keyboard.
    const bool sign = p.key == '+' || p.key == '=' || p.key == '-';
    return p.key == pressed.key && p.control == pressed.control && (sign || p.shift == pressed.shift);
  });
  if (it == table.end()) return false;
  it->act(desk);
  return true;
}

}  // namespace

const std::vector<KeyBinding>& key_bindings() {
  static const std::vector<KeyBinding> all = [] {
    std::vector<KeyBinding> list;
    for (const auto* table : {&bound(), &bound_in_lecture()})
      for (const Bound& b : *table) list.push_back(b.binding);
    return list;
  }();
  return all;
}

bool press_key(Desk& desk, const KeyPress& pressed) {
  return (desk.lecture.running() && act(bound_in_lecture(), desk, pressed)) || act(bound(), desk, pressed);
}

}  // namespace hipspine
