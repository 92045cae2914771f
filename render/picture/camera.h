#pragma once
/// A camera that turns round a point, and where it is looked from.
#include <string>

#include "sim/core/frames.h"

namespace hipspine {

using Mat4f = Eigen::Matrix4f;

struct Camera {
  Vec3 target_G = Vec3(0, 0.9, 0);  ///< what it looks at [m]
  double distance_m = 3.2;
  double azimuth_rad = 0.6;         ///< 0: from in front (+x), positive towards the person's right (+z)
  double elevation_rad = 0.12;      ///< above the horizon, kept within +-1.5
  double field_of_view_rad = 0.55;  ///< vertical

  void orbit(double azimuth_rad, double elevation_rad);
  void pan(double right_m, double up_m);  ///< moves the target in the picture plane
  void zoom(double factor);               ///< distance times factor, kept within 0.15 to 12 m
  [[nodiscard]] Vec3 eye_G() const;
  [[nodiscard]] Mat4f view() const;                     ///< ground to eye
  [[nodiscard]] Mat4f projection(double aspect) const;  ///< eye to clip, OpenGL depth
  bool operator==(const Camera&) const = default;
};

enum class CameraPreset { three_quarter, front, right, left, back, lumbar, pelvis, kCount };

/// "three_quarter", "front", "right", "left", "back", "lumbar", "pelvis": names on the command line and in lessons.
[[nodiscard]] std::string to_string(CameraPreset preset);
[[nodiscard]] bool from_string(const std::string& name, CameraPreset& preset);
/// Where the preset looks from; the target is given relative to the pelvis' origin and the caller adds it.
[[nodiscard]] Camera camera_of(CameraPreset preset, double body_height_m);

}  // namespace hipspine
