/// The objective of one cycle.
///
/// Unknowns: reduced coordinates z_j(p) as Fourier series (7 harmonics), and eight globals: stride length L, period T,
/// a fore-aft and a sideways shift and a toe-out of each footprint. Over N nodes p_k = k/N,
///   min  1/N sum_k  1/2 |r(z, dz/dp, d2z/dp2, globals; p_k)|^2  +  posture and globals,      r = error / sigma
///   feet     standing: sole point where the footprint puts it (tight), window from ContactPlan;
///            swinging: sole point on the target path, scaled by stride; clearance as a hinge on height
///   thorax   rotation of the thorax in space away from the target, vee of the skew part of R R0'
///   hips     M(q; limits) - M(q; healthy limits), per axis: a healthy hip costs exactly nothing; and what an angle is
///            beyond one of its limits (the other hip may not overshoot either, though its moments are healthy)
///   lumbar   M_level(q) - M_level(q_target(p)), per level and axis
///   effort   net moment of everything above L5/S1 about the joint's three axes, healthy or not: what the trunk muscles
///            have to turn round in every step
///   strength hip abductor moment in single stance times the capacity lost, 1/strength - 1: beyond the healthy effort
///   tight    extra passive moment F(l) dl/dz of a shortened muscle, priced like a hip moment
///   force    ground force of both feet away from the target's
///   dynamics distance of the wrench w(q, q', q'') from the contact cone (contact_cone.h)
///   posture  z - z_target in coefficient space, harmonic k weighted 1 + (k/k0)^4; means of tilt and lumbar by w0
///
/// Local derivatives are taken with respect to (z, dz/dp, d2z/dp2, globals) at each node; Gauss-Newton except where a
/// residual is exponential (hips): there r·r'' is added (kept where positive), which turns linear convergence
/// with factor 1/2 into quadratic convergence.
/// Assembly: H_ij (15 x 15) = sum_k sum_ab h_ab[i, j; k] f_a(p_k) f_b(p_k)', a, b = order of derivative; done as one
/// matrix product per i over the stacked nodes.
#include "sim/gait/plan_problem.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

constexpr int kZ = 0, kDz = kReduced, kDdz = 2 * kReduced, kGlobals = 3 * kReduced;  // local offsets
constexpr double kNodeWeight = 1.0 / kNodes;
constexpr double kStrength_nm =
    12;  // chosen: sigma of moment times lost capacity; a sixth of the moment of single stance
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
                         const LumbarCurves& lumbar, double arm_swing_rad)
    : model_(model), contact_(contact), hip_(hip), map_(model), passive_(lumbar), local_hessian_(kNodes) {
  map_.set_arm_swing(arm_swing_rad);
  thorax_link_ = model.bodies[model.body("thorax_upper")].link;
  for (int k = 0; k < kNodes; ++k) basis_[k] = basis_rows(static_cast<double>(k) / kNodes);
  kin_.resize(model.n_coord());
}

