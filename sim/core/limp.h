#pragma once
/// A limp in time: the phase of an even cycle that a limping one is in. With limp h
///   w(p) = p + h/2 (1 - cos(2 pi p + pi h) / cos(pi h))
/// The right foot comes down at 0 in both; the left one at 1/2 of the even cycle and at 1/2 - h of the limping one. So
/// the right stance is shorter by 0.9 h and the left one longer, and both double supports keep their length within a
/// tenth of h. h < 0 shortens the left stance: counted from the left foot's strike, a limp of -h is this one of h
/// exactly, w(p + 1/2 - h; h) = 1/2 + w(p; -h).
#include <cmath>
#include <numbers>

namespace hipspine {

/// Phase of the even cycle at phase p of the limping one [cycles]; p itself, bit for bit, without a limp.
[[nodiscard]] inline double limping_phase(double p, double limp) {
  if (limp == 0) return p;
  constexpr double kPi = std::numbers::pi;
  return p + 0.5 * limp * (1 - std::cos(2 * kPi * p + kPi * limp) / std::cos(kPi * limp));
}

/// p with limping_phase(p, limp) = w, for |limp| < 0.2, where w grows with p.
[[nodiscard]] inline double phase_of_limping(double w, double limp) {
  constexpr double kPi = std::numbers::pi;
  double p = w;
  for (int i = 0; i < 20 && limp != 0; ++i)
    p -= (limping_phase(p, limp) - w) / (1 + kPi * limp * std::sin(2 * kPi * p + kPi * limp) / std::cos(kPi * limp));
  return p;
}

/// Where the left foot comes down.
[[nodiscard]] inline double left_strike(double limp) { return 0.5 - limp; }

}  // namespace hipspine
