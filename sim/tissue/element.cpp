/// E(t, q) = disc(t, q) + sum over contacts of k ramp_energy(n · (t + R c - c) - gap) + sum over lines of
/// K rest ramp_energy(...) [+ k_t |t|^2/2 + k_q |q - preset|^2/2 of bone across a fused level], see disc.h, facet.h,
/// ligament.h. Every contact and line is a potential of one point p = t + R c with gradient a and second derivative B =
/// alpha u u' + beta 1, so that with J = dp/d(t, q) = [1, dR_i c]
///   dE = J' a,     d2E = J' B J + (a · ddR_ij c on the rotation block).
/// Moment about D's origin of the forces on the upper vertebra: sum p x f for points; the disc acts with its force at t
/// and the torque T that does the work of its generalised moments, axes' T = -dE_disc/dq.
#include "sim/tissue/element.h"

#include <Eigen/LU>
#include <cmath>

#include "sim/tissue/disc.h"
#include "sim/tissue/ligament.h"

namespace hipspine {
namespace {

/// Rotation about unit axis k (0 x, 1 y, 2 z) with `order` derivatives taken.
Mat3 turn(int k, double angle, int order) {
  const double c = std::cos(angle), s = std::sin(angle);
  const double cc = order == 0 ? c : order == 1 ? -s : -c;
  const double ss = order == 0 ? s : order == 1 ? c : -s;
  Mat3 m = Mat3::Zero();
  const int i = (k + 1) % 3, j = (k + 2) % 3;
  m(k, k) = order == 0 ? 1 : 0;
  m(i, i) = cc;
  m(j, j) = cc;
  m(i, j) = -ss;
  m(j, i) = ss;
  return m;
}

/// Adds a potential of the point p = t + R c to the six-coordinate energy.
void add_point(PoseEnergy& e, const ElementRotation& rot, const Vec3& c, double energy, const Vec3& a, const Vec3& u,
               double alpha, double beta) {
  e.energy_j += energy;
  Eigen::Matrix<double, 3, 6> J;
  J.leftCols<3>().setIdentity();
  for (int i = 0; i < 3; ++i) J.col(3 + i) = rot.d[i] * c;
  const Vec6 Ju = J.transpose() * u;
  e.gradient += J.transpose() * a;
  e.hessian += alpha * Ju * Ju.transpose() + beta * J.transpose() * J;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) e.hessian(3 + i, 3 + j) += a.dot(rot.dd[i][j] * c);
}

}  // namespace

void element_rotation(const Vec3& q, ElementRotation& out) {
  const Mat3 z = turn(2, q[kFE], 0), x = turn(0, q[kLB], 0), y = turn(1, q[kAR], 0);
  const Mat3 zx = z * x;
  out.R = zx * y;
  out.axes.col(kFE) = Vec3::UnitZ();
  out.axes.col(kLB) = z.col(0);
  out.axes.col(kAR) = zx.col(1);
}

void element_rotation_derivatives(const Vec3& q, ElementRotation& out) {
  element_rotation(q, out);
  const auto product = [&](int nz, int nx, int ny) -> Mat3 {
    return turn(2, q[kFE], nz) * turn(0, q[kLB], nx) * turn(1, q[kAR], ny);
  };
  for (int i = 0; i < 3; ++i) {
    out.d[i] = product(i == kFE, i == kLB, i == kAR);
    for (int j = 0; j <= i; ++j) {
      out.dd[i][j] = product((i == kFE) + (j == kFE), (i == kLB) + (j == kLB), (i == kAR) + (j == kAR));
      out.dd[j][i] = out.dd[i][j];
    }
  }
}

void hold_element(const SegmentParameters& p, const Vec3& q, HeldElement& held) {
  element_rotation(q, held.rotation);
  const Mat3& R = held.rotation.R;
  for (int side = 0; side < 2; ++side)
    for (int i = 0; i < kFacetContacts; ++i) {
      const FacetContact contact = facet_contact(p.facet, side, i);
      const Vec3& c = contact.point->p_D;
      held.depth_m[side][i] = contact.point->normal_D.dot(R * c - c) - contact.gap_m;
    }
  for (int i = 0; i < p.n_ligament; ++i) held.span_D[i] = R * p.ligament[i].upper_D - p.ligament[i].lower_D;
  const DiscBending bending = disc_bending(p.disc, q);
  held.bending_j = bending.energy_j;
  held.preload_j = bending.preload_j;
  held.bending_gradient_nm = bending.gradient_nm;
  held.bridge_bend_rad = q - Vec3(p.extension_preset_rad, 0, 0);
}

