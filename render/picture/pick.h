#pragma once
/// From the scene to the picture and back: where a point is seen, and what is under the pointer.
#include <optional>

#include "render/picture/camera.h"
#include "render/picture/scene.h"

namespace hipspine {

/// Where a point is seen: x from the left, y from the top, both 0 to 1 inside the picture.
struct PicturePoint {
  double x = 0, y = 0;
  double depth_m = 0;  ///< in front of the eye
};
/// Nothing for points behind the eye.
[[nodiscard]] std::optional<PicturePoint> project(const Camera& camera, double aspect, const Vec3& p_G);

struct Picked {
  int instance = -1;  ///< into Scene::instances
  Vec3 at_G = Vec3::Zero();
};
/// The nearest part of the body (not of its ghost) seen at x, y; nothing beside it. A millisecond or so: for clicks.
[[nodiscard]] std::optional<Picked> pick(const Scene& scene, const std::vector<BodyPart>& parts, const Camera& camera,
                                         double aspect, double x, double y);

}  // namespace hipspine
