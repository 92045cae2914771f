// Hill muscle with a rigid tendon and fibres of constant thickness.
//   s = l - l_slack                     fibre length along the tendon
//   l_f = sqrt(s^2 + (l_opt sin a0)^2)  fibre length,   cos a = s / l_f,   dl_f/dt = cos a dl/dt      (zajac1989)
//   n = l_f / l_opt,  v = dl_f/dt / (v_max l_opt)
//   active  = F_max exp(-(n - 1)^2 / 0.45) fv(v) cos a                                              (thelen2003)
//   fv(v)   = d4 + d1 asinh(d2 v + d3),  not below 0                                              (degroote2016)
//   passive = F_max (fp(n / (1 - t)) - fp(n)) cos a,   t tightness: fraction of the fibre that is missing
//   fp(n)   = (e^x - 1 - x) / (e^k - 1 - k),  x = k (n - 1) / e0,  0 for n <= 1       k = 4, e0 = 0.6 (thelen2003)
// fp is Thelen's exponential less its linear part (chosen: so that it sets in without a kink).
#include "sim/muscle/hill_muscle.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

constexpr double kActiveWidth = 0.45;                       // source thelen2003
constexpr double kPassiveShape = 4;                         // source thelen2003
constexpr double kPassiveStrain = 0.6;                      // source thelen2003, young adults
constexpr double kD1 = -0.318, kD2 = -8.149, kD3 = -0.374;  // source degroote2016
constexpr double kRelaxation_s = 0.050;                     // source thelen2003, young adults

}  // namespace

double active_force_length(double norm_length) {
  const double d = norm_length - 1;
  return std::exp(-d * d / kActiveWidth);
}

double force_velocity(double norm_speed) {
  // d4 of the source is 0.886; here it makes the isometric value exactly 1 (0.8837).
  static const double kD4 = 1 - kD1 * std::asinh(kD3);
  return std::max(0.0, kD4 + kD1 * std::asinh(kD2 * norm_speed + kD3));
}

double force_velocity_slope(double norm_speed) {
  if (force_velocity(norm_speed) <= 0) return 0;
  const double x = kD2 * norm_speed + kD3;
  return kD1 * kD2 / std::sqrt(x * x + 1);
}

double passive_force_length(double norm_length) {
  if (norm_length <= 1) return 0;
  static const double kAtStrain = std::expm1(kPassiveShape) - kPassiveShape;
  const double x = kPassiveShape * (norm_length - 1) / kPassiveStrain;
  return (std::expm1(x) - x) / kAtStrain;
}

PassiveLaw passive_law(const Muscle& muscle) {
  const double fibre = muscle.fibre_length_opt_m * (1 - muscle.tightness);
  return {muscle.tendon_slack_m + fibre, kPassiveStrain * fibre / kPassiveShape,
          muscle.force_max_n / (std::expm1(kPassiveShape) - kPassiveShape)};
}

MuscleCapacity muscle_capacity(const Muscle& muscle, double length_m, double speed_m_s) {
  MuscleCapacity c;
  const double along = length_m - muscle.tendon_slack_m;
  if (!(along > 0)) return c;
  const double thickness = muscle.fibre_length_opt_m * std::sin(muscle.pennation_rad);
  const double fibre = std::hypot(along, thickness);
  const double cosine = along / fibre;
  c.norm_length = fibre / muscle.fibre_length_opt_m;
  c.norm_speed = cosine * speed_m_s / (muscle.speed_max_lopt_s * muscle.fibre_length_opt_m);
  const double pull = muscle.force_max_n * cosine;
  const double at_rest = pull * active_force_length(c.norm_length);
  c.active_n = at_rest * force_velocity(c.norm_speed);
  c.damping_n_s_m =
      at_rest * force_velocity_slope(c.norm_speed) * cosine / (muscle.speed_max_lopt_s * muscle.fibre_length_opt_m);
  if (muscle.tightness > 0)
    c.passive_n =
        pull * (passive_force_length(c.norm_length / (1 - muscle.tightness)) - passive_force_length(c.norm_length));
  return c;
}

Eigen::MatrixXd relaxation_floor(const Eigen::MatrixXd& activation, const Eigen::VectorXd& lowest, double step_s) {
  const double left = std::exp(-step_s / kRelaxation_s);
  const Eigen::Index n = activation.cols();
  Eigen::MatrixXd floor = lowest.replicate(1, n);
  for (Eigen::Index k = 1; k < 2 * n - 1; ++k) {  // twice round: what is left after a turn counts too
    const Eigen::Index here = k % (n - 1), before = (k - 1) % (n - 1);
    floor.col(here) = floor.col(here).cwiseMax(left * activation.col(before)).cwiseMax(left * floor.col(before));
  }
  floor.col(n - 1) = floor.col(0);
  return floor;
}

}  // namespace hipspine
