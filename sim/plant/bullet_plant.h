#pragma once
/// The body as a double-precision btMultiBody, driven by direct calls: forward dynamics and time stepping. This room
/// alone knows Bullet.
///
/// The state is the model's own (q, v), so everything written for it (kinematics, inverse dynamics, muscles) reads the
/// plant directly. Inside, the first six coordinates are Bullet's floating base and three axes through one point are
/// one ball joint: half the links and half the work of one link per axis. Like the model's own coordinates, a ball
/// has no inverse where its middle axis stands at +-90 deg.
#include <memory>

#include "sim/model/model.h"

namespace hipspine {

/// State of the plant; copy it to save and restore.
struct PlantState {
  CoordVec q, v;  ///< (n_coord) [rad, m], [rad/s, m/s]
  double time_s = 0;
};

/// Not for sharing between threads.
class BulletPlant {
 public:
  /// Demands that the model's first six coordinates are three slides and three turns through one point, and that
  /// nothing else stands on the ground.
  explicit BulletPlant(const Model& model);
  ~BulletPlant();
  BulletPlant(BulletPlant&&) noexcept;

  [[nodiscard]] const PlantState& state() const { return state_; }
  void set_state(const PlantState& state) { state_ = state; }
  /// Gravity along -y [m/s^2].
  void set_gravity(double gravity_m_s2) { gravity_m_s2_ = gravity_m_s2; }

  /// Accelerations (n_coord) at the present state under generalised forces and gravity. A force f at a point with
  /// Jacobian J is the generalised force J'f: the base is made of coordinates like any other joint.
  const CoordVec& accelerations(const CoordVec& tau);
  /// One semi-implicit step: v += a dt, then q += v dt. Bitwise repeatable.
  void step(const CoordVec& tau, double dt_s);

  // The following belong to the state of the last `accelerations` call.

  /// Pose of a link's frame in ground. Demands a link that carries mass or ends its joint.
  [[nodiscard]] Transform link_pose(int link) const;
  /// Column i of the inverse mass matrix (n_coord).
  [[nodiscard]] CoordVec inverse_mass_column(int i) const;
  /// Row (n_coord) of the Jacobian of a point of a link along a ground direction; links as in `link_pose`.
  [[nodiscard]] CoordVec jacobian_row(int link, const Vec3& p_G, const Vec3& direction_G) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  PlantState state_;
  double gravity_m_s2_;
};

}  // namespace hipspine
