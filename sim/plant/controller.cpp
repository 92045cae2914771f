/// The whole-body program of one tick; unknowns x = (joint moments, sphere forces by pyramid edge, pelvis residual).
///   qdd = M^-1 (S tau + J' f + r + tau_passive - h) = B x + free                                            (1)
///   min sum_i w_i |A_i qdd + bias_i - a_i*|^2 + x' price x,  low <= x <= high                                (2)
/// with (1) in (2) this is a quadratic program with bounds only, H = G'G + price (box_qp.h).
#include "sim/plant/controller.h"

#include <algorithm>
#include <cmath>

#include "sim/core/document.h"
#include "sim/core/units.h"
#include "sim/mechanics/inverse_dynamics.h"
#include "sim/mechanics/mass_matrix.h"

namespace hipspine {
namespace {

constexpr double kFriction = 0.6;        // chosen: below the contact's 0.8, so that planned forces can be had
constexpr double kSphereMost_n = 2400;   // per pyramid edge
constexpr double kForceUnit_n = 300;     // scale of the contact price
constexpr double kUsableGap_m = 0.004;   // chosen: a sphere this near to the floor may be planned with
constexpr double kPlannedGap_m = 0.006;  // chosen: and so near in the motion, so that a heel may rise when it should
constexpr double kTouch_n = 30;          // chosen: force that counts as touching
constexpr double kEarliestTouch = 0.90;  // chosen: of the foot's cycle
constexpr double kReleaseAfter = 0.015;  // chosen: after the planned toe-off
constexpr double kCarry = 0.14;          // chosen: of the cycle; the motion follows a footfall within double support
constexpr double kPlaceFrom = 0.62, kPlaceTo = 0.92;           // chosen: when foot placement fades in
constexpr double kPlaceForward_m = 0.15, kPlaceSide_m = 0.10;  // chosen: its bounds
constexpr double kMomentArm_bw_m = 1.7;                        // residual moment limit over force limit [m]

double fade(double from, double to, double x) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * t * (10 + t * (-15 + 6 * t));
}

/// Small rotation from R to R_ref, in ground.
Vec3 turn_to(const Mat3& R_ref, const Mat3& R) {
  const Mat3 E = R_ref * R.transpose();
  return 0.5 * Vec3(E(2, 1) - E(1, 2), E(0, 2) - E(2, 0), E(1, 0) - E(0, 1));
}

struct PointMotion {
  Vec3 p, v, a;
};

PointMotion point_motion(const Kinematics& kin, int link, const Vec3& p_G) {
  const Vec3 w = kin.V_G[link].head<3>(), v = kin.V_G[link].tail<3>() + w.cross(p_G);
  return {p_G, v, kin.A_G[link].tail<3>() + kin.A_G[link].head<3>().cross(p_G) + w.cross(v)};
}

Vec3 sole_middle(const Foot& foot) { return (foot.sole_L[0] + 0.5 * (foot.sole_L[1] + foot.sole_L[2])) / 2; }

PointMotion centre_of_mass(const Model& model, const Kinematics& kin) {
  PointMotion c{Vec3::Zero(), Vec3::Zero(), Vec3::Zero()};
  double mass = 0;
  for (int i = 0; i < model.n_coord(); ++i) {
    const LinkInertia& link = model.link_inertia[i];
    if (link.mass_kg == 0) continue;
    const PointMotion m = point_motion(kin, i, kin.X_GL[i] * link.p_com_L);
    c.p += link.mass_kg * m.p;
    c.v += link.mass_kg * m.v;
    c.a += link.mass_kg * m.a;
    mass += link.mass_kg;
  }
  return {c.p / mass, c.v / mass, c.a / mass};
}

}  // namespace

