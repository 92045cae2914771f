// Every panel through Dear ImGui without a screen: drawn in every state, used by mouse.
#include "render/panels/panels.h"

#include <doctest/doctest.h>

#include "render/panels/story.h"
#include "tests/panels/null_window.h"

using namespace hipspine;

TEST_CASE("every panel is drawn in every state") {
  Ui ui;
  const auto in_all_tabs = [&](const char* state) {
    CAPTURE(state);
    for (RightTab tab : {RightTab::curves, RightTab::story, RightTab::why, RightTab::trust})
      for (TimeSource source : {TimeSource::solved, TimeSource::walking})
        for (bool help : {false, true}) {
          ui.desk.view.tab = tab;
          ui.desk.clock.source = source;
          ui.desk.view.help = help;
          ui.frame();
          CHECK(ui.frame() > 1000);
        }
    ui.desk.view.help = false;
  };
  in_all_tabs("no answer yet");
  ui.desk.receive(solved().healthy);
  in_all_tabs("healthy");
  ui.desk.receive(solved().stiff);
  ui.desk.walker = {true, 0.98, 6.1, 2, 1.2, 2.0, "fell at stride 12.3"};
  ui.desk.view.statistics = true;
  in_all_tabs("restricted, the body has fallen");
  ui.desk.receive(solved().failed);
  CHECK(ui.desk.message_is_error);
  in_all_tabs("a failed answer beside the last good one");
  ui.click("dismiss");
  CHECK(ui.desk.message.empty());
  Validation v;
  v.rows.resize(3);
  v.rows[0].target = {"N01", "hip range", "healthy", "", 38, 46, "deg", "43", {"schwartz2008"}};
  v.rows[0].measured.value = 43.2;
  v.rows[0].pass = true;
  v.rows[1].target.low = 1;
  v.rows[1].pass = false;
  ui.desk.validation = v;
  in_all_tabs("validated");
  for (int lesson = 0; lesson < static_cast<int>(ui.desk.lessons.size()); ++lesson) {
    ui.desk.start_lecture(lesson);
    for (int k = 0; k < 40 && ui.desk.lecture.running(); ++k) {
      ui.desk.tick(0.5);
      CHECK(ui.frame() > 1000);
      ui.desk.next_scene();
    }
  }
  ui.size = {1024, 768};
  in_all_tabs("a projector");
  ui.size = {300, 200};
  ui.frame();
  ui.desk.view.panels = false;
  ui.frame();
}

TEST_CASE("dragging the right hip's extension changes the scenario: one step of undo") {
  Ui ui;
  ui.frames(2);
  const std::uint64_t revision = ui.desk.revision();
  ui.drag("hip_r.extension_max_deg", 0.6f);
  const double deg = ui.deg(kRight, 1);
  CHECK(deg == doctest::Approx(-60 + 0.6 * 80).epsilon(0.05).scale(20));
  CHECK(deg == std::round(deg));
  CHECK(ui.deg(kLeft, 1) == 20);
  CHECK(ui.desk.revision() > revision + 1);  // it follows the hand
  CHECK(ui.desk.undo_text() == "right hip extension");
  ui.click("undo");
  CHECK(ui.deg(kRight, 1) == 20);
  CHECK_FALSE(ui.desk.can_undo());
  ui.click("redo");
  CHECK(ui.deg(kRight, 1) == deg);
  ui.click("hip_r.extension_max_deg", 1);
  CHECK(ui.deg(kRight, 1) == 20);
  ui.click("undo");
  CHECK(ui.deg(kRight, 1) == deg);
  ui.click("reset");
  CHECK(ui.desk.scenario().hip == Scenario().hip);
}

