#pragma once
/// Bodies for tests of the plant, and what a body holds in motion.
#include <doctest/doctest.h>

#include <random>

#include "sim/core/units.h"
#include "sim/mechanics/mass_matrix.h"
#include "sim/model/model_file.h"

namespace hipspine::plant_test {

/// The body that everything else uses.
inline Model real_model() {
  Diagnostics diagnostics;
  Model model = load_model(std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models", Scenario{}, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return model;
}

/// One free rigid body whose frame stands at its centre of mass, with six coordinates (slides x, y, z; turns z, x, y)
/// and both feet on it: a block on eight spheres, heels 0.2 m behind and balls 0.2 m before the centre, 0.1 m below.
inline Model block(double mass_kg, const Vec3& inertia_kg_m2) {
  Model m;
  const Vec3 axes[] = {Vec3::UnitX(), Vec3::UnitY(), Vec3::UnitZ(), Vec3::UnitZ(), Vec3::UnitX(), Vec3::UnitY()};
  for (int i = 0; i < 6; ++i) {
    Coordinate c;
    c.parent = i - 1;
    c.translation = i < 3;
    c.axis_J = axes[i];
    m.coordinates.push_back(c);
    m.link_inertia.emplace_back();
  }
  m.link_inertia[5] = {mass_kg, Vec3::Zero(), inertia_kg_m2.asDiagonal()};
  m.mass_kg = mass_kg;
  // Heel spheres stand 10 mm before the heel point: as far behind the middle as the balls are before it.
  for (int side : {kRight, kLeft}) {
    const double z = side == kRight ? 0.15 : -0.15, inner = side == kRight ? -0.04 : 0.04;
    m.feet[side] = {5, {Vec3(-0.21, -0.1, z), Vec3(0.2, -0.1, z + inner), Vec3(0.2, -0.1, z - inner)}};
  }
  return m;
}

/// A vector of n numbers, flat between -size and size.
inline CoordVec flat(std::mt19937& random, int n, double size) {
  std::uniform_real_distribution<double> draw(-size, size);
  CoordVec x(n);
  for (int i = 0; i < n; ++i) x[i] = draw(random);
  return x;
}

/// Sums over the body at one state; needs position and velocity in `kin`.
struct Motion {
  double mass_kg = 0, kinetic_j = 0;
  Vec3 com_G = Vec3::Zero();
  Vec3 linear = Vec3::Zero();   ///< momentum [kg m/s]
  Vec3 angular = Vec3::Zero();  ///< about the centre of mass [kg m^2/s]
};

inline Motion motion(const Model& model, const Kinematics& kin) {
  Motion sum;
  Vec6 momentum = Vec6::Zero();
  for (int i = 0; i < model.n_coord(); ++i) {
    const Vec6 p = spatial_inertia_G(model, kin, i) * kin.V_G[i];
    momentum += p;
    sum.kinetic_j += 0.5 * p.dot(kin.V_G[i]);
    sum.mass_kg += model.link_inertia[i].mass_kg;
    sum.com_G += model.link_inertia[i].mass_kg * (kin.X_GL[i] * model.link_inertia[i].p_com_L);
  }
  sum.com_G /= sum.mass_kg;
  sum.linear = momentum.tail<3>();
  sum.angular = momentum.head<3>() - sum.com_G.cross(sum.linear);
  return sum;
}

inline Motion motion(const Model& model, const CoordVec& q, const CoordVec& v) {
  Kinematics kin;
  update_position(model, q, kin);
  update_velocity(model, v, kin);
  return motion(model, kin);
}

}  // namespace hipspine::plant_test
