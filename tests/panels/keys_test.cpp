// The key table: complete, without doubles, and every key does what F1 says.
#include "render/panels/keys.h"

#include <doctest/doctest.h>

#include <set>
#include <tuple>

#include "tests/panels/null_window.h"

using namespace hipspine;

TEST_CASE("every binding does something of its own, none is bound twice") {
  std::set<std::tuple<int, bool, bool>> seen, in_lecture;
  for (const KeyBinding& b : key_bindings()) {
    CAPTURE(b.does);
    auto& set = b.group == "Lecture" ? in_lecture : seen;
    CHECK(set.insert({b.press.key, b.press.shift, b.press.control}).second);
    CHECK_FALSE(b.does.empty());
  }
  Ui ui;
  CHECK_FALSE(press_key(ui.desk, {'J', false, false}));
  CHECK_FALSE(press_key(ui.desk, {'S', false, false}));
}

TEST_CASE("Esc closes an open list first, then the message") {
  Ui ui;
  ui.desk.receive(solved().stiff);
  ui.desk.view.tab = RightTab::story;
  ui.desk.say("an event");
  ui.frames(2);
  const auto is_open = [] { return ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup); };
  ui.click("story.part");
  REQUIRE(is_open());
  const KeyPress escape{static_cast<int>(Key::escape), false, false};
  CHECK(press_key(ui.desk, escape));
  ui.frames(2);
  CHECK_FALSE(is_open());
  CHECK(ui.desk.message == "an event");
  CHECK(press_key(ui.desk, escape));
  CHECK(ui.desk.message.empty());
}

TEST_CASE("keys do what F1 says") {
  Ui ui;
  Desk& d = ui.desk;
  d.receive(solved().healthy);
  const auto press = [&](int key, bool shift = false, bool control = false) {
    CHECK(press_key(d, {key, shift, control}));
  };
  const auto key = [](Key k) { return static_cast<int>(k); };
  press(' ');
  CHECK_FALSE(d.clock.playing);
  press('P');
  CHECK(d.clock.playing);
  press(key(Key::right));
  CHECK_FALSE(d.clock.playing);
  CHECK(d.shown_pct() == doctest::Approx(1));
  press('O');
  CHECK(d.shown_pct() == doctest::Approx(2));
  press(key(Key::left));
  CHECK(d.shown_pct() == doctest::Approx(1));
  press(key(Key::right), true);
  press(key(Key::right), true);
  CHECK(d.shown_pct() == doctest::Approx(20));
  press(key(Key::left), true);
  CHECK(d.shown_pct() == doctest::Approx(10));
  press(key(Key::home));
  CHECK(d.shown_pct() == 0);
  press('-');
  press('-');
  CHECK(d.clock.slow == 2);
  press('=', true);
  press('+');
  press('+');
  CHECK(d.clock.slow == 0);
  press('W');
  CHECK(d.clock.source == TimeSource::walking);
  press(key(Key::right));
  CHECK(d.requests.step);
  press(key(Key::home));
  CHECK(d.requests.restart);
  press('W');
  for (int k = 0; k < static_cast<int>(CameraPreset::kCount); ++k) {
    press('1' + k);
    CHECK(d.view.camera == camera_of(static_cast<CameraPreset>(k), d.scenario().height_m));
  }
  press('F');
  CHECK(d.requests.focus);
  press('B');
  CHECK(d.view.scene.ghost);
  d.view.scene.muscle_layers = 0;
  press('M');
  CHECK(d.view.scene.muscle_layers == (1u << kMuscleLayers) - 1);
  press('M');
  CHECK(d.view.scene.muscle_layers == 0);
  press('L');
  CHECK(d.view.scene.labels);
  press(key(Key::tab));
  CHECK_FALSE(d.view.panels);
  press(key(Key::f2));
  CHECK(d.view.statistics);
  press(key(Key::f11));
  CHECK(d.requests.fullscreen);
  press(key(Key::f12));
  CHECK(d.requests.screenshot == "hipspine-1.png");
  press('S', false, true);
  CHECK(d.requests.save_scenario == "my_hip.toml");
  press('K');
  CHECK(d.variants().size() == 1);
  Scenario s = d.scenario();
  set_limit(s, kRight, 1, 0);
  d.edit(s, "right hip extension");
  d.end_edit();
  press('Z', false, true);
  CHECK(ui.deg(kRight, 1) == 20);
  press('Y', false, true);
  CHECK(ui.deg(kRight, 1) == 0);
  press('Z', false, true);
  press('Z', true, true);
  CHECK(ui.deg(kRight, 1) == 0);
  press('R');
  CHECK(ui.deg(kRight, 1) == 20);
  d.say("something", true);
  press(key(Key::f1));
  d.start_lecture(0);
  d.view.help = true;
  press(key(Key::escape));
  CHECK_FALSE(d.view.help);
  press(key(Key::right));
  CHECK(d.lecture.scene == 1);
  press(key(Key::page_down));
  press(key(Key::enter));
  CHECK(d.lecture.revealed);
  press(key(Key::page_up));
  press(key(Key::left));
  CHECK(d.lecture.scene == 1);
  for (int k = 0; k < 200; ++k) press(key(Key::right));
  CHECK(d.lecture.running());  // the last picture stays
  CHECK(d.last_scene_told());
  CHECK(d.message.find("last scene") != std::string::npos);
  press(key(Key::escape));
  CHECK_FALSE(d.lecture.running());
  d.say("something", true);
  press(key(Key::escape));
  CHECK(d.message.empty());
}
