/// Wrenches of links and the gradient of a function of their sums, backward.
///
/// With the notation of total_wrench.cpp, a link i that motion j carries changes its wrench by
///   df_i/dq_j = I_i Pdd + 2 B_i Pd + S ×* f_i,   df_i/dv_j = 2 (B_i S + I_i Pd),   df_i/da_j = I_i S         (1)
/// so that with p_i = dE/df_i, loads l_i on links, and the sums over what j carries of
///   y_i = I_i p_i,   z_i = B_i' p_i,   u_i = l_i + what gives  S·u_i = p_i·(S ×* f_i)                        (2)
///   dE/dq_j = Pdd·y + 2 Pd·z + S·u,   dE/dv_j = 2 (S·z + Pd·y),   dE/da_j = S·y                              (3)
/// fifteen numbers a link instead of its matrices, three dot products instead of 6 x 3 numbers. For p = [a; b], a rigid
/// body with mass m, com c, h = m c, inertia J about the origin, turning w, moving u, momentum P, wrench f = [M; F]:
///   y = [J a + h × b; m b - h × a],   u = [M × a + F × b; F × a]                                             (4)
///   z = [(J - tr(J)/2) (a × w) - (u·a) h + (h·u) a + P × b; 0]                                               (5)
/// Poses and motion: (1) to (3) of kinematics.cpp.
#include "sim/mechanics/four_bodies.h"

#include <cmath>

#include "sim/core/diagnostics.h"
#include "sim/core/units.h"

