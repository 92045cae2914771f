// Compression of a level: the wrench that the lower vertebra gives the upper one is what all above needs to be carried
// and moved, less what muscles give it; along y of the disc frame D, over the links above (b):
//
//   compression = sum_m F_m (-s_m · y_D) + W (Y · y_D) + motion,  s_m = sum over spans of m of u [a in b] - u [b in b]
//                                                                                                            (1)
//   W weight of what is above, motion = its mass times acceleration, along y_D
//
// Disc pressure, k the disc's pressure per newton; its share follows from equilibrium of the level along y:
//
//   pressure = k disc_y,  disc_y = compression - facets_up + ligaments_down                                  (2)
//
// Facet force F(angles, force): each of extension, bending, rotation, compression and shear is exchanged between the
// two states in every order, and its part is the mean of what it changes. These parts add up to the change exactly
// (Shapley's value):
//
//   part_i = sum over sets S without i of |S|! (n-1-|S|)! / n! (F(S + i) - F(S))                             (3)
//
// Hip contact f on the femur, as (1) along e, with the leg's ground force beside its weight:
//
//   magnitude = e · f,  e = f / |f|                                                                          (4)
#include "sim/run/causes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "sim/core/units.h"
#include "sim/run/causes_text.h"
#include "sim/run/frame_loads.h"
#include "sim/run/muscle_words.h"

namespace hipspine {
namespace {

constexpr double kBalanced = 1e-9;  // of a pressure: what equilibrium leaves open below is rounding

/// A traceable column taken apart.
struct Target {
  enum class Kind { compression, pressure, facet, hip } kind = Kind::compression;
  int index = 0;  ///< level, or side of a hip
  int side = 0;   ///< of a facet
};

std::optional<Target> target_of(const Model& model, const std::string& column) {
  for (int side : {kRight, kLeft})
    if (column == (side == kRight ? "hip_r_contact" : "hip_l_contact")) return Target{Target::Kind::hip, side, side};
  for (int l = 0; l < kLevels; ++l) {
    const std::string& name = model.levels[l].name;
    if (column == name + "_compression") return Target{Target::Kind::compression, l, 0};
    if (column == name + "_disc_pressure") return Target{Target::Kind::pressure, l, 0};
    if (column == name + "_facet_r") return Target{Target::Kind::facet, l, kRight};
    if (column == name + "_facet_l") return Target{Target::Kind::facet, l, kLeft};
  }
  return std::nullopt;
}

/// Parts by name of one state.
using Parts = std::map<std::string, double>;

/// Everything that a part is computed from, at one cycle point of one result.
class SolvedInstant {
 public:
  const FrameLoads& frame;
  CoordVec q;
  Kinematics kin;
  std::array<Vec3, 2> ground_force_G;

  SolvedInstant(const LoadModel& loads, const CycleResult& result, int point)
      : frame(result.frames[static_cast<std::size_t>(point)]), model_(loads.model) {
    const Plan& plan = result.plan;
    q = plan.q.col(point);
    update_position(model_, q, kin);
    update_velocity(model_, plan.v.col(point), kin);
    update_acceleration(model_, plan.v.col(point), plan.a.col(point), kin);
    std::vector<ExternalWrench> ground(2);
    for (int side : {kRight, kLeft}) {
      const GroundForce& g = plan.ground[side];
      const Vec3 force = g.force_G.col(point), at = g.cop_G.col(point);
      ground_force_G[side] = force;
      ground[side].link = model_.feet[side].link;
      ground[side].wrench_G << at.cross(force), force;
      ground[side].wrench_G[1] += g.torque_y_nm[point];
    }
    inverse_dynamics(model_, kin, ground, id_);
    muscle_geometry(loads.paths, kin, geometry_);
  }

