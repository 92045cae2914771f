// Colours are laid out in the perceptual space OKLab [ottosson2020]: lightness L, chroma C, hue h. Lightness is linear
// in the value by construction, hue and chroma only please the eye, so order survives colour blindness and grey print.
#include "render/picture/load_colours.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hipspine {
namespace {

float screen(double linear) {
  const double x = std::clamp(linear, 0.0, 1.0);
  return static_cast<float>(x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1 / 2.4) - 0.055);
}

Colour from_lch(double lightness, double chroma, double hue_deg) {
  const double h = hue_deg * std::numbers::pi / 180;
  const double a = chroma * std::cos(h), b = chroma * std::sin(h);
  const auto cube = [](double x) { return x * x * x; };
  const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
  const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
  const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
  return {screen(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          screen(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          screen(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s), 1};
}

}  // namespace

Colour load_colour(double t) {
  t = std::clamp(t, 0.0, 1.0);
  // chosen: from the darkest violet that still stands out on the window's background; chroma as high as the screen has
  // at every step, with a little room.
  return from_lch(0.38 + 0.57 * t, 0.125 + (0.19 - 0.245 * t) * t, 302 + 158 * t);
}

Colour change_colour(double t) {
  t = std::clamp(t, -1.0, 1.0);
  const double size = std::abs(t);
  // chosen: both ends equally light and equally strong, so that neither direction looks worse.
  return from_lch(0.56 + 0.16 * size, 0.135 * size, t < 0 ? 250 : 62);
}

Colour activation_colour(double activation) {
  const double a = std::clamp(activation, 0.0, 1.0);
  return from_lch(0.40 + 0.24 * a, 0.100 + 0.130 * a, 24 + 5 * a);  // chosen: flesh at rest, signal red at work
}

}  // namespace hipspine
