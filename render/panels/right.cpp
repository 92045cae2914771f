// The right panel: a row of four switches, and what they choose.
#include "render/panels/widgets.h"

namespace hipspine {

void draw_right(Desk& desk, PanelState& state, const PanelRect& rect) {
  static constexpr struct {
    const char *label, *name, *help;
  } kTabs[] = {
      {"Curves", "tab.curves", "Angles, loads and muscles over the gait cycle"},
      {"Story", "tab.story", "What has changed against healthy hips, largest first"},
      {"Why", "tab.why", "One load, taken apart into its causes"},
      {"Trust", "tab.trust", "How far these numbers can be believed"},
  };
  begin_panel("##right", rect, ImGuiWindowFlags_NoBringToFrontOnFocus);
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const float width = (ImGui::GetContentRegionAvail().x - 3 * gap) / 4;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {1, ImGui::GetStyle().FramePadding.y});
  for (int k = 0; k < 4; ++k) {
    if (k > 0) ImGui::SameLine(0, gap);
    if (switch_button(kTabs[k].label, static_cast<int>(desk.view.tab) == k, width))
      desk.view.tab = static_cast<RightTab>(k);
    state.rectangles.note_last_item(kTabs[k].name);
    tip(kTabs[k].help);
  }
  ImGui::PopStyleVar();
  ImGui::BeginChild("##tab", {0, 0}, false);
  if (!desk.answer() && desk.view.tab != RightTab::trust) {
    ImGui::Dummy({0, ImGui::GetFontSize()});
    ImGui::TextDisabled("%s", desk.message_is_error ? "No answer: see the message." : "Solving the first walk …");
  } else {
    switch (desk.view.tab) {
      case RightTab::curves:
        draw_curves(desk, state);
        break;
      case RightTab::story:
        draw_story(desk, state);
        break;
      case RightTab::why:
        draw_why(desk, state);
        break;
      case RightTab::trust:
        draw_trust(desk, state);
        break;
    }
  }
  ImGui::EndChild();
  end_panel();
}

}  // namespace hipspine
