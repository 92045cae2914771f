#pragma once
/// What the planner needs to know of a shortened muscle: its extra passive force over a quadratic fit of its path.
#include "sim/gait/plan_problem.h"
#include "sim/muscle/muscle_path.h"

namespace hipspine {

/// Fits every muscle with tightness > 0 at the posture in which it is longest during `healthy` (where it matters).
/// @returns one entry per tight muscle, in model order
[[nodiscard]] std::vector<TightMuscle> fit_tight_muscles(const Model& model, const MusclePaths& paths,
                                                         const ReducedMap& map, const PlanState& healthy);

}  // namespace hipspine
