// Distance of a wrench from the cone of ground forces: optimality, and derivatives through changes of the active set.
#include "sim/gait/contact_cone.h"

#include <doctest/doctest.h>

#include <random>

using namespace hipspine;

namespace {

constexpr unsigned kSeed = 77;
using Gen = GeneratorMatrix;

struct Draw {
  std::mt19937 engine{kSeed};
  double operator()(double s = 1) { return s * std::uniform_real_distribution<double>(-1, 1)(engine); }
  Vec6 wrench() {
    Vec6 w;
    w << (*this)(60), (*this)(10), (*this)(200), (*this)(120), 740 + (*this)(300), (*this)(60);
    return w;
  }
};

Model two_feet() {
  Model m;
  m.mass_kg = 75;
  m.length_scale = 1;
  for (int side : {kRight, kLeft}) {
    const double s = side == kRight ? 1 : -1;
    m.feet[side].sole_L = {Vec3(0, -0.02, 0), Vec3(0.18, -0.02, -0.03 * s), Vec3(0.16, -0.02, 0.04 * s)};
  }
  return m;
}

PlanGlobals globals() {
  PlanGlobals g;
  g << 1.3, 1.07, 0.01, -0.02, 0.005, 0.004, 0.02, -0.03;
  return g;
}

}  // namespace

TEST_CASE("distance from the cone is optimal and its gradient is exact") {
  CAPTURE(kSeed);
  Draw draw;
  const Model model = two_feet();
  const ContactPlan plan(model, {0.6}, 0.055, 0.12);
  Vec6 W;
  W << Vec3::Constant(1.0 / 5), Vec3::Constant(1.0 / 15);
  int same_edges = 0;
  for (int k = 0; k < 200; ++k) {
    ContactPlan::Generators gen;
    plan.generators(0.5 * (1 + draw()), globals(), gen);
    const Vec6 w = draw.wrench();
    ConeDistance d;
    cone_distance(w, gen.G, W, true, d);
    REQUIRE(d.converged);
    // Karush-Kuhn-Tucker of the primal: lambda >= 0, G~' y <= eps lambda with equality where lambda > 0.
    const Eigen::VectorXd slack = (W.asDiagonal() * gen.G).transpose() * d.y - d.lambda;
    CHECK(d.lambda.minCoeff() >= 0);
    CHECK(slack.maxCoeff() < 1e-8);
    CHECK(std::abs(slack.dot(d.lambda)) < 1e-7);
    CHECK((W.cwiseProduct(w - gen.G * d.lambda) - d.y).norm() < 1e-8 * (1 + d.y.norm()));
    for (int i = 0; i < 6; ++i) {
      const double h = 1e-4;
      ConeDistance up, down;
      cone_distance(w + h * Vec6::Unit(i), gen.G, W, true, up);
      cone_distance(w - h * Vec6::Unit(i), gen.G, W, true, down);
      CHECK((up.cost - down.cost) / (2 * h) == doctest::Approx(d.gradient[i]).epsilon(1e-6).scale(0.01));
      // Where the same edges carry, the gradient changes by the Hessian.
      const auto carry = [](const ConeDistance& at) { return (at.lambda.array() > 0).eval(); };
      if ((carry(up) != carry(d)).any() || (carry(down) != carry(d)).any()) continue;
      ++same_edges;
      const Vec6 curvature = d.hessian_root.transpose() * d.hessian_root.col(i);
      CHECK(((up.gradient - down.gradient) / (2 * h) - curvature).norm() < 1e-7);
    }
  }
  CHECK(same_edges > 900);
}

TEST_CASE("a warm start does not change the answer") {
  Draw draw;
  const Model model = two_feet();
  const ContactPlan plan(model, {0.6}, 0.055, 0.12);
  Vec6 W;
  W << Vec3::Constant(1.0 / 5), Vec3::Constant(1.0 / 15);
  ContactPlan::Generators gen;
  plan.generators(0.05, globals(), gen);
  ConeDistance warm;
  for (int k = 0; k < 50; ++k) {
    const Vec6 w = draw.wrench();
    ConeDistance cold;
    cone_distance(w, gen.G, W, true, cold);
    cone_distance(w, gen.G, W, true, warm);
    CHECK((cold.y - warm.y).norm() < 1e-8 * (1 + cold.y.norm()));
  }
}

TEST_CASE("generators change with the globals as their derivative says") {
  const Model model = two_feet();
  const ContactPlan plan(model, {0.6}, 0.055, 0.12);
  GeneratorVec lambda(kContactGenerators);
  for (int i = 0; i < kContactGenerators; ++i) lambda[i] = 0.1 + 0.05 * ((i * 7) % 11);
  for (const double p : {0.03, 0.2, 0.45, 0.55, 0.8}) {
    ContactPlan::Generators gen;
    plan.generators(p, globals(), gen);
    Eigen::Matrix<double, 6, kPlanGlobals> d;
    plan.generator_change(p, globals(), gen, lambda, d);
    for (int j = 0; j < kPlanGlobals; ++j) {
      const double h = 1e-6;
      ContactPlan::Generators up, down;
      plan.generators(p, globals() + h * PlanGlobals::Unit(j), up);
      plan.generators(p, globals() - h * PlanGlobals::Unit(j), down);
      CHECK((d.col(j) - (up.G - down.G) * lambda / (2 * h)).norm() < 1e-5 * (1 + d.col(j).norm()));
    }
  }
}

TEST_CASE("feet mirror: the left half cycle is the right one reflected") {
  const Model model = two_feet();
  const ContactPlan plan(model, {0.6}, 0.055, 0.12);
  PlanGlobals g = globals(), m = g;
  std::swap(m[kShiftX_R], m[kShiftX_L]);
  std::swap(m[kShiftZ_R], m[kShiftZ_L]);
  std::swap(m[kToeOut_R], m[kToeOut_L]);
  m[kShiftZ_R] *= -1;
  m[kShiftZ_L] *= -1;
  Eigen::Matrix<double, 3, kPlanGlobals> unused;
  for (const double u : {0.1, 0.3, 0.5}) {
    for (int k = 0; k < 3; ++k) {
      const Vec3 right = plan.sole_target(kRight, k, u, g, unused);
      const Vec3 left = plan.sole_target(kLeft, k, u + 0.5, m, unused);
      CHECK((right - Vec3(left.x(), left.y(), -left.z())).norm() < 1e-14);
    }
  }
}
