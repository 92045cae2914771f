// Eye = target + distance · (cos e cos a, sin e, cos e sin a): azimuth a from +x towards +z, elevation e above the
// ground.
#include "render/picture/camera.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hipspine {
namespace {

constexpr double kElevationLimit = 1.5;  // chosen: just short of straight down, where "up" has no direction
constexpr double kNearest_m = 0.15, kFarthest_m = 12;

struct Named {
  const char* name;
  double azimuth_rad, elevation_rad;
  double distance_share;  // of the body's height
  Vec3 target_share_P;    // from the pelvis' origin, of the body's height, axes of the ground
};

// chosen: whole bodies at 2.2 heights fill 80 % of the picture's height at 0.55 rad; their target is the middle of the
// body, 4 % of its height below the pelvis' origin. The lumbar view looks from behind and beside, so that discs and
// facets are both seen; it is centred between L3 and L4.
const Vec3 kBody(-0.01, -0.04, 0), kLumbar(-0.05, 0.072, 0), kPelvis(-0.025, -0.02, 0);
const std::array<Named, static_cast<size_t>(CameraPreset::kCount)> kPresets = {{
    {"three_quarter", 0.62, 0.13, 2.2, kBody},
    {"front", 0.0, 0.05, 2.2, kBody},
    {"right", 1.5707963, 0.05, 2.2, kBody},
    {"left", -1.5707963, 0.05, 2.2, kBody},
    {"back", 3.1415927, 0.05, 2.2, kBody},
    {"lumbar", 2.45, 0.16, 0.40, kLumbar},
    {"pelvis", 0.55, 0.16, 0.56, kPelvis},
}};

Vec3 direction(const Camera& c) {
  const double e = c.elevation_rad, a = c.azimuth_rad;
  return {std::cos(e) * std::cos(a), std::sin(e), std::cos(e) * std::sin(a)};
}

struct PictureAxes {
  Vec3 right, up, towards_eye;
};
PictureAxes axes(const Camera& c) {
  const Vec3 towards = direction(c);
  const Vec3 right = Vec3::UnitY().cross(towards).normalized();
  return {right, towards.cross(right), towards};
}

}  // namespace

void Camera::orbit(double by_azimuth_rad, double by_elevation_rad) {
  azimuth_rad = std::remainder(azimuth_rad + by_azimuth_rad, 2 * M_PI);
  elevation_rad = std::clamp(elevation_rad + by_elevation_rad, -kElevationLimit, kElevationLimit);
}

void Camera::pan(double right_m, double up_m) {
  const PictureAxes a = axes(*this);
  target_G += right_m * a.right + up_m * a.up;
}

void Camera::zoom(double factor) { distance_m = std::clamp(distance_m * factor, kNearest_m, kFarthest_m); }

Vec3 Camera::eye_G() const { return target_G + distance_m * direction(*this); }

Mat4f Camera::view() const {
  const PictureAxes a = axes(*this);
  const Vec3 eye = eye_G();
  Eigen::Matrix4d m = Eigen::Matrix4d::Identity();
  m.block<1, 3>(0, 0) = a.right.transpose();
  m.block<1, 3>(1, 0) = a.up.transpose();
  m.block<1, 3>(2, 0) = a.towards_eye.transpose();
  m.block<3, 1>(0, 3) = -m.block<3, 3>(0, 0) * eye;
  return m.cast<float>();
}

Mat4f Camera::projection(double aspect) const {
  // chosen: from a sixteenth of the distance, so that nothing in front of a close-up is cut, to 30 m behind the target.
  const double near = distance_m / 16, far = distance_m + 30;
  const double f = 1 / std::tan(0.5 * field_of_view_rad);
  Eigen::Matrix4d m = Eigen::Matrix4d::Zero();
  m(0, 0) = f / aspect;
  m(1, 1) = f;
  m(2, 2) = -(far + near) / (far - near);
  m(2, 3) = -2 * far * near / (far - near);
  m(3, 2) = -1;
  return m.cast<float>();
}

std::string to_string(CameraPreset preset) { return kPresets.at(static_cast<size_t>(preset)).name; }

bool from_string(const std::string& name, CameraPreset& preset) {
  for (size_t i = 0; i < kPresets.size(); ++i)
    if (name == kPresets[i].name) {
      preset = static_cast<CameraPreset>(i);
      return true;
    }
  return false;
}

Camera camera_of(CameraPreset preset, double body_height_m) {
  const Named& n = kPresets.at(static_cast<size_t>(preset));
  Camera c;
  c.target_G = body_height_m * n.target_share_P;
  c.distance_m = body_height_m * n.distance_share;
  c.azimuth_rad = n.azimuth_rad;
  c.elevation_rad = n.elevation_rad;
  return c;
}

}  // namespace hipspine
