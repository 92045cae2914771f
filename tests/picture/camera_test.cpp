#include "render/picture/camera.h"

#include <doctest/doctest.h>

#include <cmath>

#include "render/picture/pick.h"

using namespace hipspine;

namespace {
Vec3 seen(const Camera& camera, double aspect, const Vec3& p_G) {
  const auto p = project(camera, aspect, p_G);
  REQUIRE(p.has_value());
  return {p->x, p->y, p->depth_m};
}
}  // namespace

TEST_CASE("The target is in the middle of the picture, at the camera's distance") {
  for (int preset = 0; preset < static_cast<int>(CameraPreset::kCount); ++preset) {
    Camera camera = camera_of(static_cast<CameraPreset>(preset), 1.7);
    camera.target_G += Vec3(123.4, 0.9, -0.2);
    const Vec3 p = seen(camera, 1.3, camera.target_G);
    CHECK(p.x() == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(p.y() == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(p.z() == doctest::Approx(camera.distance_m).epsilon(1e-4));
    CHECK((camera.eye_G() - camera.target_G).norm() == doctest::Approx(camera.distance_m));
  }
}

TEST_CASE("Seen from in front, the person's right is on the left and up is up; half the field of view is the edge") {
  Camera camera;
  camera.azimuth_rad = camera.elevation_rad = 0;
  CHECK((camera.eye_G() - camera.target_G - Vec3(camera.distance_m, 0, 0)).norm() < 1e-12);
  CHECK(seen(camera, 1, camera.target_G + Vec3(0, 0, 0.3)).x() < 0.5);
  CHECK(seen(camera, 1, camera.target_G + Vec3(0, 0.3, 0)).y() < 0.5);
  const double edge = camera.distance_m * std::tan(0.5 * camera.field_of_view_rad);
  CHECK(seen(camera, 1, camera.target_G + Vec3(0, edge, 0)).y() == doctest::Approx(0).epsilon(1e-5));
  CHECK(seen(camera, 2, camera.target_G + Vec3(0, 0, -2 * edge)).x() == doctest::Approx(1).epsilon(1e-5));
  CHECK_FALSE(project(camera, 1, camera.eye_G() + Vec3(1, 0, 0)).has_value());
}

TEST_CASE("The view is a rigid motion that takes the eye to the origin") {
  Camera camera = camera_of(CameraPreset::lumbar, 1.8);
  const Eigen::Matrix4d view = camera.view().cast<double>();
  const Mat3 R = view.topLeftCorner<3, 3>();
  CHECK((R * R.transpose() - Mat3::Identity()).norm() < 1e-6);
  CHECK(R.determinant() == doctest::Approx(1));
  CHECK((view * camera.eye_G().homogeneous()).head<3>().norm() < 1e-6);
}

TEST_CASE("Orbit wraps round and stops short of the poles, zoom stays within its limits, pan keeps the distance") {
  Camera camera;
  const double azimuth = camera.azimuth_rad;
  camera.orbit(4 * M_PI, 0);
  CHECK(camera.azimuth_rad == doctest::Approx(azimuth));
  camera.orbit(0, 10);
  CHECK(camera.elevation_rad == doctest::Approx(1.5));
  camera.orbit(0, -20);
  CHECK(camera.elevation_rad == doctest::Approx(-1.5));
  camera.zoom(1e-6);
  CHECK(camera.distance_m == doctest::Approx(0.15));
  camera.zoom(1e6);
  CHECK(camera.distance_m == doctest::Approx(12));
  camera = Camera{};
  const Vec3 before = camera.target_G;
  camera.pan(0.2, 0.1);
  CHECK((camera.target_G - before).norm() == doctest::Approx(std::hypot(0.2, 0.1)));
  const Vec3 old_target = seen(camera, 1, before);  // it has gone to the left and down
  CHECK(old_target.x() < 0.5);
  CHECK(old_target.y() > 0.5);
}

TEST_CASE("Presets have names that come back, and whole bodies fit with a margin") {
  for (int i = 0; i < static_cast<int>(CameraPreset::kCount); ++i) {
    const auto preset = static_cast<CameraPreset>(i);
    CameraPreset back = CameraPreset::kCount;
    CHECK(from_string(to_string(preset), back));
    CHECK(back == preset);
  }
  CameraPreset none = CameraPreset::front;
  CHECK_FALSE(from_string("above", none));
  CHECK(none == CameraPreset::front);
  for (double height_m : {1.5, 1.7, 2.0})
    for (CameraPreset preset : {CameraPreset::three_quarter, CameraPreset::front, CameraPreset::right,
                                CameraPreset::left, CameraPreset::back}) {
      Camera camera = camera_of(preset, height_m);
      const double pelvis_m = 0.545 * height_m;
      camera.target_G += Vec3(0, pelvis_m, 0);
      // The head, and feet a step of half the height apart.
      for (const Vec3& share :
           {Vec3(0.06, 1, 0.06), Vec3(-0.06, 1, -0.06), Vec3(0.25, 0, 0.07), Vec3(-0.25, 0, -0.07)}) {
        const Vec3 p = seen(camera, 1, height_m * share);
        CAPTURE(to_string(preset));
        CHECK(p.x() > 0.03);
        CHECK(p.x() < 0.97);
        CHECK(p.y() > 0.03);
        CHECK(p.y() < 0.97);
      }
    }
}

TEST_CASE("What is pointed at is the nearest part under the pointer") {
  std::vector<BodyPart> parts(2);
  for (BodyPart& part : parts) {
    part.mesh.vertices = {
        {{0, -0.1f, -0.1f}, {1, 0, 0}, 1}, {{0, 0.1f, -0.1f}, {1, 0, 0}, 1}, {{0, 0, 0.2f}, {1, 0, 0}, 1}};
    part.mesh.indices = {0, 1, 2};
  }
  Scene scene;
  scene.instances.resize(2);
  scene.instances[0].part = 0;
  scene.instances[0].X_GP.p = Vec3(0, 0.9, 0);
  scene.instances[1].part = 1;
  scene.instances[1].X_GP.p = Vec3(0.5, 0.9, 0);
  Camera camera;
  camera.azimuth_rad = camera.elevation_rad = 0;
  auto picked = pick(scene, parts, camera, 1, 0.5, 0.5);
  REQUIRE(picked.has_value());
  CHECK(picked->instance == 1);
  CHECK((picked->at_G - Vec3(0.5, 0.9, 0)).norm() < 1e-6);
  scene.instances[1].ghost = true;
  picked = pick(scene, parts, camera, 1, 0.5, 0.5);
  REQUIRE(picked.has_value());
  CHECK(picked->instance == 0);
  CHECK_FALSE(pick(scene, parts, camera, 1, 0.02, 0.02).has_value());
  const Vec3 corner(0, 0.98, -0.099);  // where it is drawn is where it is found
  const auto at = project(camera, 1.4, corner);
  REQUIRE(at.has_value());
  CHECK(pick(scene, parts, camera, 1.4, at->x + 0.002, at->y + 0.002).has_value() == false);
  CHECK(pick(scene, parts, camera, 1.4, at->x - 0.002, at->y + 0.02).has_value());
}
