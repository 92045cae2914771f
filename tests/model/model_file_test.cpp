// The loaded body: counts, masses, the neutral chain against the published joint centres, mirror image, scaling.
#include "sim/model/model_file.h"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <random>

#include "sim/core/units.h"
#include "sim/model/body_file.h"

using namespace hipspine;

namespace {

const Mat3 kMirror = Vec3(1, 1, -1).asDiagonal();

Model load(double height_m = 1.70, double mass_kg = 75.337) {
  Scenario s;
  s.height_m = height_m;
  s.mass_kg = mass_kg;
  Diagnostics d;
  const Model model = load_model(default_model_folder(), s, d);
  REQUIRE(d.text() == "");
  return model;
}

/// Poses of all links, straight from the definition in model.h.
std::vector<Transform> poses(const Model& model, const CoordVec& q) {
  std::vector<Transform> X_GL(model.coordinates.size());
  for (int i = 0; i < model.n_coord(); ++i) {
    const Coordinate& c = model.coordinates[i];
    const Transform X_GP = c.parent < 0 ? Transform{} : X_GL[c.parent];
    const Transform joint = c.translation ? Transform{Mat3::Identity(), c.axis_J * q[i]}
                                          : Transform{rotation(c.axis_J, q[i]), Vec3::Zero()};
    X_GL[i] = X_GP * c.X_PJ * joint;
  }
  return X_GL;
}

CoordVec random_pose(const Model& model, unsigned seed) {
  std::mt19937 random(seed);
  CoordVec q(model.n_coord());
  for (int i = 0; i < model.n_coord(); ++i) {
    const Coordinate& c = model.coordinates[i];
    q[i] = c.low + (c.high - c.low) * (random() / 4294967296.0);
  }
  return q;
}

Vec3 body_point(const Model& model, const std::vector<Transform>& X_GL, const char* body) {
  const Body& b = model.bodies[model.body(body)];
  return X_GL[b.link] * b.X_LB.p;
}

}  // namespace

