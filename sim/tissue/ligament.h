#pragma once
/// Ligaments: straight lines that only pull. With strain e = l / rest - 1, toe strain s and stiffness K [N per strain]:
///
///   F = 0 (e <= 0),   K e^2 / (2 s) (e < s),   K (e - s/2) (e >= s),        that is K ramp(e - s/2) of half width s/2
///   E = K rest ramp_energy(e - s/2)
///
/// rest > length at rest: slack; rest < length: pretension.
#include <cmath>

#include "sim/tissue/ramp.h"
#include "sim/tissue/segment.h"

namespace hipspine {

struct LineTension {
  double energy_j = 0;
  double force_n = 0;
  double stiffness_n_m = 0;  ///< d(force)/d(length)
  double length_m = 0;
};

/// @param span_m  vector from the lower to the upper attachment
[[nodiscard]] inline LineTension line_tension(const LigamentLine& line, const Vec3& span_m) {
  const double squared = span_m.squaredNorm();
  if (squared <= line.rest_m * line.rest_m) return {};
  const double length = std::sqrt(squared);
  const double half = 0.5 * line.toe;
  const Ramp r = ramp(length / line.rest_m - 1 - half, half);
  return {line.stiffness_n * line.rest_m * r.energy, line.stiffness_n * r.value,
          line.stiffness_n / line.rest_m * r.slope, length};
}

}  // namespace hipspine
