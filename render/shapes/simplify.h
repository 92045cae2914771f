#pragma once
/// Fewer triangles where the surface is flat: edges are collapsed on to one of their ends while the quadric error
/// (mean squared distance to the planes that met there) stays below a bound. Vertices that stay keep place and normal.
#include <cstddef>

#include "render/shapes/mesh.h"

namespace hipspine {

/// @param error     root mean square distance allowed, in the mesh's unit
/// @param triangles stops here at the latest
void simplify(double error, std::size_t triangles, Mesh& mesh);

}  // namespace hipspine
