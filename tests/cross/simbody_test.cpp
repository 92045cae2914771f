// Poses, inverse dynamics with outside forces, mass matrix and point Jacobian of the real body against Simbody; the
// plant's accelerations and the joint reactions that the program reports as well.
#include "sim/core/units.h"
#include "sim/mechanics/mass_matrix.h"
#include "sim/plant/bullet_plant.h"
#include "tests/cross/random_state.h"
#include "tests/cross/simbody_twin.h"

using namespace hipspine;

namespace {

std::vector<cross::TwinLink> links_of(const Model& model) {
  std::vector<cross::TwinLink> links;
  for (int i = 0; i < model.n_coord(); ++i) {
    const Coordinate& c = model.coordinates[i];
    const LinkInertia& link = model.link_inertia[i];
    links.push_back({c.parent, c.translation, c.X_PJ, c.axis_J, link.mass_kg, link.p_com_L, link.I_com_L});
  }
  return links;
}

std::vector<cross::TwinForce> forces_of(const cross::RandomState& s) {
  std::vector<cross::TwinForce> external;
  for (std::size_t k = 0; k < s.external.size(); ++k)
    external.push_back({s.external[k].link, s.force_G[k], s.moment_G[k]});
  return external;
}

}  // namespace

TEST_CASE("Simbody: inverse dynamics, mass matrix, Jacobian and poses agree on random states") {
  const Model model = cross::real_model();
  const int n = model.n_coord();
  cross::SimbodyTwin twin(links_of(model), kGravity_m_s2);
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
    const std::vector<cross::TwinForce> external = forces_of(s);
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

TEST_CASE("Simbody: the plant's accelerations and the joint reactions under random joint and outside forces") {
  const Model model = cross::real_model();
  const int n = model.n_coord();
  cross::SimbodyTwin twin(links_of(model), kGravity_m_s2);
  BulletPlant plant(model);
  std::mt19937 random(cross::kSeed + 1);
  INFO("seed ", cross::kSeed + 1);
  std::normal_distribution<double> bell;
  Kinematics kin;
  CoordVec tau(n);
  double acceleration = 0, moment = 0, force = 0, closed = 0;
  for (int trial = 0; trial < cross::kStates; ++trial) {
    const cross::RandomState s = cross::draw(model, random, kin);
    for (int i = 0; i < n; ++i) tau[i] = 50 * bell(random);
    // To the plant an outside wrench is a generalised force.
    CoordVec total = tau;
    for (const ExternalWrench& e : s.external)
      for (int i = e.link; i >= 0; i = model.coordinates[i].parent) total[i] += kin.S_G[i].dot(e.wrench_G);
    plant.set_state({s.q, s.v, 0});
    const CoordVec a = plant.accelerations(total);
    twin.set(s.q, s.v);
    acceleration = std::max(acceleration, cross::relative_difference(a, twin.forward_dynamics(tau, forces_of(s))));
    // Reactions from the plant's motion by our inverse dynamics.
    update_acceleration(model, s.v, a, kin);
    InverseDynamics ours;
    inverse_dynamics(model, kin, s.external, ours);
    closed = std::max(closed, cross::relative_difference(ours.tau, tau));
    const std::vector<Vec6> theirs = twin.reactions();
    double largest_nm = 0, largest_n = 0, off_nm = 0, off_n = 0;
    for (int i = 0; i < n; ++i) {
      largest_nm = std::max(largest_nm, theirs[i].head<3>().norm());
      largest_n = std::max(largest_n, theirs[i].tail<3>().norm());
      off_nm = std::max(off_nm, (ours.wrench_G[i] - theirs[i]).head<3>().norm());
      off_n = std::max(off_n, (ours.wrench_G[i] - theirs[i]).tail<3>().norm());
    }
    moment = std::max(moment, off_nm / largest_nm);
    force = std::max(force, off_n / largest_n);
  }
  MESSAGE("largest differences: accelerations ", acceleration, ", moments ", moment, ", forces ", force,
          "; joint forces given and found again ", closed);
  CHECK(acceleration < cross::kTolerance);
  CHECK(moment < 1e-9);  // two solvers' accelerations, each true to 1e-11, times all that a joint carries
  CHECK(force < 1e-9);
  CHECK(closed < 1e-9);
}
