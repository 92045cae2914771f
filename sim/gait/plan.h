#pragma once
/// A planned cycle: what compensation finds and everything after it reads.
#include <array>
#include <string>
#include <vector>

#include "sim/model/model.h"

namespace hipspine {

/// Ground reaction of one foot over the cycle, columns = cycle points.
struct GroundForce {
  Eigen::Matrix3Xd force_G;     ///< (3 x n) force of the ground on the foot [N]
  Eigen::Matrix3Xd cop_G;       ///< (3 x n) centre of pressure in ground (over-ground, not treadmill) [m]; the last
                                ///< loaded place while the foot is in the air
  Eigen::VectorXd torque_y_nm;  ///< (n) free vertical torque about the centre of pressure
};

/// What one group of the objective costs, in squared sigmas (mean over the cycle).
struct PlanCost {
  std::string name;
  double value = 0;
};

/// One stride from right heel strike to right heel strike, over ground: x grows with the stride length.
struct Plan {
  enum class Status { ok, limited, not_finite } status = Status::ok;  ///< limited: iterations ran out before converging
  int iterations = 0;
  double stride_length_m = 0;
  double period_s = 0;
  std::array<double, 2> step_length_m{};  ///< [kRight]: right foot ahead of left at right heel strike
  std::array<double, 2> toe_off_pct{};    ///< of the right cycle: when that foot leaves the ground
  double limp = 0;                        ///< see ContactTiming
  double left_strike_pct = 50;            ///< of the right cycle: when the left foot comes down
  Eigen::VectorXd time_s;                 ///< (n)
  Eigen::MatrixXd q, v, a;                ///< (n_coord x n)
  std::array<GroundForce, 2> ground;      ///< [kRight], [kLeft]
  std::array<GroundForce, 2> seat;        ///< on the right and left ischium, zero without a seat
  Eigen::VectorXd residual_n;             ///< (n) force that neither foot can give, |.| [N]
  Eigen::VectorXd residual_nm;            ///< (n) moment, |.| about the ground below the pelvis [N·m]
  double slip_mm = 0;                     ///< largest travel of a sole point while its window says it stands
  std::vector<PlanCost> costs;
  [[nodiscard]] double speed_m_s() const { return stride_length_m / period_s; }
};

}  // namespace hipspine
