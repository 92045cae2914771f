#pragma once
/// What joints resist by themselves in the plant: hips (tissue/hip_passive), lumbar levels (tissue/segment), a stop of
/// the straight knee, viscous damping.
#include "sim/model/scenario.h"
#include "sim/tissue/hip_passive.h"
#include "sim/tissue/segment.h"

namespace hipspine {

/// Coordinates that no muscle of the model crosses: the thoracic joint and the shoulders.
[[nodiscard]] std::vector<int> muscleless_coordinates(const Model& model);

struct PassiveTorque {
  const Model& model;
  const HipPassiveParameters& hip;
  const LumbarCurves& lumbar;
  std::array<HipLimits, 2> limits;
  std::vector<int> muscleless = muscleless_coordinates(model);

  /// Viscous damping of each coordinate (n_coord) [N·m·s].
  [[nodiscard]] CoordVec damping() const;
  /// tau (n_coord) [N·m] at a state.
  void evaluate(const CoordVec& q, const CoordVec& v, CoordVec& tau) const;
};

}  // namespace hipspine
