// Contact of the soles with the ground: the law in closed form on prescribed motions, passivity and weight on a block
// that the plant moves.
#include "sim/plant/foot_contact.h"

#include <cmath>

#include "sim/plant/bullet_plant.h"
#include "tests/plant/plant_bodies.h"

using namespace hipspine;
using namespace hipspine::plant_test;

namespace {

constexpr unsigned kSeed = 815;

Kinematics placed(const Model& model, const CoordVec& q, const CoordVec& v) {
  Kinematics kin;
  update_position(model, q, kin);
  update_velocity(model, v, kin);
  return kin;
}

/// Level block whose spheres are pressed in by `depth_m`.
CoordVec level(const Model& model, double depth_m) {
  const ContactSphere s = contact_spheres(model)[0];
  CoordVec q = CoordVec::Zero(6);
  q[1] = s.radius_m - s.centre_L.y() - depth_m;
  return q;
}

CoordVec rate(double x, double y, double z = 0) {
  CoordVec v = CoordVec::Zero(6);
  v.head<3>() << x, y, z;
  return v;
}

/// A block on its feet, moved by the plant.
struct Drop {
  Model model;
  ContactLaw law;
  BulletPlant plant;
  FootContact contact;
  Kinematics kin;
  CoordVec tau = CoordVec::Zero(6);
  double force_y_n = 0, impulse_ns = 0;
  double total_j = 0;  ///< before the step: kinetic, potential, in the springs (tangential: for a law without damping)

  explicit Drop(const ContactLaw& l, double mass_kg = 75, const Vec3& inertia = Vec3(1.5, 3, 2.5))
      : model(block(mass_kg, inertia)), law(l), plant(model), contact(model, l) {}
  void step(double dt_s) {
    update_position(model, plant.state().q, kin);
    update_velocity(model, plant.state().v, kin);
    tau.setZero();
    force_y_n = 0;
    total_j = energy_j();
    for (const ContactForce& f : contact.update(kin, dt_s)) {
      for (int c = 0; c < 6; ++c) tau[c] += (kin.S_G[c].tail<3>() + kin.S_G[c].head<3>().cross(f.p_G)).dot(f.force_n);
      force_y_n += f.force_n.y();
      if (f.gap_m < 0) total_j += 0.5 * law.stiffness_n_m * f.gap_m * f.gap_m;
      total_j += 0.5 * (f.force_n.x() * f.force_n.x() + f.force_n.z() * f.force_n.z()) / law.tangent_n_m;
    }
    impulse_ns += force_y_n * dt_s;
    plant.step(tau, dt_s);
  }
  [[nodiscard]] double energy_j() const {
    const PlantState& s = plant.state();
    return motion(model, s.q, s.v).kinetic_j + model.mass_kg * kGravity_m_s2 * s.q[1];
  }
};

}  // namespace

TEST_CASE("foot contact: normal force of Hunt and Crossley, never a pull, nothing above ground") {
  const Model model = block(75, Vec3(1, 1, 1));
  const ContactLaw law;
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  std::uniform_real_distribution<double> depth(-0.005, 0.005), speed(-1, 1);
  int pulls = 0;
  for (int trial = 0; trial < 500; ++trial) {
    FootContact contact(model, law);
    const double d = depth(random), v = speed(random);
    contact.update(placed(model, level(model, d), rate(speed(random), v, speed(random))), 2.5e-4);
    const double raw = law.stiffness_n_m * d * (1 - law.damping_s_m * v);
    pulls += d > 0 && raw < 0;
    for (const ContactForce& f : contact.forces()) {
      CHECK(f.gap_m == doctest::Approx(-d).epsilon(1e-9).scale(1e-6));
      CHECK(f.p_G.y() == 0);
      CHECK(f.force_n.y() == doctest::Approx(d > 0 ? std::max(0.0, raw) : 0).epsilon(1e-9));
      CHECK(std::hypot(f.force_n.x(), f.force_n.z()) <= law.friction * f.force_n.y() * (1 + 1e-12));
    }
  }
  CHECK(pulls > 20);  // the case was met
}

TEST_CASE("foot contact: friction holds by its spring, slides at its limit and springs back from where it slid to") {
  const Model model = block(75, Vec3(1, 1, 1));
  const ContactLaw law;
  FootContact contact(model, law);
  const double d = 0.002, most = law.friction * law.stiffness_n_m * d, reach = most / law.tangent_n_m;
  CoordVec q = level(model, d);
  const auto force_at = [&](double x, double v) {
    q[0] = x;
    return contact.update(placed(model, q, rate(v, 0)), 1e-4)[0].force_n.x();
  };
  CHECK(force_at(0, 0) == 0);  // the anchor drops where it touches
  CHECK(force_at(0.5 * reach, 0) == doctest::Approx(-0.5 * most));
  CHECK(force_at(0.25 * reach, 0.1) == doctest::Approx(-0.25 * most - 0.1 * law.tangent_damping_n_s_m));
  CHECK(force_at(0, 0) == doctest::Approx(0).scale(1));  // stuck: it comes back to nothing
  CHECK(force_at(3 * reach, 0) == doctest::Approx(-most));
  CHECK(force_at(2.5 * reach, 0) == doctest::Approx(-0.5 * most));  // the anchor stayed at 2 reach
  CHECK(force_at(2 * reach, 0) == doctest::Approx(0).scale(1));
  CHECK(force_at(0.5 * reach, 0) == doctest::Approx(most));  // and slides back
  // Lifted and put down, it has forgotten.
  q[1] += 1;
  CHECK(force_at(0.5 * reach, 0) == 0);
  q[1] -= 1;
  CHECK(force_at(4 * reach, 0) == 0);
}

