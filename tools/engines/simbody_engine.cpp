// The tree in Simbody: free, ball, pin and slider mobilizers; links of several single axes need massless bodies between
// them. Semi-explicit Euler at a fixed step. Contact: smooth Hunt-Crossley spheres on a half space, the cheapest that
// Simbody has, as stiff as ours at the load of a standing foot.
#include <Simbody.h>

#include <cmath>

#include "tools/engines/engine.h"

namespace hipspine::engines {
namespace {

SimTK::Vec3 vec(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
Vec3 vec(const SimTK::Vec3& v) { return {v[0], v[1], v[2]}; }

SimTK::Rotation rotation(const Mat3& R) {
  SimTK::Mat33 m;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) m(i, j) = R(i, j);
  return {m, true};
}

SimTK::Transform transform(const Transform& X) { return {rotation(X.R), vec(X.p)}; }

/// Springs of all joints but the base.
class Springs final : public SimTK::Force::Custom::Implementation {
 public:
  struct Place {
    SimTK::MobilizedBodyIndex body;
    bool ball;
  };
  Springs(const SimTK::SimbodyMatterSubsystem& matter, const std::vector<Place>& places, const Tree& tree,
          const bool& on)
      : matter_(matter), places_(places), spring_(tree.spring_nm_rad), damper_(tree.damper_nms_rad), on_(on) {}
  void calcForce(const SimTK::State& s, SimTK::Vector_<SimTK::SpatialVec>&, SimTK::Vector_<SimTK::Vec3>&,
                 SimTK::Vector& forces) const override {
    if (!on_) return;
    const SimTK::Vector &q = s.getQ(), &u = s.getU();
    for (const Place& place : places_) {
      const SimTK::MobilizedBody& body = matter_.getMobilizedBody(place.body);
      const int iq = body.getFirstQIndex(s), iu = body.getFirstUIndex(s);
      if (place.ball) {
        const double twice = q[iq] < 0 ? -2 : 2;  // small turns: the rotation vector is twice the vector part
        for (int k = 0; k < 3; ++k) forces[iu + k] += -spring_ * twice * q[iq + 1 + k] - damper_ * u[iu + k];
      } else {
        forces[iu] += -spring_ * q[iq] - damper_ * u[iu];
      }
    }
  }
  SimTK::Real calcPotentialEnergy(const SimTK::State&) const override { return 0; }

 private:
  const SimTK::SimbodyMatterSubsystem& matter_;
  const std::vector<Place>& places_;
  double spring_, damper_;
  const bool& on_;
};

class Simbody final : public Engine {
 public:
  explicit Simbody(const Tree& tree) : tree_(tree) {
    for (const Link& link : tree.links) add(link);
    SimTK::Force::UniformGravity(forces_, matter_, SimTK::Vec3(0, -tree.gravity_m_s2, 0));
    SimTK::Force::Custom(forces_, new Springs(matter_, places_, tree_, springs_on_));
    for (const Sphere& sphere : tree.spheres) {
      SimTK::SmoothSphereHalfSpaceForce contact(forces_);
      contact.setContactSphereBody(matter_.updMobilizedBody(body_[sphere.link]));
      contact.setContactSphereLocationInBody(vec(sphere.centre_L));
      contact.setContactSphereRadius(sphere.radius_m);
      contact.setContactHalfSpaceBody(matter_.updGround());
      contact.setContactHalfSpaceFrame(SimTK::Transform(SimTK::Rotation(-0.5 * SimTK::Pi, SimTK::ZAxis)));
      // F = 4/3 sqrt(R) k^(3/2) x^(3/2), k = E^(2/3) / 2
      const double modulus = tree.load_n / (4.0 / 3.0 * std::sqrt(sphere.radius_m) * std::pow(0.5 * tree.depth_m, 1.5));
      contact.setStiffness(modulus);
      contact.setDissipation(tree.damping_s_m / 1.5);  // it takes 3/2 c v
      contact.setStaticFriction(tree.friction);
      contact.setDynamicFriction(tree.friction);
      contact.setViscousFriction(0);
      contact.setTransitionVelocity(tree.friction * tree.load_n / tree.tangent_damping_n_s_m);
    }
    start_ = system_.realizeTopology();
  }