void PlanProblem::set_paths_from_posture() {
  for (int k = 0; k < kNodes; ++k) {
    const PlanState& x = targets.posture;
    const ReducedVec z = x.c.transpose() * basis_[k].f;
    map_.expand(z, x.c.transpose() * basis_[k].df, x.c.transpose() * basis_[k].ddf, static_cast<double>(k) / kNodes,
                x.g[kPeriod], q_, v_, a_);
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

double PlanProblem::evaluate(const PlanState& x, bool derivatives) {
  costs_.value.fill(0);
  for (int k = 0; k < kNodes; ++k) node(k, x, derivatives);
  for (double& v : costs_.value) v *= kNodeWeight;
  if (derivatives) assemble();
  posture(x, derivatives);
  globals(x, derivatives);
  if (derivatives) {
    hessian_.triangularView<Eigen::StrictlyLower>() = hessian_.transpose().triangularView<Eigen::StrictlyLower>();
  }
  return costs_.sum();
}

void PlanProblem::node(int k, const PlanState& x, bool derivatives) {
  const BasisRows& b = basis_[k];
  const ReducedVec z = x.c.transpose() * b.f;
  const ReducedVec dz = x.c.transpose() * b.df;
  const ReducedVec ddz = x.c.transpose() * b.ddf;
  map_.expand(z, dz, ddz, static_cast<double>(k) / kNodes, x.g[kPeriod], q_, v_, a_);
  update_position(model_, q_, kin_);
  update_velocity(model_, v_, kin_);
  update_acceleration(model_, v_, a_, kin_);
  g_ = &local_gradient_[k];
  h_ = &local_hessian_[k];
  if (derivatives) {
    g_->setZero();
    h_->setZero();
  }
  feet(k, x, derivatives);
  thorax(k, derivatives);
  if (price_tissue) {
    hips(z, derivatives);
    lumbar(k, z, derivatives);
    tight_muscles(z, derivatives);
  }
  dynamics(k, x, derivatives);
  trunk_effort(x, derivatives);
  if (price_tissue) lost_strength(k, x, derivatives);
}

void PlanProblem::feet(int k, const PlanState& x, bool derivatives) {
  const double p = static_cast<double>(k) / kNodes;
  const Strategy& w = weights;
  for (int side : {kRight, kLeft}) {
    const double u = ContactPlan::foot_phase(side, p);
    const Foot& foot = model_.feet[side];
    // Columns: the pelvis and this leg (12), then globals.
    constexpr int kCols = 12 + kPlanGlobals;
    std::array<int, kCols> at;
    for (int j = 0; j < 6; ++j) at[j] = j;
    for (int j = 0; j < 6; ++j) at[6 + j] = kLegStart[side] + j;
    for (int j = 0; j < kPlanGlobals; ++j) at[12 + j] = kGlobals + j;
    Eigen::Matrix<double, kCols, kCols> h = Eigen::Matrix<double, kCols, kCols>::Zero();
    Eigen::Matrix<double, kCols, 1> g = Eigen::Matrix<double, kCols, 1>::Zero();
    for (int s = 0; s < 3; ++s) {
      const Vec3 point = point_G(kin_, foot.link, foot.sole_L[s]);
      Eigen::Matrix<double, 3, kCols> J = Eigen::Matrix<double, 3, kCols>::Zero();
      if (derivatives) {
        for (int i = foot.link; i >= 0; i = model_.coordinates[i].parent) {
          const int r = map_.index(i);
          const int column = r < 6 ? r : r - kLegStart[side] + 6;
          J.col(column) = kin_.S_G[i].tail<3>() + kin_.S_G[i].head<3>().cross(point);
        }
      }
      const auto add = [&](int cost, const Vec3& error, const Vec3& sigma, double window) {
        if (window == 0) return;
        const Vec3 weight = sigma.cwiseInverse().cwiseAbs2() * (window * window);
        costs_.value[cost] += 0.5 * error.dot(weight.cwiseProduct(error));
        if (!derivatives) return;
        g.noalias() += J.transpose() * weight.cwiseProduct(error);
        h.noalias() += J.transpose() * weight.asDiagonal() * J;
      };
      const double window = contact_.stance_window(s, u);
      Eigen::Matrix<double, 3, kPlanGlobals> dt;
      if (window > 0) {
        const Vec3 target = contact_.sole_target(side, s, u, x.g, dt);
        J.rightCols<kPlanGlobals>() = -dt;
        add(0, point - target, Vec3::Constant(w.stance_m), window);
      }
      Vec3 path = targets.sole[k][side][s];
      const double ratio = x.g[kStride] / targets.posture.g[kStride];
      J.rightCols<kPlanGlobals>().setZero();
      J(0, 12 + kStride) = -path.x() / targets.posture.g[kStride];
      path.x() *= ratio;
      add(1, point - path, Vec3(w.swing_m, w.swing_height_m, w.swing_m), 1 - window);
      J.rightCols<kPlanGlobals>().setZero();
      const bool mid_swing = s > 0 && u > kClearanceFrom && u < kClearanceTo;
      const double low = point.y() - (mid_swing ? kClearance_m : 0);
      if (low < 0) {
        const double inf = 1e30;  // height only
        add(1, Vec3(0, low, 0), Vec3(inf, w.clearance_m, inf), 1);
      }
    }
    if (!derivatives) continue;
    for (int j = 0; j < kCols; ++j) {
      (*g_)[at[j]] += g[j];
      for (int i = 0; i < kCols; ++i) (*h_)(at[i], at[j]) += h(i, j);
    }
  }
}

void PlanProblem::thorax(int k, bool derivatives) {
  // E = R R0', e = vee((E - E')/2), de = (tr(E) 1 - E) w / 2 for a small turn w of the thorax.
  const Mat3 E = kin_.X_GL[thorax_link_].R * targets.R_thorax_G[k].transpose();
  const Vec3 e = 0.5 * Vec3(E(2, 1) - E(1, 2), E(0, 2) - E(2, 0), E(1, 0) - E(0, 1));
  const Vec3 weight = Vec3(weights.thorax_frontal_rad, weights.thorax_axial_rad, weights.thorax_sagittal_rad)
                          .cwiseInverse()
                          .cwiseAbs2();
  costs_.value[2] += 0.5 * e.dot(weight.cwiseProduct(e));
  if (!derivatives) return;
  const Mat3 D = 0.5 * (E.trace() * Mat3::Identity() - E);
  Eigen::Matrix<double, 3, kReduced> J = Eigen::Matrix<double, 3, kReduced>::Zero();
  for (int i = thorax_link_; i >= 0; i = model_.coordinates[i].parent) {
    J.col(map_.index(i)) += map_.factor(i) * (D * kin_.S_G[i].head<3>());
  }
  g_->segment<kReduced>(kZ).noalias() += J.transpose() * weight.cwiseProduct(e);
  h_->block<kReduced, kReduced>(kZ, kZ).noalias() += J.transpose() * weight.asDiagonal() * J;
}

void PlanProblem::hips(const ReducedVec& z, bool derivatives) {
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
      if (!derivatives || beyond == 0) continue;
      (*g_)[start + axis] += beyond / kBeyondLimit_rad;
      (*h_)(start + axis, start + axis) += 1 / square(kBeyondLimit_rad);
    }
    if (limits[side] == healthy_limits[side]) continue;  // the difference is exactly zero
    const std::array<int, 4> at{start, start + 1, start + 2, start + 3};
    const auto moments = [&](const Vec3& q, double knee) {
      return std::pair(hip_passive(hip_, limits[side], q[0], q[1], q[2], knee),
                       hip_passive(hip_, healthy_limits[side], q[0], q[1], q[2], knee));
    };
    const Vec3 q(z[at[0]], z[at[1]], z[at[2]]);
    const auto [here, healthy] = moments(q, z[at[3]]);
    const Vec3 r = here.moment_nm - healthy.moment_nm;
    costs_.value[3] += 0.5 * weight * r.squaredNorm();
    if (!derivatives) continue;
    const Eigen::Matrix<double, 3, 4> J = here.d_moment - healthy.d_moment;
    const Eigen::Vector4d g = weight * (J.transpose() * r);
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
      (*g_)[at[j]] += g[j];
      for (int i = 0; i < 4; ++i) (*h_)(at[i], at[j]) += h(i, j);
    }
  }
}