TEST_CASE("every slider of the left panel moves its own value") {
  Ui ui;
  ui.frames(2);
  for (int side : {kRight, kLeft})
    for (int key = 0; key < 6; ++key) {
      const std::string name = std::string(side == kRight ? "hip_r." : "hip_l.") + kHipLimitKeys[key].key;
      CAPTURE(name);
      const double before = ui.deg(side, key);
      ui.drag(name, 0.75f);
      CHECK(ui.deg(side, key) != before);
      ui.click("undo");
      CHECK(ui.deg(side, key) == before);
    }
  ui.size.y = 1000;  // everything in view
  ui.frames(2);
  ui.drag("hip_l.stiffness_scale", 0.8f);
  CHECK(ui.desk.scenario().hip[kLeft].stiffness_scale > 5);
  CHECK(ui.desk.scenario().hip[kRight].stiffness_scale == 1);
  ui.drag("speed_m_s", 0.9f);
  CHECK(ui.desk.scenario().speed_m_s > 1.8);
  ui.drag("height_m", 0.2f);
  CHECK(ui.desk.scenario().height_m < 1.5);
  ui.drag("mass_kg", 0.9f);
  CHECK(ui.desk.scenario().mass_kg > 130);
  ui.drag("gluteals_r.strength", 0.3f);
  for (const char* group : {"gluteus_maximus_r", "gluteus_medius_r", "gluteus_minimus_r"})
    CHECK(muscle_change(ui.desk.scenario(), group).strength == doctest::Approx(0.3).epsilon(0.1));
  CHECK(muscle_change(ui.desk.scenario(), "gluteus_medius_l").strength == 1);
  ui.drag("iliopsoas_l.tightness", 0.9f);
  CHECK(muscle_change(ui.desk.scenario(), "iliopsoas_l").tightness > 0.3);
  Diagnostics found;
  (void)changed_scenario(ui.desk.scenario(), {}, found);
  CHECK_MESSAGE(found.findings().empty(), found.text());
}

TEST_CASE("linked hips move together") {
  Ui ui;
  ui.frames(2);
  ui.click("linked");
  CHECK(ui.desk.linked);
  ui.drag("hip_l.abduction_max_deg", 0.3f);
  CHECK(ui.deg(kLeft, 2) < 20);
  CHECK(ui.deg(kRight, 2) == ui.deg(kLeft, 2));
  CHECK(ui.desk.undo_text() == "both sides, left hip abduction");
  ui.click("undo");
  CHECK(ui.deg(kRight, 2) == 40);
}

TEST_CASE("hip limits end where a healthy hip does") {
  Ui ui;
  ui.frames(2);
  const HipLimits healthy;
  for (int key = 0; key < 6; ++key) {
    const std::string name = std::string("hip_r.") + kHipLimitKeys[key].key;
    CAPTURE(name);
    ui.drag(name, 0.3f);
    CHECK(ui.deg(kRight, key) < file_degrees(healthy.*kHipLimitKeys[key].value));
    ui.drag(name, 1.5f);
    CHECK(ui.deg(kRight, key) == file_degrees(healthy.*kHipLimitKeys[key].value));
  }
}

TEST_CASE("a click alone moves no slider, a double-click types over the value that was") {
  Ui ui;
  ui.frames(2);
  const auto r = ui.at("hip_r.extension_max_deg");
  const float x = r.min.x + 20, y = r.min.y + 5;
  const std::uint64_t revision = ui.desk.revision();
  for (int click = 0; click < 2; ++click) {
    ui.mouse(x, y, false);
    ui.mouse(x, y, true);
    ui.frame();
    ui.mouse(x + 1, y, true);  // a hand trembles
    ui.mouse(x + 1, y, false);
  }
  CHECK(ui.desk.revision() == revision);
  CHECK(ui.deg(kRight, 1) == 20);
  for (const char* c = "7"; *c; ++c) ImGui::GetIO().AddInputCharacter(static_cast<unsigned>(*c));
  ui.frames(3);
  CHECK(ui.deg(kRight, 1) == 7);
  ui.click("undo");
  CHECK(ui.deg(kRight, 1) == 20);
  CHECK_FALSE(ui.desk.can_undo());
}

TEST_CASE("a typed number is taken, and kept within the range") {
  Ui ui;
  ui.frames(2);
  const auto typed = [&](const char* text) {
    const auto r = ui.at("hip_r.flexion_max_deg");
    ImGuiIO& io = ImGui::GetIO();
    io.KeyCtrl = true;
    ui.mouse(r.min.x + 20, r.min.y + 5, true);
    ui.mouse(r.min.x + 20, r.min.y + 5, false);
    io.KeyCtrl = false;
    for (const char* c = text; *c; ++c) io.AddInputCharacter(static_cast<unsigned>(*c));
    ui.frames(3);
    ui.mouse(1, 1, true);  // a click elsewhere ends the text
    ui.mouse(1, 1, false);
    ui.frames(2);
    return ui.deg(kRight, 0);
  };
  CHECK(typed("45") == doctest::Approx(45));
  CHECK(typed("3327") == doctest::Approx(120));
}

