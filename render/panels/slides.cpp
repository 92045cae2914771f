#include "render/panels/slides.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

/// chosen: a hand moves less than this between pressing and letting go of a double-click
constexpr float kStill_px = 3;

}  // namespace

bool slide(Desk& desk, PanelState& state, const Slide& s, double& value, float width, const ImVec4& colour) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ImGui::GetFrameHeight();
  const bool whole = std::abs(value - std::round(value)) < 1e-6;
  const int decimals = s.decimals == 0 && !whole ? 1 : s.decimals;
  const std::string format = "%." + std::to_string(decimals) + "f" + (s.unit == "%" ? " %%" : s.unit);
  auto shown = static_cast<float>(value);
  ImGuiIO& io = ImGui::GetIO();
  const bool control = io.KeyCtrl;
  const ImVec2 pressed = io.MouseClickedPos[0], mouse = io.MousePos;
  const bool here = pressed.x >= at.x && pressed.x < at.x + width && pressed.y >= at.y && pressed.y < at.y + height;
  // Dear ImGui moves the handle to where the mouse is pressed: the first click of a double-click would change the
  // value.
  const bool still = here && ImGui::IsMouseDown(0) && !ImGui::IsMouseDragging(0, kStill_px);
  const float grab = 0.34f * ImGui::GetFontSize();  // thin, so that the number stays readable under it
  const float inner = width - 4 - grab;
  const auto handle_x = [&](double v) {
    return at.x + 2 + grab / 2 + inner * static_cast<float>(std::clamp((v - s.low) / (s.high - s.low), 0.0, 1.0));
  };
  if (still && !io.WantTextInput) io.MousePos.x = handle_x(value);
  // Dear ImGui opens a slider for typing on Ctrl+click; a double-click is easier to find.
  if (ImGui::IsMouseDoubleClicked(0) && ImGui::IsMouseHoveringRect(at, {at.x + width, at.y + height}))
    io.KeyCtrl = true;
  ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, grab);
  // Chosen: three quarters opaque, so that the number reads where the handle crosses it.
  ImGui::PushStyleColor(ImGuiCol_SliderGrab, ImVec4(colour.x, colour.y, colour.z, 0.75f));
  ImGui::PushStyleColor(ImGuiCol_SliderGrabActive, colour);
  ImGui::SetNextItemWidth(width);
  bool changed = ImGui::SliderFloat(("##" + s.name).c_str(), &shown, static_cast<float>(s.low),
                                    static_cast<float>(s.high), format.c_str(), ImGuiSliderFlags_AlwaysClamp);
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar();
  io.KeyCtrl = control;
  io.MousePos = mouse;
  if (still) changed = false;
  state.rectangles.note_last_item(s.name);
  if (ImGui::IsItemDeactivated()) desk.end_edit();
  const bool back = ImGui::IsItemClicked(ImGuiMouseButton_Right) && !s.healthy_is_no_news;
  std::string help = s.help;
  if (s.solved)
    help += "\n\nWith conditions and treatments it comes to " + fixed(*s.solved, s.decimals) + s.unit + " (triangle).";
  tip(help + "\n\nDouble-click to type." + (s.healthy_is_no_news ? "" : " Right-click: back to the healthy value."));

  // Where healthy is, and whether this is something else.
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const float x = handle_x(s.healthy);
  if (!s.healthy_is_no_news) draw.AddLine({x, at.y + height - 3}, {x, at.y + height}, u32(kHealthyColour), 2);
  if (s.solved) {
    const float to = handle_x(*s.solved), half = 0.25f * ImGui::GetFontSize();
    draw.AddTriangleFilled({to - half, at.y}, {to + half, at.y}, {to, at.y + 1.4f * half}, u32(kAccent));
    state.rectangles.by_name[s.name + ".solved"] = {{to - half, at.y}, {to + half, at.y + 1.4f * half}};
  } else {
    state.rectangles.by_name.erase(s.name + ".solved");
  }
  if (!s.healthy_is_no_news && std::abs(value - s.healthy) > 1e-6) {
    const float em = ImGui::GetFontSize();
    draw.AddCircleFilled({at.x + 0.28f * em, at.y + 0.28f * em}, 0.17f * em, u32(kAccent));
  }
  if (changed) {
    // A float carries seven digits; the scenario gets the decimals that a hand can mean.
    value = std::clamp(std::round(static_cast<double>(shown) * 1000) / 1000, s.low, s.high);
  } else if (back && value != s.healthy) {
    value = s.healthy;
    changed = true;
  }
  return changed;
}

void edit_with(Desk& desk, const Scenario& changed, const std::string& what, bool ends) {
  desk.edit(changed, what);
  if (ends) desk.end_edit();
}

}  // namespace hipspine