namespace hipspine {
namespace {

LaneVec3 up() { return {{no_lane(), all_lanes(kGravity_m_s2), no_lane()}}; }

/// R times a turn by the angles of cosine c and sine s about its column k.
void turn_about_column(LaneMat3& R, int k, const Lane& c, const Lane& s) {
  LaneVec3 &first = R.col[(k + 1) % 3], &second = R.col[(k + 2) % 3];
  const LaneVec3 before = first;
  first = fused(c * before, s, second);
  second = c * second - s * before;
}

/// R times a turn about an oblique axis of the joint (Rodrigues).
LaneMat3 turned(const LaneMat3& R, const Vec3& axis, const Lane& c, const Lane& s) {
  LaneMat3 out;
  const Lane rest = all_lanes(1) - c;
  for (int k = 0; k < 3; ++k) {
    // Column k of the turn: c e_k + (1 - c) axis_k axis + s axis × e_k
    const Vec3 across = axis.cross(Vec3::Unit(k));
    LaneVec3 column = s * LaneVec3::all(across);
    column = fused(column, rest, LaneVec3::all(axis[k] * axis));
    column.c[k] = column.c[k] + c;
    out.col[k] = R * column;
  }
  return out;
}

}  // namespace

int root_of(const Model& model, Part part) {
  return part == kTrunkPart ? model.levels.front().fe : model.legs[part].hip_flexion;
}

bool carried_by(const Model& model, int i, int root) {
  while (i > root) i = model.coordinates[i].parent;
  return i == root;
}

FourBodies::FourBodies(const Model& model) : model_(model), links_(static_cast<std::size_t>(model.n_coord())) {
  for (const Coordinate& c : model.coordinates) {
    Joint joint{c.parent, c.translation, c.X_PJ.R == Mat3::Identity(), -1};
    for (int k = 0; k < 3; ++k)
      if (c.axis_J == Vec3::Unit(k)) joint.main_axis = k;
    joints_.push_back(joint);
  }
  for (int i = 0; i < model.n_coord(); ++i) {
    const LinkInertia& body = model.link_inertia[i];
    if (body.mass_kg == 0 && body.I_com_L.isZero(0)) continue;
    Heavy link{};
    link.link = i;
    link.part = -1;
    for (Part part : {kLegPartRight, kLegPartLeft, kTrunkPart})
      if (carried_by(model, i, root_of(model, part))) link.part = part;
    heavy_.push_back(link);
  }
}

void FourBodies::set(int lane, const CoordVec& q, const CoordVec& v, const CoordVec& a) {
  const int n = model_.n_coord();
  HIPSPINE_DEMAND(q.size() == n && v.size() == n && a.size() == n);
  for (int i = 0; i < n; ++i) {
    Link& link = links_[i];
    link.q[lane] = q[i];
    link.v[lane] = v[i];
    link.a[lane] = a[i];
  }
}

void FourBodies::update_link(int i) {
  const Joint& joint = joints_[i];
  const Coordinate& c = model_.coordinates[i];
  Link& link = links_[i];
  const Link* parent = joint.parent < 0 ? nullptr : &links_[joint.parent];
  LaneMat3 R = parent ? parent->R : LaneMat3::identity();
  LaneVec3 p = LaneVec3::all(c.X_PJ.p);
  if (parent) p = parent->p + R * p;
  if (!joint.straight) R = R * c.X_PJ.R;
  const LaneVec3 axis = joint.main_axis >= 0 ? R.col[joint.main_axis] : R * c.axis_J;
  if (joint.translation) {
    p = fused(p, link.q, axis);
    link.S = {LaneVec3::zero(), axis};
  } else {
    Lane cosine = no_lane(), sine = no_lane();
    for (int lane = 0; lane < kLanes; ++lane)
      cosine[lane] = std::cos(link.q[lane]), sine[lane] = std::sin(link.q[lane]);
    if (joint.main_axis >= 0)
      turn_about_column(R, joint.main_axis, cosine, sine);
    else
      R = turned(R, c.axis_J, cosine, sine);
    link.S = {axis, cross(p, axis)};
  }
  link.R = R;
  link.p = p;
  link.Sd = parent ? cross_motion(parent->V, link.S) : LaneVec6::zero();
  link.V = fused(parent ? parent->V : LaneVec6::zero(), link.v, link.S);
  link.A = fused(fused(parent ? parent->A : LaneVec6::zero(), link.a, link.S), link.v, link.Sd);
  link.y = link.u = LaneVec6::zero();
  link.z = LaneVec3::zero();
}

void FourBodies::update_heavy(Heavy& body) {
  const LinkInertia& inertia = model_.link_inertia[body.link];
  const Link& link = links_[body.link];
  const Lane m = all_lanes(inertia.mass_kg);
  const LaneVec3 &omega = link.V.head, &alpha = link.A.head;
  body.com_G = link.p + link.R * inertia.p_com_L;
  body.R_I = link.R * inertia.I_com_L;
  const auto turning = [&](const LaneVec3& x) { return body.R_I * transposed_times(link.R, x); };
  const LaneVec3 velocity = link.V.tail + cross(omega, body.com_G);
  const LaneVec3 weight = m * up();
  const LaneVec3 force = m * (link.A.tail + cross(alpha, body.com_G) + cross(omega, velocity)) + weight;
  body.momentum = m * velocity;
  body.w = {cross(body.com_G, force) + turning(alpha) + cross(omega, turning(omega)), force};
  const LaneVec6 still = {cross(body.com_G, weight), weight};
  whole_ += body.w;
  still_ += still;
  if (body.part < 0) return;
  part_[body.part] += body.w;
  part_still_[body.part] += still;
}

void FourBodies::update() {
  whole_ = still_ = pull_whole_ = LaneVec6::zero();
  part_.fill(LaneVec6::zero()), part_still_.fill(LaneVec6::zero()), pull_.fill(LaneVec6::zero());
  for (int i = 0; i < model_.n_coord(); ++i) update_link(i);
  for (Heavy& body : heavy_) update_heavy(body);
}

void FourBodies::kinematics(int lane, Kinematics& out) const {
  out.resize(model_.n_coord());
  for (int i = 0; i < model_.n_coord(); ++i) {
    out.X_GL[i] = pose(i, lane);
    out.S_G[i] = links_[i].S.of(lane);
    out.V_G[i] = links_[i].V.of(lane);
    out.A_G[i] = links_[i].A.of(lane);
  }
}

void FourBodies::gradient() {
  for (const Heavy& body : heavy_) {
    const LaneVec6 pull = body.part < 0 ? pull_whole_ : pull_whole_ + pull_[body.part];
    const LaneVec3 &a = pull.head, &b = pull.tail, &c = body.com_G;
    Link& link = links_[body.link];
    const double mass_kg = model_.link_inertia[body.link].mass_kg;
    const Lane m = all_lanes(mass_kg);
    const LaneVec3 h = m * c, &u = link.V.tail;
    const Lane about = dot(h, c);
    const auto J = [&](const LaneVec3& x) {  // about the origin
      return fused(body.R_I * transposed_times(link.R, x), about, x) - dot(c, x) * h;
    };
    link.y += {J(a) + cross(h, b), m * b - cross(h, a)};
    link.u += {cross(body.w.head, a) + cross(body.w.tail, b), cross(body.w.tail, a)};
    const LaneVec3 across = cross(a, link.V.head);
    const Lane half_trace = all_lanes(0.5 * model_.link_inertia[body.link].I_com_L.trace()) + about;
    link.z += J(across) - half_trace * across - dot(u, a) * h + dot(h, u) * a + cross(body.momentum, b);
  }
  const Lane two = all_lanes(2);
  for (int i = model_.n_coord() - 1; i >= 0; --i) {
    Link& link = links_[i];
    const LaneVec6& S = link.S;
    LaneVec6 Pdd = {LaneVec3::zero(), cross(up(), S.head)};
    if (const int p = joints_[i].parent; p >= 0) {
      Link& parent = links_[p];
      Pdd += cross_motion(parent.A, S) + cross_motion(parent.V, link.Sd);
      parent.y += link.y, parent.u += link.u, parent.z += link.z;
    }
    link.by_a = dot(S, link.y);
    link.by_v = two * (dot(S.head, link.z) + dot(link.Sd, link.y));
    link.by_q = dot(Pdd, link.y) + two * dot(link.Sd.head, link.z) + dot(S, link.u);
  }
  by_pace_ = dot(pull_whole_, whole_ - still_);
  for (int part = 0; part < kParts; ++part) by_pace_ = by_pace_ + dot(pull_[part], part_[part] - part_still_[part]);
}

}  // namespace hipspine
