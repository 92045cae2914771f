// Identities of the dynamics on a random tree, all sides derived in the test.
#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "sim/core/units.h"
#include "sim/mechanics/inverse_dynamics.h"
#include "sim/mechanics/mass_matrix.h"
#include "sim/mechanics/total_wrench.h"

using namespace hipspine;

namespace {

constexpr unsigned kSeed = 20240611;

struct Random {
  std::mt19937 engine{kSeed};
  double operator()(double scale = 1) { return scale * std::uniform_real_distribution<double>(-1, 1)(engine); }
  Vec3 vec(double scale = 1) { return {(*this)(scale), (*this)(scale), (*this)(scale)}; }
};

/// A branched tree with three translations, massless links, oblique axes.
Model random_tree(Random& rnd) {
  Model m;
  const int parents[] = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 5, 9, 10, 5, 12};
  for (int i = 0; i < 14; ++i) {
    Coordinate c;
    c.name = "c" + std::to_string(i);
    c.parent = parents[i];
    c.translation = i < 3;
    c.X_PJ = {rotation_xyz(rnd.vec(1)), i < 3 ? Vec3(Vec3::Zero()) : rnd.vec(0.3)};
    c.axis_J = rnd.vec().normalized();
    m.coordinates.push_back(c);
    LinkInertia body;
    if (i > 4 && i != 6) {
      body.mass_kg = 2 + rnd(1.5);
      body.p_com_L = rnd.vec(0.2);
      const Mat3 R = rotation_xyz(rnd.vec(2));
      body.I_com_L = R * Vec3(0.02, 0.03, 0.04).asDiagonal() * R.transpose();
    }
    m.link_inertia.push_back(body);
  }
  return m;
}

struct State {
  CoordVec q, v, a;
};

State random_state(const Model& m, Random& rnd) {
  State s;
  for (CoordVec* x : {&s.q, &s.v, &s.a}) x->resize(m.n_coord());
  for (int i = 0; i < m.n_coord(); ++i) {
    s.q[i] = rnd(1.2);
    s.v[i] = rnd(5);
    s.a[i] = rnd(30);
  }
  return s;
}

void update(const Model& m, const State& s, Kinematics& kin) {
  update_position(m, s.q, kin);
  update_velocity(m, s.v, kin);
  update_acceleration(m, s.v, s.a, kin);
}

}  // namespace

TEST_CASE("pendulum: moment and pivot reaction in closed form") {
  Model m;
  Coordinate hinge;
  hinge.axis_J = Vec3::UnitZ();
  m.coordinates.push_back(hinge);
  const double mass = 2, length = 0.5, inertia = 0.1;
  m.link_inertia.push_back({mass, Vec3(0, -length, 0), Vec3(0, 0, inertia).asDiagonal()});
  Kinematics kin;
  InverseDynamics id;
  State s;
  s.q = CoordVec::Constant(1, 0.3);
  s.v = CoordVec::Constant(1, 2.0);
  s.a = CoordVec::Constant(1, -1.5);
  update(m, s, kin);
  inverse_dynamics(m, kin, {}, id);
  CHECK(id.tau[0] ==
        doctest::Approx((inertia + mass * length * length) * -1.5 + mass * kGravity_m_s2 * length * std::sin(0.3)));
  // Along the rod the pivot carries weight and centripetal force once.
  const Vec3 towards_pivot(-std::sin(0.3), std::cos(0.3), 0);
  CHECK(id.wrench_G[0].tail<3>().dot(towards_pivot) ==
        doctest::Approx(mass * kGravity_m_s2 * std::cos(0.3) + mass * length * 4.0));
}

TEST_CASE("free fall needs no wrench") {
  Random rnd;
  const Model m = random_tree(rnd);
  Kinematics kin;
  State s = random_state(m, rnd);
  s.v.setZero();
  s.a.setZero();
  update_position(m, s.q, kin);
  // Solve the three sliding accelerations that make the base fall.
  Mat3 axes;
  for (int i = 0; i < 3; ++i) axes.col(i) = kin.S_G[i].tail<3>();
  s.a.head<3>() = axes.inverse() * Vec3(0, -kGravity_m_s2, 0);
  update(m, s, kin);
  FourBodies bodies(m);
  for (int lane = 0; lane < 4; ++lane) bodies.set(lane, s.q, s.v, s.a);
  bodies.update();
  for (int lane = 0; lane < 4; ++lane) CHECK(bodies.whole(lane).norm() < 1e-11);
}

TEST_CASE("inverse dynamics equals mass matrix times acceleration plus bias") {
  CAPTURE(kSeed);
  Random rnd;
  for (int k = 0; k < 100; ++k) {
    const Model m = random_tree(rnd);
    const State s = random_state(m, rnd);
    Kinematics kin;
    InverseDynamics full, bias;
    update(m, s, kin);
    inverse_dynamics(m, kin, {}, full);
    State s0 = s;
    s0.a.setZero();
    update(m, s0, kin);
    inverse_dynamics(m, kin, {}, bias);
    CoordMat M;
    mass_matrix(m, kin, M);
    const CoordVec difference = M * s.a + bias.tau - full.tau;
    CHECK(difference.norm() < 1e-11 * (1 + full.tau.norm()));
    CHECK((M - M.transpose()).norm() == 0);
  }
}

