/// Set-up of the multibody (each point is pinned by a test in tests/plant or tests/cross): damping 0 (the default takes
/// half of the energy in two seconds), no clamp on rates, gyroscopic term on, velocities local, no world: gravity is
/// added here, and forces are cleared here. Bullet wants every link's frame at its centre of mass along its principal
/// axes; `Principal` is that frame in ours. Joint accelerations stand behind the solver's own scratch and six numbers
/// of the fixed base.
#include "sim/plant/bullet_plant.h"

#include <BulletDynamics/Featherstone/btMultiBody.h>

#include <Eigen/Eigenvalues>
#include <vector>

#include "sim/core/units.h"

static_assert(sizeof(btScalar) == 8, "the double precision build of Bullet is needed");

namespace hipspine {
namespace {

constexpr int kBaseDofs = 6;

btVector3 bt(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
Vec3 vec(const btVector3& v) { return {v.x(), v.y(), v.z()}; }

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

}  // namespace

struct BulletPlant::Impl {
  std::vector<Principal> frame;
  std::vector<double> mass_kg;
  std::unique_ptr<btMultiBody> body;
  mutable btAlignedObjectArray<btScalar> r;
  mutable btAlignedObjectArray<btVector3> v;
  mutable btAlignedObjectArray<btMatrix3x3> m;
  mutable btAlignedObjectArray<btQuaternion> to_local;
  mutable btAlignedObjectArray<btVector3> origin;
  CoordVec a;

  explicit Impl(const Model& model) {
    const int n = model.n_coord();
    for (const LinkInertia& link : model.link_inertia) {
      frame.push_back(principal(link));
      mass_kg.push_back(link.mass_kg);
    }
    body = std::make_unique<btMultiBody>(n, 0.0, btVector3(0, 0, 0), true, false);
    for (int i = 0; i < n; ++i) {
      const Coordinate& c = model.coordinates[i];
      const Transform X_LC = frame[i].X_LC;
      const Transform X_PC = c.parent < 0 ? Transform{} : frame[c.parent].X_LC;
      const Transform X_CJ = X_PC.inverse() * c.X_PJ;  // joint in the parent's principal frame
      const Eigen::Quaterniond q((X_CJ.R * X_LC.R).transpose());
      const btQuaternion turned(q.x(), q.y(), q.z(), q.w());
      const btVector3 axis = bt(Vec3(X_LC.R.transpose() * c.axis_J));
      const btVector3 to_com = bt(Vec3(X_LC.R.transpose() * X_LC.p));
      if (c.translation) {
        body->setupPrismatic(i, mass_kg[i], bt(frame[i].inertia), c.parent, turned, axis, bt(X_CJ.p), to_com, true);
      } else {
        body->setupRevolute(i, mass_kg[i], bt(frame[i].inertia), c.parent, turned, axis, bt(X_CJ.p), to_com, true);
      }
    }
    body->finalizeMultiDof();
    body->setLinearDamping(0);
    body->setAngularDamping(0);
    body->setMaxCoordinateVelocity(1e30);
    body->setMaxAppliedImpulse(1e30);
    body->setUseGyroTerm(true);
    body->useGlobalVelocities(false);
    body->setHasSelfCollision(false);
    body->setCanSleep(false);
    a.setZero(n);
  }
};

BulletPlant::BulletPlant(const Model& model) : impl_(std::make_unique<Impl>(model)), gravity_m_s2_(kGravity_m_s2) {
  state_.q = CoordVec::Zero(model.n_coord());
  state_.v = CoordVec::Zero(model.n_coord());
}

BulletPlant::~BulletPlant() = default;
BulletPlant::BulletPlant(BulletPlant&&) noexcept = default;

const CoordVec& BulletPlant::accelerations(const CoordVec& tau) {
  btMultiBody& body = *impl_->body;
  const int n = body.getNumDofs();
  body.clearForcesAndTorques();
  for (int i = 0; i < n; ++i) {
    body.setJointPos(i, state_.q[i]);
    body.setJointVel(i, state_.v[i]);
    if (impl_->mass_kg[i] > 0) body.addLinkForce(i, btVector3(0, -gravity_m_s2_ * impl_->mass_kg[i], 0));
    body.addJointTorque(i, tau[i]);
  }
  body.computeAccelerationsArticulatedBodyAlgorithmMultiDof(0, impl_->r, impl_->v, impl_->m, false, false, false);
  for (int i = 0; i < n; ++i) impl_->a[i] = impl_->r[n + kBaseDofs + i];
  return impl_->a;
}

void BulletPlant::step(const CoordVec& tau, double dt_s) {
  state_.v += dt_s * accelerations(tau);
  state_.q += dt_s * state_.v;
  state_.time_s += dt_s;
}

Transform BulletPlant::link_pose(int link) const {
  for (int i = 0; i < impl_->body->getNumDofs(); ++i) impl_->body->setJointPos(i, state_.q[i]);
  impl_->body->forwardKinematics(impl_->to_local, impl_->origin);
  const btTransform& x = impl_->body->getLink(link).m_cachedWorldTransform;
  Transform X_GC;
  for (int i = 0; i < 3; ++i) X_GC.R.row(i) = vec(x.getBasis().getRow(i)).transpose();
  X_GC.p = vec(x.getOrigin());
  return X_GC * impl_->frame[link].X_LC.inverse();
}

CoordVec BulletPlant::inverse_mass_column(int i) const {
  const int n = impl_->body->getNumDofs();
  std::vector<btScalar> force(static_cast<std::size_t>(n + kBaseDofs), 0.0), out(force);
  force[static_cast<std::size_t>(i + kBaseDofs)] = 1;
  impl_->body->calcAccelerationDeltasMultiDof(force.data(), out.data(), impl_->r, impl_->v);
  return Eigen::Map<const Eigen::VectorXd>(out.data() + kBaseDofs, n);
}

CoordVec BulletPlant::jacobian_row(int link, const Vec3& p_G, const Vec3& direction_G) const {
  const int n = impl_->body->getNumDofs();
  std::vector<btScalar> row(static_cast<std::size_t>(n + kBaseDofs), 0.0);
  impl_->body->fillConstraintJacobianMultiDof(link, bt(p_G), btVector3(0, 0, 0), bt(direction_G), row.data(), impl_->r,
                                              impl_->v, impl_->m);
  return Eigen::Map<const Eigen::VectorXd>(row.data() + kBaseDofs, n);
}

}  // namespace hipspine
