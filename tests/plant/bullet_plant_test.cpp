// The multibody alone: free fall, conservation, order of the steps, no hidden losses, repeatability. Sides to compare
// with are closed forms or sums made here from the model's own kinematics.
#include "sim/plant/bullet_plant.h"

#include <cstring>

#include "tests/plant/plant_bodies.h"

using namespace hipspine;
using namespace hipspine::plant_test;

namespace {

constexpr unsigned kSeed = 4711;

bool same_bytes(const PlantState& a, const PlantState& b) {
  const auto same = [](const CoordVec& x, const CoordVec& y) {
    return x.size() == y.size() && std::memcmp(x.data(), y.data(), sizeof(double) * x.size()) == 0;
  };
  return same(a.q, b.q) && same(a.v, b.v) && std::memcmp(&a.time_s, &b.time_s, sizeof(double)) == 0;
}

/// Tumbling with all joints in motion: angles +-0.3 rad, rates +-1.5 rad/s.
PlantState tumbling(const Model& model, std::mt19937& random) {
  return {flat(random, model.n_coord(), 0.3), flat(random, model.n_coord(), 1.5), 0};
}

PlantState after(BulletPlant& plant, const PlantState& start, double time_s, double dt_s) {
  const CoordVec none = CoordVec::Zero(start.q.size());
  plant.set_state(start);
  for (int i = 0; i < std::lround(time_s / dt_s); ++i) plant.step(none, dt_s);
  return plant.state();
}

}  // namespace

TEST_CASE("plant: the centre of mass of a body in free motion falls with g, whatever it does") {
  const Model model = real_model();
  BulletPlant plant(model);
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  const CoordVec none = CoordVec::Zero(model.n_coord());
  Kinematics kin;
  for (double gravity_m_s2 : {kGravity_m_s2, 1.62, 0.0}) {
    plant.set_gravity(gravity_m_s2);
    for (int trial = 0; trial < 20; ++trial) {
      const PlantState s = tumbling(model, random);
      plant.set_state(s);
      const CoordVec a = plant.accelerations(none);
      update_position(model, s.q, kin);
      update_velocity(model, s.v, kin);
      update_acceleration(model, s.v, a, kin);
      Vec3 rate = Vec3::Zero();  // of linear momentum
      for (int i = 0; i < model.n_coord(); ++i) {
        const Vec3 c = kin.X_GL[i] * model.link_inertia[i].p_com_L, w = kin.V_G[i].head<3>();
        rate += model.link_inertia[i].mass_kg *
                (kin.A_G[i].tail<3>() + kin.A_G[i].head<3>().cross(c) + w.cross(kin.V_G[i].tail<3>() + w.cross(c)));
      }
      const Vec3 expected(0, -gravity_m_s2, 0);
      // Rounding: joint accelerations of some 100 rad/s^2 cancel in the sum.
      CHECK((rate / model.mass_kg - expected).norm() < 1e-10);
    }
  }
}

TEST_CASE("plant: a body at rest falls as a whole, by the closed form of the semi-implicit step") {
  const Model model = real_model();
  BulletPlant plant(model);
  std::mt19937 random(kSeed);
  PlantState s{flat(random, model.n_coord(), 0.3), CoordVec::Zero(model.n_coord()), 0};
  const PlantState end = after(plant, s, 1, 0.001);
  // v_n = -g n dt, y_n = y_0 - g dt^2 n (n + 1) / 2; the default damping of Bullet would leave 8.55 m/s.
  CHECK(end.v[1] == doctest::Approx(-kGravity_m_s2).epsilon(1e-10));
  CHECK(end.q[1] == doctest::Approx(s.q[1] - kGravity_m_s2 * 1e-6 * 1000 * 1001 / 2).epsilon(1e-10));
  s.q[1] = end.q[1], s.v[1] = end.v[1];
  CHECK((end.q - s.q).cwiseAbs().maxCoeff() < 1e-9);  // and no joint moves
  CHECK((end.v - s.v).cwiseAbs().maxCoeff() < 1e-9);
  CHECK(end.time_s == doctest::Approx(1));
}

