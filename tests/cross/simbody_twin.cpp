// Our tree with Simbody's pin and slider joints; bodies between the axes of one joint have no mass. Simbody turns about
// z and slides along x of its joint frames: a rotation A carries that axis onto ours, before the joint and back behind
// it,
//   X_PJ A Rot(z, q) A' = X_PJ Rot(axis, q).
#include "tests/cross/simbody_twin.h"

#include <Simbody.h>

namespace hipspine::cross {

namespace {

SimTK::Vec3 vec(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
Vec3 vec(const SimTK::Vec3& v) { return {v[0], v[1], v[2]}; }

SimTK::Transform transform(const Transform& X) {
  SimTK::Mat33 m;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) m(i, j) = X.R(i, j);
  return {SimTK::Rotation(m, true), vec(X.p)};
}

}  // namespace

struct SimbodyTwin::Impl {
  std::vector<TwinLink> links;
  double gravity_m_s2;
  SimTK::MultibodySystem system;
  SimTK::SimbodyMatterSubsystem matter{system};
  SimTK::GeneralForceSubsystem subsystem{system};
  SimTK::Force::DiscreteForces applied{subsystem, matter};
  std::vector<SimTK::MobilizedBodyIndex> body;
  SimTK::State state;

  Impl(const std::vector<TwinLink>& l, double g) : links(l), gravity_m_s2(g) {
    for (const TwinLink& link : links) {
      const Mat3& I = link.I_com_L;
      const SimTK::Inertia about_com(I(0, 0), I(1, 1), I(2, 2), I(0, 1), I(0, 2), I(1, 2));
      const SimTK::Inertia about_origin = about_com.shiftFromMassCenter(-vec(link.p_com_L), link.mass_kg);
      const SimTK::Body::Rigid rigid(SimTK::MassProperties(link.mass_kg, vec(link.p_com_L), about_origin));
      const Vec3 theirs = link.translation ? Vec3::UnitX() : Vec3::UnitZ();
      const Transform A{Eigen::Quaterniond::FromTwoVectors(theirs, link.axis_J).toRotationMatrix(), Vec3::Zero()};
      SimTK::MobilizedBody& parent =
          link.parent < 0 ? matter.updGround() : matter.updMobilizedBody(body[static_cast<std::size_t>(link.parent)]);
      const SimTK::Transform inboard = transform(link.X_PJ * A);
      if (link.translation) {
        body.push_back(SimTK::MobilizedBody::Slider(parent, inboard, rigid, transform(A)));
      } else {
        body.push_back(SimTK::MobilizedBody::Pin(parent, inboard, rigid, transform(A)));
      }
    }
    state = system.realizeTopology();
  }

  /// Gravity and outside forces on every body, about its origin.
  SimTK::Vector_<SimTK::SpatialVec> body_forces(const std::vector<TwinForce>& external) const {
    const SimTK::SpatialVec zero(SimTK::Vec3(0), SimTK::Vec3(0));
    SimTK::Vector_<SimTK::SpatialVec> forces(matter.getNumBodies(), zero);
    const auto push = [&](std::size_t link, const Vec3& force_G) {
      matter.addInStationForce(state, body[link], vec(links[link].p_com_L), vec(force_G), forces);
    };
    for (std::size_t i = 0; i < links.size(); ++i) {
      push(i, Vec3(0, -gravity_m_s2 * links[i].mass_kg, 0));
    }
    for (const TwinForce& each : external) {
      const auto link = static_cast<std::size_t>(each.link);
      push(link, each.force_G);
      matter.addInBodyTorque(state, body[link], vec(each.moment_G), forces);
    }
    return forces;
  }

