// The cycle as a motion for any time: it passes through its points, its rates are its derivatives, and it goes on for
// ever; the planned ground force is shared out without loss and where the plan wants it.
#include "sim/plant/reference_motion.h"

#include <cmath>
#include <numbers>

#include "tests/plant/plant_bodies.h"

using namespace hipspine;
using namespace hipspine::plant_test;

namespace {

constexpr unsigned kSeed = 31;
constexpr int kCoords = 5, kMuscles = 3;
constexpr double kPeriod_s = 1.1, kStride_m = 1.4;

/// Harmonics with given amplitudes and phases; coordinate 0 grows by the stride.
struct Wave {
  Eigen::MatrixXd amplitude, shift;  ///< (coordinates x harmonics)
  explicit Wave(std::mt19937& random) : amplitude(kCoords, 3), shift(kCoords, 3) {
    for (auto* m : {&amplitude, &shift})
      for (int h = 0; h < 3; ++h) m->col(h) = flat(random, kCoords, 0.3 / (h + 1));
  }
  /// Derivative of order 0 to 2 at a phase.
  [[nodiscard]] CoordVec operator()(double phase, int order) const {
    CoordVec x = CoordVec::Zero(kCoords);
    for (int h = 0; h < 3; ++h) {
      const double w = 2 * std::numbers::pi * (h + 1) / kPeriod_s;
      for (int c = 0; c < kCoords; ++c)
        x[c] += amplitude(c, h) * std::pow(w, order) *
                std::sin(w * kPeriod_s * phase + shift(c, h) + order * std::numbers::pi / 2);
    }
    if (order == 0) x[0] += kStride_m * phase;
    if (order == 1) x[0] += kStride_m / kPeriod_s;
    return x;
  }
};

CycleMotion sampled(const Wave& wave) {
  CycleMotion m;
  m.period_s = kPeriod_s;
  m.stride_m = kStride_m;
  for (auto* table : {&m.q, &m.v, &m.a}) table->resize(kCoords, kCyclePoints);
  for (int k = 0; k < kCyclePoints; ++k) {
    const double phase = k / (kCyclePoints - 1.0);
    m.q.col(k) = wave(phase, 0), m.v.col(k) = wave(phase, 1), m.a.col(k) = wave(phase, 2);
  }
  return m;
}

}  // namespace

