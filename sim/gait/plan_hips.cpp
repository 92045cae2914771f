/// The terms of the objective that a weak or painful hip adds. While the other foot is in the air the hip passes the
/// wrench w that everything but its leg needs, so its muscle moments are known without sharing the ground between the
/// feet; `window` is 1 there and falls to 0 in double support. With S the axis of a coordinate, the moment on the thigh
/// is -S·w, of which the capsule and passive muscle give a part:
///   abduction   A = max(0, S_add·w)           flexion   F = -S_flex·w - M_passive(q)
///   strength    window A (1/strength - 1) / sigma
///   pain        of load:      dose window (A, F) / sigma
///               of abductors: dose window A / sigma  and  dose max(0, adduction) / sigma, in all of the cycle
///               of end range: dose max(0, q - (limit - margin)) / sigma, per direction
/// doses as fractions of the worst.
#include <algorithm>
#include <cmath>

#include "sim/gait/plan_problem.h"

namespace hipspine {
namespace {

// chosen: sigma of moment times lost capacity; a sixth of the moment of single stance
constexpr double kStrength_nm = 12;

double square(double x) { return x * x; }

}  // namespace

void PlanProblem::stance_hips(int k, const PlanState& x, const ReducedVec& z) {
  const double p = static_cast<double>(k) / kNodes;
  for (int side : {kRight, kLeft}) {
    const bool weak = abductor_strength[side] < 1;
    const double load = pain[side].load / kWorstPain, tendons = pain[side].abductors / kWorstPain;
    if (!weak && load == 0 && tendons == 0) continue;
    const double window = contact_.load_window(contact_.foot_phase(side, p)) *
                          (1 - contact_.load_window(contact_.foot_phase(1 - side, p)));
    if (window == 0) continue;
    if (!with_gradient_) total_wrench(model_, kin_, wrench_);
    part_wrench(model_, kin_, wrench_, static_cast<Part>(side), part_);
    part_.w = wrench_.w - part_.w;
    part_.dw_dq = wrench_.dw_dq - part_.dw_dq;
    part_.dw_dv = wrench_.dw_dv - part_.dw_dv;
    part_.dw_da = wrench_.dw_da - part_.dw_da;
    const auto add = [&](int cost, double scale, double moment, const LocalVec& change) {
      costs_.value[cost] += 0.5 * square(scale * moment);
      if (!with_gradient_) return;
      *g_ += square(scale) * moment * change;
      if (with_hessian_) h_->noalias() += square(scale) * change * change.transpose();
    };
    const int axis = model_.legs[side].hip_adduction;
    const double abduction = kin_.S_G[axis].dot(part_.w);
    if (abduction > 0) {
      const LocalVec change = with_gradient_ ? joint_moment_change(axis, part_, x.g[kPeriod]) : LocalVec();
      if (weak)
        add(10, window * (1 / std::max(abductor_strength[side], 0.1) - 1) / kStrength_nm, abduction, change);
      add(12, window * std::hypot(load, tendons) / pain_law.moment_nm, abduction, change);
    }
    if (load == 0) continue;
    const int at = kLegStart[side];
    const HipPassive passive = hip_passive(hip_, limits[side], z[at], z[at + 1], z[at + 2], z[at + 3]);
    const int hinge = model_.legs[side].hip_flexion;
    LocalVec change;
    if (with_gradient_) {
      change = -joint_moment_change(hinge, part_, x.g[kPeriod]);
      for (int j = 0; j < 4; ++j) change[kZ + at + j] -= passive.d_moment(0, j);
    }
    add(12, window * load / pain_law.moment_nm, -kin_.S_G[hinge].dot(part_.w) - passive.moment_nm[0], change);
  }
}

void PlanProblem::painful_angles(const ReducedVec& z) {
  const auto beyond = [&](int j, double past, double sign, double weight) {
    if (past <= 0) return;
    costs_.value[12] += 0.5 * weight * square(past);
    if (!with_gradient_) return;
    (*g_)[kZ + j] += weight * past * sign;
    if (with_hessian_) (*h_)(kZ + j, kZ + j) += weight;
  };
  for (int side : {kRight, kLeft}) {
    const int at = kLegStart[side];
    const double dose = pain[side].end_range / kWorstPain, tendons = pain[side].abductors / kWorstPain;
    if (tendons > 0) beyond(at + 1, z[at + 1], 1, square(tendons / pain_law.adduction_rad));
    if (dose == 0) continue;
    const HipLimits& l = limits[side];
    const double low[] = {-l.extension_max_rad, -l.abduction_max_rad, -l.external_rotation_max_rad};
    const double high[] = {l.flexion_max_rad, l.adduction_max_rad, l.internal_rotation_max_rad};
    for (int axis = 0; axis < 3; ++axis) {
      // What hurts is the sore joint's own end, never less than half of the range between its two ends.
      const double margin = std::min(pain_law.end_margin_rad, 0.25 * (high[axis] - low[axis]));
      const double weight = square(dose / pain_law.end_rad), angle = z[at + axis];
      beyond(at + axis, angle - (high[axis] - margin), 1, weight);
      beyond(at + axis, (low[axis] + margin) - angle, -1, weight);
    }
  }
}

}  // namespace hipspine
