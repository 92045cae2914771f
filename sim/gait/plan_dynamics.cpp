/// The terms of the objective that need forces (weak and painful hips: plan_hips.cpp; the others: plan_problem.cpp).
///   dynamics distance of the wrench w(q, q', q'') from the contact cone (contact_cone.h)
///   force    ground force of both feet away from the target's
///   effort   moment of everything above L5/S1 about the joint's three axes less what the level itself resists: what
///   the
///            trunk muscles have to hold, in every step and in every bow
#include <algorithm>

#include "sim/gait/plan_problem.h"

namespace hipspine {
namespace {

double square(double x) { return x * x; }

}  // namespace

void PlanProblem::dynamics(int k, const PlanState& x) {
  const double p = phase_[k];
  const double period = x.g[kPeriod];
  if (with_gradient_) {
    total_wrench(model_, kin_, wrench_);
  } else {
    wrench_.w = total_wrench_value(model_, kin_);
  }
  contact_.generators(p, x.g, generators_);
  Vec6 W;
  W << Vec3::Constant(1 / weights.dynamics_nm), Vec3::Constant(1 / weights.dynamics_n);
  ConeDistance& cone = cone_[k];
  cone_distance(wrench_.w, generators_.G, W, with_hessian_, cone);
  costs_.value[8] += dynamics_weight * cone.cost;

  const double bw = model_.weight_n();
  const Vec3 sigma(weights.force_forward_bw * bw, weights.force_up_bw * bw, weights.force_side_bw * bw);
  const Vec3 force_weight = sigma.cwiseInverse().cwiseAbs2();
  const Vec3 force_error = wrench_.w.tail<3>() - targets.force_n[k];
  costs_.value[7] += 0.5 * force_error.dot(force_weight.cwiseProduct(force_error));
  if (!with_gradient_) return;

  // The ground's own change with the globals counts only against the cone; by the envelope theorem it is the change of
  // G lambda at fixed lambda.
  reduce(wrench_, period, change_);
  Eigen::Matrix<double, 6, kPlanGlobals> ground;
  contact_.generator_change(p, x.g, generators_, cone.lambda, ground);
  const Vec6 pull = dynamics_weight * cone.gradient;
  Vec6 both = pull;
  both.tail<3>() += force_weight.cwiseProduct(force_error);
  g_.noalias() += change_.transpose() * both;
  g_.tail<kPlanGlobals>().noalias() -= ground.transpose() * pull;
  if (!with_hessian_) return;
  forces_.topRows<6>() = change_;
  forces_.topRightCorner<6, kPlanGlobals>() -= ground;
  forces_.middleRows<3>(6) = change_.bottomRows<3>();
  weighted_forces_.topRows<6>().noalias() = (dynamics_weight * cone.hessian) * forces_.topRows<6>();
  weighted_forces_.middleRows<3>(6) = force_weight.asDiagonal() * forces_.middleRows<3>(6);
}

void PlanProblem::add_forces_hessian() { h_.noalias() = forces_.transpose() * weighted_forces_; }

void PlanProblem::reduce(const TotalWrench& wrench, double period, WrenchChange& out) const {
  const double rate = 1 / period;
  Eigen::Matrix<double, 6, kReduced> part;
  map_.reduce(wrench.dw_dq, part);
  out.middleCols<kReduced>(kZ) = part;
  map_.reduce(wrench.dw_dv, part);
  out.middleCols<kReduced>(kDz) = rate * part;
  map_.reduce(wrench.dw_da, part);
  out.middleCols<kReduced>(kDdz) = rate * rate * part;
  out.rightCols<kPlanGlobals>().setZero();
  // All but weight goes with 1/T^2.
  out.col(kGlobals + kPeriod) = -2 * rate * (wrench.w - wrench.w_still);
}

LocalVec PlanProblem::joint_moment_change(int coordinate, const Vec6& w, const WrenchChange& change) const {
  // M = S·w: the wrench changes, and the axis turns with what carries it.
  const Vec6& S = kin_.S_G[coordinate];
  LocalVec d = change.transpose() * S;
  for (int i = model_.coordinates[coordinate].parent; i >= 0; i = model_.coordinates[i].parent) {
    d[kZ + map_.index(i)] += map_.factor(i) * cross_motion(kin_.S_G[i], S).dot(w);
  }
  return d;
}

void PlanProblem::trunk_effort(const PlanState& x) {
  // After dynamics() at the same node: its wrench_ holds the sums over the trunk.
  const double weight = 1 / square(weights.trunk_moment_nm);
  const Level& lowest = model_.levels.front();
  const std::array<int, 3> axis{lowest.fe, lowest.lb, lowest.ar};
  if (with_gradient_) {
    part_wrench(model_, kin_, wrench_, kTrunkPart, part_);
  } else {
    part_.w = part_wrench_value(model_, kin_, kTrunkPart);
  }
  Vec3 moment;
  Eigen::Matrix<double, kLocal, 3> D;
  if (with_gradient_) reduce(part_, x.g[kPeriod], part_change_);
  for (int i = 0; i < 3; ++i) {
    const PassiveCurve::Sample passive = passive_[0][i].at(q_[axis[i]]);
    moment[i] = kin_.S_G[axis[i]].dot(part_.w) - passive.moment_nm;
    if (!with_gradient_) continue;
    D.col(i) = joint_moment_change(axis[i], part_.w, part_change_);
    D(kZ + map_.index(axis[i]), i) -= map_.factor(axis[i]) * passive.slope_nm_rad;
  }
  costs_.value[11] += 0.5 * weight * moment.squaredNorm();
  if (!with_gradient_) return;
  g_.noalias() += D * (weight * moment);
  if (!with_hessian_) return;
  forces_.bottomRows<3>() = D.transpose();
  weighted_forces_.bottomRows<3>() = weight * D.transpose();
}

}  // namespace hipspine