  /// Parts along a direction of the contact force that the subtree of `link` receives from its parent's bone.
  /// @param on_foot_G  ground force on the subtree
  [[nodiscard]] Parts along(const Vec3& direction_G, int link, const Vec3& on_foot_G, const char* weight,
                            const char* motion) const {
    std::vector<char> inside(static_cast<std::size_t>(model_.n_coord()), 0);
    double mass_kg = 0;
    for (int i = link; i < model_.n_coord(); ++i) {
      const int parent = model_.coordinates[i].parent;
      inside[i] = i == link || (parent >= 0 && inside[parent]);
      if (inside[i]) mass_kg += model_.link_inertia[i].mass_kg;
    }
    Parts parts;
    for (const MuscleGeometry::Span& span : geometry_.spans) {
      const int ends = (inside[span.link_a] ? 1 : 0) - (inside[span.link_b] ? 1 : 0);
      if (ends == 0) continue;
      parts[muscle_cause(model_.muscles[span.muscle])] -=
          ends * frame.muscle_force_n[span.muscle] * span.u_G.dot(direction_G);
    }
    const double carried_n = mass_kg * kGravity_m_s2 * direction_G.y(), ground_n = -on_foot_G.dot(direction_G);
    parts[weight] = carried_n;
    if (!on_foot_G.isZero()) parts[kGroundCause] = ground_n;
    parts[motion] = Vec3(id_.wrench_G[link].tail<3>()).dot(direction_G) - carried_n - ground_n;
    return parts;
  }

  [[nodiscard]] Parts compression(int l) const {
    const Level& level = model_.levels[l];
    const Vec3 y_G = (kin.X_GL[level.lower_link].R * level.X_LD.R).col(1);
    return along(y_G, level.upper_link, Vec3::Zero(), "weight of what is above", "motion of what is above");
  }

  [[nodiscard]] Parts hip(int side) const {
    const Body& pelvis = model_.bodies[model_.body("pelvis")];
    const Mat3 R_GP = (kin.X_GL[pelvis.link] * pelvis.X_LB).R;
    const Vec3& contact_P = frame.hip_contact_P[side];
    const double size_n = contact_P.norm();
    const Vec3 e_G = size_n > 0 ? Vec3(R_GP * contact_P / size_n) : Vec3::Zero();
    return along(e_G, model_.legs[side].hip_rotation, ground_force_G[side], "weight of the leg", "motion of the leg");
  }

  [[nodiscard]] Parts pressure(int l, const DiscParameters& disc) const {
    const double mpa_per_n = mpa_from_pa(disc.pressure_factor / disc.area_m2);
    const SegmentLoad& s = frame.segment[l];
    Parts parts = compression(l);
    for (auto& [name, value] : parts) value *= mpa_per_n;
    for (int side : {kRight, kLeft}) parts[kFacetsCause] -= mpa_per_n * s.facet_up_n[side];
    for (double down_n : s.ligament_down_n) parts[kLigamentsCause] += mpa_per_n * down_n;
    double sum = 0;
    for (const auto& [name, value] : parts) sum += value;
    const double open = mpa_from_pa(s.disc_pressure_pa) - sum;
    if (std::abs(open) > kBalanced * mpa_per_n * (1 + std::abs(frame.level_force_D[l].y())))
      parts["no pressure below zero, no exact balance"] = open;
    return parts;
  }

  [[nodiscard]] Vec3 level_rotation(int l) const {
    const Level& level = model_.levels[l];
    return {q[level.fe] + frame.departure_rad[level.fe], q[level.lb] + frame.departure_rad[level.lb],
            q[level.ar] + frame.departure_rad[level.ar]};
  }

