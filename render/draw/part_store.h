#pragma once
/// All parts' meshes in one pair of buffers, drawn with one call per pass, and where each part reaches.
#include <vector>

#include "render/draw/gl_objects.h"
#include "render/picture/scene.h"

namespace hipspine {

class PartStore {
 public:
  void load(const std::vector<BodyPart>& parts);

  struct Extent {
    Vec3 middle_L = Vec3::Zero();  ///< of the box round the mesh, in its frame [m]
    Vec3 half_L = Vec3::Zero();
  };
  [[nodiscard]] const Extent& extent(int part) const { return extents_[part]; }
  [[nodiscard]] Tissue tissue(int part) const { return tissues_[part]; }
  [[nodiscard]] int size() const { return static_cast<int>(extents_.size()); }
  /// Draws the parts listed (rising); neighbours are joined. @return triangles
  int draw(const std::vector<int>& parts) const;

 private:
  GlName array_, vertices_, indices_;
  std::vector<size_t> first_index_;  ///< (parts + 1)
  std::vector<Extent> extents_;
  std::vector<Tissue> tissues_;
};

}  // namespace hipspine
