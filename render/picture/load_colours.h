#pragma once
/// Colours that mean something, one place for picture, plots and tables. All colour-blind safe.
#include <array>

namespace hipspine {

using Colour = std::array<float, 4>;  ///< red, green, blue, alpha, 0 to 1, as on the screen (sRGB)

/// Dark violet over orange to pale yellow, even steps in lightness; the darkest end is left out. t: 0 to 1, clamped.
[[nodiscard]] Colour load_colour(double t);
/// Blue over grey to orange for changes; t: -1 to 1, clamped.
[[nodiscard]] Colour change_colour(double t);
/// Dark red at rest to bright red at full activation.
[[nodiscard]] Colour activation_colour(double activation);

/// Fixed scales, the same for every person and scenario, so that two pictures can be compared.
/// chosen: walking stays below 1.2 MPa and should fill the scale; what presses harder (a deep bend, lifting
/// [wilke1999]) keeps the colour of its end.
inline constexpr double kDiscScale_mpa = 1.5;
inline constexpr double kFacetScale_n = 400;  ///< chosen: a little above the facet force of a stiff hip's walk

inline constexpr Colour kRightColour = {0.96f, 0.62f, 0.18f, 1};    ///< orange: right, everywhere
inline constexpr Colour kLeftColour = {0.36f, 0.68f, 0.93f, 1};     ///< sky blue: left, everywhere
inline constexpr Colour kHealthyColour = {0.72f, 0.76f, 0.80f, 1};  ///< light grey: the healthy hip's curve and ghost

}  // namespace hipspine
