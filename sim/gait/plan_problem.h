#pragma once
/// The objective of one periodic cycle: value, gradient and Hessian over all Fourier coefficients and globals.
/// What it pays for, in squared sigmas averaged over the cycle, is listed in plan_problem.cpp.
#include <array>
#include <vector>

#include "sim/gait/contact_cone.h"
#include "sim/gait/harmonic_assembly.h"
#include "sim/gait/normal_gait.h"
#include "sim/gait/strategy.h"
#include "sim/mechanics/four_bodies.h"
#include "sim/mechanics/total_wrench.h"
#include "sim/model/model.h"
#include "sim/model/pain_law.h"
#include "sim/model/scenario.h"
#include "sim/tissue/hip_passive.h"
#include "sim/tissue/segment.h"

namespace hipspine {

/// Unknowns of a plan.
struct PlanState {
  Coefficients c = Coefficients::Zero();
  PlanGlobals g = PlanGlobals::Zero();
};

/// What the plan is drawn towards: the reference gait in stage A, this person's healthy plan in stage B.
struct PlanTargets {
  PlanState posture;
  double stride_m = 0;
  double speed_m_s = 0;
  std::array<Mat3, kNodes> R_thorax_G;                          ///< thorax in space
  std::array<std::array<std::array<Vec3, 3>, 2>, kNodes> sole;  ///< sole points in the moving frame, per side
  std::array<std::array<double, kNodes>, 2> adduction_rad{};    ///< of this person with strong hips; for weak ones
  std::array<Vec3, kNodes> force_n;                             ///< ground force of both feet together
};

/// A muscle that is too short, as an extra passive force along a quadratic of the hip's and trunk's posture
/// (fitted to its path): l = length_m + arm·dz + dz'·curve·dz/2, dz = z - z0.
struct TightMuscle {
  ReducedVec z0 = ReducedVec::Zero();
  double length_m = 0;
  ReducedVec slope = ReducedVec::Zero();  ///< dl/dz [m/rad]
  Eigen::Matrix<double, kReduced, kReduced> curve = Eigen::Matrix<double, kReduced, kReduced>::Zero();
  double slack_m = 0;     ///< extra force starts at this length
  double scale_m = 0.01;  ///< length over which it grows by e
  double force_n = 0;     ///< F = force_n (e^x - 1 - x), x = (l - slack)/scale, beyond slack
};

struct PlanCosts {
  static constexpr int kCount = 13;
  static constexpr std::array<const char*, kCount> kName{"feet in stance",
                                                         "feet in swing",
                                                         "thorax upright",
                                                         "hip end range",
                                                         "lumbar moment",
                                                         "posture",
                                                         "stride and speed",
                                                         "ground force",
                                                         "dynamics",
                                                         "tight muscle",
                                                         "lost strength",
                                                         "trunk effort",
                                                         "pain"};
  std::array<double, kCount> value{};
  [[nodiscard]] double sum() const;
};

class PlanProblem {
 public:
  PlanProblem(const Model& model, const ContactPlan& contact, const HipPassiveParameters& hip,
              const LumbarCurves& lumbar, const LevelShares& share);

  Strategy weights;  ///< sigmas of all terms
  PlanTargets targets;
  std::array<HipLimits, 2> limits;  ///< of this person
  std::array<HipLimits, 2> healthy_limits;
  std::vector<TightMuscle> tight;
  std::array<double, 2> abductor_strength{1, 1};  ///< of each hip, fraction of the healthy capacity
  std::array<double, 2> abductor_capacity_nm{};   ///< healthy; read where strength is below 1
  std::array<HipPain, 2> pain;
  PainLaw pain_law;
  double dynamics_weight = 1;
  bool price_tissue = true;      ///< hip and lumbar moments beyond the healthy ones
  bool price_whole_hip = false;  ///< hip moments count from those of the target posture, healthy or not

  /// Phase of a node [cycles]. The nodes move with the limp so that the mirrored person has the mirrored nodes.
  [[nodiscard]] double node_phase(int k) const { return phase_[k]; }
  /// Moves the nodes to the contact plan's limp.
  void set_nodes();

