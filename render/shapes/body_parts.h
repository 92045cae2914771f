#pragma once
/// The skeleton as meshes: every bone, disc and facet joint of a model, shaped by signed distances and meshed once.
#include <string>
#include <vector>

#include "render/shapes/mesh.h"
#include "sim/model/model.h"
#include "sim/tissue/segment.h"

namespace hipspine {

enum class Tissue { bone, cartilage, disc, facet };

/// A part rides on one link. A disc rides half-way between two: its pose is the mean of both (see disc_pose in
/// render/picture/scene.h), so it stays between its end plates when the level turns.
struct BodyPart {
  std::string name;  ///< "femur_r", "lumbar4", "L4_L5_disc", "L4_L5_facet_r"; shown when pointed at
  Tissue tissue = Tissue::bone;
  int link = -1;        ///< mesh vertices are in this link's frame
  int upper_link = -1;  ///< discs only: link of the vertebra above
  int level = -1;       ///< discs and facets: index into Model::levels
  int side = -1;        ///< kRight, kLeft, or -1 on the midline
  Mesh mesh;
  Vec3 focus_L = Vec3::Zero();  ///< middle, for the camera to turn to [m]
};

enum class Detail { coarse, normal, fine };  ///< about 40, 90 and 200 thousand triangles for the whole body

/// Everything to draw of this person, scaled with the model. The same model gives the same meshes, bit for bit.
/// @param spine  facet planes and disc areas, so that what is drawn is what is computed
[[nodiscard]] std::vector<BodyPart> body_parts(const Model& model, const Spine& spine, Detail detail);

/// The same parts for a body of another size: bones of all sizes have one shape.
/// @param factor  new `Model::length_scale` over the old
void scale_parts(std::vector<BodyPart>& parts, double factor);

}  // namespace hipspine
