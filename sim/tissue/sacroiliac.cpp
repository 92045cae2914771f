/// Unknowns: small displacement x_s = (theta, u) of each hip bone, s = right, left: rotation and translation of its
/// material at P's origin; a point p of it moves by u + theta x p. The sacrum stands still.
///   sacroiliac joint at c with axes (f, v, n):   F = -sum_k k_k a_k a_k' d,  d = u + theta x c;   M = -diag(K) theta
///   symphysis at y, between the bones:           F_right = -diag(k)(d_right - d_left) at y,  M_right =
///   -diag(K)(theta_r - theta_l) balance of bone s:                           wrench_s + J_c' (F, M) + J_y' (...) = 0,
///   12 linear equations
/// n points from the sacrum to the hip bone; compression is k_n times the approach -n · d. The joint locks itself: the
/// nutation stiffness K_z is multiplied by 1 + compression / locking, found by repeating the linear solution until the
/// factor stands still. At every repetition both bones are in exact equilibrium.
/// Nutation of the sacrum against the hip bone (promontory forward and down) is theta_z: the hip bone turns backward.
#include "sim/tissue/sacroiliac.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "sim/core/document.h"
#include "sim/core/units.h"

namespace hipspine {
namespace {

using Map36 = Eigen::Matrix<double, 3, 6>;
using Mat12 = Eigen::Matrix<double, 12, 12>;
using Vec12 = Eigen::Matrix<double, 12, 1>;

/// Displacement of the material point p by (theta, u): u + theta x p.
Map36 point_map(const Vec3& p) {
  Map36 m;
  m.leftCols<3>() = -skew(p);
  m.rightCols<3>().setIdentity();
  return m;
}

struct Joint {
  Vec3 p_P;
  Mat3 axes_P;  ///< columns: in-plane forward, in-plane up, normal away from the sacrum
};

Joint joint_of(const SacroiliacParameters& parameters, int side) {
  const auto mirrored = [&](Vec3 v) { return side == kLeft ? Vec3(v.x(), v.y(), -v.z()) : v; };
  const Vec3 n = parameters.normal_R_P;
  const Vec3 up = (Vec3::UnitY() - n.y() * n).normalized();
  Joint joint;
  joint.p_P = mirrored(parameters.p_SacroiliacR_P);
  joint.axes_P.col(0) = mirrored(up.cross(n));
  joint.axes_P.col(1) = mirrored(up);
  joint.axes_P.col(2) = mirrored(n);
  return joint;
}

}  // namespace

SacroiliacParameters load_sacroiliac(const std::filesystem::path& folder, const Model& model,
                                     Diagnostics& diagnostics) {
  const double s = model.length_scale;
  Document document = Document::load(folder / "pelvis.toml", diagnostics);
  Table root = document.root();
  SacroiliacParameters p;
  constexpr Range kPlace{-200, 200}, kTranslation{1, 1e5}, kRotation{0.1, 1000};
  Table joint = root.table("sacroiliac");
  p.p_SacroiliacR_P = 1e-3 * s * joint.vec3("centre_mm", kPlace);
  const Vec3 normal = joint.vec3("normal", {-1, 1});
  p.stiffness_n_m = 1e3 * s * joint.vec3("translation_n_mm", kTranslation);
  p.stiffness_nm_rad = s * s * s / kDeg * joint.vec3("rotation_nm_deg", kRotation);
  p.locking_n = s * s * joint.number("locking_n", {10, 1e5});
  if (normal.z() > 0.1) {
    p.normal_R_P = normal.normalized();
  } else {
    joint.report("normal", "E203", "normal of the right joint has to point to the right (z above 0.1)");
  }
  joint.finish();
  Table symphysis = root.table("symphysis");
  p.p_Symphysis_P = 1e-3 * s * symphysis.vec3("centre_mm", kPlace);
  p.symphysis_n_m = 1e3 * s * symphysis.vec3("translation_n_mm", kTranslation);
  p.symphysis_nm_rad = s * s * s / kDeg * symphysis.vec3("rotation_nm_deg", kRotation);
  symphysis.finish();
  root.finish();
  return p;
}

PelvisLoads solve_pelvis(const SacroiliacParameters& parameters, const std::array<Vec6, 2>& wrench_P) {
  PelvisLoads loads;
  if (!wrench_P[kRight].allFinite() || !wrench_P[kLeft].allFinite()) {
    loads.status = PelvisStatus::not_finite;
    return loads;
  }
  const std::array<Joint, 2> joint = {joint_of(parameters, kRight), joint_of(parameters, kLeft)};
  const Map36 J_y = point_map(parameters.p_Symphysis_P);
  Mat6 link = J_y.transpose() * parameters.symphysis_n_m.asDiagonal() * J_y;
  link.topLeftCorner<3, 3>().diagonal() += parameters.symphysis_nm_rad;
  Mat12 fixed = Mat12::Zero();
  fixed << link, -link, -link, link;
  std::array<Mat3, 2> K_t;
  std::array<Map36, 2> J_c;
  for (int side = 0; side < 2; ++side) {
    const Mat3& A = joint[side].axes_P;
    K_t[side] = A * parameters.stiffness_n_m.asDiagonal() * A.transpose();
    J_c[side] = point_map(joint[side].p_P);
    fixed.block<6, 6>(6 * side, 6 * side) += J_c[side].transpose() * K_t[side] * J_c[side];
  }
  Vec12 b;
  b << wrench_P[kRight], wrench_P[kLeft];

  constexpr int kRepetitions = 100;
  std::array<double, 2> factor = {1, 1};
  std::array<Vec3, 2> K_r;
  Vec12 x;
  loads.status = PelvisStatus::limited;
  for (loads.iterations = 1; loads.iterations <= kRepetitions; ++loads.iterations) {
    Mat12 K = fixed;
    for (int side = 0; side < 2; ++side) {
      K_r[side] = parameters.stiffness_nm_rad.cwiseProduct(Vec3(1, 1, factor[side]));
      K.block<3, 3>(6 * side, 6 * side).diagonal() += K_r[side];
    }
    const Eigen::LLT<Mat12> llt(K);
    x = llt.solve(b);
    x += llt.solve(b - K * x);
    double change = 0;
    for (int side = 0; side < 2; ++side) {
      const Vec3 d = J_c[side] * x.segment<6>(6 * side);
      const double compression = -parameters.stiffness_n_m.z() * joint[side].axes_P.col(2).dot(d);
      const double wanted = 1 + std::max(0.0, compression) / parameters.locking_n;
      change = std::max(change, std::abs(wanted - factor[side]) / wanted);
      factor[side] = wanted;
    }
    if (change < 1e-13) {
      loads.status = PelvisStatus::ok;
      break;
    }
  }
  loads.iterations = std::min(loads.iterations, kRepetitions);

  const Vec6 x_link = x.head<6>() - x.tail<6>();
  loads.f_LeftOnRight_P = -parameters.symphysis_n_m.cwiseProduct(J_y * x_link);
  loads.symphysis_force_n = loads.f_LeftOnRight_P.norm();
  const Vec3 m_link = -parameters.symphysis_nm_rad.cwiseProduct(x_link.head<3>());
  for (int side = 0; side < 2; ++side) {
    const Vec6 x_s = x.segment<6>(6 * side);
    const Vec3 f = -(K_t[side] * (J_c[side] * x_s));
    const Vec3 m = -K_r[side].cwiseProduct(x_s.head<3>());
    const Vec3& n = joint[side].axes_P.col(2);
    loads.displacement_P[side] = x_s;
    loads.f_SacrumOnIlium_P[side] = f;
    loads.m_SacrumOnIlium_P[side] = m;
    SacroiliacLoad& out = loads.sacroiliac[side];
    out.compression_n = f.dot(n);
    out.shear_n = (f - f.dot(n) * n).norm();
    out.moment_nm = m.norm();
    out.nutation_rad = x_s.z();
    const double sign = side == kRight ? 1 : -1;
    const Vec3 force = wrench_P[side].tail<3>() + f + sign * loads.f_LeftOnRight_P;
    const Vec3 moment = wrench_P[side].head<3>() + m + joint[side].p_P.cross(f) +
                        sign * (m_link + parameters.p_Symphysis_P.cross(loads.f_LeftOnRight_P));
    const double force_scale = wrench_P[side].tail<3>().norm() + f.norm() + loads.symphysis_force_n;
    const double moment_scale = wrench_P[side].head<3>().norm() + m.norm() + joint[side].p_P.norm() * force_scale;
    if (force_scale > 0) loads.residual = std::max(loads.residual, force.norm() / force_scale);
    if (moment_scale > 0) loads.residual = std::max(loads.residual, moment.norm() / moment_scale);
  }
  return loads;
}

}  // namespace hipspine
