/// Forward kinematics in the ground frame.
///
/// Symbols: O ground origin, c_i origin of joint i, a_i its unit axis, both in ground.
///   X_G,i = X_G,p(i) · X_PJ · J(q_i)                            J = rotation about, or translation along, axis_J
///   S_i   = [a_i; c_i × a_i]  (turning)   or  [0; a_i]  (sliding)                                        (1)
///   V_i   = V_p + S_i v_i                                                                                 (2)
///   A_i   = A_p + S_i a_i + V_p × S_i v_i              (V_i × S_i = V_p × S_i, since S_i × S_i = 0)       (3)
/// Source: Featherstone, Rigid Body Dynamics Algorithms (2008), chapters 2 and 4, with all coordinates at O.
#include "sim/mechanics/kinematics.h"

#include "sim/core/diagnostics.h"

namespace hipspine {

void Kinematics::resize(int n_coord) {
  X_GL.resize(n_coord);
  S_G.resize(n_coord, Vec6::Zero());
  V_G.resize(n_coord, Vec6::Zero());
  A_G.resize(n_coord, Vec6::Zero());
}

void update_position(const Model& model, const CoordVec& q, Kinematics& kin, int links) {
  const int n = model.n_coord();
  HIPSPINE_DEMAND(q.size() == n);
  kin.resize(n);
  const int end = links < 0 ? n : links;
  for (int i = 0; i < end; ++i) {
    const Coordinate& c = model.coordinates[i];
    Transform X_GJ = c.X_PJ;
    if (c.parent >= 0) {
      const Transform& X_GP = kin.X_GL[c.parent];
      X_GJ.p = X_GP * c.X_PJ.p;
      X_GJ.R = c.X_PJ.R == Mat3::Identity() ? X_GP.R : Mat3(X_GP.R * c.X_PJ.R);  // it nearly always is
    }
    const Vec3 axis_G = X_GJ.R * c.axis_J;
    if (c.translation) {
      X_GJ.p += axis_G * q[i];
      kin.S_G[i] << Vec3::Zero(), axis_G;
    } else {
      X_GJ.R = X_GJ.R * rotation(c.axis_J, q[i]);
      kin.S_G[i] << axis_G, X_GJ.p.cross(axis_G);
    }
    kin.X_GL[i] = X_GJ;
  }
}

void update_velocity(const Model& model, const CoordVec& v, Kinematics& kin, int links) {
  const int end = links < 0 ? model.n_coord() : links;
  for (int i = 0; i < end; ++i) {
    const int p = model.coordinates[i].parent;
    kin.V_G[i] = kin.S_G[i] * v[i];
    if (p >= 0) kin.V_G[i] += kin.V_G[p];
  }
}

void update_acceleration(const Model& model, const CoordVec& v, const CoordVec& a, Kinematics& kin) {
  for (int i = 0; i < model.n_coord(); ++i) {
    const int p = model.coordinates[i].parent;
    kin.A_G[i] = kin.S_G[i] * a[i];
    if (p >= 0) kin.A_G[i] += kin.A_G[p] + cross_motion(kin.V_G[p], kin.S_G[i]) * v[i];
  }
}

Vec3 point_G(const Kinematics& kin, int link, const Vec3& p_L) { return kin.X_GL[link] * p_L; }

void point_jacobian(const Model& model, const Kinematics& kin, int link, const Vec3& p_G,
                    Eigen::Ref<Eigen::MatrixXd> J) {
  HIPSPINE_DEMAND(J.rows() == 3 && J.cols() == model.n_coord());
  J.setZero();
  for (int i = link; i >= 0; i = model.coordinates[i].parent) {
    J.col(i) = kin.S_G[i].tail<3>() + kin.S_G[i].head<3>().cross(p_G);
  }
}

}  // namespace hipspine
