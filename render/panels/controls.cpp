// The left panel: which scenario, how far the hips move, how the person walks, what their muscles can do.
#include <algorithm>
#include <cfloat>
#include <cmath>

#include "render/panels/clinic.h"
#include "render/panels/slides.h"
#include "sim/core/document.h"
#include "sim/gait/strategy.h"
#include "sim/model/model_file.h"
#include "sim/model/patient.h"
#include "sim/model/scenario_text.h"

namespace hipspine {

struct ControlsState {
  struct Named {
    std::string name, shown, says;
  };
  std::vector<Named> strategies;
  Clinic clinic;
};

namespace {

std::string in_words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty()) name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

std::shared_ptr<ControlsState> load_strategies() {
  auto state = std::make_shared<ControlsState>();
  Diagnostics elsewhere;  // whoever solves with the file reports its faults
  const Document document = Document::load(default_model_folder() / "strategies.toml", elsewhere);
  Table all = document.root().table("strategy", false);
  for (const std::string& name : strategy_names(default_model_folder()))
    state->strategies.push_back({name, in_words(name), all.table(name, false).text("says", "")});
  state->clinic = load_clinic(default_model_folder(), elsewhere);
  return state;
}

void draw_scenarios(Desk& desk, PanelState& state) {
  heading("Scenario");
  ImGui::SetNextItemWidth(-FLT_MIN);
  if (ImGui::BeginCombo("##scenario", desk.scenario().title.c_str(), ImGuiComboFlags_HeightLarge)) {
    for (const Desk::ListedScenario& listed : desk.listed()) {
      ImGui::PushID(listed.file.c_str());
      if (ImGui::Selectable(listed.title.c_str(), listed.title == desk.scenario().title)) desk.open(listed.file);
      state.rectangles.note_last_item("scenario/" + listed.file.stem().generic_string());
      tip(listed.question);
      ImGui::PopID();
    }
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("scenario");
  tip("Persons, hips and tasks to begin with. Each asks a question; change anything afterwards.");
  if (!desk.scenario().question.empty()) small_text(desk.scenario().question);

  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const float third = (ImGui::GetContentRegionAvail().x - 2 * gap) / 3;
  ImGui::BeginDisabled(!desk.can_undo());
  if (ImGui::Button("Undo", {third, 0})) desk.undo();
  state.rectangles.note_last_item("undo");
  tip(desk.can_undo() ? "Takes back: " + desk.undo_text() + " (Ctrl+Z)" : "Nothing to take back");
  ImGui::EndDisabled();
  ImGui::SameLine(0, gap);
  ImGui::BeginDisabled(!desk.can_redo());
  if (ImGui::Button("Redo", {third, 0})) desk.redo();
  state.rectangles.note_last_item("redo");
  tip(desk.can_redo() ? "Does again: " + desk.redo_text() + " (Ctrl+Y)" : "Nothing to do again");
  ImGui::EndDisabled();
  ImGui::SameLine(0, gap);
  if (ImGui::Button("Healthy", {third, 0})) desk.reset();
  state.rectangles.note_last_item("reset");
  tip("Healthy hips and muscles; speed, height and mass stay (R)");

  if (desk.lessons.empty()) return;
  ImGui::SetNextItemWidth(-FLT_MIN);
  const bool running = desk.scene() != nullptr;
  if (ImGui::BeginCombo("##lessons", running ? desk.lessons[desk.lecture.lesson].title.c_str() : "Lessons",
                        ImGuiComboFlags_HeightLarge)) {
    for (std::size_t k = 0; k < desk.lessons.size(); ++k) {
      ImGui::PushID(static_cast<int>(k));
      if (ImGui::Selectable(desk.lessons[k].title.c_str())) desk.start_lecture(static_cast<int>(k));
      state.rectangles.note_last_item("lesson/" + std::to_string(k));
      tip(desk.lessons[k].summary + "\n" + fixed(desk.lessons[k].minutes, 0) + " minutes");
      ImGui::PopID();
    }
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("lessons");
  tip("Lectures of a few minutes: arrow keys step, Esc ends and brings back what was here before.");
}

void draw_hips(Desk& desk, PanelState& state) {
  struct Words {
    const char *label, *help;
  };
  static constexpr std::array<Words, 6> kWords = {{
      {"flexion", "How far the thigh comes forward. Walking uses about 25°; sitting and bending need more."},
      {"extension",
       "How far the thigh goes back. Walking uses about 17° of it at the end of stance. Below zero it is a "
       "flexion contracture: the hip cannot even reach straight."},
      {"abduction", "How far the thigh goes outward."},
      {"adduction", "How far the thigh goes inward. Standing on one leg uses some."},
      {"internal rotation", "How far the toes turn inward. Often the first to go in arthrosis and cam impingement."},
      {"external rotation", "How far the toes turn outward."},
  }};
  heading("Hips: how far they move");
  ImGui::TextColored(imgui_colour(kRightColour), "right");
  ImGui::SameLine(ImGui::GetContentRegionAvail().x / 2 + ImGui::GetStyle().WindowPadding.x);
  ImGui::TextColored(imgui_colour(kLeftColour), "left");
  const float box = ImGui::GetFrameHeight() + ImGui::CalcTextSize("both").x + ImGui::GetStyle().ItemInnerSpacing.x;
  ImGui::SameLine(ImGui::GetContentRegionMax().x - box);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ImGui::GetStyle().FramePadding.x, 0});
  ImGui::Checkbox("both", &desk.linked);
  ImGui::PopStyleVar();
  state.rectangles.note_last_item("linked");
  tip("What is done to one hip is done to the other.");
  constexpr double kSeen_rad = rad_from_deg(0.5);  // chosen: half a step of the slider
  const HipLimits healthy;
  for (int k = 0; k < static_cast<int>(kHipLimitKeys.size()); ++k) {
    const HipLimitKey& limit = kHipLimitKeys[k];
    std::array<Slide, 2> slides;
    for (int side : {kRight, kLeft}) {
      slides[side] = {std::string(side == kRight ? "hip_r." : "hip_l.") + limit.key,
                      std::string(side == kRight ? "right hip " : "left hip ") + kWords[k].label,
                      kWords[k].help,
                      limit.low_deg,
                      file_degrees(healthy.*limit.value),  // more is not there to be lost, and changes nothing
                      file_degrees(healthy.*limit.value),
                      "°"};
      if (!desk.answer()) continue;
      const double asked = desk.answer()->scenario.hip[side].*limit.value;
      const double solved = desk.answer()->cycle->body.hip[side].*limit.value;
      if (std::abs(solved - asked) > kSeen_rad) slides[side].solved = file_degrees(solved);
    }
    slide_pair(
        desk, state, kWords[k].label, slides,
        [&](const Scenario& s, int side) { return file_degrees(s.hip[side].*limit.value); },
        [&](Scenario& s, int side, double deg) { set_limit(s, side, k, deg); });
  }
  std::array<Slide, 2> stiffness;
  for (int side : {kRight, kLeft})
    stiffness[side] = {side == kRight ? "hip_r.stiffness_scale" : "hip_l.stiffness_scale",
                       side == kRight ? "right hip stiffness" : "left hip stiffness",
                       "How hard the joint resists near its limits: 1 is a healthy capsule, 4 is like bone.",
                       0.1,
                       10,
                       1,
                       "×",
                       1};
  slide_pair(
      desk, state, "stiffness of the capsule", stiffness,
      [](const Scenario& s, int side) { return s.hip[side].stiffness_scale; },
      [](Scenario& s, int side, double v) { s.hip[side].stiffness_scale = v; });
}

void draw_person(Desk& desk, PanelState& state) {
  const Scenario& now = desk.scenario();
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  heading("What is done, and how");
  static constexpr std::array<const char*, kTaskNames.size()> kTaskWords = {"Walk", "Stand", "Bend forward and return",
                                                                            "Sit at ease", "Rise from a chair"};
  const auto task = std::find(kTaskNames.begin(), kTaskNames.end(), now.task) - kTaskNames.begin();
  ImGui::SetNextItemWidth(-FLT_MIN);
  if (ImGui::BeginCombo("##task",
                        task < static_cast<std::ptrdiff_t>(kTaskWords.size()) ? kTaskWords[task] : now.task.c_str())) {
    for (std::size_t k = 0; k < kTaskNames.size(); ++k) {
      if (ImGui::Selectable(kTaskWords[k], now.task == kTaskNames[k])) {
        Scenario changed = now;
        changed.task = kTaskNames[k];
        edit_with(desk, changed, "task", true);
      }
      state.rectangles.note_last_item(std::string("task/") + kTaskNames[k]);
    }
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("task");
  tip("What the person does.");

  ImGui::SetNextItemWidth(-FLT_MIN);
  const auto& strategies = state.controls->strategies;
  const auto chosen =
      std::find_if(strategies.begin(), strategies.end(), [&](const auto& s) { return s.name == now.strategy; });
  if (ImGui::BeginCombo("##strategy", ("Strategy: " + in_words(now.strategy)).c_str())) {
    for (const ControlsState::Named& s : strategies) {
      if (ImGui::Selectable(s.shown.c_str(), s.name == now.strategy)) {
        Scenario changed = now;
        changed.strategy = s.name;
        edit_with(desk, changed, "strategy", true);
      }
      state.rectangles.note_last_item("strategy/" + s.name);
      tip(s.says);
    }
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("strategy");
  tip("Which compensation comes easiest to this person. " + (chosen == strategies.end() ? "" : chosen->says));

  ImGui::BeginDisabled(now.task != "walk");
  slide_plain(desk, state,
              {"speed_m_s", "speed", "The walking speed the person aims at. A stiff hip may make them slower.", 0.4,
               2.2, 1.27, " m/s", 2},
              now.speed_m_s, ImGui::GetContentRegionAvail().x, [](Scenario& s, double v) { s.speed_m_s = v; });
  ImGui::EndDisabled();
  const float half = (ImGui::GetContentRegionAvail().x - gap) / 2;
  slide_plain(desk, state, {"height_m", "height", "Height of the person: scales all lengths.", 1.2, 2.1, 1.7, " m", 2},
              now.height_m, half, [](Scenario& s, double v) { s.height_m = v; });
  ImGui::SameLine(0, gap);
  slide_plain(
      desk, state,
      {"mass_kg", "mass", "Mass of the person: scales all masses, and strength with it.", 35, 160, 75.337, " kg", 0},
      now.mass_kg, half, [](Scenario& s, double v) { s.mass_kg = v; });
}

void draw_muscles(Desk& desk, PanelState& state) {
  heading("Muscles");
  const auto name = [](const char* group, int side) { return std::string(group) + (side == kRight ? "_r" : "_l"); };
  static constexpr std::array<const char*, 3> kGluteals = {"gluteus_medius", "gluteus_minimus", "gluteus_maximus"};
  std::array<Slide, 2> strength, tightness;
  for (int side : {kRight, kLeft}) {
    const std::string who = side == kRight ? "right " : "left ";
    strength[side] = {
        name("gluteals", side) + ".strength",
        who + "gluteal strength",
        "Strength of gluteus maximus, medius and minimus together; 100 % is healthy. They hold the pelvis level "
        "on the standing leg.",
        0,
        100,
        100,
        "%"};
    const double first = muscle_change(desk.scenario(), name(kGluteals[0], side)).strength;
    for (const char* group : kGluteals)
      if (muscle_change(desk.scenario(), name(group, side)).strength != first)
        strength[side].help += "\n\nAt present the three differ; the slider shows gluteus medius and sets all.";
    tightness[side] = {
        name("iliopsoas", side) + ".tightness",
        who + "psoas tightness",
        "How much of the fibre length of psoas and iliacus is missing; 0 % is healthy. A short psoas pulls when the "
        "hip extends.",
        0,
        50,
        0,
        "%"};
  }
  slide_pair(
      desk, state, "strength of the gluteals", strength,
      [&](const Scenario& s, int side) {
        return std::round(1e4 * muscle_change(s, name(kGluteals[0], side)).strength) / 100;
      },
      [&](Scenario& s, int side, double v) {
        for (const char* group : kGluteals) {
          MuscleChange m = muscle_change(s, name(group, side));
          m.strength = v / 100;
          set_muscle_change(s, m);
        }
      });
  slide_pair(
      desk, state, "tightness of psoas and iliacus", tightness,
      [&](const Scenario& s, int side) {
        return std::round(1e4 * muscle_change(s, name("iliopsoas", side)).tightness) / 100;
      },
      [&](Scenario& s, int side, double v) {
        MuscleChange m = muscle_change(s, name("iliopsoas", side));
        m.tightness = v / 100;
        set_muscle_change(s, m);
      });
}

void draw_save(Desk& desk, PanelState& state) {
  heading("Keep");
  const float button = 3.5f * ImGui::GetFontSize(), gap = ImGui::GetStyle().ItemInnerSpacing.x;
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - button - gap);
  ImGui::InputText("##save_name", state.save_name, sizeof state.save_name, ImGuiInputTextFlags_AutoSelectAll);
  state.rectangles.note_last_item("save_name");
  tip("Name of the scenario file.");
  desk.save_name = state.save_name;
  ImGui::SameLine(0, gap);
  if (ImGui::Button("Save", {button, 0})) desk.requests.save_scenario = desk.save_name;
  state.rectangles.note_last_item("save");
  tip("A scenario file of what you see: 'hipspine run' gives the same numbers (Ctrl+S).");
}

}  // namespace

void draw_controls(Desk& desk, PanelState& state, const PanelRect& rect) {
  if (!state.controls) state.controls = load_strategies();
  begin_panel("##controls", rect, ImGuiWindowFlags_NoBringToFrontOnFocus);
  // Closer than elsewhere: everything is to be in view on 800 lines.
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ImGui::GetStyle().ItemSpacing.x, 0.22f * ImGui::GetFontSize()});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ImGui::GetStyle().FramePadding.x, 0.15f * ImGui::GetFontSize()});
  draw_scenarios(desk, state);
  draw_hips(desk, state);
  draw_person(desk, state);
  draw_muscles(desk, state);
  draw_clinic(desk, state, state.controls->clinic);
  draw_save(desk, state);
  ImGui::PopStyleVar(2);
  end_panel();
}

}  // namespace hipspine
