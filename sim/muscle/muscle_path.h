#pragma once
/// Muscle lengths, moment arms and the forces that paths pass to bones.
/// (The author of the room may extend; this is what the other rooms rely on.)
///
/// A path is a frictionless string over its points and wrap cylinders. With u the unit direction of a span from point a
/// (link A) to point b (link B), the tension pulls A's side with +F u at a and B's side with -F u at b; the moment arm of
/// coordinate j is r_j = -dl/dq_j, the sum over spans that cross j. Everything follows from the solved points, so arms
/// are the exact derivative of the length.
#include <vector>

#include "sim/mechanics/kinematics.h"

namespace hipspine {

/// Geometry of all muscles in one state.
struct MuscleGeometry {
  Eigen::VectorXd length_m;        ///< (n_muscle)
  Eigen::MatrixXd arm_m;           ///< (n_coord x n_muscle) moment arms: generalised force per newton of tension
  /// Straight spans of every path after wrapping, for forces on bodies: muscle index, links and end points.
  struct Span {
    int muscle;
    int link_a, link_b;
    Vec3 p_a_G, p_b_G;
    Vec3 u_G;  ///< unit vector from a to b
  };
  std::vector<Span> spans;         ///< those between different links only
};

/// Needs position in `kin`. No allocation once `out` has been used with this model.
void muscle_geometry(const Model& model, const Kinematics& kin, MuscleGeometry& out);

}  // namespace hipspine
