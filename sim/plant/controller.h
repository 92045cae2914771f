#pragma once
/// The whole-body controller: which muscles to excite, so that the body follows a planned motion and keeps its balance.
///
/// Every tick one bounded quadratic program (core/bounded_program) over activations a, forces f at the loaded spheres
/// and a bounded residual r at the pelvis, the joint accelerations qdd eliminated:
///   M qdd + h = tau_passive + P a + J' f + r
///   min  sum_i w_i |A_i qdd + bias_i - a_i*|^2 + effort |a - a_plan|^2 + steady |a - a_plan - (a - a_plan)_before|^2
///   + contact |f - f_plan|^2 / (300 N)^2 + steady_contact |f - f_now|^2 / (300 N)^2 + price |r|^2
///   with a within what activation dynamics lets its mean over the horizon reach, f in the friction pyramid of its
///   sphere, r in its bound;  a_i* = a_ref + kp e + 2 sqrt(kp) edot, a_ref and plan half a horizon ahead
/// The horizon (some 20 ms) is longer than a tick: what 5 ms allow a muscle is so little that every tick would drive it
/// from one bound to the other.
/// Tasks: joints, orientation of pelvis and thorax, centre of mass, loaded spheres at rest, orientation of the standing
/// foot, place and orientation of the swinging foot. The swinging foot is placed by the error of the capture point
/// xi = c + cdot / sqrt(g/h) [pratt2006, hof2008]. The motion is carried along in the ground plane: at every touchdown
/// to where the foot really stands, sideways to the middle between the last two feet. So carried it has no lane of its
/// own: the foot is set further out on the side that it has drifted to, and the body falls back. There are no joint
/// motors.
#include <array>

#include "sim/core/bounded_program.h"
#include "sim/mechanics/inverse_dynamics.h"
#include "sim/plant/controller_gains.h"
#include "sim/plant/foot_contact.h"
#include "sim/plant/passive_torque.h"
#include "sim/plant/reference_motion.h"

namespace hipspine {

/// The bound on moments at the pelvis is that on forces times this; chosen: a body height.
inline constexpr double kResidualArm_m = 1.7;

/// What muscles can do in this tick. Geometry and Hill curves live in a sibling room: the caller fills this.
struct MuscleDrive {
  Eigen::MatrixXd pull;  ///< (n_coord x muscles) generalised force at full activation [N·m]
  /// (3 x muscles) whether a muscle acts on the right leg, the left leg, the lumbar levels
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> crosses;
  Eigen::MatrixXd
      damping;       ///< (n_coord x n_coord) how forces of active muscles fall with velocity [N·m·s]; lower triangle
  CoordVec passive;  ///< (n_coord) generalised force of tight muscles [N·m]
  Eigen::VectorXd low, high;  ///< (muscles) mean activation that can be reached over the horizon
};

/// Result of one tick.
struct ControlTick {
  Eigen::VectorXd activation;    ///< (muscles) wanted mean over the horizon
  Vec6 residual = Vec6::Zero();  ///< generalised forces at the six pelvis coordinates [N; N·m]
  Eigen::VectorXd reserve_nm;    ///< joints without muscles, in the order of PassiveTorque::muscleless [N·m]
  double capture_error_m = 0;    ///< of the capture point
  bool converged = true;
  int iterations = 0;
  CoordVec q_ref, v_ref;  ///< the motion as carried along
};

/// What the controller remembers; copy it to save and restore.
struct ControllerState {
  struct Foot {
    bool down = true;      ///< may carry load
    bool touched = false;  ///< since it was last in the air
  };
  std::array<Foot, 2> foot;
  int touchdowns = 0;  ///< of either foot since the start
  /// Where the motion is carried along: offset in the ground plane, fading from one value to the next since a phase.
  Vec3 offset_G = Vec3::Zero(), offset_from_G = Vec3::Zero(), offset_to_G = Vec3::Zero();
  double offset_phase = 0;
  double stride_m = 0;        ///< of the motion at the last tick
  double aside_m = 0;         ///< of the last footfall from where the motion has it, to the right
  Eigen::VectorXd departure;  ///< (muscles) of the last activations from the plan; empty at the start
};

class Controller {
 public:
  Controller(const Model& model, const PassiveTorque& passive, const ControllerGains& gains);
  /// The motion followed from now on; it must outlive its use.
  void set_motion(const CycleMotion& motion) { motion_ = &motion; }
  void set_gains(const ControllerGains& gains) { gains_ = gains; }
  void set_gravity(double gravity_m_s2) { gravity_m_s2_ = gravity_m_s2; }
  [[nodiscard]] const ControllerGains& gains() const { return gains_; }

  /// Starts at a phase of the motion, with the motion where it is planned.
  void start(double phase);
  /// One tick at phase (cycles). `kin` has position and velocity of (q, v); its acceleration is overwritten.
  void tick(double phase, const CoordVec& q, const CoordVec& v, Kinematics& kin,
            const std::array<ContactForce, kSpheres>& contact, const MuscleDrive& drive, ControlTick& out);
  [[nodiscard]] const ControllerState& state() const { return state_; }
  void restore(const ControllerState& state) { state_ = state; }

 private:
  void schedule(double phase, const std::array<ContactForce, kSpheres>& contact);
  void add_rows(const Eigen::Ref<const Eigen::MatrixXd>& A, const Eigen::Ref<const Eigen::VectorXd>& target,
                double weight);
  void angular_task(int link, double weight, double kp);
  void tasks(double phase, const CoordVec& q, const CoordVec& v, ControlTick& out);
  void group_muscles(const MuscleDrive& drive);
  void unknowns(double phase, const std::array<ContactForce, kSpheres>& contact, const MuscleDrive& drive);

  const Model& model_;
  const PassiveTorque& passive_;
  ControllerGains gains_;
  double gravity_m_s2_;
  std::array<ContactSphere, kSpheres> spheres_;
  const CycleMotion* motion_ = nullptr;
  ControllerState state_;
  ColumnOrder muscles_;  // muscle of each unknown
  int pelvis_link_, thorax_link_;
  Kinematics ref_, here_;
  CoordVec a_ref_, q_ahead_, v_ahead_, a_now_, q_known_, v_known_, tau_passive_;
  InverseDynamics bias_;
  CoordMat M_;
  std::array<int, kSpheres> column_;  // of a usable sphere's first edge, or -1
  std::array<Eigen::Matrix<double, 3, Eigen::Dynamic, 0, 3, kMaxCoord>, kSpheres> jacobian_;
  std::array<Vec3, kSpheres> sphere_wanted_;
  Eigen::MatrixXd A_, one_;  // task rows over the root of their price; scratch
  Eigen::VectorXd target_;
  Eigen::Index rows_ = 0;
  int residuals_ = 0;
  Eigen::MatrixXd Q_, Z_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
  Eigen::VectorXd wanted_, x_;
  BoundedProblem problem_;
  BoundedProgram solver_;
};

}  // namespace hipspine