void element_energy(const SegmentParameters& p, const HeldElement& held, const Vec3& t, TranslationEnergy& out) {
  const DiscAxial axial = disc_axial(p.disc, -t.y() - p.disc.height_loss_m);
  const double shear = p.disc.shear_n_m;
  double energy =
      axial.energy_j + held.bending_j + axial.preload * held.preload_j + 0.5 * shear * (t.x() * t.x() + t.z() * t.z());
  Vec3 gradient(shear * t.x(), -(axial.force_n + axial.d_preload * held.preload_j), shear * t.z());
  Mat3 hessian = Vec3(shear, axial.stiffness_n_m + axial.dd_preload * held.preload_j, shear).asDiagonal();

  const BoneBridge& bone = p.bridge;
  if (bone.translation_n_m > 0) {
    energy +=
        0.5 * (bone.translation_n_m * t.squaredNorm() + bone.rotation_nm_rad * held.bridge_bend_rad.squaredNorm());
    gradient += bone.translation_n_m * t;
    hessian.diagonal().array() += bone.translation_n_m;
  }
  const double blend = p.facet.blend_m;
  for (int side = 0; side < 2; ++side)
    for (int i = 0; i < kFacetContacts; ++i) {
      const FacetContact contact = facet_contact(p.facet, side, i);
      const Vec3& n = contact.point->normal_D;
      const double depth = held.depth_m[side][i] + n.dot(t);
      if (depth <= -blend) continue;
      const Ramp r = ramp(depth, blend);
      energy += contact.stiffness_n_m * r.energy;
      gradient += contact.stiffness_n_m * r.value * n;
      hessian += contact.stiffness_n_m * r.slope * n * n.transpose();
    }
  for (int i = 0; i < p.n_ligament; ++i) {
    const Vec3 span = held.span_D[i] + t;
    const LineTension line = line_tension(p.ligament[i], span);
    if (line.length_m == 0) continue;
    const Vec3 u = span / line.length_m;
    const double beta = line.force_n / line.length_m;
    energy += line.energy_j;
    gradient += line.force_n * u;
    hessian += (line.stiffness_n_m - beta) * u * u.transpose();
    hessian.diagonal().array() += beta;
  }
  out.energy_j = energy;
  out.gradient_n = gradient;
  out.hessian_n_m = hessian;
}

void element_energy(const SegmentParameters& p, const Vec3& t, const Vec3& q, PoseEnergy& out) {
  ElementRotation rot;
  element_rotation_derivatives(q, rot);
  out = PoseEnergy{};

  const DiscAxial axial = disc_axial(p.disc, -t.y() - p.disc.height_loss_m);
  const DiscBending bending = disc_bending(p.disc, q);
  const Vec3 factor = Vec3::Ones() + axial.preload * p.disc.preload_gain;
  const double shear = p.disc.shear_n_m;
  out.energy_j = axial.energy_j + bending.energy_j + axial.preload * bending.preload_j +
                 0.5 * shear * (t.x() * t.x() + t.z() * t.z());
  out.gradient << shear * t.x(), -(axial.force_n + axial.d_preload * bending.preload_j), shear * t.z(),
      factor.cwiseProduct(bending.gradient_nm);
  out.hessian.diagonal() << shear, axial.stiffness_n_m + axial.dd_preload * bending.preload_j, shear,
      factor.cwiseProduct(bending.second_nm_rad);
  for (int i = 0; i < 3; ++i) {
    out.hessian(1, 3 + i) = out.hessian(3 + i, 1) = -axial.d_preload * p.disc.preload_gain[i] * bending.gradient_nm[i];
  }
  const BoneBridge& bone = p.bridge;
  if (bone.translation_n_m > 0) {
    const Vec3 bend = q - Vec3(p.extension_preset_rad, 0, 0);
    out.energy_j += 0.5 * (bone.translation_n_m * t.squaredNorm() + bone.rotation_nm_rad * bend.squaredNorm());
    out.gradient.head<3>() += bone.translation_n_m * t;
    out.gradient.tail<3>() += bone.rotation_nm_rad * bend;
    out.hessian.diagonal().head<3>().array() += bone.translation_n_m;
    out.hessian.diagonal().tail<3>().array() += bone.rotation_nm_rad;
  }

  for (int side = 0; side < 2; ++side)
    for (int i = 0; i < kFacetContacts; ++i) {
      const FacetContact contact = facet_contact(p.facet, side, i);
      const Vec3 &n = contact.point->normal_D, &c = contact.point->p_D;
      const Ramp r = ramp(n.dot(t + rot.R * c - c) - contact.gap_m, p.facet.blend_m);
      if (r.value == 0) continue;
      const double k = contact.stiffness_n_m;
      add_point(out, rot, c, k * r.energy, k * r.value * n, n, k * r.slope, 0);
    }
  for (int i = 0; i < p.n_ligament; ++i) {
    const Vec3 span = t + rot.R * p.ligament[i].upper_D - p.ligament[i].lower_D;
    const LineTension line = line_tension(p.ligament[i], span);
    if (line.length_m == 0) continue;
    const Vec3 u = span / line.length_m;
    const double beta = line.force_n / line.length_m;
    add_point(out, rot, p.ligament[i].upper_D, line.energy_j, line.force_n * u, u, line.stiffness_n_m - beta, beta);
  }
}

