// Conditions, pain, treatments: by mouse, into the scenario, back by undo and reset.
#include <doctest/doctest.h>

#include <algorithm>

#include "render/panels/doses.h"
#include "render/panels/story.h"
#include "tests/panels/null_window.h"

using namespace hipspine;

namespace {

/// A window so high that every section is in view.
struct HighUi : Ui {
  HighUi() {
    size = {1280, 2400};
    frames(2);
    for (const char* section : {"section.conditions", "section.pain", "section.treatment"}) click(section);
  }
};

/// Goes through the story's list as a hand does, by place, until `shown` stands in the panel.
void choose_part(Ui& ui, const std::string& shown) {
  ui.click("story.part");
  ui.mouse(1100, 790, false);
  const auto r = ui.at("story.part");
  const float line = ImGui::GetFrameHeight() * 0.78f;
  for (float y = r.max.y + line; y < r.max.y + 14 * line && !ui.state.rectangles.by_name.count(shown); y += line) {
    ui.mouse(r.min.x + 20, y, true);
    ui.mouse(r.min.x + 20, y, false);
    ui.frames(2);
    if (!ui.state.rectangles.by_name.count(shown)) ui.click("story.part");
  }
  REQUIRE(ui.state.rectangles.by_name.count(shown) == 1);
}

}  // namespace

TEST_CASE("a condition's severity is a slider: into the scenario, to nothing, undone") {
  HighUi ui;
  ui.drag("condition.hip_osteoarthritis.severity_r", 0.67f);
  REQUIRE(ui.desk.scenario().conditions.size() == 1);
  CHECK(ui.desk.scenario().conditions[0].name == "hip_osteoarthritis");
  CHECK(ui.desk.scenario().conditions[0].severity[kRight] == doctest::Approx(0.67).epsilon(0.05));
  CHECK(ui.desk.scenario().conditions[0].severity[kLeft] == 0);
  ui.click("condition.hip_osteoarthritis.severity_r", 1);  // back to healthy: the entry is gone
  CHECK(ui.desk.scenario().conditions.empty());
  ui.click("undo");
  CHECK(ui.desk.scenario().conditions.size() == 1);
  ui.click("reset");
  CHECK(says_the_same(healthy_of(ui.desk.scenario()), ui.desk.scenario()));
}

TEST_CASE("a limit's slider shows what conditions make of it") {
  HighUi ui;
  CHECK(ui.state.rectangles.by_name.count("hip_r.extension_max_deg.solved") == 0);
  ui.drag("condition.hip_osteoarthritis.severity_r", 1);
  ui.desk.receive(solved().answer(9, ui.desk.scenario()));
  ui.frames(2);
  REQUIRE(ui.state.rectangles.by_name.count("hip_r.extension_max_deg.solved") == 1);
  CHECK(ui.state.rectangles.by_name.count("hip_l.extension_max_deg.solved") == 0);
  const auto mark = ui.at("hip_r.extension_max_deg.solved"), whole = ui.at("hip_r.extension_max_deg");
  CHECK(mark.min.x > whole.min.x);
  CHECK(mark.max.x < whole.max.x - 10);  // the healthy end, where the handle stays
  ui.desk.receive(solved().answer(10, load_shipped("healthy.toml")));
  ui.frames(2);
  CHECK(ui.state.rectangles.by_name.count("hip_r.extension_max_deg.solved") == 0);
}

TEST_CASE("pain and treatment: doses, boxes, both sides when linked") {
  HighUi ui;
  ui.drag("pain.hip_l_load", 0.7f);
  CHECK(ui.desk.scenario().pain[kLeft].load == doctest::Approx(7).epsilon(0.1));
  ui.drag("pain.back", 0.8f);
  CHECK(ui.desk.scenario().back_pain > 6);
  ui.click("treatment.hip_injection_r");
  CHECK(ui.desk.scenario().treatment.hip_injection == std::array<bool, 2>{true, false});
  ui.desk.linked = true;
  ui.click("treatment.hip_replacement_l");
  CHECK(ui.desk.scenario().treatment.hip_replacement == std::array<bool, 2>{true, true});
  ui.click("treatment.fusion.L5_S1");
  CHECK(ui.desk.scenario().treatment.fusion == std::vector<std::string>{"L5_S1"});
  ui.click("treatment.fusion.L5_S1");
  CHECK(ui.desk.scenario().treatment.fusion.empty());
  ui.click("treatment.lumbar_brace");
  CHECK(ui.desk.scenario().treatment.lumbar_brace);
}

TEST_CASE("over a day: every disc and facet joint of this person beside the healthy one") {
  Ui ui;
  ui.desk.receive(solved().stiff);
  ui.desk.view.tab = RightTab::story;
  ui.frames(2);
  choose_part(ui, "dose/L5_S1_facet_r");
  for (const LoadDose& dose : summarize(*solved().stiff->results).doses) {
    CAPTURE(dose.column);
    CHECK(ui.state.rectangles.by_name.count("dose/" + dose.column) == 1);
  }
  // The numbers that `hipspine run` prints for this scenario, and what they are.
  const std::vector<DoseRow> rows =
      dose_rows(summarize(*solved().stiff->healthy_results), summarize(*solved().stiff->results));
  const auto row = std::find_if(rows.begin(), rows.end(), [](const DoseRow& r) { return r.column == "L4_L5_facet_r"; });
  REQUIRE(row != rows.end());
  CHECK(row->now == "116");
  CHECK(row->ratio_words == "2.41 times healthy");
  CHECK(row->ratio == doctest::Approx(2.41).epsilon(0.003));
  CHECK(dose_heading("walk").find("5117 steps of a day, in kN² s") != std::string::npos);
  CHECK(dose_heading("sit").find("a thousand repetitions") != std::string::npos);
}

TEST_CASE("treatments compared: asked for by a button, shown, and dropped with another person") {
  Ui ui;
  ui.desk.receive(solved().stiff);
  ui.desk.view.tab = RightTab::story;
  ui.frames(2);
  choose_part(ui, "treatments");
  ui.click("treatments");
  CHECK(ui.desk.requests.compare_treatments);
  Diagnostics found;
  const Clinic clinic = load_clinic(default_model_folder(), found);
  ui.desk.treatments = compare_treatments(load_shipped("extension_loss_20_r.toml"), clinic, {},
                                          [](const Scenario& s, Diagnostics&) { return *solved().solve(s); });
  const int with = ui.frame();
  Scenario other = ui.desk.scenario();
  other.mass_kg = 90;
  ui.desk.edit(other, "mass");
  CHECK_FALSE(ui.desk.treatments.has_value());
  CHECK(ui.frame() < with);
}
