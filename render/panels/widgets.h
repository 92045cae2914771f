#pragma once
/// What the panels share: plain windows over a rectangle, headings, tooltips, numbers in words, icons drawn by hand (no
/// font has to hold them).
#include <imgui.h>

#include <string>

#include "render/panels/panels.h"
#include "render/panels/type.h"
#include "sim/run/report.h"

namespace hipspine {

/// A window that fills the rectangle, without title, border or moving. Always to be ended.
void begin_panel(const char* name, const PanelRect& rect, ImGuiWindowFlags more = 0);
void end_panel();

/// A line of bold type with room above.
void heading(const char* text);
/// Wrapped text in the colour of secondary things, small.
void small_text(const std::string& text);
/// Text wrapped at blanks only: Dear ImGui would also break "3.2" behind its point.
/// @param width  0: what is left of the line
void paragraph(const std::string& text, float width = 0);
/// Tooltip of the item drawn last, wrapped at a comfortable width.
void tip(const std::string& text);
/// A button that fills `width`; chosen: in the accent colour.
bool switch_button(const char* label, bool chosen, float width);

/// "°" close to the number, other units after a space.
[[nodiscard]] std::string with_unit(const std::string& number, const std::string& unit);

[[nodiscard]] inline ImU32 u32(const Colour& c, float alpha = 1) {
  return ImGui::ColorConvertFloat4ToU32({c[0], c[1], c[2], c[3] * alpha});
}

enum class Icon { play, pause, step_back, step_forward, home };
/// A square button with an icon of triangles and bars.
bool icon_button(const char* id, Icon icon, float size);

}  // namespace hipspine
