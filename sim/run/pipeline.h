#pragma once
/// The program in one place: a scenario in, a solved cycle with all loads out. Read pipeline.cpp first.
#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/gait/plan.h"
#include "sim/model/model.h"
#include "sim/model/patient.h"
#include "sim/model/scenario.h"
#include "sim/tissue/sacroiliac.h"
#include "sim/tissue/segment.h"

namespace hipspine {

/// Loads of one cycle point. Filled by `solve_cycle`.
struct FrameLoads {
  CoordVec joint_moment;                      ///< (n_coord) net generalised force from inverse dynamics
  std::array<Vec3, 2> hip_contact_P;          ///< contact force on the femur in the pelvis frame [N]
  std::array<Vec3, 2> hip_passive_nm;         ///< passive hip moment (flexion, adduction, rotation)
  std::array<double, 2> hip_impingement_n{};  ///< neck of the femur on the rim of the socket
  std::array<Vec3, kLevels> level_force_D;    ///< force of the lower on the upper vertebra, axes of D [N]
  std::array<SegmentLoad, kLevels> segment;   ///< L5_S1 first
  std::array<SacroiliacLoad, 2> sacroiliac;
  double symphysis_force_n = 0;
  std::array<double, 2> sciatic_strain{};  ///< of the nerve's bed, 0 standing upright
  std::array<double, 2> sciatic_length_m{};
  std::array<std::array<double, 2>, kLevels> foramen_opening{};  ///< [level][side], 1 = upright
  Eigen::VectorXd activation;                                    ///< (n_muscle)
  Eigen::VectorXd muscle_force_n;                                ///< (n_muscle)
  CoordVec reserve_nm;          ///< (n_coord) zero where a row is not balanced by muscles
  CoordVec departure_rad;       ///< (n_coord) departure of lumbar levels from the rhythm
  bool recruitment_ok = true;   ///< false: the muscle problem did not converge
  bool pelvis_ok = true;        ///< false: a hip bone is not in equilibrium to 1e-9 of its load
  double residual_force_n = 0;  ///< at the pelvis
  double residual_moment_nm = 0;
};

/// A limit on a number that says whether the result can be trusted.
struct QualityGate {
  std::string name;
  double value = 0;
  double limit = 0;
  std::string unit;
  [[nodiscard]] bool pass() const { return value <= limit; }
};

/// Seconds spent in each stage of one solve.
struct StageTimes {
  double load_s = 0, healthy_plan_s = 0, plan_s = 0, dynamics_s = 0, muscle_s = 0, tissue_s = 0;
};

struct CycleResult {
  Scenario scenario;    ///< as asked
  Scenario body;        ///< what it comes to (model/patient.h): hips, muscles, pain as they were solved
  double guarding = 0;  ///< least activation of the lumbar muscles
  std::shared_ptr<const Model> model;
  double ankle_offset_rad = 0;  ///< ankle_angle less clinical dorsiflexion (NormalGait)
  Plan plan;
  std::vector<FrameLoads> frames;  ///< kCyclePoints
  std::vector<QualityGate> gates;
  std::vector<std::string> saturated;  ///< muscles at full activation somewhere, with the share of the cycle
  StageTimes times;
};

struct LoadModel;  // frame_loads.h

/// Solves scenarios, keeping what they share: models, healthy plans, workspaces. Not for sharing between threads.
class Session {
 public:
  /// @param threads  0: as many as the machine has. The result is the same, bit for bit, for any number.
  explicit Session(std::filesystem::path model_folder, int threads = 0);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// A complete cycle with all loads, from the healthy plan, converged tightly: depends on the scenario alone.
  /// Bad model files or names become findings; the result is then empty.
  CycleResult solve(const Scenario& scenario, Diagnostics& diagnostics);
  /// The same for a hand on a slider: starts from the last plan of this person and speed and stops when a step is below
  /// six thousandths of a degree; angles then differ from those of `solve` by less than a hundredth.
  CycleResult solve_live(const Scenario& scenario, Diagnostics& diagnostics);
  using VisitFunction = std::function<void(int sample, const CycleResult& result)>;
  /// Solves a result of this session again with other segments, its motion kept: sample i on spine_of(this person's
  /// spine, i), handed to `visit` in order and gone afterwards; neither may use this session. The same whatever was
  /// solved before.
  void vary(const CycleResult& nominal, int samples, const std::function<Spine(const Spine&, int)>& spine_of,
            const VisitFunction& visit);
  /// What a result, of this session or another of the same folder, was solved with; valid until the session has met
  /// kKeptPeople other people. @throws LoadError when a file has gone bad since
  [[nodiscard]] LoadModel loads_of(const CycleResult& result);

 private:
  struct Impl;
  CycleResult solve(const Scenario& scenario, Diagnostics& diagnostics, bool live);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hipspine
