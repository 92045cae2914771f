/// From motion and ground force to loads on tissue, at one instant.
///
///   tau = inverse dynamics(q, v, a, ground force)                                                          (1)
///   moments for muscles  m_j = tau_j - passive_j      hips: capsule; lumbar levels: the segment's own curve (2)
///   recruitment: activations with  sum r_jm F_m + reserve_j - K_j d_j = m_j  for every balanced coordinate  (3)
///   bone-on-bone wrench of link i = net wrench - sum over its subtree of muscle wrenches                    (4)
///     hip contact: (4) at the femur; level load: (4) at the upper vertebra, in the disc frame
///   segment: translations and shares of disc, facets, ligaments under (4) at the level's rotation plus d    (5)
///   pelvic ring: each hip bone under hip contact, its muscles, weight and inertia                           (6)
/// Frames are solved in kFrameChunks runs of neighbours, each from a cold start, whatever the number of threads:
/// threads only decide who takes which run, so the bytes of the result do not depend on them. Identity used as a test:
/// the moment part of (4) along a coordinate is passive + reserve - K d.
#include "sim/run/frame_loads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

#include "sim/core/units.h"
#include "sim/muscle/hill_muscle.h"

namespace hipspine {
namespace {

constexpr double kPelvisBalance = 1e-9;  // of a hip bone's load: the most that may be left unbalanced

constexpr double kTrend = 0.8;  // chosen: 0.5 to 1 cost about the same

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Muscles that stiffen against pain: those of back and belly.
bool moves_lumbar_spine(const Muscle& muscle) {
  static constexpr std::array<std::string_view, 9> kGroups = {
      "erector_spinae_lumbar",    "longissimus_thoracis", "iliocostalis_lumborum", "multifidus",
      "multifidus_thoracolumbar", "quadratus_lumborum",   "internal_oblique",      "external_oblique",
      "rectus_abdominis"};
  return std::find(kGroups.begin(), kGroups.end(), muscle.group) != kGroups.end();
}

inline Vec6 wrench_at(const Vec3& point, const Vec3& force) {
  Vec6 w;
  w.head<3>() = point.cross(force);
  w.tail<3>() = force;
  return w;
}

}  // namespace

FrameSolver::FrameSolver(const LoadModel& shared) : shared_(shared) {
  const Model& model = shared.model;
  for (const Leg& leg : model.legs) {
    for (int c : {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation, leg.knee, leg.ankle, leg.subtalar}) {
      rows_.push_back(c);
      level_axis_.push_back(-1);
    }
  }
  for (const Level& level : model.levels) {
    const int at[] = {level.fe, level.lb, level.ar};
    for (int axis = 0; axis < 3; ++axis) {
      rows_.push_back(at[axis]);
      level_axis_.push_back(axis);
    }
  }
  order_ = group_columns(crossed_parts(model, shared.paths), {{0, 6}, {6, 6}, {12, 3 * kLevels}});
  price_ = muscle_price(model);
  tone_.resize(model.n_muscle());
  for (int m = 0; m < model.n_muscle(); ++m) {
    const Muscle& muscle = model.muscles[m];
    tone_[m] = std::max(muscle.activation_min, moves_lumbar_spine(muscle) ? shared.guarding : 0.0);
  }
  contact_G_.resize(model.n_coord());
  ground_.resize(4);  // feet, ischia
  pelvis_ = model.body("pelvis");
  ilium_ = {model.body("ilium_r"), model.body("ilium_l")};
  HIPSPINE_DEMAND(pelvis_ >= 0 && ilium_[0] >= 0 && ilium_[1] >= 0);
  reset();
}

void FrameSolver::reset() {
  solver_.reset();
  trend_.resize(0);
  translation_guess_.fill(Vec3::Zero());
}

void FrameSolver::recruit(const Plan& plan, int k, bool from_last, Instant& at, FrameLoads& out, StageTimes& cpu) {
  auto start = std::chrono::steady_clock::now();
  dynamics(plan, k, at, out);
  cpu.dynamics_s += seconds_since(start);
  start = std::chrono::steady_clock::now();
  pose(at, out);
  at.problem.activation_min = tone_;
  const Eigen::VectorXd last = solver_.dual();
  if (from_last && at.dual.size() > 0)
    solver_.start_from(at.dual);
  else if (trend_.size() > 0)
    solver_.start_from(last + kTrend * trend_);
  muscles(at, out);
  at.dual = solver_.dual();
  if (last.size() > 0 && !last.isZero(0)) trend_ = at.dual - last;  // zero: this was the first
  cpu.muscle_s += seconds_since(start);
}

void FrameSolver::solve(const Eigen::VectorXd& floor, bool from_last, Instant& at, FrameLoads& out, StageTimes& cpu) {
  auto start = std::chrono::steady_clock::now();
  at.problem.activation_min = floor;
  if (from_last && at.floor_dual.size() > 0)
    solver_.start_from(at.floor_dual);
  else if (trend_.size() > 0)
    solver_.start_from(at.dual + kTrend * trend_);
  else
    solver_.start_from(at.dual);
  muscles(at, out);
  at.floor_dual = solver_.dual();
  trend_ = at.floor_dual - at.dual;
  contacts(at, out);
  cpu.muscle_s += seconds_since(start);
  start = std::chrono::steady_clock::now();
  tissue(at, out);
  cpu.tissue_s += seconds_since(start);
}

void FrameSolver::given(const Plan& plan, int k, FrameLoads& out) {
  dynamics(plan, k, given_, out);
  muscle_geometry(shared_.paths, given_.kin, given_.geometry);
  hips(given_, out);
  out.departure_rad = CoordVec::Zero(shared_.model.n_coord());
  contacts(given_, out);
  tissue(given_, out);
}

void FrameSolver::dynamics(const Plan& plan, int k, Instant& at, FrameLoads& out) {
  const Model& model = shared_.model;
  at.q = plan.q.col(k);
  at.v = plan.v.col(k);
  at.a = plan.a.col(k);
  update_position(model, at.q, at.kin);
  update_velocity(model, at.v, at.kin);
  update_acceleration(model, at.v, at.a, at.kin);
  for (int side : {kRight, kLeft}) {
    const GroundForce& g = plan.ground[side];
    ground_[side].link = model.feet[side].link;
    ground_[side].wrench_G = wrench_at(g.cop_G.col(k), g.force_G.col(k));
    ground_[side].wrench_G[1] += g.torque_y_nm[k];
    const GroundForce& seat = plan.seat[side];
    ground_[2 + side].link = model.bodies[pelvis_].link;
    ground_[2 + side].wrench_G.setZero();
    if (seat.force_G.cols() == 0) continue;  // a recorded run
    ground_[2 + side].wrench_G = wrench_at(seat.cop_G.col(k), seat.force_G.col(k));
    ground_[2 + side].wrench_G[1] += seat.torque_y_nm[k];
  }
  for (int side : {kRight, kLeft}) at.seat_G[side] = ground_[2 + side].wrench_G;
  inverse_dynamics(model, at.kin, ground_, at.id);
  out.joint_moment = at.id.tau;
  out.residual_force_n = plan.residual_n[k];
  out.residual_moment_nm = plan.residual_nm[k];
}

void FrameSolver::hips(const Instant& at, FrameLoads& out) const {
  for (int side : {kRight, kLeft}) {
    const Leg& leg = shared_.model.legs[side];
    const HipPassive passive = hip_passive(shared_.hip, shared_.limits[side], at.q[leg.hip_flexion],
                                           at.q[leg.hip_adduction], at.q[leg.hip_rotation], at.q[leg.knee]);
    out.hip_passive_nm[side] = passive.moment_nm;
    out.hip_impingement_n[side] = passive.impingement_n / shared_.model.length_scale;
  }
}

/// The muscle problem of the instant, all but the bounds.
void FrameSolver::pose(Instant& at, FrameLoads& out) const {
  const Model& model = shared_.model;
  const int rows = static_cast<int>(rows_.size()), n_muscle = model.n_muscle();
  RecruitmentProblem& p = at.problem;
  muscle_geometry(shared_.paths, at.kin, at.geometry);
  p.active_n.resize(n_muscle), p.passive_n.resize(n_muscle);
  for (int m = 0; m < n_muscle; ++m) {
    const double speed = -at.geometry.arm_m.col(m).dot(at.v);
    const MuscleCapacity c = muscle_capacity(model.muscles[m], at.geometry.length_m[m], speed);
    p.active_n[m] = c.active_n;
    p.passive_n[m] = c.passive_n;
  }
  p.price = price_;
  p.order = order_;
  p.level_axis = level_axis_;
  p.arm_m.resize(rows, n_muscle);
  p.moment_nm.resize(rows);
  p.level_stiffness_nm_rad.setZero(rows);
  for (int m = 0; m < n_muscle; ++m)
    for (int r = 0; r < rows; ++r) p.arm_m(r, m) = at.geometry.arm_m(rows_[r], m);
  for (int r = 0; r < rows; ++r) p.moment_nm[r] = at.id.tau[rows_[r]];
  hips(at, out);
  for (int side : {kRight, kLeft})
    for (int axis = 0; axis < 3; ++axis) p.moment_nm[6 * side + axis] -= out.hip_passive_nm[side][axis];
  for (int l = 0; l < kLevels; ++l) {
    const Level& level = model.levels[l];
    const int at_axis[] = {level.fe, level.lb, level.ar};
    for (int axis = 0; axis < 3; ++axis) {
      const int r = 12 + 3 * l + axis;
      const PassiveCurve::Sample passive = shared_.lumbar[l][axis].at(at.q[at_axis[axis]]);
      p.moment_nm[r] -= passive.moment_nm;
      p.level_stiffness_nm_rad[r] = std::max(0.0, -passive.slope_nm_rad);
    }
  }
}

void FrameSolver::muscles(const Instant& at, FrameLoads& out) {
  const Model& model = shared_.model;
  solver_.solve(at.problem, recruited_);
  out.recruitment_ok = recruited_.status == RecruitmentResult::Status::ok;
  out.activation = recruited_.activation;
  out.muscle_force_n = recruited_.force_n;
  out.reserve_nm = CoordVec::Zero(model.n_coord());
  out.departure_rad = CoordVec::Zero(model.n_coord());
  for (size_t r = 0; r < rows_.size(); ++r) {
    out.reserve_nm[rows_[r]] = recruited_.reserve_nm[r];
    out.departure_rad[rows_[r]] = recruited_.departure_rad[r];
  }
}

void FrameSolver::contacts(const Instant& at, FrameLoads& out) {
  const Model& model = shared_.model;
  const int n = model.n_coord();
  for (Vec6& w : contact_G_) w.setZero();
  for (Vec6& w : ilium_muscle_G_) w.setZero();
  for (const MuscleGeometry::Span& span : at.geometry.spans) {
    const Vec3 force = out.muscle_force_n[span.muscle] * span.u_G;
    const Vec6 on_a = wrench_at(span.p_a_G, force), on_b = -wrench_at(span.p_b_G, force);
    contact_G_[span.link_a] += on_a;
    contact_G_[span.link_b] += on_b;
    for (int side : {kRight, kLeft}) {
      if (span.body_a == ilium_[side]) ilium_muscle_G_[side] += on_a;
      if (span.body_b == ilium_[side]) ilium_muscle_G_[side] += on_b;
    }
  }
  for (int i = n - 1; i >= 0; --i) {
    const int p = model.coordinates[i].parent;
    if (p >= 0) contact_G_[p] += contact_G_[i];
  }
  for (int i = 0; i < n; ++i) contact_G_[i] = at.id.wrench_G[i] - contact_G_[i];

  const Body& pelvis = model.bodies[pelvis_];
  const Mat3 R_PG = (at.kin.X_GL[pelvis.link] * pelvis.X_LB).R.transpose();
  for (int side : {kRight, kLeft}) {
    out.hip_contact_P[side] = R_PG * contact_G_[model.legs[side].hip_rotation].tail<3>();
  }
  for (int l = 0; l < kLevels; ++l) {
    const Level& level = model.levels[l];
    const Mat3 R_GD = at.kin.X_GL[level.lower_link].R * level.X_LD.R;
    out.level_force_D[l] = R_GD.transpose() * contact_G_[level.upper_link].tail<3>();
  }
}

void FrameSolver::tissue(const Instant& at, FrameLoads& out) {
  const Model& model = shared_.model;
  for (int l = 0; l < kLevels; ++l) {
    const Level& level = model.levels[l];
    const Vec3 rotation(at.q[level.fe] + out.departure_rad[level.fe], at.q[level.lb] + out.departure_rad[level.lb],
                        at.q[level.ar] + out.departure_rad[level.ar]);
    out.segment[l] =
        solve_segment(shared_.spine.level[l], rotation, Vec3(-out.level_force_D[l]), translation_guess_[l]);
    if (out.segment[l].status == SegmentStatus::ok) translation_guess_[l] = out.segment[l].translation_m;
    for (int side : {kRight, kLeft})
      out.foramen_opening[l][side] = foramen_opening(shared_.nerve, side, rotation, out.segment[l].translation_m);
  }
  for (int side : {kRight, kLeft}) {
    out.sciatic_length_m[side] = nerve_length_m(shared_.nerve, side, at.kin);
    out.sciatic_strain[side] = out.sciatic_length_m[side] / shared_.nerve.upright_m[side] - 1;
  }
  // Hip bones: hip contact and capsule from the femur, muscles, weight and inertia; about the pelvis origin.
  const Body& pelvis = model.bodies[pelvis_];
  const Transform X_GP = at.kin.X_GL[pelvis.link] * pelvis.X_LB;
  const Vec3 gravity(0, -kGravity_m_s2, 0);
  std::array<Vec6, 2> wrench_P;
  for (int side : {kRight, kLeft}) {
    const Body& bone = model.bodies[ilium_[side]];
    Vec6 w = ilium_muscle_G_[side] - contact_G_[model.legs[side].hip_flexion];
    const Transform X_GB = at.kin.X_GL[bone.link] * bone.X_LB;
    const Vec3 c = X_GB * bone.p_com_B;
    const Vec6 &V = at.kin.V_G[bone.link], &A = at.kin.A_G[bone.link];
    const Vec3 omega = V.head<3>(), alpha = A.head<3>();
    const Vec3 a_c = A.tail<3>() + alpha.cross(c) + omega.cross(V.tail<3>() + omega.cross(c));
    w += wrench_at(c, bone.mass_kg * (gravity - a_c)) + at.seat_G[side];
    const Mat3 I = X_GB.R * bone.I_com_B * X_GB.R.transpose();
    w.head<3>() -= I * alpha + omega.cross(I * omega);
    const Vec3 force = w.tail<3>();
    wrench_P[side] << X_GP.R.transpose() * (w.head<3>() - X_GP.p.cross(force)), X_GP.R.transpose() * force;
  }
  const PelvisLoads ring = solve_pelvis(shared_.pelvis, wrench_P);
  out.sacroiliac = ring.sacroiliac;
  out.symphysis_force_n = ring.symphysis_force_n;
  out.pelvis_ok = ring.status == PelvisStatus::ok && ring.residual < kPelvisBalance;
}

void solve_frames(const LoadModel& loads, const Plan& plan, int threads, bool from_last, FrameWorkspace& workspace,
                  std::vector<FrameLoads>& frames, StageTimes& times) {
  frames.resize(kCyclePoints);
  std::vector<Instant>& instants = workspace.instants;
  instants.resize(kCyclePoints);
  std::array<StageTimes, kFrameChunks> cpu{};
  const auto in_chunks = [&](const auto& each) {
    std::atomic<int> next{0};
    std::vector<std::exception_ptr> faults(static_cast<std::size_t>(threads));  // none may leave a thread
    const auto work = [&](int t) {
      try {
        FrameSolver solver(loads);
        for (int chunk = next++; chunk < kFrameChunks; chunk = next++) {
          solver.reset();
          const int from = chunk * kCyclePoints / kFrameChunks, to = (chunk + 1) * kCyclePoints / kFrameChunks;
          for (int k = from; k < to; ++k) each(solver, k, cpu[chunk]);
        }
      } catch (...) {
        faults[t] = std::current_exception();
      }
    };
    std::vector<std::jthread> helpers;
    for (int t = 1; t < threads; ++t) helpers.emplace_back(work, t);
    work(0);
    helpers.clear();  // waits for them
    for (const std::exception_ptr& fault : faults)
      if (fault) std::rethrow_exception(fault);
  };
  in_chunks([&](FrameSolver& solver, int k, StageTimes& t) {
    solver.recruit(plan, k, from_last, instants[k], frames[k], t);
  });
  // A muscle cannot let go at once: what it did before bounds it from below.
  Eigen::MatrixXd activation(loads.model.n_muscle(), kCyclePoints);
  for (int k = 0; k < kCyclePoints; ++k) activation.col(k) = frames[k].activation;
  Eigen::VectorXd lowest(loads.model.n_muscle());
  for (int m = 0; m < lowest.size(); ++m) lowest[m] = loads.model.muscles[m].activation_min;
  const Eigen::MatrixXd floor =
      relaxation_floor(activation, lowest, plan.time_s[kCyclePoints - 1] / (kCyclePoints - 1));
  in_chunks([&](FrameSolver& solver, int k, StageTimes& t) {
    solver.solve(floor.col(k), from_last, instants[k], frames[k], t);
  });
  for (const StageTimes& c : cpu) {  // wall-clock share of each stage
    times.dynamics_s += c.dynamics_s / threads;
    times.muscle_s += c.muscle_s / threads;
    times.tissue_s += c.tissue_s / threads;
  }
}

}  // namespace hipspine
