#include <imgui.h>

#include <array>

#include "render/panels/fonts/fonts.h"
#include "render/panels/panels.h"
#include "render/panels/type.h"

namespace hipspine {
namespace {

constexpr float kTypePx = 15;
constexpr float kSmall = 0.8f;   // chosen: 12 px, the smallest that reads at arm's length
constexpr float kLarge = 1.55f;  // chosen: 23 px; on a projected 768 lines it is as tall as 28 point on a slide

/// Fonts in the atlas, in this order.
constexpr int kPerSize = 3;
constexpr int kFonts = 2 * kPerSize;

// What the embedded files hold; pairs of first and last, ended by 0. Static because the atlas keeps the pointer.
constexpr ImWchar kRanges[] = {0x0020, 0x00ff, 0x0391, 0x03c9, 0x2010, 0x2126, 0x2190, 0x2265, 0x23ce,
                               0x23ce, 0x25a0, 0x2612, 0x26a0, 0x26a0, 0x2713, 0x275a, 0};
constexpr ImWchar kSmallRanges[] = {0x0020, 0x00ff, 0x0391, 0x03c9, 0x2010, 0x2089, 0x2190,
                                    0x2195, 0x2206, 0x2265, 0x25a0, 0x25cf, 0};

ImFont* load(const FontBytes& bytes, float size_px, const ImWchar* ranges) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = 2;
  config.OversampleV = 1;
  config.PixelSnapH = true;
  // The atlas only reads what it does not own; its interface is older than const.
  return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(const_cast<unsigned char*>(bytes.data), bytes.size, size_px,
                                                    &config, ranges);
}

void set_colours(ImGuiStyle& style) {
  const auto grey = [](float v, float alpha = 1) { return ImVec4(v, v * 1.01f, v * 1.035f, alpha); };
  const auto accent = [](float alpha) { return ImVec4(kAccent[0], kAccent[1], kAccent[2], alpha); };
  auto* c = style.Colors;
  c[ImGuiCol_Text] = grey(0.92f);
  c[ImGuiCol_TextDisabled] = grey(0.64f);  // 6.5:1 on the panel's ground; WCAG AA asks 4.5
  c[ImGuiCol_WindowBg] = grey(0.125f);
  c[ImGuiCol_ChildBg] = grey(0.095f);
  c[ImGuiCol_PopupBg] = grey(0.15f, 0.98f);
  c[ImGuiCol_Border] = grey(0.27f);
  c[ImGuiCol_BorderShadow] = {0, 0, 0, 0};
  c[ImGuiCol_FrameBg] = grey(0.20f);
  c[ImGuiCol_FrameBgHovered] = grey(0.25f);
  c[ImGuiCol_FrameBgActive] = grey(0.29f);
  c[ImGuiCol_TitleBg] = c[ImGuiCol_TitleBgCollapsed] = grey(0.10f);
  c[ImGuiCol_TitleBgActive] = grey(0.16f);
  c[ImGuiCol_MenuBarBg] = grey(0.14f);
  c[ImGuiCol_ScrollbarBg] = grey(0.10f, 0.6f);
  c[ImGuiCol_ScrollbarGrab] = grey(0.30f);
  c[ImGuiCol_ScrollbarGrabHovered] = grey(0.38f);
  c[ImGuiCol_ScrollbarGrabActive] = grey(0.46f);
  c[ImGuiCol_CheckMark] = accent(1);
  c[ImGuiCol_SliderGrab] = grey(0.62f);
  c[ImGuiCol_SliderGrabActive] = accent(1);
  c[ImGuiCol_Button] = grey(0.23f);
  c[ImGuiCol_ButtonHovered] = grey(0.30f);
  c[ImGuiCol_ButtonActive] = accent(0.55f);
  c[ImGuiCol_Header] = grey(0.22f);
  c[ImGuiCol_HeaderHovered] = grey(0.28f);
  c[ImGuiCol_HeaderActive] = accent(0.45f);
  c[ImGuiCol_Separator] = grey(0.24f);
  c[ImGuiCol_SeparatorHovered] = grey(0.40f);
  c[ImGuiCol_SeparatorActive] = accent(1);
  c[ImGuiCol_ResizeGrip] = grey(0.26f);
  c[ImGuiCol_ResizeGripHovered] = grey(0.36f);
  c[ImGuiCol_ResizeGripActive] = accent(1);
  c[ImGuiCol_Tab] = grey(0.16f);
  c[ImGuiCol_TabHovered] = grey(0.30f);
  c[ImGuiCol_TabActive] = grey(0.26f);
  c[ImGuiCol_TabUnfocused] = grey(0.14f);
  c[ImGuiCol_TabUnfocusedActive] = grey(0.22f);
  c[ImGuiCol_PlotLines] = grey(0.80f);
  c[ImGuiCol_PlotLinesHovered] = c[ImGuiCol_PlotHistogramHovered] = accent(1);
  c[ImGuiCol_PlotHistogram] = accent(0.85f);
  c[ImGuiCol_TableHeaderBg] = grey(0.17f);
  c[ImGuiCol_TableBorderStrong] = grey(0.28f);
  c[ImGuiCol_TableBorderLight] = grey(0.21f);
  c[ImGuiCol_TableRowBg] = {0, 0, 0, 0};
  c[ImGuiCol_TableRowBgAlt] = {1, 1, 1, 0.025f};
  c[ImGuiCol_TextSelectedBg] = accent(0.30f);
  c[ImGuiCol_DragDropTarget] = c[ImGuiCol_NavHighlight] = accent(1);
  c[ImGuiCol_NavWindowingHighlight] = {1, 1, 1, 0.7f};
  c[ImGuiCol_NavWindowingDimBg] = c[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.45f};
}

}  // namespace

