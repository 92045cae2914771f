#pragma once
/// Signed distance (negative inside) of smooth unions of ellipsoids, boxes, tubes and curved plates, minus holes.
/// Lengths in millimetres at the reference size. Many points at once: the arrays below compile to vector instructions.
///
/// The distance is exact near the surface in first order and never claims less than is there by more than a factor of
/// `kSteepest` anywhere; that is what meshing and occlusion need.
#include <array>
#include <vector>

#include "sim/core/frames.h"

namespace hipspine {

inline constexpr int kBatch = 64;
inline constexpr float kSteepest = 2.0f;  ///< chosen: bound of the gradient of flattened ellipsoids and tubes as used
using Lanes = Eigen::Array<float, kBatch, 1>;
using Vec3f = Eigen::Vector3f;
using Mat3f = Eigen::Matrix3f;

struct Batch {  ///< points [mm]
  Lanes x, y, z;
};

struct TubeNode {
  Vec3 p;
  double radius;
};

/// One convex or sheet-like piece. Made by the functions below.
struct Primitive {
  enum class Kind { ellipsoid, box, tube, drum, plate };
  Kind kind = Kind::ellipsoid;
  Vec3f centre = Vec3f::Zero();
  Mat3f axes = Mat3f::Identity();  ///< rows: own axes, so that own = axes (p - centre)
  Vec3f size = Vec3f::Ones();      ///< half-axes; half edges of a box
  float round = 0;                 ///< radius of a box's edges
  struct Segment {
    Vec3f from, along;  ///< along: to the other end
    float inverse_length2, radius, radius_change;
  };
  std::vector<Segment> segments;
  Vec3f flat_axis = Vec3f::UnitX();
  float waist = 1, waist_half = 1;  ///< of a drum: narrowest factor, and half the length over which it narrows

  float flat = 1;  ///< a tube is this many times thinner along flat_axis
  std::vector<std::array<float, 2>> outline;
  std::array<float, 10> height{};  ///< plate: w = 1, u, v, uu, uv, vv, uuu, uuv, uvv, vvv times these
  float steepness = 1;             ///< plate: cosine of its usual slope
  float half_middle = 1, half_rim = 1, rim_width = 1;
  Vec3f low = Vec3f::Zero(), high = Vec3f::Zero();  ///< bounds
};

[[nodiscard]] Primitive ellipsoid(const Vec3& centre, const Vec3& half_axes, const Mat3& R = Mat3::Identity());
[[nodiscard]] Primitive ball(const Vec3& centre, double radius);
/// Box with rounded edges; half edges include the rounding.
[[nodiscard]] Primitive box(const Vec3& centre, const Vec3& half, double round, const Mat3& R = Mat3::Identity());
/// Elliptical column along its y, narrower half-way by the factor `waist`, in full width again `waist_half` from there
/// on; ends flat.
[[nodiscard]] Primitive drum(const Vec3& centre, const Vec3& half, double waist, double waist_half, const Mat3& R);
/// Chain of round cones.
[[nodiscard]] Primitive tube(const std::vector<TubeNode>& nodes);
/// Chain with an elliptical section: the given radius across, `flat` times thinner along `flat_axis`.
[[nodiscard]] Primitive flat_tube(const std::vector<TubeNode>& nodes, const Vec3& flat_axis, double flat);
/// The same chains through a smooth curve (Catmull-Rom) with `per_span` pieces between two nodes.
[[nodiscard]] std::vector<TubeNode> smooth(const std::vector<TubeNode>& nodes, int per_span);

/// A curved sheet: a cubic height over a plane, fitted to `surface`, inside a smooth closed `rim`.
struct Sheet {
  std::vector<Vec3> rim;      ///< in order round it
  std::vector<Vec3> surface;  ///< more points of its middle surface; the rim's count as well
  Vec3 facing = Vec3::UnitZ();
  double half_middle = 2, half_rim = 3, rim_width = 10;  ///< half thickness away from the rim and at it
};
[[nodiscard]] Primitive plate(const Sheet& sheet);

[[nodiscard]] Primitive mirrored(const Primitive& primitive);  ///< z -> -z
void distance(const Primitive& primitive, const Batch& at, Lanes& d);

class Shape {
 public:
  struct Part {
    Primitive primitive;
    float blend = 0;  ///< width of the smooth seam [mm]
    bool hole = false;
  };
  void add(const Primitive& primitive, double blend_mm);
  void cut(const Primitive& primitive, double blend_mm);
  void add_both(const Primitive& primitive, double blend_mm);  ///< with its mirror image
  void cut_both(const Primitive& primitive, double blend_mm);
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] Vec3f low() const { return low_; }
  [[nodiscard]] Vec3f high() const { return high_; }
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  /// Joins one more part to distances so far.
  static void join(const Part& part, const Lanes& own, Lanes& d);

 private:
  std::vector<Part> parts_;
  Vec3f low_ = Vec3f::Zero(), high_ = Vec3f::Zero();
};

inline constexpr float kFar = 1e4f;  ///< distance where nothing is near [mm]

/// Distance at the points with those parts only that `wanted` lists (all when null).
void distance(const Shape& shape, const std::vector<int>* wanted, const Batch& at, Lanes& d);

}  // namespace hipspine
