#pragma once
/// A one-sided spring without a corner, the same for contact, slack ligaments and the disc's own compression:
///   ramp(x) = 0 (x <= -w),  (x + w)^2 / (4 w) (|x| < w),  x (x >= w);    energy(x) = integral of ramp.
/// Force is once and energy twice continuously differentiable; exactly zero before the bend and linear after it.

namespace hipspine {

struct Ramp {
  double value = 0;
  double slope = 0;
  double energy = 0;
};

/// @param w  half width of the bend, > 0
[[nodiscard]] inline Ramp ramp(double x, double w) {
  if (x <= -w) return {};
  if (x >= w) return {x, 1, 0.5 * x * x + w * w / 6};
  const double u = x + w;
  const double value = u * u / (4 * w);
  return {value, u / (2 * w), value * u / 3};
}

}  // namespace hipspine
