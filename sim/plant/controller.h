#pragma once
/// Whole-body controller: at every tick one quadratic program finds the joint moments that follow the solved cycle and
/// keep balance on the feet.
///
///   unknowns  x = (joint moments of hips, knees, ankles, lumbar levels; forces of the loaded spheres on the edges of
///             their friction pyramids; residual at the pelvis)
///   qdd = M^-1 (S tau + J'f + S_b r + tau_passive - h)
///   min  sum_i w_i |A_i qdd + adot_i - a*_i|^2 + effort |tau/tau_max|^2 + contact |f/300 N|^2 + price |r/BW|^2
///   with tau, f and r in their bounds;   a* = a_ref + kp e + 2 sqrt(kp) edot
/// Tasks: joints, orientation of pelvis and thorax, centre of mass, loaded spheres at rest, orientation of the standing
/// foot, place and orientation of the swinging foot. The swinging foot is placed by the error of the capture point
/// xi = c + cdot / sqrt(g/h). The motion is carried along in the ground plane: at every touchdown to where the foot
/// really stands.
#include <array>
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/mechanics/kinematics.h"
#include "sim/plant/box_qp.h"
#include "sim/plant/foot_contact.h"
#include "sim/plant/passive_torque.h"
#include "sim/plant/reference_motion.h"

namespace hipspine {

/// Everything that was found by search: models/controller.toml.
struct ControllerGains {
  double tick_s = 0.002;
  double joints_w = 0.1, joints_kp = 180;
  double pelvis_w = 4, pelvis_kp = 45;
  double thorax_w = 1.2, thorax_kp = 118;
  double com_w = 24, com_kp = 15, com_kd = 11.7;
  double height_w = 10, height_kp = 80;
  double loaded_w = 10, loaded_kd = 20;
  double stance_foot_w = 0.11, stance_foot_kp = 159;
  double swing_w = 13, swing_kp = 442;
  double swing_turn_w = 0.5, swing_turn_kp = 300;
  double effort = 1.03, contact = 0.021;
  double step_gain = 0.96, step_growth = 0.4, lane_gain = 0.17;
  double residual_price = 1e5, residual_limit = 0.01;  ///< of body weight
};

/// Reads `folder`/controller.toml. Findings go to `diagnostics`.
ControllerGains load_controller(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// Result of one tick.
struct ControlTick {
  CoordVec tau;       ///< (n_coord) wanted joint moments, passive ones not included; zero at the pelvis
  CoordVec residual;  ///< (n_coord) generalised force at the pelvis, zero elsewhere
  Vec3 residual_force_n, residual_moment_nm;
  double capture_error_m = 0;  ///< of the capture point
  bool converged = true;
  CoordVec q_ref, v_ref;  ///< the motion as carried along
};

class Controller {
 public:
  Controller(const Model& model, const PassiveTorque& passive, ControllerGains gains);
  void set_motion(const CycleMotion& motion) { motion_ = &motion; }
  void set_residual_limit(double of_body_weight) { gains_.residual_limit = of_body_weight; }
  [[nodiscard]] const ControllerGains& gains() const { return gains_; }

  /// Starts at a phase of the motion, with the motion where it is planned.
  void start(double phase);
  /// One tick at phase (cycles). `kin` has position and velocity of (q, v).
  void tick(double phase, const CoordVec& q, const CoordVec& v, Kinematics& kin,
            const std::array<ContactForce, kSpheres>& contact, ControlTick& out);
  [[nodiscard]] bool foot_down(int side) const { return foot_[side].down; }

 private:
  struct FootState {
    bool down = true;      ///< may carry load
    bool touched = false;  ///< since it was last in the air
    double at_touch = 0;   ///< phase
  };
  void add_rows(const Eigen::Ref<const Eigen::MatrixXd>& A, const Eigen::Ref<const Eigen::VectorXd>& target,
                double weight);
  void angular_task(int link, const Mat3& R_ref, const Vec3& w_ref, const Vec3& alpha_ref, double weight, double kp);
  void schedule(double phase, const std::array<ContactForce, kSpheres>& contact);

  const Model& model_;
  const PassiveTorque& passive_;
  ControllerGains gains_;
  std::array<ContactSphere, kSpheres> spheres_;
  const CycleMotion* motion_ = nullptr;
  std::array<FootState, 2> foot_;
  Vec3 offset_G_ = Vec3::Zero(), offset_from_G_ = Vec3::Zero(), offset_to_G_ = Vec3::Zero();
  double offset_phase_ = 0;
  std::vector<int> actuated_;
  Eigen::VectorXd tau_max_;
  int pelvis_link_, thorax_link_;
  Kinematics ref_;
  CoordVec a_ref_, tau_passive_;
  Kinematics bias_;
  CoordMat M_, Minv_;
  Eigen::MatrixXd B_;     // (n_coord x unknowns) accelerations by unknowns
  Eigen::VectorXd free_;  // accelerations without them
  Eigen::MatrixXd G_, A_;
  Eigen::VectorXd target_, weight_;
  Eigen::Index rows_ = 0;
  Eigen::MatrixXd H_;
  Eigen::VectorXd c_, low_, high_, x_;
  BoxQp qp_;
  std::array<Eigen::Vector4d, kSpheres> last_lambda_;
  Eigen::VectorXd last_tau_;
};

}  // namespace hipspine
