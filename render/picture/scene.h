#pragma once
/// What is in the picture at one moment, in ground coordinates. Pure geometry: tested without a screen, drawn by
/// renderer.h.
#include <string>
#include <vector>

#include "render/picture/load_colours.h"
#include "render/shapes/body_parts.h"
#include "sim/muscle/muscle_path.h"
#include "sim/run/live.h"

namespace hipspine {

/// Muscles as people hide them. One bit each in SceneOptions::muscle_groups; `muscle_layer` names the layer of a group.
enum MuscleLayer { kHipFlexors, kGluteals, kThigh, kLowerLeg, kBackMuscles, kAbdominals, kMuscleLayers };
[[nodiscard]] const char* muscle_layer_name(int layer);  ///< "Hip flexors", ...
[[nodiscard]] int muscle_layer(
    const std::string& muscle_group);  ///< of Muscle::group; kThigh for what it does not know

struct SceneOptions {
  unsigned muscle_layers = 0;  ///< bits by MuscleLayer
  bool bones = true, discs = true, ground_forces = true, hip_arc = true, labels = false, ghost = false;
  bool ghost_beside = false;  ///< the healthy body to the left of this one, with its loads, instead of inside it
  bool upper_body = true;     ///< rib cage, head, arms
  std::array<bool, 2> arc_side{true, true};
  int highlight_level = -1;  ///< drawn brighter, others duller (lecture)
};

struct SceneInstance {
  int part = 0;  ///< into the body parts
  Transform X_GP;
  Colour colour{1, 1, 1, 1};  ///< alpha below 1: translucent
  bool ghost = false;
  float load = 0;      ///< discs and facets: share of the scale that its colour stands for
  float emphasis = 1;  ///< 1 as it is, below: duller, above: brighter (lecture)
};
struct SceneRibbon {  ///< a muscle: a line with a belly; or a bar of a chair
  int muscle = -1;    ///< -1: a bar, as thick at its ends
  std::vector<Vec3> points_G;
  float radius_m = 0.005f;    ///< of the belly
  float tendon_share = 0.3f;  ///< of the length, half of it at each end
  Colour colour;
};
struct SceneArrow {
  Vec3 from_G, to_G;
  float radius_m;
  Colour colour;
};
struct SceneArc {               ///< a fan: a hip's range with its limit and where it is now
  Vec3 centre_G, from_G, to_G;  ///< unit directions at both ends of the range, in the plane of the fan
  Vec3 now_G;                   ///< unit direction of the thigh in that plane
  float radius_m;
  Colour colour;
  std::string text;  ///< "flexion 23° of 120°", "extension 8° of 10°", "flexion 23° of 10° to 120°" (contracture)
  Vec3 text_G;       ///< where it belongs: beyond the rim, along the thigh
};
struct SceneLabel {
  Vec3 at_G;  ///< on what it names; the text stands beside it with a leader line
  std::string text;
  Colour colour;
};
struct Scene {
  std::vector<SceneInstance> instances;
  std::vector<SceneRibbon> ribbons;
  std::vector<SceneArrow> arrows;
  std::vector<SceneArc> arcs;
  std::vector<SceneLabel> labels;
  Vec3 pelvis_G = Vec3::Zero();
  Vec3 follow_G = Vec3::Zero();  ///< what the camera follows: the pelvis, or half-way to the healthy body beside it
};

/// Pose of a disc: half-way between the vertebra below and the one above, in position and orientation.
[[nodiscard]] Transform disc_pose(const Transform& X_G_lower, const Transform& X_G_upper_at_lower);

/// Lengths in the picture for a force: 1 m per 1000 N, so that a body's weight reaches its hips.
inline constexpr double kArrow_m_n = 1e-3;
/// Left of this body where `ghost_beside` puts the healthy one [m]. chosen: arms do not meet.
inline constexpr double kBeside_m = 0.8;

/// @param ghost  the healthy body at the same phase, or null
[[nodiscard]] Scene assemble_scene(const Model& model, const MusclePaths& paths, const std::vector<BodyPart>& parts,
                                   const std::array<HipLimits, 2>& limits, const BodyMoment& now,
                                   const BodyMoment* ghost, const SceneOptions& options);

}  // namespace hipspine
