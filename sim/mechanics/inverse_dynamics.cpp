/// Newton–Euler in the ground frame, moments about the ground origin O.
///
/// For link i with mass m, centre of mass c, inertia I about c (ground axes), spatial velocity [w; v_O], spatial
/// acceleration [w'; a_O]:
///   acceleration of the centre of mass  a_c = a_O + w' × c + w × (v_O + w × c)                             (1)
///   force needed                        F   = m (a_c - g)                                                  (2)
///   moment needed about O               M   = c × F + I w' + w × I w                                       (3)
/// The wrench that link i receives from its parent is its own [M; F], less outside wrenches on it, plus what it hands
/// to its children; tau_i = S_i · wrench_i.
#include "sim/mechanics/inverse_dynamics.h"

#include "sim/core/diagnostics.h"
#include "sim/core/units.h"

namespace hipspine {

void inverse_dynamics(const Model& model, const Kinematics& kin, const std::vector<ExternalWrench>& external,
                      InverseDynamics& out) {
  const int n = model.n_coord();
  HIPSPINE_DEMAND(static_cast<int>(kin.A_G.size()) == n);
  const Vec3 gravity(0, -kGravity_m_s2, 0);
  out.tau.resize(n);
  out.wrench_G.resize(n);
  for (int i = 0; i < n; ++i) {
    const LinkInertia& body = model.link_inertia[i];
    Vec6& f = out.wrench_G[i];
    if (body.mass_kg == 0 && body.I_com_L.isZero(0)) {
      f.setZero();
      continue;
    }
    const Mat3& R = kin.X_GL[i].R;
    const Vec3 c = kin.X_GL[i] * body.p_com_L;
    const Vec3 w = kin.V_G[i].head<3>();
    const Vec3 w_dot = kin.A_G[i].head<3>();
    const Vec3 a_c = kin.A_G[i].tail<3>() + w_dot.cross(c) + w.cross(kin.V_G[i].tail<3>() + w.cross(c));
    const Vec3 force = body.mass_kg * (a_c - gravity);
    const Vec3 Iw = R * (body.I_com_L * (R.transpose() * w));
    const Vec3 Iw_dot = R * (body.I_com_L * (R.transpose() * w_dot));
    f.head<3>() = c.cross(force) + Iw_dot + w.cross(Iw);
    f.tail<3>() = force;
  }
  for (const ExternalWrench& e : external) out.wrench_G[e.link] -= e.wrench_G;
  for (int i = n - 1; i >= 0; --i) {
    out.tau[i] = kin.S_G[i].dot(out.wrench_G[i]);
    const int p = model.coordinates[i].parent;
    if (p >= 0) out.wrench_G[p] += out.wrench_G[i];
  }
}

}  // namespace hipspine
