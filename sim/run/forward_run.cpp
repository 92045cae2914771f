/// Recording: everything is a mean over a tick and stands at its middle; the record has a point at every percent of the
/// planned cycle, linear between ticks. Loads of a point follow from its motion, ground force and the muscles' actual
/// tension: no muscle problem is solved a second time.
#include "sim/run/forward_run.h"

#include <time.h>

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"

namespace hipspine {
namespace {

constexpr int kPerStride = kCyclePoints - 1;
constexpr double kRungs[] = {0.01, 0.02, 0.05};  // chosen: of body weight
constexpr double kGoodCapture_m = 0.10;          // chosen: a touchdown this far off is the beginning of a fall
constexpr double kBeforeFall = 0.5;              // chosen: strides between a touchdown to go back to and the fall
constexpr double kLoaded_n = 50;                 // chosen: a sphere with less may slide as it likes
constexpr double kCarries_n = 1;                 // below it there is no centre of pressure

double thread_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// What of a tick the record needs.
struct Sample {
  double phase = 0, time_s = 0;
  CoordVec q, v, a;
  Eigen::VectorXd activation, force_n, reserve_nm;
  std::array<Vec6, 2> ground_G;
  Vec6 residual;
};

Sample sample_of(const ForwardTick& t, double time_s) {
  return {t.phase,           time_s, t.q, t.v, t.a, t.activation, t.force_n, t.control.reserve_nm, t.ground_G,
          t.control.residual};
}

Sample between(const Sample& a, const Sample& b, double phase) {
  const double u = (phase - a.phase) / (b.phase - a.phase);
  Sample s{phase, 0, {}, {}, {}, {}, {}, {}, {}, {}};
  s.time_s = (1 - u) * a.time_s + u * b.time_s;
  s.q = (1 - u) * a.q + u * b.q;
  s.v = (1 - u) * a.v + u * b.v;
  s.a = (1 - u) * a.a + u * b.a;
  s.activation = (1 - u) * a.activation + u * b.activation;
  s.force_n = (1 - u) * a.force_n + u * b.force_n;
  s.reserve_nm = (1 - u) * a.reserve_nm + u * b.reserve_nm;
  for (int side : {kRight, kLeft}) s.ground_G[side] = (1 - u) * a.ground_G[side] + u * b.ground_G[side];
  s.residual = (1 - u) * a.residual + u * b.residual;
  return s;
}

/// Grows a recorded plan by one point.
class Recorder {
 public:
  Recorder(const LoadModel& loads, int points, bool with_loads, CycleResult& out)
      : loads_(loads), solver_(loads), with_loads_(with_loads), out_(out) {
    Plan& p = out.plan;
    const int n = loads.model.n_coord();
    p.time_s.setZero(points), p.q.setZero(n, points), p.v.setZero(n, points), p.a.setZero(n, points);
    p.residual_n.setZero(points), p.residual_nm.setZero(points);
    for (GroundForce& g : p.ground)
      g.force_G.setZero(3, points), g.cop_G.setZero(3, points), g.torque_y_nm.setZero(points);
    muscleless_ = muscleless_coordinates(loads.model);
  }
  [[nodiscard]] int count() const { return count_; }
  void truncate(int count) {
    count_ = count;
    if (with_loads_) out_.frames.resize(static_cast<std::size_t>(count));
  }

