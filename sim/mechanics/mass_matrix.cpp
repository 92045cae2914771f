/// Composite rigid bodies about the ground origin: with Ic_i the inertia of everything carried by link i,
///   M_ij = S_j' Ic_i S_i for j on the way from i to the root, M_ij = 0 elsewhere.
/// Source: Featherstone (2008), section 6.2.
#include "sim/mechanics/mass_matrix.h"

namespace hipspine {

Mat6 spatial_inertia_G(const Model& model, const Kinematics& kin, int link) {
  const LinkInertia& body = model.link_inertia[link];
  const Mat3& R = kin.X_GL[link].R;
  const Mat3 C = skew(kin.X_GL[link] * body.p_com_L);
  Mat6 I;
  I.topLeftCorner<3, 3>() = R * body.I_com_L * R.transpose() - body.mass_kg * C * C;
  I.topRightCorner<3, 3>() = body.mass_kg * C;
  I.bottomLeftCorner<3, 3>() = -body.mass_kg * C;
  I.bottomRightCorner<3, 3>() = body.mass_kg * Mat3::Identity();
  return I;
}

void mass_matrix(const Model& model, const Kinematics& kin, CoordMat& M) {
  const int n = model.n_coord();
  M.setZero(n, n);
  std::array<Mat6, kMaxCoord> Ic;
  for (int i = 0; i < n; ++i) Ic[i] = spatial_inertia_G(model, kin, i);
  for (int i = n - 1; i >= 0; --i) {
    const Vec6 f = Ic[i] * kin.S_G[i];
    for (int j = i; j >= 0; j = model.coordinates[j].parent) M(i, j) = M(j, i) = kin.S_G[j].dot(f);
    const int p = model.coordinates[i].parent;
    if (p >= 0) Ic[p] += Ic[i];
  }
}

}  // namespace hipspine