void PlanProblem::lumbar(int k, const ReducedVec& z, bool derivatives) {
  const ReducedVec z0 = targets.posture.c.transpose() * basis_[k].f;
  const double weight = 1 / square(weights.lumbar_moment_nm);
  for (int l = 0; l < kLevels; ++l) {
    const Level& level = model_.levels[l];
    const int coordinate[] = {level.fe, level.lb, level.ar};
    for (int axis = 0; axis < 3; ++axis) {
      const double f = map_.factor(coordinate[axis]);
      const int j = kExtension + axis;
      const double price = axis == 2 ? weights.lumbar_axial_price : 1;
      const auto here = passive_[l][axis].at(f * z[j]);
      const double r = price * (here.moment_nm - passive_[l][axis].at(f * z0[j]).moment_nm);
      costs_.value[4] += 0.5 * weight * r * r;
      if (!derivatives) continue;
      const double d = price * f * here.slope_nm_rad;
      (*g_)[j] += weight * r * d;
      (*h_)(j, j) += weight * d * d;
    }
  }
}

void PlanProblem::tight_muscles(const ReducedVec& z, bool derivatives) {
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
    if (!derivatives) continue;
    const ReducedVec dF = stiffness * arm;
    const ReducedVec g = weight * (force * arm2 * dF + force * force * (m.curve * arm));
    g_->segment<kReduced>(kZ) += g;
    h_->block<kReduced, kReduced>(kZ, kZ).noalias() += weight * arm2 * (dF + force / m.scale_m * arm) * dF.transpose();
  }
}

