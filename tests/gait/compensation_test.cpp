// The planner on the shipped body: derivatives, nothing lost = nothing changed, mirror, continuity, one minimum.
#include "sim/gait/compensation.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>

#include "sim/model/model_file.h"

using namespace hipspine;

namespace {

constexpr unsigned kSeed = 4711;

/// Everything a planner needs, from the shipped files.
struct Setup {
  Diagnostics diagnostics;
  Scenario scenario;
  std::filesystem::path folder = default_model_folder();
  Model model = load_model(folder, scenario, diagnostics);
  NormalGait gait = load_normal_gait(folder, diagnostics);
  HipPassiveParameters hip = load_hip_passive(folder, diagnostics);
  Spine spine = load_spine(folder, model, diagnostics);
  Strategy fit = load_strategy(folder, "healthy_fit", diagnostics);
  Strategy balanced = load_strategy(folder, "balanced", diagnostics);
  PainLaw pain_law = load_pain_law(folder, diagnostics);
  LumbarCurves lumbar;
  std::unique_ptr<Planner> planner;
  Setup() {
    REQUIRE_MESSAGE(!diagnostics.has_errors(), diagnostics.text());
    for (int l = 0; l < kLevels; ++l) {
      for (int axis = 0; axis < 3; ++axis) lumbar[l][axis] = passive_curve(spine.level[l], axis, 500);
    }
    planner = std::make_unique<Planner>(model, gait, hip, lumbar, fit, Task{"walk", 1.27});
  }
  [[nodiscard]] PlanQuestion question() const { return {.limits = {HipLimits{}, HipLimits{}}, .strategy = balanced}; }
};

Setup& setup() {
  static Setup s;
  return s;
}

double largest_difference(const Plan& a, const Plan& b) { return (a.q - b.q).cwiseAbs().maxCoeff(); }

PlanQuestion right_extension(double deg) {
  PlanQuestion q = setup().question();
  q.limits[kRight].extension_max_rad = rad_from_deg(deg);
  return q;
}

}  // namespace

TEST_CASE("objective: gradient against central differences, all terms on") {
  CAPTURE(kSeed);
  Setup& s = setup();
  const NormalCurves curves = normal_curves(s.gait, 1.27, leg_length_m(s.model));
  ContactPlan contact(s.model, {curves.toe_off_frac, 0.03}, 0.06, curves.toe_out_rad);
  SUBCASE("walking") {}
  SUBCASE("with a seat near by for a third of the cycle, either ischium off its place") {
    contact.set_seat({true, 0.85, 0.05, {Vec3(0.02, -0.08, 0.06), Vec3(0.02, -0.08, -0.06)}, -0.03, 0.3});
  }
  LevelShares share;
  for (auto& axis : share) axis.fill(1.0 / kLevels);
  PlanProblem problem(s.model, contact, s.hip, s.lumbar, share);
  problem.set_arms(0.2, 0);
  problem.targets.posture = s.planner->healthy_fit().state;
  problem.targets.speed_m_s = 1.2;
  problem.targets.stride_m = 1.3;
  for (Vec3& f : problem.targets.force_n) f = Vec3(10, 700, 5);
  problem.set_paths_from_posture();
  problem.weights = s.balanced;
  problem.limits[kRight].extension_max_rad = rad_from_deg(5);
  problem.limits[kLeft].adduction_max_rad = rad_from_deg(2);
  TightMuscle tight;
  tight.length_m = 0.30;
  tight.slack_m = 0.295;
  tight.force_n = 30;
  tight.slope[kLegStart[kRight]] = -0.04;
  tight.slope[kExtension] = 0.01;
  tight.curve(kLegStart[kRight], kLegStart[kRight]) = 0.02;
  problem.tight = {tight};
  problem.abductor_strength = {0.6, 0.8};
  problem.abductor_capacity_nm = {300, 300};
  problem.pain = {HipPain{8, 6, 5}, HipPain{2, 9, 0}};
  problem.pain_law = s.pain_law;
  std::mt19937 engine(kSeed);
  std::normal_distribution<double> noise;
  PlanState x = problem.targets.posture;
  for (int j = 0; j < kReduced; ++j) {
    for (int b = 0; b < 5; ++b) x.c(b, j) += (j < 3 ? 0.002 : 0.01) * noise(engine);
  }
  x.g[kToeOut_L] += 0.02;
  problem.evaluate(x, PlanProblem::Order::hessian);
  const Eigen::VectorXd gradient = problem.gradient();
  CHECK(problem.hessian().llt().info() == Eigen::Success);  // positive definite
  for (int k = 0; k < 60; ++k) {
    const int i = k < kPlanGlobals ? kReduced * kBasis + k : static_cast<int>(engine() % (kReduced * kBasis));
    CAPTURE(i);
    const double h = 1e-6;
    PlanState up = x, down = x;
    double* const pu = i < kReduced * kBasis ? up.c.data() + i : up.g.data() + (i - kReduced * kBasis);
    double* const pd = i < kReduced * kBasis ? down.c.data() + i : down.g.data() + (i - kReduced * kBasis);
    *pu += h;
    *pd -= h;
    const double difference =
        (problem.evaluate(up, PlanProblem::Order::gradient) - problem.evaluate(down, PlanProblem::Order::gradient)) /
        (2 * h);
    CHECK(gradient[i] == doctest::Approx(difference).epsilon(2e-4).scale(1 + 1e-3 * gradient.cwiseAbs().maxCoeff()));
  }
}

