#pragma once
/// The sizes of type that `apply_style` loads. All sizes in panels are multiples of ImGui::GetFontSize(), so that
/// switching to lecture type needs nothing else.
#include <imgui.h>

#include "render/picture/load_colours.h"
#include "render/plot/plot.h"

namespace hipspine {

enum class Type { regular, bold, small };

/// Makes everything large (lecture) or not. Call between frames: it becomes ImGui's default font.
void use_large_type(bool large);
/// A font that goes with the default one; the current font when `apply_style` was not called (tests).
[[nodiscard]] ImFont* type_font(Type type);
/// What plots need of it.
[[nodiscard]] PlotType plot_type();

/// Accent of the window: what is now, what is chosen.
inline constexpr Colour kAccent = kRightColour;
[[nodiscard]] inline ImVec4 imgui_colour(const Colour& c) { return {c[0], c[1], c[2], c[3]}; }

}  // namespace hipspine
