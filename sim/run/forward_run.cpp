#include "sim/run/forward_run.h"

#include <time.h>

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/run/fall_watch.h"
#include "sim/run/forward_record.h"

namespace hipspine {
namespace {

constexpr double kLoaded_n = 50;  // chosen: a sphere with less may slide as it likes

double thread_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

ForwardFacts facts_of(const Model& model, const ForwardBody& body, const ForwardTick& t) {
  ForwardFacts f;
  f.residual = t.control.residual;
  f.reserve_nm = t.control.reserve_nm.size() > 0 ? t.control.reserve_nm.cwiseAbs().maxCoeff() : 0;
  f.capture_error_m = t.control.capture_error_m;
  f.converged = t.control.converged;
  // The plan of the tick's start against the body's state there.
  const CoordVec e = t.q - 0.5 * body.tick_s() * t.v - t.control.q_ref;
  int k = 0;
  for (const Leg& leg : model.legs)
    for (int c : {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation, leg.knee, leg.ankle, leg.subtalar})
      f.leg_error[k++] = e[c];
  for (const Level& l : model.levels) f.lumbar_error += Vec3(e[l.fe], e[l.lb], e[l.ar]);
  for (const ContactForce& c : body.state().contact.forces())
    if (c.force_n.y() > kLoaded_n) f.slid_m = std::max(f.slid_m, c.slid_m);
  return f;
}

/// Where the record stood at a touchdown.
struct Mark {
  ForwardSample last;
  int points;
  std::size_t ticks;
};

}  // namespace

double ForwardRun::real_time_factor() const {
  return compute_s > 0 ? static_cast<double>(facts.size()) * tick_s / compute_s : 0;
}

ForwardRun run_forward(const LoadModel& loads, const CycleResult& solved, const ControllerGains& gains,
                       const ForwardOptions& options) {
  const double start_s = thread_seconds();
  const CycleMotion motion = motion_of(solved);
  ControllerGains now = gains;
  if (options.no_residual) now.residual_limit = 0;
  ForwardBody body(loads, now, options.mismatch);
  body.start(motion, options.phase);
  if (options.disturbed > 0) body.disturb(options.disturbed);

  ForwardRun run;
  run.strides = options.strides;
  run.tick_s = body.tick_s();
  run.recorded.scenario = solved.scenario;
  run.recorded.model = solved.model;
  run.recorded.ankle_offset_rad = solved.ankle_offset_rad;
  run.recorded.plan.stride_length_m = solved.plan.stride_length_m;
  run.recorded.plan.period_s = solved.plan.period_s;
  run.recorded.plan.step_length_m = solved.plan.step_length_m;
  run.recorded.plan.toe_off_pct = solved.plan.toe_off_pct;
  const int points = options.strides * kPerStride + 1;
  ForwardRecorder recorder(loads, points, options.loads, run.recorded);

  ForwardSample last;
  FallWatch<Mark> watch(body.state(), {last, 0, 0}, now.residual_limit);
  int reported = 0;
  const double first = std::ceil(options.phase);  // the record begins with a right heel strike
  const auto phase_of_point = [&](int k) { return first + static_cast<double>(k) / kPerStride; };
  while (recorder.count() < points) {
    const double at_s = body.state().plant.time_s;
    const bool pushed = at_s >= options.push_at_s && at_s < options.push_at_s + options.push_s;
    body.push(pushed ? options.push_G : Vec3(Vec3::Zero()));
    const ForwardTick& tick = body.tick();
    if (body.fallen()) {
      ForwardFall fall{body.state().phase - options.phase, false, 0, now.residual_limit};
      const FallWatch<Mark>::Place& from = watch.back_from(body.state().phase);
      fall.restart_stride = from.state.phase - options.phase;
      recorder.truncate(from.note.points);
      run.facts.resize(from.note.ticks);
      fall.restarted = options.patient && watch.climb();
      fall.residual_limit = now.residual_limit = watch.residual_limit();
      run.falls.push_back(fall);
      if (!fall.restarted) {
        run.upright = false;
        break;
      }
      body.set_gains(now);
      body.restore(from.state);
      last = from.note.last;
      continue;
    }
    run.facts.push_back(facts_of(loads.model, body, tick));
    const ForwardSample sample = sample_of(tick, at_s + 0.5 * run.tick_s);
    while (recorder.count() < points && phase_of_point(recorder.count()) <= sample.phase) {
      // Before the middle of the first tick there is nothing to go between.
      recorder.add(last.empty() ? sample : between(last, sample, phase_of_point(recorder.count())));
    }
    last = sample;
    watch.watch(body.state(), tick.control.capture_error_m, [&] {
      return Mark{last, recorder.count(), run.facts.size()};
    });
    const int strides_done = recorder.count() / kPerStride;
    if (options.progress && strides_done != reported)
      options.progress(static_cast<double>(reported = strides_done) / options.strides);
  }
  recorder.finish();
  run.walked = std::max(0, recorder.count() - 1) / static_cast<double>(kPerStride);
  run.residual_limit = now.residual_limit;
  run.compute_s = thread_seconds() - start_s;
  return run;
}

}  // namespace hipspine