ControllerGains load_controller(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  ControllerGains g;
  Document document = Document::load(folder / "controller.toml", diagnostics);
  Table t = document.root();
  t.texts("source", false);
  const struct {
    const char* key;
    double ControllerGains::*field;
    Range range;
  } keys[] = {{"tick_s", &ControllerGains::tick_s, {5e-4, 5e-3}},
              {"joints_w", &ControllerGains::joints_w, {0, 1e4}},
              {"joints_kp", &ControllerGains::joints_kp, {0, 1e4}},
              {"pelvis_w", &ControllerGains::pelvis_w, {0, 1e4}},
              {"pelvis_kp", &ControllerGains::pelvis_kp, {0, 1e4}},
              {"thorax_w", &ControllerGains::thorax_w, {0, 1e4}},
              {"thorax_kp", &ControllerGains::thorax_kp, {0, 1e4}},
              {"com_w", &ControllerGains::com_w, {0, 1e4}},
              {"com_kp", &ControllerGains::com_kp, {0, 1e4}},
              {"com_kd", &ControllerGains::com_kd, {0, 1e3}},
              {"height_w", &ControllerGains::height_w, {0, 1e4}},
              {"height_kp", &ControllerGains::height_kp, {0, 1e4}},
              {"loaded_w", &ControllerGains::loaded_w, {0, 1e4}},
              {"loaded_kd", &ControllerGains::loaded_kd, {0, 1e3}},
              {"stance_foot_w", &ControllerGains::stance_foot_w, {0, 1e4}},
              {"stance_foot_kp", &ControllerGains::stance_foot_kp, {0, 1e4}},
              {"swing_w", &ControllerGains::swing_w, {0, 1e4}},
              {"swing_kp", &ControllerGains::swing_kp, {0, 1e4}},
              {"swing_turn_w", &ControllerGains::swing_turn_w, {0, 1e4}},
              {"swing_turn_kp", &ControllerGains::swing_turn_kp, {0, 1e4}},
              {"effort", &ControllerGains::effort, {1e-6, 1e3}},
              {"contact", &ControllerGains::contact, {1e-6, 1e3}},
              {"step_gain", &ControllerGains::step_gain, {0, 5}},
              {"step_growth", &ControllerGains::step_growth, {0, 2}},
              {"lane_gain", &ControllerGains::lane_gain, {0, 2}},
              {"residual_price", &ControllerGains::residual_price, {0, 1e9}},
              {"residual_limit", &ControllerGains::residual_limit, {0, 1}}};
  for (const auto& key : keys) g.*key.field = t.number(key.key, key.range);
  t.finish();
  return g;
}

Controller::Controller(const Model& model, const PassiveTorque& passive, ControllerGains gains)
    : model_(model), passive_(passive), gains_(gains), spheres_(contact_spheres(model)) {
  std::vector<double> most;
  for (const Leg& leg :
       model.legs) {  // chosen: what strong adults give; sets the exchange rate of effort between joints
    for (const auto& [c, nm] : {std::pair{leg.hip_flexion, 200.0},
                                {leg.hip_adduction, 150.0},
                                {leg.hip_rotation, 80.0},
                                {leg.knee, 250.0},
                                {leg.ankle, 180.0},
                                {leg.subtalar, 50.0}}) {
      actuated_.push_back(c);
      most.push_back(nm);
    }
  }
  for (const Level& level : model.levels) {
    for (const auto& [c, nm] : {std::pair{level.fe, 250.0}, {level.lb, 150.0}, {level.ar, 100.0}}) {
      actuated_.push_back(c);
      most.push_back(nm);
    }
  }
  tau_max_ = Eigen::Map<Eigen::VectorXd>(most.data(), static_cast<Eigen::Index>(most.size()));
  pelvis_link_ = model.bodies[model.body("pelvis")].link;
  thorax_link_ = model.bodies[model.body("thorax_upper")].link;
  const int n = model.n_coord();
  ref_.resize(n);
  constexpr int kMostRows = 110, kMostUnknowns = 30 + 4 * kSpheres + 6;
  B_.resize(n, kMostUnknowns);
  G_.resize(kMostRows, kMostUnknowns);
  target_.resize(kMostRows);
  A_.resize(3, n);
  for (auto& l : last_lambda_) l.setZero();
  last_tau_.setZero(tau_max_.size());
}