void apply_style(float scale) {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  // No power of two: 2048 wide holds both sizes at twofold scale without a second texture.
  io.Fonts->TexDesiredWidth = scale > 1.6f ? 4096 : 2048;
  for (float size_px : {kTypePx * scale, kTypePx * kLarge * scale}) {
    load(kDejaVuSans, size_px, kRanges);
    load(kDejaVuSans_Bold, size_px, kRanges);
    load(kDejaVuSans, size_px * kSmall, kSmallRanges);
  }
  io.FontDefault = io.Fonts->Fonts[0];

  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  style.WindowRounding = style.ChildRounding = style.FrameRounding = style.GrabRounding = 3;
  style.PopupRounding = style.TabRounding = style.ScrollbarRounding = 3;
  style.WindowBorderSize = style.ChildBorderSize = style.FrameBorderSize = 0;
  style.PopupBorderSize = 1;
  style.WindowPadding = {9, 8};
  style.FramePadding = {7, 3};
  style.ItemSpacing = {7, 5};
  style.ItemInnerSpacing = {5, 4};
  style.CellPadding = {5, 2};
  style.ScrollbarSize = 11;
  style.GrabMinSize = 11;
  style.DisabledAlpha = 0.5f;
  style.WindowMenuButtonPosition = ImGuiDir_None;
  set_colours(style);
  style.ScaleAllSizes(scale);
}

void use_large_type(bool large) {
  ImGuiIO& io = ImGui::GetIO();
  if (io.Fonts->Fonts.Size >= kFonts) io.FontDefault = io.Fonts->Fonts[large ? kPerSize : 0];
}

ImFont* type_font(Type type) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.Fonts->Fonts.Size < kFonts) return ImGui::GetFont();
  const int first = io.FontDefault == io.Fonts->Fonts[kPerSize] ? kPerSize : 0;
  return io.Fonts->Fonts[first + static_cast<int>(type)];
}

PlotType plot_type() {
  if (ImGui::GetIO().Fonts->Fonts.Size < kFonts) return {};
  return {type_font(Type::small), type_font(Type::bold)};
}

}  // namespace hipspine
