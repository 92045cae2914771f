// Poses, inverse dynamics with outside forces, mass matrix and point Jacobian of the real body against Simbody.
#include "sim/core/units.h"
#include "sim/mechanics/mass_matrix.h"
#include "tests/cross/random_state.h"
#include "tests/cross/simbody_twin.h"

using namespace hipspine;

TEST_CASE("Simbody: inverse dynamics, mass matrix, Jacobian and poses agree on random states") {
  const Model model = cross::real_model();
  const int n = model.n_coord();
  std::vector<cross::TwinLink> links;
  for (int i = 0; i < n; ++i) {
    const Coordinate& c = model.coordinates[i];
    const LinkInertia& link = model.link_inertia[i];
    links.push_back({c.parent, c.translation, c.X_PJ, c.axis_J, link.mass_kg, link.p_com_L, link.I_com_L});
  }
  cross::SimbodyTwin twin(links, kGravity_m_s2);
  REQUIRE(twin.n_coord() == n);
  std::mt19937 random(cross::kSeed);
  INFO("seed ", cross::kSeed);
  Kinematics kin;
  double pose = 0, dynamics = 0, mass = 0, jacobian = 0;
  for (int trial = 0; trial < cross::kStates; ++trial) {
    const cross::RandomState s = cross::draw(model, random, kin);
    twin.set(s.q, s.v);
    for (int i = 0; i < n; ++i) {
      const Transform theirs = twin.pose(i);
      pose = std::max({pose, (theirs.p - kin.X_GL[i].p).norm(), (theirs.R - kin.X_GL[i].R).norm()});
    }
    std::vector<cross::TwinForce> external;
    for (std::size_t k = 0; k < s.external.size(); ++k) {
      external.push_back({s.external[k].link, s.force_G[k], s.moment_G[k]});
    }
    InverseDynamics ours;
    inverse_dynamics(model, kin, s.external, ours);
    dynamics = std::max(dynamics, cross::relative_difference(ours.tau, twin.inverse_dynamics(s.a, external)));
    CoordMat M;
    mass_matrix(model, kin, M);
    mass = std::max(mass, cross::relative_difference(M, twin.mass_matrix()));
    const int foot = model.feet[kRight].link;
    Eigen::MatrixXd J = Eigen::MatrixXd::Zero(3, n);
    point_jacobian(model, kin, foot, point_G(kin, foot, s.p_point_L), J);
    jacobian = std::max(jacobian, cross::relative_difference(J, twin.point_jacobian(foot, s.p_point_L)));
  }
  MESSAGE("largest differences: pose ", pose, ", inverse dynamics ", dynamics, ", mass matrix ", mass, ", Jacobian ",
          jacobian);
  CHECK(pose < cross::kTolerance);
  CHECK(dynamics < cross::kTolerance);
  CHECK(mass < cross::kTolerance);
  CHECK(jacobian < cross::kTolerance);
}
