#pragma once
/// Strides of the simulated body in a row: recorded with all loads, watched for falls, compared with the solved cycle.
#include <functional>
#include <string>
#include <vector>

#include "sim/run/forward_body.h"
#include "sim/run/results.h"

namespace hipspine {

struct ForwardOptions {
  int strides = 10;
  bool no_residual = false;          ///< nothing helps at the pelvis, until the first fall
  double phase = 0;                  ///< of the cycle at the start; the record begins at the right heel strike after it
  unsigned disturbed = 0;            ///< seed of a small disturbance of the first state; 0: none
  ForwardMismatch mismatch;          ///< loads are still those of the model
  bool patient = true;               ///< false: ends at the first fall
  bool loads = true;                 ///< false: motion and ground forces only, `recorded.frames` stays empty
  Vec3 push_G = Vec3::Zero();        ///< force at the pelvis [N] ...
  double push_at_s = 0, push_s = 0;  /// ... from when, for how long
  std::function<void(double done)> progress;  ///< called once a stride with the part done
};

/// A fall: what happened, and how it went on.
struct ForwardFall {
  double stride = 0;          ///< strides since the start at which it was seen
  bool restarted = false;     ///< false: that was the last rung, the run ends at the touchdown before
  double restart_stride = 0;  ///< touchdown it went on from
  double residual_limit = 0;  ///< of body weight, from there on
};

/// What a controller tick says about quality.
struct ForwardFacts {
  Vec6 residual = Vec6::Zero();  ///< [N; N·m]
  double reserve_nm = 0;         ///< largest, joints without muscles
  double capture_error_m = 0;
  Eigen::Array<double, 12, 1> leg_error;  ///< (right, left) x hip flexion, adduction, rotation, knee, ankle, subtalar
  Vec3 lumbar_error = Vec3::Zero();       ///< sums of the levels against the plan's [rad]
  double slid_m = 0;                      ///< largest of the loaded spheres, since they touched
  bool converged = true;
};

struct ForwardRun {
  int strides = 0;            ///< asked for
  double walked = 0;          ///< strides recorded
  bool upright = true;        ///< false: it ended in a fall on the last rung
  double residual_limit = 0;  ///< at the end, of body weight
  double tick_s = 0;
  CycleResult recorded;  ///< 100 points a stride and the last; frames hold loads; scenario, model as in the solved one
  std::vector<ForwardFacts> facts;  ///< one per tick
  std::vector<ForwardFall> falls;
  double compute_s = 0;  ///< processor time of this thread
  [[nodiscard]] double real_time_factor() const;
};

/// Walks (or stands) along `solved`, which came from a session of which `loads` is the model. Never throws for a fall;
/// on one it goes back to the last good touchdown and on with a larger residual: 1, 2, 5 % of body weight.
/// @test tests/run/forward_test.cpp
[[nodiscard]] ForwardRun run_forward(const LoadModel& loads, const CycleResult& solved, const ControllerGains& gains,
                                     const ForwardOptions& options);

}  // namespace hipspine
