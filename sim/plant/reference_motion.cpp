/// Quintic Hermite between the points of a solved cycle: values, rates and accelerations agree at both ends.
#include "sim/plant/reference_motion.h"

#include <algorithm>
#include <cmath>

namespace hipspine {

double phase_of_foot(int side, double phase) {
  const double u = side == kRight ? phase : phase + 0.5;
  return u - std::floor(u);
}

void motion_at(const CycleMotion& motion, double phase, CoordVec& q, CoordVec& v, CoordVec& a) {
  const double cycles = std::floor(phase), place = (phase - cycles) * (kCyclePoints - 1);
  const int k = std::clamp(static_cast<int>(place), 0, kCyclePoints - 2);
  const double u = place - k, h = motion.period_s / (kCyclePoints - 1);
  // Quintic Hermite on [0, 1] from values, rates and accelerations at both ends.
  const auto p0 = motion.q.col(k), p1 = motion.q.col(k + 1);
  const CoordVec v0 = h * motion.v.col(k), v1 = h * motion.v.col(k + 1);
  const CoordVec a0 = h * h * motion.a.col(k), a1 = h * h * motion.a.col(k + 1);
  const CoordVec rise = p1 - p0;
  const CoordVec c3 = 10 * rise - 6 * v0 - 4 * v1 - 1.5 * a0 + 0.5 * a1;
  const CoordVec c4 = -15 * rise + 8 * v0 + 7 * v1 + 1.5 * a0 - a1;
  const CoordVec c5 = 6 * rise - 3 * v0 - 3 * v1 - 0.5 * a0 + 0.5 * a1;
  q = p0 + u * (v0 + u * (0.5 * a0 + u * (c3 + u * (c4 + u * c5))));
  v = (v0 + u * (a0 + u * (3 * c3 + u * (4 * c4 + u * 5 * c5)))) / h;
  a = (a0 + u * (6 * c3 + u * (12 * c4 + u * 20 * c5))) / (h * h);
  q[0] += cycles * motion.stride_m;
}

}  // namespace hipspine
