// Signs of the level forces. `level_force_D` is f, the force of the LOWER on the UPPER vertebra, axes of the disc frame
// D (x forward, y up, z right). The upper body with its muscles therefore loads the upper vertebra with -f:
//   compression  the lower vertebra pushes the upper one up          = +f.y   (pressing > 0)
//   shear_ap     the load pushes the upper vertebra forward          = -f.x   (the lower one holds it back)
//   shear_ml     the load pushes the upper vertebra to the right     = -f.z
// Clinical convention, with o the anterior tilt of the clinical pelvic plane at pelvis_tilt = 0:
//   tilt_clinical = o - pelvis_tilt,   hip_flexion_clinical = hip_flexion + o   (thigh in space unchanged: their
//   difference).
#include "sim/run/columns.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sim/core/units.h"

namespace hipspine {
namespace {

constexpr std::string_view kFromPlan = "planned cycle";
constexpr std::string_view kFromDynamics = "inverse dynamics";
constexpr std::string_view kFromMuscles = "muscle recruitment";
constexpr std::string_view kFromTissue = "segment equilibrium (model estimate)";
constexpr std::string_view kFromPelvis = "pelvic ring equilibrium (model estimate)";

/// Words for a coordinate; `name` without side or level.
struct CoordinateWords {
  std::string_view name, frame, positive, meaning;
};
constexpr CoordinateWords kWords[] = {
    {"pelvis_tx", "ground", "forward", "pelvis position, over ground"},
    {"pelvis_ty", "ground", "up", "pelvis position"},
    {"pelvis_tz", "ground", "to the right", "pelvis position"},
    {"pelvis_tilt", "ground", "backward (posterior) tilt", "pelvis about its lateral axis"},
    {"pelvis_list", "ground", "right side down", "pelvis about its forward axis"},
    {"pelvis_rotation", "ground", "to the left (right side forward)", "pelvis about its long axis"},
    {"hip_flexion", "pelvis", "thigh forward (flexion)", "thigh against pelvis"},
    {"hip_adduction", "pelvis", "thigh towards the midline (adduction)", "thigh against pelvis"},
    {"hip_rotation", "pelvis", "internal rotation", "thigh against pelvis"},
    {"knee_angle", "thigh", "flexion", "shank against thigh"},
    {"ankle_angle", "shank", "dorsiflexion", "foot against shank, talocrural axis"},
    {"subtalar_angle", "talus", "inversion", "foot against talus, subtalar axis"},
    {"mtp_angle", "foot", "toe flexion (tip down)", "toes against foot"},
    {"thoracic_LB", "lower thorax", "bent to the right", "motion inside the thorax, all levels as one"},
    {"thoracic_AR", "lower thorax", "turned to the left", "motion inside the thorax, all levels as one"},
    {"_FE", "lower vertebra", "extension", "upper against lower vertebra"},
    {"_LB", "lower vertebra", "bent to the right", "upper against lower vertebra"},
    {"_AR", "lower vertebra", "turned to the left", "upper against lower vertebra"},
    {"arm_flex", "thorax", "arm forward", "arm against thorax"},
};

std::string_view without_side(std::string_view name) {
  return name.ends_with("_r") || name.ends_with("_l") ? name.substr(0, name.size() - 2) : name;
}

std::string side_words(std::string_view name) {
  if (name.ends_with("_r")) return "right ";
  if (name.ends_with("_l")) return "left ";
  return "";
}

CoordinateWords words_of(std::string_view name) {
  const std::string_view stem = without_side(name);
  for (const CoordinateWords& w : kWords)
    if (stem == w.name || (w.name.front() == '_' && name.ends_with(w.name))) return w;
  return {name, "parent body", "turning about its axis in models/body.toml", "coordinate of the model"};
}

/// Columns keep the names of the lumbar sums for the thorax joint: thoracic_bending beside lumbar_bending.
std::string column_name(const std::string& coordinate) {
  if (coordinate == "thoracic_LB") return "thoracic_bending";
  if (coordinate == "thoracic_AR") return "thoracic_rotation";
  return coordinate;
}

bool belongs_to_root(std::string_view name) { return name.substr(0, 7) == "pelvis_"; }

/// Collects rules; one short call per column.
class Rules {
 public:
  using Value = std::function<double(const CycleResult&, int)>;
  void add(std::string name, std::string unit, std::string_view frame, std::string_view positive,
           std::string_view meaning, std::string_view source, Value value) {
    rules_.push_back({{std::move(name), std::move(unit), std::string(frame), std::string(positive),
                       std::string(meaning), std::string(source)},
                      std::move(value)});
  }
  [[nodiscard]] std::vector<ColumnRule> take() { return std::move(rules_); }