void add_cable(const FollowerCable& cable, const Vec3& t, const Vec3& q, PoseEnergy& out) {
  if (cable.tension_n == 0) return;
  ElementRotation rot;
  element_rotation_derivatives(q, rot);
  const Vec3 span = t + rot.R * cable.upper_D - cable.lower_D;
  const double length = span.norm(), beta = cable.tension_n / length;
  const Vec3 u = span / length;
  add_point(out, rot, cable.upper_D, cable.tension_n * length, cable.tension_n * u, u, -beta, beta);
}

void element_loads(const SegmentParameters& p, const HeldElement& held, const Vec3& t, double compression_n,
                   SegmentLoad& out) {
  const DiscAxial axial = disc_axial(p.disc, -t.y() - p.disc.height_loss_m);
  const double shear = p.disc.shear_n_m;
  out.translation_m = t;
  out.disc_compression_n = axial.force_n + axial.d_preload * held.preload_j;
  out.disc_shear_n = shear * std::hypot(t.x(), t.z());
  out.disc_pressure_pa = std::max(0.0, p.disc.pressure_factor * out.disc_compression_n / p.disc.area_m2);
  const Vec3 f_disc(-shear * t.x(), out.disc_compression_n, -shear * t.z());
  const Vec3 generalised = -(Vec3::Ones() + axial.preload * p.disc.preload_gain).cwiseProduct(held.bending_gradient_nm);
  out.disc_moment_nm = held.rotation.axes.transpose().inverse() * generalised + t.cross(f_disc);

  double facets_up_n = 0;
  Vec3 moment_nm = out.disc_moment_nm;
  out.bridge_compression_n = 0;
  if (p.bridge.translation_n_m > 0) {
    const Vec3 force = -p.bridge.translation_n_m * t;
    out.bridge_compression_n = force.y();
    moment_nm += held.rotation.axes.transpose().inverse() * Vec3(-p.bridge.rotation_nm_rad * held.bridge_bend_rad) +
                 t.cross(force);
  }
  for (int side = 0; side < 2; ++side) {
    out.facet_n[side] = out.facet_up_n[side] = 0;
    Vec3& facet_moment_nm = out.facet_moment_nm[side];
    facet_moment_nm.setZero();
    for (int i = 0; i < kFacetContacts; ++i) {
      const FacetContact contact = facet_contact(p.facet, side, i);
      const Vec3& n = contact.point->normal_D;
      const double force = contact.stiffness_n_m * ramp(held.depth_m[side][i] + n.dot(t), p.facet.blend_m).value;
      out.facet_n[side] += force;
      if (i == kFacetPoints) out.tip_n[side] = force;
      out.facet_up_n[side] -= force * n.y();
      facet_moment_nm -= force * (t + held.rotation.R * contact.point->p_D).cross(n);
    }
    facets_up_n += out.facet_up_n[side];
    moment_nm += facet_moment_nm;
  }
  out.facet_share = compression_n > 1 ? facets_up_n / compression_n : 0;

  out.ligament_n = 0;
  out.ligament_group_n.fill(0);
  out.ligament_down_n.fill(0);
  out.ligament_moment_nm.fill(Vec3::Zero());
  for (int i = 0; i < p.n_ligament; ++i) {
    const Vec3 span = held.span_D[i] + t;
    const LineTension line = line_tension(p.ligament[i], span);
    if (line.length_m == 0) continue;
    const int group = p.ligament[i].group;
    const Vec3 on_upper_nm = -line.force_n / line.length_m * (p.ligament[i].lower_D + span).cross(span);
    out.ligament_n += line.force_n;
    out.ligament_group_n[group] += line.force_n;
    out.ligament_down_n[group] += line.force_n * span.y() / line.length_m;
    out.ligament_moment_nm[group] += on_upper_nm;
    moment_nm += on_upper_nm;
  }
  out.moment_nm = moment_nm;
}

}  // namespace hipspine
