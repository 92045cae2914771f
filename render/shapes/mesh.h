#pragma once
/// Triangles for the picture, in metres, y up. Processor side only: nothing here knows OpenGL.
#include <array>
#include <cstdint>
#include <vector>

namespace hipspine {

struct Vertex {
  std::array<float, 3> position{};
  std::array<float, 3> normal{0, 1, 0};  ///< unit, outward
  float occlusion = 1;                   ///< ambient light that reaches it, 0 (none) to 1 (open sky)
};

/// Closed or open surface; triangles counter-clockwise seen from outside.
struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> indices;  ///< three a triangle
};

}  // namespace hipspine
