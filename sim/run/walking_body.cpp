// Going over to another plan: two filters of first order in a row, x' = (y - x) / tau, y' = (target - y) / tau, over
// all that is followed. A new target may come at any time, thirty a second under a hand: the body's reference never
// jumps and nothing has to end first. After a time T the way that is left is (1 + T/tau) exp(-T/tau).
#include "sim/run/walking_body.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/run/fall_watch.h"
#include "sim/run/forward_report.h"
#include "sim/run/own_person.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr double kTimesPerStride = 5;   // chosen: tau is a fifth of a stride, 4 % of the way is left after one
constexpr double kSpeedTau_s2_m = 1.2;  // chosen: and longer by this per m/s: two strides from free to fast walking
constexpr double kSettled = 14;         // chosen: of tau; a hundred thousandth of the way is left, then it is there

HipLimits blended(const HipLimits& a, const HipLimits& b, double part) {
  HipLimits out;
  for (auto field :
       {&HipLimits::flexion_max_rad, &HipLimits::extension_max_rad, &HipLimits::abduction_max_rad,
        &HipLimits::adduction_max_rad, &HipLimits::internal_rotation_max_rad, &HipLimits::external_rotation_max_rad,
        &HipLimits::stiffness_scale, &HipLimits::cam_contact_rad, &HipLimits::pincer_contact_rad})
    out.*field = (1 - part) * a.*field + part * b.*field;
  return out;
}

/// All of a plan that the body and its controller live by.
struct Followed {
  CycleMotion motion;
  std::array<HipLimits, 2> limits;
  Eigen::VectorXd force_max_n, tightness;  ///< (muscles)

  explicit Followed(const CycleResult& cycle) : motion(motion_of(cycle)) {
    for (int side : {kRight, kLeft}) limits[side] = within_healthy(cycle.body.hip[side]);
    const auto& muscles = cycle.model->muscles;
    force_max_n.resize(cycle.model->n_muscle()), tightness.resize(cycle.model->n_muscle());
    for (int m = 0; m < cycle.model->n_muscle(); ++m)
      force_max_n[m] = muscles[m].force_max_n, tightness[m] = muscles[m].tightness;
  }
  /// Goes a part of the way.
  void towards(const Followed& to, double part) {
    motion = hipspine::blended(motion, to.motion, part);
    for (int side : {kRight, kLeft}) limits[side] = blended(limits[side], to.limits[side], part);
    force_max_n += part * (to.force_max_n - force_max_n);
    tightness += part * (to.tightness - tightness);
  }
  [[nodiscard]] double speed_m_s() const { return motion.stride_m / motion.period_s; }
};

/// What it takes to go on from a touchdown.
struct Mark {
  std::shared_ptr<const Followed> followed;
  ForwardSample last;
};

double part_of(double phase) { return phase - std::floor(phase); }

}  // namespace

struct WalkingBody::Running {
  OwnPerson person;
  LoadModel loads;
  Followed now, middle, target;  ///< the body follows `now`
  double tau_s = 1, to_go_s = 0;
  std::shared_ptr<const Followed> kept;  ///< a copy of `now`, null while it changes
  ForwardBody body;
  std::optional<FallWatch<Mark>> watch;
  double start_phase = 0, push_s = 0;
  ForwardSample before, last;
  CycleResult stride, instant;
  ForwardRecorder recorder, snapshot;
  double stride_phase = 0;  ///< where the stride in `recorder` begins
  std::array<Vec3, 2> cop_G{Vec3::Zero(), Vec3::Zero()};

  Running(const LoadModel& of, const Followed& first, const ControllerGains& gains)
      : person(of),
        loads(person.loads(of.limits)),
        now(first),
        middle(first),
        target(first),
        body(loads, gains),
        recorder(loads, kCyclePoints, true, stride),
        snapshot(loads, 1, true, instant) {}

