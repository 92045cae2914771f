#include "render/panels/widgets.h"

#include <algorithm>

namespace hipspine {

void Rectangles::note_last_item(const std::string& name) {
  by_name[name] = {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
}

void begin_panel(const char* name, const PanelRect& rect, ImGuiWindowFlags more) {
  ImGui::SetNextWindowPos(rect.position);
  ImGui::SetNextWindowSize(rect.size);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav | more);
}

void end_panel() { ImGui::End(); }

void heading(const char* text) {
  ImGui::Dummy({0, 0.15f * ImGui::GetFontSize()});
  ImGui::PushFont(type_font(Type::bold));
  ImGui::TextUnformatted(text);
  ImGui::PopFont();
}

void paragraph(const std::string& text, float width) {
  if (width <= 0) width = std::max(ImGui::GetContentRegionAvail().x, 1.0f);
  std::string wrapped, line;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string longer = line + (line.empty() ? "" : " ") + text.substr(at, end - at);
    if (!line.empty() && ImGui::CalcTextSize(longer.c_str()).x > width) {
      wrapped += line + "\n";
      line = text.substr(at, end - at);
    } else {
      line = longer;
    }
    if (end < text.size() && text[end] == '\n') {
      wrapped += line + "\n";
      line.clear();
    }
    at = end + 1;
  }
  ImGui::TextUnformatted((wrapped + line).c_str());
}

void small_text(const std::string& text) {
  ImGui::PushFont(type_font(Type::small));
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
  paragraph(text);
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void tip(const std::string& text) {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::BeginTooltip();
  paragraph(text, 22 * ImGui::GetFontSize());  // chosen: about 45 letters a line
  ImGui::EndTooltip();
}

bool switch_button(const char* label, bool chosen, float width) {
  if (chosen) {
    ImVec4 accent = imgui_colour(kAccent);
    accent.w = 0.30f;
    ImGui::PushStyleColor(ImGuiCol_Button, accent);
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, accent);
  }
  const bool pressed = ImGui::Button(label, {width, 0});
  if (chosen) ImGui::PopStyleColor(2);
  return pressed;
}

std::string with_unit(const std::string& number, const std::string& unit) {
  if (unit == "deg") return number + "°";
  return unit.empty() || unit == "1" ? number : number + " " + unit;
}

bool icon_button(const char* id, Icon icon, float size) {
  const bool pressed = ImGui::Button(id, {size, size});
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const ImVec2 middle((low.x + high.x) / 2, (low.y + high.y) / 2);
  const float r = 0.22f * size;
  const ImU32 colour = ImGui::GetColorU32(ImGuiCol_Text);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const auto bar = [&](float x) {
    draw.AddRectFilled({middle.x + x - 0.13f * size, middle.y - r}, {middle.x + x, middle.y + r}, colour);
  };
  const auto arrow = [&](float direction, float shift) {
    const float x = middle.x + shift;
    draw.AddTriangleFilled({x - direction * 0.8f * r, middle.y - r}, {x + direction * 0.9f * r, middle.y},
                           {x - direction * 0.8f * r, middle.y + r}, colour);
  };
  switch (icon) {
    case Icon::play:
      arrow(1, 0);
      break;
    case Icon::pause:
      bar(-0.05f * size);
      bar(0.18f * size);
      break;
    case Icon::step_back:
      arrow(-1, -0.04f * size);
      bar(0.27f * size);
      break;
    case Icon::step_forward:
      arrow(1, 0.04f * size);
      bar(-0.14f * size);
      break;
    case Icon::home:
      bar(-0.14f * size);
      arrow(-1, 0.10f * size);
      break;
  }
  return pressed;
}

}  // namespace hipspine