  /// Fills targets.R_thorax_G and targets.sole from targets.posture.
  void set_paths_from_posture();

  /// Drops warm starts inside, so that what follows does not depend on what was evaluated before.
  void forget();

  enum class Order { gradient, hessian };
  /// Objective at x, its gradient, and by `order` its Hessian, which stays readable until the next call that forms one.
  double evaluate(const PlanState& x, Order order);
  [[nodiscard]] const PlanCosts& costs() const { return costs_; }
  [[nodiscard]] const Eigen::VectorXd& gradient() const { return gradient_; }
  [[nodiscard]] const Eigen::MatrixXd& hessian() const { return hessian_; }  ///< lower triangle

  [[nodiscard]] const ReducedMap& map() const { return map_; }
  void set_arms(double swing_rad, double bow_rad) { map_.set_arms(swing_rad, bow_rad); }
  [[nodiscard]] const ContactPlan& contact() const { return contact_; }
  [[nodiscard]] const Model& model() const { return model_; }

 private:
  static constexpr int kZ = 0, kDz = kReduced, kDdz = 2 * kReduced, kGlobals = 3 * kReduced;  // offsets in kLocal
  static constexpr double kNodeWeight = 1.0 / kNodes;
  using WrenchChange = Eigen::Matrix<double, 6, kLocal>;
  /// The nodes from k on, one in each lane.
  void four_nodes(int k, const PlanState& x);
  void node(int k, const PlanState& x);
  void feet(int k, const PlanState& x);
  void seat(int k);
  void thorax(int k);
  void hips(int k, const ReducedVec& z);
  void lumbar(int k, const ReducedVec& z);
  void dynamics(int k, const PlanState& x);
  /// Derivative of a wrench by the local unknowns, but for the ground's own part.
  void reduce(const TotalWrench& wrench, double period, WrenchChange& out) const;
  /// Derivative of S·w of a coordinate with axis S, and `change` that of w.
  [[nodiscard]] LocalVec joint_moment_change(int coordinate, const Vec6& w, const WrenchChange& change) const;
  /// Adds its part with w held to the gradient of the node: the axis turns with what carries it.
  void turn_axis(int coordinate, const Vec6& w);
  /// Gradient of what a node's terms have asked of bodies_.
  void add_bodies_gradient(int lane, double period, LocalVec& g) const;
  void trunk_effort(const PlanState& x);
  void stance_hips(int k, const PlanState& x, const ReducedVec& z);
  void painful_angles(const ReducedVec& z);
  void tight_muscles(const ReducedVec& z);
  void posture(const PlanState& x);
  void globals(const PlanState& x);

  const Model& model_;
  const ContactPlan& contact_;
  const HipPassiveParameters& hip_;
  ReducedMap map_;
  const LumbarCurves& passive_;
  int thorax_link_;

  std::array<double, kNodes> phase_{};
  HarmonicAssembly assembly_;
  std::array<ConeDistance, kNodes> cone_;
  FourBodies bodies_;
  int lane_ = 0;               ///< of the node being evaluated
  Kinematics kin_;             ///< its poses and motion, where a Hessian is asked for; and of paths
  TotalWrench wrench_, part_;  ///< for Hessians
  ContactPlan::Generators generators_;
  CoordVec q_, v_, a_;
  PlanCosts costs_;
  bool with_hessian_ = false;
  LocalVec g_;  ///< of the node being evaluated, but for what goes through bodies_
  LocalMat h_;
  WrenchChange change_, part_change_, ground_change_;
  /// Half the sum of squares of twelve numbers is what forces cost in every walk: wrench against the cone (6), ground
  /// force (3), trunk moment (3). Their derivatives, one column each, padded.
  Eigen::Matrix<double, kLocalPadded, 12> forces_;
  Eigen::VectorXd gradient_;
  Eigen::MatrixXd hessian_;
};

}  // namespace hipspine
