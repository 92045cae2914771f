#include "render/picture/scene.h"

#include <cmath>

#include "sim/core/units.h"
#include "tests/picture/picture_body.h"

using namespace hipspine;
using namespace hipspine::test;

namespace {

struct World {
  Model model = picture_model();
  MusclePaths paths = prepare_muscle_paths(model);
  std::vector<BodyPart> parts = simple_parts(model);
  std::array<HipLimits, 2> limits;
  SceneOptions options;
  World() { options.muscle_layers = (1u << kMuscleLayers) - 1; }

  Scene of(const BodyMoment& now, const BodyMoment* ghost = nullptr) const {
    return assemble_scene(model, paths, parts, limits, now, ghost, options);
  }
  Kinematics kinematics(const BodyMoment& now) const {
    Kinematics kin;
    kin.resize(model.n_coord());
    update_position(model, now.q, kin);
    return kin;
  }
};

double off_rigid(const Transform& X) {
  return (X.R * X.R.transpose() - Mat3::Identity()).norm() + std::abs(X.R.determinant() - 1);
}

}  // namespace

TEST_CASE("Every part is posed rigidly where its link is") {
  const World world;
  const BodyMoment now = crooked(world.model);
  const Kinematics kin = world.kinematics(now);
  const Scene scene = world.of(now);
  REQUIRE(scene.instances.size() == world.parts.size());
  for (const SceneInstance& instance : scene.instances) {
    CHECK(off_rigid(instance.X_GP) < 1e-9);
    const BodyPart& part = world.parts[instance.part];
    if (part.tissue == Tissue::disc) continue;
    CHECK((instance.X_GP.p - kin.X_GL[part.link].p).norm() < 1e-12);
    CHECK((instance.X_GP.R - kin.X_GL[part.link].R).norm() < 1e-12);
  }
  CHECK((scene.pelvis_G - now.q.head<3>()).norm() < 1e-12);
}

TEST_CASE("A disc turns half as far as its level, about the disc's centre") {
  const World world;
  const BodyMoment now = crooked(world.model);
  const Kinematics kin = world.kinematics(now);
  for (const SceneInstance& instance : world.of(now).instances) {
    const BodyPart& part = world.parts[instance.part];
    if (part.tissue != Tissue::disc) continue;
    const Level& level = world.model.levels[part.level];
    const Transform& lower = kin.X_GL[level.lower_link];
    const Vec3 centre = level.X_LD.p;
    CHECK((instance.X_GP * centre - lower * centre).norm() < 1e-9);
    // From below to the disc is the same turn as from the disc to above.
    const Mat3 first = lower.R.transpose() * instance.X_GP.R;
    const Mat3 whole = lower.R.transpose() * kin.X_GL[level.upper_link].R;
    CHECK((first * first - whole).norm() < 1e-9);
    CHECK((first - Mat3::Identity()).norm() > 1e-3);
  }
}

TEST_CASE("disc_pose: the same for both is the same; a shift is halved; between the two from either side") {
  const Transform lower{rotation(Vec3(1, 2, 3).normalized(), 0.4), {0.1, 0.9, -0.2}};
  const Transform same = disc_pose(lower, lower);
  CHECK((same.R - lower.R).norm() + (same.p - lower.p).norm() < 1e-12);
  const Transform shifted = disc_pose(lower, {lower.R, lower.p + Vec3(0.01, 0.02, 0)});
  CHECK((shifted.p - lower.p - Vec3(0.005, 0.01, 0)).norm() < 1e-12);
  const Transform upper{rotation(Vec3(3, -1, 2).normalized(), 0.7), {0.12, 0.91, -0.2}};
  const Transform up = disc_pose(lower, upper), down = disc_pose(upper, lower);
  CHECK((up.R - down.R).norm() + (up.p - down.p).norm() < 1e-9);
}

