/// The pace of a limp, and the walk that weakness is measured from. With w(p) = limping_phase(p) (core/limp.h) the
/// healthy posture z0, footprints and ground force of the targets become
///   z(p) = z0(w(p)),   pelvis forward + L (w(p) - p - limp/2),   F(p) = F0(w(p)),
/// so that each instant has the posture of the even phase it is in and both feet keep their steps.
#include "sim/gait/compensation.h"

namespace hipspine {
namespace {

constexpr double kStrong_rad = 1e-6;  // chosen: a reference that weakness is measured from

}  // namespace

void Planner::set_limp(double limp) {
  if (contact_.timing().standing || limp == contact_.timing().limp) return;
  contact_.set_limp(limp);
  problem_.set_nodes();
  PlanTargets& targets = problem_.targets;
  // Each instant has the healthy posture of the even phase it is in; the pelvis is as much further as time is behind.
  targets.posture = fit_.state;
  const double stride = fit_.state.g[kStride];
  for (int k = 0; k < kNodes; ++k) targets.force_n[k] = normal_force_n(limping_phase(problem_.node_phase(k), limp));
  if (limp != 0) {
    targets.posture.c.setZero();
    for (int k = 0; k < kNodes; ++k) {
      const double p = problem_.node_phase(k), w = limping_phase(p, limp);
      ReducedVec z = fit_.state.c.transpose() * basis_rows(w).f;
      z[kTx] += stride * (w - p - 0.5 * limp);
      Eigen::Matrix<double, kBasis, 1> project = 2.0 / kNodes * basis_rows(p).f;
      project[0] *= 0.5;
      targets.posture.c += project * z.transpose();
    }
  }
  problem_.set_paths_from_posture();
}

Vec3 Planner::normal_force_n(double phase) const {
  return model_.weight_n() * Vec3(harmonic_value(force_bw_[kForceForward], phase),
                                  harmonic_value(force_bw_[kForceUp], phase),
                                  harmonic_value(force_bw_[kForceRight], phase));
}

const PlanState& Planner::strong(const Strategy& strategy) {
  if (strong_strategy_ == strategy.name) return strong_;
  PlanQuestion question;
  question.strategy = strategy;
  strong_ = solve(question, nullptr, kStrong_rad).state;
  strong_strategy_ = strategy.name;
  return strong_;
}

}  // namespace hipspine
