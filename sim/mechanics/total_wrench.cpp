/// Total wrench and its derivatives in closed form.
///
/// With a the spatial acceleration relative to free fall (a_base = -gravity), link wrench f_i = I_i a_i + v_i ×* I_i
/// v_i, and for coordinate j with motion axis S, velocity and acceleration of its parent v_p, a_p:
///   Pd  = v_p × S,   Pdd = a_p × S + v_p × Pd,   Sd = v_j × S = Pd
///   B_i = 1/2 [ (v_i ×*) I_i - I_i (v_i ×) + (I_i v_i) ×̄* ],   where (h ×̄*) m = m ×* h                     (1)
///   dw/dq_j  = I^c Pdd + 2 B^c Pd + S ×* f^c                                                               (2)
///   dw/dv_j  = 2 B^c S + I^c (Pd + Sd)                                                                     (3)
///   dw/da_j  = I^c S                                                                                       (4)
/// I^c, B^c, f^c are sums over the links carried by j. Only these move with q_j, so the derivative of the body's total
/// is the derivative of that subtree's sum.
/// One part alone: (2) to (4) as they are for its own coordinates, with its sums for what carries it, zero elsewhere.
/// Source: the identities of Singh, Russell & Wensing (2022), IEEE Robot. Autom. Lett. 7:1198, for Newton–Euler.
#include "sim/mechanics/total_wrench.h"

#include <array>

#include "sim/core/diagnostics.h"
#include "sim/core/units.h"
#include "sim/mechanics/mass_matrix.h"

