#pragma once
/// Muscle lengths, moment arms and the forces that paths pass to bones.
///
/// A path is a frictionless string over its points and wrap cylinders. With u the unit direction of a span from point a
/// (link A) to point b (link B), the tension pulls A's side with +F u at a and B's side with -F u at b; the moment arm
/// of coordinate j is r_j = -dl/dq_j, the sum over spans that cross j. Everything follows from the solved points, so
/// arms are the exact derivative of the length.
#include <vector>

#include "sim/mechanics/kinematics.h"

namespace hipspine {

/// What muscle geometry needs of a model, laid out for speed: prepared once per model, const afterwards.
struct MusclePaths {
  struct Point {
    int link;
    Vec3 p_L;
    int body;
  };
  /// Coordinates between two links: moving from link a to link b crosses `count` of them.
  struct Crossing {
    int coordinate;
    double sign;  ///< +1 where the coordinate moves link b, -1 where it moves link a
  };
  struct Route {
    int first, count;  ///< into `crossings`
  };
  /// Part of a path between points on different links, or round a cylinder.
  struct Segment {
    int muscle;
    int a, b;  ///< into `points`
    int wrap;  ///< into `wraps`, or -1
    Route a_to_b;
    Route c_to_a, c_to_b;  ///< from the cylinder's link; empty without one
  };
  int n_coord = 0;
  std::vector<Point> points;     ///< muscle by muscle
  std::vector<int> first_point;  ///< (n_muscle + 1) into `points`
  std::vector<Segment> segments;
  std::vector<Crossing> crossings;
  std::vector<WrapCylinder> wraps;
  Eigen::VectorXd fixed_length_m;  ///< (n_muscle) of the parts between points of one link
};

[[nodiscard]] MusclePaths prepare_muscle_paths(const Model& model);

/// What each muscle crosses: (3 x muscles) coordinates of the right leg, of the left leg, of the lumbar levels.
[[nodiscard]] Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> crossed_parts(const Model& model,
                                                                               const MusclePaths& paths);

/// Geometry of all muscles in one state.
struct MuscleGeometry {
  Eigen::VectorXd length_m;  ///< (n_muscle)
  Eigen::MatrixXd arm_m;     ///< (n_coord x n_muscle) moment arms: generalised force per newton of tension
  /// Straight spans of every path after wrapping, for forces on bodies: muscle index, links and end points. A muscle
  /// with tension F pulls link_a at p_a_G with +F u_G and link_b at p_b_G with -F u_G, and does nothing else.
  struct Span {
    int muscle;
    int link_a, link_b;
    int body_a, body_b;  ///< bones that feel the pull, index into Model::bodies
    Vec3 p_a_G, p_b_G;
    Vec3 u_G;  ///< unit vector from a to b; where a path's end comes too near to a cylinder's axis an extra span with
               ///< a = b carries the radial force of the yielding cylinder, then |u_G| is that force per newton
  };
  std::vector<Span> spans;      ///< those between different bones only
  std::vector<Vec3> point_G;    ///< all points of `MusclePaths::points`, in ground
  std::vector<Transform> X_GC;  ///< all cylinders
};

/// Needs position in `kin`. No allocation once `out` has been used with this model. About 15 us for 144 fascicles.
void muscle_geometry(const MusclePaths& paths, const Kinematics& kin, MuscleGeometry& out);

/// The line of every muscle in ground [m], for pictures: its points and, where it lies on a cylinder, the curve it
/// follows there. One entry per muscle; needs point_G and X_GC of `geometry`.
/// @param arc_step_rad  largest angle between neighbouring points on a cylinder
void muscle_lines(const MusclePaths& paths, const MuscleGeometry& geometry, double arc_step_rad,
                  std::vector<std::vector<Vec3>>& lines_G);

}  // namespace hipspine