TEST_CASE("objective: where dynamics holds, its Hessian is how its gradient changes") {
  // At the healthy plan the wrench lies nearly in the cone, so that what Gauss and Newton leave out is small. Dynamics
  // alone: all terms with it less all without.
  Setup& s = setup();
  const NormalCurves curves = normal_curves(s.gait, 1.27, leg_length_m(s.model));
  const ContactPlan contact(s.model, {curves.toe_off_frac}, 0.065, curves.toe_out_rad);
  LevelShares share;
  for (auto& axis : share) axis.fill(1.0 / kLevels);
  PlanProblem problem(s.model, contact, s.hip, s.lumbar, share);
  problem.set_arms(rad_from_deg(15), 0);
  problem.weights = s.balanced;
  const PlanState x = problem.targets.posture = s.planner->healthy_fit().state;
  problem.targets.stride_m = x.g[kStride];
  problem.targets.speed_m_s = x.g[kStride] / x.g[kPeriod];
  for (Vec3& f : problem.targets.force_n) f = Vec3(0, s.model.weight_n(), 0);
  problem.set_paths_from_posture();
  const auto of_dynamics = [&](const auto& read) {
    problem.dynamics_weight = 1;
    const auto with = read();
    problem.dynamics_weight = 0;
    return (with - read()).eval();
  };
  const auto gradient = [&](const PlanState& at) {
    return of_dynamics([&]() -> Eigen::VectorXd {
      problem.evaluate(at, PlanProblem::Order::gradient);
      return problem.gradient();
    });
  };
  const Eigen::MatrixXd lower = of_dynamics([&]() -> Eigen::MatrixXd {
    problem.evaluate(x, PlanProblem::Order::hessian);
    return problem.hessian();
  });
  const Eigen::MatrixXd H = lower.selfadjointView<Eigen::Lower>();
  const auto compare = [&](int column, double h, auto&& move) {
    CAPTURE(column);
    PlanState up = x, down = x;
    move(up) += h, move(down) -= h;
    const Eigen::VectorXd change = (gradient(up) - gradient(down)) / (2 * h);
    // What Gauss and Newton leave out, the pull times the generators' own change, is about the same for a footprint's
    // shift and for its turn; but a turn's column is a fortieth of a shift's (1 rad, 1 m), so that there it counts.
    const double left_out = column >= kReduced * kBasis + kToeOut_R ? 0.4 : 0.1;
    CHECK((change - H.col(column)).norm() < left_out * change.norm());
  };
  for (int g = 0; g < kPlanGlobals; ++g)
    compare(kReduced * kBasis + g, 1e-5, [g](PlanState& at) -> double& { return at.g[g]; });
  for (int j = 0; j < kReduced; ++j)
    compare(j * kBasis + 3, 1e-5, [j](PlanState& at) -> double& { return at.c(3, j); });
}

