#pragma once
/// The virtual test bench: one level, or a column of levels on a fixed sacrum, under what a laboratory applies: a pure
/// moment, a follower load along the curve, and a dead force on the uppermost vertebra.
///
/// Lab frame: axes of the lowest disc frame for a single level, of the upright pelvis (x forward, y up, z right) for a
/// column. The moment and the dead force keep their direction in the lab while the specimen turns.
#include <string>
#include <vector>

#include "sim/tissue/segment.h"

namespace hipspine {

enum class RigDirection { flexion, extension, lateral, axial };  ///< lateral to the right, axial to the left
inline constexpr std::array<const char*, 4> kRigDirectionNames = {"flexion", "extension", "lateral", "axial"};

/// Coordinate that a direction turns and its sense (+1 or -1).
struct RigAxis {
  Axis axis;
  double sense;
};
[[nodiscard]] RigAxis rig_axis(RigDirection direction);

struct RigLoad {
  RigDirection direction = RigDirection::flexion;
  double moment_nm = 0;      ///< pure moment on the uppermost vertebra, in the sense of `direction`
  double follower_n = 0;     ///< tension of the follower cable
  double compression_n = 0;  ///< dead force straight down the lab's y, at the disc centre of the uppermost vertebra
  double shear_n = 0;        ///< dead force forward along the lab's x, at the same point
};

/// Levels from below, with the place of each disc frame in the lab while nothing is loaded.
struct RigSpecimen {
  std::vector<SegmentParameters> level;
  std::vector<Transform> X_GD;  ///< [m]
};

struct RigResult {
  SegmentStatus status = SegmentStatus::ok;  ///< `limited`: no equilibrium was found, as when a column buckles
  std::vector<SegmentLoad> level;            ///< loads in the disc frame of each level
  std::vector<Vec3> applied_moment_nm;  ///< about each level's D origin, axes of its D: what the level has to resist
  int rounds = 0;
};

/// Names that `remove_structure` knows: facets, capsules, nucleus and the ligaments.
[[nodiscard]] std::vector<std::string> removable_structures();

/// Takes a structure out of a level. Facets are taken with their capsules. False when the name is unknown.
bool remove_structure(const std::string& name, const NucleusRemoval& nucleus, SegmentParameters& level);

/// Follower cable of a level: eyelets 20 mm above and below the disc centre, moved forward or
/// back as laboratories do until the cable by itself does not bend the level [patwardhan2003].
[[nodiscard]] FollowerCable adjusted_cable(const SegmentParameters& level, double tension_n);

/// Equilibrium of the specimen under the load.
[[nodiscard]] RigResult solve_rig(const RigSpecimen& specimen, const RigLoad& load);

}  // namespace hipspine
