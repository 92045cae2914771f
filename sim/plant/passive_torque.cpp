/// tau = hip capsule + lumbar curves + knee stop - d v. The stop is k exp((straight - knee)/fold), capped.
#include "sim/plant/passive_torque.h"

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"

namespace hipspine {
namespace {

constexpr double kLegDamping_nms = 0.5;                 // chosen: N·m·s/rad; joints without damping ring
constexpr double kLumbarDamping_nms = 1.0;              // chosen: about a hundredth of the stiffness times a second
constexpr double kKneeStraight_rad = rad_from_deg(-1);  // chosen
constexpr double kStop_nm = 2.0, kStopFold_rad = rad_from_deg(2),
                 kStopMost_nm = 300;       // chosen: ligaments, hard but no wall
constexpr double kUpperDamping_nms = 1.0;  // chosen: thoracic joint and shoulders, as the lumbar levels

/// Moment of a stop that a joint has passed by `beyond_rad`.
double stop_nm(double beyond_rad) {
  return beyond_rad < -10 * kStopFold_rad
             ? 0
             : std::min(kStopMost_nm, kStop_nm * std::exp(std::min(10.0, beyond_rad / kStopFold_rad)));
}

}  // namespace

std::vector<int> muscleless_coordinates(const Model& model) {
  std::vector<int> out;
  for (int i = 0; i < model.n_coord(); ++i)
    if (model.coordinates[i].prescribed || model.coordinates[i].name.rfind("thoracic_", 0) == 0) out.push_back(i);
  return out;
}

CoordVec PassiveTorque::damping() const {
  CoordVec d = CoordVec::Zero(model.n_coord());
  for (const Leg& leg : model.legs)
    for (int c : {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation, leg.knee, leg.ankle, leg.subtalar})
      d[c] = kLegDamping_nms;
  for (const Level& level : model.levels)
    for (int c : {level.fe, level.lb, level.ar}) d[c] = kLumbarDamping_nms;
  for (int c : muscleless) d[c] = kUpperDamping_nms;
  return d;
}

void PassiveTorque::evaluate(const CoordVec& q, const CoordVec& v, CoordVec& tau) const {
  tau.setZero(model.n_coord());
  for (int side : {kRight, kLeft}) {
    const Leg& leg = model.legs[side];
    const Vec3 m =
        hip_passive(hip, limits[side], q[leg.hip_flexion], q[leg.hip_adduction], q[leg.hip_rotation], q[leg.knee])
            .moment_nm;
    const int at[] = {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation};
    for (int axis = 0; axis < 3; ++axis) tau[at[axis]] = m[axis];
    tau[leg.knee] += stop_nm(kKneeStraight_rad - q[leg.knee]);
    for (int c : {leg.ankle, leg.subtalar})
      tau[c] += stop_nm(model.coordinates[c].low - q[c]) - stop_nm(q[c] - model.coordinates[c].high);
  }
  for (int l = 0; l < kLevels; ++l) {
    const int at[] = {model.levels[l].fe, model.levels[l].lb, model.levels[l].ar};
    for (int axis = 0; axis < 3; ++axis) tau[at[axis]] += lumbar[l][axis].at(q[at[axis]]).moment_nm;
  }
  tau -= damping().cwiseProduct(v);
}

}  // namespace hipspine
