/// Quadratic path of a tight muscle about z0, from exact moment arms r = -dl/dq:
///   dl/dz = -S' r,      d2l/dz2 by central differences of dl/dz, symmetrised                               (1)
/// Force: the tight muscle's passive curve (muscle/hill_muscle.cpp) with pennation left out and the healthy muscle's
/// own curve, which is zero at these lengths, as well:
///   F = F_max (e^x - 1 - x)/(e^k - 1 - k),  x = k (l - slack) / (e0 l_opt (1 - t)),  slack = l_tendon + l_opt (1 - t)
///   (2)
#include "sim/run/planned_muscles.h"

#include <algorithm>

#include "sim/muscle/hill_muscle.h"

namespace hipspine {
namespace {

constexpr double kStep_rad = 1e-3;

ReducedVec length_slope(const ReducedMap& map, const MuscleGeometry& geometry, int muscle, int n_coord) {
  ReducedVec slope = ReducedVec::Zero();
  for (int i = 0; i < n_coord; ++i) {
    if (map.index(i) >= 0) slope[map.index(i)] -= map.factor(i) * geometry.arm_m(i, muscle);
  }
  return slope;
}

}  // namespace

std::vector<TightMuscle> fit_tight_muscles(const Model& model, const MusclePaths& paths, const ReducedMap& map,
                                           const PlanState& healthy) {
  std::vector<TightMuscle> out;
  Kinematics kin;
  MuscleGeometry geometry;
  CoordVec q, v, a;
  const auto geometry_at = [&](const ReducedVec& z) {
    map.expand(z, ReducedVec::Zero(), ReducedVec::Zero(), 0, 1, q, v, a);
    update_position(model, q, kin);
    muscle_geometry(paths, kin, geometry);
  };
  for (int m = 0; m < model.n_muscle(); ++m) {
    const Muscle& muscle = model.muscles[m];
    if (muscle.tightness <= 0) continue;
    TightMuscle t;
    for (int k = 0; k < kNodes; ++k) {
      const ReducedVec z = healthy.c.transpose() * basis_rows(static_cast<double>(k) / kNodes).f;
      geometry_at(z);
      if (geometry.length_m[m] <= t.length_m) continue;
      t.length_m = geometry.length_m[m];
      t.z0 = z;
      t.slope = length_slope(map, geometry, m, model.n_coord());
    }
    for (int j = kTilt; j < kReduced; ++j) {
      ReducedVec z = t.z0;
      z[j] += kStep_rad;
      geometry_at(z);
      const ReducedVec up = length_slope(map, geometry, m, model.n_coord());
      z[j] -= 2 * kStep_rad;
      geometry_at(z);
      t.curve.col(j) = (up - length_slope(map, geometry, m, model.n_coord())) / (2 * kStep_rad);
    }
    t.curve = (0.5 * (t.curve + t.curve.transpose())).eval();
    const PassiveLaw law = passive_law(muscle);
    t.slack_m = law.slack_m;
    t.scale_m = law.scale_m;
    t.force_n = law.force_n;
    out.push_back(t);
  }
  return out;
}

std::array<double, 2> abductor_capacity_nm(const Model& model, const MusclePaths& paths) {
  Kinematics kin;
  MuscleGeometry geometry;
  update_position(model, CoordVec::Zero(model.n_coord()), kin);
  muscle_geometry(paths, kin, geometry);
  std::array<double, 2> out{};
  for (int side : {kRight, kLeft}) {
    for (int m = 0; m < model.n_muscle(); ++m) {
      out[side] += model.muscles[m].force_max_n * std::max(0.0, -geometry.arm_m(model.legs[side].hip_adduction, m));
    }
  }
  return out;
}

}  // namespace hipspine