TEST_CASE("power of the joints is the rate of kinetic and potential energy") {
  CAPTURE(kSeed);
  Random rnd;
  const Model m = random_tree(rnd);
  const State s = random_state(m, rnd);
  const auto energy = [&](double t) {
    State at{s.q + t * s.v + 0.5 * t * t * s.a, s.v + t * s.a, s.a};
    Kinematics kin;
    update(m, at, kin);
    CoordMat M;
    mass_matrix(m, kin, M);
    double e = 0.5 * at.v.dot(M * at.v);
    for (int i = 0; i < m.n_coord(); ++i) {
      e += m.link_inertia[i].mass_kg * kGravity_m_s2 * (kin.X_GL[i] * m.link_inertia[i].p_com_L).y();
    }
    return e;
  };
  Kinematics kin;
  InverseDynamics id;
  update(m, s, kin);
  inverse_dynamics(m, kin, {}, id);
  const double h = 1e-5;
  CHECK(id.tau.dot(s.v) == doctest::Approx((energy(h) - energy(-h)) / (2 * h)).epsilon(1e-7));
}

TEST_CASE("an outside wrench enters by its virtual work") {
  Random rnd;
  const Model m = random_tree(rnd);
  const State s = random_state(m, rnd);
  Kinematics kin;
  update(m, s, kin);
  const int link = 11;
  const Vec3 p_G = point_G(kin, link, Vec3(0.1, 0.2, -0.1));
  const Vec3 force(10, 20, 30);
  InverseDynamics free, loaded;
  inverse_dynamics(m, kin, {}, free);
  inverse_dynamics(m, kin, {{link, (Vec6() << p_G.cross(force), force).finished()}}, loaded);
  Eigen::MatrixXd J(3, m.n_coord());
  point_jacobian(m, kin, link, p_G, J);
  CHECK((free.tau - loaded.tau - J.transpose() * force).norm() < 1e-11);
}

TEST_CASE("point jacobian is the derivative of the point") {
  Random rnd;
  const Model m = random_tree(rnd);
  const State s = random_state(m, rnd);
  Kinematics kin;
  update_position(m, s.q, kin);
  const Vec3 p_L(0.1, -0.2, 0.3);
  Eigen::MatrixXd J(3, m.n_coord());
  point_jacobian(m, kin, 13, point_G(kin, 13, p_L), J);
  for (int i = 0; i < m.n_coord(); ++i) {
    const double h = 1e-6;
    CoordVec q = s.q;
    q[i] += h;
    update_position(m, q, kin);
    const Vec3 up = point_G(kin, 13, p_L);
    q[i] -= 2 * h;
    update_position(m, q, kin);
    CHECK((J.col(i) - (up - point_G(kin, 13, p_L)) / (2 * h)).norm() < 1e-8);
  }
}

/// A tree with legs and a trunk: branches of different depth, none of which carries another. A third of its axes are
/// oblique; half of its joints turn nothing in themselves.
Model random_body(Random& rnd) {
  Model m = random_tree(rnd);
  for (Coordinate& c : m.coordinates) {
    const int main_axis = static_cast<int>(rnd.engine() % 9);
    if (main_axis < 6) c.axis_J = (main_axis < 3 ? 1 : -1) * Vec3::Unit(main_axis % 3);
    if (rnd() < 0) c.X_PJ.R.setIdentity();
  }
  m.legs[kRight].hip_flexion = 7;
  m.legs[kLeft].hip_flexion = 12;
  m.levels[0].fe = 9;
  return m;
}

