#pragma once
/// The intervertebral disc as one energy of axial shortening d = -t_y - (height loss), shear (t_x, t_z) and rotations
/// q:
///
///   E = A(d) + 1/2 k_s (t_x^2 + t_z^2) + sum over axes of P_i(d) W_i(q_i)
///   A' = k_t d + (k_1 - k_t) (ramp(d) - ramp(0)) + k_2 max(d, 0)^2            compression stiffens, tension is softer
///   W_i' = c_1 q + c_2 (q^2 for FE, |q| q for LB and AR) + c_3 q^3             moments of an unloaded disc
///   P_i = 1 + g_i s(d), s = d^2 / (d^2 + h^2) for d > 0, else 0                bending stiffens under preload
///
/// Because the preload factor is part of the energy and not a factor on the moment, the disc is conservative: what
/// bending gains in stiffness under load, it gives back as extra axial force sum g_i s'(d) W_i(q_i). This is also why
/// the nucleus pressure rises in flexion at the same load.
///
/// At fixed rotations facets and ligaments are convex in the translation, and so is the disc while its preload energy
/// G = sum g_i W_i stays below the least A''(d) / -s''(d): 4.8 J, which is 13 deg of flexion at L1/L2. There the
/// equilibrium is the only one. Beyond, under several kilonewtons, a second one can exist, of a disc thinner by 1 mm.
#include <cmath>

#include "sim/tissue/ramp.h"
#include "sim/tissue/segment.h"

namespace hipspine {

/// Bending energy of the unloaded disc with gradient and (diagonal) second derivative.
struct DiscBending {
  double energy_j = 0;
  double preload_j = 0;  ///< sum of g_i W_i: what full preload would add
  Vec3 gradient_nm = Vec3::Zero();
  Vec3 second_nm_rad = Vec3::Zero();
};

[[nodiscard]] inline DiscBending disc_bending(const DiscParameters& disc, const Vec3& q_rad) {
  DiscBending b;
  for (int i = 0; i < 3; ++i) {
    const double q = q_rad[i];
    const double s = i == kFE ? q : std::abs(q);  // the square term is one-sided for FE, symmetric for the others
    const double c1 = disc.linear_nm_rad[i], c2 = disc.square_nm_rad2[i], c3 = disc.cubic_nm_rad3[i];
    const double energy_j = q * q * (c1 / 2 + s * c2 / 3 + q * q * c3 / 4);
    b.energy_j += energy_j;
    b.preload_j += disc.preload_gain[i] * energy_j;
    b.gradient_nm[i] = q * (c1 + s * c2 + q * q * c3);
    b.second_nm_rad[i] = c1 + 2 * s * c2 + 3 * q * q * c3;
  }
  return b;
}

/// Axial energy A with its first two derivatives in d, and the preload s with its own.
struct DiscAxial {
  double energy_j, force_n, stiffness_n_m;
  double preload, d_preload, dd_preload;
};

[[nodiscard]] inline DiscAxial disc_axial(const DiscParameters& disc, double d) {
  const Ramp r = ramp(d, disc.axial_blend_m);
  const double rest = 0.25 * disc.axial_blend_m;  // ramp(0): subtracted so that the force vanishes at d = 0
  const double more = disc.axial_n_m - disc.tension_n_m;
  DiscAxial a{0.5 * disc.tension_n_m * d * d + more * (r.energy - rest * d),
              disc.tension_n_m * d + more * (r.value - rest),
              disc.tension_n_m + more * r.slope,
              0,
              0,
              0};
  if (d > 0) {
    const double k2 = disc.axial2_n_m2, h2 = disc.preload_depth_m * disc.preload_depth_m;
    a.energy_j += k2 * d * d * d / 3;
    a.force_n += k2 * d * d;
    a.stiffness_n_m += 2 * k2 * d;
    const double inv = 1 / (d * d + h2);
    a.preload = d * d * inv;
    a.d_preload = 2 * d * h2 * inv * inv;
    a.dd_preload = 2 * h2 * (h2 - 3 * d * d) * inv * inv * inv;
  }
  return a;
}

}  // namespace hipspine