TEST_CASE(
    "plant: energy and momentum of the tumbling body are conserved as the step shrinks, states converge with it") {
  const Model model = real_model();
  BulletPlant plant(model);
  plant.set_gravity(0);
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  constexpr double kTime_s = 0.2;
  for (int trial = 0; trial < 5; ++trial) {
    const PlantState start = tumbling(model, random);
    const Motion before = motion(model, start.q, start.v);
    // Drifts at dt, dt/2, dt/4: (energy, momentum, angular momentum), each relative to its size at the start.
    std::array<Eigen::Matrix<double, 7, 1>, 3> drift;
    std::array<CoordVec, 3> q;
    double dt_s = 2e-4;
    for (int k = 0; k < 3; ++k, dt_s /= 2) {
      const PlantState end = after(plant, start, kTime_s, dt_s);
      const Motion m = motion(model, end.q, end.v);
      drift[k] << m.kinetic_j / before.kinetic_j - 1, (m.linear - before.linear) / before.linear.norm(),
          (m.angular - before.angular) / before.angular.norm();
      q[k] = end.q;
    }
    CAPTURE(trial);
    const auto size = [](const auto& x) { return x.cwiseAbs().maxCoeff(); };
    MESSAGE("drift in ", kTime_s, " s at 0.2 ms: energy ", drift[0][0], ", momentum ", drift[0].segment<3>(1).norm(),
            ", angular ", drift[0].tail<3>().norm());
    // First order: each halving halves the drift, and what is left when it is extrapolated to dt = 0 is nothing.
    CHECK(size(drift[0]) < 2e-2);  // what semi-implicit steps of this size lost at most where the body tumbled for 2 s
    CHECK(size(drift[1]) / size(drift[0]) == doctest::Approx(0.5).epsilon(0.1));
    CHECK(size(drift[2]) / size(drift[1]) == doctest::Approx(0.5).epsilon(0.1));
    CHECK(size((drift[0] - 6 * drift[1] + 8 * drift[2]) / 3) < 0.02 * size(drift[0]));
    CHECK(size(q[0] - q[1]) / size(q[1] - q[2]) == doctest::Approx(2).epsilon(0.1));
  }
}

