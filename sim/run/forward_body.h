#pragma once
/// The body simulated: Bullet's multibody under gravity, held up by its muscles and the ground, its muscles excited by
/// the whole-body controller that follows a solved cycle. One object is one running simulation.
#include <memory>

#include "sim/muscle/muscle_path.h"
#include "sim/plant/bullet_plant.h"
#include "sim/plant/controller.h"
#include "sim/run/frame_loads.h"

namespace hipspine {

/// A solved cycle as something to follow.
[[nodiscard]] CycleMotion motion_of(const CycleResult& result);
/// Plans blended: (1 - part) a + part b, of the same person and task.
[[nodiscard]] CycleMotion blended(const CycleMotion& a, const CycleMotion& b, double part);

/// What the body has and its controller does not know, as factors on the model: a body is never quite its model.
struct ForwardMismatch {
  double mass = 1, strength = 1;
};

/// Everything that moves on in time. Copy it to save and restore: the continuation is the same, bit for bit.
struct ForwardState {
  ControllerState controller;
  PlantState plant;
  FootContact contact;
  Eigen::VectorXd activation;  ///< (muscles)
  double phase = 0;            ///< cycles since the motion's right heel strike
};

/// What happened in the last tick.
struct ForwardTick {
  ControlTick control;
  Eigen::VectorXd activation;    ///< (muscles) mean over the tick
  Eigen::VectorXd force_n;       ///< (muscles) mean over the tick
  CoordVec q, v, a;              ///< (n_coord) mean over the tick
  std::array<Vec6, 2> ground_G;  ///< mean wrench on each foot about the ground origin [N·m; N]
  double phase = 0;              ///< at the middle of the tick
};

class ForwardBody {
 public:
  /// @param loads  outlives this object
  ForwardBody(const LoadModel& loads, const ControllerGains& gains, const ForwardMismatch& mismatch = {});
  ~ForwardBody();

  /// Puts the body into the motion's state at `phase` (cycles).
  void start(const CycleMotion& motion, double phase);
  /// Disturbs the present state by chance, drawn from `seed`: angles by 1 deg, rates by 5 deg/s, speed by 3 cm/s (sd).
  void disturb(unsigned seed);
  /// Follows another motion from now on, at the same phase.
  void follow(const CycleMotion& motion);
  /// Hip limits from now on (the plan is the caller's business).
  void set_limits(const std::array<HipLimits, 2>& limits);
  void set_gravity(double gravity_m_s2);
  /// Strength of each muscle from now on as a factor on the model's (muscles).
  void set_strength(const Eigen::VectorXd& factor);
  /// A force at the pelvis' origin from now on [N], in ground; zero ends it.
  void push(const Vec3& force_G) { push_G_ = force_G; }
  void set_gains(const ControllerGains& gains);

  /// One controller tick.
  const ForwardTick& tick();
  [[nodiscard]] const ForwardState& state() const { return state_; }
  /// Goes on from a state that this body, or one of the same person with the same motion, was in.
  void restore(const ForwardState& state);
  [[nodiscard]] const CycleMotion& motion() const { return *motion_; }
  [[nodiscard]] double tick_s() const;
  /// Lying, flying or far from where the plan is: it will not come back.
  [[nodiscard]] bool fallen() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  ForwardState state_;
  ForwardTick tick_;
  const CycleMotion* motion_ = nullptr;
  Vec3 push_G_ = Vec3::Zero();
};

}  // namespace hipspine
