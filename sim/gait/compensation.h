#pragma once
/// Compensation: how a person walks, stands or bends whose hips do not reach as far as that asks. One periodic
/// nonlinear least-squares problem over the whole cycle (plan_problem.h), solved twice by the same code:
///   stage A  fits the normal gait of this speed and body under dynamics, or finds how a healthy body does another
///   task:
///            the target of everything after;
///   stage B  frees it under this person's hip limits, muscles and strategy. Healthy limits in stage B are the
///   baseline,
///            so that "nothing lost" means exactly no change.
#include <Eigen/Cholesky>
#include <array>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sim/gait/plan.h"
#include "sim/gait/plan_problem.h"
#include "sim/gait/task.h"

namespace hipspine {

/// A solved cycle in the planner's own unknowns; the warm start of the next one.
struct PlanSolution {
  PlanState state;
  Plan::Status status = Plan::Status::ok;
  int iterations = 0;
  double step_rad = 0;  ///< largest change of an angle coefficient in the last step
  PlanCosts costs;
};

/// What stage B is asked.
struct PlanQuestion {
  std::array<HipLimits, 2> limits;
  Strategy strategy;
  std::vector<TightMuscle> tight{};
  std::array<double, 2> abductor_strength{1, 1};  ///< fraction of the healthy hip's capacity
  std::array<double, 2> abductor_capacity_nm{};   ///< healthy; read where strength is below 1
  std::array<HipPain, 2> pain{};
  PainLaw pain_law{};
};

/// Plans for one body at one task. Not for sharing between threads; make one per thread.
class Planner {
 public:
  /// Runs stage A. Fails never; a fit that did not converge is `healthy_fit().status`.
  Planner(const Model& model, const NormalGait& gait, const HipPassiveParameters& hip, const LumbarCurves& lumbar,
          const Strategy& fit_weights, const Task& task);

  [[nodiscard]] const PlanSolution& healthy_fit() const { return fit_; }
  /// Stage B. Starts from `warm` when given, else where the question says (plan_start.cpp). Stops when the largest
  /// change of an angle coefficient is below `tolerance_rad`. Limits wider than healthy count as healthy: range that is
  /// not there to be lost costs nothing.
  PlanSolution solve(const PlanQuestion& question, const PlanSolution* warm, double tolerance_rad);
  /// Samples a solution at kCyclePoints, over ground, with ground forces and residuals.
  [[nodiscard]] Plan sample(const PlanSolution& solution) const;

  [[nodiscard]] const ReducedMap& map() const { return problem_.map(); }

 private:
  void set_walking(const NormalCurves& curves);
  void set_standing(const Task& task);
  /// Thigh and shank of somebody seated, forward of straight down and forward of upright.
  struct SeatedLeg {
    double thigh_rad = 0, shank_rad = 0;
  };
  [[nodiscard]] SeatPlan seat_of(const Task& task, SeatedLeg& leg) const;
  void set_seated(const Task& task);
  void fit_walking();
  void fit_standing(const Task& task);
  /// How a person with strong, painless, unrestricted hips would walk by this strategy; kept until another is asked.
  const PlanState& strong(const Strategy& strategy);
  /// A roughly solved plan of the lattice of extension limits (plan_start.cpp); poses another question.
  const PlanState& lattice_plan(const Strategy& strategy, const std::array<int, 2>& at);
  /// A plan to start from that depends on the question alone, which has been posed.
  PlanState start_of(const PlanQuestion& question);
  /// Puts the question into problem_.
  void pose(const PlanQuestion& question);
  /// The healthy plan at the pace of a limp: what everything is measured from while somebody limps.
  void set_limp(double limp);
  [[nodiscard]] Vec3 normal_force_n(double phase) const;
  void put_pelvis_on_feet(PlanState& x, int highest_harmonic) const;
  /// @param keep  begin with the factor of the solve before: right nearby, found out and replaced elsewhere
  PlanSolution newton(PlanState x, double tolerance_rad, int max_iterations, bool keep = false);

  const Model& model_;
  ContactPlan contact_;
  PlanProblem problem_;
  PlanSolution fit_;
  std::string strong_strategy_;  ///< that `strong_` belongs to; empty: none yet
  PlanState strong_;
  struct Start {
    std::string strategy;
    std::array<int, 2> at;  ///< of the lattice, [kRight], [kLeft]
    PlanState state;
  };
  static constexpr int kMostIterations = 200;  // 10 to 30 are usual; hips 40 deg short in two directions need up to 160
  std::deque<Start> starts_;                   ///< those met so far: few, and each 1.5 kB
  double speed_m_s_ = 0;                       ///< aimed at without pain
  std::array<Harmonics, kNormalForces> force_bw_;  ///< of the ground on both feet in normal gait
  Eigen::MatrixXd damped_;                         ///< kept: fresh pages for 860 kB cost more than the mathematics
  Eigen::LLT<Eigen::MatrixXd> factor_;
};

/// Hip centre to floor with the subject standing straight, soles flat [m].
[[nodiscard]] double leg_length_m(const Model& model);

}  // namespace hipspine
