// A button in the picture's corner: what is drawn, and from where.
#include "render/panels/widgets.h"

namespace hipspine {
namespace {

void check(PanelState& state, const char* label, const char* name, bool& value, const char* help) {
  ImGui::Checkbox(label, &value);
  state.rectangles.note_last_item(name);
  tip(help);
}

void draw_muscle_layers(SceneOptions& scene, PanelState& state) {
  heading("Muscles");
  for (int layer = 0; layer < kMuscleLayers; ++layer) {
    bool on = (scene.muscle_layers >> layer & 1u) != 0;
    if (ImGui::Checkbox(muscle_layer_name(layer), &on)) scene.muscle_layers ^= 1u << layer;
    state.rectangles.note_last_item("view.muscles/" + std::to_string(layer));
    if (layer % 2 == 0) ImGui::SameLine(10 * ImGui::GetFontSize());
  }
}

void draw_cameras(Desk& desk, PanelState& state) {
  static constexpr std::array<const char*, static_cast<std::size_t>(CameraPreset::kCount)> kNames = {
      "Three-quarter", "Front", "Right", "Left", "Back", "Lumbar", "Pelvis"};
  heading("Look from");
  for (int k = 0; k < static_cast<int>(kNames.size()); ++k) {
    if (k % 4 != 0) ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
    if (ImGui::Button(kNames[k])) desk.view.camera = camera_of(static_cast<CameraPreset>(k), desk.scenario().height_m);
    state.rectangles.note_last_item("view.camera/" + std::to_string(k));
    tip("Key " + std::to_string(k + 1));
  }
}

}  // namespace

void draw_view_menu(Desk& desk, PanelState& state, const PanelRect& picture) {
  const float em = ImGui::GetFontSize();
  ImGui::SetNextWindowPos({picture.position.x + picture.size.x - 0.7f * em, picture.position.y + 0.6f * em},
                          ImGuiCond_Always, {1, 0});
  ImGui::SetNextWindowBgAlpha(0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin("##view", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing);
  ImGui::PopStyleVar();
  if (ImGui::Button("View", {3.4f * em, 0})) ImGui::OpenPopup("##view_menu");
  state.rectangles.note_last_item("view");
  tip("What is drawn, and from where");
  ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
  if (ImGui::Button("?", {1.7f * em, 0})) desk.view.help = true;
  state.rectangles.note_last_item("help");
  tip("Keys, mouse, colours (F1)");
  ImGui::SetNextWindowPos({ImGui::GetItemRectMax().x, ImGui::GetItemRectMax().y + 0.3f * em}, ImGuiCond_Always, {1, 0});
  if (ImGui::BeginPopup("##view_menu")) {
    SceneOptions& scene = desk.view.scene;
    draw_cameras(desk, state);
    draw_muscle_layers(scene, state);
    heading("Show");
    const float half = 10 * em;
    check(state, "Healthy ghost", "view.ghost", scene.ghost, "The same person with healthy hips, inside this body (B)");
    ImGui::SameLine(half);
    check(state, "beside", "view.ghost_beside", scene.ghost_beside, "The healthy body beside this one instead");
    check(state, "Discs and facets", "view.discs", scene.discs, "Coloured by their load");
    ImGui::SameLine(half);
    check(state, "Bones", "view.bones", scene.bones, "The skeleton");
    check(state, "Head and ribs", "view.upper_body", scene.upper_body, "Rib cage, head and arms");
    ImGui::SameLine(half);
    check(state, "Labels", "view.labels", scene.labels, "Names and loads of the levels (L)");
    check(state, "Hip range", "view.hip_arc", scene.hip_arc, "Range of the hip with its limit and where the thigh is");
    ImGui::SameLine(half);
    check(state, "Ground force", "view.ground_forces", scene.ground_forces, "Arrows from the feet");
    ImGui::EndPopup();
  }
  ImGui::End();
}

}  // namespace hipspine
