/// With Q = sum w A'A and Q qdd* = sum w A'(a* - bias) the tasks are
/// (qdd - qdd*)' Q (qdd - qdd*) up to a constant, and the equation of motion M (qdd - qdd*) = -s,
///   s = M qdd* + h - tau_passive - P x,    x = (a, f, r),    so the tasks cost  s' W s,  W = M^-1 Q M^-1      (1)
/// rows are as many as coordinates, however many muscles there are.
/// tau_passive of hips and lumbar levels is that of the plan: what a joint off its plan gives more or less is a spring
/// that brings it back. A program that knew of it would have muscles hold against the spring and then do its work, and
/// a stiff hip would carry their force besides.
#include "sim/plant/controller.h"

#include <algorithm>
#include <cmath>

#include "sim/core/diagnostics.h"
#include "sim/core/units.h"
#include "sim/mechanics/mass_matrix.h"

namespace hipspine {
namespace {

constexpr double kFriction = 0.6;       // chosen: below the contact's 0.8, so that planned forces can be had
constexpr double kSphereMost_n = 2400;  // per pyramid edge
constexpr double kForceUnit_n = 300;    // scale of the contact price
constexpr double kUsableGap_m = 0.004;  // chosen: a sphere this near to the floor may be planned with ...
constexpr double kRisenGap_m = 0.0005;  // chosen: ... but a heel that has left it will not come back in this stance
constexpr double kRiseFrom = 0.25, kRiseTo = 0.80;  // chosen: of the foot's cycle, when that holds
/// ... and a forefoot that comes down after its heel carries nothing before it is there: who counts on its force lets
/// the foot fall, and it slaps down.
constexpr double kLandingGap_m = 0;
constexpr double kPlannedGap_m = 0.006;  // chosen: and so near in the motion, so that a heel may rise when it should
constexpr double kTouch_n = 30;          // chosen: force that counts as touching
constexpr double kEarliestTouch = 0.90;  // chosen: of the foot's cycle
constexpr double kBrushes_n = 150,
                 kBrushesTo = 0.95;      // chosen: with less, before, a foot brushes the floor and swings on
constexpr double kReleaseAfter = 0.015;  // chosen: after the planned toe-off
constexpr double kCarry = 0.14;          // chosen: of the cycle; the motion follows a footfall within double support
constexpr double kPlaceFrom = 0.62, kPlaceTo = 0.92;           // chosen: when foot placement fades in
constexpr double kPlaceForward_m = 0.15, kPlaceSide_m = 0.10;  // chosen: its bounds
constexpr double kLifted = 0.80, kLandFrom = 0.87;  // chosen: of the foot's cycle, when it is carried highest
/// chosen: where no muscle crosses a joint, a reserve of this much costs as much as one muscle; what ribs and shoulders
/// do.
constexpr double kReserveUnit_nm = 20, kReserveMost_nm = 60;
constexpr double kTolerance = 1e-3;  // chosen: against an effort of 30 for a full activation
constexpr int kPelvisCoords = 6;
constexpr Eigen::Index kMostRows = 60;

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

/// Where a sphere meets level ground.
Vec3 lowest_point(const Kinematics& kin, const ContactSphere& sphere) {
  return kin.X_GL[sphere.link] * sphere.centre_L - sphere.radius_m * Vec3::UnitY();
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

Controller::Controller(const Model& model, const PassiveTorque& passive, const ControllerGains& gains)
    : model_(model),
      passive_(passive),
      gains_(gains),
      gravity_m_s2_(kGravity_m_s2),
      spheres_(contact_spheres(model)),
      pelvis_link_(model.bodies[model.body("pelvis")].link),
      thorax_link_(model.bodies[model.body("thorax_upper")].link) {
  const int n = model.n_coord();
  ref_.resize(n);
  A_.setZero(kMostRows, n);
  one_.setZero(3, n);
  target_.setZero(kMostRows);
}

void Controller::start(double phase) {
  state_ = {};
  state_.offset_phase = phase - 1;
  state_.stride_m = motion_->stride_m;
  for (int side : {kRight, kLeft}) {
    const double u = phase_of_foot(*motion_, side, phase);
    const bool down = motion_->standing || u < motion_->toe_off + kReleaseAfter;
    state_.foot[side] = {down, down};
  }
}

void Controller::schedule(double phase, const std::array<ContactForce, kSpheres>& contact) {
  if (motion_->standing) return;
  // With another stride the cycles walked so far would lie elsewhere: the ground covered stays covered.
  const double covered_m = std::floor(phase) * (state_.stride_m - motion_->stride_m);
  for (Vec3* offset : {&state_.offset_G, &state_.offset_from_G, &state_.offset_to_G}) offset->x() += covered_m;
  state_.stride_m = motion_->stride_m;
  for (int side : {kRight, kLeft}) {
    ControllerState::Foot& foot = state_.foot[side];
    const double u = phase_of_foot(*motion_, side, phase);
    double load_n = 0;
    for (int k = 0; k < kFootSpheres; ++k) load_n += contact[side * kFootSpheres + k].force_n.y();
    const bool touching = load_n > (u > 0.5 && u < kBrushesTo ? kBrushes_n : kTouch_n);
    const double release = motion_->toe_off + kReleaseAfter;
    if (u >= release && u < kEarliestTouch) {
      foot = {false, false};
      continue;
    }
    foot.down = u < release || foot.touched || touching;
    if (foot.touched || !touching) continue;
    foot.touched = true;  // the motion comes along to where the heel really is
    ++state_.touchdowns;
    const double planned_phase = nearest_strike(*motion_, side, phase);
    CoordVec q, v, a;
    motion_at(*motion_, planned_phase, q, v, a);
    Kinematics at;
    update_position(model_, q, at);
    const Vec3 planned = point_G(at, model_.feet[side].link, model_.feet[side].sole_L[0]);
    const Vec3 heel = 0.5 * (contact[side * kFootSpheres].p_G + contact[side * kFootSpheres + 1].p_G);
    state_.offset_from_G = state_.offset_G;
    // Sideways to the middle between the last two feet: a step too wide on both sides moves nothing.
    const double aside = heel.z() - planned.z();
    state_.offset_to_G = Vec3(heel.x() - planned.x(), 0, 0.5 * (aside + state_.aside_m));
    state_.aside_m = aside;
    state_.offset_phase = phase;
  }
  state_.offset_G =
      state_.offset_from_G + fade(0, kCarry, phase - state_.offset_phase) * (state_.offset_to_G - state_.offset_from_G);
}

void Controller::add_rows(const Eigen::Ref<const Eigen::MatrixXd>& A, const Eigen::Ref<const Eigen::VectorXd>& target,
                          double weight) {
  const Eigen::Index k = A.rows();
  const double root = std::sqrt(weight);
  A_.middleRows(rows_, k) = root * A;
  target_.segment(rows_, k) = root * target;
  rows_ += k;
}

void Controller::angular_task(int link, double weight, double kp) {
  one_.setZero();
  for (int i = link; i >= 0; i = model_.coordinates[i].parent) one_.col(i) = here_.S_G[i].head<3>();
  const Vec3 w = here_.V_G[link].head<3>(), w_ref = ref_.V_G[link].head<3>();
  const Vec3 wanted = Vec3(ref_.A_G[link].head<3>()) + kp * turn_to(ref_.X_GL[link].R, here_.X_GL[link].R) +
                      2 * std::sqrt(kp) * (w_ref - w);
  add_rows(one_, wanted - here_.A_G[link].head<3>(), weight);
}

void Controller::tasks(double phase, const CoordVec& q, const CoordVec& v, ControlTick& out) {
  const ControllerGains& g = gains_;
  const int n = model_.n_coord();
  rows_ = 0;
  Q_.setZero(n, n);
  wanted_.setZero(n);
  // Joints, lumbar levels, and what follows by itself: rows of the identity.
  const auto joint = [&](int c, double weight, double kp) {
    Q_(c, c) = weight;
    wanted_[c] = weight * (a_ref_[c] + kp * (out.q_ref[c] - q[c]) + 2 * std::sqrt(kp) * (out.v_ref[c] - v[c]));
  };
  for (int c = kPelvisCoords; c < n; ++c) joint(c, g.joints_w, g.joints_kp);
  for (const Level& level : model_.levels)
    for (int c : {level.fe, level.lb, level.ar}) joint(c, g.lumbar_w, g.lumbar_kp);
  angular_task(pelvis_link_, g.pelvis_w, g.pelvis_kp);
  angular_task(thorax_link_, g.thorax_w, g.thorax_kp);

  const double mass = model_.weight_n() / kGravity_m_s2;
  const PointMotion com = centre_of_mass(model_, here_), com_ref = centre_of_mass(model_, ref_);
  for (int axis = 0; axis < 3; ++axis) {
    const bool up = axis == 1;
    const double kp = up ? g.height_kp : g.com_kp, damping = up ? 2 * std::sqrt(g.height_kp) : g.com_kd;
    const double wanted =
        com_ref.a[axis] + kp * (com_ref.p[axis] - com.p[axis]) + damping * (com_ref.v[axis] - com.v[axis]);
    // Translation rows of M are momentum: m a_com = M qdd + h - m g up.
    one_.row(0) = M_.row(axis) / mass;
    const double bias = bias_.tau[axis] / mass - (up ? gravity_m_s2_ : 0);
    add_rows(one_.topRows(1), Eigen::VectorXd::Constant(1, wanted - bias), up ? g.height_w : g.com_w);
  }
  const double omega = std::sqrt(gravity_m_s2_ / com_ref.p.y());
  const Vec3 capture = com.p - com_ref.p + (com.v - com_ref.v) / omega;
  out.capture_error_m = std::hypot(capture.x(), capture.z());

  for (int i = 0; i < kSpheres; ++i)
    if (column_[i] >= 0) add_rows(jacobian_[i], sphere_wanted_[i], g.loaded_w);

  for (int side : {kRight, kLeft}) {
    const Foot& foot = model_.feet[side];
    if (state_.foot[side].down) {
      angular_task(foot.link, g.stance_foot_w, g.stance_foot_kp);
      continue;
    }
    const double u = phase_of_foot(*motion_, side, phase), left_s = (1 - u) * motion_->period_s;
    Vec3 shift = g.step_gain * std::exp(g.step_growth * omega * left_s) * capture;
    shift.z() += g.lane_gain * state_.offset_G.z();  // who stands outside falls inwards
    const double part = fade(kPlaceFrom, kPlaceTo, u);
    shift = part * Vec3(std::clamp(shift.x(), -kPlaceForward_m, kPlaceForward_m), 0,
                        std::clamp(shift.z(), -kPlaceSide_m, kPlaceSide_m));
    shift.y() = motion_->lift_m[side] * fade(motion_->toe_off, kLifted, u) * (1 - fade(kLandFrom, 1, u));
    const Vec3 middle = sole_middle(foot);
    const PointMotion is = point_motion(here_, foot.link, here_.X_GL[foot.link] * middle);
    const PointMotion ref = point_motion(ref_, foot.link, ref_.X_GL[foot.link] * middle);
    one_.setZero();
    for (int c = foot.link; c >= 0; c = model_.coordinates[c].parent)
      one_.col(c) = here_.S_G[c].tail<3>() + here_.S_G[c].head<3>().cross(is.p);
    const Vec3 wanted = ref.a + g.swing_kp * (ref.p + shift - is.p) + 2 * std::sqrt(g.swing_kp) * (ref.v - is.v);
    add_rows(one_, wanted - is.a, g.swing_w);
    angular_task(foot.link, g.swing_turn_w, g.swing_turn_kp);
  }
  Q_.selfadjointView<Eigen::Lower>().rankUpdate(A_.topRows(rows_).transpose());
  wanted_.noalias() += A_.topRows(rows_).transpose() * target_.head(rows_);
}

/// Muscles in the order of what they cross, so that the program sees a few blocks.
void Controller::group_muscles(const MuscleDrive& drive) {
  std::vector<RowRange> parts;
  for (const Leg& leg : model_.legs) parts.push_back({leg.hip_flexion, leg.subtalar - leg.hip_flexion + 1});
  const int lumbar = model_.levels[0].fe;
  parts.push_back({lumbar, model_.levels[kLevels - 1].ar - lumbar + 1});
  muscles_ = group_columns(drive.crosses, parts);
}

void Controller::unknowns(double phase, const std::array<ContactForce, kSpheres>& contact, const MuscleDrive& drive) {
  const ControllerGains& g = gains_;
  const int n = model_.n_coord(), n_muscle = static_cast<int>(drive.low.size());
  int count = n_muscle;
  for (int i = 0; i < kSpheres; ++i) {
    const ContactSphere& sphere = spheres_[i];
    const double planned_gap_m = (ref_.X_GL[sphere.link] * sphere.centre_L).y() - sphere.radius_m;
    const double u = phase_of_foot(*motion_, i / kFootSpheres, phase);
    const bool rises = !motion_->standing && u > kRiseFrom && u < kRiseTo;
    const bool comes_down = !motion_->standing && u < kRiseFrom && i % kFootSpheres >= kHeelSpheres;
    const double near_m = rises ? kRisenGap_m : comes_down ? kLandingGap_m : kUsableGap_m;
    const bool usable =
        state_.foot[i / kFootSpheres].down && contact[i].gap_m < near_m && planned_gap_m < kPlannedGap_m;
    column_[i] = usable ? count : -1;
    if (usable) count += 4;
  }
  const int at_residual = count;
  residuals_ = gains_.residual_limit > 0 ? kPelvisCoords : 0;
  const int at_reserve = at_residual + residuals_;
  count = at_reserve + static_cast<int>(passive_.muscleless.size());
  problem_.resize(n, count);
  problem_.P.setZero();
  if (static_cast<int>(muscles_.order.size()) != n_muscle) group_muscles(drive);
  problem_.tolerance = kTolerance;
  problem_.groups = muscles_.groups;
  for (int side : {kRight, kLeft}) {
    ColumnGroup edges{0,
                      0,
                      0,
                      kPelvisCoords,
                      model_.legs[side].hip_flexion,
                      model_.legs[side].subtalar - model_.legs[side].hip_flexion + 1};
    for (int k = 0; k < kFootSpheres; ++k) {
      const int column = column_[side * kFootSpheres + k];
      if (column < 0) continue;
      if (edges.count == 0) edges.first = column;
      edges.count += 4;
    }
    if (edges.count > 0) problem_.groups.push_back(edges);
  }
  if (residuals_ > 0) problem_.groups.push_back({at_residual, kPelvisCoords, 0, kPelvisCoords, 0, 0});
  for (size_t k = 0; k < passive_.muscleless.size(); ++k)
    problem_.groups.push_back({at_reserve + static_cast<Eigen::Index>(k), 1, passive_.muscleless[k], 1, 0, 0});
  problem_.price.head(n_muscle).setConstant(g.effort + g.steady);
  planned_activation(*motion_, phase, x_);
  if (state_.departure.size() != n_muscle) state_.departure.setZero(n_muscle);
  for (int k = 0; k < n_muscle; ++k) {
    const Eigen::Index m = muscles_.order[k];
    problem_.P.col(k) = drive.pull.col(m);
    problem_.rest[k] = x_[m] + g.steady / (g.effort + g.steady) * state_.departure[m];
    problem_.low[k] = drive.low[m];
    problem_.high[k] = drive.high[m];
  }

  for (int side : {kRight, kLeft}) {
    std::array<Vec3, kFootSpheres> planned;
    std::array<bool, kFootSpheres> usable;
    for (int k = 0; k < kFootSpheres; ++k) usable[k] = column_[side * kFootSpheres + k] >= 0;
    planned_sphere_forces(*motion_, side, phase, usable, planned);
    for (int k = 0; k < kFootSpheres; ++k) {
      const int i = side * kFootSpheres + k;
      if (column_[i] < 0) continue;
      auto& J = jacobian_[i];
      J.setZero(3, n);
      const int link = spheres_[i].link;
      for (int c = link; c >= 0; c = model_.coordinates[c].parent)
        J.col(c) = here_.S_G[c].tail<3>() + here_.S_G[c].head<3>().cross(contact[i].p_G);
      const PointMotion m = point_motion(here_, link, contact[i].p_G);
      const PointMotion ref = point_motion(ref_, link, lowest_point(ref_, spheres_[i]));
      sphere_wanted_[i] = ref.a + g.loaded_kd * (ref.v - m.v) - m.a;
      const Vec3 edge[4] = {{kFriction, 1, 0}, {-kFriction, 1, 0}, {0, 1, kFriction}, {0, 1, -kFriction}};
      const auto edges = [](const Vec3& f) -> Eigen::Array4d {
        const double quarter = f.y() / 4, fore = f.x() / (4 * kFriction), side_n = f.z() / (4 * kFriction);
        return Eigen::Array4d(quarter + 2 * fore, quarter - 2 * fore, quarter + 2 * side_n, quarter - 2 * side_n)
            .max(0.0);
      };
      const Eigen::Array4d rest = (g.contact * edges(planned[k]) + g.steady_contact * edges(contact[i].force_n)) /
                                  (g.contact + g.steady_contact);
      for (int e = 0; e < 4; ++e) {
        const int at = column_[i] + e;
        problem_.P.col(at).noalias() = J.transpose() * (kForceUnit_n * edge[e]);
        problem_.price[at] = g.contact + g.steady_contact;
        problem_.rest[at] = rest[e] / kForceUnit_n;
        problem_.low[at] = 0;
        problem_.high[at] = kSphereMost_n / kForceUnit_n;
      }
    }
  }
  const double bw = model_.weight_n();
  for (int k = 0; k < residuals_; ++k) {
    const int at = at_residual + k;
    problem_.P(k, at) = k < 3 ? bw : kResidualArm_m * bw;
    problem_.price[at] = std::max(g.residual_price, 1e-3);
    problem_.rest[at] = 0;
    problem_.high[at] = g.residual_limit;
    problem_.low[at] = -g.residual_limit;
  }
  for (size_t k = 0; k < passive_.muscleless.size(); ++k) {
    const Eigen::Index at = at_reserve + static_cast<Eigen::Index>(k);
    problem_.P(passive_.muscleless[k], at) = kReserveUnit_nm;
    problem_.price[at] = g.effort;
    problem_.rest[at] = 0;
    problem_.high[at] = kReserveMost_nm / kReserveUnit_nm;
    problem_.low[at] = -problem_.high[at];
  }
}

void Controller::tick(double phase, const CoordVec& q, const CoordVec& v, Kinematics& kin,
                      const std::array<ContactForce, kSpheres>& contact, const MuscleDrive& drive, ControlTick& out) {
  const int n = model_.n_coord();
  schedule(phase, contact);
  const double ahead = phase + 0.5 * gains_.horizon_s / motion_->period_s;
  motion_at(*motion_, ahead, q_ahead_, v_ahead_, a_ref_);
  motion_at(*motion_, phase, out.q_ref, out.v_ref, a_now_);
  out.q_ref[0] += state_.offset_G.x();
  out.q_ref[2] += state_.offset_G.z();
  update_position(model_, out.q_ref, ref_);
  update_velocity(model_, out.v_ref, ref_);
  update_acceleration(model_, out.v_ref, a_ref_, ref_);
  q_known_ = q, v_known_ = v;
  const auto as_planned = [&](int c) { q_known_[c] = out.q_ref[c], v_known_[c] = out.v_ref[c]; };
  for (const Leg& leg : model_.legs)
    for (int c : {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation}) as_planned(c);
  for (const Level& level : model_.levels)
    for (int c : {level.fe, level.lb, level.ar}) as_planned(c);
  passive_.evaluate(q_known_, v_known_, tau_passive_);
  update_acceleration(model_, v, CoordVec::Zero(n), kin);
  here_ = kin;
  inverse_dynamics(model_, kin, {}, bias_);
  mass_matrix(model_, kin, M_);
  // Over the tick velocity changes by qdd T: half of that is felt, on average, by everything that damps.
  M_ += 0.5 * gains_.horizon_s * (drive.damping + CoordMat(passive_.damping().asDiagonal()));
  // Uniform gravity is an upward acceleration of the base.
  bias_.tau += (gravity_m_s2_ - kGravity_m_s2) * M_.col(1);

  unknowns(ahead, contact, drive);
  tasks(phase, q, v, out);
  factor_.compute(Q_);
  factor_.solveInPlace(wanted_);  // qdd*
  Z_ = M_;
  factor_.matrixL().solveInPlace(Z_);
  problem_.compliance.setZero();
  problem_.compliance.selfadjointView<Eigen::Lower>().rankUpdate(Z_.transpose());
  problem_.demand = bias_.tau - tau_passive_ - drive.passive;
  problem_.demand.noalias() += M_ * wanted_;
  const Eigen::Index at_residual =
      problem_.price.size() - residuals_ - static_cast<Eigen::Index>(passive_.muscleless.size());
  const BoundedProgram::Result solved = solver_.solve(problem_, x_);
  out.converged = solved.converged && x_.allFinite();
  out.iterations = solved.iterations;
  out.activation.resize(drive.low.size());
  for (size_t k = 0; k < muscles_.order.size(); ++k)
    out.activation[muscles_.order[k]] = x_[static_cast<Eigen::Index>(k)];
  const double bw = model_.weight_n();
  out.residual.setZero();
  for (int k = 0; k < residuals_; ++k) out.residual[k] = x_[at_residual + k] * (k < 3 ? bw : kResidualArm_m * bw);
  out.reserve_nm = x_.tail(static_cast<Eigen::Index>(passive_.muscleless.size())) * kReserveUnit_nm;
  if (!out.converged && !x_.allFinite()) {
    out.activation = drive.low;
    out.residual.setZero();
  }
  planned_activation(*motion_, ahead, x_);
  state_.departure = out.activation - x_;
}

}  // namespace hipspine