TEST_CASE("the scenario menu opens what it names") {
  Ui ui;
  ui.frames(2);
  ui.click("scenario");
  ui.click("scenario/contracture_20_r");
  CHECK(ui.deg(kRight, 1) == -20);
  CHECK(ui.desk.scenario().title == "Right hip, flexion contracture of 20 deg");
  ui.click("task");
  ui.click("task/stand");
  CHECK(ui.desk.scenario().task == "stand");
  ui.click("strategy");
  ui.click("strategy/knee");
  CHECK(ui.desk.scenario().strategy == "knee");
  ui.size.y = 1000;
  ui.frames(2);
  ui.click("save");
  CHECK(ui.desk.requests.save_scenario == "my_hip.toml");
}

TEST_CASE("timeline: play, step, scrub, slow motion, source") {
  Ui ui;
  ui.desk.receive(solved().healthy);
  ui.frames(2);
  ui.click("play");
  CHECK_FALSE(ui.desk.clock.playing);
  ui.click("step");
  CHECK(ui.desk.shown_pct() == doctest::Approx(1));
  ui.click("back");
  CHECK(ui.desk.shown_pct() == doctest::Approx(0));
  ui.click("scrub");
  CHECK(ui.desk.shown_pct() == doctest::Approx(50).epsilon(0.02));
  CHECK_FALSE(ui.desk.clock.scrubbing);
  const auto r = ui.at("scrub");
  ui.mouse(r.min.x + 0.25f * (r.max.x - r.min.x), r.min.y + 5, true);
  CHECK(ui.desk.clock.scrubbing);
  CHECK(ui.desk.clock.rate() == 0);
  CHECK(ui.desk.shown_pct() == doctest::Approx(25).epsilon(0.02));
  ui.mouse(r.min.x - 200, r.min.y + 5, true);  // beyond the end
  CHECK(ui.desk.shown_pct() == 0);
  ui.mouse(r.min.x, r.min.y, false);
  CHECK_FALSE(ui.desk.clock.scrubbing);
  ui.click("home");
  CHECK(ui.desk.shown_pct() == 0);
  ui.click("slow");
  ui.click("slow/3");
  CHECK(ui.desk.clock.slow == 3);
  ui.click("source.walking");
  CHECK(ui.desk.clock.source == TimeSource::walking);
  ui.click("push");
  CHECK(ui.desk.requests.push);
  ui.click("step");
  CHECK(ui.desk.requests.step);
  ui.click("home");
  CHECK(ui.desk.requests.restart);
  ui.click("source.solved");
  CHECK(ui.desk.clock.source == TimeSource::solved);
}

TEST_CASE("the story: largest change first, rows lead to curves and causes") {
  Ui ui;
  ui.desk.receive(solved().stiff);
  ui.frames(2);
  ui.click("tab.story");
  CHECK(ui.desk.view.tab == RightTab::story);
  const Comparison c = compare(summarize(*solved().stiff->healthy_results), summarize(*solved().stiff->results));
  const std::vector<ComparedRow> rows = story_rows(c);
  REQUIRE(rows.size() > 20);
  for (std::size_t k = 1; k < rows.size(); ++k) CHECK(rows[k - 1].weight >= rows[k].weight);
  CHECK(rows[0].column == "hip_flexion_r");
  std::size_t in_parts = 0;
  for (const ComparedRow& row : rows) {
    CHECK(in_part(row, 0));
    bool anywhere = false;
    for (std::size_t part = 1; part < kStoryParts.size(); ++part) anywhere = anywhere || in_part(row, part);
    in_parts += anywhere;
  }
  CHECK(in_parts == rows.size());
  ui.click("story/0");
  CHECK(ui.desk.view.tab == RightTab::curves);
  CHECK(ui.desk.view.plots.front() == "hip_flexion");
  ui.click("tab.story");
  ui.click("tab.why");
  CHECK(ui.desk.view.tab == RightTab::why);
  ui.click("why.now");
  ui.click("why.peak");
  CHECK(ui.state.rectangles.by_name.count("why.column") == 1);
}

