/// Gates.
///   residual force, moment   largest at the pelvis over the cycle                              5 N, 5 N·m
///   reserve                  per joint: peak reserve over peak net moment, largest joint       10 %
///   foot slip                sole point off its footprint while it stands                      5 mm
///   hip overshoot            angle beyond one of the six limits                                3 deg
///   plan, muscles, levels, pelvic ring   instants at which a solver did not converge, or a hip bone is out of
///                                        equilibrium by more than 1e-9 of its load             0
/// Joint = the three axes of a hip or level together, a knee, an ankle with its subtalar axis: reserves of a joint are
/// compared with what that joint carries, not with an axis that carries nothing.
#include "sim/run/quality_gates.h"

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"

namespace hipspine {
namespace {

double largest_reserve_pct(const CycleResult& result) {
  const Model& model = *result.model;
  std::vector<std::vector<int>> joints;
  for (const Leg& leg : model.legs) {
    joints.push_back({leg.hip_flexion, leg.hip_adduction, leg.hip_rotation});
    joints.push_back({leg.knee});
    joints.push_back({leg.ankle, leg.subtalar});
  }
  for (const Level& level : model.levels) joints.push_back({level.fe, level.lb, level.ar});
  double worst = 0;
  for (const auto& joint : joints) {
    double reserve = 0, moment = 0;
    for (const FrameLoads& f : result.frames) {
      double r2 = 0, m2 = 0;
      for (int c : joint) {
        r2 += f.reserve_nm[c] * f.reserve_nm[c];
        m2 += f.joint_moment[c] * f.joint_moment[c];
      }
      reserve = std::max(reserve, std::sqrt(r2));
      moment = std::max(moment, std::sqrt(m2));
    }
    worst = std::max(worst, 100 * reserve / std::max(moment, 1.0));
  }
  return worst;
}

double hip_overshoot_deg(const CycleResult& result) {
  const Model& model = *result.model;
  double worst = 0;
  for (int side : {kRight, kLeft}) {
    const Leg& leg = model.legs[side];
    const HipLimits& l = result.body.hip[side];
    const auto over = [&](int coordinate, double low, double high) {
      const auto q = result.plan.q.row(coordinate);
      worst = std::max({worst, q.maxCoeff() - high, low - q.minCoeff()});
    };
    over(leg.hip_flexion, -l.extension_max_rad, l.flexion_max_rad);
    over(leg.hip_adduction, -l.abduction_max_rad, l.adduction_max_rad);
    over(leg.hip_rotation, -l.external_rotation_max_rad, l.internal_rotation_max_rad);
  }
  return deg_from_rad(worst);
}

template <class Bad>
double share(const CycleResult& result, Bad bad) {
  return static_cast<double>(std::count_if(result.frames.begin(), result.frames.end(), bad));
}

}  // namespace

std::vector<QualityGate> quality_gates(const CycleResult& result) {
  const Plan& plan = result.plan;
  const auto levels_failed = [](const FrameLoads& f) {
    return std::any_of(f.segment.begin(), f.segment.end(),
                       [](const SegmentLoad& s) { return s.status != SegmentStatus::ok; });
  };
  return {
      {"residual force", plan.residual_n.maxCoeff(), 5, "N"},
      {"residual moment", plan.residual_nm.maxCoeff(), 5, "N·m"},
      {"reserve moment", largest_reserve_pct(result), 10, "% of joint peak"},
      {"foot slip", plan.slip_mm, 5, "mm"},
      {"hip overshoot", hip_overshoot_deg(result), 3, "deg"},
      {"plan not converged", plan.status == Plan::Status::ok ? 0.0 : 1.0, 0, "plans"},
      {"muscles not converged", share(result, [](const FrameLoads& f) { return !f.recruitment_ok; }), 0, "instants"},
      {"levels not converged", share(result, levels_failed), 0, "instants"},
      {"pelvic ring not converged", share(result, [](const FrameLoads& f) { return !f.pelvis_ok; }), 0, "instants"},
  };
}

std::vector<std::string> saturated_muscles(const CycleResult& result) {
  struct Row {
    int muscle;
    int frames;
  };
  std::vector<Row> rows;
  const Model& model = *result.model;
  for (int m = 0; m < model.n_muscle(); ++m) {
    const int frames = static_cast<int>(share(result, [&](const FrameLoads& f) { return f.activation[m] > 0.999; }));
    if (frames > 0) rows.push_back({m, frames});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.frames > b.frames; });
  std::vector<std::string> out;
  for (const Row& r : rows) {
    const int pct = static_cast<int>(std::lround(100.0 * r.frames / kCyclePoints));
    out.push_back(model.muscles[r.muscle].name + " " + std::to_string(pct) + " %");
  }
  return out;
}

}  // namespace hipspine
