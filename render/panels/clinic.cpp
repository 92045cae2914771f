#include "render/panels/clinic.h"

#include <algorithm>

#include "render/panels/slides.h"

namespace hipspine {
namespace {

double severity(const Scenario& s, const std::string& name, int side) {
  for (const ConditionSeverity& c : s.conditions)
    if (c.name == name) return c.severity[side];
  return 0;
}

void set_severity(Scenario& s, const std::string& name, int side, double value) {
  auto it = std::find_if(s.conditions.begin(), s.conditions.end(), [&](const auto& c) { return c.name == name; });
  if (it == s.conditions.end()) it = s.conditions.insert(s.conditions.end(), ConditionSeverity{name, {}, {}});
  it->severity[side] = value;
  if (it->severity == std::array<double, 2>{}) s.conditions.erase(it);
}

void draw_conditions(Desk& desk, PanelState& state, const Clinic& clinic) {
  for (const Condition& c : clinic.conditions) {
    std::array<Slide, 2> slides;
    for (int side : {kRight, kLeft})
      slides[side] = {"condition." + c.name + (side == kRight ? ".severity_r" : ".severity_l"),
                      std::string(side == kRight ? "right " : "left ") + c.title,
                      c.says + "\n\n0 % none, 33 % mild, 67 % moderate, 100 % severe.",
                      0,
                      100,
                      0,
                      "%"};
    slide_pair(
        desk, state, c.title.c_str(), slides,
        [&](const Scenario& s, int side) { return 100 * severity(s, c.name, side); },
        [&](Scenario& s, int side, double percent) { set_severity(s, c.name, side, percent / 100); });
  }
}

void draw_pain(Desk& desk, PanelState& state) {
  struct Kind {
    const char *key, *label, *help;
    double HipPain::*dose;
  };
  static constexpr std::array<Kind, 3> kKinds = {{
      {"load", "pain under load",
       "Pain that grows with what presses the joint together, 0 to 10. The person walks slower and stands on that leg "
       "for a shorter time.",
       &HipPain::load},
      {"end_range", "pain at the end of the range",
       "Pain near an end that has lost range, or where bone meets bone, 0 to 10. The person keeps away from it.",
       &HipPain::end_range},
      {"abductors", "pain at the trochanter",
       "Pain of gluteus medius and minimus, 0 to 10. They are inhibited: the pelvis drops on the other side.",
       &HipPain::abductors},
  }};
  for (const Kind& kind : kKinds) {
    std::array<Slide, 2> slides;
    for (int side : {kRight, kLeft})
      slides[side] = {std::string("pain.") + (side == kRight ? "hip_r_" : "hip_l_") + kind.key,
                      std::string(side == kRight ? "right " : "left ") + kind.label,
                      kind.help,
                      0,
                      10,
                      0,
                      ""};
    slide_pair(
        desk, state, kind.label, slides, [&](const Scenario& s, int side) { return s.pain[side].*kind.dose; },
        [&](Scenario& s, int side, double dose) { s.pain[side].*kind.dose = dose; });
  }
  small_text("back pain");
  slide_plain(desk, state,
              {"pain.back", "back pain",
               "Pain of the lumbar facets, 0 to 10. Back and belly muscles are held tense against it, which presses on "
               "the discs.",
               0, 10, 0, ""},
              desk.scenario().back_pain, ImGui::GetContentRegionAvail().x,
              [](Scenario& s, double v) { s.back_pain = v; });
}

/// A box for something that has been done or not.
template <class Apply>
void tick(Desk& desk, PanelState& state, const std::string& name, const char* label, bool value, const char* help,
          Apply apply) {
  ImGui::PushID(name.c_str());
  if (ImGui::Checkbox(label, &value)) {
    Scenario changed = desk.scenario();
    apply(changed.treatment, value);
    edit_with(desk, changed, name, true);
  }
  ImGui::PopID();
  state.rectangles.note_last_item(name);
  tip(help);
}

void draw_treatment(Desk& desk, PanelState& state) {
  struct Done {
    const char *key, *label, *help;
    std::array<bool, 2> Treatment::*what;
  };
  static constexpr std::array<Done, 4> kDone = {{
      {"hip_injection", "injection",
       "Anaesthetic into the joint: its pain is gone, its stiffness stays. What leaves with "
       "the pain came from the hip's pain.",
       &Treatment::hip_injection},
      {"trochanteric_injection", "trochanter", "Anaesthetic at the greater trochanter: the abductors' pain is gone.",
       &Treatment::trochanteric_injection},
      {"cam_resection", "cam resection", "The bump of a cam is shaved off: no bone meets bone.",
       &Treatment::cam_resection},
      {"hip_replacement", "replacement", "A new joint: range and freedom from pain; muscles stay as weak as they are.",
       &Treatment::hip_replacement},
  }};
  const Treatment& now = desk.scenario().treatment;
  const float half = ImGui::GetContentRegionAvail().x / 2;
  for (const Done& d : kDone)
    for (int side : {kRight, kLeft}) {
      if (side == kLeft) ImGui::SameLine(half);
      tick(desk, state, std::string("treatment.") + d.key + (side == kRight ? "_r" : "_l"), d.label,
           (now.*d.what)[side], d.help, [&](Treatment& t, bool value) {
             (t.*d.what)[side] = value;
             if (desk.linked) (t.*d.what)[1 - side] = value;
           });
    }
  std::array<Slide, 2> stretching;
  for (int side : {kRight, kLeft})
    stretching[side] = {
        side == kRight ? "treatment.stretching_r_deg" : "treatment.stretching_l_deg",
        side == kRight ? "stretching of the right hip" : "stretching of the left hip",
        "Range that stretching brings back in every direction that has lost some; not where bone stops it.",
        0,
        15,
        0,
        "°"};
  slide_pair(
      desk, state, "stretching", stretching,
      [](const Scenario& s, int side) { return deg_from_rad(s.treatment.stretching_rad[side]); },
      [](Scenario& s, int side, double deg) { s.treatment.stretching_rad[side] = rad_from_deg(deg); });
  tick(desk, state, "treatment.facet_injection", "facet injection", now.facet_injection,
       "Anaesthetic into the lumbar facets: back pain and its tension are gone.",
       [](Treatment& t, bool value) { t.facet_injection = value; });
  ImGui::SameLine(half);
  tick(desk, state, "treatment.lumbar_brace", "brace", now.lumbar_brace,
       "A lumbar brace: the trunk is a quarter stiffer.", [](Treatment& t, bool value) { t.lumbar_brace = value; });
  for (const char* level : {"L4_L5", "L5_S1"}) {
    if (level != std::string("L4_L5")) ImGui::SameLine(half);
    const auto at = std::find(now.fusion.begin(), now.fusion.end(), level);
    const std::string label = std::string("fuse ") + (level == std::string("L4_L5") ? "L4/L5" : "L5/S1");
    tick(desk, state, std::string("treatment.fusion.") + level, label.c_str(), at != now.fusion.end(),
         "Bone across this level: it moves no more, and the levels beside it move more.",
         [&](Treatment& t, bool value) {
           t.fusion.erase(std::remove(t.fusion.begin(), t.fusion.end(), level), t.fusion.end());
           if (value) t.fusion.push_back(level);
         });
  }
}

/// A section that unfolds; true while it is open.
bool section(PanelState& state, const char* title, const char* name) {
  const bool open = ImGui::TreeNodeEx(title, ImGuiTreeNodeFlags_NoTreePushOnOpen | ImGuiTreeNodeFlags_SpanAvailWidth);
  state.rectangles.note_last_item(name);
  return open;
}

}  // namespace

void draw_clinic(Desk& desk, PanelState& state, const Clinic& clinic) {
  const std::size_t ill = desk.scenario().conditions.size();
  const std::string title = ill == 0 ? "Conditions" : "Conditions (" + std::to_string(ill) + ")";
  if (section(state, (title + "###conditions").c_str(), "section.conditions")) draw_conditions(desk, state, clinic);
  if (section(state, "Pain", "section.pain")) draw_pain(desk, state);
  if (section(state, "Treatment", "section.treatment")) draw_treatment(desk, state);
}

}  // namespace hipspine