TEST_CASE("Colours say the loads on the fixed scales") {
  World world;
  BodyMoment now = standing(world.model);
  now.loads.segment[1].disc_pressure_pa = 1.25e6;
  now.loads.segment[1].facet_n = {100, 300};
  const Level& level = world.model.levels[1];
  for (const SceneInstance& instance : world.of(now).instances) {
    const BodyPart& part = world.parts[instance.part];
    if (part.name == level.name + "_disc") CHECK(instance.colour == load_colour(1.25 / kDiscScale_mpa));
    if (part.name == level.name + "_facet_r") CHECK(instance.colour == load_colour(100 / kFacetScale_n));
    if (part.name == level.name + "_facet_l") CHECK(instance.colour == load_colour(300 / kFacetScale_n));
  }
  world.options.highlight_level = 1;
  world.options.labels = true;
  const Scene scene = world.of(now);
  for (const SceneInstance& instance : scene.instances) {
    const BodyPart& part = world.parts[instance.part];
    if (part.level == 1)
      CHECK(instance.emphasis > 1);
    else if (part.name == "lumbar4" || part.name == "lumbar5")
      CHECK(instance.emphasis == 1);
    else
      CHECK(instance.emphasis < 1);
  }
  REQUIRE(scene.labels.size() == kLevels);
  CHECK(scene.labels.front().text.starts_with("T12/L1"));
  CHECK(scene.labels[kLevels - 2].text == "L4/L5  1.25 MPa, facets 100 N right, 300 N left");
}

TEST_CASE("A muscle's line is as long as its path, and starts and ends at its ends") {
  const World world;
  for (const BodyMoment& now : {standing(world.model), crooked(world.model)}) {
    const Kinematics kin = world.kinematics(now);
    MuscleGeometry geometry;
    muscle_geometry(world.paths, kin, geometry);
    const Scene scene = world.of(now);
    REQUIRE(static_cast<int>(scene.ribbons.size()) == world.model.n_muscle());
    for (const SceneRibbon& ribbon : scene.ribbons) {
      const Muscle& muscle = world.model.muscles[ribbon.muscle];
      CAPTURE(muscle.name);
      double length_m = 0;
      for (size_t i = 1; i < ribbon.points_G.size(); ++i)
        length_m += (ribbon.points_G[i] - ribbon.points_G[i - 1]).norm();
      CHECK(std::abs(length_m - geometry.length_m[ribbon.muscle]) < 1e-3);
      CHECK((ribbon.points_G.front() - point_G(kin, muscle.points.front().link, muscle.points.front().p_L)).norm() <
            1e-12);
      CHECK((ribbon.points_G.back() - point_G(kin, muscle.points.back().link, muscle.points.back().p_L)).norm() <
            1e-12);
    }
  }
}

TEST_CASE("Ground forces are arrows from the centre of pressure, a metre for a kilonewton; none in the air") {
  const World world;
  BodyMoment now = standing(world.model);
  now.ground_force_G = {Vec3(100, 700, -20), Vec3(0, 5, 0)};
  now.ground_cop_G = {Vec3(0.1, 0, 0.08), Vec3(0.3, 0, -0.08)};
  const Scene scene = world.of(now);
  REQUIRE(scene.arrows.size() == 1);
  CHECK((scene.arrows[0].from_G - now.ground_cop_G[kRight]).norm() < 1e-12);
  CHECK((scene.arrows[0].to_G - scene.arrows[0].from_G - now.ground_force_G[kRight] / 1000).norm() < 1e-12);
  CHECK(scene.arrows[0].colour == kRightColour);
  BodyMoment seated = now;
  seated.seat_force_G[kLeft] = Vec3(0, 200, 0);
  seated.seat_cop_G[kLeft] = Vec3(-0.3, 0.45, -0.06);
  const Scene on_seat = world.of(seated);
  REQUIRE(on_seat.arrows.size() == 2);
  CHECK((on_seat.arrows[1].to_G - Vec3(-0.3, 0.65, -0.06)).norm() < 1e-12);
  CHECK(on_seat.arrows[1].colour == kLeftColour);
  const auto bars = [](const Scene& scene) {
    std::vector<SceneRibbon> found;
    for (const SceneRibbon& r : scene.ribbons)
      if (r.muscle < 0) found.push_back(r);
    return found;
  };
  CHECK(bars(on_seat).empty());
  seated.seat_G = Vec3(-0.2, 0.45, 0);  // a stool: seven slats, two rails, four legs, its top at the seat's height
  const Scene with_stool = world.of(seated);
  REQUIRE(bars(with_stool).size() == 13);
  double highest = 0, lowest = 1;
  for (const SceneRibbon& bar : bars(with_stool))
    for (const Vec3& p : bar.points_G) {
      highest = std::max(highest, p.y() + bar.radius_m);
      lowest = std::min(lowest, p.y());
    }
  CHECK(highest == doctest::Approx(0.45));
  CHECK(lowest == 0);
}

