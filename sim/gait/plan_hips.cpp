/// The terms of the objective that a weak or painful hip adds. While the other foot is in the air the hip passes the
/// wrench w that everything but its leg needs, so its muscle moments are known without sharing the ground between the
/// feet; `window` is 1 there and falls to 0 in double support. With S the axis of a coordinate, the moment on the thigh
/// is -S·w, of which the capsule and passive muscle give a part:
///   abduction   A = max(0, S_add·w)           flexion   F = -S_flex·w - M_passive(q)
///   strength    window (max(0, A - share strength C) - max(0, A - share C)) / sigma, C the healthy capacity: beyond a
///               share of what the abductors could give, walking on them is too hard and the trunk leans over instead
///               window max(0, sag - (adduction - that of strong hips)) / sigma_sag,  sag = (1/strength - 1) L / (gamma
///               r): weak fibres of length L at a lever r carry the same force only when they are stretched by as much
///               as their short-range stiffness gamma F / L asks for [cui2008]; the pelvis drops by that
///   pain        of load:      dose window (A, F) / sigma
///               of abductors: dose max(0, adduction) / sigma, in all of the cycle (what they cannot do: strength)
///               of end range: dose part max(0, q - (limit - margin)) / sigma, per direction; part grows from 0 to 1
///               over the first degrees of range that are lost: a healthy end does not hurt. The same for bone: dose
///               max(0, flexion + g · (adduction, rotation) - (contact - margin)) / sigma
/// doses as fractions of the worst.
#include <algorithm>
#include <cmath>

#include "sim/gait/plan_problem.h"

