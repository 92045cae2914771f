// Over the picture: what is shown, what its colours mean, what is wrong. Never in the way of the mouse but for the
// message's button.
#include <algorithm>
#include <cstdio>

#include "render/panels/widgets.h"

namespace hipspine {
namespace {

constexpr ImU32 kVeil = IM_COL32(16, 18, 22, 150);  // chosen: bone is nearly white; letters want 4.5:1 on it

/// On a veil: bone behind it is nearly white.
void text_with_shade(ImDrawList& draw, ImVec2 at, ImU32 colour, const char* text) {
  if (*text == '\0') return;
  const ImVec2 size = ImGui::CalcTextSize(text);
  const float around = 0.2f * ImGui::GetFontSize();
  draw.AddRectFilled({at.x - around, at.y - 0.25f * around}, {at.x + size.x + around, at.y + size.y + 0.25f * around},
                     kVeil, around);
  draw.AddText({at.x + 1, at.y + 1}, IM_COL32(0, 0, 0, 190), text);
  draw.AddText(at, colour, text);
}

/// Cut with a final "…" to what fits into `width`, between characters.
std::string fitting(std::string text, float width) {
  if (ImGui::CalcTextSize(text.c_str()).x <= width) return text;
  while (!text.empty() && ImGui::CalcTextSize((text + "…").c_str()).x > width) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
    if (!text.empty()) text.pop_back();
  }
  return text + "…";
}

void draw_title(Desk& desk, ImDrawList& draw, const PanelRect& picture) {
  const float em = ImGui::GetFontSize();
  const bool solved = desk.clock.source == TimeSource::solved;
  ImVec2 at(picture.position.x + 0.9f * em, picture.position.y + 0.7f * em);
  ImGui::PushFont(type_font(Type::bold));
  // Of the answer: the picture shows what was solved, not what is being asked.
  const Scenario& shown = desk.answer() ? desk.answer()->scenario : desk.scenario();
  // The menus stand in the corner to the right.
  const std::string title = fitting(shown.title, picture.size.x - 9 * em);
  text_with_shade(draw, at, ImGui::GetColorU32(ImGuiCol_Text), title.c_str());
  at.y += 1.35f * em;
  const char* badge = solved ? "SOLVED CYCLE" : "WALKING BODY";
  const ImVec2 size = ImGui::CalcTextSize(badge);
  const Colour colour = solved ? kAccent : kLeftColour;
  const ImVec2 end(at.x + size.x + em, at.y + size.y + 0.4f * em);
  draw.AddRectFilled(at, end, kVeil, 3);
  draw.AddRectFilled(at, end, u32(colour, 0.25f), 3);
  draw.AddText({at.x + 0.5f * em, at.y + 0.2f * em}, u32(colour), badge);
  ImGui::PopFont();
  std::string state = desk.clock.playing ? "" : "paused";
  if (desk.clock.playing && desk.clock.slow > 0) state = "slow motion 1/" + std::to_string(1 << desk.clock.slow);
  if (!solved) state += (state.empty() ? "" : ", ") + fixed(desk.walker.real_time_factor, 2) + "× real time";
  if (desk.solving) state += state.empty() ? "solving …" : ", solving …";
  const ImVec2 beside(at.x + size.x + 1.6f * em, at.y + 0.2f * em);
  text_with_shade(draw, beside, ImGui::GetColorU32(ImGuiCol_TextDisabled), state.c_str());
  at.y += 1.8f * em;
  if (desk.answer() && desk.answer()->results && desk.answer()->healthy_results) {
    const bool own = desk.answer()->results->gates_pass(), healthy = desk.answer()->healthy_results->gates_pass();
    if (!own || !healthy) {
      const char* whose = own ? "of the healthy walk to compare with" : "of this walk";
      text_with_shade(draw, at, u32(kAccent),
                      (std::string("A quality gate ") + whose + " was missed: see Trust").c_str());
      at.y += 1.2f * em;
    }
  }
  if (solved) return;
  const auto line = [&](const std::string& text, const Colour& c) {
    text_with_shade(draw, at, u32(c), text.c_str());
    at.y += 1.2f * em;
  };
  if (!desk.walker.walking) line("no body yet", kHealthyColour);
  if (desk.walker.falls > 0)
    line(std::to_string(desk.walker.falls) + (desk.walker.falls == 1 ? " fall" : " falls"), kAccent);
  if (desk.walker.residual_pct > 0.05 || desk.walker.residual_limit_pct > 0)
    line("held at the pelvis with " + fixed(desk.walker.residual_pct, 1) + " % of body weight (limit " +
             fixed(desk.walker.residual_limit_pct, 1) + " %)",
         kAccent);
  if (!desk.walker.message.empty()) line(desk.walker.message, kHealthyColour);
}

/// A bar of load_colour with ticks in absolute units.
void draw_bar(ImDrawList& draw, ImVec2 at, float width, const char* title, double top, double step,
              const char* format) {
  const float em = ImGui::GetFontSize();
  text_with_shade(draw, at, ImGui::GetColorU32(ImGuiCol_Text), title);
  at.y += 1.25f * em;
  constexpr int kSteps = 32;
  for (int k = 0; k < kSteps; ++k) {
    const float x0 = at.x + width * static_cast<float>(k) / kSteps,
                x1 = at.x + width * static_cast<float>(k + 1) / kSteps;
    const ImU32 a = u32(load_colour(static_cast<double>(k) / kSteps)), b = u32(load_colour((k + 1.0) / kSteps));
    draw.AddRectFilledMultiColor({x0, at.y}, {x1, at.y + 0.6f * em}, a, b, b, a);
  }
  ImGui::PushFont(type_font(Type::small));
  for (int k = 0; k * step <= top * 1.0001; ++k) {
    const float x = at.x + width * static_cast<float>(k * step / top);
    draw.AddLine({x, at.y + 0.6f * em}, {x, at.y + 0.8f * em}, ImGui::GetColorU32(ImGuiCol_Text));
    char text[16];
    std::snprintf(text, sizeof text, format, k * step);
    const float half = ImGui::CalcTextSize(text).x / 2;
    text_with_shade(draw, {x - half, at.y + 0.85f * em}, ImGui::GetColorU32(ImGuiCol_Text), text);
  }
  ImGui::PopFont();
}

/// @param on_top  below the title, where the bottom is a lecture's
void draw_bars(ImDrawList& draw, const PanelRect& picture, bool on_top) {
  const float em = ImGui::GetFontSize();
  const float width = std::min(11 * em, 0.36f * picture.size.x);
  const float x = picture.position.x + 1.1f * em,
              y = picture.position.y + (on_top ? 5 * em : picture.size.y - 4.3f * em);
  draw_bar(draw, {x, y}, width, "Disc pressure, MPa", kDiscScale_mpa, 0.5, "%.1f");
  draw_bar(draw, {x + width + 2.2f * em, y}, width, "Facet force, N", kFacetScale_n, 200, "%.0f");
  ImGui::PushFont(type_font(Type::small));
  text_with_shade(draw, {x, y + 3.1f * em}, ImGui::GetColorU32(ImGuiCol_TextDisabled),
                  "model estimates, one scale for everybody");
  ImGui::PopFont();
}

/// Labels stand in a column beside the body, in order of height, with lines to what they name.
void draw_labels(ImDrawList& draw, const PanelRect& picture, std::vector<PictureLabel> labels) {
  const float em = ImGui::GetFontSize(), left = picture.position.x, right = left + picture.size.x;
  std::stable_sort(labels.begin(), labels.end(), [](const auto& a, const auto& b) { return a.at.y < b.at.y; });
  float next_y = picture.position.y;
  for (const PictureLabel& label : labels) {
    const ImVec2 size = ImGui::CalcTextSize(label.text.c_str());
    const float x = std::clamp(label.at.x + 5 * em, left + em, std::max(left + em, right - size.x - em));
    const float y = std::max(label.at.y - size.y / 2, next_y);
    next_y = y + size.y + 0.15f * em;
    const ImU32 colour = ImGui::ColorConvertFloat4ToU32(label.colour);
    draw.AddLine(label.at, {x - 0.3f * em, y + size.y / 2}, IM_COL32(255, 255, 255, 110), 1);
    draw.AddCircleFilled(label.at, 0.16f * em, colour);
    // Dark colours of the scale cannot be read on a dark ground: half-way to white.
    const ImVec4 c = label.colour;
    const ImU32 light = ImGui::ColorConvertFloat4ToU32({0.5f + c.x / 2, 0.5f + c.y / 2, 0.5f + c.z / 2, 1});
    text_with_shade(draw, {x, y}, light, label.text.c_str());
  }
}

void draw_message(Desk& desk, PanelState& state, const PanelRect& picture) {
  if (desk.message.empty()) return;
  const float em = ImGui::GetFontSize(), width = std::min(picture.size.x - 2 * em, 36 * em);
  ImGui::SetNextWindowPos({picture.position.x + (picture.size.x - width) / 2, picture.position.y + 4.6f * em});
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, std::max(4 * em, 0.5f * picture.size.y)});
  const Colour edge = desk.message_is_error ? kAccent : kLeftColour;
  ImGui::PushStyleColor(ImGuiCol_Border, imgui_colour(edge));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::Begin("##message", nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoFocusOnAppearing);
  const float button = 4.2f * em;
  if (desk.answer_failed())
    ImGui::TextColored(imgui_colour(edge), "%s",
                       desk.answer() ? "The picture shows the last good answer." : "No answer yet.");
  ImGui::PushTextWrapPos(width - button - 1.5f * em);
  ImGui::TextUnformatted(desk.message.c_str());
  ImGui::PopTextWrapPos();
  ImGui::SameLine(width - button - ImGui::GetStyle().WindowPadding.x);
  const bool dismiss = ImGui::Button("Dismiss", {button, 0});
  state.rectangles.note_last_item("dismiss");
  if (dismiss) desk.say("");
  ImGui::End();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
}

}  // namespace

void draw_overlay(Desk& desk, PanelState& state, const PanelRect& picture, const std::vector<PictureLabel>& labels,
                  const std::string& statistics) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  begin_panel("##overlay", picture,
              ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoBackground |
                  ImGuiWindowFlags_NoScrollbar);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw_labels(draw, picture, labels);
  draw_title(desk, draw, picture);
  if (desk.view.scene.discs) draw_bars(draw, picture, desk.lecture.running());
  if (desk.view.statistics && !statistics.empty()) {
    ImGui::PushFont(type_font(Type::small));
    const ImVec2 size = ImGui::CalcTextSize(statistics.c_str());
    text_with_shade(
        draw, {picture.position.x + picture.size.x - size.x - 12, picture.position.y + 2.6f * ImGui::GetFontSize()},
        ImGui::GetColorU32(ImGuiCol_TextDisabled), statistics.c_str());
    ImGui::PopFont();
  }
  end_panel();
  ImGui::PopStyleVar();
  draw_view_menu(desk, state, picture);
  draw_message(desk, state, picture);
}

}  // namespace hipspine
