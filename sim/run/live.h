#pragma once
/// The program under a hand: two threads beside the window. One solves the newest question, one walks the simulated
/// body along the newest answer. The window asks and looks, and never waits.
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "sim/run/causes.h"
#include "sim/run/pipeline.h"
#include "sim/run/results.h"

namespace hipspine {

/// What the solver said to one question. Immutable, shared between threads.
struct LiveAnswer {
  std::uint64_t question = 0;                  ///< number that `ask` gave
  Scenario scenario;                           ///< as asked
  std::shared_ptr<const CycleResult> cycle;    ///< null: it failed, see `message`
  std::shared_ptr<const Results> results;      ///< of `cycle`, convention opensim
  std::shared_ptr<const CycleResult> healthy;  ///< the same person, task and speed with healthy hips and muscles
  std::shared_ptr<const Results> healthy_results;
  std::string message;    ///< findings or what went wrong; empty when all is well
  double compute_ms = 0;  ///< wall clock from taking the question up to the answer, the healthy walk not counted
  /// trace_load of this answer at a cycle point, about a millisecond; callable from any thread, null: not available.
  std::function<Trace(const std::string& column, int point)> trace;
};

/// Answers the newest question; older ones that it has not taken up are dropped.
class LiveSolver {
 public:
  explicit LiveSolver(std::filesystem::path model_folder);
  ~LiveSolver();
  LiveSolver(const LiveSolver&) = delete;
  LiveSolver& operator=(const LiveSolver&) = delete;

  /// @return the question's number, counting from 1
  std::uint64_t ask(const Scenario& scenario);
  /// The newest answer, null before the first.
  [[nodiscard]] std::shared_ptr<const LiveAnswer> latest() const;
  /// A question waits or is being answered.
  [[nodiscard]] bool busy() const;
  /// Waits until every question asked so far is answered or dropped; for tests and pictures.
  void wait() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One moment of a body: what the picture and the meters show.
struct BodyMoment {
  double phase = 0;   ///< of the cycle, 0 to 1, from right heel strike
  double time_s = 0;  ///< since the start, simulated
  CoordVec q;         ///< (n_coord) over ground: pelvis_tx grows while walking
  std::array<Vec3, 2> ground_force_G{Vec3::Zero(), Vec3::Zero()};  ///< [N]
  std::array<Vec3, 2> ground_cop_G{Vec3::Zero(), Vec3::Zero()};    ///< [m]
  std::array<Vec3, 2> seat_force_G{Vec3::Zero(), Vec3::Zero()};    ///< of a seat on each ischium [N]
  std::array<Vec3, 2> seat_cop_G{Vec3::Zero(), Vec3::Zero()};      ///< [m]
  Vec3 seat_G = Vec3::Zero();  ///< middle of the seat's top, where it stands all the time; zero without a seat [m]
  FrameLoads loads;            ///< muscles' activations and forces, levels, hips, pelvic ring
};

/// The solved cycle at a phase, linear between its points; q's pelvis_tx as in the cycle (phase 0 to 1).
/// @param phase  any; its whole part adds strides to pelvis_tx
[[nodiscard]] BodyMoment moment_of(const CycleResult& cycle, double phase);

struct WalkerStatus {
  bool walking = false;         ///< there is a body
  double real_time_factor = 0;  ///< simulated over wall time at the rate asked for, over about the last second
  double possible_factor = 0;   ///< simulated over computing time
  int falls = 0;                ///< since the start
  double residual_pct = 0;      ///< what helps at the pelvis now, of body weight
  double residual_limit_pct = 0;
  std::string message;  ///< newest event: "fell at stride 12.3, went on from stride 11.0 with 2 % of body weight"
};

/// A forward run in its own thread, paced by the wall clock, limited to a share of a processor.
class LiveWalker {
 public:
  explicit LiveWalker(std::filesystem::path model_folder);
  ~LiveWalker();
  LiveWalker(const LiveWalker&) = delete;
  LiveWalker& operator=(const LiveWalker&) = delete;

  /// Goes over to another plan: of the same person and task blended over a stride while walking, otherwise from the
  /// start.
  void follow(std::shared_ptr<const LiveAnswer> answer);
  /// Simulated seconds per second; 0 pauses.
  void set_rate(double rate);
  /// One controller tick while paused.
  void step();
  /// Starts again, from this phase of the plan; after a fault (there is no body, `message` says why) with a new body.
  void restart(double phase);
  /// A push at the pelvis [N, ground] for so long.
  void push(const Vec3& force_G, double seconds);
  [[nodiscard]] std::shared_ptr<const BodyMoment> moment() const;  ///< null before the first
  [[nodiscard]] WalkerStatus status() const;
  /// The last complete stride as a table of kCyclePoints rows, null before the first of this person at this task.
  [[nodiscard]] std::shared_ptr<const Results> last_stride() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hipspine
