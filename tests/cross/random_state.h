#pragma once
/// States and outside forces, drawn with a fixed seed, on which our mechanics and another engine must agree.
#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "sim/mechanics/inverse_dynamics.h"
#include "sim/model/model_file.h"

namespace hipspine::cross {

inline constexpr int kStates = 100;
inline constexpr unsigned kSeed = 20240;
inline constexpr double kTolerance = 1e-10;  ///< relative to the largest entry of what is compared

/// The body that everything else uses.
inline Model real_model() {
  Diagnostics diagnostics;
  Model model = load_model(std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models", Scenario{}, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  REQUIRE(model.n_coord() > 30);
  return model;
}

struct RandomState {
  CoordVec q, v, a;  ///< +-0.8 rad or m; sd 3 rad/s; sd 20 rad/s^2
  std::vector<ExternalWrench>
      external;  ///< one on each foot and on the last link, sd 100 N and 20 N m about its centre of mass
  std::vector<Vec3> force_G, moment_G;  ///< the same as force at, and moment about, the centre of mass
  Vec3 p_point_L;                       ///< a point of the right foot, for Jacobians
};

/// Draws the next state; `kin` is left with its position, velocity and acceleration.
inline RandomState draw(const Model& model, std::mt19937& random, Kinematics& kin) {
  std::uniform_real_distribution<double> flat(-0.8, 0.8);
  std::normal_distribution<double> bell;
  const int n = model.n_coord();
  RandomState s;
  s.q.resize(n), s.v.resize(n), s.a.resize(n);
  for (int i = 0; i < n; ++i) s.q[i] = flat(random);
  for (int i = 0; i < n; ++i) s.v[i] = 3 * bell(random);
  for (int i = 0; i < n; ++i) s.a[i] = 20 * bell(random);
  kin.resize(n);
  update_position(model, s.q, kin);
  update_velocity(model, s.v, kin);
  update_acceleration(model, s.v, s.a, kin);
  for (int link : {model.feet[kRight].link, model.feet[kLeft].link, n - 1}) {
    const Vec3 force(100 * bell(random), 100 * bell(random), 100 * bell(random));
    const Vec3 moment(20 * bell(random), 20 * bell(random), 20 * bell(random));
    const Vec3 p_com_G = kin.X_GL[link] * model.link_inertia[link].p_com_L;
    Vec6 wrench;
    wrench << moment + p_com_G.cross(force), force;
    s.external.push_back({link, wrench});
    s.force_G.push_back(force);
    s.moment_G.push_back(moment);
  }
  s.p_point_L = Vec3(0.1 * bell(random), 0.1 * bell(random), 0.1 * bell(random));
  return s;
}

/// Largest difference relative to the largest entry of `expected`.
template <typename A, typename B>
double relative_difference(const A& got, const B& expected) {
  return (got - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff();
}

}  // namespace hipspine::cross
