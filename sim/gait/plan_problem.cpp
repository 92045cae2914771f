/// The objective of one cycle.
///
/// Unknowns: reduced coordinates z_j(p) as Fourier series (7 harmonics), and eight globals: stride length L, period T,
/// a fore-aft and a sideways shift and a toe-out of each footprint. Over N nodes p_k = k/N,
///   min  1/N sum_k  1/2 |r(z, dz/dp, d2z/dp2, globals; p_k)|^2  +  posture and globals,      r = error / sigma
///   feet     standing: sole point where the footprint puts it (tight), window from ContactPlan;
///            swinging: sole point on the target path, scaled by stride; clearance as a hinge on height
///   seat     plan_seat.cpp
///   thorax   rotation of the thorax in space away from the target, vee of the skew part of R R0'
///   hips     M(q; limits) - M(q; healthy limits), per axis: a healthy hip costs exactly nothing; and what an angle is
///            beyond one of its limits (the other hip may not overshoot either, though its moments are healthy)
///   lumbar   M_level(q) - M_level(q_target(p)), per level and axis
///   tight    extra passive moment F(l) dl/dz of a shortened muscle, priced like a hip moment
///   force, dynamics, effort: plan_dynamics.cpp;  strength, pain: plan_hips.cpp
///   posture  z - z_target in coefficient space, harmonic k weighted 1 + (k/k0)^4; means of tilt and lumbar by w0
///
/// Local derivatives are taken with respect to (z, dz/dp, d2z/dp2, globals) at each node; Gauss-Newton except where a
/// residual is exponential (hips): there r·r'' is added (kept where positive), which turns linear convergence
/// with factor 1/2 into quadratic convergence.
/// From there to coefficients: harmonic_assembly.cpp.
#include "sim/gait/plan_problem.h"

#include <algorithm>
#include <cmath>

#include "sim/core/four_wide.h"