 private:
  const Model& model_;
  InverseDynamics id_;
  MuscleGeometry geometry_;
};

void add_parts(const Parts& now, const Parts& healthy, std::vector<Cause>& out) {
  Parts all = healthy;
  for (const auto& [name, value] : now) all[name] = value;
  const auto read = [](const Parts& p, const std::string& name) { return p.count(name) > 0 ? p.at(name) : 0.0; };
  for (const auto& [name, unused] : all) {
    const Cause cause{name, read(now, name), read(healthy, name)};
    if (cause.now != 0 || cause.healthy != 0) out.push_back(cause);
  }
}

/// Muscles that changed most in how they press on a level; explain a facet force but do not add up to it.
void add_muscle_context(const SolvedInstant& now, const SolvedInstant& healthy, int level, std::vector<Cause>& out) {
  std::vector<Cause> pressing;
  add_parts(now.compression(level), healthy.compression(level), pressing);
  sort_by_change(pressing);
  constexpr std::size_t kShown = 4;  // chosen: more is read by nobody
  for (std::size_t i = 0; i < std::min(kShown, pressing.size()); ++i) {
    pressing[i].name += " [N]";
    out.push_back(pressing[i]);
  }
}

void add_level_context(const Model& model, const SolvedInstant& now, const SolvedInstant& healthy, int l, bool force,
                       std::vector<Cause>& out) {
  const std::string level = level_words(model.levels[l].name);
  const Vec3 a = now.level_rotation(l), b = healthy.level_rotation(l);
  const char* names[] = {kExtendedContext, " bent to the right by, with its give under load [deg]",
                         " turned to the left by, with its give under load [deg]"};
  for (int axis = 0; axis < 3; ++axis)
    out.push_back({level + names[axis], deg_from_rad(a[axis]), deg_from_rad(b[axis])});
  const Vec3 &fa = now.frame.level_force_D[l], &fb = healthy.frame.level_force_D[l];
  if (force) out.push_back({level + " compression [N]", fa.y(), fb.y()});
  out.push_back({level + " shear, upper vertebra forward [N]", -fa.x(), -fb.x()});
}

void add_posture_context(const Model& model, const SolvedInstant& now, const SolvedInstant& healthy,
                         std::vector<Cause>& out) {
  const auto of = [&](const char* name, int coordinate, double zero_rad, double sign) {
    out.push_back({std::string(name), deg_from_rad(zero_rad + sign * now.q[coordinate]),
                   deg_from_rad(zero_rad + sign * healthy.q[coordinate])});
  };
  of("pelvis tilted forward by [deg]", model.coordinate("pelvis_tilt"), model.pelvic_plane_tilt_rad, -1);
  of("right hip flexed by [deg]", model.legs[kRight].hip_flexion, 0, 1);
  of("left hip flexed by [deg]", model.legs[kLeft].hip_flexion, 0, 1);
}

/// (3) for one facet. `now` and `healthy` of `trace` are given.
void exchange(const SegmentParameters& segment, const SolvedInstant& now, const SolvedInstant& healthy,
              const Target& target, Trace& trace) {
  const Vec3 rotation[2] = {healthy.level_rotation(target.index), now.level_rotation(target.index)};
  const Vec3 force_D[2] = {healthy.frame.level_force_D[target.index], now.frame.level_force_D[target.index]};
  struct Player {
    const char* name;
    int bit;
  };
  const Vec3 turned = rotation[1] - rotation[0];
  const Vec3 pressed = force_D[1] - force_D[0];
  std::vector<Player> players;
  const auto play = [&](int bit, bool differs, const char* name) {
    if (differs) players.push_back({name, bit});
  };
  play(0, turned[kFE] != 0, kExtensionCause);
  play(1, turned[kLB] != 0, kBendingCause);
  play(2, turned[kAR] != 0, kRotationCause);
  play(3, pressed.y() != 0, kCompressionCause);
  play(4, pressed.x() != 0 || pressed.z() != 0, kShearCause);
  const int n = static_cast<int>(players.size());
  const auto force_of = [&](int set) {
    if (set == 0) return trace.healthy;
    if (set == (1 << n) - 1) return trace.now;
    std::array<int, 5> from{};
    for (int i = 0; i < n; ++i) from[players[i].bit] = (set >> i) & 1;
    const Vec3 angles(rotation[from[0]][kFE], rotation[from[1]][kLB], rotation[from[2]][kAR]);
    const Vec3 force(force_D[from[4]].x(), force_D[from[3]].y(), force_D[from[4]].z());
    return solve_segment(segment, angles, Vec3(-force), healthy.frame.segment[target.index].translation_m)
        .facet_n[target.side];
  };
  std::vector<double> value(static_cast<std::size_t>(1) << n);
  for (int set = 0; set < 1 << n; ++set) value[set] = force_of(set);
  std::vector<double> weight(static_cast<std::size_t>(std::max(1, n)), 1.0 / std::max(1, n));  // by |S|
  for (int s = 1; s < n; ++s) weight[s] = weight[s - 1] * s / (n - s);
  trace.parts.push_back({"as with healthy hips", trace.healthy, trace.healthy});
  for (int i = 0; i < n; ++i) {
    double part = 0;
    for (int set = 0; set < 1 << n; ++set) {
      if ((set >> i) & 1) continue;
      int size = 0;
      for (int j = 0; j < n; ++j) size += (set >> j) & 1;
      part += weight[size] * (value[set | 1 << i] - value[set]);
    }
    trace.parts.push_back({players[i].name, part, 0});
  }
}

}  // namespace

std::vector<std::string> traceable_columns(const Model& model) {
  std::vector<std::string> out;
  for (const Level& level : model.levels)
    for (const char* end : {"_compression", "_disc_pressure", "_facet_r", "_facet_l"}) out.push_back(level.name + end);
  out.insert(out.end(), {"hip_r_contact", "hip_l_contact"});
  return out;
}

Trace trace_load(const LoadModel& loads, const CycleResult& now, const CycleResult& healthy, const std::string& column,
                 int point) {
  const Model& model = loads.model;
  const std::optional<Target> target = target_of(model, column);
  if (!target) throw InternalError("'" + column + "' is not a load that can be traced");
  const int points = static_cast<int>(std::min(now.frames.size(), healthy.frames.size()));
  HIPSPINE_DEMAND(point >= 0 && point < points);
  const SolvedInstant here(loads, now, point), there(loads, healthy, point);
  const int l = target->index;
  Trace trace;
  trace.column = column;
  trace.unit = target->kind == Target::Kind::pressure ? "MPa" : "N";
  trace.at_pct = point <= kCyclePoints - 1 ? point : point % (kCyclePoints - 1);  // a recorded run counts on
  switch (target->kind) {
    case Target::Kind::compression:
      trace.title = level_words(model.levels[l].name) + " compression";
      trace.now = here.frame.level_force_D[l].y(), trace.healthy = there.frame.level_force_D[l].y();
      add_parts(here.compression(l), there.compression(l), trace.parts);
      add_level_context(model, here, there, l, false, trace.context);
      add_posture_context(model, here, there, trace.context);
      trace.source = {"bruno2015", "christophy2012", "deleva1996"};
      break;
    case Target::Kind::pressure: {
      trace.title = level_words(model.levels[l].name) + " disc pressure";
      const DiscParameters& disc = loads.spine.level[l].disc;
      trace.now = mpa_from_pa(here.frame.segment[l].disc_pressure_pa);
      trace.healthy = mpa_from_pa(there.frame.segment[l].disc_pressure_pa);
      add_parts(here.pressure(l, disc), there.pressure(l, disc), trace.parts);
      add_level_context(model, here, there, l, true, trace.context);
      trace.source = {"wilke1999", "wilke2001", "beckstein2008", "bruno2015"};
      break;
    }
    case Target::Kind::facet:
      trace.title = level_words(model.levels[l].name) + (target->side == kRight ? " right facet" : " left facet");
      trace.now = here.frame.segment[l].facet_n[target->side];
      trace.healthy = there.frame.segment[l].facet_n[target->side];
      exchange(loads.spine.level[l], here, there, *target, trace);
      add_level_context(model, here, there, l, true, trace.context);
      add_posture_context(model, here, there, trace.context);
      add_muscle_context(here, there, l, trace.context);
      trace.source = {"remus2021", "simon2012", "adams_hutton1980", "bruno2015"};
      break;
    case Target::Kind::hip:
      trace.title = target->side == kRight ? "right hip contact" : "left hip contact";
      trace.now = here.frame.hip_contact_P[l].norm(), trace.healthy = there.frame.hip_contact_P[l].norm();
      add_parts(here.hip(l), there.hip(l), trace.parts);
      add_posture_context(model, here, there, trace.context);
      trace.context.push_back({"ground force, upwards [N]", here.ground_force_G[l].y(), there.ground_force_G[l].y()});
      trace.source = {"rajagopal2016", "uhlrich2022", "deleva1996"};
      break;
  }
  sort_by_change(trace.parts);
  trace.sentences = sentences_of(trace, now.scenario);
  return trace;
}

}  // namespace hipspine