namespace hipspine {
namespace {

constexpr double kStrength_nm = 8;    // chosen: an eighth of the moment of single stance
constexpr double kShare = 0.25;       // chosen: walking asks for a fifth of the healthy abductors' capacity
constexpr double kShortRange = 23.4;  // gamma, stiffness of active muscle over force per fibre length [cui2008]
constexpr double kFibre_m = 0.065;    // fibres of gluteus medius [rajagopal2016], 60 to 73 mm
constexpr double kLever_m = 0.05;     // and their lever in abduction, models/muscles.toml
constexpr double kSore_rad = rad_from_deg(5);   // chosen: lost range at which its end hurts in full
constexpr double kSag_rad = rad_from_deg(0.5);  // chosen: sigma of it; nearly a rule

double square(double x) { return x * x; }

}  // namespace

void PlanProblem::stance_hips(int k, const PlanState& x, const ReducedVec& z) {
  const double p = phase_[k];
  for (int side : {kRight, kLeft}) {
    const bool weak = abductor_strength[side] < 1;
    const double load = pain[side].load / kWorstPain;
    if (!weak && load == 0) continue;
    const double window = contact_.load_window(contact_.foot_phase(side, p)) *
                          (1 - contact_.load_window(contact_.foot_phase(1 - side, p)));
    if (window == 0) continue;
    const Part leg = static_cast<Part>(side);
    const Vec6 w = bodies_.whole(lane_) - bodies_.of(leg, lane_);
    if (with_hessian_) {
      part_wrench(model_, kin_, wrench_, leg, part_);
      reduce(part_, x.g[kPeriod], part_change_);
      part_change_ = change_ - part_change_;
    }
    const int at = kLegStart[side];
    // Half the square of scale (sense S·w - part(z)) for the axis S of a coordinate; `by_leg` is the change of part
    // with the leg's first four coordinates.
    const auto add = [&](int cost, double scale, double moment, int axis, double sense, const Eigen::Vector4d& by_leg) {
      costs_.value[cost] += 0.5 * square(scale * moment);
      const double pull = square(scale) * moment;
      bodies_.pull_all_but(leg, lane_, pull * sense * bodies_.axis(axis, lane_));
      turn_axis(axis, pull * sense * w);
      g_.segment<4>(kZ + at) -= pull * by_leg;
      if (!with_hessian_) return;
      LocalVec change = sense * joint_moment_change(axis, w, part_change_);
      change.segment<4>(kZ + at) -= by_leg;
      h_.topLeftCorner<kLocal, kLocal>().noalias() += square(scale) * change * change.transpose();
    };
    if (weak) {
      const int j = kZ + at + 1;
      const double sag = (1 / std::max(abductor_strength[side], 0.2) - 1) * kFibre_m / (kShortRange * kLever_m);
      const double missing = sag - (z[at + 1] - targets.adduction_rad[side][k]);
      if (missing > 0) {
        const double weight = square(window / kSag_rad);
        costs_.value[10] += 0.5 * weight * square(missing);
        g_[j] -= weight * missing;
        if (with_hessian_) h_(j, j) += weight;
      }
    }
    const int axis = model_.legs[side].hip_adduction;
    const double abduction = bodies_.axis(axis, lane_).dot(w);
    if (abduction > 0) {
      if (weak) {
        const double whole = kShare * abductor_capacity_nm[side], left = whole * abductor_strength[side];
        const double beyond = std::max(0.0, abduction - left) - std::max(0.0, abduction - whole);
        if (abduction >= whole)
          costs_.value[10] += 0.5 * square(window / kStrength_nm * beyond);  // all that is missing: the most it costs
        else if (beyond > 0)
          add(10, window / kStrength_nm, beyond, axis, 1, Eigen::Vector4d::Zero());
      }
      if (load > 0) add(12, window * load / pain_law.moment_nm, abduction, axis, 1, Eigen::Vector4d::Zero());
    }
    if (load == 0) continue;
    const HipPassive passive = hip_passive(hip_, limits[side], z[at], z[at + 1], z[at + 2], z[at + 3]);
    const int hinge = model_.legs[side].hip_flexion;
    add(12, window * load / pain_law.moment_nm, -bodies_.axis(hinge, lane_).dot(w) - passive.moment_nm[0], hinge, -1,
        passive.d_moment.row(0).transpose());
  }
}

void PlanProblem::painful_angles(const ReducedVec& z) {
  const auto beyond = [&](int j, double past, double sign, double weight) {
    if (past <= 0) return;
    costs_.value[12] += 0.5 * weight * square(past);
    g_[kZ + j] += weight * past * sign;
    if (with_hessian_) h_(kZ + j, kZ + j) += weight;
  };
  for (int side : {kRight, kLeft}) {
    const int at = kLegStart[side];
    const double dose = pain[side].end_range / kWorstPain, tendons = pain[side].abductors / kWorstPain;
    if (tendons > 0) beyond(at + 1, z[at + 1], 1, square(tendons / pain_law.adduction_rad));
    if (dose == 0) continue;
    const HipLimits& l = limits[side];
    const double weight = square(dose / pain_law.end_rad);
    constexpr int kAxis[] = {0, 0, 1, 1, 2, 2};  // of kHipLimitKeys
    constexpr double kSense[] = {1, -1, -1, 1, 1, -1};
    for (int k = 0; k < 6; ++k) {
      const double limit = l.*kHipLimitKeys[k].value, opposite = l.*kHipLimitKeys[k ^ 1].value;
      const double part = std::clamp((HipLimits{}.*kHipLimitKeys[k].value - limit) / kSore_rad, 0.0, 1.0);
      if (part == 0) continue;
      // Never more than a quarter of the range between the two ends, or a fused hip would hurt everywhere.
      const double margin = std::min(pain_law.end_margin_rad, 0.25 * (limit + opposite));
      beyond(at + kAxis[k], kSense[k] * z[at + kAxis[k]] - (limit - margin), kSense[k], part * part * weight);
    }
    for (const auto& [contact, approach] :
         {std::pair(l.cam_contact_rad, hip_.cam_approach), std::pair(l.pincer_contact_rad, hip_.pincer_approach)}) {
      if (contact == kNoContact_rad) continue;
      const Vec3 g(1, approach[0], approach[1]);
      const double past = g.dot(Vec3(z[at], z[at + 1], z[at + 2])) - (contact - pain_law.end_margin_rad);
      if (past <= 0) continue;
      costs_.value[12] += 0.5 * weight * square(past);
      g_.segment<3>(kZ + at) += weight * past * g;
      if (with_hessian_) h_.block<3, 3>(kZ + at, kZ + at) += weight * g * g.transpose();
    }
  }
}

}  // namespace hipspine
