#include <algorithm>

#include "render/panels/keys.h"
#include "render/panels/widgets.h"

namespace hipspine {
namespace {

struct Said {
  const char* what;
  const char* means;
};
constexpr Said kMouse[] = {
    {"Left drag", "turn round the body"},
    {"Right or middle drag", "move sideways and up"},
    {"Wheel", "nearer, farther"},
    {"Double-click on a part", "look at it; Why takes the load of a disc or facet"},
    {"Drag a slider", "change the hip; the answer follows"},
    {"Double-click or Ctrl+click a slider", "type a number"},
    {"Right-click a slider of hips or muscles", "back to healthy"},
    {"Drag in a curve", "move through the cycle"},
    {"Wheel over a curve", "zoom; double-click fits"},
    {"Right-click a curve", "save as CSV, SVG, PNG"},
};

void row(const char* what, const char* does) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::TextColored(imgui_colour(kAccent), "%s", what);
  ImGui::TableNextColumn();
  ImGui::TextWrapped("%s", does);
}

bool begin_rows(const char* id) {
  if (!ImGui::BeginTable(id, 2, ImGuiTableFlags_SizingFixedFit)) return false;
  ImGui::TableSetupColumn("key", ImGuiTableColumnFlags_WidthFixed, 6.5f * ImGui::GetFontSize());
  ImGui::TableSetupColumn("does", ImGuiTableColumnFlags_WidthStretch);
  return true;
}

void swatch(const Colour& from, const Colour& to, const char* means) {
  const float h = ImGui::GetFontSize();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({2.6f * h, h});
  ImGui::GetWindowDrawList()->AddRectFilledMultiColor({at.x, at.y + 0.2f * h}, {at.x + 2.6f * h, at.y + 0.85f * h},
                                                      u32(from), u32(to), u32(to), u32(from));
  ImGui::SameLine();
  ImGui::TextWrapped("%s", means);
}

void draw_groups(std::initializer_list<const char*> groups) {
  for (const char* group : groups) {
    heading(group);
    if (!begin_rows(group)) continue;
    for (const KeyBinding& b : key_bindings())
      if (b.group == group && !b.shown.empty()) row(b.shown.c_str(), b.does.c_str());
    ImGui::EndTable();
  }
}

}  // namespace

void draw_help(Desk& desk, PanelState& state, const PanelRect& screen) {
  if (!desk.view.help) return;
  const float em = ImGui::GetFontSize();
  const ImVec2 size(std::min(screen.size.x - 2 * em, 62 * em), std::min(screen.size.y - 2 * em, 46 * em));
  const PanelRect rect{
      {screen.position.x + (screen.size.x - size.x) / 2, screen.position.y + (screen.size.y - size.y) / 2}, size};
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {1.2f * em, 0.8f * em});
  begin_panel("##help", rect);
  ImGui::PopStyleVar();
  ImGui::PushFont(type_font(Type::bold));
  ImGui::TextUnformatted("Keys, mouse, colours");
  ImGui::PopFont();
  ImGui::SameLine(ImGui::GetContentRegionMax().x - 4 * em);
  if (ImGui::Button("Close", {4 * em, 0})) desk.view.help = false;
  state.rectangles.note_last_item("help.close");
  ImGui::Separator();
  if (ImGui::BeginTable("##columns", 3, ImGuiTableFlags_SizingStretchSame | ImGuiTableFlags_PadOuterX)) {
    ImGui::TableNextColumn();
    draw_groups({"Time", "Lecture", "Scenario"});
    ImGui::TableNextColumn();
    draw_groups({"Camera", "Show", "Window"});
    ImGui::TableNextColumn();
    heading("Mouse");
    for (const Said& s : kMouse) {
      ImGui::TextColored(imgui_colour(kAccent), "%s", s.what);
      ImGui::Indent();
      ImGui::TextWrapped("%s", s.means);
      ImGui::Unindent();
    }
    heading("Colours");
    swatch(kRightColour, kRightColour, "right side, and what is now");
    swatch(kLeftColour, kLeftColour, "left side");
    swatch(kHealthyColour, kHealthyColour, "healthy hips, same person");
    swatch(load_colour(0), load_colour(1), "load of discs and facets, fixed scale");
    swatch(activation_colour(0), activation_colour(1), "muscle, at rest to fully active");
    swatch(change_colour(-1), change_colour(1), "less or more than healthy");
    ImGui::EndTable();
  }
  end_panel();
}

}  // namespace hipspine
