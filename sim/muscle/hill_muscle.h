#pragma once
/// Hill-type muscle with a rigid tendon: active force–length, force–velocity and passive force–length.
#include "sim/model/model.h"

namespace hipspine {

/// Force of one muscle along its tendon: active = activation · active_n, plus passive_n. [N]
struct MuscleCapacity {
  double active_n = 0;       ///< at full activation, this length and velocity
  double damping_n_s_m = 0;  ///< how fast active_n grows with the speed of lengthening, per unit activation
  double passive_n = 0;      ///< independent of activation: only what `Muscle::tightness` adds, 0 for a healthy muscle
  double norm_length = 0;    ///< fibre length over optimal length
  double norm_speed = 0;     ///< fibre velocity over the largest, shortening < 0
};

/// A healthy muscle has no passive force here: the passive hip moment (sim/tissue/hip_passive) and the passive lumbar
/// moments already contain passive muscle, and counting it twice would stiffen the healthy body. A tight muscle adds
/// the difference between its own passive curve and the healthy one, so the scenario's tightness acts on every joint
/// that the muscle crosses.
/// A path not longer than its tendon slack gives no force (norm_length 0).
/// @param length_m    path length origin to insertion
/// @param speed_m_s   its rate, lengthening > 0
/// @source thelen2003, degroote2016, zajac1989
[[nodiscard]] MuscleCapacity muscle_capacity(const Muscle& muscle, double length_m, double speed_m_s);

/// Passive force of a tight muscle along its path, pennation left out: force_n (e^x - 1 - x), x = (l - slack)/scale.
struct PassiveLaw {
  double slack_m, scale_m, force_n;
};
[[nodiscard]] PassiveLaw passive_law(const Muscle& muscle);

/// The three curves, as multiples of the largest isometric force.
[[nodiscard]] double active_force_length(double norm_length);
[[nodiscard]] double force_velocity(double norm_speed);         ///< 0 at -1 and faster, 1 at rest
[[nodiscard]] double force_velocity_slope(double norm_speed);   ///< its derivative
[[nodiscard]] double passive_force_length(double norm_length);  ///< 0 up to 1, 1 at 1.6

/// How far each muscle can have relaxed at each instant of a periodic cycle whose activations were found instant by
/// instant: a muscle that was active at t0 still has a(t0) exp(-(t - t0)/tau), tau = 50 ms [thelen2003].
/// @param activation  (muscles x n), equally spaced, last column = first
/// @param lowest      (muscles) resting activation
/// @return (muscles x n) lowest activation possible
[[nodiscard]] Eigen::MatrixXd relaxation_floor(const Eigen::MatrixXd& activation, const Eigen::VectorXd& lowest,
                                               double step_s);

}  // namespace hipspine
