#pragma once
/// Vectors, rotations, rigid transforms and spatial (six-number) vectors.
///
/// Frames follow ISB: x forward, y up, z to the right, right-handed. A vector that crosses a room names its frame as
/// the last part of its name: `p_PelvisHipR_G` is the point HipR seen from the pelvis origin, components in G (ground).
/// A spatial motion vector is [angular; linear velocity of the body-fixed point now at the ground origin]; a spatial
/// force vector (wrench) is [moment about the ground origin; force]. With both at one common point, the coordinate
/// transforms of Featherstone's algorithms become identities and sums over bodies are plain sums.
#include <Eigen/Core>
#include <Eigen/Geometry>

namespace hipspine {

using Vec3 = Eigen::Vector3d;
using Mat3 = Eigen::Matrix3d;
using Vec6 = Eigen::Matrix<double, 6, 1>;
using Mat6 = Eigen::Matrix<double, 6, 6>;

/// Pose of frame B in frame A: a point with coordinates p in B has coordinates R·p + p in A.
struct Transform {
  Mat3 R = Mat3::Identity();
  Vec3 p = Vec3::Zero();
  [[nodiscard]] Vec3 operator*(const Vec3& point) const { return R * point + p; }
  [[nodiscard]] Transform operator*(const Transform& o) const { return {R * o.R, R * o.p + p}; }
  [[nodiscard]] Transform inverse() const { return {R.transpose(), -(R.transpose() * p)}; }
};

/// Matrix [v]x with [v]x w = v × w.
[[nodiscard]] inline Mat3 skew(const Vec3& v) {
  Mat3 m;
  m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return m;
}

/// Rotation by `angle_rad` about the unit vector `axis` (right hand rule).
[[nodiscard]] inline Mat3 rotation(const Vec3& axis, double angle_rad) {
  return Eigen::AngleAxisd(angle_rad, axis).toRotationMatrix();
}

/// Body-fixed x-y-z rotation (the orientation convention of the published model tables): R = Rx·Ry·Rz, angles [rad].
[[nodiscard]] inline Mat3 rotation_xyz(const Vec3& xyz_rad) {
  return rotation(Vec3::UnitX(), xyz_rad.x()) * rotation(Vec3::UnitY(), xyz_rad.y()) *
         rotation(Vec3::UnitZ(), xyz_rad.z());
}

/// Spatial cross product of motion vectors: v × m.
[[nodiscard]] inline Vec6 cross_motion(const Vec6& v, const Vec6& m) {
  Vec6 r;
  r.head<3>() = v.head<3>().cross(m.head<3>());
  r.tail<3>() = v.head<3>().cross(m.tail<3>()) + v.tail<3>().cross(m.head<3>());
  return r;
}

/// Spatial cross product of a motion and a force vector: v ×* f.
[[nodiscard]] inline Vec6 cross_force(const Vec6& v, const Vec6& f) {
  Vec6 r;
  r.head<3>() = v.head<3>().cross(f.head<3>()) + v.tail<3>().cross(f.tail<3>());
  r.tail<3>() = v.head<3>().cross(f.tail<3>());
  return r;
}

}  // namespace hipspine