TEST_CASE("total wrench and its parts: derivatives against central differences") {
  CAPTURE(kSeed);
  Random rnd;
  for (int k = 0; k < 20; ++k) {
    const Model m = random_body(rnd);
    const State s = random_state(m, rnd);
    Kinematics kin;
    TotalWrench total, part;
    update(m, s, kin);
    total_wrench(m, kin, total);
    const auto compare = [&](const TotalWrench& tw, const auto& value) {
      CHECK((tw.w - value(s)).norm() < 1e-10 * (1 + tw.w.norm()));
      State still = s;
      still.v.setZero(), still.a.setZero();
      CHECK((tw.w_still - value(still)).norm() < 1e-10 * (1 + tw.w.norm()));
      const double h = 1e-5;
      const double scale = 1 + tw.dw_dq.norm();
      for (int i = 0; i < m.n_coord(); ++i) {
        State up = s, down = s;
        up.q[i] += h;
        down.q[i] -= h;
        CHECK((tw.dw_dq.col(i) - (value(up) - value(down)) / (2 * h)).norm() < 1e-7 * scale);
        up = down = s;
        up.v[i] += h;
        down.v[i] -= h;
        CHECK((tw.dw_dv.col(i) - (value(up) - value(down)) / (2 * h)).norm() < 1e-7 * scale);
        up = down = s;
        up.a[i] += h;
        down.a[i] -= h;
        CHECK((tw.dw_da.col(i) - (value(up) - value(down)) / (2 * h)).norm() < 1e-7 * scale);
      }
    };
    FourBodies bodies(m);
    const int lane = k % 4;
    const auto to = [&](const State& at) {
      for (int other = 0; other < 4; ++other) {
        const State any = other == lane ? at : random_state(m, rnd);
        bodies.set(other, any.q, any.v, any.a);
      }
      bodies.update();
    };
    compare(total, [&](const State& at) {
      to(at);
      return bodies.whole(lane);
    });
    for (Part which : {kLegPartRight, kLegPartLeft, kTrunkPart}) {
      part_wrench(m, kin, total, which, part);
      CHECK(part.w.norm() > 1);
      compare(part, [&](const State& at) {
        to(at);
        return bodies.of(which, lane);
      });
    }
  }
}

TEST_CASE("four bodies: the poses of each, and backward the same gradient as forward") {
  CAPTURE(kSeed);
  Random rnd;
  const auto any = [&] { return Vec6(Vec6::NullaryExpr([&](Eigen::Index) { return rnd(); })); };
  for (int k = 0; k < 20; ++k) {
    const Model m = random_body(rnd);
    FourBodies bodies(m);
    Kinematics kin, own;
    TotalWrench total, part;
    for (int again = 0; again < 2; ++again) {  // nothing stays from the states before
      std::array<State, 4> states;
      for (int lane = 0; lane < 4; ++lane) {
        State& s = states[lane] = random_state(m, rnd);
        bodies.set(lane, s.q, s.v, s.a);
      }
      bodies.update();
      std::array<CoordVec, 4> q, v, a;
      std::array<double, 4> pace;
      for (int lane = 0; lane < 4; ++lane) {
        update(m, states[lane], kin);
        bodies.kinematics(lane, own);
        for (int i = 0; i < m.n_coord(); ++i) {
          CHECK(bodies.q(i, lane) == states[lane].q[i]);
          CHECK((own.X_GL[i].R - kin.X_GL[i].R).norm() < 1e-13);
          CHECK((own.X_GL[i].p - kin.X_GL[i].p).norm() < 1e-13);
          CHECK((own.S_G[i] - kin.S_G[i]).norm() < 1e-13);
          CHECK((own.V_G[i] - kin.V_G[i]).norm() < 1e-12 * (1 + kin.V_G[i].norm()));
          CHECK((own.A_G[i] - kin.A_G[i]).norm() < 1e-12 * (1 + kin.A_G[i].norm()));
        }
        total_wrench(m, kin, total);
        Vec6 pull = any();
        bodies.pull_whole(lane, pull);
        q[lane] = total.dw_dq.transpose() * pull;
        v[lane] = total.dw_dv.transpose() * pull;
        a[lane] = total.dw_da.transpose() * pull;
        pace[lane] = pull.dot(total.w - total.w_still);
        for (Part which : {kLegPartRight, kLegPartLeft, kTrunkPart}) {
          part_wrench(m, kin, total, which, part);
          pull = any();
          const bool but = which == kLegPartLeft;
          if (but)
            bodies.pull_all_but(which, lane, pull);
          else
            bodies.pull(which, lane, pull);
          const double sign = but ? -1 : 1, whole = but ? 1 : 0;
          q[lane] += (whole * total.dw_dq + sign * part.dw_dq).transpose() * pull;
          v[lane] += (whole * total.dw_dv + sign * part.dw_dv).transpose() * pull;
          a[lane] += (whole * total.dw_da + sign * part.dw_da).transpose() * pull;
          pace[lane] += pull.dot(whole * (total.w - total.w_still) + sign * (part.w - part.w_still));
        }
        const int loaded = 11;
        const Vec6 load = any();
        bodies.load(loaded, lane, load);
        for (int i = loaded; i >= 0; i = m.coordinates[i].parent) q[lane][i] += kin.S_G[i].dot(load);
      }
      bodies.gradient();
      for (int lane = 0; lane < 4; ++lane) {
        for (int i = 0; i < m.n_coord(); ++i) {
          CHECK(std::abs(bodies.by_q(i, lane) - q[lane][i]) < 1e-11 * (1 + q[lane].norm()));
          CHECK(std::abs(bodies.by_v(i, lane) - v[lane][i]) < 1e-11 * (1 + v[lane].norm()));
          CHECK(std::abs(bodies.by_a(i, lane) - a[lane][i]) < 1e-11 * (1 + a[lane].norm()));
        }
        CHECK(bodies.by_pace(lane) == doctest::Approx(pace[lane]).epsilon(1e-11).scale(total.w.norm()));
      }
    }
  }
}