void PlanProblem::dynamics(int k, const PlanState& x, bool derivatives) {
  const double p = static_cast<double>(k) / kNodes;
  const double period = x.g[kPeriod];
  if (derivatives) {
    total_wrench(model_, kin_, wrench_);
  } else {
    wrench_.w = total_wrench_value(model_, kin_);
  }
  contact_.generators(p, x.g, generators_);
  Vec6 W;
  W << Vec3::Constant(1 / weights.dynamics_nm), Vec3::Constant(1 / weights.dynamics_n);
  ConeDistance& cone = cone_[k];
  cone_distance(wrench_.w, generators_.G, W, cone);
  costs_.value[8] += dynamics_weight * cone.cost;

  const double bw = model_.weight_n();
  const Vec3 sigma(weights.force_forward_bw * bw, weights.force_up_bw * bw, weights.force_side_bw * bw);
  const Vec3 force_weight = sigma.cwiseInverse().cwiseAbs2();
  const Vec3 force_error = wrench_.w.tail<3>() - targets.force_n[k];
  costs_.value[7] += 0.5 * force_error.dot(force_weight.cwiseProduct(force_error));
  if (!derivatives) return;

  // D: derivative of w with respect to the local unknowns. The ground's own change with the globals counts only
  // against the cone; by the envelope theorem it is the change of G lambda at fixed lambda.
  Eigen::Matrix<double, 6, kLocal> D;
  Eigen::Matrix<double, 6, kReduced> part;
  map_.reduce(wrench_.dw_dq, part);
  D.middleCols<kReduced>(kZ) = part;
  map_.reduce(wrench_.dw_dv, part);
  D.middleCols<kReduced>(kDz) = part / period;
  map_.reduce(wrench_.dw_da, part);
  D.middleCols<kReduced>(kDdz) = part / (period * period);
  D.rightCols<kPlanGlobals>().setZero();
  D.col(kGlobals + kPeriod) = -(wrench_.dw_dv * v_ + 2 * (wrench_.dw_da * a_)) / period;
  Eigen::Matrix<double, 6, kLocal> D_cone = D;
  Eigen::Matrix<double, 6, kPlanGlobals> ground;
  contact_.generator_change(p, x.g, generators_, cone.lambda, ground);
  D_cone.rightCols<kPlanGlobals>() -= ground;
  const Mat6 Q = dynamics_weight * cone.hessian;
  g_->noalias() += D_cone.transpose() * (dynamics_weight * cone.gradient);
  h_->noalias() += D_cone.transpose() * (Q * D_cone);
  const Eigen::Matrix<double, 3, kLocal> F = D.bottomRows<3>();
  g_->noalias() += F.transpose() * force_weight.cwiseProduct(force_error);
  h_->noalias() += F.transpose() * (force_weight.asDiagonal() * F);
}