TEST_CASE("the story in words has the numbers of the table") {
  const Comparison c = compare(summarize(*solved().stiff->healthy_results), summarize(*solved().stiff->results));
  const std::string text = story_text(c);
  CHECK(text.find("The right hip extends to 0.7° (healthy 17.1°)") == 0);
  CHECK(text.find("L5/S1 right facet, goes from 305 to 498 N (+63 %)") != std::string::npos);
  CHECK(text.find("highest disc pressure, L5/S1, from 1.12 to 1.09 MPa (-2 %)") != std::string::npos);
  const Comparison none = compare(summarize(*solved().healthy->healthy_results), summarize(*solved().healthy->results));
  CHECK(story_rows(none).empty());
  CHECK(story_text(none).find("moves like that of the same person") != std::string::npos);
}

TEST_CASE("the story of a contracture, of a bend, of standing: no words that are untrue") {
  const auto text_of = [](const Scenario& s) {
    const auto now = solved().solve(s), base = solved().solve(healthy_of(s));
    return story_text(compare(summarize(make_results(*base)), summarize(make_results(*now))));
  };
  const std::string contracture = text_of(load_shipped("contracture_20_r.toml"));
  CHECK(contracture.find("The right hip stays at least 18.4° flexed (healthy: extends to 17.1°)") == 0);
  CHECK(contracture.find("extends to -") == std::string::npos);

  const Scenario bend = load_shipped("forward_bend.toml");
  CHECK(text_of(bend).find("moves like that of the same person") != std::string::npos);
  Scenario stiff = bend;
  set_limit(stiff, kRight, 0, 50);
  const std::string bending = text_of(stiff);
  CAPTURE(bending);
  CHECK(bending.find("Bending forward, the right hip flexes to ") == 0);
  CHECK(bending.find("(healthy 67.0°) and the lumbar spine to ") != std::string::npos);
  CHECK(bending.find("(healthy 52.4°)") != std::string::npos);
  CHECK(bending.find("extends") == std::string::npos);
  CHECK(bending.find("hollow") == std::string::npos);

  Scenario standing = load_shipped("contracture_20_r.toml");
  standing.task = "stand";
  const std::string stands = text_of(standing);
  CAPTURE(stands);
  CHECK(stands.find("Standing, the right hip stays at least ") == 0);
  CHECK(stands.find("in the cycle") == std::string::npos);
}

TEST_CASE("trust in two clicks: gates, and the validation on demand") {
  Ui ui;
  ui.desk.receive(solved().healthy);
  ui.frames(2);
  ui.click("tab.trust");
  CHECK(ui.desk.view.tab == RightTab::trust);
  ui.click("validate");
  CHECK(ui.desk.requests.validate);
  ui.desk.requests.validate = false;
  ui.desk.validating = true;
  ui.frames(2);
  ui.click("validate");
  CHECK_FALSE(ui.desk.requests.validate);
}

TEST_CASE("the view menu: cameras, muscle layers, what is drawn") {
  Ui ui;
  ui.desk.view.scene.muscle_layers = 0;
  ui.frames(2);
  ui.click("view");
  ui.click("view.camera/5");
  CHECK(ui.desk.view.camera == camera_of(CameraPreset::lumbar, ui.desk.scenario().height_m));
  ui.click("view.muscles/" + std::to_string(kGluteals));
  CHECK(ui.desk.view.scene.muscle_layers == 1u << kGluteals);
  ui.click("view.ghost");
  CHECK(ui.desk.view.scene.ghost);
  ui.click("view.bones");
  CHECK_FALSE(ui.desk.view.scene.bones);
  ui.click("help");  // closes the menu
  ui.click("help");
  CHECK(ui.desk.view.help);
  ui.frames(2);
  ui.click("help.close");
  CHECK_FALSE(ui.desk.view.help);
}

TEST_CASE("lecture by mouse: next, answer, back, end") {
  Ui ui;
  ui.desk.receive(solved().healthy);
  ui.frames(2);
  ui.click("lessons");
  ui.click("lesson/0");
  REQUIRE(ui.desk.lecture.running());
  ui.frames(3);
  ui.click("lecture.next");
  CHECK(ui.desk.lecture.scene == 1);
  ui.click("lecture.next");
  REQUIRE(ui.desk.scene()->reveal.size() > 0);
  ui.click("lecture.next");
  CHECK(ui.desk.lecture.revealed);
  ui.click("lecture.back");
  CHECK_FALSE(ui.desk.lecture.revealed);
  CHECK(ui.desk.lecture.scene == 2);
  ui.click("lecture.end");
  CHECK_FALSE(ui.desk.lecture.running());
}
