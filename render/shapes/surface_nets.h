#pragma once
/// Meshes a signed distance by naive surface nets: one vertex in every cell that the surface passes, the mean of its
/// crossings of the cell's edges, then drawn on to the surface along the gradient; one quadrangle round every crossed
/// edge. Blocks of cells that the surface cannot reach are never sampled.
#include "render/shapes/mesh.h"
#include "render/shapes/signed_distance.h"

namespace hipspine {

/// Planes of a grid that may be finer in places: long bones need fine cells at their ends only.
struct Grid {
  std::array<std::vector<float>, 3> at;  ///< rising [mm]
};

/// Even grid with cells of `step_mm` over the shape, one more cell all round at least.
[[nodiscard]] Grid even_grid(const Shape& shape, double step_mm);
/// The same, but with cells `stretch` times as long along y between `from_y` and `to_y`.
[[nodiscard]] Grid long_grid(const Shape& shape, double step_mm, double stretch, double from_y, double to_y);

/// Positions in millimetres, unit normals from the gradient, occlusion 1. Closed where the shape lies inside the grid.
[[nodiscard]] Mesh surface_nets(const Shape& shape, const Grid& grid);

/// A surface that takes light away from others, moved by `offset` into the frame of all.
struct Obstacle {
  const Shape* shape;
  Vec3f offset;  ///< of the shape's frame [mm]
};

/// Fills in Vertex::occlusion from the distance of the obstacles at four points along each normal.
/// @param offset  of the mesh's frame [mm]
void shade(const std::vector<Obstacle>& obstacles, const Vec3f& offset, Mesh& mesh);

}  // namespace hipspine
