#pragma once
/// Loads of one cycle point: inverse dynamics, muscle recruitment, joint contact, lumbar segments, pelvic ring.
#include <array>
#include <vector>

#include "sim/mechanics/inverse_dynamics.h"
#include "sim/muscle/muscle_path.h"
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
  std::array<HipLimits, 2> limits;
};

/// Workspace for a run of neighbouring frames; one per thread. Frames must be given in order within a run.
class FrameSolver {
 public:
  explicit FrameSolver(const LoadModel& shared);
  /// Forgets warm starts: the next frame is solved cold.
  void reset();
  /// Least-effort activations at column k of the plan, each instant for itself; fills out.activation.
  void recruit(const Plan& plan, int k, FrameLoads& out, StageTimes& cpu);
  /// Loads at column k of the plan with every activation at least `floor`. Needs nothing of other frames but warm
  /// starts, which change no result.
  void solve(const Plan& plan, int k, const Eigen::VectorXd& floor, FrameLoads& out, StageTimes& cpu);
  /// Loads at column k of a motion that muscles have already made: out.activation, out.muscle_force_n and
  /// out.reserve_nm are given.
  void given(const Plan& plan, int k, FrameLoads& out);

 private:
  void dynamics(const Plan& plan, int k, FrameLoads& out);
  void hips(FrameLoads& out);
  void muscles(FrameLoads& out);
  void contacts(FrameLoads& out);
  void tissue(FrameLoads& out);

  const LoadModel& shared_;
  std::vector<int> rows_;  ///< coordinates that muscles balance
  CoordVec q_, v_, a_;
  Kinematics kin_;
  InverseDynamics id_;
  std::vector<ExternalWrench> ground_;
  MuscleGeometry geometry_;
  RecruitmentProblem problem_;
  RecruitmentResult recruited_;
  RecruitmentSolver solver_;
  std::vector<Vec6> contact_G_;  ///< per link: wrench from its parent's bone, muscles taken out
  int pelvis_ = -1;
  std::array<int, 2> ilium_{-1, -1};    ///< bodies
  std::array<Vec6, 2> ilium_muscle_G_;  ///< muscle wrenches on the hip bones
  std::array<Vec3, kLevels> translation_guess_;
};

inline constexpr int kFrameChunks = 8;

/// Loads of all cycle points: first each instant for itself, then with what muscles cannot let go of at once.
/// `times` grows by the wall-clock share of each stage. The result does not depend on `threads`.
void solve_frames(const LoadModel& loads, const Plan& plan, int threads, std::vector<FrameLoads>& frames,
                  StageTimes& times);

}  // namespace hipspine