  /// Makes the body's hips and muscles those of `now`.
  void apply() {
    loads.limits = now.limits;
    body.set_limits(now.limits);
    for (int m = 0; m < person.model.n_muscle(); ++m) {
      person.model.muscles[m].force_max_n = now.force_max_n[m];
      person.model.muscles[m].tightness = now.tightness[m];
    }
  }
  void head_for_target() {
    const double stride_s = std::min(now.motion.period_s, target.motion.period_s);
    tau_s = std::max(stride_s / kTimesPerStride, kSpeedTau_s2_m * std::abs(target.speed_m_s() - now.speed_m_s()));
    to_go_s = kSettled * tau_s;
  }
  const std::shared_ptr<const Followed>& keep() {
    if (!kept) kept = std::make_shared<const Followed>(now);
    return kept;
  }
  void forget_stride() {
    recorder.truncate(0);
    stride_phase = std::ceil(body.state().phase);
  }
};

WalkingBody::WalkingBody(const std::filesystem::path& model_folder) : session_(model_folder, 1) {
  Diagnostics findings;
  gains_ = load_controller(model_folder, findings);
  if (findings.has_errors()) throw LoadError(findings);
}

WalkingBody::~WalkingBody() = default;

bool WalkingBody::follow(std::shared_ptr<const LiveAnswer> answer) {
  if (!answer || !answer->cycle || !can_be_simulated(answer->scenario.task)) return false;
  const CycleResult& cycle = *answer->cycle;
  const bool same = there() && answer_->scenario.task == answer->scenario.task &&
                    answer_->scenario.height_m == answer->scenario.height_m &&
                    answer_->scenario.mass_kg == answer->scenario.mass_kg;
  if (same) {
    answer_ = std::move(answer);
    running_->target = Followed(cycle);
    running_->head_for_target();
    return false;
  }
  const double phase = there() ? part_of(running_->body.state().phase) : 0;
  running_ = std::make_unique<Running>(session_.loads_of(cycle), Followed(cycle), gains_);
  answer_ = std::move(answer);
  last_stride_.reset();
  status_ = {};
  status_.walking = true;
  begin(phase);
  return true;
}

void WalkingBody::restart(double phase) {
  if (!there()) return;
  status_.falls = 0;
  status_.message.clear();
  begin(part_of(phase));
}

void WalkingBody::push(const Vec3& force_G, double seconds) {
  if (!there()) return;
  running_->push_s = seconds;
  running_->body.push(force_G);
}

/// The body as the target has it at `phase`, with the least help.
void WalkingBody::begin(double phase) {
  Running& r = *running_;
  r.now = r.middle = r.target;
  r.to_go_s = 0;
  r.kept.reset();
  r.apply();
  r.body.set_gains(gains_);
  r.body.push(Vec3::Zero());
  r.push_s = 0;
  r.body.start(r.now.motion, phase);
  r.start_phase = phase;
  r.before = r.last = {};
  r.watch.emplace(r.body.state(), Mark{r.keep(), {}}, gains_.residual_limit);
  r.forget_stride();
  status_.residual_limit_pct = 100 * gains_.residual_limit;
}

void WalkingBody::approach() {
  Running& r = *running_;
  if (r.to_go_s <= 0) return;
  r.kept.reset();
  r.to_go_s -= tick_s();
  if (r.to_go_s > 0) {
    const double part = -std::expm1(-tick_s() / r.tau_s);
    r.middle.towards(r.target, part);
    r.now.towards(r.middle, part);
  } else {
    r.now = r.middle = r.target;
  }
  r.apply();
}