TEST_CASE("reference motion: hits its points, follows the wave between them and grows by the stride each period") {
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  const Wave wave(random);
  const CycleMotion m = sampled(wave);
  CoordVec q, v, a;
  for (int k = 0; k < kCyclePoints - 1; ++k) {
    motion_at(m, k / (kCyclePoints - 1.0), q, v, a);
    CHECK((q - m.q.col(k)).norm() < 1e-12);
    CHECK((v - m.v.col(k)).norm() < 1e-10);
    CHECK((a - m.a.col(k)).norm() < 1e-8);
  }
  std::uniform_real_distribution<double> draw(0, 7);
  for (int trial = 0; trial < 500; ++trial) {
    const double phase = draw(random);
    motion_at(m, phase, q, v, a);
    // Quintic Hermite over h = 11 ms of the third harmonic, w = 17 rad/s: error of q (w h)^6 / 720 / 64 of its
    // amplitude 0.1, one order of w h lost per derivative.
    CHECK((q - wave(phase, 0)).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((v - wave(phase, 1)).cwiseAbs().maxCoeff() < 1e-6);
    CHECK((a - wave(phase, 2)).cwiseAbs().maxCoeff() < 1e-3);
    CoordVec q1, v1, a1;
    motion_at(m, phase + 1, q1, v1, a1);
    q1[0] -= kStride_m;
    CHECK((q1 - q).norm() < 1e-9);
    CHECK((v1 - v).norm() < 1e-9);
    CHECK((a1 - a).norm() < 1e-7);
  }
}

TEST_CASE("reference motion: rates are the derivatives of what it shows, also for tables that do not belong together") {
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  CycleMotion m = sampled(Wave(random));
  for (int k = 0; k < kCyclePoints - 1; ++k) m.v.col(k) += flat(random, kCoords, 0.2);  // points at odds with rates
  std::uniform_real_distribution<double> draw(0, 3);
  CoordVec q, v, a, q0, v0, a0, q1, v1, a1;
  for (int trial = 0; trial < 200; ++trial) {
    const double phase = (std::floor(draw(random) * 100) + 0.1 + 0.8 * draw(random) / 3) / 100;  // between points
    constexpr double h = 1e-5;                                                                   // cycles
    motion_at(m, phase, q, v, a);
    motion_at(m, phase - h, q0, v0, a0);
    motion_at(m, phase + h, q1, v1, a1);
    CHECK(((q1 - q0) / (2 * h * kPeriod_s) - v).cwiseAbs().maxCoeff() < 1e-5 * (1 + v.cwiseAbs().maxCoeff()));
    CHECK(((v1 - v0) / (2 * h * kPeriod_s) - a).cwiseAbs().maxCoeff() < 1e-4 * (1 + a.cwiseAbs().maxCoeff()));
  }
}

TEST_CASE("reference motion: phases of the feet and activations in between") {
  CycleMotion m;
  CHECK(phase_of_foot(m, kRight, 2.25) == doctest::Approx(0.25));
  CHECK(phase_of_foot(m, kLeft, 2.25) == doctest::Approx(0.75));
  CHECK(phase_of_foot(m, kLeft, 0.5) == doctest::Approx(0).scale(1));
  CHECK(nearest_strike(m, kLeft, 2.4) == doctest::Approx(2.5));
  m.limp = 0.04;  // the left foot comes down sooner, the right one where it did
  CHECK(phase_of_foot(m, kLeft, 0.46) == doctest::Approx(0).scale(1));
  CHECK(phase_of_foot(m, kRight, 3) == doctest::Approx(0).scale(1));
  CHECK(nearest_strike(m, kLeft, 2.4) == doctest::Approx(2.46));
  CHECK(nearest_strike(m, kRight, 2.6) == doctest::Approx(3));
  m.activation.resize(kMuscles, kCyclePoints);
  for (int k = 0; k < kCyclePoints; ++k) m.activation.col(k).setConstant(0.01 * k);
  Eigen::VectorXd activation;
  for (double phase : {0.0, 0.123, 0.9999, 4.5}) {
    planned_activation(m, phase, activation);
    CHECK(activation.size() == kMuscles);
    CHECK(activation[1] == doctest::Approx(phase - std::floor(phase)));
  }
}

TEST_CASE("reference motion: the planned force is shared out without loss, at the planned centre of pressure") {
  const Model model = real_model();
  const auto spheres = contact_spheres(model);
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  std::uniform_real_distribution<double> inside(0.05, 0.95);
  CycleMotion m;
  m.q.setZero(model.n_coord(), kCyclePoints);
  for (int side : {kRight, kLeft}) {
    const auto at = [&](int i) { return spheres[side * kFootSpheres + i].centre_L; };
    // A plan whose centre of pressure lies between the four spheres of a foot that stands as in the zero pose.
    Kinematics kin;
    update_position(model, m.q.col(0), kin);
    Eigen::Matrix3Xd cop_G(3, kCyclePoints);
    m.force_G[side].resize(3, kCyclePoints);
    for (int k = 0; k < kCyclePoints; ++k) {
      const double u = inside(random), w = inside(random);
      cop_G.col(k) = kin.X_GL[model.feet[side].link] *
                     Vec3((1 - u) * ((1 - w) * at(0) + w * at(1)) + u * ((1 - w) * at(3) + w * at(2)));
      m.force_G[side].col(k) = Vec3(flat(random, 3, 100)) + Vec3(0, 500, 0);
    }
    place_from_pressure(model, side, cop_G, m);
    CHECK(m.place[side].minCoeff() >= 0);
    CHECK(m.place[side].maxCoeff() <= 1);
    std::array<Vec3, kFootSpheres> force_G;
    for (int k = 0; k < kCyclePoints - 1; ++k) {
      const double phase = k / (kCyclePoints - 1.0);
      const Vec3 planned = m.force_G[side].col(k);
      planned_sphere_forces(m, side, phase, {true, true, true, true}, force_G);
      Vec3 sum = Vec3::Zero(), moment = Vec3::Zero();
      for (int i = 0; i < kFootSpheres; ++i) {
        CHECK(force_G[i].y() >= 0);
        sum += force_G[i];
        moment += force_G[i].y() * (kin.X_GL[model.feet[side].link] * at(i));
      }
      CHECK((sum - planned).norm() < 1e-9);
      // The balls of the toes do not lie across the foot, so that "along" is measured to their middle: the point is
      // met to a share of their 30 mm.
      CHECK((moment / sum.y() - Vec3(cop_G.col(k))).head<3>().cwiseProduct(Vec3(1, 0, 1)).norm() < 0.02);
      // One sphere in the air: the others take it all. None left: nothing.
      planned_sphere_forces(m, side, phase, {true, false, true, true}, force_G);
      CHECK((force_G[0] + force_G[2] + force_G[3] - planned).norm() < 1e-9);
      CHECK(force_G[1].isZero(0));
      planned_sphere_forces(m, side, phase, {false, false, false, false}, force_G);
      for (const Vec3& f : force_G) CHECK(f.isZero(0));
    }
  }
}