 private:
  std::vector<ColumnRule> rules_;
};

const FrameLoads& frame(const CycleResult& r, int i) { return r.frames[static_cast<std::size_t>(i)]; }

void add_coordinates(const Model& model, Convention convention, Rules& rules) {
  const double offset_rad = model.pelvic_plane_tilt_rad;
  for (int k = 0; k < model.n_coord(); ++k) {
    const Coordinate& c = model.coordinates[static_cast<std::size_t>(k)];
    const CoordinateWords w = words_of(c.name);
    const std::string meaning = side_words(c.name) + std::string(w.meaning);
    const bool clinical = convention == Convention::clinical;
    if (c.translation) {
      rules.add(c.name, "m", w.frame, w.positive, meaning, kFromPlan,
                [k](const CycleResult& r, int i) { return r.plan.q(k, i); });
    } else if (clinical && c.name == "pelvis_tilt") {
      rules.add(c.name, "deg", w.frame, "forward (anterior) tilt, clinical pelvic plane", meaning, kFromPlan,
                [k, offset_rad](const CycleResult& r, int i) { return deg_from_rad(offset_rad - r.plan.q(k, i)); });
    } else if (clinical && without_side(c.name) == "hip_flexion") {
      rules.add(c.name, "deg", "clinical pelvic plane", w.positive, meaning, kFromPlan,
                [k, offset_rad](const CycleResult& r, int i) { return deg_from_rad(r.plan.q(k, i) + offset_rad); });
    } else {
      rules.add(column_name(c.name), "deg", w.frame, w.positive, meaning, kFromPlan,
                [k](const CycleResult& r, int i) { return deg_from_rad(r.plan.q(k, i)); });
    }
  }
  const auto sum = [&](const char* name, int Level::*axis, const char* positive) {
    std::array<int, kLevels> index{};
    std::transform(model.levels.begin(), model.levels.end(), index.begin(), [&](const Level& l) { return l.*axis; });
    rules.add(name, "deg", "sacrum", positive, "sum of the six lumbar levels T12_L1 to L5_S1", kFromPlan,
              [index](const CycleResult& r, int i) {
                double total_rad = 0;
                for (int k : index) total_rad += r.plan.q(k, i);
                return deg_from_rad(total_rad);
              });
  };
  sum("lumbar_extension", &Level::fe, "extension");
  sum("lumbar_bending", &Level::lb, "bent to the right");
  sum("lumbar_rotation", &Level::ar, "turned to the left");
}

void add_ground(Rules& rules) {
  const char* axis_names[] = {"x", "y", "z"};
  const char* directions[] = {"forward", "up", "to the right"};
  for (int side : {kRight, kLeft}) {
    const std::string s = side == kRight ? "r" : "l";
    const std::string foot = side == kRight ? "right foot" : "left foot";
    for (int a = 0; a < 3; ++a)
      rules.add("ground_force_" + s + "_v" + axis_names[a], "N", "ground", directions[a],
                "force of the ground on the " + foot, kFromPlan, [side, a](const CycleResult& r, int i) {
                  return r.plan.ground[static_cast<std::size_t>(side)].force_G(a, i);
                });
    for (int a = 0; a < 3; ++a)
      rules.add(
          "ground_force_" + s + "_p" + axis_names[a], "m", "ground", directions[a],
          "centre of pressure of the " + foot + "; the last loaded place while it is in the air", kFromPlan,
          [side, a](const CycleResult& r, int i) { return r.plan.ground[static_cast<std::size_t>(side)].cop_G(a, i); });
    rules.add(
        "ground_torque_" + s + "_y", "N·m", "ground", "counter-clockwise seen from above",
        "free torque of the ground on the " + foot + " about its centre of pressure", kFromPlan,
        [side](const CycleResult& r, int i) { return r.plan.ground[static_cast<std::size_t>(side)].torque_y_nm[i]; });
  }
}

void add_seat(Rules& rules) {
  const char* axis_names[] = {"x", "y", "z"};
  const char* directions[] = {"forward", "up", "to the right"};
  for (int side : {kRight, kLeft})
    for (int a = 0; a < 3; ++a)
      rules.add(std::string(side == kRight ? "seat_force_r_v" : "seat_force_l_v") + axis_names[a], "N", "ground",
                directions[a],
                std::string("force of the seat on the ") + (side == kRight ? "right" : "left") +
                    " ischium; 0 where there is no seat",
                kFromPlan, [side, a](const CycleResult& r, int i) {
                  const GroundForce& seat = r.plan.seat[static_cast<std::size_t>(side)];
                  return seat.force_G.cols() > i ? seat.force_G(a, i) : 0.0;
                });
}

void add_joints(const Model& model, Rules& rules) {
  for (int k = 0; k < model.n_coord(); ++k) {
    const Coordinate& c = model.coordinates[static_cast<std::size_t>(k)];
    if (belongs_to_root(c.name))
      continue;  // nothing drives the pelvis from outside: see residual_force, residual_moment
    const CoordinateWords w = words_of(c.name);
    rules.add(column_name(c.name) + "_moment", c.translation ? "N" : "N·m", w.frame,
              "drives: " + std::string(w.positive),
              "net internal moment of muscles, ligaments and capsule, " + side_words(c.name) + std::string(w.meaning),
              kFromDynamics, [k](const CycleResult& r, int i) { return frame(r, i).joint_moment[k]; });
  }
  const char* axis_names[] = {"x", "y", "z"};
  const char* directions[] = {"forward", "up", "to the right"};
  const char* passive_names[] = {"flexion", "adduction", "rotation"};
  const char* passive_signs[] = {"drives flexion", "drives adduction", "drives internal rotation"};
  for (int side : {kRight, kLeft}) {
    const auto s = static_cast<std::size_t>(side);
    const std::string hip = side == kRight ? "hip_r" : "hip_l";
    const std::string femur = side == kRight ? "right femur" : "left femur";
    rules.add(hip + "_contact", "N", "-", "magnitude", "hip contact force on the " + femur, kFromMuscles,
              [s](const CycleResult& r, int i) { return frame(r, i).hip_contact_P[s].norm(); });
    for (int a = 0; a < 3; ++a)
      rules.add(hip + "_contact_" + axis_names[a], "N", "pelvis", directions[a], "hip contact force on the " + femur,
                kFromMuscles, [s, a](const CycleResult& r, int i) { return frame(r, i).hip_contact_P[s][a]; });
    for (int a = 0; a < 3; ++a)
      rules.add(hip + "_passive_" + passive_names[a], "N·m", "pelvis", passive_signs[a],
                "moment of capsule and passive tissue on the " + femur, "passive hip curve",
                [s, a](const CycleResult& r, int i) { return frame(r, i).hip_passive_nm[s][a]; });
    rules.add(hip + "_impingement", "N", "-", "pressing", "neck of the " + femur + " on the rim of the socket",
              "passive hip curve", [s](const CycleResult& r, int i) { return frame(r, i).hip_impingement_n[s]; });
  }
}

void add_level(const Level& level, std::size_t l, Rules& rules) {
  const std::string n = level.name;
  const auto segment = [l](auto member) {
    return [l, member](const CycleResult& r, int i) { return static_cast<double>(frame(r, i).segment[l].*member); };
  };
  rules.add(n + "_compression", "N", "disc", "pressing", "whole segment, normal to the disc", kFromDynamics,
            [l](const CycleResult& r, int i) { return frame(r, i).level_force_D[l].y(); });
  rules.add(n + "_shear_ap", "N", "disc", "upper vertebra pushed forward", "whole segment, in the disc plane",
            kFromDynamics, [l](const CycleResult& r, int i) { return -frame(r, i).level_force_D[l].x(); });
  rules.add(n + "_shear_ml", "N", "disc", "upper vertebra pushed to the right", "whole segment, in the disc plane",
            kFromDynamics, [l](const CycleResult& r, int i) { return -frame(r, i).level_force_D[l].z(); });
  rules.add(n + "_disc_compression", "N", "disc", "pressing", "carried by the disc", kFromTissue,
            segment(&SegmentLoad::disc_compression_n));
  rules.add(n + "_disc_shear", "N", "disc", "magnitude", "carried by the disc, in its plane", kFromTissue,
            segment(&SegmentLoad::disc_shear_n));
  rules.add(n + "_disc_pressure", "MPa", "-", "above ambient", "pressure in the nucleus", kFromTissue,
            [l](const CycleResult& r, int i) { return mpa_from_pa(frame(r, i).segment[l].disc_pressure_pa); });
  for (int side : {kRight, kLeft})
    rules.add(n + (side == kRight ? "_facet_r" : "_facet_l"), "N", "-", "pressing",
              side == kRight ? "right facet joint, normal contact force" : "left facet joint, normal contact force",
              kFromTissue, [l, side](const CycleResult& r, int i) {
                return frame(r, i).segment[l].facet_n[static_cast<std::size_t>(side)];
              });
  rules.add(n + "_facet_share", "1", "-", "fraction", "part of the compression carried by both facet joints",
            kFromTissue, segment(&SegmentLoad::facet_share));
  rules.add(n + "_bone", "N", "disc", "pressing", "carried by bone across a fused level", kFromTissue,
            segment(&SegmentLoad::bridge_compression_n));
  for (int side : {kRight, kLeft})
    rules.add(n + (side == kRight ? "_foramen_r" : "_foramen_l"), "%", "-", "open",
              side == kRight ? "height of the right foramen over its upright one"
                             : "height of the left foramen over its upright one",
              kFromTissue, [l, side](const CycleResult& r, int i) {
                return 100 * frame(r, i).foramen_opening[l][static_cast<std::size_t>(side)];
              });
  rules.add(n + "_ligament", "N", "-", "pulling", "sum of the tensions of all ligaments", kFromTissue,
            segment(&SegmentLoad::ligament_n));
}

void add_pelvis(Rules& rules) {
  for (int side : {kRight, kLeft}) {
    const auto s = static_cast<std::size_t>(side);
    const std::string n = side == kRight ? "si_r" : "si_l";
    const std::string joint = side == kRight ? "right sacroiliac joint" : "left sacroiliac joint";
    rules.add(n + "_compression", "N", "joint plane", "pressing", joint + ", along its normal", kFromPelvis,
              [s](const CycleResult& r, int i) { return frame(r, i).sacroiliac[s].compression_n; });
    rules.add(n + "_shear", "N", "joint plane", "magnitude", joint + ", in its plane", kFromPelvis,
              [s](const CycleResult& r, int i) { return frame(r, i).sacroiliac[s].shear_n; });
    rules.add(n + "_moment", "N·m", "-", "magnitude", joint, kFromPelvis,
              [s](const CycleResult& r, int i) { return frame(r, i).sacroiliac[s].moment_nm; });
    rules.add(n + "_nutation", "deg", "ilium", "sacral promontory forward and down", joint, kFromPelvis,
              [s](const CycleResult& r, int i) { return deg_from_rad(frame(r, i).sacroiliac[s].nutation_rad); });
  }
  rules.add("symphysis_force", "N", "-", "magnitude", "force across the pubic symphysis", kFromPelvis,
            [](const CycleResult& r, int i) { return frame(r, i).symphysis_force_n; });
}

void add_nerves(Rules& rules) {
  for (int side : {kRight, kLeft}) {
    const auto s = static_cast<std::size_t>(side);
    const std::string n = side == kRight ? "sciatic_r" : "sciatic_l";
    const std::string bed =
        std::string(side == kRight ? "right" : "left") + " sciatic nerve, its bed from L5/S1 to the ankle";
    rules.add(n + "_length", "m", "-", "long", bed, "nerve path (model estimate)",
              [s](const CycleResult& r, int i) { return frame(r, i).sciatic_length_m[s]; });
    rules.add(n + "_strain", "%", "-", "stretched", bed + ", 0 standing upright", "nerve path (model estimate)",
              [s](const CycleResult& r, int i) { return 100 * frame(r, i).sciatic_strain[s]; });
  }
}

}  // namespace

std::string to_string(Convention convention) { return convention == Convention::clinical ? "clinical" : "opensim"; }

std::vector<ColumnRule> column_rules(const Model& model, Convention convention) {
  Rules rules;
  rules.add("gait_cycle", "%", "-", "of the stride", "right heel strike (0) to right heel strike (100)", "definition",
            [](const CycleResult& r, int i) {  // a recorded run starts again at 0 with every stride
              return static_cast<double>(r.frames.size() == kCyclePoints ? i : i % (kCyclePoints - 1));
            });
  rules.add("time", "s", "-", "since right heel strike", "time", kFromPlan,
            [](const CycleResult& r, int i) { return r.plan.time_s[i]; });
  add_coordinates(model, convention, rules);
  add_ground(rules);
  add_seat(rules);
  add_joints(model, rules);
  for (std::size_t l = 0; l < kLevels; ++l) add_level(model.levels[l], l, rules);
  add_pelvis(rules);
  add_nerves(rules);
  for (int m = 0; m < model.n_muscle(); ++m) {
    const Muscle& muscle = model.muscles[static_cast<std::size_t>(m)];
    const std::string who = (muscle.side == kRight ? "right " : "left ") + muscle.group;
    rules.add(muscle.name + "_activation", "1", "-", "0 silent to 1 full", "activation, " + who, kFromMuscles,
              [m](const CycleResult& r, int i) { return frame(r, i).activation[m]; });
    rules.add(muscle.name + "_force", "N", "-", "pulling", "tension, active and passive, " + who, kFromMuscles,
              [m](const CycleResult& r, int i) { return frame(r, i).muscle_force_n[m]; });
  }
  rules.add("residual_force", "N", "pelvis", "magnitude", "force the plan would still need at the pelvis",
            kFromDynamics, [](const CycleResult& r, int i) { return frame(r, i).residual_force_n; });
  rules.add("residual_moment", "N·m", "pelvis", "magnitude", "moment the plan would still need at the pelvis",
            kFromDynamics, [](const CycleResult& r, int i) { return frame(r, i).residual_moment_nm; });
  rules.add("reserve_moment", "N·m", "-", "magnitude", "largest joint moment that no muscle could give", kFromMuscles,
            [](const CycleResult& r, int i) { return frame(r, i).reserve_nm.cwiseAbs().maxCoeff(); });
  return rules.take();
}

}  // namespace hipspine