TEST_CASE("foot contact: rolling without slipping stores nothing") {
  const Model model = block(75, Vec3(1, 1, 1));
  const ContactLaw law;
  FootContact contact(model, law);
  const ContactSphere s = contact.spheres()[0];
  // The body turns about z by -angle round the sphere's centre, which runs ahead by the radius left above ground. The
  // sphere on the other side of the same heel (the second) has the same path.
  const double d = 0.002, arm = s.radius_m - d, omega = 2, dt_s = 1e-4;
  double largest_n = 0;
  for (int k = 0; k <= 3000; ++k) {
    const double angle = omega * k * dt_s;
    const Mat3 R = rotation(Vec3::UnitZ(), -angle);
    const Vec3 centre(arm * angle, s.radius_m - d, s.centre_L.z()), origin = centre - R * s.centre_L;
    const Vec3 w(0, 0, -omega), v = Vec3(arm * omega, 0, 0) + w.cross(origin - centre);
    CoordVec q(6), rates(6);
    q << origin, -angle, 0, 0;
    rates << v, -omega, 0, 0;
    contact.update(placed(model, q, rates), k == 0 ? 0 : dt_s);
    for (int i : {0, 1}) largest_n = std::max(largest_n, std::abs(contact.forces()[i].force_n.x()));
  }
  // 0.6 rad are 4.8 mm of path: a fixed anchor would hold 240 N of it, or slide.
  CHECK(largest_n < 1e-6);
}

TEST_CASE("foot contact: a block dropped in any way only loses energy, springs of the contact included") {
  std::mt19937 random(kSeed);
  INFO("seed ", kSeed);
  for (int trial = 0; trial < 12; ++trial) {
    ContactLaw law;
    law.damping_s_m = std::array{4.6, 0.5, 0.0}[trial % 3];
    law.tangent_damping_n_s_m = 0;  // then |f_t|^2 / 2 k_t is what friction has stored
    Drop drop(law);
    PlantState s{flat(random, 6, 0.5), flat(random, 6, 1), 0};
    s.q[1] = 0.5;
    drop.plant.set_state(s);
    const double start_j = drop.energy_j();
    double most_j = start_j, least_j = start_j, gained_j = 0;
    for (int k = 0; k < 40000; ++k) {  // 2 s
      drop.step(5e-5);
      most_j = std::max(most_j, drop.total_j);
      least_j = std::min(least_j, drop.total_j);
      gained_j = std::max(gained_j, drop.total_j - least_j);
    }
    CAPTURE(trial);
    MESSAGE("damping ", law.damping_s_m, " s/m: start ", start_j, " J, most ", most_j, ", gained back ", gained_j,
            ", end ", drop.total_j);
    // The steps' own error: a spring of K on the block's mass m has w dt = sqrt(8 K / m) dt = 0.45 %, and a
    // semi-implicit step lets its energy swing by half of that; balls that roll in a tumble add as much.
    CHECK(most_j < 1.005 * start_j);
    CHECK(gained_j < 0.005 * start_j);
    CHECK(drop.total_j < 0.9 * start_j);
  }
}

TEST_CASE("foot contact: a block at rest is carried by its weight, and its impulse is what changed its momentum") {
  ContactLaw law;
  Drop drop(law);
  PlantState s{level(drop.model, 0), CoordVec::Zero(6), 0};
  s.q[1] += 0.01;
  drop.plant.set_state(s);
  const double weight_n = drop.model.weight_n(), dt_s = 2.5e-4;
  int steps = 0;
  for (; steps < 4000; ++steps) drop.step(dt_s);
  // m v = impulse - m g t, exactly as the steps are made.
  CHECK(drop.model.mass_kg * drop.plant.state().v[1] ==
        doctest::Approx(drop.impulse_ns - weight_n * steps * dt_s).scale(1).epsilon(1e-9));
  drop.impulse_ns = 0;
  double low_n = weight_n, high_n = weight_n;
  for (int k = 0; k < 2000; ++k) {
    drop.step(dt_s);
    low_n = std::min(low_n, drop.force_y_n);
    high_n = std::max(high_n, drop.force_y_n);
  }
  CHECK(drop.impulse_ns / (2000 * dt_s) == doctest::Approx(weight_n).epsilon(1e-6));
  CHECK(high_n - low_n < 1e-3 * weight_n);  // and it has come to rest
  // Eight springs in parallel, 4 spheres before and 4 behind at the same distance: each an eighth of the weight.
  for (const ContactForce& f : drop.contact.forces())
    CHECK(-f.gap_m == doctest::Approx(weight_n / 8 / law.stiffness_n_m).epsilon(1e-3));
}

