#include "render/picture/pick.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

struct Ray {
  Vec3 from, along;  // `along` of unit length
};

Ray ray_through(const Camera& camera, double aspect, double x, double y) {
  const Mat3 R_EyeG = camera.view().topLeftCorner<3, 3>().cast<double>();
  const double half = std::tan(0.5 * camera.field_of_view_rad);
  const Vec3 along_Eye((2 * x - 1) * half * aspect, (1 - 2 * y) * half, -1);
  return {camera.eye_G(), (R_EyeG.transpose() * along_Eye).normalized()};
}

Vec3 point(const Mesh& mesh, std::uint32_t index) {
  const std::array<float, 3>& p = mesh.vertices[index].position;
  return {p[0], p[1], p[2]};
}

/// Distance along the ray to the nearest triangle nearer than `limit_m`, or `limit_m`.
double nearest_hit(const Mesh& mesh, const Ray& ray, double limit_m) {
  for (size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
    const Vec3 a = point(mesh, mesh.indices[i]);
    const Vec3 ab = point(mesh, mesh.indices[i + 1]) - a, ac = point(mesh, mesh.indices[i + 2]) - a;
    const Vec3 h = ray.along.cross(ac);
    const double det = ab.dot(h);
    if (std::abs(det) < 1e-15) continue;
    const Vec3 s = ray.from - a;
    const double u = s.dot(h) / det;
    if (u < 0 || u > 1) continue;
    const Vec3 q = s.cross(ab);
    const double v = ray.along.dot(q) / det, t = ac.dot(q) / det;
    if (v >= 0 && u + v <= 1 && t > 0) limit_m = std::min(limit_m, t);
  }
  return limit_m;
}

}  // namespace

std::optional<PicturePoint> project(const Camera& camera, double aspect, const Vec3& p_G) {
  const Eigen::Vector4f eye = camera.view() * Eigen::Vector4f(p_G.cast<float>().homogeneous());
  if (eye.z() >= 0) return std::nullopt;
  const Eigen::Vector4f clip = camera.projection(aspect) * eye;
  return PicturePoint{0.5 + 0.5 * clip.x() / clip.w(), 0.5 - 0.5 * clip.y() / clip.w(), -eye.z()};
}

std::optional<Picked> pick(const Scene& scene, const std::vector<BodyPart>& parts, const Camera& camera, double aspect,
                           double x, double y) {
  const Ray ray_G = ray_through(camera, aspect, x, y);
  constexpr double kFar_m = 1e3;
  double nearest = kFar_m;
  Picked picked;
  for (size_t i = 0; i < scene.instances.size(); ++i) {
    const SceneInstance& instance = scene.instances[i];
    if (instance.ghost) continue;
    const Ray ray_P{instance.X_GP.inverse() * ray_G.from, instance.X_GP.R.transpose() * ray_G.along};
    const double distance = nearest_hit(parts[instance.part].mesh, ray_P, nearest);
    if (distance >= nearest) continue;
    nearest = distance;
    picked = {static_cast<int>(i), ray_G.from + distance * ray_G.along};
  }
  if (picked.instance < 0) return std::nullopt;
  return picked;
}

}  // namespace hipspine
