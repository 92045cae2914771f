#pragma once
/// What the planner needs to know of muscles: the extra passive force of shortened ones over a quadratic fit of their
/// paths, and how strong the hip abductors are.
#include "sim/gait/plan_problem.h"
#include "sim/muscle/muscle_path.h"

namespace hipspine {

/// Fits every muscle with tightness > 0 at the posture in which it is longest during `healthy` (where it matters).
/// @returns one entry per tight muscle, in model order
[[nodiscard]] std::vector<TightMuscle> fit_tight_muscles(const Model& model, const MusclePaths& paths,
                                                         const ReducedMap& map, const PlanState& healthy);

/// Sum over muscles of strength times abduction arm at the neutral posture, right and left hip [N·m].
[[nodiscard]] std::array<double, 2> abductor_capacity_nm(const Model& model, const MusclePaths& paths);

}  // namespace hipspine
