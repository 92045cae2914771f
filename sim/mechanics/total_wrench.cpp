/// Total wrench and its derivatives in closed form.
///
/// With a the spatial acceleration relative to free fall (a_base = -gravity), link wrench f_i = I_i a_i + v_i ×* I_i
/// v_i, and for coordinate j with motion axis S, velocity and acceleration of its parent v_p, a_p:
///   Pd  = v_p × S,   Pdd = a_p × S + v_p × Pd,   Sd = v_j × S = Pd
///   B_i = 1/2 [ (v_i ×*) I_i - I_i (v_i ×) + (I_i v_i) ×̄* ],   where (h ×̄*) m = m ×* h                     (1)
///   dw/dq_j  = I^c Pdd + 2 B^c Pd + S ×* f^c                                                               (2)
///   dw/dv_j  = 2 B^c S + I^c (Pd + Sd)                                                                     (3)
///   dw/da_j  = I^c S                                                                                       (4)
/// Of a rigid body with mass m, h = m c and inertia J, all about the origin, moving with v = [w; u], momentum p = m u +
/// w × h, most of (1) is zero:
///   I = [ J  [h]x ; -[h]x  m ],   B = [ [w]x (J - tr(J)/2) - u h' + (h·u)  0 ; -[p]x  0 ]                  (5)
/// which follows from [a]x J + J [a]x = [tr(J) a - J a]x and [a]x [b]x - [b]x [a]x = [a × b]x.
/// I^c, B^c, f^c are sums over the links carried by j. Only these move with q_j, so the derivative of the body's total
/// is the derivative of that subtree's sum.
/// One part alone: (2) to (4) as they are for its own coordinates, with its sums for what carries it, zero elsewhere.
/// Source: the identities of Singh, Russell & Wensing (2022), IEEE Robot. Autom. Lett. 7:1198, for Newton–Euler.
#include "sim/mechanics/total_wrench.h"

#include <array>

#include "sim/core/diagnostics.h"
#include "sim/core/units.h"