TEST_CASE(
    "foot contact: a block on the floor with a side force below friction stays, above it slides at m a = F - mu N") {
  for (double side : {0.5, 1.2}) {
    ContactLaw law;
    Drop drop(law, 75, Vec3(1e6, 1e6, 1e6));  // too inert to turn
    drop.plant.set_state({level(drop.model, 0.0012), CoordVec::Zero(6), 0});
    const double weight_n = drop.model.weight_n(), force_n = side * law.friction * weight_n;
    const auto push = [&](double force, int steps) {
      for (int k = 0; k < steps; ++k) {
        drop.step(2.5e-4);
        PlantState s = drop.plant.state();
        s.v[0] += force / 75 * 2.5e-4;
        drop.plant.set_state(s);
      }
    };
    push(0, 2000);
    push(force_n, 2000);  // 0.5 s
    const double v = drop.plant.state().v[0];
    if (side < 1) {
      CHECK(std::abs(v) < 1e-3);
    } else {
      // 5 % for the time in which the springs stretch before it slides.
      CHECK(v == doctest::Approx((force_n - law.friction * weight_n) / 75 * 0.5).epsilon(0.05));
    }
  }
}

TEST_CASE(
    "foot contact: a whole body let down on its feet: what the ground gave is what its momentum and weight show") {
  const Model model = real_model();
  const int n = model.n_coord();
  const ContactLaw law;
  // Joints held by springs; closing the books is first order in the step.
  std::array<double, 2> error{};
  for (int k = 0; k < 2; ++k) {
    const double dt_s = k == 0 ? 1e-4 : 5e-5, time_s = 0.3;
    BulletPlant plant(model);
    FootContact contact(model, law);
    PlantState s{CoordVec::Zero(n), CoordVec::Zero(n), 0};
    Kinematics kin;
    update_position(model, s.q, kin);
    double lowest = 1e9;
    for (const ContactSphere& c : contact.spheres())
      lowest = std::min(lowest, (kin.X_GL[c.link] * c.centre_L).y() - c.radius_m);
    s.q[1] = 0.005 - lowest;
    plant.set_state(s);
    CoordVec tau(n);
    Vec3 impulse = Vec3::Zero();
    for (int i = 0; i < std::lround(time_s / dt_s); ++i) {
      update_position(model, plant.state().q, kin);
      update_velocity(model, plant.state().v, kin);
      tau = -300 * plant.state().q - 2 * plant.state().v;  // N·m/rad, N·m·s/rad: stand for about the time
      tau.head<6>().setZero();
      for (int side : {kRight, kLeft}) {
        Vec6 w = Vec6::Zero();
        for (int p = 0; p < kFootSpheres; ++p) {
          if (side == kRight && p == 0) contact.update(kin, dt_s);
          const ContactForce& f = contact.forces()[side * kFootSpheres + p];
          w.head<3>() += f.p_G.cross(f.force_n);
          w.tail<3>() += f.force_n;
        }
        impulse += w.tail<3>() * dt_s;
        for (int c = model.feet[side].link; c >= 0; c = model.coordinates[c].parent) tau[c] += kin.S_G[c].dot(w);
      }
      plant.step(tau, dt_s);
    }
    const Vec3 weight(0, -model.weight_n() * time_s, 0);
    const Vec3 momentum = motion(model, plant.state().q, plant.state().v).linear;
    error[k] = (momentum - impulse - weight).norm() / weight.norm();
    CHECK(impulse.y() > 0.5 * model.weight_n() * time_s);
  }
  MESSAGE("books differ by ", error[0], " and ", error[1], " of the weight's impulse");
  CHECK(error[0] < 1e-5);
  CHECK(error[1] / error[0] == doctest::Approx(0.5).epsilon(0.3));
}

TEST_CASE("foot contact: spheres of the real body reach below the sole, right and left mirrored") {
  const Model model = real_model();
  const auto spheres = contact_spheres(model);
  for (int i = 0; i < kFootSpheres; ++i) {
    const ContactSphere &r = spheres[i], &l = spheres[kFootSpheres + i];
    CHECK(r.link == model.feet[kRight].link);
    CHECK(l.link == model.feet[kLeft].link);
    CHECK((r.centre_L - l.centre_L.cwiseProduct(Vec3(1, 1, -1))).norm() < 1e-12);
    CHECK(r.centre_L.y() - r.radius_m < model.feet[kRight].sole_L[0].y());
  }
  CHECK(spheres[0].centre_L.z() > spheres[1].centre_L.z());  // outer heel first
  CHECK(spheres[3].centre_L.z() > spheres[2].centre_L.z());  // fifth toe outside the first
}
