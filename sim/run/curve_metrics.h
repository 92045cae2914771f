#pragma once
/// What is read from one curve over the cycle. A curve has kCyclePoints values, 0 to 100 %; the last repeats the first
/// instant, and places wrap round.
#include <utility>
#include <vector>

#include "sim/core/frames.h"

namespace hipspine {

struct Extreme {
  double value = 0;
  int at_pct = 0;
};

/// Largest value for from <= % <= to; from > to means over the end of the cycle (90 to 10).
[[nodiscard]] Extreme highest(const Eigen::VectorXd& curve, int from_pct = 0, int to_pct = 100);
[[nodiscard]] Extreme lowest(const Eigen::VectorXd& curve, int from_pct = 0, int to_pct = 100);
[[nodiscard]] double mean_between(const Eigen::VectorXd& curve, int from_pct, int to_pct);
/// Highest less lowest over the cycle.
[[nodiscard]] double range_of(const Eigen::VectorXd& curve);

/// Running mean over 2·half + 1 percent, periodic.
[[nodiscard]] Eigen::VectorXd smoothed(const Eigen::VectorXd& curve, int half_width_pct);

/// Places of the maxima that stand at least `prominence` above the lowest point between them and any higher maximum, on
/// both sides round the cycle; in ascending order. Of a flat top the first point counts.
[[nodiscard]] std::vector<int> prominent_maxima(const Eigen::VectorXd& curve, double prominence);

/// Correlation of the curve (less its mean) with its own negative half a cycle later: 1 = antisymmetric, -1 =
/// symmetric. NaN for a flat curve.
[[nodiscard]] double antisymmetry(const Eigen::VectorXd& curve);

/// Mean inside the windows over mean outside. Windows are percent, from <= % < to. Infinite when silent outside.
[[nodiscard]] double on_off_ratio(const Eigen::VectorXd& curve, const std::vector<std::pair<double, double>>& on_pct);

/// Distance round the cycle between two places, 0 to 50 %.
[[nodiscard]] int cycle_distance(int a_pct, int b_pct);

/// Slope of the least-squares line y = c + slope x; NaN for fewer than two different x.
[[nodiscard]] double fitted_slope(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace hipspine
