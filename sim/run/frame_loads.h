#pragma once
/// Loads of one cycle point: inverse dynamics, muscle recruitment, joint contact, lumbar segments, pelvic ring.
#include <array>
#include <vector>

#include "sim/mechanics/inverse_dynamics.h"
#include "sim/muscle/muscle_path.h"
#include "sim/muscle/nerve.h"
#include "sim/muscle/recruitment.h"
#include "sim/run/pipeline.h"
#include "sim/tissue/hip_passive.h"

namespace hipspine {

/// What all frames of a scenario share; const while frames are solved.
struct LoadModel {
  const Model& model;
  const MusclePaths& paths;
  const HipPassiveParameters& hip;
  const Spine& spine;
  const LumbarCurves& lumbar;
  const SacroiliacParameters& pelvis;
  const NervePath& nerve;
  std::array<HipLimits, 2> limits;
  double guarding = 0;  ///< least activation of the lumbar muscles
};

/// What belongs to one instant of a cycle while its loads are found.
struct Instant {
  CoordVec q, v, a;
  Kinematics kin;
  InverseDynamics id;
  std::array<Vec6, 2> seat_G;  ///< of the seat on each hip bone
  MuscleGeometry geometry;
  RecruitmentProblem problem;
  Eigen::VectorXd dual, floor_dual;  ///< of both muscle problems when they were solved last; empty: never
};

/// The instants of a cycle, kept from solve to solve so that nothing is allocated anew. For one thread's caller.
struct FrameWorkspace {
  std::vector<Instant> instants;  ///< kCyclePoints after the first use
};

/// Solves frames; one per thread. Warm starts from instant to instant change no result.
class FrameSolver {
 public:
  explicit FrameSolver(const LoadModel& shared);
  /// Forgets warm starts: the next frame is solved cold.
  void reset();
  /// Least-effort activations at column k of the plan, each instant for itself; fills `at` and out.activation.
  /// @param from_last  start from at.dual, not from the frame before
  void recruit(const Plan& plan, int k, bool from_last, Instant& at, FrameLoads& out, StageTimes& cpu);
  /// Loads at the instant that `recruit` has filled, with every activation at least `floor`.
  /// @param from_last  start from at.floor_dual, not from what `recruit` found
  void solve(const Eigen::VectorXd& floor, bool from_last, Instant& at, FrameLoads& out, StageTimes& cpu);
  /// Loads at column k of a motion that muscles have already made: out.activation, out.muscle_force_n and
  /// out.reserve_nm are given.
  void given(const Plan& plan, int k, FrameLoads& out);

 private:
  void dynamics(const Plan& plan, int k, Instant& at, FrameLoads& out);
  void hips(const Instant& at, FrameLoads& out) const;
  void pose(Instant& at, FrameLoads& out) const;
  void muscles(const Instant& at, FrameLoads& out);
  void contacts(const Instant& at, FrameLoads& out);
  void tissue(const Instant& at, FrameLoads& out);

  const LoadModel& shared_;
  std::vector<int> rows_;  ///< coordinates that muscles balance
  std::vector<int> level_axis_;
  ColumnOrder order_;
  Eigen::VectorXd price_, tone_;  ///< (n_muscle)
  std::vector<ExternalWrench> ground_;
  RecruitmentResult recruited_;
  RecruitmentSolver solver_;
  Eigen::VectorXd trend_;  ///< what the dual changed by from instant to instant, or the floor by it; empty: unknown
  std::vector<Vec6> contact_G_;  ///< per link: wrench from its parent's bone, muscles taken out
  int pelvis_ = -1;
  std::array<int, 2> ilium_{-1, -1};    ///< bodies
  std::array<Vec6, 2> ilium_muscle_G_;  ///< muscle wrenches on the hip bones
  std::array<Vec3, kLevels> translation_guess_;
  Instant given_;
};

inline constexpr int kFrameChunks = 8;

/// Loads of all cycle points: first each instant for itself, then with what muscles cannot let go of at once.
/// `times` grows by the wall-clock share of each stage. The result does not depend on `threads`; what one of them
/// throws is thrown here.
/// @param from_last  `workspace` holds a cycle much like this one: start the muscle problems from there
void solve_frames(const LoadModel& loads, const Plan& plan, int threads, bool from_last, FrameWorkspace& workspace,
                  std::vector<FrameLoads>& frames, StageTimes& times);

}  // namespace hipspine
