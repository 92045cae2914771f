/// One tick of length T holds steps of 0.25 ms of the plant.
///   activation   da/dt = (e - a) / tau,  tau = 15 ms when e > a, 50 ms else [thelen2003; chosen: not scaled by a, so
///   that a whole tick has one solution]   a(t) = e + (a0 - e) exp(-t/tau),  mean over H = a0 + phi (e - a0),
///   phi = 1 - tau/H (1 - exp(-H/tau)): what the mean over the horizon H can reach bounds the program, and its
///   answer gives e                                                                                               (1)
///   step         tau_total = passive(q, v) + P a(t) - D (v - v0) + J' f_contact(q, v) + residual + push,
///   then Bullet                                                                                                  (2)
/// Paths, Hill curves (P) and their slope against speed (D) are those of the tick's start. The tension that is told is
/// the mean of what acted: passive + a active - a0 d l'(v - v0), with d of D and l' the muscle's rate of lengthening.
#include "sim/run/forward_body.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "sim/core/limp.h"
#include "sim/core/units.h"
#include "sim/muscle/hill_muscle.h"

namespace hipspine {
namespace {

constexpr double kStep_s = 0.00025;                               // chosen: the damped contact needs it
constexpr double kActivation_s = 0.015, kDeactivation_s = 0.050;  // source thelen2003, young adults
constexpr double kLowestPelvis = 0.75;      // chosen: of the planned height, below it the body has fallen
constexpr double kFurthestCapture_m = 0.6;  // chosen: no step brings that back
constexpr double kFastest_rad_s = 100;      // chosen: no joint of a living body turns like that

/// Share of the way to the excitation that the mean over a horizon goes.
double mean_share(bool rising, double horizon_s) {
  const double tau_s = rising ? kActivation_s : kDeactivation_s;
  return 1 + tau_s / horizon_s * std::expm1(-horizon_s / tau_s);
}

Model heavier(Model model, double factor) {
  for (LinkInertia& l : model.link_inertia) l.mass_kg *= factor, l.I_com_L *= factor;
  return model;
}

}  // namespace

CycleMotion motion_of(const CycleResult& result) {
  CycleMotion m;
  const Plan& plan = result.plan;
  m.period_s = plan.period_s;
  m.stride_m = plan.stride_length_m;
  m.limp = plan.limp;
  m.toe_off = limping_phase(plan.toe_off_pct[kRight] / 100, plan.limp);
  m.standing = result.scenario.task != "walk";
  m.q = plan.q;
  m.v = plan.v;
  m.a = plan.a;
  m.activation.resize(result.model->n_muscle(), kCyclePoints);
  for (int k = 0; k < kCyclePoints; ++k) m.activation.col(k) = result.frames[k].activation;
  for (int side : {kRight, kLeft}) {
    m.force_G[side] = plan.ground[side].force_G;
    place_from_pressure(*result.model, side, plan.ground[side].cop_G, m);
  }
  lift_over_ground(*result.model, m);
  return m;
}

CycleMotion blended(const CycleMotion& a, const CycleMotion& b, double part) {
  CycleMotion m = a;
  const auto mix = [&](auto& out, const auto& other) { out = ((1 - part) * out + part * other).eval(); };
  m.period_s += part * (b.period_s - a.period_s);
  m.stride_m += part * (b.stride_m - a.stride_m);
  m.toe_off += part * (b.toe_off - a.toe_off);
  m.limp += part * (b.limp - a.limp);
  mix(m.q, b.q), mix(m.activation, b.activation);
  // Over the phase, so that velocity and acceleration are those of the blended angles.
  const double Ta = a.period_s / m.period_s, Tb = b.period_s / m.period_s;
  m.v = (1 - part) * Ta * a.v + part * Tb * b.v;
  m.a = (1 - part) * Ta * Ta * a.a + part * Tb * Tb * b.a;
  for (int side : {kRight, kLeft}) {
    mix(m.force_G[side], b.force_G[side]), mix(m.place[side], b.place[side]);
    m.lift_m[side] += part * (b.lift_m[side] - a.lift_m[side]);
  }
  return m;
}

struct ForwardBody::Impl {
  const LoadModel& loads;
  double hidden_strength;
  int pelvis;  ///< link
  PassiveTorque passive;
  BulletPlant plant;
  Controller controller;
  Kinematics kin;
  int feet_end;  ///< links up to the feet: the legs come first in the tree
  MuscleGeometry geometry;
  MuscleDrive drive;
  Eigen::VectorXd strength;
  Eigen::MatrixXd scaled;
  Eigen::VectorXd decay, passive_n, active_n, damping_n_s_m, a0, a, e, next, mean;
  CoordVec tau;

