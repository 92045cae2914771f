#pragma once
/// Which muscles carry the joint moments: bounded quadratic program per frame, always feasible, solved in its dual.
/// (The author of the room may extend; this is what the other rooms rely on.)
#include <string>
#include <vector>

#include "sim/model/model.h"

namespace hipspine {

/// One frame's problem. Rows are the coordinates to be balanced (hips, knees, ankles, subtalars, 18 lumbar).
///   min  1/2 sum a_m^2  + priced slack     with  sum_m arm[row, m] · (a_m active_m + passive_m) + slack_row = moment_row
///   activation_min_m <= a_m <= 1
struct RecruitmentProblem {
  Eigen::MatrixXd arm_m;         ///< (rows x muscles)
  Eigen::VectorXd active_n;      ///< (muscles)
  Eigen::VectorXd passive_n;     ///< (muscles)
  Eigen::VectorXd activation_min;///< (muscles)
  Eigen::VectorXd moment_nm;     ///< (rows) net joint moment less passive joint moment
  /// Per lumbar row: how much a level's passive moment changes per radian that it departs from the rhythm [N·m/rad];
  /// zero on leg rows. Departures of one axis sum to zero over the six levels and cost (departure / departure_unit)^2.
  Eigen::VectorXd level_stiffness_nm_rad;
};

struct RecruitmentResult {
  enum class Status { ok, limited, not_finite } status = Status::ok;
  Eigen::VectorXd activation;    ///< (muscles)
  Eigen::VectorXd force_n;       ///< (muscles) active + passive
  Eigen::VectorXd reserve_nm;    ///< (rows) what no muscle could give
  Eigen::VectorXd departure_rad; ///< (rows) posture shift of lumbar levels, zero on leg rows
  int iterations = 0;
};

}  // namespace hipspine