  const SimTK::MobilizedBody& mobilized(std::size_t link) const { return matter.getMobilizedBody(body[link]); }
  int u(std::size_t i) const { return mobilized(i).getFirstUIndex(state); }
};

SimbodyTwin::SimbodyTwin(const std::vector<TwinLink>& links, double gravity_m_s2)
    : impl_(std::make_unique<Impl>(links, gravity_m_s2)) {}

SimbodyTwin::~SimbodyTwin() = default;

int SimbodyTwin::n_coord() const { return impl_->state.getNU(); }

void SimbodyTwin::set(const Eigen::VectorXd& q, const Eigen::VectorXd& v) {
  for (std::size_t i = 0; i < impl_->links.size(); ++i) {
    impl_->mobilized(i).setOneQ(impl_->state, 0, q[static_cast<Eigen::Index>(i)]);
    impl_->mobilized(i).setOneU(impl_->state, 0, v[static_cast<Eigen::Index>(i)]);
  }
  impl_->system.realize(impl_->state, SimTK::Stage::Velocity);
}

Transform SimbodyTwin::pose(int link) const {
  const SimTK::Transform& X = impl_->mobilized(static_cast<std::size_t>(link)).getBodyTransform(impl_->state);
  Transform ours;
  for (int j = 0; j < 3; ++j) ours.R.col(j) = vec(SimTK::Vec3(X.R().asMat33().col(j)));
  ours.p = vec(X.p());
  return ours;
}

Eigen::VectorXd SimbodyTwin::inverse_dynamics(const Eigen::VectorXd& a, const std::vector<TwinForce>& external) const {
  const SimTK::Vector_<SimTK::SpatialVec> forces = impl_->body_forces(external);
  const int n = n_coord();
  SimTK::Vector known(n), residual(n);
  for (int i = 0; i < n; ++i) known[impl_->u(static_cast<std::size_t>(i))] = a[i];
  impl_->matter.calcResidualForceIgnoringConstraints(impl_->state, SimTK::Vector(), forces, known, residual);
  Eigen::VectorXd tau(n);
  for (int i = 0; i < n; ++i) tau[i] = residual[impl_->u(static_cast<std::size_t>(i))];
  return tau;
}

Eigen::VectorXd SimbodyTwin::forward_dynamics(const Eigen::VectorXd& tau, const std::vector<TwinForce>& external) {
  const int n = n_coord();
  SimTK::Vector mobility(n);
  for (int i = 0; i < n; ++i) mobility[impl_->u(static_cast<std::size_t>(i))] = tau[i];
  impl_->applied.setAllMobilityForces(impl_->state, mobility);
  impl_->applied.setAllBodyForces(impl_->state, impl_->body_forces(external));
  impl_->system.realize(impl_->state, SimTK::Stage::Acceleration);
  Eigen::VectorXd a(n);
  for (int i = 0; i < n; ++i) a[i] = impl_->state.getUDot()[impl_->u(static_cast<std::size_t>(i))];
  return a;
}

std::vector<Vec6> SimbodyTwin::reactions() const {
  SimTK::Vector_<SimTK::SpatialVec> at_joint;
  impl_->matter.calcMobilizerReactionForces(impl_->state, at_joint);
  std::vector<Vec6> out;
  for (std::size_t i = 0; i < impl_->links.size(); ++i) {
    const SimTK::SpatialVec& f = at_joint[impl_->body[i]];
    const Vec3 force = vec(f[1]);
    Vec6 wrench;
    wrench << vec(f[0]) + pose(static_cast<int>(i)).p.cross(force), force;
    out.push_back(wrench);
  }
  return out;
}

Eigen::MatrixXd SimbodyTwin::mass_matrix() const {
  const int n = n_coord();
  SimTK::Matrix theirs;
  impl_->matter.calcM(impl_->state, theirs);
  Eigen::MatrixXd M(n, n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      M(i, j) = theirs(impl_->u(static_cast<std::size_t>(i)), impl_->u(static_cast<std::size_t>(j)));
    }
  return M;
}

Eigen::MatrixXd SimbodyTwin::point_jacobian(int link, const Vec3& p_L) const {
  SimTK::RowVector_<SimTK::Vec3> theirs;
  impl_->matter.calcStationJacobian(impl_->state, impl_->body[static_cast<std::size_t>(link)], vec(p_L), theirs);
  Eigen::MatrixXd J(3, n_coord());
  for (int i = 0; i < J.cols(); ++i) J.col(i) = vec(theirs[impl_->u(static_cast<std::size_t>(i))]);
  return J;
}

}  // namespace hipspine::cross