  void add(const Sample& s) {
    Plan& p = out_.plan;
    const int k = count_++;
    p.time_s[k] = s.time_s;
    p.q.col(k) = s.q, p.v.col(k) = s.v, p.a.col(k) = s.a;
    p.residual_n[k] = s.residual.head<3>().norm();
    p.residual_nm[k] = s.residual.tail<3>().norm();
    for (int side : {kRight, kLeft}) {
      GroundForce& g = p.ground[side];
      const Vec3 moment = s.ground_G[side].head<3>(), force = s.ground_G[side].tail<3>();
      g.force_G.col(k) = force;
      if (force.y() > kCarries_n)
        g.cop_G.col(k) << moment.z() / force.y(), 0, -moment.x() / force.y();
      else if (k > 0)
        g.cop_G.col(k) = g.cop_G.col(k - 1);
      g.torque_y_nm[k] = moment.y() - Vec3(g.cop_G.col(k)).cross(force).y();
    }
    if (!with_loads_) return;
    FrameLoads f;
    f.activation = s.activation;
    f.muscle_force_n = s.force_n;
    f.reserve_nm = CoordVec::Zero(loads_.model.n_coord());
    for (std::size_t r = 0; r < muscleless_.size(); ++r)
      f.reserve_nm[muscleless_[r]] = s.reserve_nm[static_cast<Eigen::Index>(r)];
    solver_.given(p, k, f);
    out_.frames.push_back(std::move(f));
  }

  /// Cuts what was not filled.
  void finish() {
    Plan& p = out_.plan;
    const auto cut = [&](auto& m) { m = m.leftCols(count_).eval(); };
    const auto head = [&](Eigen::VectorXd& v) { v = v.head(count_).eval(); };
    cut(p.q), cut(p.v), cut(p.a), head(p.time_s), head(p.residual_n), head(p.residual_nm);
    for (GroundForce& g : p.ground) cut(g.force_G), cut(g.cop_G), head(g.torque_y_nm);
  }

 private:
  const LoadModel& loads_;
  FrameSolver solver_;
  bool with_loads_;
  CycleResult& out_;
  std::vector<int> muscleless_;
  int count_ = 0;
};

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

struct Checkpoint {
  ForwardState state;
  Sample last;
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
  Recorder recorder(loads, points, options.loads, run.recorded);

  Sample last;
  std::vector<Checkpoint> good = {{body.state(), last, 0, 0}};
  int touchdowns = 0, reported = 0;
  const double first = std::ceil(options.phase);  // the record begins with a right heel strike
  const auto phase_of_point = [&](int k) { return first + static_cast<double>(k) / kPerStride; };
  while (recorder.count() < points) {
    const double at_s = body.state().plant.time_s;
    const bool pushed = at_s >= options.push_at_s && at_s < options.push_at_s + options.push_s;
    body.push(pushed ? options.push_G : Vec3(Vec3::Zero()));
    const ForwardTick& tick = body.tick();
    if (body.fallen()) {
      ForwardFall fall{body.state().phase - options.phase, false, 0, now.residual_limit};
      while (good.size() > 1 && good.back().state.phase > body.state().phase - kBeforeFall) good.pop_back();
      const Checkpoint& from = good.back();
      const auto* rung = std::find_if(std::begin(kRungs), std::end(kRungs),
                                      [&](double r) { return r > now.residual_limit * (1 + 1e-9); });
      fall.restart_stride = from.state.phase - options.phase;
      fall.restarted = options.patient && rung != std::end(kRungs);
      recorder.truncate(from.points);
      run.facts.resize(from.ticks);
      if (fall.restarted) fall.residual_limit = now.residual_limit = *rung;
      run.falls.push_back(fall);
      if (!fall.restarted) {
        run.upright = false;
        break;
      }
      body.set_gains(now);
      body.restore(from.state);
      last = from.last;
      touchdowns = from.state.controller.touchdowns;
      continue;
    }
    run.facts.push_back(facts_of(loads.model, body, tick));
    const Sample sample = sample_of(tick, at_s + 0.5 * run.tick_s);
    while (recorder.count() < points && phase_of_point(recorder.count()) <= sample.phase) {
      // Before the middle of the first tick there is nothing to go between.
      recorder.add(last.q.size() == 0 ? sample : between(last, sample, phase_of_point(recorder.count())));
    }
    last = sample;
    const ForwardState& state = body.state();
    if (state.controller.touchdowns > touchdowns) {
      touchdowns = state.controller.touchdowns;
      if (tick.control.capture_error_m < kGoodCapture_m)
        good.push_back({state, last, recorder.count(), run.facts.size()});
    }
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
