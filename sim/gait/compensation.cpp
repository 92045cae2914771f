/// Newton's method on the cycle's objective, the two stages, and the sampling of a solution.
///
/// Step: (H + mu diag H) d = -g, LLT; accepted when the objective falls, mu then shrinks, else mu grows tenfold. The
/// factor is kept while each step is less than kChordRatio of the one before: a gradient costs a third of a Hessian.
/// Steps are cut to kMostStep_rad: the end of a hip is exponential, and from a posture far beyond it the plan would be
/// thrown to where no way leads back from.
/// H is Gauss-Newton; where residuals stay large (a contracture, hips that lack two directions) its steps shrink by no
/// more than a factor of 0.85 to 0.95 each. Near the answer the changes of the gradient seen along the last steps
/// correct it (limited-memory BFGS with H as the matrix it starts from), which makes that convergence superlinear.
/// Stage A runs with the dynamics weight 0.01 first, then 1: tight dynamics from a bad start are safe but slower.
#include "sim/gait/compensation.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "sim/mechanics/inverse_dynamics.h"

namespace hipspine {
namespace {

constexpr double kHalfStepWidth_m = 0.065;          // chosen: step width 130 mm, the wide end of the usual 80 to 130 mm
constexpr double kArmSwing_rad = rad_from_deg(15);  // chosen: half the arm's swing at free speed
constexpr int kShorten = 2;          // chosen: how often a step that went too far is shortened before the damping grows
constexpr double kChordRatio = 0.3;  // chosen: 0.2 to 0.5 cost the same
constexpr double kNear_rad = 1e-3;   // chosen: steps below this are near the answer; 1e-2 costs the same
constexpr double kNearRatio =
    0.8;  // chosen: of kChordRatio there, where secants know the curvature; 0.6 costs the same
constexpr double kSecantBelow_rad = 1e-2;  // chosen: smaller steps show the curvature at the answer
constexpr std::size_t kSecants = 12;       // chosen: 8 to 16 cost the same
constexpr double kMostStep_rad = 0.2;      // chosen: 0.1 to 0.4 cost about the same
constexpr double kSlowest_m_s = 0.3;       // chosen: nobody aims at less; scenarios ask for 0.4 or more
constexpr double kFreeSpeed_m_s = 1.27;    // speed of kArmSwing_rad
constexpr double kBowHips = 0.6;  // chosen: where the search for a bow starts; the answer does not depend on it
constexpr double kBowLumbar_rad =
    rad_from_deg(40);                          // size of a full bow's lumbar part [esola1996], for the levels' shares
constexpr double kSway_rad = rad_from_deg(8);  // chosen: the same for walking and standing, either way

/// Curvature seen along a step: the gradient changed by `change` over `step`.
struct Secant {
  Eigen::VectorXd step, change;
  double product;  ///< step'change > 0
};

/// Solution of B d = r, where B is the factored matrix corrected to agree with the secants, oldest first.
Eigen::VectorXd corrected_solve(const Eigen::LLT<Eigen::MatrixXd>& factor, const std::deque<Secant>& secants,
                                Eigen::VectorXd r) {
  std::vector<double> along(secants.size());
  for (std::size_t i = secants.size(); i-- > 0;) {
    along[i] = secants[i].step.dot(r) / secants[i].product;
    r -= along[i] * secants[i].change;
  }
  Eigen::VectorXd d = factor.solve(r);
  for (std::size_t i = 0; i < secants.size(); ++i)
    d += (along[i] - secants[i].change.dot(d) / secants[i].product) * secants[i].step;
  return d;
}

/// Least-squares Fourier coefficients of samples at the nodes, up to harmonic `highest`.
Harmonics fit_nodes(const std::array<double, kNodes>& value, int highest) {
  Harmonics c = Harmonics::Zero();
  for (int k = 0; k < kNodes; ++k) {
    const BasisRows b = basis_rows(static_cast<double>(k) / kNodes);
    for (int i = 0; i <= 2 * highest; ++i) c[i] += (i == 0 ? 1.0 : 2.0) / kNodes * b.f[i] * value[k];
  }
  return c;
}

}  // namespace

double leg_length_m(const Model& model) {
  Kinematics kin;
  update_position(model, CoordVec::Zero(model.n_coord()), kin);
  const Foot& foot = model.feet[kRight];
  return kin.X_GL[model.legs[kRight].hip_flexion].p.y() - point_G(kin, foot.link, foot.sole_L[0]).y();
}

namespace {

ContactTiming contact_timing(const NormalCurves& curves, const Task& task) {
  return {.toe_off = task.walks() ? curves.toe_off_frac : 1.0, .standing = !task.walks()};
}

/// How the levels share a lumbar motion of the size the task needs: walking goes a little both ways, bowing far one
/// way.
LevelShares level_shares(const LumbarCurves& lumbar, const Task& task) {
  LevelShares share;
  for (int axis = 0; axis < 3; ++axis) {
    const bool bows = task.bow_rad > 0 || task.seat.there;
    const auto flexed = shares_by_stiffness(lumbar, axis, bows ? -kBowLumbar_rad : -kSway_rad);
    const auto extended = shares_by_stiffness(lumbar, axis, kSway_rad);
    for (int l = 0; l < kLevels; ++l)
      share[axis][l] = bows && axis == kFE ? flexed[l] : 0.5 * (flexed[l] + extended[l]);
  }
  return share;
}

}  // namespace

Planner::Planner(const Model& model, const NormalGait& gait, const HipPassiveParameters& hip,
                 const LumbarCurves& lumbar, const Strategy& fit_weights, const Task& task)
    : model_(model),
      contact_(model, contact_timing(normal_curves(gait, task.speed_m_s, leg_length_m(model)), task),
               kHalfStepWidth_m * model.length_scale,
               normal_curves(gait, task.speed_m_s, leg_length_m(model)).toe_out_rad),
      problem_(model, contact_, hip, lumbar, level_shares(lumbar, task)) {
  problem_.targets.speed_m_s = speed_m_s_ = task.speed_m_s;
  problem_.weights = fit_weights;
  for (int side : {kRight, kLeft}) problem_.limits[side] = problem_.healthy_limits[side] = HipLimits{};
  if (task.walks()) {
    problem_.set_arms(kArmSwing_rad * task.speed_m_s / kFreeSpeed_m_s, 0);
    set_walking(normal_curves(gait, task.speed_m_s, leg_length_m(model)));
    fit_walking();
  } else {
    problem_.set_arms(0, task.bow_rad);
    if (task.seat.there)
      set_seated(task);
    else
      set_standing(task);
    fit_standing(task);
  }
  problem_.targets.posture = fit_.state;  // from here on the healthy plan is what everything is measured from
  problem_.set_paths_from_posture();
  problem_.price_tissue = true;
  problem_.price_whole_hip = false;
}

void Planner::fit_walking() {
  problem_.targets.stride_m = problem_.targets.posture.g[kStride];
  problem_.set_paths_from_posture();
  problem_.price_tissue = false;
  problem_.dynamics_weight = 0.01;
  const PlanSolution rough = newton(problem_.targets.posture, 1e-4, 30);
  problem_.dynamics_weight = 1;
  fit_ = newton(rough.state, 1e-9, 60);
  fit_.iterations += rough.iterations;
}

void Planner::fit_standing(const Task& task) {
  // Starts near: hips and levels take the bow as people do, the pelvis stands on the feet.
  PlanState x = problem_.targets.posture;
  const auto bow = [&](int j, double part) {
    x.c(0, j) += 0.5 * part * task.bow_rad;
    x.c(1, j) -= 0.5 * part * task.bow_rad;
  };
  bow(kTilt, -kBowHips);
  bow(kExtension, -(1 - kBowHips));
  for (int start : kLegStart) bow(start, kBowHips);
  put_pelvis_on_feet(x, task.seat.there ? kHarmonics : 2);
  problem_.price_tissue = true;
  problem_.price_whole_hip = true;
  problem_.targets.stride_m = problem_.targets.posture.g[kStride];
  problem_.dynamics_weight = 0.01;
  const PlanSolution rough = newton(x, 1e-4, 60);
  problem_.dynamics_weight = 1;
  fit_ = newton(rough.state, 1e-9, 80);
  fit_.iterations += rough.iterations;
}

/// Upright on both feet; the thorax bows by the task, and nothing says how.
void Planner::set_standing(const Task& task) {
  PlanState& x = problem_.targets.posture;
  x.g[kPeriod] = task.period_s;
  for (Vec3& force : problem_.targets.force_n) force = Vec3(0, model_.weight_n(), 0);
  put_pelvis_on_feet(x, 0);
  problem_.set_paths_from_posture();
  for (int k = 0; k < kNodes; ++k) {
    const double bow_rad = 0.5 * task.bow_rad * (1 - basis_rows(static_cast<double>(k) / kNodes).f[1]);
    problem_.targets.R_thorax_G[k] = rotation(Vec3::UnitZ(), -bow_rad) * problem_.targets.R_thorax_G[k];
  }
}

void Planner::set_walking(const NormalCurves& curves) {
  PlanState& x = problem_.targets.posture;
  const auto& angle = curves.angle_rad;
  x.c.col(kTilt) = angle[kPelvisTilt];
  x.c.col(kList) = angle[kPelvisList];
  x.c.col(kTurn) = angle[kPelvisRotation];
  for (int side : {kRight, kLeft}) {
    for (int j = 0; j < 6; ++j) {
      const Harmonics& curve = angle[kHipFlexion + j];
      x.c.col(kLegStart[side] + j) = side == kRight ? curve : half_cycle_later(curve);
    }
  }
  x.c.col(kExtension) = angle[kLumbarExtension];
  x.c.col(kBending) = angle[kLumbarBending];
  x.c.col(kAxial) = angle[kLumbarRotation];
  x.g[kStride] = curves.stride_length_m;
  x.g[kPeriod] = curves.period_s;
  force_bw_ = curves.force_bw;
  for (int k = 0; k < kNodes; ++k) problem_.targets.force_n[k] = normal_force_n(problem_.node_phase(k));
  put_pelvis_on_feet(x, 2);
}

/// The pelvis rides on the standing feet: height and forward place from the sole points' own windows.
void Planner::put_pelvis_on_feet(PlanState& x, int highest_harmonic) const {
  std::array<double, kNodes> height, forward;
  Kinematics kin;
  CoordVec q, v, a;
  Eigen::Matrix<double, 3, kPlanGlobals> unused;
  x.c.col(kTx).setZero();
  x.c.col(kTy).setZero();
  for (int k = 0; k < kNodes; ++k) {
    const double p = static_cast<double>(k) / kNodes;
    const BasisRows b = basis_rows(p);
    problem_.map().expand(x.c.transpose() * b.f, ReducedVec::Zero(), ReducedVec::Zero(), p, 1, q, v, a);
    update_position(model_, q, kin);
    double weight = 0, lift = 0, shift = 0;
    for (int side : {kRight, kLeft}) {
      const double u = contact_.foot_phase(side, p);
      for (int s = 0; s < 3; ++s) {
        const double window = contact_.stance_window(s, u);
        const Vec3 point = point_G(kin, model_.feet[side].link, model_.feet[side].sole_L[s]);
        const Vec3 target = contact_.sole_target(side, s, p, x.g, unused);
        weight += window;
        lift += window * (target.y() - point.y());
        shift += window * (target.x() - point.x());
      }
    }
    height[k] = lift / weight;
    forward[k] = shift / weight;
  }
  x.c.col(kTy) = fit_nodes(height, highest_harmonic);
  x.c.col(kTx) = fit_nodes(forward, highest_harmonic);
}

PlanSolution Planner::newton(PlanState x, double tolerance_rad, int max_iterations, bool keep) {
  using Order = PlanProblem::Order;
  PlanSolution out;
  problem_.forget();
  double value = problem_.evaluate(x, keep ? Order::gradient : Order::hessian);
  double mu = 1e-6;
  bool stale = !keep;   // the factor is of another damping or another Hessian
  bool foreign = keep;  // the factor is of an earlier solve
  // Of the step before with this factor; infinite when it is fresh, large when it is of an earlier solve.
  double last_rad = keep ? 1e3 : std::numeric_limits<double>::infinity();
  bool chords = true;  // whether a kept factor may serve; not after it failed, until fresh ones converge as fast
  double accepted_rad = std::numeric_limits<double>::infinity();  // of the step before
  std::deque<Secant> secants;
  Eigen::VectorXd gradient = problem_.gradient();  // at x
  for (out.iterations = 0; out.iterations < max_iterations;) {
    if (stale) {
      damped_ = problem_.hessian();
      damped_.diagonal() *= 1 + mu;
      factor_.compute(damped_);
      stale = foreign = false;
      last_rad = std::numeric_limits<double>::infinity();
    }
    Eigen::VectorXd step = corrected_solve(factor_, secants, -gradient);
    const double longest_rad = step.segment(3 * kBasis, (kReduced - 3) * kBasis).cwiseAbs().maxCoeff();
    if (longest_rad > kMostStep_rad) step *= kMostStep_rad / longest_rad;
    ++out.iterations;
    const bool sound = factor_.info() == Eigen::Success && step.allFinite();
    PlanState trial = x;
    bool with_hessian = false;
    double after = std::numeric_limits<double>::infinity();
    if (sound) {
      trial.c += Eigen::Map<const Coefficients>(step.data());
      trial.g += step.tail<kPlanGlobals>();
      out.step_rad = std::min(longest_rad, kMostStep_rad);
      with_hessian = !chords;  // where a kept factor may not serve, the next step wants the Hessian there anyway
      after = problem_.evaluate(trial, with_hessian ? Order::hessian : Order::gradient);
    }
    const double rounding = 1e-12 * (1 + std::abs(value));
    const bool old_factor = std::isfinite(last_rad);
    // Too far along a direction of descent: back to the minimum of the parabola through what is known of it.
    bool shortened = false;
    for (int k = 0; k < kShorten && sound && !old_factor && !(after <= value + rounding); ++k) {
      const double slope = gradient.dot(step), curve = after - value - slope;
      step *= std::isfinite(curve) ? std::clamp(-0.5 * slope / curve, 0.1, 0.6) : 0.1;
      trial = x;
      trial.c += Eigen::Map<const Coefficients>(step.data());
      trial.g += step.tail<kPlanGlobals>();
      with_hessian = false;
      after = problem_.evaluate(trial, Order::gradient);
      shortened = true;
    }
    if (!(after <= value + rounding)) {  // also when not finite
      problem_.evaluate(x, Order::hessian);
      stale = true;
      secants.clear();
      chords = false;
      if (old_factor) continue;  // a fresh one may do
      mu = std::max(mu * 10, 1e-4);
      if (mu > 1e6) break;
      continue;
    }
    Secant seen{step, problem_.gradient() - gradient, 0};
    seen.product = seen.step.dot(seen.change);
    x = trial;
    value = after;
    gradient = problem_.gradient();
    // A factor of another problem says how far there is to go only by how its steps shrink.
    const bool unsure = foreign && (out.iterations == 1 || out.step_rad > kChordRatio * last_rad);
    if (out.step_rad < tolerance_rad && !shortened && !unsure) break;
    if (out.step_rad < kSecantBelow_rad && seen.product > 1e-8 * seen.step.norm() * seen.change.norm()) {
      secants.push_back(std::move(seen));
      if (secants.size() > kSecants) secants.pop_front();
    }
    // Near the answer a fresh Gauss-Newton matrix converges no faster than a kept one with its secants.
    const double ratio = out.step_rad < kNear_rad ? kNearRatio : kChordRatio;
    if (out.step_rad < ratio * accepted_rad) chords = true;
    accepted_rad = out.step_rad;
    if (!chords || out.step_rad > ratio * last_rad || mu > 1e-6) {
      if (!with_hessian) problem_.evaluate(x, Order::hessian);
      stale = true;
      mu = std::max(mu * 0.1, 1e-6);
    } else {
      last_rad = out.step_rad;
    }
  }
  out.state = x;
  out.costs = problem_.costs();
  const bool finite = x.c.allFinite() && x.g.allFinite() && std::isfinite(value);
  out.status = !finite                        ? Plan::Status::not_finite
               : out.step_rad < tolerance_rad ? Plan::Status::ok
                                              : Plan::Status::limited;
  return out;
}

PlanSolution Planner::solve(const PlanQuestion& question, const PlanSolution* warm, double tolerance_rad) {
  pose(question);
  const PlanState start = warm ? warm->state : start_of(question);
  return newton(start, tolerance_rad, kMostIterations, warm != nullptr);
}

void Planner::pose(const PlanQuestion& question) {
  const bool weak = std::min(question.abductor_strength[kRight], question.abductor_strength[kLeft]) < 1;
  const PlanState* baseline = weak ? &strong(question.strategy) : nullptr;
  problem_.weights = question.strategy;
  problem_.tight = question.tight;
  problem_.abductor_strength = question.abductor_strength;
  problem_.abductor_capacity_nm = question.abductor_capacity_nm;
  problem_.pain = question.pain;
  problem_.pain_law = question.pain_law;
  set_limp(limp_of(question.pain_law, question.pain));
  PlanTargets& targets = problem_.targets;
  targets.stride_m = fit_.state.g[kStride];
  targets.speed_m_s = speed_m_s_;
  if (const double slower = slower_of(question.pain_law, question.pain); slower > 0 && !contact_.timing().standing) {
    targets.speed_m_s = std::max(kSlowest_m_s, speed_m_s_ - slower);
    targets.stride_m *= targets.speed_m_s / speed_m_s_;  // by the stride, at the same cadence [constantinou2014]
  }
  for (int side : {kRight, kLeft}) {
    for (int k = 0; k < kNodes && baseline; ++k) {
      const double w = limping_phase(problem_.node_phase(k), contact_.timing().limp);
      targets.adduction_rad[side][k] = baseline->c.col(kLegStart[side] + 1).dot(basis_rows(w).f);
    }
    problem_.limits[side] = within_healthy(question.limits[side]);
    // Only what is stiffer than healthy is minded; a softer capsule is felt in the loads alone.
    problem_.limits[side].stiffness_scale = std::max(1.0, question.limits[side].stiffness_scale);
    problem_.healthy_limits[side] = HipLimits{};
  }
}

namespace {

/// Turns the summed moment in column k of `cop_G` into the place on the seat where the force acts and the torque about
/// the vertical through it.
void place_on_seat(const SeatPlan& seat, std::ptrdiff_t side, int k, GroundForce& ischium) {
  const Vec3 force = ischium.force_G.col(k), moment = ischium.cop_G.col(k);
  Vec3 place(seat.x_m, seat.height_m, seat.ischium_P[static_cast<std::size_t>(side)].z());
  if (force.y() > 1e-6) {
    place.x() = (moment.z() + force.x() * seat.height_m) / force.y();
    place.z() = (seat.height_m * force.z() - moment.x()) / force.y();
    ischium.torque_y_nm[k] = moment.y() - (place.z() * force.x() - place.x() * force.z());
  }
  ischium.cop_G.col(k) = place;
}

}  // namespace

Plan Planner::sample(const PlanSolution& solution) const {
  constexpr int n = kCyclePoints;
  const PlanState& x = solution.state;
  Plan plan;
  plan.status = solution.status;
  plan.iterations = solution.iterations;
  plan.stride_length_m = x.g[kStride];
  plan.period_s = x.g[kPeriod];
  const Footprint right = contact_.footprint(kRight, x.g), left = contact_.footprint(kLeft, x.g);
  const double left_down = left_strike(contact_.timing().limp);
  plan.step_length_m[kRight] = right.x_m - left.x_m + (1 - left_down) * x.g[kStride];
  plan.step_length_m[kLeft] = x.g[kStride] - plan.step_length_m[kRight];
  const ContactTiming& timing = contact_.timing();
  plan.toe_off_pct = {100 * phase_of_limping(timing.toe_off, timing.limp),
                      100 * phase_of_limping(timing.toe_off - 0.5, timing.limp)};
  plan.limp = timing.limp;
  plan.left_strike_pct = 100 * left_down;
  plan.time_s.resize(n);
  plan.residual_n.resize(n);
  plan.residual_nm.resize(n);
  for (Eigen::MatrixXd* m : {&plan.q, &plan.v, &plan.a}) m->resize(model_.n_coord(), n);
  for (GroundForce& seat : plan.seat) {
    seat.force_G = seat.cop_G = Eigen::Matrix3Xd::Zero(3, n);
    seat.torque_y_nm = Eigen::VectorXd::Zero(n);
  }
  for (GroundForce& ground : plan.ground) {
    ground.force_G.resize(3, n);
    ground.cop_G.resize(3, n);
    ground.torque_y_nm.resize(n);
  }
  Kinematics kin;
  InverseDynamics needed;
  CoordVec q, v, a;
  ContactPlan::Generators gen;
  Eigen::Matrix<double, 3, kPlanGlobals> unused;
  for (int k = 0; k < n; ++k) {
    const double p = static_cast<double>(k) / (n - 1);
    const BasisRows b = basis_rows(p);
    problem_.map().expand(x.c.transpose() * b.f, x.c.transpose() * b.df, x.c.transpose() * b.ddf, p, x.g[kPeriod], q, v,
                          a);
    update_position(model_, q, kin);
    update_velocity(model_, v, kin);
    update_acceleration(model_, v, a, kin);
    inverse_dynamics(model_, kin, {}, needed);
    const Vec6& w = needed.wrench_G[0];  // the whole body hangs on its first coordinate
    contact_.generators(p, x.g, gen);
    Vec6 W;
    W << Vec3::Constant(1 / problem_.weights.dynamics_nm), Vec3::Constant(1 / problem_.weights.dynamics_n);
    ConeDistance cone;
    cone_distance(w, gen.G, W, false, cone);
    const Vec6 residual = w - gen.G * cone.lambda;
    plan.residual_nm[k] = residual.head<3>().norm();
    plan.residual_n[k] = residual.tail<3>().norm();
    for (int side : {kRight, kLeft})
      for (int i = 0; i < 4 * kSeatPoints && contact_.seat().there; ++i) {
        // Moments of all of an ischium's edges add up to its force at one place on the seat and a torque about it.
        const int at = kContactGenerators + side * 4 * kSeatPoints + i;
        const Vec3 force = cone.lambda[at] * gen.G.col(at).tail<3>();
        plan.seat[side].force_G.col(k) += force;
        plan.seat[side].cop_G.col(k) += cone.lambda[at] * gen.G.col(at).head<3>();
      }
    if (contact_.seat().there)
      for (GroundForce& seat : plan.seat) place_on_seat(contact_.seat(), &seat - plan.seat.data(), k, seat);
    const double travelled = x.g[kStride] * p;
    plan.time_s[k] = p * x.g[kPeriod];
    for (int side : {kRight, kLeft}) {
      GroundForce& ground = plan.ground[side];
      Vec6 f = Vec6::Zero();
      for (int i = side * 16; i < side * 16 + 16; ++i) f += cone.lambda[i] * gen.G.col(i);
      const Vec3 force = f.tail<3>();
      ground.force_G.col(k) = force;
      Vec3 cop(0, 0, 0);
      double torque = 0;
      if (force.y() > 1e-6 * model_.weight_n()) {
        cop = Vec3(f[2] / force.y(), 0, -f[0] / force.y());
        torque = f[1] - (cop.z() * force.x() - cop.x() * force.z());
      } else {  // in the air: under the ball it left or the heel it will land on
        const double u = contact_.foot_phase(side, p);
        cop = contact_.sole_target(side, u < 0.5 || u > 0.8 ? 0 : 1, p, x.g, unused);
      }
      ground.cop_G.col(k) = cop + Vec3(travelled, 0, 0);
      ground.torque_y_nm[k] = torque;
      const double u = contact_.foot_phase(side, p);
      for (int s = 0; s < 3; ++s) {
        if (contact_.stance_window(s, u) < 0.999) continue;
        const Foot& foot = model_.feet[side];
        const Vec3 error = point_G(kin, foot.link, foot.sole_L[s]) - contact_.sole_target(side, s, p, x.g, unused);
        plan.slip_mm = std::max(plan.slip_mm, mm_from_m(std::hypot(error.x(), error.z())));
      }
    }
    q[0] += travelled;
    v[0] += x.g[kStride] / x.g[kPeriod];
    plan.q.col(k) = q;
    plan.v.col(k) = v;
    plan.a.col(k) = a;
  }
  for (int i = 0; i < PlanCosts::kCount; ++i) plan.costs.push_back({PlanCosts::kName[i], solution.costs.value[i]});
  return plan;
}

}  // namespace hipspine
