#pragma once
/// Sliders of the left panel: one value of the scenario each, with its healthy place, help and undo.
#include <array>
#include <optional>
#include <string>

#include "render/panels/widgets.h"

namespace hipspine {

/// What a slider is about.
struct Slide {
  std::string name;  ///< of its rectangle: the scenario's key
  std::string what;  ///< step of undo: "right hip extension"
  std::string help;
  double low, high, healthy;
  std::string unit;                   ///< shown after the number
  int decimals = 0;                   ///< steps of a hand
  bool healthy_is_no_news = false;    ///< no mark of change (speed and the like have no healthy value)
  std::optional<double> solved = {};  ///< with conditions and treatments, where they change it
};

/// True while the value changes; `value` in shown units.
bool slide(Desk& desk, PanelState& state, const Slide& s, double& value, float width, const ImVec4& colour);

/// A change by hand; `ends`: it is a step of undo of its own.
void edit_with(Desk& desk, const Scenario& changed, const std::string& what, bool ends);

/// Two sliders in a row, right and left; `apply(scenario, side, value)` sets one side.
template <class Read, class Apply>
void slide_pair(Desk& desk, PanelState& state, const char* label, std::array<Slide, 2> slides, Read read, Apply apply) {
  small_text(label);
  tip(slides[kRight].help);
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const float width = (ImGui::GetContentRegionAvail().x - gap) / 2;
  for (int side : {kRight, kLeft}) {
    if (side == kLeft) ImGui::SameLine(0, gap);
    double value = read(desk.scenario(), side);
    const ImVec4 colour = imgui_colour(side == kRight ? kRightColour : kLeftColour);
    const bool typed_or_reset = !ImGui::IsMouseDown(0);
    if (!slide(desk, state, slides[side], value, width, colour)) continue;
    Scenario changed = desk.scenario();
    apply(changed, side, value);
    if (desk.linked) apply(changed, 1 - side, value);
    edit_with(desk, changed, desk.linked ? "both sides, " + slides[side].what : slides[side].what, typed_or_reset);
  }
}

/// One slider over the whole width, or a part of it, for something that has no healthy value.
template <class Apply>
void slide_plain(Desk& desk, PanelState& state, Slide s, double value, float width, Apply apply) {
  s.healthy_is_no_news = true;
  const bool typed = !ImGui::IsMouseDown(0);
  if (!slide(desk, state, s, value, width, ImGui::GetStyleColorVec4(ImGuiCol_ScrollbarGrabActive))) return;
  Scenario changed = desk.scenario();
  apply(changed, value);
  edit_with(desk, changed, s.what, typed);
}

}  // namespace hipspine
