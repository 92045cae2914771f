// The plant itself as a referee: btMultiBody (floating base, ball joints) behind the model's coordinates. Bullet solves
// forward dynamics, so the round trip closes: tau from our inverse dynamics, accelerations from Bullet; and Bullet's
// inverse mass matrix, column by column, times our mass matrix is the identity.
#include <Eigen/Cholesky>

#include "sim/core/units.h"
#include "sim/mechanics/mass_matrix.h"
#include "sim/plant/bullet_plant.h"
#include "tests/cross/random_state.h"

using namespace hipspine;

namespace {

/// Generalised force of the outside wrenches, J'f of each.
CoordVec generalised(const Model& model, const Kinematics& kin, const std::vector<ExternalWrench>& external) {
  CoordVec tau = CoordVec::Zero(model.n_coord());
  for (const ExternalWrench& e : external)
    for (int i = e.link; i >= 0; i = model.coordinates[i].parent) tau[i] += kin.S_G[i].dot(e.wrench_G);
  return tau;
}

}  // namespace

TEST_CASE("Bullet: forward dynamics inverts ours; mass matrix, Jacobian and poses agree on random states") {
  const Model model = cross::real_model();
  const int n = model.n_coord();
  BulletPlant plant(model);
  std::mt19937 random(cross::kSeed);
  INFO("seed ", cross::kSeed);
  Kinematics kin;
  double pose = 0, dynamics = 0, acceleration = 0, mass = 0, jacobian = 0;
  for (int trial = 0; trial < cross::kStates; ++trial) {
    const cross::RandomState s = cross::draw(model, random, kin);
    InverseDynamics ours;
    inverse_dynamics(model, kin, s.external, ours);
    plant.set_state({s.q, s.v, 0});
    const CoordVec theirs = plant.accelerations(ours.tau + generalised(model, kin, s.external));
    CoordMat M;
    mass_matrix(model, kin, M);
    dynamics = std::max(dynamics, cross::relative_difference(CoordVec(M * (theirs - s.a) + ours.tau), ours.tau));
    acceleration = std::max(acceleration, cross::relative_difference(theirs, s.a));
    for (int i = 0; i < n; ++i) {
      if (model.link_inertia[i].mass_kg == 0) continue;
      const Transform X = plant.link_pose(i);
      pose = std::max({pose, (X.p - kin.X_GL[i].p).norm(), (X.R - kin.X_GL[i].R).norm()});
    }
    CoordMat inverse(n, n);
    for (int i = 0; i < n; ++i) inverse.col(i) = plant.inverse_mass_column(i);
    mass = std::max(mass, cross::relative_difference(inverse, CoordMat(M.llt().solve(CoordMat::Identity(n, n)))));
    for (int link : {model.feet[kRight].link, model.levels[kLevels - 1].upper_link, 5}) {
      const Vec3 p_G = point_G(kin, link, s.p_point_L);
      Eigen::MatrixXd our_J = Eigen::MatrixXd::Zero(3, n), their_J(3, n);
      point_jacobian(model, kin, link, p_G, our_J);
      for (int k = 0; k < 3; ++k) their_J.row(k) = plant.jacobian_row(link, p_G, Vec3::Unit(k)).transpose();
      jacobian = std::max(jacobian, cross::relative_difference(our_J, their_J));
    }
  }
  MESSAGE("largest differences: pose ", pose, " m, dynamics ", dynamics, ", accelerations ", acceleration,
          ", inverse mass matrix ", mass, ", Jacobian ", jacobian);
  CHECK(pose < cross::kTolerance);
  CHECK(dynamics < cross::kTolerance);
  CHECK(acceleration < cross::kTolerance);
  CHECK(mass < cross::kTolerance);
  CHECK(jacobian < cross::kTolerance);
}