TEST_CASE("plant: a spin about a principal axis and a flight stay as fast as they were: no damping, no clamp") {
  const Model model = block(2, Vec3(0.02, 0.05, 0.03));
  BulletPlant plant(model);
  plant.set_gravity(0);
  PlantState s{CoordVec::Zero(6), CoordVec::Zero(6), 0};
  s.v << 500, 0, 0, 0, 0, 300;  // Bullet's default clamp lies at 100 rad/s
  // Short, and in small steps: explicit gyroscopic terms double rounding every 0.7 / (300^2 dt) seconds.
  const PlantState end = after(plant, s, 0.1, 1e-4);
  CHECK(end.v[0] == doctest::Approx(500).epsilon(1e-12));
  CHECK(end.v[5] == doctest::Approx(300).epsilon(1e-12));
  CHECK(end.q[5] == doctest::Approx(30).epsilon(1e-12));
  CHECK(end.v.segment<4>(1).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("plant: an asymmetric top obeys Euler's equations, moments included") {
  const Vec3 inertia(0.02, 0.05, 0.03);
  const Model model = block(2, inertia);
  BulletPlant plant(model);
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  Kinematics kin;
  for (int trial = 0; trial < 100; ++trial) {
    const PlantState s{flat(random, 6, 1), flat(random, 6, 10), 0};
    update_position(model, s.q, kin);
    update_velocity(model, s.v, kin);
    const Vec3 moment_G(flat(random, 3, 1));
    CoordVec tau(6);
    for (int i = 0; i < 6; ++i) tau[i] = kin.S_G[i].head<3>().dot(moment_G);
    // A moment about the centre of mass: the slides feel nothing, so the origin is no matter.
    plant.set_state(s);
    update_acceleration(model, s.v, plant.accelerations(tau), kin);
    const Mat3& R = kin.X_GL[5].R;
    const Vec3 w = R.transpose() * kin.V_G[5].head<3>(), w_dot = R.transpose() * kin.A_G[5].head<3>();
    const Vec3 gyroscopic = w.cross(inertia.cwiseProduct(w));
    CHECK((inertia.cwiseProduct(w_dot) + gyroscopic - R.transpose() * moment_G).norm() <
          1e-12 * (gyroscopic.norm() + 1));
    if (trial == 0) CHECK(gyroscopic.norm() > 0.1);  // large enough to be missed when switched off
  }
}

TEST_CASE("plant: power of the generalised forces is the rate of kinetic energy") {
  const Model model = real_model();
  BulletPlant plant(model);
  plant.set_gravity(0);
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  const int n = model.n_coord();
  Kinematics kin;
  CoordMat M;
  for (int trial = 0; trial < 20; ++trial) {
    const PlantState s = tumbling(model, random);
    const CoordVec tau = flat(random, n, 50);
    plant.set_state(s);
    const CoordVec a = plant.accelerations(tau);
    // d/dt (v'M v / 2) along the motion, by a central difference in time of (q, v).
    constexpr double h = 1e-7;
    const auto energy = [&](double t) { return motion(model, s.q + t * s.v + 0.5 * t * t * a, s.v + t * a).kinetic_j; };
    const double rate = (energy(h) - energy(-h)) / (2 * h), power = tau.dot(s.v);
    CHECK(rate == doctest::Approx(power).epsilon(1e-6).scale(1));
  }
}

TEST_CASE("plant: two runs give the same bytes; a saved state goes on as if nothing had happened between") {
  const Model model = real_model();
  std::mt19937 random(kSeed);
  const PlantState start = tumbling(model, random);
  const CoordVec tau = flat(random, model.n_coord(), 5);
  const auto run = [&](BulletPlant& plant, int steps) {
    for (int i = 0; i < steps; ++i) plant.step(tau, 2.5e-4);
    return plant.state();
  };
  BulletPlant a(model), b(model);
  a.set_state(start);
  const PlantState saved = run(a, 200), end = run(a, 300);
  b.set_state(start);
  run(b, 500);
  CHECK(same_bytes(b.state(), end));
  // Elsewhere, under other forces, at another gravity, with queries between; then back.
  b.set_gravity(3);
  b.accelerations(CoordVec::Constant(model.n_coord(), 7));
  CHECK(b.inverse_mass_column(9).allFinite());
  CHECK(b.jacobian_row(model.feet[kLeft].link, Vec3(1, 2, 3), Vec3::UnitX()).allFinite());
  CHECK(b.link_pose(5).p.allFinite());
  b.set_gravity(kGravity_m_s2);
  b.set_state(saved);
  CHECK(same_bytes(run(b, 300), end));
  BulletPlant moved(std::move(a));
  moved.set_state(saved);
  CHECK(same_bytes(run(moved, 300), end));
}

TEST_CASE("plant: gravity changes at once and moves no joint of a falling body") {
  const Model model = real_model();
  BulletPlant plant(model);
  std::mt19937 random(kSeed);
  plant.set_state(tumbling(model, random));
  const CoordVec tau = flat(random, model.n_coord(), 20);
  const CoordVec a = plant.accelerations(tau);
  plant.set_gravity(1.62);
  CoordVec difference = plant.accelerations(tau) - a;
  CHECK(difference[1] == doctest::Approx(kGravity_m_s2 - 1.62).epsilon(1e-12));
  difference[1] = 0;
  CHECK(difference.cwiseAbs().maxCoeff() == 0);
}