void WalkingBody::tick() {
  Running& r = *running_;
  approach();
  if (r.push_s > 0) {
    r.push_s -= tick_s();
  } else {
    r.body.push(Vec3::Zero());
  }
  const double at_s = r.body.state().plant.time_s;
  const ForwardTick& tick = r.body.tick();
  if (r.body.fallen()) {
    fall();
    return;
  }
  const ForwardSample sample = sample_of(tick, at_s + 0.5 * tick_s());
  record(sample);
  r.before = r.last.empty() ? sample : std::move(r.last);
  r.last = sample;
  r.watch->watch(r.body.state(), tick.control.capture_error_m, [&] { return Mark{r.keep(), r.last}; });
  const double weight_n = r.person.model.weight_n();
  const Vec6& help = tick.control.residual;
  status_.residual_pct =
      100 / weight_n *
      std::max(help.head<3>().cwiseAbs().maxCoeff(), help.tail<3>().cwiseAbs().maxCoeff() / kResidualArm_m);
}

void WalkingBody::record(const ForwardSample& sample) {
  Running& r = *running_;
  for (;;) {
    const double phase = r.stride_phase + static_cast<double>(r.recorder.count()) / kPerStride;
    if (phase > sample.phase) return;
    r.recorder.add(r.last.empty() ? sample : between(r.last, sample, phase));
    if (r.recorder.count() < kCyclePoints) continue;
    const Plan& planned = answer_->cycle->plan;
    Plan& walked = r.stride.plan;
    r.stride.scenario = answer_->scenario;
    r.stride.model = answer_->cycle->model;
    r.stride.ankle_offset_rad = answer_->cycle->ankle_offset_rad;
    walked.stride_length_m = walked.q(0, kPerStride) - walked.q(0, 0);
    walked.period_s = walked.time_s[kPerStride] - walked.time_s[0];
    walked.step_length_m = planned.step_length_m;
    walked.toe_off_pct = planned.toe_off_pct;
    last_stride_ = std::make_shared<const Results>(mean_stride(make_results(r.stride), 1));
    r.recorder.carry_over();
    r.stride_phase += 1;
  }
}

void WalkingBody::fall() {
  Running& r = *running_;
  ++status_.falls;
  const double fell_at = r.body.state().phase - r.start_phase;
  const double limit_pct = 100 * r.watch->residual_limit();
  const auto& from = r.watch->back_from(r.body.state().phase);
  r.push_s = 0;
  r.body.push(Vec3::Zero());
  status_.message = "fell at stride " + fixed(fell_at, 1);
  if (!r.watch->climb()) {
    status_.message +=
        " with " + significant(limit_pct, 2) + " % of body weight to hold it, started anew from the plan";
    begin(part_of(from.state.phase));
    return;
  }
  ControllerGains more = gains_;
  more.residual_limit = r.watch->residual_limit();
  status_.residual_limit_pct = 100 * more.residual_limit;
  status_.message += ", went on from stride " + fixed(from.state.phase - r.start_phase, 1) + " with " +
                     significant(status_.residual_limit_pct, 2) + " % of body weight";
  // As it was at that touchdown, and from there to the target again.
  r.now = r.middle = *from.note.followed;
  r.head_for_target();
  r.kept = from.note.followed;
  r.apply();
  r.body.set_gains(more);
  r.body.restore(from.state);
  r.before = r.last = from.note.last;
  r.forget_stride();
}

std::shared_ptr<const BodyMoment> WalkingBody::moment(double part) {
  Running& r = *running_;
  if (r.last.empty()) return nullptr;
  const bool apart = r.last.phase > r.before.phase;
  const ForwardSample s =
      apart ? between(r.before, r.last, r.before.phase + part * (r.last.phase - r.before.phase)) : r.last;
  r.snapshot.truncate(0);
  r.snapshot.add(s);
  auto out = std::make_shared<BodyMoment>();
  out->phase = part_of(s.phase);
  out->time_s = s.time_s;
  out->q = s.q;
  for (int side : {kRight, kLeft}) {
    const GroundForce& g = r.instant.plan.ground[side];
    out->ground_force_G[side] = g.force_G.col(0);
    if (out->ground_force_G[side].y() > kCarries_n) r.cop_G[side] = g.cop_G.col(0);
    out->ground_cop_G[side] = r.cop_G[side];
  }
  out->loads = std::move(r.instant.frames.front());
  return out;
}

}  // namespace hipspine
