/// A limp in time: its ends, its inverse, its mirror image.
#include "sim/core/limp.h"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace hipspine;

TEST_CASE("limp: none leaves the phase alone, any leaves the right foot's strike and moves the left one's") {
  for (const double p : {0.0, 0.123, 0.5, 0.99}) CHECK(limping_phase(p, 0) == p);
  for (const double h : {-0.1, -0.02, 0.03, 0.08}) {
    CAPTURE(h);
    CHECK(limping_phase(0, h) == doctest::Approx(0).scale(1));
    CHECK(limping_phase(1, h) == doctest::Approx(1));
    CHECK(limping_phase(left_strike(h), h) == doctest::Approx(0.5));
  }
}

TEST_CASE("limp: grows without end, and back again") {
  for (const double h : {-0.15, -0.03, 0.05, 0.15}) {
    double last = -1;
    for (int k = 0; k <= 200; ++k) {
      const double p = -0.5 + 0.01 * k, w = limping_phase(p, h);
      CHECK(w > last);
      last = w;
      CHECK(phase_of_limping(w, h) == doctest::Approx(p).epsilon(1e-12).scale(1));
    }
  }
}

TEST_CASE("limp: seen from the left foot it is the other limp") {
  for (const double h : {-0.07, 0.02, 0.11})
    for (int k = 0; k < 50; ++k) {
      const double p = 0.02 * k;
      CHECK(limping_phase(p + left_strike(h), h) == doctest::Approx(0.5 + limping_phase(p, -h)).epsilon(1e-12));
    }
}

TEST_CASE("limp: stances differ by 1.8 of it, double supports hardly") {
  const double h = 0.02, off = 0.6;
  const double right = phase_of_limping(off, h), left = phase_of_limping(off - 0.5, h) + 1 - left_strike(h);
  CHECK(left - right == doctest::Approx(1.8 * h).epsilon(0.05));
  CHECK(phase_of_limping(off - 0.5, h) == doctest::Approx(off - 0.5).epsilon(0.02));  // first double support
  CHECK(right - left_strike(h) == doctest::Approx(off - 0.5).epsilon(0.02));          // and second
}
