#pragma once
/// A limp in time: the phase of an even cycle that a limping one is in. With limp h
///   w(p) = p + h (1 - cos 2 pi p)/2
/// The right foot comes down at 0 in both; the left one, even at 1/2, by about h sooner. So the right stance is shorter
/// by 0.9 h of the cycle and the left one longer, and both double supports keep their length within a tenth of h.
/// h < 0 shortens the left stance. Everything that happens in a stride at even phase w happens at p.
#include <cmath>
#include <numbers>

namespace hipspine {

/// Phase of the even cycle at phase p of the limping one [cycles]; p itself, bit for bit, without a limp.
[[nodiscard]] inline double limping_phase(double p, double limp) {
  return limp == 0 ? p : p + 0.5 * limp * (1 - std::cos(2 * std::numbers::pi * p));
}

/// p with limping_phase(p, limp) = w, for |limp| < 0.3, where w grows with p.
[[nodiscard]] inline double phase_of_limping(double w, double limp) {
  double p = w;
  for (int i = 0; i < 20 && limp != 0; ++i)
    p -= (limping_phase(p, limp) - w) / (1 + limp * std::numbers::pi * std::sin(2 * std::numbers::pi * p));
  return p;
}

}  // namespace hipspine
