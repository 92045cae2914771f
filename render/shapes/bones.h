#pragma once
/// What the shape files share: a bone before it is meshed, and the landmarks of the model in millimetres.
///
/// chosen, all shapes of this room: drawn after the usual anatomy to look right, hung on the model's landmarks (joint
/// centres, disc frames, facet points, muscle and ligament attachments, soles). Nothing is computed from them. Numbers
/// in the shape files are millimetres at the reference size; the finished mesh is multiplied by the model's scale.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "render/shapes/body_parts.h"
#include "render/shapes/signed_distance.h"

namespace hipspine {

/// Bones of one name that follow each other become one part.
struct Bone {
  std::string name;
  Tissue tissue = Tissue::bone;
  int link = -1;
  int side = -1;  ///< kRight where it has a mirror image, made at the end
  Shape shape;
  double step_mm = 4;  ///< cells of the normal detail
  double care = 1;     ///< how many times as many triangles are kept as elsewhere

  double stretch = 1;           ///< cells are this many times as long along y ...
  double from_y = 0, to_y = 0;  ///< ... between these
  Mesh made;  ///< where not empty: drawn instead of the meshed shape, which then only takes light away
  int upper_link = -1, level = -1;
};

/// The model's places in the frames the shapes are drawn in: axes as in the zero pose, millimetres, reference size.
class Landmarks {
 public:
  Landmarks(const Model& model, const Spine& spine);
  [[nodiscard]] int link(const char* body) const;                ///< link that carries a body
  [[nodiscard]] Transform body(const char* name) const;          ///< X_LB
  [[nodiscard]] Vec3 joint(const char* coordinate) const;        ///< joint centre in the parent link
  [[nodiscard]] Vec3 muscle(const char* name, int point) const;  ///< attachment in its link
  [[nodiscard]] Transform disc(int level) const;                 ///< X_LD
  [[nodiscard]] Vec3 ligament_upper(int level,
                                    int group) const;  ///< mean attachment on the upper vertebra, right, in D
  [[nodiscard]] Vec3 ligament_lower(int level, int group) const;
  [[nodiscard]] Vec3 facet(int level, int point) const;  ///< right side, in D
  [[nodiscard]] Vec3 facet_normal(int level, int point) const;
  [[nodiscard]] Vec3 sole(int point) const;                        ///< right foot
  [[nodiscard]] std::array<double, 2> disc_half(int level) const;  ///< half depth and half width of the disc
  [[nodiscard]] double disc_height(int level) const;
  [[nodiscard]] Transform end_plate_below(int level) const;  ///< top of the vertebra below, in its link; y up
  [[nodiscard]] Transform end_plate_above(int level) const;  ///< bottom of the vertebra above, in that one's link
  [[nodiscard]] Vec3 link_offset(int link) const;            ///< of the link's origin in the zero pose
  const Model& model;
  const Spine& spine;

 private:
  double to_mm_;
};

/// Fineness: cells of the normal detail times this; thin sheets are kept thicker than their cells.
struct Fineness {
  double cell = 1;
  double error = 0.5;  ///< mm by which a simplified surface may leave the meshed one
  double keep = 0.5;   ///< fraction of the triangles to keep
  [[nodiscard]] double at_least(double half_mm, double step_mm) const {
    return std::max(half_mm, 0.85 * cell * step_mm);
  }
};

/// Half the clear space between the bony surfaces of a facet joint on each side of the plane of contact.
inline constexpr double kFacetPlate_mm = 1.3;  ///< chosen: cartilage of a facet about a millimetre
inline constexpr double kFacetSlit_mm = 0.5;   ///< chosen: seen as a dark line between the plates

void add_pelvis(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones);
void add_sacrum(const Landmarks& at, std::vector<Bone>& bones);
void add_lumbar_spine(const Landmarks& at, std::vector<Bone>& bones);
void add_upper_facets(const Landmarks& at, int level, const Vec3& root, Shape& shape);
void add_lower_facets(const Landmarks& at, int level, const Vec3& root, Shape& shape);
void add_joint_plates(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones);  ///< discs and facets
void add_thorax(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones);
void add_ribs(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones);
void add_head(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones);
void add_thigh(const Landmarks& at, std::vector<Bone>& bones);
void add_shank(const Landmarks& at, std::vector<Bone>& bones);
void add_foot(const Landmarks& at, std::vector<Bone>& bones);
void add_arm(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones);

/// A vertebra between two discs; frames: y along the axis, x forward.
struct VertebraBody {
  Transform below, above;  ///< middle of its lower and upper end plate
  double half_depth, half_width, waist;
};
void add_vertebral_body(const VertebraBody& body, double blend, Shape& shape);

/// The thoracic column: disc frames from T12/L1 (0) to C7/T1 (12) in the frame of the thorax link.
[[nodiscard]] std::array<Transform, 13> thoracic_column(const Landmarks& at);

/// Smooth tube with an elliptical section, swept along a curve; closed at both ends.
struct SweepNode {
  Vec3 p;
  double across, thick;  ///< half width of the section along `face` x tangent, and along `face`
  Vec3 face;             ///< roughly square to the curve
};
[[nodiscard]] Mesh sweep(const std::vector<SweepNode>& nodes, int sides);
[[nodiscard]] std::vector<SweepNode> smooth_sweep(const std::vector<SweepNode>& nodes, int per_span);

/// Lens or slab: two sheets over a rounded outline, joined by a bulging edge. `point(u, v, w)`: u, v in the unit
/// circle, w = -1 below to 1 above.
[[nodiscard]] Mesh slab(int rings, int sectors, int edge, const std::function<Vec3(double, double, double)>& point);

void append(const Mesh& more, Mesh& mesh);

/// Normals from the triangles round each vertex, weighted by area.
void normals_from_triangles(Mesh& mesh);

}  // namespace hipspine