namespace hipspine {
namespace {

/// Spatial acceleration of the ground as felt by a body held against gravity.
Vec6 felt_acceleration_of_ground() { return (Vec6() << 0, 0, 0, 0, kGravity_m_s2, 0).finished(); }

Vec6 weight_of(const CarriedSum& c) {
  const Vec3 up(0, kGravity_m_s2, 0);
  Vec6 w;
  w << c.h.cross(up), c.mass_kg * up;
  return w;
}

/// (2) to (4) of coordinate i for what it carries, with (5); turning parts of motion, moments: first three numbers.
void columns_of(const Model& model, const Kinematics& kin, int i, const CarriedSum& c, TotalWrench& out) {
  const int p = model.coordinates[i].parent;
  const Vec3 S_turn = kin.S_G[i].head<3>(), S_slide = kin.S_G[i].tail<3>();
  Vec3 turn = Vec3::Zero(), slide = Vec3::Zero();                               // Pd
  Vec3 turn2 = Vec3::Zero(), slide2 = Vec3(0, kGravity_m_s2, 0).cross(S_turn);  // Pdd
  if (p >= 0) {
    const Vec3 omega = kin.V_G[p].head<3>(), u = kin.V_G[p].tail<3>();
    const Vec3 alpha = kin.A_G[p].head<3>(), a = kin.A_G[p].tail<3>();
    turn = omega.cross(S_turn);
    slide = omega.cross(S_slide) + u.cross(S_turn);
    turn2 = alpha.cross(S_turn) + omega.cross(turn);
    slide2 += alpha.cross(S_slide) + a.cross(S_turn) + omega.cross(slide) + u.cross(turn);
  }
  const Vec3 moment = c.f.head<3>(), force = c.f.tail<3>();
  double* const dq = &out.dw_dq(0, i);
  double* const dv = &out.dw_dv(0, i);
  double* const da = &out.dw_da(0, i);
  const auto put = [](double* to, const Vec3& first, const Vec3& second) {
    for (int k = 0; k < 3; ++k) to[k] = first[k], to[3 + k] = second[k];
  };
  put(da, c.inertia * S_turn + c.h.cross(S_slide), c.mass_kg * S_slide - c.h.cross(S_turn));
  put(dv, 2 * (c.B * S_turn + c.inertia * turn + c.h.cross(slide)),
      2 * (c.mass_kg * slide - c.momentum.cross(S_turn) - c.h.cross(turn)));
  put(dq, c.inertia * turn2 + c.h.cross(slide2) + 2 * (c.B * turn) + S_turn.cross(moment) + S_slide.cross(force),
      c.mass_kg * slide2 - c.h.cross(turn2) - 2 * c.momentum.cross(turn) + S_turn.cross(force));
}

/// One link alone; false when it has no inertia.
bool link_sum(const Model& model, const Kinematics& kin, int i, CarriedSum& out) {
  const LinkInertia& body = model.link_inertia[i];
  if (body.mass_kg == 0 && body.I_com_L.isZero(0)) return false;
  const Mat3& R = kin.X_GL[i].R;
  const Vec3 c = kin.X_GL[i] * body.p_com_L;
  out.mass_kg = body.mass_kg;
  out.h = body.mass_kg * c;
  out.inertia = R * body.I_com_L * R.transpose();
  out.inertia -= out.h * c.transpose();
  out.inertia.diagonal().array() += out.h.dot(c);
  const Vec3 omega = kin.V_G[i].head<3>(), u = kin.V_G[i].tail<3>();
  const Vec6 acc = kin.A_G[i] + felt_acceleration_of_ground();
  const Vec3 angular = out.inertia * omega + out.h.cross(u);
  out.momentum = body.mass_kg * u + omega.cross(out.h);
  Mat3 J = out.inertia;
  J.diagonal().array() -= 0.5 * J.trace();
  for (int k = 0; k < 3; ++k) out.B.col(k) = omega.cross(J.col(k)) - u * out.h[k];
  out.B.diagonal().array() += out.h.dot(u);
  const Vec3 alpha = acc.head<3>(), a = acc.tail<3>();
  out.f.head<3>() = out.inertia * alpha + out.h.cross(a) + omega.cross(angular) + u.cross(out.momentum);
  out.f.tail<3>() = out.mass_kg * a - out.h.cross(alpha) + omega.cross(out.momentum);
  return true;
}

}  // namespace

void CarriedSum::set_zero() {
  mass_kg = 0;
  h.setZero(), inertia.setZero(), B.setZero(), momentum.setZero(), f.setZero();
}

CarriedSum& CarriedSum::operator+=(const CarriedSum& o) {
  mass_kg += o.mass_kg;
  h += o.h;
  inertia += o.inertia;
  B += o.B;
  momentum += o.momentum;
  f += o.f;
  return *this;
}

void total_wrench(const Model& model, const Kinematics& kin, TotalWrench& out) {
  const int n = model.n_coord();
  HIPSPINE_DEMAND(n <= kMaxCoord);
  out.dw_dq.resize(6, n);
  out.dw_dv.resize(6, n);
  out.dw_da.resize(6, n);
  std::array<CarriedSum, kMaxCoord> carried;  // unset until something arrives: most of it is never needed
  std::array<bool, kMaxCoord> any{};
  CarriedSum link;
  const auto give = [&](int i, const CarriedSum& sum) {
    if (any[i])
      carried[i] += sum;
    else
      carried[i] = sum;
    any[i] = true;
  };
  out.w.setZero();
  out.w_still.setZero();
  for (int i = n - 1; i >= 0; --i) {
    CarriedSum& here = carried[i];
    if (link_sum(model, kin, i, link)) give(i, link);
    if (!any[i]) here.set_zero();
    columns_of(model, kin, i, here, out);
    for (Part part : {kLegPartRight, kLegPartLeft, kTrunkPart}) {
      if (i == root_of(model, part)) out.part[part] = here;
    }
    if (const int p = model.coordinates[i].parent; p >= 0) {
      give(p, here);
    } else {
      out.w += here.f;
      out.w_still += weight_of(here);
    }
  }
}

void part_wrench(const Model& model, const Kinematics& kin, const TotalWrench& total, Part part, TotalWrench& out) {
  const CarriedSum& sums = total.part[part];
  const int n = model.n_coord(), root = root_of(model, part);
  out.w = sums.f;
  out.w_still = weight_of(sums);
  out.dw_dq.setZero(6, n);
  out.dw_dv.setZero(6, n);
  out.dw_da.setZero(6, n);
  for (int i = root; i < n; ++i) {
    if (!carried_by(model, i, root)) continue;
    out.dw_dq.col(i) = total.dw_dq.col(i);
    out.dw_dv.col(i) = total.dw_dv.col(i);
    out.dw_da.col(i) = total.dw_da.col(i);
  }
  for (int i = model.coordinates[root].parent; i >= 0; i = model.coordinates[i].parent)
    columns_of(model, kin, i, sums, out);
}

}  // namespace hipspine