PlanProblem::LocalVec PlanProblem::joint_moment_change(int coordinate, const TotalWrench& part, double period) const {
  // M = S·w: the wrench changes, and the axis turns with what carries it.
  const Vec6& S = kin_.S_G[coordinate];
  LocalVec d = LocalVec::Zero();
  const double rate = 1 / period;
  for (int i = 0; i < model_.n_coord(); ++i) {
    const int j = map_.index(i);
    if (j < 0) continue;
    d[kZ + j] += map_.factor(i) * S.dot(part.dw_dq.col(i));
    d[kDz + j] += map_.factor(i) * rate * S.dot(part.dw_dv.col(i));
    d[kDdz + j] += map_.factor(i) * rate * rate * S.dot(part.dw_da.col(i));
  }
  for (int i = model_.coordinates[coordinate].parent; i >= 0; i = model_.coordinates[i].parent) {
    d[kZ + map_.index(i)] += map_.factor(i) * cross_motion(kin_.S_G[i], S).dot(part.w);
  }
  d[kGlobals + kPeriod] = -rate * S.dot(part.dw_dv * v_ + 2 * (part.dw_da * a_));
  return d;
}

void PlanProblem::trunk_effort(const PlanState& x, bool derivatives) {
  // After dynamics() at the same node: its wrench_ holds the sums over the trunk.
  const double weight = 1 / square(weights.trunk_moment_nm);
  const Level& lowest = model_.levels.front();
  const std::array<int, 3> axis{lowest.fe, lowest.lb, lowest.ar};
  if (derivatives) {
    part_wrench(model_, kin_, wrench_, kTrunkPart, part_);
  } else {
    part_.w = part_wrench_value(model_, kin_, kTrunkPart);
  }
  Vec3 moment;
  Eigen::Matrix<double, kLocal, 3> D;
  for (int i = 0; i < 3; ++i) {
    moment[i] = kin_.S_G[axis[i]].dot(part_.w);
    if (derivatives) D.col(i) = joint_moment_change(axis[i], part_, x.g[kPeriod]);
  }
  costs_.value[11] += 0.5 * weight * moment.squaredNorm();
  if (!derivatives) return;
  g_->noalias() += D * (weight * moment);
  h_->noalias() += weight * D * D.transpose();
}

void PlanProblem::lost_strength(int k, const PlanState& x, bool derivatives) {
  // While the other foot is in the air, the hip passes the wrench w that everything but its leg needs: abductor moment
  // M = S·w with S the adduction axis. Priced: window · max(0, M) · (1/strength - 1).
  const double p = static_cast<double>(k) / kNodes;
  for (int side : {kRight, kLeft}) {
    if (abductor_strength[side] >= 1) continue;
    const double window = contact_.load_window(ContactPlan::foot_phase(side, p)) *
                          (1 - contact_.load_window(ContactPlan::foot_phase(1 - side, p)));
    if (window == 0) continue;
    const double lost = 1 / std::max(abductor_strength[side], 0.1) - 1;
    const double scale = window * lost / kStrength_nm;
    if (!derivatives) total_wrench(model_, kin_, wrench_);
    part_wrench(model_, kin_, wrench_, static_cast<Part>(side), part_);
    part_.w = wrench_.w - part_.w;
    part_.dw_dq = wrench_.dw_dq - part_.dw_dq;
    part_.dw_dv = wrench_.dw_dv - part_.dw_dv;
    part_.dw_da = wrench_.dw_da - part_.dw_da;
    const int axis = model_.legs[side].hip_adduction;
    const double moment = kin_.S_G[axis].dot(part_.w);
    if (moment <= 0) continue;
    const double r = scale * moment;
    costs_.value[10] += 0.5 * r * r;
    if (!derivatives) continue;
    const LocalVec d = scale * joint_moment_change(axis, part_, x.g[kPeriod]);
    *g_ += r * d;
    h_->noalias() += d * d.transpose();
  }
}

void PlanProblem::posture(const PlanState& x, bool derivatives) {
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
      if (!derivatives) continue;
      gradient_[j * kBasis + b] += weight * error;
      hessian_(j * kBasis + b, j * kBasis + b) += weight;
    }
  }
}

