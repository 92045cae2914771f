#pragma once
/// The solved cycle as a motion for any time: what the controller follows.
#include <array>

#include "sim/model/model.h"
#include "sim/plant/foot_contact.h"

namespace hipspine {

/// One solved cycle; columns are kCyclePoints equally spaced from 0 to 100 %, x grows by the stride.
struct CycleMotion {
  double period_s = 1;
  double stride_m = 0;
  double toe_off = 0.6;                     ///< of each foot's own cycle, as phase_of_foot counts it
  double limp = 0;                          ///< core/limp.h
  bool standing = false;                    ///< both feet stay on the floor
  Eigen::MatrixXd q, v, a;                  ///< (n_coord x n) [rad, m], per s, per s^2
  Eigen::MatrixXd activation;               ///< (muscles x n)
  std::array<Eigen::Matrix3Xd, 2> force_G;  ///< (3 x n) of the ground on each foot [N]
  /// (2 x n) where each foot carries it: 0 at the heel to 1 at the balls, 0 at the fifth toe's side to 1 at the
  /// first's.
  std::array<Eigen::Matrix2Xd, 2> place;
  /// How much higher than planned each foot is carried in mid swing [m]: a plan may pass the ground by a hair.
  std::array<double, 2> lift_m{};
};

/// State of the motion `phase` cycles after its right heel strike, any phase >= 0: quintic between the points, so that
/// q, v and a belong together.
void motion_at(const CycleMotion& motion, double phase, CoordVec& q, CoordVec& v, CoordVec& a);
/// Activations (muscles) of the plan at a phase, linear between the points.
void planned_activation(const CycleMotion& motion, double phase, Eigen::VectorXd& activation);
/// Force that each sphere of a foot takes at a phase when the plan's is shared out among the usable ones [N].
void planned_sphere_forces(const CycleMotion& motion, int side, double phase,
                           const std::array<bool, kFootSpheres>& usable, std::array<Vec3, kFootSpheres>& force_G);
/// Fills `place` of a side from the centre of pressure in ground (3 x n) at the motion's own poses.
void place_from_pressure(const Model& model, int side, const Eigen::Matrix3Xd& cop_G, CycleMotion& motion);

/// Fills `lift_m` from the lowest that each swinging foot's spheres come before they land.
void lift_over_ground(const Model& model, CycleMotion& motion);

/// Phase [0, 1) of a foot's events at a cycle phase: 0 where it comes down.
[[nodiscard]] double phase_of_foot(const CycleMotion& motion, int side, double phase);
/// The cycle phase at which a foot comes down that is nearest to `phase`.
[[nodiscard]] double nearest_strike(const CycleMotion& motion, int side, double phase);

}  // namespace hipspine
