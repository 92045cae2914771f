#pragma once
/// Vectors, rotations and spatial vectors of four states side by side: one register holds one component of all four.
/// The arithmetic of frames.h without its shuffling between registers.
#include <array>

#include "sim/core/four_wide.h"
#include "sim/core/frames.h"

namespace hipspine {

/// Four vectors; component k of vector `lane` is c[k][lane].
struct LaneVec3 {
  Lane c[3];
  [[nodiscard]] static LaneVec3 zero() { return {{no_lane(), no_lane(), no_lane()}}; }
  [[nodiscard]] static LaneVec3 all(const Vec3& v) { return {{all_lanes(v[0]), all_lanes(v[1]), all_lanes(v[2])}}; }
  [[nodiscard]] Vec3 of(int lane) const { return {c[0][lane], c[1][lane], c[2][lane]}; }
};

[[nodiscard]] inline LaneVec3 operator+(const LaneVec3& a, const LaneVec3& b) {
  return {{a.c[0] + b.c[0], a.c[1] + b.c[1], a.c[2] + b.c[2]}};
}
[[nodiscard]] inline LaneVec3 operator-(const LaneVec3& a, const LaneVec3& b) {
  return {{a.c[0] - b.c[0], a.c[1] - b.c[1], a.c[2] - b.c[2]}};
}
inline LaneVec3& operator+=(LaneVec3& a, const LaneVec3& b) { return a = a + b; }
[[nodiscard]] inline LaneVec3 operator*(const Lane& s, const LaneVec3& a) {
  return {{s * a.c[0], s * a.c[1], s * a.c[2]}};
}
/// a + s b
[[nodiscard]] inline LaneVec3 fused(const LaneVec3& a, const Lane& s, const LaneVec3& b) {
  return {{fused(a.c[0], s, b.c[0]), fused(a.c[1], s, b.c[1]), fused(a.c[2], s, b.c[2])}};
}
[[nodiscard]] inline Lane dot(const LaneVec3& a, const LaneVec3& b) {
  return fused(fused(a.c[0] * b.c[0], a.c[1], b.c[1]), a.c[2], b.c[2]);
}
[[nodiscard]] inline LaneVec3 cross(const LaneVec3& a, const LaneVec3& b) {
  return {{a.c[1] * b.c[2] - a.c[2] * b.c[1], a.c[2] * b.c[0] - a.c[0] * b.c[2], a.c[0] * b.c[1] - a.c[1] * b.c[0]}};
}

/// Four matrices, by columns.
struct LaneMat3 {
  std::array<LaneVec3, 3> col;
  [[nodiscard]] static LaneMat3 identity() {
    return {{LaneVec3::all(Vec3::UnitX()), LaneVec3::all(Vec3::UnitY()), LaneVec3::all(Vec3::UnitZ())}};
  }
  [[nodiscard]] Mat3 of(int lane) const {
    Mat3 m;
    for (int k = 0; k < 3; ++k) m.col(k) = col[k].of(lane);
    return m;
  }
};

[[nodiscard]] inline LaneVec3 operator*(const LaneMat3& m, const LaneVec3& v) {
  return fused(fused(v.c[0] * m.col[0], v.c[1], m.col[1]), v.c[2], m.col[2]);
}
[[nodiscard]] inline LaneVec3 operator*(const LaneMat3& m, const Vec3& v) { return m * LaneVec3::all(v); }
[[nodiscard]] inline LaneMat3 operator*(const LaneMat3& m, const Mat3& n) {
  return {{m * Vec3(n.col(0)), m * Vec3(n.col(1)), m * Vec3(n.col(2))}};
}
/// m' v
[[nodiscard]] inline LaneVec3 transposed_times(const LaneMat3& m, const LaneVec3& v) {
  return {{dot(m.col[0], v), dot(m.col[1], v), dot(m.col[2], v)}};
}

/// Four spatial vectors: motions [turning; sliding] or wrenches [moment; force].
struct LaneVec6 {
  LaneVec3 head, tail;
  [[nodiscard]] static LaneVec6 zero() { return {LaneVec3::zero(), LaneVec3::zero()}; }
  [[nodiscard]] Vec6 of(int lane) const { return (Vec6() << head.of(lane), tail.of(lane)).finished(); }
  /// Adds to one of the four.
  void add(int lane, const Vec6& v) {
    for (int k = 0; k < 3; ++k) head.c[k][lane] += v[k], tail.c[k][lane] += v[3 + k];
  }
};

[[nodiscard]] inline LaneVec6 operator+(const LaneVec6& a, const LaneVec6& b) {
  return {a.head + b.head, a.tail + b.tail};
}
[[nodiscard]] inline LaneVec6 operator-(const LaneVec6& a, const LaneVec6& b) {
  return {a.head - b.head, a.tail - b.tail};
}
inline LaneVec6& operator+=(LaneVec6& a, const LaneVec6& b) { return a = a + b; }
/// a + s b
[[nodiscard]] inline LaneVec6 fused(const LaneVec6& a, const Lane& s, const LaneVec6& b) {
  return {fused(a.head, s, b.head), fused(a.tail, s, b.tail)};
}
[[nodiscard]] inline Lane dot(const LaneVec6& a, const LaneVec6& b) {
  return dot(a.head, b.head) + dot(a.tail, b.tail);
}
/// v × m, as cross_motion of frames.h.
[[nodiscard]] inline LaneVec6 cross_motion(const LaneVec6& v, const LaneVec6& m) {
  return {cross(v.head, m.head), cross(v.head, m.tail) + cross(v.tail, m.head)};
}

}  // namespace hipspine
