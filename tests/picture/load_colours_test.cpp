#include "render/picture/load_colours.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace hipspine;

namespace {

double linear(double screen) { return screen <= 0.04045 ? screen / 12.92 : std::pow((screen + 0.055) / 1.055, 2.4); }

/// CIE L*, 0 to 100: another measure of lightness than the one the maps are made with.
double lightness(const Colour& c) {
  const double y = 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

double difference(const Colour& a, const Colour& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

}  // namespace

TEST_CASE("Loads: lightness rises in even steps, no colour leaves the screen's range") {
  constexpr int kSteps = 50;
  const double low = lightness(load_colour(0)), high = lightness(load_colour(1));
  CHECK(low > 20);  // stands out on the window's background
  CHECK(high > 90);
  for (int i = 0; i < kSteps; ++i) {
    const double t = static_cast<double>(i) / kSteps;
    const double step = lightness(load_colour(t + 1.0 / kSteps)) - lightness(load_colour(t));
    CAPTURE(t);
    CHECK(step > 0.5 * (high - low) / kSteps);
    CHECK(step < 1.6 * (high - low) / kSteps);
    for (int k = 0; k < 3; ++k) {
      CHECK(load_colour(t)[k] >= 0);
      CHECK(load_colour(t)[k] < 1);  // not cut off at the range's end
    }
    CHECK(load_colour(t)[3] == 1);
  }
}

TEST_CASE("Values beyond the scale take its end's colour") {
  CHECK(load_colour(-3) == load_colour(0));
  CHECK(load_colour(1.7) == load_colour(1));
  CHECK(change_colour(-2) == change_colour(-1));
  CHECK(change_colour(2) == change_colour(1));
  CHECK(activation_colour(-1) == activation_colour(0));
  CHECK(activation_colour(3) == activation_colour(1));
}

TEST_CASE("Changes: grey in the middle, blue below, orange above, both directions equally light") {
  const Colour none = change_colour(0), less = change_colour(-1), more = change_colour(1);
  CHECK(std::max({none[0], none[1], none[2]}) - std::min({none[0], none[1], none[2]}) < 0.01);
  CHECK(less[2] > less[0] + 0.3f);
  CHECK(more[0] > more[2] + 0.3f);
  for (double t : {0.25, 0.5, 1.0}) CHECK(std::abs(lightness(change_colour(t)) - lightness(change_colour(-t))) < 4);
  CHECK(difference(change_colour(1e-9), none) < 1e-3);
}

TEST_CASE("Activation: red all along, brighter as the muscle works") {
  double before = -1;
  for (double a = 0; a <= 1; a += 0.1) {
    const Colour c = activation_colour(a);
    CHECK(lightness(c) > before);
    CHECK(c[0] > 1.5 * c[1]);
    CHECK(c[0] > 1.5 * c[2]);
    before = lightness(c);
  }
}
