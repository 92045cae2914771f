#pragma once
/// The solved cycle as a motion for any time: what the controller follows.
#include "sim/model/model.h"

namespace hipspine {

/// One solved cycle; columns are kCyclePoints equally spaced from 0 to 100 %, x grows by the stride.
struct CycleMotion {
  double period_s = 1;
  double stride_m = 0;
  double toe_off = 0.6;   ///< of each foot's own cycle
  bool standing = false;  ///< both feet stay on the floor
  Eigen::MatrixXd q, v, a;
};

/// State of the motion `phase` cycles after its right heel strike, any phase >= 0: quintic between the points, so that
/// q, v and a belong together.
void motion_at(const CycleMotion& motion, double phase, CoordVec& q, CoordVec& v, CoordVec& a);

/// Phase [0, 1) of a foot at a cycle phase.
[[nodiscard]] double phase_of_foot(int side, double phase);

}  // namespace hipspine
