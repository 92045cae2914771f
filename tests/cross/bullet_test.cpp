// The same tree as a btMultiBody (revolute and prismatic links on a fixed base), driven by direct calls in double
// precision. Bullet solves forward dynamics, so the round trip closes: tau from our inverse dynamics, accelerations
// from Bullet; and Bullet's inverse mass matrix, column by column, times our mass matrix is the identity.
#include <BulletDynamics/Featherstone/btMultiBody.h>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <memory>

#include "sim/core/units.h"
#include "sim/mechanics/mass_matrix.h"
#include "tests/cross/random_state.h"

using namespace hipspine;

static_assert(sizeof(btScalar) == 8, "the double precision build of Bullet is needed");

namespace {

btVector3 vec(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
Vec3 vec(const btVector3& v) { return {v.x(), v.y(), v.z()}; }

/// Bullet wants each link's frame at its centre of mass, along its principal axes.
struct Principal {
  Transform X_LC;
  Vec3 inertia = Vec3::Zero();
};

Principal principal(const LinkInertia& link) {
  Principal result;
  if (link.mass_kg == 0) return result;
  Eigen::SelfAdjointEigenSolver<Mat3> solver(link.I_com_L);
  result.X_LC.R = solver.eigenvectors();
  if (result.X_LC.R.determinant() < 0) result.X_LC.R.col(0) *= -1;
  result.X_LC.p = link.p_com_L;
  result.inertia = solver.eigenvalues();
  return result;
}

struct Twin {
  std::vector<Principal> frame;
  std::unique_ptr<btMultiBody> body;
  btAlignedObjectArray<btScalar> r;
  btAlignedObjectArray<btVector3> v;
  btAlignedObjectArray<btMatrix3x3> m;

  explicit Twin(const Model& model) {
    const int n = model.n_coord();
    for (const LinkInertia& link : model.link_inertia) frame.push_back(principal(link));
    body = std::make_unique<btMultiBody>(n, 0.0, btVector3(0, 0, 0), true, false);
    for (int i = 0; i < n; ++i) {
      const Coordinate& c = model.coordinates[i];
      const Transform X_LC = frame[i].X_LC;
      const Transform X_PC_parent = c.parent < 0 ? Transform{} : frame[c.parent].X_LC;
      const Transform X_CJ = X_PC_parent.inverse() * c.X_PJ;  // joint in the parent's principal frame
      const Eigen::Quaterniond q((X_CJ.R * X_LC.R).transpose());
      const btQuaternion rotation(q.x(), q.y(), q.z(), q.w());
      const btVector3 axis = vec(Vec3(X_LC.R.transpose() * c.axis_J));
      const btVector3 to_com = vec(Vec3(X_LC.R.transpose() * X_LC.p));
      const double mass = model.link_inertia[i].mass_kg;
      if (c.translation) {
        body->setupPrismatic(i, mass, vec(frame[i].inertia), c.parent, rotation, axis, vec(X_CJ.p), to_com, true);
      } else {
        body->setupRevolute(i, mass, vec(frame[i].inertia), c.parent, rotation, axis, vec(X_CJ.p), to_com, true);
      }
    }
    body->finalizeMultiDof();
    body->setLinearDamping(0);
    body->setAngularDamping(0);
    body->setMaxCoordinateVelocity(1e30);
    body->setMaxAppliedImpulse(1e30);
    body->setUseGyroTerm(true);
    body->useGlobalVelocities(false);
  }

  /// Accelerations for joint forces tau, gravity and outside forces at the centres of mass.
  CoordVec accelerations(const Model& model, const cross::RandomState& s, const CoordVec& tau) {
    const int n = model.n_coord();
    for (int i = 0; i < n; ++i) {
      body->setJointPos(i, s.q[i]);
      body->setJointVel(i, s.v[i]);
    }
    btAlignedObjectArray<btQuaternion> to_local;
    btAlignedObjectArray<btVector3> origin;
    body->forwardKinematics(to_local, origin);
    body->clearForcesAndTorques();
    for (int i = 0; i < n; ++i) {
      body->addLinkForce(i, btVector3(0, -kGravity_m_s2 * model.link_inertia[i].mass_kg, 0));
      body->addJointTorque(i, tau[i]);
    }
    for (std::size_t k = 0; k < s.external.size(); ++k) {
      body->addLinkForce(s.external[k].link, vec(s.force_G[k]));
      body->addLinkTorque(s.external[k].link, vec(s.moment_G[k]));
    }
    body->computeAccelerationsArticulatedBodyAlgorithmMultiDof(0, r, v, m, false, false, false);
    CoordVec a(n);  // Bullet leaves the six base accelerations and then the joints' behind its own scratch
    for (int i = 0; i < n; ++i) a[i] = r[body->getNumDofs() + 6 + i];
    return a;
  }

  /// Column i of the inverse mass matrix; after `accelerations` for the same state.
  CoordVec inverse_mass_column(int i) {
    const int n = body->getNumDofs();
    std::vector<btScalar> force(static_cast<std::size_t>(n) + 6, 0.0), out(force);
    force[static_cast<std::size_t>(i) + 6] = 1;
    body->calcAccelerationDeltasMultiDof(force.data(), out.data(), r, v);
    return Eigen::Map<const Eigen::VectorXd>(out.data() + 6, n);
  }

  /// Row of the Jacobian of a point of a link along a ground direction.
  CoordVec jacobian_row(int link, const Vec3& p_G, const Vec3& direction_G) {
    const int n = body->getNumDofs();
    std::vector<btScalar> row(static_cast<std::size_t>(n) + 6, 0.0);
    body->fillConstraintJacobianMultiDof(link, vec(p_G), btVector3(0, 0, 0), vec(direction_G), row.data(), r, v, m);
    return Eigen::Map<const Eigen::VectorXd>(row.data() + 6, n);
  }
};

}  // namespace

TEST_CASE("Bullet: forward dynamics inverts ours; mass matrix, Jacobian and poses agree on random states") {
  const Model model = cross::real_model();
  const int n = model.n_coord();
  Twin twin(model);
  REQUIRE(twin.body->getNumDofs() == n);
  std::mt19937 random(cross::kSeed);
  INFO("seed ", cross::kSeed);
  Kinematics kin;
  double pose = 0, dynamics = 0, mass = 0, jacobian = 0;
  for (int trial = 0; trial < cross::kStates; ++trial) {
    const cross::RandomState s = cross::draw(model, random, kin);
    InverseDynamics ours;
    inverse_dynamics(model, kin, s.external, ours);
    const CoordVec theirs = twin.accelerations(model, s, ours.tau);
    CoordMat M;
    mass_matrix(model, kin, M);
    dynamics = std::max(dynamics, cross::relative_difference(CoordVec(M * (theirs - s.a) + ours.tau), ours.tau));
    for (int i = 0; i < n; ++i) {
      const Vec3 com = vec(twin.body->getLink(i).m_cachedWorldTransform.getOrigin());
      pose = std::max(pose, (com - kin.X_GL[i] * twin.frame[i].X_LC.p).norm());
    }
    CoordMat inverse(n, n);
    for (int i = 0; i < n; ++i) inverse.col(i) = twin.inverse_mass_column(i);
    mass = std::max(mass, cross::relative_difference(inverse, CoordMat(M.llt().solve(CoordMat::Identity(n, n)))));
    const int foot = model.feet[kRight].link;
    const Vec3 p_G = point_G(kin, foot, s.p_point_L);
    Eigen::MatrixXd our_J = Eigen::MatrixXd::Zero(3, n), their_J(3, n);
    point_jacobian(model, kin, foot, p_G, our_J);
    for (int k = 0; k < 3; ++k) their_J.row(k) = twin.jacobian_row(foot, p_G, Vec3::Unit(k)).transpose();
    jacobian = std::max(jacobian, cross::relative_difference(our_J, their_J));
  }
  MESSAGE("largest differences: pose ", pose, " m, dynamics ", dynamics, ", inverse mass matrix ", mass, ", Jacobian ",
          jacobian);
  CHECK(pose < cross::kTolerance);
  CHECK(dynamics < cross::kTolerance);
  CHECK(mass < cross::kTolerance);
  CHECK(jacobian < cross::kTolerance);
}
