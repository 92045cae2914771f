#pragma once
/// What changes its shape from picture to picture - muscles, arrows, fans - as vertices, made on the processor side.
/// No OpenGL here. Positions are in the renderer's world: ground less `origin_G`.
#include <cstdint>
#include <vector>

#include "render/picture/scene.h"

namespace hipspine {

using Vec3f = Eigen::Vector3f;

struct RibbonVertex {
  std::array<float, 3> position;
  std::array<float, 3> normal;
  float across;  ///< -1 to 1 over the ribbon's width
  float along_m;
  float belly;  ///< 0: tendon, 1: middle of the belly
  std::uint32_t colour;
};

struct StrokeVertex {
  std::array<float, 3> position;
  std::array<float, 3> normal;  ///< zero: not shaded
  std::uint32_t colour;
};

template <typename VertexType>
struct Triangles {
  std::vector<VertexType> vertices;
  std::vector<std::uint32_t> indices;
  void clear() {
    vertices.clear();
    indices.clear();
  }
};

/// Muscles as half tubes that face the eye, three vertices across, thick in the middle.
/// @param step_m  distance between cross-sections, at least
void add_ribbons(const std::vector<SceneRibbon>& ribbons, const Vec3& origin_G, const Vec3& eye_G, float step_m,
                 Triangles<RibbonVertex>& out);
void add_arrow(const SceneArrow& arrow, const Vec3& origin_G, Triangles<StrokeVertex>& out);
/// The fan with its rim, both limits and the present direction; translucent, back to front.
void add_arc(const SceneArc& arc, const Vec3& origin_G, Triangles<StrokeVertex>& out);

/// A soft spot that faces the eye, `nearer_m` in front of its place.
void add_glow(const Vec3& at_G, float radius_m, float nearer_m, const Colour& colour, float alpha, const Vec3& origin_G,
              const Vec3& eye_G, Triangles<StrokeVertex>& out);

}  // namespace hipspine