TEST_CASE("healthy plan: converged, feet still, no help at the pelvis") {
  Setup& s = setup();
  const PlanSolution healthy = s.planner->solve(s.question(), nullptr, 1e-9);
  CHECK(healthy.status == Plan::Status::ok);
  const Plan plan = s.planner->sample(healthy);
  CHECK(plan.residual_n.maxCoeff() < 5);
  CHECK(plan.residual_nm.maxCoeff() < 5);
  CHECK(plan.slip_mm < 5);
  // The mean ground force over a stride carries the weight.
  double mean = 0;
  for (int k = 0; k < kCyclePoints - 1; ++k) {
    mean += (plan.ground[kRight].force_G(1, k) + plan.ground[kLeft].force_G(1, k)) / (kCyclePoints - 1);
  }
  CHECK(mean == doctest::Approx(s.model.weight_n()).epsilon(2e-3));
  for (int side : {kRight, kLeft}) {
    CHECK(plan.ground[side].force_G.row(1).minCoeff() >= 0);
    for (int k = 0; k < kCyclePoints; ++k) {
      const Vec3 f = plan.ground[side].force_G.col(k);
      if (f.y() > 0.05 * s.model.weight_n()) CHECK(std::hypot(f.x(), f.z()) < 0.6 * f.y());
    }
  }
  // Both halves of a healthy stride are each other's mirror image.
  CHECK(plan.step_length_m[kRight] == doctest::Approx(plan.step_length_m[kLeft]).epsilon(1e-9));
}

TEST_CASE("range beyond what is used is not missed") {
  Setup& s = setup();
  const Plan healthy = s.planner->sample(s.planner->solve(s.question(), nullptr, 1e-9));
  PlanQuestion wide = s.question();
  wide.limits[kRight].extension_max_rad = rad_from_deg(30);
  wide.limits[kLeft].abduction_max_rad = rad_from_deg(60);
  CHECK(largest_difference(healthy, s.planner->sample(s.planner->solve(wide, nullptr, 1e-9))) == 0);
  PlanQuestion unused = s.question();
  unused.limits[kRight].flexion_max_rad = rad_from_deg(90);
  CHECK(largest_difference(healthy, s.planner->sample(s.planner->solve(unused, nullptr, 1e-9))) < rad_from_deg(1e-3));
}

TEST_CASE("a softer hip walks like a healthy one, a stiffer one with less extension") {
  Setup& s = setup();
  const Plan healthy = s.planner->sample(s.planner->solve(s.question(), nullptr, 1e-9));
  const int hip = s.model.legs[kRight].hip_flexion;
  double last = healthy.q.row(hip).minCoeff();
  for (const double scale : {0.1, 0.5, 1.0, 1.5, 2.0, 4.0}) {
    CAPTURE(scale);
    PlanQuestion q = s.question();
    q.limits[kRight].stiffness_scale = scale;
    const Plan p = s.planner->sample(s.planner->solve(q, nullptr, 1e-9));
    if (scale <= 1) {
      CHECK(largest_difference(healthy, p) == 0);
    } else {
      CHECK(p.q.row(hip).minCoeff() > last);
    }
    last = p.q.row(hip).minCoeff();
  }
}

