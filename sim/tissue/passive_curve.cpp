/// Along one axis the level is in equilibrium under the nominal force f = (0, -N, 0): t = t(q). With the element's
/// moment about D's origin M = -dE/dq + (t x -f) · axis, its slope is
///   dM/dq = -(E_qq + E_qt dt/dq) + (dt/dq x -f) · axis,     dt/dq = -E_tt^-1 E_tq,
/// exact at the nodes; between them a cubic through values and slopes.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/tissue/element.h"
#include "sim/tissue/segment.h"

namespace hipspine {

PassiveCurve passive_curve(const SegmentParameters& p, int axis, double compression_n) {
  // A little beyond what a level reaches: flexion-extension, bending, turning.
  constexpr std::array<double, 3> kReach_deg = {16, 14, 8};
  PassiveCurve curve;
  curve.low_rad = -rad_from_deg(kReach_deg[axis]);
  curve.step_rad = -2 * curve.low_rad / (PassiveCurve::kNodes - 1);
  const Vec3 force_D(0, -compression_n, 0);
  const int column = axis == kFE ? 2 : axis == kLB ? 0 : 1;  // the axis in D when the other angles are zero
  // From the middle outwards, each node started from its neighbour.
  constexpr int kMiddle = PassiveCurve::kNodes / 2;
  for (int direction : {1, -1}) {
    Vec3 t = Vec3::Zero();
    for (int node = kMiddle; node >= 0 && node < PassiveCurve::kNodes; node += direction) {
      Vec3 q = Vec3::Zero();
      q[axis] = (node - kMiddle) * curve.step_rad;
      const SegmentLoad load = solve_segment(p, q, force_D, t);
      t = load.translation_m;
      PoseEnergy e;
      element_energy(p, t, q + Vec3(p.extension_preset_rad, 0, 0), e);
      const Mat3 H_tt = e.hessian.topLeftCorner<3, 3>();
      const Vec3 H_tq = e.hessian.block<3, 1>(0, 3 + axis);
      const Vec3 dt = -H_tt.ldlt().solve(H_tq);
      curve.value_nm[node] = load.moment_nm[column];
      curve.slope_nm_rad[node] = -(e.hessian(3 + axis, 3 + axis) + H_tq.dot(dt)) + dt.cross(-force_D)[column];
    }
  }
  return curve;
}

std::array<double, kLevels> shares_by_stiffness(const LumbarCurves& curves, int axis, double total_rad) {
  // Levels resist: moment falls with the angle. Both searches are bisections, so that the answer is the same
  // everywhere.
  constexpr int kHalvings = 60;
  const double limit_rad = std::abs(total_rad), sense = total_rad < 0 ? -1 : 1;
  std::array<double, kLevels> angle{};
  const auto bent_by = [&](double resistance_nm) {
    double sum = 0;
    for (int l = 0; l < kLevels; ++l) {
      const PassiveCurve& curve = curves[l][axis];
      const double rest = curve.at(0).moment_nm;
      double low = 0, high = limit_rad;
      for (int i = 0; i < kHalvings; ++i) {
        const double middle = 0.5 * (low + high);
        (sense * (rest - curve.at(sense * middle).moment_nm) < resistance_nm ? low : high) = middle;
      }
      sum += angle[l] = 0.5 * (low + high);
    }
    return sum;
  };
  double low = 0, high = 1e4;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = 0.5 * (low + high);
    (bent_by(middle) < limit_rad ? low : high) = middle;
  }
  const double sum = bent_by(0.5 * (low + high));
  for (double& a : angle) a = sum > 0 ? a / sum : 1.0 / kLevels;
  return angle;
}

PassiveCurve::Sample PassiveCurve::at(double angle_rad) const {
  const double place = (angle_rad - low_rad) / step_rad;
  if (!(place > 0)) return {value_nm.front() + slope_nm_rad.front() * (angle_rad - low_rad), slope_nm_rad.front()};
  if (place >= kNodes - 1) {
    const double past = angle_rad - low_rad - (kNodes - 1) * step_rad;
    return {value_nm.back() + slope_nm_rad.back() * past, slope_nm_rad.back()};
  }
  const int i = static_cast<int>(place);
  const double u = place - i;
  const double d0 = slope_nm_rad[i] * step_rad, d1 = slope_nm_rad[i + 1] * step_rad;
  const double rise = value_nm[i + 1] - value_nm[i];
  const double c2 = 3 * rise - 2 * d0 - d1, c3 = d0 + d1 - 2 * rise;
  return {value_nm[i] + u * (d0 + u * (c2 + u * c3)), (d0 + u * (2 * c2 + 3 * u * c3)) / step_rad};
}

}  // namespace hipspine
