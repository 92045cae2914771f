/// tau = hip_passive + lumbar curves + knee stop - d v on joints;  k (q_ref - q) + c (v_ref - v) on thorax and arms.
#include "sim/plant/passive_torque.h"

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"

namespace hipspine {
namespace {

constexpr double kLegDamping_nms = 0.5;     // chosen: N·m·s/rad; joints without damping ring
constexpr double kLumbarDamping_nms = 1.0;  // chosen: about a hundredth of the stiffness times a second
constexpr double kKneeStop_nm = 2.0, kKneeStopFold_rad = rad_from_deg(2),
                 kKneeStraight_rad = rad_from_deg(-1);  // chosen
constexpr double kKneeStopMost_nm = 300;
constexpr double kFollowStiffness_nm = 600, kFollowDamping_nms = 25;  // chosen: tight at the weight of thorax and arms

}  // namespace

std::vector<int> following_coordinates(const Model& model) {
  std::vector<int> out;
  for (int i = 0; i < model.n_coord(); ++i)
    if (model.coordinates[i].prescribed || model.coordinates[i].name.rfind("thoracic_", 0) == 0) out.push_back(i);
  return out;
}

void PassiveTorque::evaluate(const CoordVec& q, const CoordVec& v, const CoordVec& q_ref, const CoordVec& v_ref,
                             CoordVec& tau) const {
  tau.setZero(model.n_coord());
  for (int side : {kRight, kLeft}) {
    const Leg& leg = model.legs[side];
    const Vec3 m =
        hip_passive(hip, limits[side], q[leg.hip_flexion], q[leg.hip_adduction], q[leg.hip_rotation], q[leg.knee])
            .moment_nm;
    const int at[] = {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation};
    for (int axis = 0; axis < 3; ++axis) tau[at[axis]] = m[axis];
    for (int c : {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation, leg.knee, leg.ankle, leg.subtalar})
      tau[c] -= kLegDamping_nms * v[c];
    tau[leg.knee] +=
        std::min(kKneeStopMost_nm,
                 kKneeStop_nm * std::exp(std::min(10.0, (kKneeStraight_rad - q[leg.knee]) / kKneeStopFold_rad)));
  }
  for (int l = 0; l < kLevels; ++l) {
    const int at[] = {model.levels[l].fe, model.levels[l].lb, model.levels[l].ar};
    for (int axis = 0; axis < 3; ++axis)
      tau[at[axis]] += lumbar[l][axis].at(q[at[axis]]).moment_nm - kLumbarDamping_nms * v[at[axis]];
  }
  for (int i = 0; i < model.n_coord(); ++i) {
    const Coordinate& c = model.coordinates[i];
    if (!c.prescribed && c.name.rfind("thoracic_", 0) != 0) continue;
    tau[i] += kFollowStiffness_nm * (q_ref[i] - q[i]) + kFollowDamping_nms * (v_ref[i] - v[i]);
  }
}

}  // namespace hipspine
