// A lecture over the picture: a card at its foot, so that the body stays in view.
#include <algorithm>

#include "render/panels/widgets.h"

namespace hipspine {
namespace {

void draw_progress(const Desk& desk, float em) {
  const std::size_t scenes = desk.lessons[desk.lecture.lesson].scenes.size();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float step = 0.75f * em, r = 0.2f * em;
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  for (std::size_t k = 0; k < scenes; ++k) {
    const bool now = static_cast<int>(k) == desk.lecture.scene, done = static_cast<int>(k) < desk.lecture.scene;
    draw.AddCircleFilled({at.x + r + step * static_cast<float>(k), at.y + 0.55f * em}, now ? 1.5f * r : r,
                         now || done ? u32(kAccent, now ? 1 : 0.6f) : ImGui::GetColorU32(ImGuiCol_TextDisabled, 0.5f));
  }
  ImGui::Dummy({step * static_cast<float>(scenes), 1.1f * em});
}

}  // namespace

void draw_lecture(Desk& desk, PanelState& state, const PanelRect& picture) {
  const LessonScene* scene = desk.scene();
  if (!scene) return;
  const float em = ImGui::GetFontSize();
  const float width = std::min(picture.size.x - 1.2f * em, 46 * em);
  const ImVec2 foot(picture.position.x + picture.size.x / 2, picture.position.y + picture.size.y - 0.6f * em);
  ImGui::SetNextWindowPos(foot, ImGuiCond_Always, {0.5f, 1});
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, 0.62f * picture.size.y});
  ImGui::SetNextWindowBgAlpha(0.88f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.9f * em, 0.7f * em});
  ImGui::Begin("##lecture", nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoScrollbar);
  const float text = width - 1.8f * em;
  ImGui::PushFont(type_font(Type::bold));
  paragraph(scene->title, text);
  ImGui::PopFont();
  if (!scene->text.empty()) paragraph(scene->text, text);
  if (!scene->ask.empty()) {
    ImGui::Dummy({0, 0.2f * em});
    ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(kLeftColour));
    paragraph(scene->ask, text);
    ImGui::PopStyleColor();
  }
  if (desk.lecture.revealed && !scene->reveal.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(kAccent));
    paragraph(scene->reveal, text);
    ImGui::PopStyleColor();
  }
  ImGui::Dummy({0, 0.1f * em});
  draw_progress(desk, em);
  const bool hidden = !scene->reveal.empty() && !desk.lecture.revealed;
  const bool last = desk.lecture.scene + 1 == static_cast<int>(desk.lessons[desk.lecture.lesson].scenes.size());
  const char* next = hidden ? "Answer" : last ? "Finish" : "Next";
  const float button = 4.2f * em, gap = ImGui::GetStyle().ItemInnerSpacing.x;
  ImGui::SameLine(width - 0.9f * em - 3 * button - 2 * gap);
  const bool end = ImGui::Button("End", {button, 0});
  state.rectangles.note_last_item("lecture.end");
  tip("Ends the lecture and brings back what was here before (Esc)");
  ImGui::SameLine(0, gap);
  ImGui::BeginDisabled(desk.lecture.scene == 0 && !desk.lecture.revealed);
  const bool back = ImGui::Button("Back", {button, 0});
  ImGui::EndDisabled();
  state.rectangles.note_last_item("lecture.back");
  tip("Left arrow or page up");
  ImGui::SameLine(0, gap);
  const bool on = ImGui::Button(next, {button, 0});
  state.rectangles.note_last_item("lecture.next");
  tip("Right arrow or page down");
  ImGui::End();
  ImGui::PopStyleVar();
  // Last, so that nothing above reads a scene that is gone.
  if (end)
    desk.end_lecture();
  else if (back)
    desk.previous_scene();
  else if (on)
    desk.next_scene();
}

}  // namespace hipspine
