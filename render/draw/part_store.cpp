#include "render/draw/part_store.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hipspine {
namespace {

struct PackedVertex {
  std::array<float, 3> position;
  std::uint32_t normal;  ///< signed 10:10:10:2
  std::uint16_t occlusion;
  std::uint16_t part;
};

std::uint32_t packed_normal(const std::array<float, 3>& n) {
  const auto ten = [](float x) {
    return static_cast<std::uint32_t>(std::lround(511 * std::clamp(x, -1.0f, 1.0f))) & 0x3ffu;
  };
  return ten(n[0]) | ten(n[1]) << 10 | ten(n[2]) << 20;
}

}  // namespace

void PartStore::load(const std::vector<BodyPart>& parts) {
  std::vector<PackedVertex> vertices;
  std::vector<std::uint32_t> indices;
  first_index_.assign(1, 0);
  extents_.clear();
  tissues_.clear();
  for (size_t part = 0; part < parts.size(); ++part) {
    const auto base = static_cast<std::uint32_t>(vertices.size());
    Vec3 low = Vec3::Constant(1e9), high = Vec3::Constant(-1e9);
    for (const Vertex& v : parts[part].mesh.vertices) {
      const Vec3 p(v.position[0], v.position[1], v.position[2]);
      low = low.cwiseMin(p);
      high = high.cwiseMax(p);
      vertices.push_back({v.position, packed_normal(v.normal),
                          static_cast<std::uint16_t>(std::lround(65535 * std::clamp(v.occlusion, 0.0f, 1.0f))),
                          static_cast<std::uint16_t>(part)});
    }
    for (std::uint32_t index : parts[part].mesh.indices) indices.push_back(base + index);
    first_index_.push_back(indices.size());
    extents_.push_back(parts[part].mesh.vertices.empty() ? Extent{} : Extent{0.5 * (low + high), 0.5 * (high - low)});
    tissues_.push_back(parts[part].tissue);
  }
  array_ = make_vertex_array();
  vertices_ = make_buffer();
  indices_ = make_buffer();
  glBindVertexArray(array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(PackedVertex)), vertices.data(),
               GL_STATIC_DRAW);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_.get());
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, static_cast<GLsizeiptr>(indices.size() * sizeof(std::uint32_t)), indices.data(),
               GL_STATIC_DRAW);
  set_attributes({{0, 3, GL_FLOAT, false, offsetof(PackedVertex, position)},
                  {1, 4, GL_INT_2_10_10_10_REV, true, offsetof(PackedVertex, normal)},
                  {2, 1, GL_UNSIGNED_SHORT, true, offsetof(PackedVertex, occlusion)},
                  {3, 1, GL_UNSIGNED_SHORT, false, offsetof(PackedVertex, part), true}},
                 sizeof(PackedVertex));
  glBindVertexArray(0);
}

int PartStore::draw(const std::vector<int>& parts) const {
  std::vector<GLsizei> counts;
  std::vector<const void*> offsets;
  size_t triangles = 0;
  int before = -2;
  for (int part : parts) {
    const size_t first = first_index_[part], count = first_index_[part + 1] - first;
    triangles += count / 3;
    if (part == before + 1) {
      counts.back() += static_cast<GLsizei>(count);
    } else {
      counts.push_back(static_cast<GLsizei>(count));
      offsets.push_back(reinterpret_cast<const void*>(first * sizeof(std::uint32_t)));
    }
    before = part;
  }
  glBindVertexArray(array_.get());
  glMultiDrawElements(GL_TRIANGLES, counts.data(), GL_UNSIGNED_INT, offsets.data(),
                      static_cast<GLsizei>(counts.size()));
  return static_cast<int>(triangles);
}

}  // namespace hipspine
