/// The terms of the objective that need forces (weak and painful hips: plan_hips.cpp; the others: plan_problem.cpp).
///   dynamics distance of the wrench w(q, q', q'') from the contact cone (contact_cone.h)
///   force    ground force of both feet away from the target's
///   effort   moment of everything above L5/S1 about the joint's three axes less what the level itself resists: what
///            the trunk muscles have to hold, in every step and in every bow
///
/// Gradients go backward, from what each wrench costs to what moves it (four_bodies.h); only Hessians need the change
/// of every wrench with everything, as columns of forces_.
#include <cmath>

#include "sim/gait/plan_problem.h"

namespace hipspine {
namespace {

double square(double x) { return x * x; }

}  // namespace

void PlanProblem::dynamics(int k, const PlanState& x) {
  const double p = phase_[k];
  const Vec6 w = bodies_.whole(lane_);
  contact_.generators(p, x.g, generators_);
  Vec6 W;
  W << Vec3::Constant(1 / weights.dynamics_nm), Vec3::Constant(1 / weights.dynamics_n);
  ConeDistance& cone = cone_[k];
  cone_distance(w, generators_.G, W, with_hessian_, cone);
  costs_.value[8] += dynamics_weight * cone.cost;

  const double bw = model_.weight_n();
  const Vec3 sigma(weights.force_forward_bw * bw, weights.force_up_bw * bw, weights.force_side_bw * bw);
  const Vec3 force_weight = sigma.cwiseInverse().cwiseAbs2();
  const Vec3 force_error = w.tail<3>() - targets.force_n[k];
  costs_.value[7] += 0.5 * force_error.dot(force_weight.cwiseProduct(force_error));

  // The ground's own change with the globals counts only against the cone; by the envelope theorem it is the change of
  // G lambda at fixed lambda.
  Eigen::Matrix<double, 6, kPlanGlobals> ground;
  contact_.generator_change(p, x.g, generators_, cone.lambda, ground);
  Vec6 pull = dynamics_weight * cone.gradient;
  g_.tail<kPlanGlobals>().noalias() -= ground.transpose() * pull;
  pull.tail<3>() += force_weight.cwiseProduct(force_error);
  bodies_.pull_whole(lane_, pull);
  if (!with_hessian_) return;

  total_wrench(model_, kin_, wrench_);
  reduce(wrench_, x.g[kPeriod], change_);
  auto forces = forces_.topRows<kLocal>().transpose();  // (12 x kLocal)
  forces.middleRows<3>(6) = sigma.cwiseInverse().asDiagonal() * change_.bottomRows<3>();
  ground_change_ = change_;
  ground_change_.rightCols<kPlanGlobals>() -= ground;
  forces.topRows<6>().noalias() = (std::sqrt(dynamics_weight) * cone.hessian_root) * ground_change_;
}

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
  for (int i = model_.coordinates[coordinate].parent; i >= 0; i = model_.coordinates[i].parent)
    d[kZ + map_.index(i)] += map_.factor(i) * cross_motion(kin_.S_G[i], S).dot(w);
  return d;
}

void PlanProblem::turn_axis(int coordinate, const Vec6& w) {
  // (S_i × S)·w = S_i·(S ×* w): as if the carrying link were loaded.
  const int carrier = model_.coordinates[coordinate].parent;
  if (carrier >= 0) bodies_.load(carrier, lane_, cross_force(bodies_.axis(coordinate, lane_), w));
}

void PlanProblem::trunk_effort(const PlanState& x) {
  const double weight = 1 / square(weights.trunk_moment_nm);
  const Level& lowest = model_.levels.front();
  const std::array<int, 3> axis{lowest.fe, lowest.lb, lowest.ar};
  const Vec6 w = bodies_.of(kTrunkPart, lane_);
  if (with_hessian_) {
    part_wrench(model_, kin_, wrench_, kTrunkPart, part_);
    reduce(part_, x.g[kPeriod], part_change_);
  }
  for (int i = 0; i < 3; ++i) {
    const PassiveCurve::Sample passive = passive_[0][i].at(bodies_.q(axis[i], lane_));
    const Vec6 S = bodies_.axis(axis[i], lane_);
    const double moment = S.dot(w) - passive.moment_nm;
    costs_.value[11] += 0.5 * weight * square(moment);
    const double stiffness = map_.factor(axis[i]) * passive.slope_nm_rad;
    const int at = kZ + map_.index(axis[i]);
    bodies_.pull(kTrunkPart, lane_, weight * moment * S);
    turn_axis(axis[i], weight * moment * w);
    g_[at] -= weight * moment * stiffness;
    if (!with_hessian_) continue;
    LocalVec change = joint_moment_change(axis[i], w, part_change_);
    change[at] -= stiffness;
    forces_.col(9 + i).head<kLocal>() = std::sqrt(weight) * change;
  }
}

void PlanProblem::add_bodies_gradient(int lane, double period, LocalVec& g) const {
  const double rate = 1 / period;
  for (int i = 0; i < model_.n_coord(); ++i) {
    const int j = map_.index(i);
    if (j < 0) continue;
    const double factor = map_.factor(i);
    g[kZ + j] += factor * bodies_.by_q(i, lane);
    g[kDz + j] += factor * rate * bodies_.by_v(i, lane);
    g[kDdz + j] += factor * rate * rate * bodies_.by_a(i, lane);
  }
  g[kGlobals + kPeriod] -= 2 * rate * bodies_.by_pace(lane);
}

}  // namespace hipspine
