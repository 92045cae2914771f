#pragma once
/// Compliant contact of the feet with level ground: spheres under heel and forefoot, unilateral, with friction.
///
/// Sphere of radius r, centre c in the foot: depth d = r - c_y, contact point p = (c_x, 0, c_z).
///   normal      f_n = K d (1 - g v_y), not below 0                                          (Hunt and Crossley)
///   tangential  f_t = -k_t (p - anchor) - c_t v_t, |f_t| <= mu f_n; beyond, the anchor slides along with the point
/// v is the velocity of the foot at the contact point. The anchor moves by (v_centre - v)_t dt, so that rolling stores
/// nothing. Damping: underdamped contact rings at tens of hertz and throws a controller that expects force at once.
#include <array>
#include <vector>

#include "sim/mechanics/kinematics.h"

namespace hipspine {

inline constexpr int kFootSpheres = 4;  ///< per foot: outer and inner heel, ball of the first and of the fifth toe
inline constexpr int kHeelSpheres = 2;  ///< the first of them
inline constexpr int kSpheres = 2 * kFootSpheres;

struct ContactLaw {
  double stiffness_n_m = 7.7e4;        ///< chosen: 3 mm under a third of body weight
  double damping_s_m = 4.6;            ///< chosen: damped enough for a controller, needs steps of 0.25 ms
  double tangent_n_m = 5e4;            ///< chosen
  double tangent_damping_n_s_m = 690;  ///< chosen
  double friction = 0.8;               ///< chosen: shoe on a dry floor
};

struct ContactSphere {
  int link = -1;
  Vec3 centre_L = Vec3::Zero();
  double radius_m = 0;
};

/// The spheres of both feet, right first, from the model's sole points: each reaches a little below the sole, as
/// far as it is pressed in where a flat foot carries the body.
[[nodiscard]] std::array<ContactSphere, kSpheres> contact_spheres(const Model& model);

/// One sphere now.
struct ContactForce {
  Vec3 p_G = Vec3::Zero();      ///< contact point, on the ground
  Vec3 force_n = Vec3::Zero();  ///< of the ground on the foot
  double gap_m = 0;             ///< from the ground, negative = pressed in
  double slid_m = 0;            ///< how far it has slid since it touched
};

/// Contact with its memory (the friction anchors): part of the state.
class FootContact {
 public:
  FootContact() = default;
  explicit FootContact(const Model& model, ContactLaw law = {});
  /// Forces at a state whose position and velocity are in `kin`; moves the anchors by dt.
  const std::array<ContactForce, kSpheres>& update(const Kinematics& kin, double dt_s);
  [[nodiscard]] const std::array<ContactForce, kSpheres>& forces() const { return forces_; }
  [[nodiscard]] const std::array<ContactSphere, kSpheres>& spheres() const { return spheres_; }

 private:
  ContactLaw law_;
  std::array<ContactSphere, kSpheres> spheres_;
  std::array<ContactForce, kSpheres> forces_;
  std::array<Vec3, kSpheres> anchor_;
  std::array<bool, kSpheres> touching_{};
};

}  // namespace hipspine