TEST_CASE("The fan at a hip spans its range in the pelvis' sagittal plane, and now is where the thigh is") {
  World world;
  world.limits[kRight].extension_max_rad = rad_from_deg(5);
  world.limits[kLeft].extension_max_rad = rad_from_deg(-10);
  world.limits[kLeft].flexion_max_rad = rad_from_deg(90);
  BodyMoment now = crooked(world.model);
  now.q[world.model.legs[kRight].hip_flexion] = rad_from_deg(-3);
  now.q[world.model.legs[kLeft].hip_flexion] = rad_from_deg(23);
  const Kinematics kin = world.kinematics(now);
  const Mat3 R_GP = kin.X_GL[world.model.bodies[world.model.body("pelvis")].link].R;
  const Scene scene = world.of(now);
  REQUIRE(scene.arcs.size() == 2);
  for (int side : {kRight, kLeft}) {
    const SceneArc& arc = scene.arcs[side];
    for (const Vec3& d : {arc.from_G, arc.to_G, arc.now_G}) {
      CHECK(d.norm() == doctest::Approx(1));
      CHECK(std::abs(d.dot(R_GP.col(2))) < 1e-12);
    }
    const HipLimits& limits = world.limits[side];
    CHECK(std::acos(arc.from_G.dot(arc.to_G)) == doctest::Approx(limits.flexion_max_rad + limits.extension_max_rad));
    // The thigh, put into that plane.
    const Vec3 thigh = -kin.X_GL[world.model.legs[side].hip_rotation].R.col(1);
    const Vec3 flat = (thigh - thigh.dot(R_GP.col(2)) * R_GP.col(2)).normalized();
    CHECK((flat - arc.now_G).norm() < 1e-9);
  }
  CHECK(scene.arcs[kRight].text == "extension 3° of 5°");
  CHECK(scene.arcs[kLeft].text == "flexion 23° of 10° to 90°");
  world.options.arc_side = {false, true};
  CHECK(world.of(now).arcs.size() == 1);
}

TEST_CASE("The mirrored person gives the mirrored scene") {
  World world;
  BodyMoment now = crooked(world.model);
  now.q[world.model.coordinate("pelvis_tz")] = 0.04;
  now.ground_force_G = {Vec3(50, 600, -30), Vec3(-80, 300, 20)};
  now.ground_cop_G = {Vec3(0.1, 0, 0.08), Vec3(-0.4, 0, -0.06)};
  BodyMoment other = now;
  other.q = mirrored(world.model, now.q);
  const auto flip = [](Vec3 v) {
    v.z() = -v.z();
    return v;
  };
  for (int side : {kRight, kLeft}) {
    other.ground_force_G[side] = flip(now.ground_force_G[1 - side]);
    other.ground_cop_G[side] = flip(now.ground_cop_G[1 - side]);
  }
  const Scene a = world.of(now), b = world.of(other);
  const auto twin = [&](std::string name) {
    if (name.ends_with("_r"))
      name.back() = 'l';
    else if (name.ends_with("_l"))
      name.back() = 'r';
    for (size_t i = 0; i < world.parts.size(); ++i)
      if (world.parts[i].name == name) return static_cast<int>(i);
    return -1;
  };
  for (size_t i = 0; i < a.instances.size(); ++i) {
    const int j = twin(world.parts[a.instances[i].part].name);
    REQUIRE(j >= 0);
    const Vec3 focus = world.parts[a.instances[i].part].focus_L, other_focus = world.parts[j].focus_L;
    CAPTURE(world.parts[j].name);
    CHECK((flip(a.instances[i].X_GP * focus) - b.instances[j].X_GP * other_focus).norm() < 1e-9);
  }
  for (const SceneRibbon& ribbon : a.ribbons) {
    const SceneRibbon& other_ribbon = b.ribbons[world.model.muscles[ribbon.muscle].mirror];
    REQUIRE(ribbon.points_G.size() == other_ribbon.points_G.size());
    for (size_t i = 0; i < ribbon.points_G.size(); ++i)
      CHECK((flip(ribbon.points_G[i]) - other_ribbon.points_G[i]).norm() < 1e-9);
  }
  REQUIRE(a.arrows.size() == 2);
  REQUIRE(b.arrows.size() == 2);
  for (int side : {kRight, kLeft}) {
    CHECK((flip(a.arrows[side].to_G) - b.arrows[1 - side].to_G).norm() < 1e-12);
    CHECK((flip(a.arcs[side].now_G) - b.arcs[1 - side].now_G).norm() < 1e-9);
    CHECK((flip(a.arcs[side].centre_G) - b.arcs[1 - side].centre_G).norm() < 1e-9);
  }
}