  Impl(const LoadModel& l, const ControllerGains& gains, const ForwardMismatch& mismatch)
      : loads(l),
        hidden_strength(mismatch.strength),
        pelvis(l.model.bodies[l.model.body("pelvis")].link),
        passive{l.model, l.hip, l.lumbar, l.limits},
        plant(heavier(l.model, mismatch.mass)),
        controller(l.model, passive, gains),
        feet_end(1 + std::max(l.model.feet[kRight].link, l.model.feet[kLeft].link)),
        strength(Eigen::VectorXd::Ones(l.model.n_muscle())) {}
};

ForwardBody::ForwardBody(const LoadModel& loads, const ControllerGains& gains, const ForwardMismatch& mismatch)
    : impl_(std::make_unique<Impl>(loads, gains, mismatch)) {
  state_.contact = FootContact(loads.model);
}
ForwardBody::~ForwardBody() = default;

void ForwardBody::start(const CycleMotion& motion, double phase) {
  motion_ = &motion;
  Impl& i = *impl_;
  i.controller.set_motion(motion);
  i.controller.start(phase);
  state_.contact = FootContact(i.loads.model);
  state_.phase = phase;
  state_.plant.time_s = 0;
  CoordVec a;
  motion_at(motion, phase, state_.plant.q, state_.plant.v, a);
  planned_activation(motion, phase, state_.activation);
  state_.controller = i.controller.state();
  update_position(i.loads.model, state_.plant.q, i.kin);
  update_velocity(i.loads.model, state_.plant.v, i.kin);
  state_.contact.update(i.kin, 0);
}

void ForwardBody::disturb(unsigned seed) {
  const Model& model = impl_->loads.model;
  std::mt19937 random(seed);
  // Uniform over three standard deviations' width: the same numbers from every standard library.
  const auto draw = [&](double sd) {
    return std::sqrt(12.0) * sd * (static_cast<double>(random()) / 4294967295.0 - 0.5);
  };
  for (int c = 0; c < model.n_coord(); ++c) {
    const bool slides = model.coordinates[c].translation;
    if (!slides) state_.plant.q[c] += draw(rad_from_deg(1));
    state_.plant.v[c] += draw(slides ? 0.03 : rad_from_deg(5));
  }
}

void ForwardBody::follow(const CycleMotion& motion) {
  motion_ = &motion;
  impl_->controller.set_motion(motion);
}

void ForwardBody::set_limits(const std::array<HipLimits, 2>& limits) { impl_->passive.limits = limits; }
void ForwardBody::set_strength(const Eigen::VectorXd& factor) {
  HIPSPINE_DEMAND(factor.size() == impl_->strength.size());
  impl_->strength = factor;
}
void ForwardBody::set_gains(const ControllerGains& gains) { impl_->controller.set_gains(gains); }
void ForwardBody::set_gravity(double gravity_m_s2) {
  impl_->plant.set_gravity(gravity_m_s2);
  impl_->controller.set_gravity(gravity_m_s2);
}
void ForwardBody::restore(const ForwardState& state) {
  state_ = state;
  impl_->controller.restore(state.controller);
}
double ForwardBody::tick_s() const { return impl_->controller.gains().tick_s; }

const ForwardTick& ForwardBody::tick() {
  Impl& s = *impl_;
  const Model& model = s.loads.model;
  const int n = model.n_coord(), muscles = model.n_muscle();
  const double tick_s = this->tick_s();
  const double horizon_s = s.controller.gains().horizon_s;
  const double rising = mean_share(true, horizon_s), falling = mean_share(false, horizon_s);
  const int steps = std::max(1, static_cast<int>(std::lround(tick_s / kStep_s)));
  const double dt = tick_s / steps;
  CoordVec& q = state_.plant.q;
  CoordVec& v = state_.plant.v;
  update_position(model, q, s.kin);
  update_velocity(model, v, s.kin);

  muscle_geometry(s.loads.paths, s.kin, s.geometry);
  s.drive.pull.resize(n, muscles);
  s.drive.low.resize(muscles), s.drive.high.resize(muscles);
  s.damping_n_s_m.resize(muscles), s.active_n.resize(muscles), s.passive_n.resize(muscles);
  for (int m = 0; m < muscles; ++m) {
    const Muscle& muscle = model.muscles[m];
    const MuscleCapacity c = muscle_capacity(muscle, s.geometry.length_m[m], -s.geometry.arm_m.col(m).dot(v));
    s.active_n[m] = s.strength[m] * c.active_n;
    s.passive_n[m] = c.passive_n;
    s.damping_n_s_m[m] = s.strength[m] * c.damping_n_s_m;
    s.drive.pull.col(m) = s.active_n[m] * s.geometry.arm_m.col(m);
    const double a = state_.activation[m], least = std::min(a, muscle.activation_min);
    s.drive.low[m] = a + falling * (least - a);
    s.drive.high[m] = a + rising * (1 - a);
  }
  if (s.drive.crosses.cols() != muscles) s.drive.crosses = crossed_parts(model, s.loads.paths);
  s.scaled = s.geometry.arm_m * state_.activation.cwiseProduct(s.damping_n_s_m).cwiseSqrt().asDiagonal();
  s.drive.damping.setZero(n, n);
  s.drive.damping.selfadjointView<Eigen::Lower>().rankUpdate(s.scaled);
  s.drive.damping.triangularView<Eigen::StrictlyUpper>() = s.drive.damping.transpose();
  s.drive.passive.noalias() = s.geometry.arm_m * s.passive_n;
  s.controller.tick(state_.phase, q, v, s.kin, state_.contact.forces(), s.drive, tick_.control);

  s.a0 = state_.activation;
  s.e.resize(muscles), s.decay.resize(muscles);
  for (int m = 0; m < muscles; ++m) {
    const double wanted = tick_.control.activation[m], a = s.a0[m];
    const bool up = wanted > a;
    s.e[m] = std::clamp(a + (wanted - a) / (up ? rising : falling), 0.0, 1.0);
    s.decay[m] = std::exp(-dt / (up ? kActivation_s : kDeactivation_s));
  }
  tick_.ground_G = {Vec6::Zero(), Vec6::Zero()};
  const CoordVec q0 = q, v0 = v;
  CoordVec slowed = CoordVec::Zero(n);  // mean of v - v0
  tick_.activation.setZero(muscles);
  s.a = s.a0;
  for (int k = 0; k < steps; ++k) {
    if (k > 0) {
      update_position(model, q, s.kin, s.feet_end);  // contact needs no more than the legs
      update_velocity(model, v, s.kin, s.feet_end);
    }
    const auto& contact = state_.contact.update(s.kin, dt);
    s.passive.evaluate(q, v, s.tau);
    for (size_t r = 0; r < s.passive.muscleless.size(); ++r)
      s.tau[s.passive.muscleless[r]] += tick_.control.reserve_nm[static_cast<Eigen::Index>(r)];
    s.next = s.e + (s.a - s.e).cwiseProduct(s.decay);
    s.mean = 0.5 * (s.a + s.next);
    s.a.swap(s.next);
    s.tau += s.drive.passive;
    s.tau.noalias() += s.drive.pull * (s.hidden_strength * s.mean);
    s.tau.noalias() -= s.drive.damping * (s.hidden_strength * (v - v0));
    slowed += (v - v0) / steps;
    tick_.activation += s.mean / steps;
    for (int c = 0; c < 6; ++c) s.tau[c] += tick_.control.residual[c];
    for (int side : {kRight, kLeft}) {
      Vec6 w = Vec6::Zero();
      for (int p = 0; p < kFootSpheres; ++p) {
        const ContactForce& f = contact[side * kFootSpheres + p];
        w.head<3>() += f.p_G.cross(f.force_n);
        w.tail<3>() += f.force_n;
      }
      tick_.ground_G[side] += w / steps;
      for (int c = model.feet[side].link; c >= 0; c = model.coordinates[c].parent) s.tau[c] += s.kin.S_G[c].dot(w);
    }
    if (!push_G_.isZero()) {
      Vec6 w;
      w << s.kin.X_GL[s.pelvis].p.cross(push_G_), push_G_;
      for (int c = s.pelvis; c >= 0; c = model.coordinates[c].parent) s.tau[c] += s.kin.S_G[c].dot(w);
    }
    s.plant.set_state(state_.plant);
    s.plant.step(s.tau, dt);
    state_.plant = s.plant.state();
  }
  tick_.force_n = tick_.activation.cwiseProduct(s.active_n);
  tick_.force_n -= s.a0.cwiseProduct(s.damping_n_s_m).cwiseProduct(s.geometry.arm_m.transpose() * slowed);
  tick_.force_n = s.passive_n + s.hidden_strength * tick_.force_n;
  tick_.q = 0.5 * (q0 + q);
  tick_.v = (q - q0) / tick_s;
  tick_.a = (v - v0) / tick_s;
  tick_.phase = state_.phase + 0.5 * tick_s / motion_->period_s;
  state_.controller = s.controller.state();
  state_.activation = s.a;
  state_.phase += tick_s / motion_->period_s;
  return tick_;
}

bool ForwardBody::fallen() const {
  if (!state_.plant.q.allFinite() || !state_.plant.v.allFinite()) return true;
  if (tick_.control.q_ref.size() == 0) return false;
  return state_.plant.v.cwiseAbs().maxCoeff() > kFastest_rad_s ||
         state_.plant.q[1] < kLowestPelvis * tick_.control.q_ref[1] ||
         tick_.control.capture_error_m > kFurthestCapture_m;
}

}  // namespace hipspine
