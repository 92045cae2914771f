/// A column is a chain of levels. With the pose of level i below its neighbours, X_i = (R_i, t_i) in its disc frame,
///   X_G,i+1 = X_G,i · X_i · (X0_i^-1 X0_i+1),        X0 the unloaded frames                                    (1)
/// every level carries the same pure moment m and dead force F at the point P of the uppermost vertebra:
///   moment at level i = R_G,i' (m + (P - c_i) x F),  force = R_G,i' F,    c_i = X_G,i t_i                       (2)
/// An eyelet above and one below each disc guide the follower cable, so its energy P sum |span_i| is a sum over levels
/// too. Levels are solved one by one under (2), frames brought up to date by (1), until nothing moves. The rounds
/// converge while the dead force is below the column's buckling load; beyond, the result says `limited`.
#include "sim/tissue/test_rig.h"

#include <algorithm>
#include <cmath>

#include "sim/tissue/element.h"

namespace hipspine {
namespace {

constexpr double kEyelet_m = 0.020;       // chosen: half of the 40 mm from one vertebral body to the next [remus2021]
constexpr double kAdjustUnder_n = 400;    // chosen: the load from which the follower mattered [patwardhan2003]
constexpr double kAdjustRange_m = 0.030;  // chosen: within the vertebral body
constexpr int kRounds = 200;
constexpr double kStill = 1e-10;  // of moments [N·m] and forces [N], relative to the largest

}  // namespace

RigAxis rig_axis(RigDirection direction) {
  switch (direction) {
    case RigDirection::flexion:
      return {kFE, -1};
    case RigDirection::extension:
      return {kFE, +1};
    case RigDirection::lateral:
      return {kLB, +1};
    default:
      return {kAR, +1};
  }
}

std::vector<std::string> removable_structures() {
  std::vector<std::string> names{"facets", "capsules", "nucleus"};
  for (int g = 0; g < kLigamentGroups; ++g)
    if (g != kIliolumbar) names.emplace_back(kLigamentNames[g]);  // a specimen has no pelvis, nor its ligaments
  return names;
}

bool remove_structure(const std::string& name, const NucleusRemoval& nucleus, SegmentParameters& p) {
  const auto cut = [&](int group) {
    int kept = 0;
    for (int i = 0; i < p.n_ligament; ++i)
      if (p.ligament[i].group != group) p.ligament[kept++] = p.ligament[i];
    p.n_ligament = kept;
  };
  if (name == "facets") {
    p.facet.point_n_m = p.facet.tip_n_m = 0;
    cut(kCL);
    return true;
  }
  if (name == "nucleus") {
    p.disc.height_loss_m += nucleus.height_m;
    p.disc.pressure_factor *= nucleus.pressure;
    p.disc.axial_n_m *= nucleus.axial_stiffness;
    p.disc.axial2_n_m2 *= nucleus.axial_stiffness;
    p.disc.tension_n_m = std::min(p.disc.tension_n_m, p.disc.axial_n_m);
    p.disc.linear_nm_rad *= nucleus.neutral_bending;
    return true;
  }
  for (int g = 0; g < kLigamentGroups; ++g) {
    const bool meant = name == kLigamentNames[g] || (g == kCL && name == "capsules");
    if (!meant || g == kIliolumbar) continue;
    cut(g);
    return true;
  }
  return false;
}

FollowerCable adjusted_cable(const SegmentParameters& level, double tension_n) {
  const auto at = [&](double forward_m, double tension) {
    return FollowerCable{tension, Vec3(forward_m, -kEyelet_m, 0), Vec3(forward_m, kEyelet_m, 0)};
  };
  if (tension_n == 0) return {};
  double low = -kAdjustRange_m, high = kAdjustRange_m;  // a cable behind the centre extends, one before it flexes
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (low + high);
    const SegmentLoad load = solve_rotation(level, Vec3::Zero(), Vec3::Zero(), at(middle, kAdjustUnder_n));
    (load.rotation_rad[kFE] > 0 ? low : high) = middle;
  }
  return at(0.5 * (low + high), tension_n);
}

RigResult solve_rig(const RigSpecimen& specimen, const RigLoad& load) {
  const int n = static_cast<int>(specimen.level.size());
  const RigAxis axis = rig_axis(load.direction);
  constexpr int kComponent[] = {2, 0, 1};  // FE turns about z, LB about x, AR about y
  Vec3 moment_G = Vec3::Zero();
  moment_G[kComponent[axis.axis]] = axis.sense * load.moment_nm;
  const Vec3 force_G(load.shear_n, -load.compression_n, 0);

  std::vector<FollowerCable> cable(n);
  for (int i = 0; i < n; ++i) cable[i] = adjusted_cable(specimen.level[i], load.follower_n);
  RigResult result;
  result.level.resize(n);
  result.applied_moment_nm.resize(n);
  std::vector<Transform> X_GD = specimen.X_GD;
  std::vector<Vec3> centre_G(n), moment_D(n), force_D(n);
  for (int i = 0; i < n; ++i) centre_G[i] = X_GD[i].p;
  for (; result.rounds < kRounds; ++result.rounds) {
    double change = 0, largest = 1;
    for (int i = 0; i < n; ++i) {
      const Mat3 R_DG = X_GD[i].R.transpose();
      const Vec3 moment = R_DG * (moment_G + (centre_G[n - 1] - centre_G[i]).cross(force_G));
      const Vec3 force = R_DG * force_G;
      if (result.rounds > 0) change = std::max({change, (moment - moment_D[i]).norm(), (force - force_D[i]).norm()});
      largest = std::max({largest, moment.norm(), force.norm()});
      moment_D[i] = moment;
      force_D[i] = force;
    }
    if (result.rounds > 0 && change <= kStill * largest) break;
    for (int i = 0; i < n; ++i) {
      SegmentLoad& s = result.level[i];
      s = solve_rotation(specimen.level[i], moment_D[i], force_D[i], cable[i]);
      if (s.status != SegmentStatus::ok) {
        result.status = s.status;
        result.applied_moment_nm = moment_D;
        return result;
      }
      centre_G[i] = X_GD[i] * s.translation_m;
      if (i + 1 == n) break;
      ElementRotation turned;
      element_rotation(s.rotation_rad, turned);
      X_GD[i + 1] =
          X_GD[i] * Transform{turned.R, s.translation_m} * (specimen.X_GD[i].inverse() * specimen.X_GD[i + 1]);
    }
  }
  if (result.rounds == kRounds) result.status = SegmentStatus::limited;
  for (int i = 0; i < n; ++i)
    result.applied_moment_nm[i] = moment_D[i] + result.level[i].translation_m.cross(force_D[i]);
  return result;
}

}  // namespace hipspine