TEST_CASE("a mirrored question has the mirrored answer") {
  Setup& s = setup();
  PlanQuestion right = right_extension(0), left = s.question();
  right.limits[kRight].adduction_max_rad = rad_from_deg(3);
  left.limits[kLeft] = right.limits[kRight];
  const Plan a = s.planner->sample(s.planner->solve(right, nullptr, 1e-10));
  const Plan b = s.planner->sample(s.planner->solve(left, nullptr, 1e-10));
  double worst = 0;
  const int half = (kCyclePoints - 1) / 2;
  for (int k = 0; k <= half; ++k) {
    CoordVec qa = a.q.col(k + half), qb = b.q.col(k);
    qa[0] = qb[0] = 0;  // distance walked
    worst = std::max(worst, (mirrored(s.model, qa) - qb).cwiseAbs().maxCoeff());
    const Vec3 fa = a.ground[kRight].force_G.col(k + half), fb = b.ground[kLeft].force_G.col(k);
    worst = std::max(worst, (Vec3(fa.x(), fa.y(), -fa.z()) - fb).norm() / s.model.weight_n());
  }
  CHECK(worst < 1e-9);
  CHECK(a.step_length_m[kRight] == doctest::Approx(b.step_length_m[kLeft]).epsilon(1e-10));
}

TEST_CASE("lost extension, 20 to -10 deg: what people do, smoothly") {
  Setup& s = setup();
  const PlanSolution healthy_solution = s.planner->solve(s.question(), nullptr, 1e-9);
  const Plan healthy = s.planner->sample(healthy_solution);
  const int hip = s.model.legs[kRight].hip_flexion, tilt = s.model.coordinate("pelvis_tilt");
  const auto lumbar_at = [&](const Plan& p, int k) {
    double sum = 0;
    for (const Level& level : s.model.levels) sum += p.q(level.fe, k);
    return sum;
  };
  double last_tilt = healthy.q(tilt, 50), last_lumbar = lumbar_at(healthy, 50), last_length = healthy.stride_length_m;
  PlanSolution warm = healthy_solution;
  for (int limit = 15; limit >= -10; limit -= 5) {
    CAPTURE(limit);
    const PlanQuestion q = right_extension(limit);
    const PlanSolution cold = s.planner->solve(q, nullptr, 1e-9);
    warm = s.planner->solve(q, &warm, 1e-9);
    CHECK(cold.status == Plan::Status::ok);
    CHECK((cold.state.c - warm.state.c).cwiseAbs().maxCoeff() < rad_from_deg(1e-4));  // one minimum
    const Plan p = s.planner->sample(cold);
    CHECK(p.slip_mm < 5);
    CHECK(p.residual_n.maxCoeff() < 5);
    CHECK(p.residual_nm.maxCoeff() < 5);
    CHECK(-p.q.row(hip).minCoeff() - rad_from_deg(limit) < rad_from_deg(3));
    CHECK(p.q(tilt, 50) < last_tilt);        // more anterior tilt
    CHECK(lumbar_at(p, 50) > last_lumbar);   // more lordosis
    CHECK(p.stride_length_m < last_length);  // shorter stride
    const double lost = p.q.row(hip).minCoeff() - healthy.q.row(hip).minCoeff();
    const double gained = healthy.q(tilt, 50) - p.q(tilt, 50);
    if (lost > rad_from_deg(2)) {
      CHECK(gained / lost > 0.7);
      CHECK(gained / lost < 1.3);
    }
    last_tilt = p.q(tilt, 50);
    last_lumbar = lumbar_at(p, 50);
    last_length = p.stride_length_m;
  }
}

TEST_CASE("the answer depends neither on where its search started nor on what was asked before") {
  Setup& s = setup();
  std::vector<PlanQuestion> questions;
  for (const auto& [right, left] : {std::pair(12.4, 20.0), {12.6, 20.0}, {7.3, 3.1}, {0.0, 20.0}, {-13.7, 17.0}}) {
    PlanQuestion q = right_extension(right);
    q.limits[kLeft].extension_max_rad = rad_from_deg(left);
    questions.push_back(q);
  }
  questions[2].limits[kRight].adduction_max_rad = rad_from_deg(2);
  questions[3].abductor_strength = {0.5, 1};
  questions[3].abductor_capacity_nm = {110, 110};
  Planner forwards(s.model, s.gait, s.hip, s.lumbar, s.fit, Task{"walk", 1.27});
  Planner backwards(s.model, s.gait, s.hip, s.lumbar, s.fit, Task{"walk", 1.27});
  std::vector<Plan> plans;
  for (const PlanQuestion& q : questions) plans.push_back(forwards.sample(forwards.solve(q, nullptr, 1e-9)));
  for (std::size_t i = questions.size(); i-- > 0;) {
    CAPTURE(i);
    CHECK(plans[i].status == Plan::Status::ok);
    CHECK(backwards.sample(backwards.solve(questions[i], nullptr, 1e-9)).q == plans[i].q);
    const Plan from_healthy = forwards.sample(forwards.solve(questions[i], &forwards.healthy_fit(), 1e-9));
    CHECK(largest_difference(from_healthy, plans[i]) < 1e-7);
  }
}