namespace hipspine {
namespace {

Mat6 cross_motion_matrix(const Vec6& v) {
  Mat6 m;
  const Mat3 w = skew(v.head<3>());
  m.topLeftCorner<3, 3>() = w;
  m.topRightCorner<3, 3>().setZero();
  m.bottomLeftCorner<3, 3>() = skew(v.tail<3>());
  m.bottomRightCorner<3, 3>() = w;
  return m;
}

/// (h ×̄*) with (h ×̄*) m = m ×* h.
Mat6 cross_bar_matrix(const Vec6& h) {
  Mat6 m;
  m.topLeftCorner<3, 3>() = -skew(h.head<3>());
  m.topRightCorner<3, 3>() = -skew(h.tail<3>());
  m.bottomLeftCorner<3, 3>() = -skew(h.tail<3>());
  m.bottomRightCorner<3, 3>().setZero();
  return m;
}

/// Spatial acceleration of the ground as felt by a body held against gravity.
Vec6 felt_acceleration_of_ground() { return (Vec6() << 0, 0, 0, 0, kGravity_m_s2, 0).finished(); }

/// Pd and Pdd of a motion axis S carried by link `parent`.
struct AxisRates {
  Vec6 Pd, Pdd;
};
AxisRates axis_rates(const Kinematics& kin, int parent, const Vec6& S) {
  const Vec6 v_p = parent >= 0 ? kin.V_G[parent] : Vec6(Vec6::Zero());
  Vec6 a_p = felt_acceleration_of_ground();
  if (parent >= 0) a_p += kin.A_G[parent];
  const Vec6 Pd = cross_motion(v_p, S);
  return {Pd, cross_motion(a_p, S) + cross_motion(v_p, Pd)};
}

/// First coordinate of a part.
int root_of(const Model& model, Part part) {
  return part == kTrunkPart ? model.levels.front().fe : model.legs[part].hip_flexion;
}

/// Whether coordinate i is `root` or beyond it.
bool carried_by(const Model& model, int i, int root) {
  while (i > root) i = model.coordinates[i].parent;
  return i == root;
}

/// What the inertia and weight of one link need.
Vec6 link_wrench(const Model& model, const Kinematics& kin, int i) {
  const LinkInertia& body = model.link_inertia[i];
  if (body.mass_kg == 0 && body.I_com_L.isZero(0)) return Vec6::Zero();
  const Mat3& R = kin.X_GL[i].R;
  const Vec3 c = kin.X_GL[i] * body.p_com_L;
  const Vec3 omega = kin.V_G[i].head<3>();
  const Vec6 acc = kin.A_G[i] + felt_acceleration_of_ground();
  const Vec3 alpha = acc.head<3>();
  const Vec3 force =
      body.mass_kg * (acc.tail<3>() + alpha.cross(c) + omega.cross(kin.V_G[i].tail<3>() + omega.cross(c)));
  const Vec3 Iw = R * (body.I_com_L * (R.transpose() * omega));
  Vec6 w;
  w << c.cross(force) + R * (body.I_com_L * (R.transpose() * alpha)) + omega.cross(Iw), force;
  return w;
}

}  // namespace

void total_wrench(const Model& model, const Kinematics& kin, TotalWrench& out) {
  const int n = model.n_coord();
  HIPSPINE_DEMAND(n <= kMaxCoord);
  out.dw_dq.resize(6, n);
  out.dw_dv.resize(6, n);
  out.dw_da.resize(6, n);
  const Vec6 a_base = felt_acceleration_of_ground();
  std::array<Mat6, kMaxCoord> Ic, Bc;
  std::array<Vec6, kMaxCoord> fc;
  for (int i = 0; i < n; ++i) {
    if (model.link_inertia[i].mass_kg == 0 && model.link_inertia[i].I_com_L.isZero(0)) {
      Ic[i].setZero();
      Bc[i].setZero();
      fc[i].setZero();
      continue;
    }
    Ic[i] = spatial_inertia_G(model, kin, i);
    const Vec6& v = kin.V_G[i];
    const Vec6 h = Ic[i] * v;
    fc[i] = Ic[i] * (kin.A_G[i] + a_base) + cross_force(v, h);
    const Mat6 vx = cross_motion_matrix(v);
    const Mat6 Ivx = Ic[i] * vx;
    Bc[i] = 0.5 * (-Ivx.transpose() - Ivx + cross_bar_matrix(h));  // (v ×*) = -(v ×)', I symmetric
  }
  out.w.setZero();
  for (int i = n - 1; i >= 0; --i) {
    const int p = model.coordinates[i].parent;
    const Vec6& S = kin.S_G[i];
    const auto [Pd, Pdd] = axis_rates(kin, p, S);
    out.dw_dq.col(i) = Ic[i] * Pdd + 2.0 * (Bc[i] * Pd) + cross_force(S, fc[i]);
    out.dw_dv.col(i) = 2.0 * (Bc[i] * S + Ic[i] * Pd);
    out.dw_da.col(i) = Ic[i] * S;
    for (Part part : {kLegPartRight, kLegPartLeft, kTrunkPart}) {
      if (i == root_of(model, part)) out.part[part] = {Ic[i], Bc[i], fc[i]};
    }
    if (p >= 0) {
      Ic[p] += Ic[i];
      Bc[p] += Bc[i];
      fc[p] += fc[i];
    } else {
      out.w += fc[i];
    }
  }
}

void part_wrench(const Model& model, const Kinematics& kin, const TotalWrench& total, Part part, TotalWrench& out) {
  const TotalWrench::Subtree& sums = total.part[part];
  const int n = model.n_coord(), root = root_of(model, part);
  out.w = sums.f;
  out.dw_dq.setZero(6, n);
  out.dw_dv.setZero(6, n);
  out.dw_da.setZero(6, n);
  for (int i = root; i < n; ++i) {
    if (!carried_by(model, i, root)) continue;
    out.dw_dq.col(i) = total.dw_dq.col(i);
    out.dw_dv.col(i) = total.dw_dv.col(i);
    out.dw_da.col(i) = total.dw_da.col(i);
  }
  for (int i = model.coordinates[root].parent; i >= 0; i = model.coordinates[i].parent) {
    const int p = model.coordinates[i].parent;
    const Vec6& S = kin.S_G[i];
    const auto [Pd, Pdd] = axis_rates(kin, p, S);
    out.dw_dq.col(i) = sums.I * Pdd + 2.0 * (sums.B * Pd) + cross_force(S, sums.f);
    out.dw_dv.col(i) = 2.0 * (sums.B * S + sums.I * Pd);
    out.dw_da.col(i) = sums.I * S;
  }
}

Vec6 total_wrench_value(const Model& model, const Kinematics& kin) {
  Vec6 w = Vec6::Zero();
  for (int i = 0; i < model.n_coord(); ++i) w += link_wrench(model, kin, i);
  return w;
}

Vec6 part_wrench_value(const Model& model, const Kinematics& kin, Part part) {
  const int root = root_of(model, part);
  Vec6 w = Vec6::Zero();
  for (int i = root; i < model.n_coord(); ++i) {
    if (carried_by(model, i, root)) w += link_wrench(model, kin, i);
  }
  return w;
}

}  // namespace hipspine