void PlanProblem::globals(const PlanState& x, bool derivatives) {
  const int at = kReduced * kBasis;
  const auto add = [&](double error, double sigma, const PlanGlobals& d) {
    const double weight = 1 / square(sigma);
    costs_.value[6] += 0.5 * weight * error * error;
    if (!derivatives) return;
    gradient_.tail<kPlanGlobals>() += weight * error * d;
    hessian_.block<kPlanGlobals, kPlanGlobals>(at, at) += weight * d * d.transpose();
  };
  const PlanGlobals& g = x.g;
  const PlanGlobals& g0 = targets.posture.g;
  PlanGlobals d = PlanGlobals::Zero();
  d[kStride] = 1 / g[kPeriod];
  d[kPeriod] = -g[kStride] / square(g[kPeriod]);
  add(g[kStride] / g[kPeriod] - targets.speed_m_s, weights.speed_m_s, d);
  const double sigma[] = {weights.stride_m,    weights.period_s,    weights.foot_shift_m, weights.foot_shift_m,
                          weights.foot_side_m, weights.foot_side_m, weights.toe_out_rad,  weights.toe_out_rad};
  for (int i = 0; i < kPlanGlobals; ++i) add(g[i] - g0[i], sigma[i], PlanGlobals::Unit(i));
}

void PlanProblem::assemble() {
  constexpr int kZs = kReduced * kBasis;
  gradient_.setZero(kUnknowns);
  hessian_.setZero(kUnknowns, kUnknowns);
  stacked_.resize(kBasis, 3 * kNodes);
  products_.resize(3 * kNodes, kZs);
  for (int k = 0; k < kNodes; ++k) {
    const BasisRows& b = basis_[k];
    const Eigen::Matrix<double, kBasis, 3> f = (Eigen::Matrix<double, kBasis, 3>() << b.f, b.df, b.ddf).finished();
    stacked_.middleCols<3>(3 * k) = f * kNodeWeight;
    const LocalVec& g = local_gradient_[k];
    const LocalMat& h = local_hessian_[k];
    for (int j = 0; j < kReduced; ++j) {
      gradient_.segment<kBasis>(j * kBasis).noalias() +=
          kNodeWeight * (b.f * g[kZ + j] + b.df * g[kDz + j] + b.ddf * g[kDdz + j]);
      Eigen::Matrix<double, kPlanGlobals, 3> hg;
      hg << h.block<kPlanGlobals, 1>(kGlobals, kZ + j), h.block<kPlanGlobals, 1>(kGlobals, kDz + j),
          h.block<kPlanGlobals, 1>(kGlobals, kDdz + j);
      hessian_.block<kBasis, kPlanGlobals>(j * kBasis, kZs).noalias() += kNodeWeight * f * hg.transpose();
    }
    gradient_.tail<kPlanGlobals>() += kNodeWeight * g.tail<kPlanGlobals>();
    hessian_.bottomRightCorner<kPlanGlobals, kPlanGlobals>() +=
        kNodeWeight * h.bottomRightCorner<kPlanGlobals, kPlanGlobals>();
  }
  for (int i = 0; i < kReduced; ++i) {  // upper triangle of blocks
    for (int k = 0; k < kNodes; ++k) {
      const BasisRows& b = basis_[k];
      const LocalMat& h = local_hessian_[k];
      for (int j = i; j < kReduced; ++j) {
        for (int order = 0; order < 3; ++order) {
          const int row = order * kReduced + i;
          products_.row(3 * k + order).segment<kBasis>(j * kBasis).noalias() =
              (h(row, kZ + j) * b.f + h(row, kDz + j) * b.df + h(row, kDdz + j) * b.ddf).transpose();
        }
      }
    }
    const int columns = (kReduced - i) * kBasis;
    hessian_.block(i * kBasis, i * kBasis, kBasis, columns).noalias() = stacked_ * products_.rightCols(columns);
  }
}

}  // namespace hipspine