TEST_CASE("hips that lack several directions, or very much: still one answer") {
  Setup& s = setup();
  PlanQuestion several = s.question();
  several.limits[kRight].extension_max_rad = rad_from_deg(-9);
  several.limits[kRight].adduction_max_rad = rad_from_deg(2);
  several.limits[kRight].external_rotation_max_rad = rad_from_deg(10);
  several.limits[kLeft].abduction_max_rad = rad_from_deg(19);
  several.limits[kLeft].adduction_max_rad = rad_from_deg(15);
  several.limits[kLeft].external_rotation_max_rad = rad_from_deg(11);
  several.strategy = load_strategy(s.folder, "pelvic_rotation", s.diagnostics);
  PlanQuestion much = s.question();  // the healthy walk lies 65 deg beyond this limit
  much.limits[kRight].extension_max_rad = rad_from_deg(-48);
  much.limits[kRight].internal_rotation_max_rad = rad_from_deg(-32);
  for (const PlanQuestion& q : {several, much}) {
    const PlanSolution cold = s.planner->solve(q, nullptr, 1e-9);
    CHECK(cold.status == Plan::Status::ok);
    const Plan p = s.planner->sample(cold);
    CHECK(p.stride_length_m > 0.5);
    CHECK(-p.q.row(s.model.legs[kRight].hip_flexion).minCoeff() - q.limits[kRight].extension_max_rad < rad_from_deg(5));
  }
}

TEST_CASE("pain: less moment, shorter stance, slower; a mirrored limp is the same walk begun with the other foot") {
  Setup& s = setup();
  PlanQuestion right = s.question(), left = right;
  right.pain_law = left.pain_law = s.pain_law;
  const Plan none = s.planner->sample(s.planner->solve(right, nullptr, 1e-10));
  right.pain[kRight] = left.pain[kLeft] = HipPain{7, 5, 0};
  const Plan a = s.planner->sample(s.planner->solve(right, nullptr, 1e-10));
  const Plan b = s.planner->sample(s.planner->solve(left, nullptr, 1e-10));
  CHECK(a.status == Plan::Status::ok);
  CHECK(a.limp == doctest::Approx(0.7 * s.pain_law.limp));
  CHECK(a.left_strike_pct == doctest::Approx(50 - 100 * a.limp));
  const double stance_r = a.toe_off_pct[kRight], stance_l = 100 + a.toe_off_pct[kLeft] - a.left_strike_pct;
  CHECK(stance_r < none.toe_off_pct[kRight] - 1);
  CHECK(stance_l > none.toe_off_pct[kRight] + 1);
  CHECK(a.speed_m_s() < none.speed_m_s() - 0.1);
  CHECK(a.slip_mm < 5);
  CHECK(a.residual_n.maxCoeff() < 5);
  CHECK(a.stride_length_m == doctest::Approx(b.stride_length_m).epsilon(1e-9));
  CHECK(a.period_s == doctest::Approx(b.period_s).epsilon(1e-9));
  CHECK(a.step_length_m[kRight] == doctest::Approx(b.step_length_m[kLeft]).epsilon(1e-9));
  for (std::size_t i = 0; i < a.costs.size(); ++i)
    CHECK(a.costs[i].value == doctest::Approx(b.costs[i].value).epsilon(1e-7).scale(1e-3));
  // Without pain the answer is what it was before, bit for bit: a limp leaves nothing behind.
  const Plan again = s.planner->sample(s.planner->solve(s.question(), nullptr, 1e-10));
  CHECK(largest_difference(again, none) == 0);
}