namespace hipspine {
namespace {

constexpr double kBeyondLimit_rad = rad_from_deg(1.5);  // chosen: sigma of an angle beyond its limit
constexpr double kClearance_m = 0.020;  // chosen: ball above ground in mid-swing (published 10 to 25 mm)
constexpr double kClearanceFrom = 0.68, kClearanceTo = 0.92;  // chosen: phase of swing with that clearance

double square(double x) { return x * x; }

ReducedVec posture_sigma(const Strategy& w) {
  ReducedVec s;
  s.head<6>() << w.pelvis_forward_m, w.pelvis_height_m, w.pelvis_side_m, w.tilt_rad, w.list_rad, w.rotation_rad;
  for (int start : kLegStart) {
    s.segment<6>(start) << w.hip_flexion_rad, w.hip_adduction_rad, w.hip_rotation_rad, w.knee_rad, w.ankle_rad,
        w.subtalar_rad;
  }
  s.tail<3>() << w.lumbar_extension_rad, w.lumbar_bending_rad, w.lumbar_rotation_rad;
  return s;
}

/// Sagittal reduced coordinates: forward, height, tilt; hip flexion, knee, ankle; lumbar extension.
bool is_sagittal(int j) {
  if (j >= kExtension) return j == kExtension;
  if (j < 6) return j == kTx || j == kTy || j == kTilt;
  const int leg = (j - 6) % 6;
  return leg == 0 || leg == 3 || leg == 4;
}

}  // namespace

double PlanCosts::sum() const {
  double s = 0;
  for (double v : value) s += v;
  return s;
}

PlanProblem::PlanProblem(const Model& model, const ContactPlan& contact, const HipPassiveParameters& hip,
                         const LumbarCurves& lumbar, const LevelShares& share)
    : model_(model), contact_(contact), hip_(hip), map_(model, share), passive_(lumbar), bodies_(model) {
  forces_.setZero();
  thorax_link_ = model.bodies[model.body("thorax_upper")].link;
  set_nodes();
  kin_.resize(model.n_coord());
}

void PlanProblem::set_nodes() {
  const double limp = contact_.timing().limp;
  for (int k = 0; k < kNodes; ++k) phase_[k] = static_cast<double>(k) / kNodes - 0.5 * limp;
  assembly_.set_phases(phase_);
  map_.set_arm_phase(0.5 * limp);
}

void PlanProblem::set_paths_from_posture() {
  assembly_.sample(targets.posture.c);
  for (int k = 0; k < kNodes; ++k) {
    map_.expand(assembly_.z(k), assembly_.dz(k), assembly_.ddz(k), phase_[k], targets.posture.g[kPeriod], q_, v_, a_);
    update_position(model_, q_, kin_);
    targets.R_thorax_G[k] = kin_.X_GL[thorax_link_].R;
    for (int side : {kRight, kLeft}) {
      for (int s = 0; s < 3; ++s) {
        targets.sole[k][side][s] = point_G(kin_, model_.feet[side].link, model_.feet[side].sole_L[s]);
      }
    }
  }
}

void PlanProblem::forget() {
  for (ConeDistance& cone : cone_) cone.y.setZero();
}

double PlanProblem::evaluate(const PlanState& x, Order order) {
  with_hessian_ = order == Order::hessian;
  costs_.value.fill(0);
  assembly_.sample(x.c);
  for (int k = 0; k < kNodes; k += FourBodies::kLanes) four_nodes(k, x);
  for (double& v : costs_.value) v *= kNodeWeight;
  assembly_.gradient(gradient_);
  if (with_hessian_) assembly_.hessian(hessian_);
  posture(x);
  globals(x);
  return costs_.sum();
}

void PlanProblem::four_nodes(int k, const PlanState& x) {
  static_assert(kNodes % FourBodies::kLanes == 0);
  for (int lane = 0; lane < FourBodies::kLanes; ++lane) {
    const int at = k + lane;
    map_.expand(assembly_.z(at), assembly_.dz(at), assembly_.ddz(at), phase_[at], x.g[kPeriod], q_, v_, a_);
    bodies_.set(lane, q_, v_, a_);
  }
  bodies_.update();
  std::array<LocalVec, FourBodies::kLanes> g;
  for (lane_ = 0; lane_ < FourBodies::kLanes; ++lane_) {
    if (with_hessian_) bodies_.kinematics(lane_, kin_);
    node(k + lane_, x);
    g[lane_] = g_;
  }
  bodies_.gradient();
  for (int lane = 0; lane < FourBodies::kLanes; ++lane) {
    add_bodies_gradient(lane, x.g[kPeriod], g[lane]);
    assembly_.put(k + lane, g[lane]);
  }
}

void PlanProblem::node(int k, const PlanState& x) {
  const ReducedVec z = assembly_.z(k);
  g_.setZero();
  dynamics(k, x);
  trunk_effort(x);
  if (with_hessian_) gram_four(forces_, h_);
  feet(k, x);
  seat(k);
  thorax(k);
  if (price_tissue) {
    hips(k, z);
    lumbar(k, z);
    tight_muscles(z);
    painful_angles(z);
    stance_hips(k, x, z);
  }
  if (with_hessian_) assembly_.put(k, h_);
}

void PlanProblem::feet(int k, const PlanState& x) {
  const double p = phase_[k];
  const Strategy& w = weights;
  for (int side : {kRight, kLeft}) {
    const double u = contact_.foot_phase(side, p);
    const Foot& foot = model_.feet[side];
    // Columns of J and h: the pelvis and this leg (12), then globals.
    constexpr int kCols = 12 + kPlanGlobals;
    Eigen::Matrix<double, 3, kCols> J;
    Eigen::Matrix<double, kCols, kCols> h;
    if (with_hessian_) J.setZero(), h.setZero();
    const Transform X_GF = bodies_.pose(foot.link, lane_);
    Vec6 load = Vec6::Zero();  // pull of all errors on the foot, about the ground origin
    auto globals = g_.tail<kPlanGlobals>();
    for (int s = 0; s < 3; ++s) {
      const Vec3 point = X_GF * foot.sole_L[s];
      for (int i = foot.link; i >= 0 && with_hessian_; i = model_.coordinates[i].parent) {
        const int r = map_.index(i);
        J.col(r < 6 ? r : r - kLegStart[side] + 6) = kin_.S_G[i].tail<3>() + kin_.S_G[i].head<3>().cross(point);
      }
      const auto add = [&](int cost, const Vec3& error, const Vec3& sigma, double window) -> Vec3 {
        if (window == 0) return Vec3::Zero();
        const Vec3 weight = sigma.cwiseInverse().cwiseAbs2() * (window * window);
        const Vec3 pull = weight.cwiseProduct(error);
        costs_.value[cost] += 0.5 * error.dot(pull);
        load.head<3>() += point.cross(pull);
        load.tail<3>() += pull;
        if (with_hessian_) h.noalias() += J.transpose() * weight.asDiagonal() * J;
        return pull;
      };
      const double window = contact_.stance_window(s, u);
      if (window > 0) {
        Eigen::Matrix<double, 3, kPlanGlobals> dt;
        const Vec3 target = contact_.sole_target(side, s, p, x.g, dt);
        if (with_hessian_) J.rightCols<kPlanGlobals>() = -dt;
        globals.noalias() -= dt.transpose() * add(0, point - target, Vec3::Constant(w.stance_m), window);
      }
      if (contact_.timing().standing) continue;
      Vec3 path = targets.sole[k][side][s];
      const double per_stride = path.x() / targets.posture.g[kStride];
      if (with_hessian_) {
        J.rightCols<kPlanGlobals>().setZero();
        J(0, 12 + kStride) = -per_stride;
      }
      path.x() = per_stride * x.g[kStride];
      globals[kStride] -=
          per_stride * add(1, point - path, Vec3(w.swing_m, w.swing_height_m, w.swing_m), 1 - window).x();
      if (with_hessian_) J.rightCols<kPlanGlobals>().setZero();
      const bool mid_swing = s > 0 && u > kClearanceFrom && u < kClearanceTo;
      const double low = point.y() - (mid_swing ? kClearance_m : 0);
      if (low < 0) {
        const double inf = 1e30;  // height only
        add(1, Vec3(0, low, 0), Vec3(inf, w.clearance_m, inf), 1);
      }
    }
    bodies_.load(foot.link, lane_, load);
    if (!with_hessian_) continue;
    const auto at = [&](int j) { return j < 6 ? j : j < 12 ? kLegStart[side] + j - 6 : kGlobals + j - 12; };
    for (int j = 0; j < kCols; ++j)
      for (int i = 0; i < kCols; ++i) h_(at(i), at(j)) += h(i, j);
  }
}

void PlanProblem::thorax(int k) {
  // E = R R0', e = vee((E - E')/2), de = (tr(E) 1 - E) w / 2 for a small turn w of the thorax.
  const Mat3 E = bodies_.pose(thorax_link_, lane_).R * targets.R_thorax_G[k].transpose();
  const Vec3 e = 0.5 * Vec3(E(2, 1) - E(1, 2), E(0, 2) - E(2, 0), E(1, 0) - E(0, 1));
  const Vec3 weight = Vec3(weights.thorax_frontal_rad, weights.thorax_axial_rad, weights.thorax_sagittal_rad)
                          .cwiseInverse()
                          .cwiseAbs2();
  const Vec3 pull = weight.cwiseProduct(e);
  costs_.value[2] += 0.5 * e.dot(pull);
  const Mat3 D = 0.5 * (E.trace() * Mat3::Identity() - E);
  bodies_.load(thorax_link_, lane_, (Vec6() << D.transpose() * pull, Vec3::Zero()).finished());
  if (!with_hessian_) return;
  Eigen::Matrix<double, 3, kReduced> J = Eigen::Matrix<double, 3, kReduced>::Zero();
  for (int i = thorax_link_; i >= 0; i = model_.coordinates[i].parent)
    J.col(map_.index(i)) += map_.factor(i) * (D * kin_.S_G[i].head<3>());
  h_.block<kReduced, kReduced>(kZ, kZ).noalias() += J.transpose() * weight.asDiagonal() * J;
}

void PlanProblem::hips(int k, const ReducedVec& z) {
  const double weight = 1 / square(weights.hip_moment_nm);
  for (int side : {kRight, kLeft}) {
    const int start = kLegStart[side];
    const HipLimits& l = limits[side];
    const double low[] = {-l.extension_max_rad, -l.abduction_max_rad, -l.external_rotation_max_rad};
    const double high[] = {l.flexion_max_rad, l.adduction_max_rad, l.internal_rotation_max_rad};
    for (int axis = 0; axis < 3; ++axis) {
      const double angle = z[start + axis];
      const double beyond = (angle - std::clamp(angle, low[axis], high[axis])) / kBeyondLimit_rad;
      costs_.value[3] += 0.5 * beyond * beyond;
      if (beyond == 0) continue;
      g_[start + axis] += beyond / kBeyondLimit_rad;
      if (with_hessian_) h_(start + axis, start + axis) += 1 / square(kBeyondLimit_rad);
    }
    if (limits[side] == healthy_limits[side] && !price_whole_hip) continue;  // the difference is exactly zero
    const std::array<int, 4> at{start, start + 1, start + 2, start + 3};
    HipPassive base;
    if (price_whole_hip) {
      const ReducedVec z0 = targets.posture.c.transpose() * assembly_.basis(k).f;
      base = hip_passive(hip_, healthy_limits[side], z0[at[0]], z0[at[1]], z0[at[2]], z0[at[3]]);
      base.d_moment.setZero();
    }
    const auto moments = [&](const Vec3& q, double knee) {
      return std::pair(hip_passive(hip_, limits[side], q[0], q[1], q[2], knee),
                       price_whole_hip ? base : hip_passive(hip_, healthy_limits[side], q[0], q[1], q[2], knee));
    };
    const Vec3 q(z[at[0]], z[at[1]], z[at[2]]);
    const auto [here, healthy] = moments(q, z[at[3]]);
    const Vec3 r = here.moment_nm - healthy.moment_nm;
    costs_.value[3] += 0.5 * weight * r.squaredNorm();
    const Eigen::Matrix<double, 3, 4> J = here.d_moment - healthy.d_moment;
    const Eigen::Vector4d g = weight * (J.transpose() * r);
    for (int j = 0; j < 4; ++j) g_[at[j]] += g[j];
    if (!with_hessian_) continue;
    Eigen::Matrix4d h = weight * (J.transpose() * J);
    for (int axis = 0; axis < 3; ++axis) {  // r r'' on the diagonal, from differences of the exact first derivative
      constexpr double kStep = 1e-4;
      Vec3 up = q, down = q;
      up[axis] += kStep;
      down[axis] -= kStep;
      const auto [a1, a0] = moments(up, z[at[3]]);
      const auto [b1, b0] = moments(down, z[at[3]]);
      const Vec3 curve =
          (a1.d_moment.col(axis) - a0.d_moment.col(axis) - b1.d_moment.col(axis) + b0.d_moment.col(axis)) / (2 * kStep);
      h(axis, axis) += weight * std::max(0.0, r.dot(curve));
    }
    for (int j = 0; j < 4; ++j) {
      for (int i = 0; i < 4; ++i) h_(at[i], at[j]) += h(i, j);
    }
  }
}

void PlanProblem::lumbar(int k, const ReducedVec& z) {
  const Vec3 z0 = targets.posture.c.middleCols<3>(kExtension).transpose() * assembly_.basis(k).f;
  const double weight = 1 / square(weights.lumbar_moment_nm);
  for (int l = 0; l < kLevels; ++l) {
    const Level& level = model_.levels[l];
    const int coordinate[] = {level.fe, level.lb, level.ar};
    for (int axis = 0; axis < 3; ++axis) {
      const double f = map_.factor(coordinate[axis]);
      const int j = kExtension + axis;
      const double price = axis == 2 ? weights.lumbar_axial_price : 1;
      const auto here = passive_[l][axis].at(f * z[j]);
      const double r = price * (here.moment_nm - passive_[l][axis].at(f * z0[axis]).moment_nm);
      costs_.value[4] += 0.5 * weight * r * r;
      const double d = price * f * here.slope_nm_rad;
      g_[j] += weight * r * d;
      if (with_hessian_) h_(j, j) += weight * d * d;
    }
  }
}

void PlanProblem::tight_muscles(const ReducedVec& z) {
  const double weight = 1 / square(weights.hip_moment_nm);
  for (const TightMuscle& m : tight) {
    const ReducedVec dz = z - m.z0;
    const ReducedVec bend = m.curve * dz;
    const double stretch = m.length_m + m.slope.dot(dz) + 0.5 * dz.dot(bend) - m.slack_m;
    if (stretch <= 0) continue;
    // Beyond x = 6 (far past any posture) the law goes on as a straight line, so that no trial step overflows.
    const double x = std::min(stretch / m.scale_m, 6.0), over = stretch / m.scale_m - x;
    const double stiffness = m.force_n / m.scale_m * std::expm1(x);
    const double force = m.force_n * (std::expm1(x) - x) + stiffness * m.scale_m * over;
    // Its moment on every joint it crosses is -F dl/dz; priced by the sum of squares over joints.
    const ReducedVec arm = m.slope + bend;
    const double arm2 = arm.squaredNorm();
    costs_.value[9] += 0.5 * weight * force * force * arm2;
    const ReducedVec dF = stiffness * arm;
    const ReducedVec g = weight * (force * arm2 * dF + force * force * (m.curve * arm));
    g_.segment<kReduced>(kZ) += g;
    if (!with_hessian_) continue;
    h_.block<kReduced, kReduced>(kZ, kZ).noalias() += weight * arm2 * (dF + force / m.scale_m * arm) * dF.transpose();
  }
}

void PlanProblem::posture(const PlanState& x) {
  const ReducedVec sigma = posture_sigma(weights);
  for (int j = 0; j < kReduced; ++j) {
    const double base = 1 / square(sigma[j]);
    const double k0 = is_sagittal(j) ? weights.harmonic_sagittal : weights.harmonic_frontal_axial;
    for (int b = 0; b < kBasis; ++b) {
      const int k = (b + 1) / 2;
      double weight = base * (k == 0 ? 1.0 : 0.5 * (1 + square(square(k / k0))));
      if (k == 0 && (j == kTilt || j == kExtension)) weight *= weights.mean_weight;
      const double error = x.c(b, j) - targets.posture.c(b, j);
      costs_.value[5] += 0.5 * weight * error * error;
      gradient_[j * kBasis + b] += weight * error;
      if (with_hessian_) hessian_(j * kBasis + b, j * kBasis + b) += weight;
    }
  }
}

void PlanProblem::globals(const PlanState& x) {
  const int at = kReduced * kBasis;
  const auto add = [&](double error, double sigma, const PlanGlobals& d) {
    const double weight = 1 / square(sigma);
    costs_.value[6] += 0.5 * weight * error * error;
    gradient_.tail<kPlanGlobals>() += weight * error * d;
    if (with_hessian_) hessian_.block<kPlanGlobals, kPlanGlobals>(at, at) += weight * d * d.transpose();
  };
  const PlanGlobals& g = x.g;
  const PlanGlobals& g0 = targets.posture.g;
  PlanGlobals d = PlanGlobals::Zero();
  d[kStride] = 1 / g[kPeriod];
  d[kPeriod] = -g[kStride] / square(g[kPeriod]);
  add(g[kStride] / g[kPeriod] - targets.speed_m_s, weights.speed_m_s, d);
  const double sigma[] = {weights.stride_m,    weights.period_s,    weights.foot_shift_m, weights.foot_shift_m,
                          weights.foot_side_m, weights.foot_side_m, weights.toe_out_rad,  weights.toe_out_rad};
  for (int i = 0; i < kPlanGlobals; ++i)
    add(g[i] - (i == kStride ? targets.stride_m : g0[i]), sigma[i], PlanGlobals::Unit(i));
}

}  // namespace hipspine
