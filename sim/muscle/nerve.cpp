// Length = sum of |p_i+1 - p_i| over the points in ground. The left side's points are the right ones mirrored (z ->
// -z). Foramen: |t + R u - l| / |u - l|, u and l the pedicles' edges in the disc's frame D, R = Rz(FE) Rx(LB) Ry(AR).
#include "sim/muscle/nerve.h"

#include "sim/core/document.h"
#include "sim/core/units.h"

namespace hipspine {

NervePath load_nerve(const std::filesystem::path& folder, const Model& model, Diagnostics& diagnostics) {
  const Document document = Document::load(folder / "nerve.toml", diagnostics);
  Table root = document.root();
  root.texts("source");
  NervePath nerve;
  constexpr Range kFromJoint_mm{-300, 300};
  const double scale = 1e-3 * model.length_scale;
  Table t = root.table("sciatic");
  const auto mm = [&](const char* key) { return Vec3(scale * t.vec3(key, kFromJoint_mm)); };
  const Vec3 foramen = mm("foramen_mm"), notch = mm("notch_mm"), hip = mm("behind_hip_mm"),
             thigh_upper = mm("thigh_upper_mm"), thigh_lower = mm("thigh_lower_mm"), shank = mm("shank_upper_mm"),
             ankle = mm("ankle_mm");
  t.finish();
  Table f = root.table("foramen");
  nerve.foramen_upper_D = scale * f.vec3("upper_mm", kFromJoint_mm);
  nerve.foramen_lower_D = scale * f.vec3("lower_mm", kFromJoint_mm);
  f.finish();
  root.finish();

  // Upright, all links of a leg stand with their axes along the ground's: offsets from a joint's centre are the same in
  // every frame there.
  Kinematics kin;
  update_position(model, CoordVec::Zero(model.n_coord()), kin);
  for (int side : {kRight, kLeft}) {
    const Leg& leg = model.legs[side];
    const auto mirrored = [&](Vec3 p) {
      if (side == kLeft) p.z() = -p.z();
      return p;
    };
    const auto on = [&](int link, const Vec3& joint_G, const Vec3& offset) {
      return NervePath::Point{link, kin.X_GL[link].inverse() * Vec3(joint_G + mirrored(offset))};
    };
    const Level& lowest = model.levels.front();
    const Vec3 hip_G = kin.X_GL[leg.hip_flexion].p, knee_G = kin.X_GL[leg.knee].p, ankle_G = kin.X_GL[leg.ankle].p;
    const int pelvis = model.bodies[model.body("pelvis")].link, thigh = leg.hip_rotation;
    const Vec3 disc_G = (kin.X_GL[lowest.lower_link] * lowest.X_LD).p;
    nerve.point[side] = {
        on(lowest.lower_link, disc_G, foramen), on(pelvis, hip_G, notch),       on(pelvis, hip_G, hip),
        on(thigh, hip_G, thigh_upper),          on(thigh, knee_G, thigh_lower), on(leg.knee, knee_G, shank),
        on(leg.subtalar, ankle_G, ankle)};
    nerve.upright_m[side] = nerve_length_m(nerve, side, kin);
  }
  return nerve;
}

double nerve_length_m(const NervePath& nerve, int side, const Kinematics& kin) {
  double length = 0;
  const auto& points = nerve.point[side];
  Vec3 before = point_G(kin, points[0].link, points[0].p_L);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Vec3 here = point_G(kin, points[i].link, points[i].p_L);
    length += (here - before).norm();
    before = here;
  }
  return length;
}

double foramen_opening(const NervePath& nerve, int side, const Vec3& rotation_rad, const Vec3& translation_m) {
  Vec3 upper = nerve.foramen_upper_D, lower = nerve.foramen_lower_D;
  if (side == kLeft) upper.z() = -upper.z(), lower.z() = -lower.z();
  const Mat3 R = rotation(Vec3::UnitZ(), rotation_rad[0]) * rotation(Vec3::UnitX(), rotation_rad[1]) *
                 rotation(Vec3::UnitY(), rotation_rad[2]);
  return (translation_m + R * upper - lower).norm() / (upper - lower).norm();
}

}  // namespace hipspine