TEST_CASE("more pain, more of everything, smoothly") {
  Setup& s = setup();
  PlanQuestion q = s.question();
  q.pain_law = s.pain_law;
  PlanSolution warm = s.planner->solve(q, nullptr, 1e-7);
  Plan last = s.planner->sample(warm);
  for (int dose = 1; dose <= 10; ++dose) {
    q.pain[kRight].load = dose;
    warm = s.planner->solve(q, &warm, 1e-7);
    CHECK(warm.status == Plan::Status::ok);
    const Plan next = s.planner->sample(warm);
    CHECK(next.speed_m_s() < last.speed_m_s());
    CHECK(largest_difference(Plan(last), next) < 0.25);  // metres walked and radians
    last = next;
  }
}

TEST_CASE("weak abductors: the pelvis drops by what their short-range stiffness asks for, not at full strength") {
  Setup& s = setup();
  PlanQuestion q = s.question();
  const auto adduction = [&](const PlanQuestion& question) {
    const Plan p = s.planner->sample(s.planner->solve(question, nullptr, 1e-8));
    return p.q(s.model.legs[kRight].hip_adduction, 25);
  };
  const double strong = adduction(q);
  q.abductor_capacity_nm = {300, 300};
  double last = 0;
  for (const double strength : {0.9, 0.75, 0.6}) {
    q.abductor_strength[kRight] = strength;
    const double sag = (1 / strength - 1) * 0.065 / (23.4 * 0.05), drop = adduction(q) - strong;
    CAPTURE(strength);
    CHECK(drop > last);
    CHECK(drop == doctest::Approx(sag).epsilon(0.25));
    last = drop;
  }
}

TEST_CASE("a degree more of loss is a little more of everything") {
  Setup& s = setup();
  PlanSolution warm = s.planner->solve(right_extension(6), nullptr, 1e-7);
  Plan last = s.planner->sample(warm);
  for (int limit = 5; limit >= 0; --limit) {
    warm = s.planner->solve(right_extension(limit), &warm, 1e-7);
    const Plan next = s.planner->sample(warm);
    CHECK(largest_difference(last, next) < rad_from_deg(2));
    last = next;
  }
}

TEST_CASE("strategies trade one compensation for another") {
  Setup& s = setup();
  const auto solve = [&](const char* name) {
    PlanQuestion q = right_extension(0);
    q.strategy = load_strategy(s.folder, name, s.diagnostics);
    const PlanQuestion healthy{{HipLimits{}, HipLimits{}}, q.strategy, {}};
    const Plan base = s.planner->sample(s.planner->solve(healthy, nullptr, 1e-7));
    const Plan p = s.planner->sample(s.planner->solve(q, nullptr, 1e-7));
    struct {
      double tilt, rotation, knee, stride;
    } change{base.q(s.model.coordinate("pelvis_tilt"), 50) - p.q(s.model.coordinate("pelvis_tilt"), 50),
             base.q(s.model.coordinate("pelvis_rotation"), 50) - p.q(s.model.coordinate("pelvis_rotation"), 50),
             p.q(s.model.legs[kRight].knee, 50) - base.q(s.model.legs[kRight].knee, 50),
             base.stride_length_m - p.stride_length_m};
    return change;
  };
  const auto balanced = solve("balanced"), knee = solve("knee"), shorter = solve("shorter_step"),
             turn = solve("pelvic_rotation"), speed = solve("keep_speed");
  CHECK(knee.knee > balanced.knee + rad_from_deg(5));
  CHECK(knee.tilt < balanced.tilt - rad_from_deg(3));
  CHECK(shorter.stride > balanced.stride + 0.02);
  CHECK(std::abs(turn.rotation) > std::abs(balanced.rotation) + rad_from_deg(1));
  CHECK(std::abs(speed.stride) < balanced.stride);
}