void Controller::start(double phase) {
  offset_G_ = offset_from_G_ = offset_to_G_ = Vec3::Zero();
  offset_phase_ = phase - 1;
  for (int side : {kRight, kLeft}) {
    const double u = phase_of_foot(side, phase);
    foot_[side] = {motion_->standing || u < motion_->toe_off + kReleaseAfter, false, 0};
    foot_[side].touched = foot_[side].down;
  }
  for (auto& l : last_lambda_) l.setZero();
  last_tau_.setZero();
}

void Controller::schedule(double phase, const std::array<ContactForce, kSpheres>& contact) {
  if (motion_->standing) return;
  for (int side : {kRight, kLeft}) {
    FootState& foot = foot_[side];
    const double u = phase_of_foot(side, phase);
    bool touching = false;
    for (int k = 0; k < kFootSpheres; ++k) touching |= contact[side * kFootSpheres + k].force_n.y() > kTouch_n;
    const double release = motion_->toe_off + kReleaseAfter;
    if (u >= release && u < kEarliestTouch) {
      foot = {false, false, 0};
      continue;
    }
    foot.down = u < release || foot.touched || touching;
    if (foot.touched || !touching) continue;
    foot.touched = true;  // the motion comes along to where the heel really is
    const double planned_phase = u > 0.5 ? phase + 1 - u : phase - u;
    CoordVec q, v, a;
    motion_at(*motion_, planned_phase, q, v, a);
    Kinematics at;
    at.resize(model_.n_coord());
    update_position(model_, q, at);
    const Vec3 planned = point_G(at, model_.feet[side].link, model_.feet[side].sole_L[0]);
    const Vec3 heel = 0.5 * (contact[side * kFootSpheres].p_G + contact[side * kFootSpheres + 1].p_G);
    offset_from_G_ = offset_G_;
    offset_to_G_ = Vec3(heel.x() - planned.x(), 0, heel.z() - planned.z());
    offset_phase_ = phase;
  }
  offset_G_ = offset_from_G_ + fade(0, kCarry, phase - offset_phase_) * (offset_to_G_ - offset_from_G_);
}

void Controller::add_rows(const Eigen::Ref<const Eigen::MatrixXd>& A, const Eigen::Ref<const Eigen::VectorXd>& target,
                          double weight) {
  const Eigen::Index k = A.rows(), n = x_.size();
  const double root = std::sqrt(weight);
  G_.block(rows_, 0, k, n).noalias() = root * (A * B_.leftCols(n));
  target_.segment(rows_, k) = root * (target - A * free_);
  rows_ += k;
}

void Controller::angular_task(int link, const Mat3& R_ref, const Vec3& w_ref, const Vec3& alpha_ref, double weight,
                              double kp) {
  A_.setZero();
  for (int i = link; i >= 0; i = model_.coordinates[i].parent) A_.col(i) = bias_.S_G[i].head<3>();
  const Vec3 w = bias_.V_G[link].head<3>();
  const Vec3 wanted = alpha_ref + kp * turn_to(R_ref, bias_.X_GL[link].R) + 2 * std::sqrt(kp) * (w_ref - w);
  add_rows(A_, wanted - bias_.A_G[link].head<3>(), weight);
}

