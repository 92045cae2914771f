#pragma once
/// Joint-space mass matrix by composite rigid bodies.
#include "sim/mechanics/kinematics.h"

namespace hipspine {

/// Spatial inertia of link i about the ground origin (6 x 6, symmetric); needs position.
[[nodiscard]] Mat6 spatial_inertia_G(const Model& model, const Kinematics& kin, int link);
/// M (n_coord x n_coord), symmetric positive definite [kg m^2, kg m, kg]; needs position.
void mass_matrix(const Model& model, const Kinematics& kin, CoordMat& M);

}  // namespace hipspine