  void set(const State& s) override {
    state_ = start_;
    for (std::size_t i = 0; i < tree_.links.size(); ++i) {
      const Link& link = tree_.links[i];
      const SimTK::MobilizedBody& body = matter_.getMobilizedBody(body_[i]);
      if (link.joint == Joint::axes) {
        for (std::size_t k = 0; k < link.axes.size(); ++k) {
          const SimTK::MobilizedBody& axis =
              matter_.getMobilizedBody(SimTK::MobilizedBodyIndex(first_[i] + static_cast<int>(k)));
          axis.setOneQ(state_, 0, s.q[link.axes[k].coordinate]);
          axis.setOneU(state_, 0, s.v[link.axes[k].coordinate]);
        }
        continue;
      }
      Transform X = s.X_GL[i];
      Vec3 omega = s.V_G[i].head<3>();
      const Vec3 v_origin = s.V_G[i].tail<3>() + omega.cross(X.p);
      if (link.joint == Joint::ball) {
        const auto parent = static_cast<std::size_t>(link.parent);
        const Transform X_F = s.X_GL[parent] * link.X_PL;
        X = X_F.inverse() * X;
        omega = X_F.R.transpose() * (omega - s.V_G[parent].head<3>());
      }
      body.setQToFitRotation(state_, rotation(X.R));
      if (link.joint == Joint::free) body.setQToFitTranslation(state_, vec(X.p));
      body.setUToFitAngularVelocity(state_, vec(omega));
      if (link.joint == Joint::free) body.setUToFitLinearVelocity(state_, vec(v_origin));
    }
  }

  std::vector<Vec6> accelerations() override {
    springs_on_ = false;
    state_.invalidateAll(SimTK::Stage::Instance);
    system_.realize(state_, SimTK::Stage::Acceleration);
    springs_on_ = true;
    return of_links([this](const SimTK::MobilizedBody& b) { return b.getBodyAcceleration(state_); });
  }

  std::vector<Vec6> velocities() override {
    system_.realize(state_, SimTK::Stage::Velocity);
    return of_links([this](const SimTK::MobilizedBody& b) { return b.getBodyVelocity(state_); });
  }

  void run(int steps, double dt_s) override {
    SimTK::SemiExplicitEulerIntegrator integrator(system_, dt_s);
    integrator.initialize(state_);
    const double end_s = state_.getTime() + steps * dt_s;
    while (integrator.getTime() < end_s - 0.5 * dt_s) integrator.stepTo(end_s);
    state_ = integrator.getState();
  }

 private:
  template <class Read>
  std::vector<Vec6> of_links(const Read& read) const {
    std::vector<Vec6> out(body_.size());
    for (std::size_t i = 0; i < body_.size(); ++i) {
      const SimTK::SpatialVec x = read(matter_.getMobilizedBody(body_[i]));
      out[i] << vec(x[0]), vec(x[1]);
    }
    return out;
  }

  void add(const Link& link) {
    const Mat3& I = link.I_com_L;
    const SimTK::Inertia about_com(I(0, 0), I(1, 1), I(2, 2), I(0, 1), I(0, 2), I(1, 2));
    const SimTK::Inertia about_origin = about_com.shiftFromMassCenter(-vec(link.p_com_L), link.mass_kg);
    const SimTK::Body::Rigid rigid(SimTK::MassProperties(link.mass_kg, vec(link.p_com_L), about_origin));
    const SimTK::Body massless = SimTK::Body::Massless();
    SimTK::MobilizedBodyIndex parent = link.parent < 0 ? SimTK::GroundIndex : body_[link.parent];
    SimTK::Transform before = transform(link.X_PL);
    const SimTK::Transform none;
    if (link.joint == Joint::free) {
      parent = SimTK::MobilizedBody::Free(matter_.updMobilizedBody(parent), before, rigid, none);
      first_.push_back(parent);
    } else if (link.joint == Joint::ball) {
      parent = SimTK::MobilizedBody::Ball(matter_.updMobilizedBody(parent), before, rigid, none);
      first_.push_back(parent);
      places_.push_back({parent, true});
    } else {
      for (std::size_t k = 0; k < link.axes.size(); ++k) {
        const Axis& a = link.axes[k];
        const Vec3 theirs = a.slide ? Vec3::UnitX() : Vec3::UnitZ();
        const SimTK::Transform A =
            transform({Eigen::Quaterniond::FromTwoVectors(theirs, a.axis_L).toRotationMatrix(), a.point_L});
        const SimTK::Body& carried = k + 1 == link.axes.size() ? static_cast<const SimTK::Body&>(rigid) : massless;
        SimTK::MobilizedBody& below = matter_.updMobilizedBody(parent);
        if (a.slide) {
          parent = SimTK::MobilizedBody::Slider(below, before * A, carried, A);
        } else {
          parent = SimTK::MobilizedBody::Pin(below, before * A, carried, A);
        }
        before = none;
        if (k == 0) first_.push_back(parent);
        places_.push_back({parent, false});
      }
    }
    body_.push_back(parent);
  }

  const Tree tree_;
  SimTK::MultibodySystem system_;
  SimTK::SimbodyMatterSubsystem matter_{system_};
  SimTK::GeneralForceSubsystem forces_{system_};
  std::vector<SimTK::MobilizedBodyIndex> body_;   ///< that carries each link
  std::vector<SimTK::MobilizedBodyIndex> first_;  ///< of each link's axes
  std::vector<Springs::Place> places_;
  bool springs_on_ = true;
  SimTK::State start_, state_;
};

}  // namespace

std::unique_ptr<Engine> simbody(const Tree& tree) { return std::make_unique<Simbody>(tree); }

}  // namespace hipspine::engines