void Controller::tick(double phase, const CoordVec& q, const CoordVec& v, Kinematics& kin,
                      const std::array<ContactForce, kSpheres>& contact, ControlTick& out) {
  const int n = model_.n_coord(), n_tau = static_cast<int>(actuated_.size());
  const ControllerGains& g = gains_;
  schedule(phase, contact);
  motion_at(*motion_, phase, out.q_ref, out.v_ref, a_ref_);
  out.q_ref[0] += offset_G_.x();
  out.q_ref[2] += offset_G_.z();
  update_position(model_, out.q_ref, ref_);
  update_velocity(model_, out.v_ref, ref_);
  update_acceleration(model_, out.v_ref, a_ref_, ref_);
  passive_.evaluate(q, v, out.q_ref, out.v_ref, tau_passive_);

  update_acceleration(model_, v, CoordVec::Zero(n), kin);
  bias_ = kin;
  InverseDynamics h;
  inverse_dynamics(model_, kin, {}, h);
  mass_matrix(model_, kin, M_);
  Minv_ = M_.llt().solve(CoordMat::Identity(n, n));
  free_ = Minv_ * (tau_passive_ - h.tau);

  // Unknowns: joint moments, sphere forces by pyramid edge, residual.
  std::array<int, kSpheres> column;
  int unknowns = n_tau;
  for (int i = 0; i < kSpheres; ++i) {
    const ContactSphere& sphere = spheres_[i];
    const double planned_gap_m = (ref_.X_GL[sphere.link] * sphere.centre_L).y() - sphere.radius_m;
    const bool usable =
        foot_[i / kFootSpheres].down && contact[i].gap_m < kUsableGap_m && planned_gap_m < kPlannedGap_m;
    column[i] = usable ? unknowns : -1;
    if (usable) unknowns += 4;
  }
  const int at_residual = unknowns;
  unknowns += 6;
  x_.resize(unknowns);
  low_.resize(unknowns);
  high_.resize(unknowns);
  Eigen::VectorXd& price = c_;  // diagonal of the price first, right-hand side later
  price.resize(unknowns);
  for (int i = 0; i < n_tau; ++i) {
    B_.col(i) = Minv_.col(actuated_[i]);
    x_[i] = last_tau_[i];
    high_[i] = tau_max_[i];
    low_[i] = -tau_max_[i];
    price[i] = g.effort / (tau_max_[i] * tau_max_[i]);
  }
  Eigen::MatrixXd J = Eigen::MatrixXd::Zero(3, n);
  std::array<Eigen::Matrix<double, 3, Eigen::Dynamic, 0, 3, kMaxCoord>, kSpheres> jacobian;
  for (int i = 0; i < kSpheres; ++i) {
    if (column[i] < 0) continue;
    jacobian[i].setZero(3, n);
    for (int c = model_.feet[i / kFootSpheres].link; c >= 0; c = model_.coordinates[c].parent)
      jacobian[i].col(c) = kin.S_G[c].tail<3>() + kin.S_G[c].head<3>().cross(contact[i].p_G);
    const Eigen::Matrix<double, Eigen::Dynamic, 3, 0, kMaxCoord, 3> MJ = Minv_ * jacobian[i].transpose();
    const Vec3 edge[4] = {{kFriction, 1, 0}, {-kFriction, 1, 0}, {0, 1, kFriction}, {0, 1, -kFriction}};
    for (int e = 0; e < 4; ++e) {
      const int k = column[i] + e;
      B_.col(k) = MJ * edge[e];
      x_[k] = last_lambda_[i][e];
      low_[k] = 0;
      high_[k] = kSphereMost_n;
      price[k] = g.contact / (kForceUnit_n * kForceUnit_n);
    }
  }
  const double bw = model_.weight_n();
  for (int k = 0; k < 6; ++k) {
    B_.col(at_residual + k) = Minv_.col(k);
    const double unit = k < 3 ? bw : kMomentArm_bw_m * bw;
    x_[at_residual + k] = 0;
    high_[at_residual + k] = g.residual_limit * unit;
    low_[at_residual + k] = -high_[at_residual + k];
    price[at_residual + k] = g.residual_price / (unit * unit);
  }

  // Tasks.
  rows_ = 0;
  const double root_joint = std::sqrt(g.joints_w), kd = 2 * std::sqrt(g.joints_kp);
  for (int i = 0; i < n_tau; ++i) {
    const int c = actuated_[i];
    const double wanted = a_ref_[c] + g.joints_kp * (out.q_ref[c] - q[c]) + kd * (out.v_ref[c] - v[c]);
    G_.row(rows_).head(unknowns) = root_joint * B_.row(c).head(unknowns);
    target_[rows_++] = root_joint * (wanted - free_[c]);
  }
  const auto angular = [&](int link, double weight, double kp) {
    angular_task(link, ref_.X_GL[link].R, ref_.V_G[link].head<3>(), ref_.A_G[link].head<3>(), weight, kp);
  };
  angular(pelvis_link_, g.pelvis_w, g.pelvis_kp);
  angular(thorax_link_, g.thorax_w, g.thorax_kp);

  const double mass = bw / kGravity_m_s2;
  const PointMotion com = centre_of_mass(model_, kin), com_ref = centre_of_mass(model_, ref_);
  for (int axis = 0; axis < 3; ++axis) {
    const bool up = axis == 1;
    const double kp = up ? g.height_kp : g.com_kp, damping = up ? 2 * std::sqrt(g.height_kp) : g.com_kd;
    const double wanted =
        com_ref.a[axis] + kp * (com_ref.p[axis] - com.p[axis]) + damping * (com_ref.v[axis] - com.v[axis]);
    // M's translation rows are momentum: m a_com = M qdd + h - m g up.
    A_.row(0) = M_.row(axis) / mass;
    const double bias = h.tau[axis] / mass - (up ? kGravity_m_s2 : 0);
    add_rows(A_.topRows(1), Eigen::VectorXd::Constant(1, wanted - bias), up ? g.height_w : g.com_w);
  }
  const double omega = std::sqrt(kGravity_m_s2 / com_ref.p.y());
  const Vec3 capture = com.p - com_ref.p + (com.v - com_ref.v) / omega;
  out.capture_error_m = std::hypot(capture.x(), capture.z());

  for (int i = 0; i < kSpheres; ++i) {
    if (column[i] < 0) continue;
    const PointMotion m = point_motion(kin, model_.feet[i / kFootSpheres].link, contact[i].p_G);
    add_rows(jacobian[i], -g.loaded_kd * m.v - m.a, g.loaded_w);
  }
  for (int side : {kRight, kLeft}) {
    const Foot& foot = model_.feet[side];
    if (foot_[side].down) {
      angular(foot.link, g.stance_foot_w, g.stance_foot_kp);
      continue;
    }
    const double u = phase_of_foot(side, phase), left_s = (1 - u) * motion_->period_s;
    Vec3 shift = g.step_gain * std::exp(g.step_growth * omega * left_s) * capture;
    shift.z() -= g.lane_gain * offset_G_.z();
    const double part = fade(kPlaceFrom, kPlaceTo, u);
    shift = part * Vec3(std::clamp(shift.x(), -kPlaceForward_m, kPlaceForward_m), 0,
                        std::clamp(shift.z(), -kPlaceSide_m, kPlaceSide_m));
    const Vec3 middle = sole_middle(foot);
    const PointMotion is = point_motion(kin, foot.link, kin.X_GL[foot.link] * middle);
    const PointMotion ref = point_motion(ref_, foot.link, ref_.X_GL[foot.link] * middle);
    A_.setZero();
    for (int c = foot.link; c >= 0; c = model_.coordinates[c].parent)
      A_.col(c) = kin.S_G[c].tail<3>() + kin.S_G[c].head<3>().cross(is.p);
    const Vec3 wanted = ref.a + g.swing_kp * (ref.p + shift - is.p) + 2 * std::sqrt(g.swing_kp) * (ref.v - is.v);
    add_rows(A_, wanted - is.a, g.swing_w);
    angular(foot.link, g.swing_turn_w, g.swing_turn_kp);
  }

  H_.setZero(unknowns, unknowns);
  H_.diagonal() = price;
  const auto G = G_.topLeftCorner(rows_, unknowns);
  H_.selfadjointView<Eigen::Lower>().rankUpdate(G.transpose());
  c_.noalias() = G.transpose() * target_.head(rows_);
  out.converged = qp_.solve(H_, c_, low_, high_, x_).converged;

  out.tau.setZero(n);
  out.residual.setZero(n);
  for (int i = 0; i < n_tau; ++i) out.tau[actuated_[i]] = last_tau_[i] = x_[i];
  for (int i = 0; i < kSpheres; ++i)
    last_lambda_[i] = column[i] < 0 ? Eigen::Vector4d::Zero() : Eigen::Vector4d(x_.segment<4>(column[i]));
  for (int k = 0; k < 6; ++k) out.residual[k] = x_[at_residual + k];
  out.residual_force_n = x_.segment<3>(at_residual);
  out.residual_moment_nm = x_.segment<3>(at_residual + 3);
}

}  // namespace hipspine