TEST_CASE("What is switched off is not there") {
  World world;
  BodyMoment now = standing(world.model);
  now.ground_force_G[kRight] = Vec3(0, 700, 0);
  const auto count = [&](auto holds) {
    int n = 0;
    for (const SceneInstance& instance : world.of(now).instances) n += holds(world.parts[instance.part]) ? 1 : 0;
    return n;
  };
  const auto is_bone = [](const BodyPart& p) { return p.tissue == Tissue::bone; };
  const auto is_load = [](const BodyPart& p) { return p.tissue == Tissue::disc || p.tissue == Tissue::facet; };
  CHECK(count(is_load) == 3 * kLevels);
  world.options.bones = false;
  CHECK(count(is_bone) == 0);
  CHECK(count(is_load) == 3 * kLevels);
  world.options.bones = true;
  world.options.discs = false;
  CHECK(count(is_load) == 0);
  world.options.discs = true;
  world.options.upper_body = false;
  const auto above = [](const BodyPart& p) {
    return p.name.starts_with("thorax") || p.name.starts_with("arm") || p.name.starts_with("head");
  };
  CHECK(count(above) == 0);
  CHECK(count(is_load) == 3 * kLevels);
  CHECK(count([](const BodyPart& p) { return p.name == "lumbar1" || p.name == "femur_r"; }) == 2);
  world.options.ground_forces = world.options.hip_arc = false;
  CHECK(world.of(now).arrows.empty());
  CHECK(world.of(now).arcs.empty());
  for (int layer = 0; layer < kMuscleLayers; ++layer) {
    world.options.muscle_layers = 1u << layer;
    const Scene scene = world.of(now);
    CHECK_FALSE(scene.ribbons.empty());
    for (const SceneRibbon& ribbon : scene.ribbons)
      CHECK(muscle_layer(world.model.muscles[ribbon.muscle].group) == layer);
  }
  world.options.muscle_layers = 0;
  CHECK(world.of(now).ribbons.empty());
  CHECK(muscle_layer("psoas") == kHipFlexors);
  CHECK(muscle_layer("gluteus_medius") == kGluteals);
  CHECK(muscle_layer("vasti") == kThigh);
  CHECK(muscle_layer("soleus") == kLowerLeg);
  CHECK(muscle_layer("multifidus_thoracolumbar") == kBackMuscles);
  CHECK(muscle_layer("internal_oblique") == kAbdominals);
}

TEST_CASE("The healthy ghost stands at the same place, on the same ground, translucent; beside it is solid") {
  World world;
  const BodyMoment now = crooked(world.model);
  BodyMoment healthy = standing(world.model);
  healthy.q[world.model.coordinate("pelvis_tx")] = 7;
  CHECK(world.of(now, &healthy).instances.size() == world.parts.size());
  world.options.ghost = true;
  CHECK(world.of(now).instances.size() == world.parts.size());
  const Scene inside = world.of(now, &healthy);
  REQUIRE(inside.instances.size() == 2 * world.parts.size());
  for (size_t i = world.parts.size(); i < inside.instances.size(); ++i) {
    const SceneInstance& instance = inside.instances[i];
    CHECK(instance.ghost);
    CHECK(instance.colour[3] < 1);
    if (world.parts[instance.part].name == "pelvis") {
      CHECK((instance.X_GP.p - Vec3(inside.pelvis_G.x(), 0.93, inside.pelvis_G.z())).norm() < 1e-12);
    }
  }
  world.options.ghost_beside = true;
  CHECK(inside.follow_G == inside.pelvis_G);
  const Scene beside = world.of(now, &healthy);
  CHECK((beside.follow_G - beside.pelvis_G - Vec3(0, 0, -0.5 * kBeside_m)).norm() < 1e-12);
  for (size_t i = world.parts.size(); i < beside.instances.size(); ++i) {
    CHECK(beside.instances[i].colour[3] == 1);
    CHECK((beside.instances[i].X_GP.p - inside.instances[i].X_GP.p - Vec3(0, 0, -kBeside_m)).norm() < 1e-12);
  }
}