TEST_SUITE("model/model_file") {
  TEST_CASE("forty coordinates in the agreed order") {
    const Model m = load();
    const char* const expected[] = {
        "pelvis_tx",     "pelvis_ty",       "pelvis_tz",      "pelvis_tilt",  "pelvis_list",   "pelvis_rotation",
        "hip_flexion_r", "hip_adduction_r", "hip_rotation_r", "knee_angle_r", "ankle_angle_r", "subtalar_angle_r",
        "hip_flexion_l", "hip_adduction_l", "hip_rotation_l", "knee_angle_l", "ankle_angle_l", "subtalar_angle_l",
        "L5_S1_FE",      "L5_S1_LB",        "L5_S1_AR",       "L4_L5_FE",     "L4_L5_LB",      "L4_L5_AR",
        "L3_L4_FE",      "L3_L4_LB",        "L3_L4_AR",       "L2_L3_FE",     "L2_L3_LB",      "L2_L3_AR",
        "L1_L2_FE",      "L1_L2_LB",        "L1_L2_AR",       "T12_L1_FE",    "T12_L1_LB",     "T12_L1_AR",
        "thoracic_LB",   "thoracic_AR",     "arm_flex_r",     "arm_flex_l"};
    REQUIRE(m.n_coord() == 40);
    for (int i = 0; i < 40; ++i) {
      CHECK(m.coordinates[i].name == expected[i]);
      CHECK(m.coordinates[i].parent < i);
      CHECK(m.coordinates[i].axis_J.norm() == doctest::Approx(1).epsilon(1e-14));
      CHECK(m.coordinates[i].prescribed == m.coordinates[i].name.starts_with("arm_"));
    }
    for (int k = 0; k < kLevels; ++k) {
      CHECK(m.levels[k].fe == 18 + 3 * k);
      CHECK(m.coordinates[m.levels[k].ar].parent == m.levels[k].lb);
    }
    CHECK(m.legs[kRight].knee == 9);
    CHECK(m.legs[kLeft].subtalar == 17);
  }

  TEST_CASE("masses sum to the subject and every inertia is possible") {
    for (const auto& [height, mass] : {std::pair{1.70, 75.337}, std::pair{1.52, 48.0}, std::pair{1.95, 120.0}}) {
      CAPTURE(height);
      const Model m = load(height, mass);
      double bodies = 0, links = 0;
      for (const Body& b : m.bodies) bodies += b.mass_kg;
      for (const LinkInertia& l : m.link_inertia) links += l.mass_kg;
      CHECK(bodies == doctest::Approx(mass).epsilon(1e-9));
      CHECK(links == doctest::Approx(mass).epsilon(1e-9));
      for (const Body& b : m.bodies) {
        CAPTURE(b.name);
        const Vec3 p = Eigen::SelfAdjointEigenSolver<Mat3>(b.I_com_B).eigenvalues();
        CHECK(p[0] > 0);
        CHECK(p[0] + p[1] >= p[2] * (1 - 1e-5));
      }
    }
  }

  TEST_CASE("the four pelvic bodies and the two thoracic ones add up to the published segments") {
    const Model m = load();
    const LinkInertia& pelvis = m.link_inertia[5];
    CHECK(pelvis.mass_kg == doctest::Approx(11.777).epsilon(1e-9));
    CHECK((pelvis.p_com_L - Vec3(-0.0707, 0, 0)).norm() < 1e-9);
    CHECK((pelvis.I_com_L - Mat3(Vec3(0.1028, 0.0871, 0.0579).asDiagonal())).norm() < 1e-9);

    // Thorax in one piece: 12.91236 kg, centre of mass and inertia about it in the frame at T12/L1.
    const auto X_GL = poses(m, CoordVec::Zero(m.n_coord()));
    const Body& low = m.bodies[m.body("thorax")];
    const Body& high = m.bodies[m.body("thorax_upper")];
    const Vec3 origin_G = X_GL[low.link].p;
    double mass = 0;
    Vec3 moment = Vec3::Zero();
    for (const Body* b : {&low, &high}) {
      mass += b->mass_kg;
      moment += b->mass_kg * (X_GL[b->link] * (b->X_LB * b->p_com_B) - origin_G);
    }
    const Vec3 com = moment / mass;
    Mat3 inertia = Mat3::Zero();
    for (const Body* b : {&low, &high}) {
      const Vec3 d = X_GL[b->link] * (b->X_LB * b->p_com_B) - origin_G - com;
      inertia += b->I_com_B + b->mass_kg * (d.squaredNorm() * Mat3::Identity() - d * d.transpose());
    }
    CHECK(mass == doctest::Approx(12.91236).epsilon(1e-6));
    CHECK((com - Vec3(0.03415341, 0.1414749, 0)).norm() < 1e-6);
    Mat3 published;
    published << 0.1752272, 0.008612605, 0, 0.008612605, 0.1175341, 0, 0, 0, 0.1376515;
    CHECK((inertia - published).norm() < 2e-6);
  }

  TEST_CASE("zero pose: frames parallel to the ground, joint centres where the sources put them") {
    const Model m = load();
    const auto X_GL = poses(m, CoordVec::Zero(m.n_coord()));
    for (const Transform& X : X_GL) CHECK((X.R - Mat3::Identity()).norm() < 1e-14);
    // Lumbar joint centres in the pelvis frame (chain of the published vertebral frames).
    const double xy[kLevels][2] = {{-0.085, 0.046},      {-0.070815, 0.082952}, {-0.068889, 0.1197},
                                   {-0.074641, 0.15601}, {-0.084027, 0.18875},  {-0.097324, 0.22166}};
    const double tilt_deg[kLevels] = {-30, -12, 3, 12.5, 19, 21};
    for (int k = 0; k < kLevels; ++k) {
      CAPTURE(m.levels[k].name);
      const Level& level = m.levels[k];
      const Transform X_GD = X_GL[level.lower_link] * level.X_LD;
      CHECK(std::hypot(X_GD.p.x() - xy[k][0], X_GD.p.y() - xy[k][1]) < 2e-5);
      CHECK(X_GD.p.z() == 0);
      CHECK((X_GL[level.upper_link].p - X_GD.p).norm() < 1e-15);
      // y of D leans back by the tilt: its anterior edge is up by that angle.
      CHECK((X_GD.R.col(0) - Vec3(std::cos(tilt_deg[k] * kDeg), std::sin(tilt_deg[k] * kDeg), 0)).norm() < 1e-12);
      // The level's coordinates turn about the axes of D, so that rotations of the disc are the coordinates.
      CHECK((m.coordinates[level.lb].axis_J - X_GD.R.col(0)).norm() < 1e-12);
      CHECK((m.coordinates[level.ar].axis_J - X_GD.R.col(1)).norm() < 1e-12);
    }
    CHECK((body_point(m, X_GL, "femur_r") - Vec3(-0.056276, -0.07849, 0.07726)).norm() < 1e-12);
    // Tibia: hinge place and offset together keep the published extended knee.
    CHECK((body_point(m, X_GL, "tibia_r") - body_point(m, X_GL, "femur_r") - Vec3(0.00357816, -0.40609186, -0.00026259))
              .norm() < 1e-7);
    for (const Foot& f : m.feet)
      for (const Vec3& p_L : f.sole_L) CHECK((X_GL[f.link] * p_L).y() == doctest::Approx(-0.9465).epsilon(1e-3));
  }

  TEST_CASE("the left is the mirror image of the right in every pose") {
    const Model m = load();
    for (const unsigned seed : {1u, 2u, 3u}) {
      CAPTURE(seed);
      const CoordVec q = random_pose(m, seed);
      const CoordVec p = mirrored(m, q);
      CHECK((mirrored(m, p) - q).norm() == 0);
      const auto X = poses(m, q);
      const auto Y = poses(m, p);
      for (const Body& b : m.bodies) {
        CAPTURE(b.name);
        const Body& other = m.bodies[m.body(mirrored_name(b.name))];
        const Transform X_GB = X[b.link] * b.X_LB;
        const Transform image = Y[other.link] * other.X_LB;
        CHECK((image.p - mirrored_point(X_GB.p)).norm() < 1e-12);
        CHECK((image.R - kMirror * X_GB.R * kMirror).norm() < 1e-12);
        CHECK(other.mass_kg == b.mass_kg);
        CHECK((other.p_com_B - mirrored_point(b.p_com_B)).norm() == 0);
        CHECK((other.I_com_B - kMirror * b.I_com_B * kMirror).norm() == 0);
      }
      for (int k = 0; k < 3; ++k) {
        const Vec3 right = X[m.feet[kRight].link] * m.feet[kRight].sole_L[k];
        const Vec3 left = Y[m.feet[kLeft].link] * m.feet[kLeft].sole_L[k];
        CHECK((left - mirrored_point(right)).norm() < 1e-12);
      }
    }
  }

  TEST_CASE("signs of the coordinates") {
    const Model m = load();
    const auto moved = [&](const char* coordinate, const char* body, const Vec3& p_B) -> Vec3 {
      CoordVec q = CoordVec::Zero(m.n_coord());
      const Body& b = m.bodies[m.body(body)];
      const Vec3 before = poses(m, q)[b.link] * (b.X_LB * p_B);
      q[m.coordinate(coordinate)] = 0.01;
      return poses(m, q)[b.link] * (b.X_LB * p_B) - before;
    };
    const Vec3 below(0, -0.4, 0), ahead(0.2, 0, 0), above(0, 0.4, 0), aside(0, 0, 0.2);
    CHECK(moved("hip_flexion_r", "femur_r", below).x() > 0.003);
    CHECK(moved("hip_flexion_l", "femur_l", below).x() > 0.003);
    CHECK(moved("hip_adduction_r", "femur_r", below).z() < -0.003);
    CHECK(moved("hip_adduction_l", "femur_l", below).z() > 0.003);
    CHECK(moved("hip_rotation_r", "femur_r", ahead).z() < -0.001);
    CHECK(moved("hip_rotation_l", "femur_l", ahead).z() > 0.001);
    CHECK(moved("knee_angle_r", "tibia_r", below).x() < -0.003);
    CHECK(moved("ankle_angle_r", "calcn_r", ahead).y() > 0.001);
    CHECK(moved("subtalar_angle_r", "calcn_r", aside).y() < -0.001 * 0.5);
    CHECK(moved("pelvis_tilt", "pelvis", above).x() < -0.003);
    CHECK(moved("pelvis_list", "pelvis", aside).y() < -0.001);
    CHECK(moved("pelvis_rotation", "pelvis", ahead).z() < -0.001);
    CHECK(moved("L4_L5_FE", "thorax", above).x() < -0.003);
    CHECK(moved("L4_L5_LB", "thorax", above).z() > 0.003);
    CHECK(moved("L4_L5_AR", "lumbar4", ahead).z() < -0.001);
    CHECK(moved("thoracic_LB", "head_neck", above).z() > 0.003);
    CHECK(moved("thoracic_AR", "thorax_upper", ahead).z() < -0.001);
    CHECK(moved("arm_flex_l", "arm_l", below).x() > 0.003);
  }

  TEST_CASE("scaling: lengths by height, masses by mass, inertias by both") {
    const Model a = load();
    const Model b = load(1.70 * 1.1, 75.337 * 1.5);
    CHECK(b.length_scale == doctest::Approx(1.1).epsilon(1e-12));
    for (int i = 0; i < a.n_coord(); ++i) {
      CHECK((b.coordinates[i].X_PJ.p - 1.1 * a.coordinates[i].X_PJ.p).norm() < 1e-14);
      const LinkInertia &x = a.link_inertia[i], &y = b.link_inertia[i];
      CHECK(y.mass_kg == doctest::Approx(1.5 * x.mass_kg).epsilon(1e-12));
      CHECK((y.p_com_L - 1.1 * x.p_com_L).norm() < 1e-14);
      CHECK((y.I_com_L - 1.5 * 1.1 * 1.1 * x.I_com_L).norm() < 1e-13);
    }
    REQUIRE(a.n_muscle() == b.n_muscle());
    for (int i = 0; i < a.n_muscle(); ++i) {
      const Muscle &x = a.muscles[i], &y = b.muscles[i];
      CHECK(y.force_max_n == doctest::Approx(x.force_max_n * std::cbrt(1.5 * 1.5)).epsilon(1e-12));
      CHECK(y.fibre_length_opt_m == doctest::Approx(1.1 * x.fibre_length_opt_m).epsilon(1e-12));
      CHECK(y.tendon_slack_m == doctest::Approx(1.1 * x.tendon_slack_m).epsilon(1e-12));
      for (size_t k = 0; k < x.points.size(); ++k) CHECK((y.points[k].p_L - 1.1 * x.points[k].p_L).norm() < 1e-14);
    }
  }
}
