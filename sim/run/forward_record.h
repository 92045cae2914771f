#pragma once
/// A record of the simulated body: points between its ticks, each with all loads.
#include <vector>

#include "sim/run/forward_body.h"

namespace hipspine {

inline constexpr int kPerStride = kCyclePoints - 1;  ///< points of a record from one heel strike to the next
inline constexpr double kCarries_n = 1;  ///< chosen: a foot with less has no centre of pressure, only rounding

/// What of a tick a record needs: means over the tick, at its middle.
struct ForwardSample {
  double phase = 0, time_s = 0;
  CoordVec q, v, a;
  Eigen::VectorXd activation, force_n, reserve_nm;
  std::array<Vec6, 2> ground_G;
  Vec6 residual = Vec6::Zero();
  [[nodiscard]] bool empty() const { return q.size() == 0; }
};

[[nodiscard]] ForwardSample sample_of(const ForwardTick& tick, double time_s);
/// Linear between two samples of different phase.
[[nodiscard]] ForwardSample between(const ForwardSample& a, const ForwardSample& b, double phase);

/// Grows a recorded plan by one point at a time.
class ForwardRecorder {
 public:
  /// @param out    outlives this object; its plan is made for `points` points
  /// @param loads  outlives this object
  ForwardRecorder(const LoadModel& loads, int points, bool with_loads, CycleResult& out);
  [[nodiscard]] int count() const { return count_; }
  /// Forgets all points from `count` on.
  void truncate(int count);
  /// The last point becomes the first of a new record.
  void carry_over();
  /// At most `points` times. Loads follow from the motion, the ground force and the muscles' actual tension.
  void add(const ForwardSample& sample);
  /// Cuts what was not filled.
  void finish();

 private:
  const LoadModel& loads_;
  FrameSolver solver_;
  bool with_loads_;
  CycleResult& out_;
  std::vector<int> muscleless_;
  int count_ = 0;
};

}  // namespace hipspine
