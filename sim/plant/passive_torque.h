#pragma once
/// What joints resist by themselves in the plant: hips (tissue/hip_passive), lumbar levels (tissue/segment), a stop of
/// the straight knee, viscous damping; and what stands in for structures the model leaves out: the thoracic joint and
/// the arms follow the motion by a spring and a damper.
#include "sim/model/scenario.h"
#include "sim/tissue/hip_passive.h"
#include "sim/tissue/segment.h"

namespace hipspine {

struct PassiveTorque {
  const Model& model;
  const HipPassiveParameters& hip;
  const LumbarCurves& lumbar;
  std::array<HipLimits, 2> limits;

  /// tau (n_coord) at a state; thoracic joint and arms are drawn to (q_ref, v_ref).
  void evaluate(const CoordVec& q, const CoordVec& v, const CoordVec& q_ref, const CoordVec& v_ref,
                CoordVec& tau) const;
};

/// Coordinates that follow by spring and damper.
[[nodiscard]] std::vector<int> following_coordinates(const Model& model);

}  // namespace hipspine
