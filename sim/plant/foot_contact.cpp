/// Hunt-Crossley spheres with anchored friction; equations in foot_contact.h.
#include "sim/plant/foot_contact.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

// chosen: as a heel and the ball with its toes are round, seen from the side. Around a smaller ball the foot is off the
// ground too early in push-off, the body sinks by centimetres a second and the other foot lands too hard.
constexpr double kHeelRadius_m = 0.035, kBallRadius_m = 0.030;
constexpr double kHeelForward_m = 0.010;  // chosen: round as it is, the heel lands with the sole's heel point at 30 deg
constexpr double kSink_m = 0.0025;        // chosen: what the pad gives under half of body weight on two spheres
constexpr double kHeelHalfWidth_m = 0.020;  // chosen: as the plan's support patch

}  // namespace

std::array<ContactSphere, kSpheres> contact_spheres(const Model& model) {
  std::array<ContactSphere, kSpheres> out;
  const double s = model.length_scale;
  for (int side : {kRight, kLeft}) {
    const Foot& foot = model.feet[side];
    const Vec3 across = (side == kRight ? 1 : -1) * kHeelHalfWidth_m * s * Vec3::UnitZ(),
               heel = foot.sole_L[0] + kHeelForward_m * s * Vec3::UnitX();
    const Vec3 at[kFootSpheres] = {heel + across, heel - across, foot.sole_L[1], foot.sole_L[2]};
    for (int k = 0; k < kFootSpheres; ++k) {
      const double r = s * (k < kHeelSpheres ? kHeelRadius_m : kBallRadius_m);
      out[side * kFootSpheres + k] = {foot.link, at[k] + (r - kSink_m) * Vec3::UnitY(), r};
    }
  }
  return out;
}

FootContact::FootContact(const Model& model, ContactLaw law) : law_(law), spheres_(contact_spheres(model)) {}

const std::array<ContactForce, kSpheres>& FootContact::update(const Kinematics& kin, double dt_s) {
  for (int i = 0; i < kSpheres; ++i) {
    const ContactSphere& s = spheres_[i];
    ContactForce& f = forces_[i];
    const Vec3 centre = kin.X_GL[s.link] * s.centre_L;
    f.p_G = Vec3(centre.x(), 0, centre.z());
    f.gap_m = centre.y() - s.radius_m;
    f.force_n.setZero();
    if (f.gap_m >= 0) {
      touching_[i] = false;
      continue;
    }
    const Vec6& V = kin.V_G[s.link];
    const Vec3 v = V.tail<3>() + V.head<3>().cross(f.p_G), v_centre = V.tail<3>() + V.head<3>().cross(centre);
    if (!touching_[i]) {
      touching_[i] = true;
      anchor_[i] = f.p_G;
      f.slid_m = 0;
    }
    anchor_[i].x() += (v_centre.x() - v.x()) * dt_s;
    anchor_[i].z() += (v_centre.z() - v.z()) * dt_s;
    const double normal = std::max(0.0, -law_.stiffness_n_m * f.gap_m * (1 - law_.damping_s_m * v.y()));
    Vec3 tangent = -law_.tangent_n_m * (f.p_G - anchor_[i]) - law_.tangent_damping_n_s_m * Vec3(v.x(), 0, v.z());
    tangent.y() = 0;
    const double most = law_.friction * normal, size = tangent.norm();
    if (size > most) {
      tangent *= most / size;
      // The spring alone then holds what friction can: the point slides, the anchor comes along.
      Vec3 anchor = f.p_G + tangent / law_.tangent_n_m;
      anchor.y() = 0;
      f.slid_m += (anchor - anchor_[i]).norm();
      anchor_[i] = anchor;
    }
    f.force_n = tangent + normal * Vec3::UnitY();
  }
  return forces_;
}

}  // namespace hipspine
