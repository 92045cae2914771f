// Prominence of a maximum p: walk from p to each side until a value above it; the lowest value passed on each side is a
// base; prominence = value - the higher base (the whole cycle's lowest when nothing is higher). Antisymmetry: -sum d(i)
// d(i+50) / sum d(i)^2, d = curve - mean.
#include "sim/run/curve_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/model/model.h"

namespace hipspine {
namespace {

constexpr int kPoints = kCyclePoints - 1;  ///< different instants of one cycle

int wrap(int pct) { return ((pct % kPoints) + kPoints) % kPoints; }

template <class Better>
Extreme extreme(const Eigen::VectorXd& curve, int from_pct, int to_pct, Better better) {
  if (to_pct < from_pct) to_pct += kPoints;
  Extreme best{curve[from_pct], from_pct};
  for (int i = from_pct; i <= to_pct; ++i) {
    const int k = i <= kPoints ? i : wrap(i);
    if (better(curve[k], best.value)) best = {curve[k], k};
  }
  return best;
}

/// Lowest value passed when walking from `at` in steps of `step` until something higher; itself when a neighbour is
/// higher.
double base(const Eigen::VectorXd& curve, int at, int step) {
  double low = curve[at];
  for (int n = 1; n < kPoints; ++n) {
    const double value = curve[wrap(at + n * step)];
    if (value > curve[at]) break;
    low = std::min(low, value);
  }
  return low;
}

}  // namespace

Extreme highest(const Eigen::VectorXd& curve, int from_pct, int to_pct) {
  return extreme(curve, from_pct, to_pct, [](double a, double b) { return a > b; });
}

Extreme lowest(const Eigen::VectorXd& curve, int from_pct, int to_pct) {
  return extreme(curve, from_pct, to_pct, [](double a, double b) { return a < b; });
}

double mean_between(const Eigen::VectorXd& curve, int from_pct, int to_pct) {
  return curve.segment(from_pct, to_pct - from_pct + 1).mean();
}

double range_of(const Eigen::VectorXd& curve) { return curve.maxCoeff() - curve.minCoeff(); }

Eigen::VectorXd smoothed(const Eigen::VectorXd& curve, int half_width_pct) {
  Eigen::VectorXd out(curve.size());
  for (int i = 0; i < kPoints; ++i) {
    double sum = 0;
    for (int k = -half_width_pct; k <= half_width_pct; ++k) sum += curve[wrap(i + k)];
    out[i] = sum / (2 * half_width_pct + 1);
  }
  out[kPoints] = out[0];
  return out;
}

std::vector<int> prominent_maxima(const Eigen::VectorXd& curve, double prominence) {
  std::vector<int> places;
  for (int i = 0; i < kPoints; ++i) {
    if (!(curve[i] > curve[wrap(i - 1)])) continue;  // the first point of a flat top
    int after = i + 1;
    while (after < i + kPoints && curve[wrap(after)] == curve[i]) ++after;
    if (curve[wrap(after)] > curve[i]) continue;
    if (curve[i] - std::max(base(curve, i, -1), base(curve, i, +1)) >= prominence) places.push_back(i);
  }
  return places;
}

double antisymmetry(const Eigen::VectorXd& curve) {
  const Eigen::VectorXd one_cycle = curve.head(kPoints);
  const Eigen::VectorXd d = one_cycle.array() - one_cycle.mean();
  const double power = d.squaredNorm();
  if (!(power > 1e-12)) return std::nan("");
  double product = 0;
  for (int i = 0; i < kPoints; ++i) product += d[i] * d[wrap(i + kPoints / 2)];
  return -product / power;
}

double on_off_ratio(const Eigen::VectorXd& curve, const std::vector<std::pair<double, double>>& on_pct) {
  double on = 0, off = 0;
  int n_on = 0, n_off = 0;
  for (int i = 0; i < kPoints; ++i) {
    const bool inside = std::any_of(on_pct.begin(), on_pct.end(),
                                    [&](const auto& window) { return i >= window.first && i < window.second; });
    (inside ? on : off) += curve[i];
    ++(inside ? n_on : n_off);
  }
  if (n_on == 0 || n_off == 0) return std::nan("");
  if (off == 0) return on > 0 ? std::numeric_limits<double>::infinity() : std::nan("");
  return (on / n_on) / (off / n_off);
}

int cycle_distance(int a_pct, int b_pct) {
  const int d = wrap(a_pct - b_pct);
  return std::min(d, kPoints - d);
}

double fitted_slope(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    sx += x[k];
    sy += y[k];
    sxx += x[k] * x[k];
    sxy += x[k] * y[k];
  }
  const double spread = sxx - sx * sx / n;
  return x.size() >= 2 && spread > 1e-12 ? (sxy - sx * sy / n) / spread : std::nan("");
}

}  // namespace hipspine
