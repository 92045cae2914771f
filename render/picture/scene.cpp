// Every link's pose follows from the coordinates; what is drawn rides on links.
//
// Disc. T = relative motion of the upper vertebra since neutral, seen from the lower link. The disc takes half of it:
// H with H·H = T, that is R_H = R_T^(1/2) and p_H = (1 + R_H)^-1 p_T. For a turn about the disc's centre this is half
// the turn about the same centre.
#include "render/picture/scene.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sim/core/units.h"

namespace hipspine {
namespace {

constexpr Colour kBone = {0.935f, 0.878f, 0.765f, 1};       // chosen: warm ivory
constexpr Colour kCartilage = {0.760f, 0.800f, 0.800f, 1};  // chosen: pale blue-grey, apart from bone
constexpr float kGhostAlpha = 0.34f;                        // chosen: seen through the body, still a shape of its own
constexpr double kForceShown_n = 20;        // chosen: below, an arrow is noise at heel strike and toe-off
constexpr double kArcStep_rad = 0.14;       // chosen: 8 degrees, smooth at a radius of some centimetres
constexpr double kArcBeside_share = 0.075;  // chosen: of the height; the fan stands clear of the greater trochanter
constexpr double kArcRadius_share = 0.125;  // chosen: of the height, less than half a thigh
constexpr float kDull = 0.42f, kBright = 1.18f;  // chosen: others recede, the one spoken of stands out, colours stay

std::string printed(const char* format, double a, double b = 0, double c = 0) {
  char text[96];
  std::snprintf(text, sizeof text, format, a, b, c);
  return text;
}

/// A body in one posture.
struct Posture {
  Kinematics kin;
  Posture(const Model& model, const CoordVec& q) {
    kin.resize(model.n_coord());
    update_position(model, q, kin);
  }
};

/// Pose of a link in one of its ancestors with every coordinate between them zero.
Transform neutral_pose(const Model& model, int ancestor, int link) {
  Transform X;
  for (; link >= 0 && link != ancestor; link = model.coordinates[link].parent) X = model.coordinates[link].X_PJ * X;
  return X;
}

bool rides_on(const Model& model, int link, int ancestor) {
  while (link >= 0 && link != ancestor) link = model.coordinates[link].parent;
  return link == ancestor;
}

Transform pose_of(const Model& model, const Kinematics& kin, const BodyPart& part) {
  if (part.tissue != Tissue::disc || part.upper_link < 0) return kin.X_GL[part.link];
  const Transform neutral = neutral_pose(model, part.link, part.upper_link);
  return disc_pose(kin.X_GL[part.link], kin.X_GL[part.upper_link] * neutral.inverse());
}

double disc_share(const FrameLoads& loads, int level) {
  return mpa_from_pa(loads.segment[level].disc_pressure_pa) / kDiscScale_mpa;
}

/// Share of its scale that a part carries; zero for what is not coloured by load.
double load_of(const BodyPart& part, const FrameLoads& loads) {
  if (part.tissue == Tissue::disc) return disc_share(loads, part.level);
  if (part.tissue == Tissue::facet) return loads.segment[part.level].facet_n[part.side] / kFacetScale_n;
  return 0;
}

Colour colour_of(const BodyPart& part, const FrameLoads& loads) {
  switch (part.tissue) {
    case Tissue::disc:
    case Tissue::facet:
      return load_colour(load_of(part, loads));
    case Tissue::cartilage:
      return kCartilage;
    case Tissue::bone:
      break;
  }
  return kBone;
}

bool is_shown(const Model& model, const BodyPart& part, const SceneOptions& options) {
  const bool soft = part.tissue == Tissue::disc || part.tissue == Tissue::facet;
  if (soft ? !options.discs : !options.bones) return false;
  // The lumbar spine ends with T12, which the uppermost disc needs; what else rides there is the upper body.
  const bool upper =
      !soft && part.name != "thoracic12" && rides_on(model, part.link, model.levels[kLevels - 1].upper_link);
  return options.upper_body || !upper;
}

void add_body(const Model& model, const std::vector<BodyPart>& parts, const BodyMoment& moment,
              const SceneOptions& options, Scene& scene) {
  const Posture posture(model, moment.q);
  for (size_t i = 0; i < parts.size(); ++i) {
    const BodyPart& part = parts[i];
    if (!is_shown(model, part, options)) continue;
    SceneInstance instance;
    instance.part = static_cast<int>(i);
    instance.X_GP = pose_of(model, posture.kin, part);
    instance.colour = colour_of(part, moment.loads);
    instance.load = static_cast<float>(load_of(part, moment.loads));
    if (options.highlight_level >= 0) {
      const Level& level = model.levels[options.highlight_level];
      const bool neighbour = part.link == level.upper_link || part.link == level.lower_link;
      if (part.level == options.highlight_level)
        instance.emphasis = kBright;
      else if (part.level >= 0 || !neighbour)
        instance.emphasis = kDull;
    }
    scene.instances.push_back(instance);
  }
}

void add_ghost(const Model& model, const std::vector<BodyPart>& parts, const BodyMoment& ghost,
               const SceneOptions& options, const Vec3& pelvis_G, int pelvis_link, Scene& scene) {
  // At the same place along the way, on the same ground: strides differ in length, heights are compared.
  const Posture posture(model, ghost.q);
  Vec3 shift = pelvis_G - posture.kin.X_GL[pelvis_link].p;
  shift.y() = 0;
  if (options.ghost_beside) shift.z() -= kBeside_m;
  SceneOptions shown = options;
  shown.highlight_level = options.ghost_beside ? options.highlight_level : -1;
  const size_t first = scene.instances.size();
  add_body(model, parts, ghost, shown, scene);
  for (size_t i = first; i < scene.instances.size(); ++i) {
    SceneInstance& instance = scene.instances[i];
    const Tissue tissue = parts[instance.part].tissue;
    instance.ghost = true;
    instance.X_GP.p += shift;
    if (!options.ghost_beside || tissue == Tissue::bone || tissue == Tissue::cartilage)
      instance.colour = kHealthyColour;
    if (options.ghost_beside) continue;
    instance.colour[3] = kGhostAlpha;
    instance.load = 0;
  }
}

void add_muscles(const Model& model, const MusclePaths& paths, const Kinematics& kin, const FrameLoads& loads,
                 unsigned layers, Scene& scene) {
  if (layers == 0) return;
  MuscleGeometry geometry;
  muscle_geometry(paths, kin, geometry);
  std::vector<std::vector<Vec3>> lines;
  muscle_lines(paths, geometry, kArcStep_rad, lines);
  for (int m = 0; m < model.n_muscle(); ++m) {
    const Muscle& muscle = model.muscles[m];
    if ((layers >> muscle_layer(muscle.group) & 1u) == 0) continue;
    SceneRibbon ribbon;
    ribbon.muscle = m;
    ribbon.points_G = std::move(lines[m]);
    // chosen: six tenths of the radius that a cross-section of 60 N/cm^2 [rajagopal2016] has, so that neighbours are
    // told apart; within 2.2 to 22 mm.
    ribbon.radius_m = static_cast<float>(std::clamp(0.6 * std::sqrt(muscle.force_max_n / 60e4 / M_PI), 0.0022, 0.022));
    ribbon.tendon_share =
        static_cast<float>(muscle.tendon_slack_m / (muscle.tendon_slack_m + muscle.fibre_length_opt_m));
    const double activation = m < loads.activation.size() ? loads.activation[m] : 0;
    ribbon.colour = activation_colour(activation);
    scene.ribbons.push_back(std::move(ribbon));
  }
}

void add_ground_forces(const BodyMoment& now, Scene& scene) {
  const auto add = [&](const Vec3& force, const Vec3& from, int side) {
    if (force.norm() < kForceShown_n) return;
    scene.arrows.push_back(
        {from, from + kArrow_m_n * force, 0.0075f, side == kRight ? kRightColour : kLeftColour});  // chosen: a finger
  };
  for (int side : {kRight, kLeft}) {
    add(now.ground_force_G[side], now.ground_cop_G[side], side);
    add(now.seat_force_G[side], now.seat_cop_G[side], side);
  }
}

/// A stool of bars under somebody seated: its top where the seat's forces act.
void add_stool(const Vec3& seat_G, Scene& scene) {
  if (seat_G.y() <= 0) return;
  constexpr double kHalf_m = 0.19;  // chosen: a common stool
  constexpr float kBar_m = 0.014f;  // chosen: round bars
  constexpr int kSlats = 7;
  constexpr Colour kWood = {0.42f, 0.36f, 0.30f, 1};  // chosen: darker than bone
  const auto bar = [&](const Vec3& from, const Vec3& to) {
    scene.ribbons.push_back({-1, {from, to}, kBar_m, 0, kWood});
  };
  const Vec3 top = seat_G - Vec3(0, kBar_m, 0);
  for (int i = 0; i < kSlats; ++i) {
    const double x = kHalf_m * (2.0 * i / (kSlats - 1) - 1);
    bar(top + Vec3(x, 0, -kHalf_m), top + Vec3(x, 0, kHalf_m));
  }
  for (const double z : {-kHalf_m, kHalf_m}) {
    bar(top + Vec3(-kHalf_m, 0, z), top + Vec3(kHalf_m, 0, z));
    for (const double x : {-kHalf_m, kHalf_m}) bar(top + Vec3(x, 0, z), Vec3(top.x() + x, 0, top.z() + z));
  }
}

/// "flexion 23° of 120°"; whole degrees, so that the text does not flicker.
std::string arc_text(double flexion_rad, const HipLimits& limits) {
  const double exact = deg_from_rad(flexion_rad), now = std::round(exact);
  const double flexion = std::round(deg_from_rad(limits.flexion_max_rad));
  const double extension = std::round(deg_from_rad(limits.extension_max_rad));
  if (exact < 0 && extension >= 0) return printed("extension %.0f° of %.0f°", std::abs(now), extension);
  if (extension < 0) return printed("flexion %.0f° of %.0f° to %.0f°", now, -extension, flexion);
  return printed("flexion %.0f° of %.0f°", std::abs(now), flexion);
}

void add_arcs(const Model& model, const std::array<HipLimits, 2>& limits, const CoordVec& q, const Kinematics& kin,
              const SceneOptions& options, Scene& scene) {
  for (int side : {kRight, kLeft}) {
    if (!options.arc_side[side]) continue;
    const int hip = model.legs[side].hip_flexion;
    const Coordinate& coordinate = model.coordinates[hip];
    const Transform& X_GP = kin.X_GL[coordinate.parent];
    const auto direction_G = [&](double flexion_rad) -> Vec3 {
      return X_GP.R * Vec3(std::sin(flexion_rad), -std::cos(flexion_rad), 0);
    };
    const HipLimits healthy = within_healthy(limits[side]);
    SceneArc arc;
    arc.centre_G =
        X_GP * (coordinate.X_PJ.p + Vec3(0, 0, (side == kRight ? 1 : -1) * kArcBeside_share * model.height_m));
    arc.from_G = direction_G(-healthy.extension_max_rad);
    arc.to_G = direction_G(healthy.flexion_max_rad);
    arc.now_G = direction_G(q[hip]);
    arc.radius_m = static_cast<float>(kArcRadius_share * model.height_m);
    arc.colour = side == kRight ? kRightColour : kLeftColour;
    arc.text = arc_text(q[hip], healthy);
    arc.text_G = arc.centre_G + 1.15 * arc.radius_m * arc.now_G;
    scene.arcs.push_back(std::move(arc));
  }
}

void add_labels(const Model& model, const Kinematics& kin, const FrameLoads& loads, int highlight, Scene& scene) {
  for (int i = kLevels - 1; i >= 0; --i) {
    const Level& level = model.levels[i];
    std::string name = level.name;
    std::replace(name.begin(), name.end(), '_', '/');
    const SegmentLoad& load = loads.segment[i];
    std::string text = name + printed("  %.2f MPa", mpa_from_pa(load.disc_pressure_pa));
    if (i == highlight)
      text += printed(", facets %.0f N right, %.0f N left", load.facet_n[kRight], load.facet_n[kLeft]);
    scene.labels.push_back(
        {(kin.X_GL[level.lower_link] * level.X_LD).p, std::move(text), load_colour(disc_share(loads, i))});
  }
}

}  // namespace

const char* muscle_layer_name(int layer) {
  constexpr std::array<const char*, kMuscleLayers> names = {"Hip flexors", "Gluteals", "Thigh",
                                                            "Lower leg",   "Back",     "Abdominals"};
  return names.at(static_cast<size_t>(layer));
}

int muscle_layer(const std::string& group) {
  const auto is_one_of = [&](std::initializer_list<const char*> starts) {
    return std::any_of(starts.begin(), starts.end(), [&](const char* start) { return group.starts_with(start); });
  };
  if (is_one_of({"psoas", "iliacus", "rectus_femoris", "sartorius", "tensor_fasciae"})) return kHipFlexors;
  if (is_one_of({"gluteus", "piriformis", "gemelli", "quadratus_femoris"})) return kGluteals;
  if (is_one_of({"gastrocnemius", "soleus", "tibialis", "peroneals", "toe_"})) return kLowerLeg;
  if (is_one_of({"erector", "longissimus", "iliocostalis", "multifidus", "quadratus_lumborum"})) return kBackMuscles;
  if (is_one_of({"rectus_abdominis", "external_oblique", "internal_oblique"})) return kAbdominals;
  return kThigh;
}

Transform disc_pose(const Transform& X_G_lower, const Transform& X_G_upper_at_lower) {
  const Transform T = X_G_lower.inverse() * X_G_upper_at_lower;
  Eigen::AngleAxisd turn(T.R);
  turn.angle() *= 0.5;
  Transform half;
  half.R = turn.toRotationMatrix();
  half.p = (Mat3::Identity() + half.R).inverse() * T.p;
  return X_G_lower * half;
}

Scene assemble_scene(const Model& model, const MusclePaths& paths, const std::vector<BodyPart>& parts,
                     const std::array<HipLimits, 2>& limits, const BodyMoment& now, const BodyMoment* ghost,
                     const SceneOptions& options) {
  Scene scene;
  scene.instances.reserve((ghost != nullptr ? 2 : 1) * parts.size());
  const Posture posture(model, now.q);
  const int pelvis_link = model.bodies[model.body("pelvis")].link;
  scene.pelvis_G = posture.kin.X_GL[pelvis_link].p;
  scene.follow_G = scene.pelvis_G;
  if (ghost != nullptr && options.ghost && options.ghost_beside) scene.follow_G.z() -= 0.5 * kBeside_m;
  add_body(model, parts, now, options, scene);
  if (ghost != nullptr && options.ghost) add_ghost(model, parts, *ghost, options, scene.pelvis_G, pelvis_link, scene);
  add_stool(now.seat_G, scene);
  add_muscles(model, paths, posture.kin, now.loads, options.muscle_layers, scene);
  if (options.ground_forces) add_ground_forces(now, scene);
  if (options.hip_arc) add_arcs(model, limits, now.q, posture.kin, options, scene);
  if (options.labels) add_labels(model, posture.kin, now.loads, options.highlight_level, scene);
  return scene;
}

}  // namespace hipspine
