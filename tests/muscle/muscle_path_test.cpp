// Muscle paths: arms are the derivative of the length, lengths are smooth, spans carry the arms, the body is a mirror.
#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "tests/muscle/reference_body.h"

using namespace hipspine;
using hipspine::test::Posed;
using hipspine::test::random_state;
using hipspine::test::reference_body;

TEST_CASE("there are fascicles enough and every one has its mirror") {
  const Model model = reference_body();
  CHECK(model.n_muscle() >= 130);
  for (int i = 0; i < model.n_muscle(); ++i) {
    const Muscle& m = model.muscles[i];
    const Muscle& other = model.muscles[m.mirror];
    CHECK(other.mirror == i);
    CHECK(other.side != m.side);
    CHECK(other.group == m.group);
    CHECK(other.force_max_n == m.force_max_n);
  }
}

TEST_CASE("moment arms are minus the derivative of the length at random states") {
  const Model model = reference_body();
  Posed posed(model), shifted(model);
  constexpr unsigned kSeed = 11;
  std::mt19937 random(kSeed);
  INFO("seed " << kSeed);
  constexpr double kStep = 1e-6;
  double worst = 0;
  std::string where;
  for (int n = 0; n < 300; ++n) {
    const CoordVec q = random_state(model, random);
    const Eigen::MatrixXd arm = posed.at(q).arm_m;
    for (int j = 0; j < model.n_coord(); ++j) {
      CoordVec low = q, high = q;
      low[j] -= kStep;
      high[j] += kStep;
      const Eigen::VectorXd l_low = shifted.at(low).length_m;
      const Eigen::VectorXd l_high = shifted.at(high).length_m;
      for (int m = 0; m < model.n_muscle(); ++m) {
        const double error = std::abs(arm(j, m) + (l_high[m] - l_low[m]) / (2 * kStep));
        if (error > worst) {
          worst = error;
          where = model.muscles[m].name + " about " + model.coordinates[j].name;
        }
      }
    }
  }
  INFO(where);
  CHECK(worst < 1e-6);
}

namespace {

/// Largest steps along one straight line through the ranges, walked in `steps` steps.
struct Steps {
  double arm_m = 0;     ///< of any moment arm
  double length_m = 0;  ///< of any length beyond what its arms predict (trapezoidal rule)
  std::string arm_of, length_of;
};

Steps walk(Posed& posed, const CoordVec& from, const CoordVec& to, int steps) {
  Steps worst;
  const Model& model = posed.model;
  const CoordVec dq = (to - from) / steps;
  Eigen::VectorXd l_before;
  Eigen::MatrixXd r_before;
  for (int i = 0; i <= steps; ++i) {
    const MuscleGeometry& g = posed.at(from + i * dq);
    if (i > 0) {
      const Eigen::VectorXd error = (g.length_m - l_before + 0.5 * (r_before + g.arm_m).transpose() * dq).cwiseAbs();
      int m = 0, c = 0;
      if (const double e = error.maxCoeff(&m); e > worst.length_m) {
        worst.length_m = e;
        worst.length_of = model.muscles[m].name;
      }
      if (const double e = (g.arm_m - r_before).cwiseAbs().maxCoeff(&c, &m); e > worst.arm_m) {
        worst.arm_m = e;
        worst.arm_of = model.muscles[m].name + " about " + model.coordinates[c].name;
      }
    }
    l_before = g.length_m;
    r_before = g.arm_m;
  }
  return worst;
}

}  // namespace

TEST_CASE("no length jumps and no arm jumps along any line through the ranges") {
  const Model model = reference_body();
  Posed posed(model);
  constexpr unsigned kSeed = 12;
  std::mt19937 random(kSeed);
  INFO("seed " << kSeed);
  Steps worst;
  for (int line = 0; line < 150; ++line) {
    const CoordVec from = random_state(model, random), to = random_state(model, random);
    const Steps coarse = walk(posed, from, to, 400);
    if (coarse.arm_m > worst.arm_m) {
      // A jump would keep its size when the steps get shorter, a slope does not.
      const Steps fine = walk(posed, from, to, 1600);
      INFO(coarse.arm_of);
      CHECK(fine.arm_m < 0.35 * coarse.arm_m);
      CHECK(fine.length_m < 0.15 * coarse.length_m);
      worst = coarse;
    }
    CHECK(coarse.length_m < 5e-6);
  }
  MESSAGE("largest step of an arm in 1/400 of the ranges ", 1e3 * worst.arm_m, " mm (", worst.arm_of, ")");
  CHECK(worst.arm_m < 5e-3);  // 0.4 deg of every joint at once, trunk twisted to its corner included
}

TEST_CASE("paths keep clear of the cut where the side of a cylinder would be lost") {
  const Model model = reference_body();
  Posed posed(model);
  std::mt19937 random(13);
  double least = 1e9;
  std::string where;
  for (int n = 0; n < 3000; ++n) {
    const MuscleGeometry& g = posed.at(random_state(model, random));
    for (const MusclePaths::Segment& s : posed.paths.segments) {
      if (s.wrap < 0) continue;
      const Transform X_CG = g.X_GC[s.wrap].inverse();
      const Vec3 P = X_CG * g.point_G[s.a], S = X_CG * g.point_G[s.b];
      double delta =
          std::atan2(model.wraps[s.wrap].turn * (P.x() * S.y() - P.y() * S.x()), P.x() * S.x() + P.y() * S.y());
      if (delta < -kDeg * 60) delta += kDeg * 360;
      const double margin = std::min(delta + kDeg * 60, kDeg * 300 - delta);
      if (margin < least) {
        least = margin;
        where = model.muscles[s.muscle].name;
      }
    }
  }
  MESSAGE("smallest margin ", deg_from_rad(least), " deg (", where, ")");
  CHECK(least > kDeg * 15);
}

TEST_CASE("spans give the same generalised forces as the arms") {
  const Model model = reference_body();
  Posed posed(model);
  std::mt19937 random(14);
  for (int n = 0; n < 20; ++n) {
    const MuscleGeometry& g = posed.at(random_state(model, random));
    Eigen::MatrixXd arm = Eigen::MatrixXd::Zero(model.n_coord(), model.n_muscle());
    for (const MuscleGeometry::Span& s : g.spans)
      for (const auto& [link, p, sign] : {std::tuple(s.link_a, s.p_a_G, 1.0), std::tuple(s.link_b, s.p_b_G, -1.0)}) {
        Vec6 wrench;
        wrench << p.cross(s.u_G), s.u_G;
        for (int j = link; j >= 0; j = model.coordinates[j].parent)
          arm(j, s.muscle) += sign * posed.kin.S_G[j].dot(wrench);
      }
    CHECK((arm - g.arm_m).cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("a mirrored state mirrors lengths and arms") {
  const Model model = reference_body();
  Posed posed(model), mirror(model);
  std::mt19937 random(15);
  for (int n = 0; n < 50; ++n) {
    const CoordVec q = random_state(model, random);
    const MuscleGeometry& g = posed.at(q);
    const MuscleGeometry& h = mirror.at(mirrored(model, q));
    double worst = 0;
    for (int m = 0; m < model.n_muscle(); ++m) {
      const int other = model.muscles[m].mirror;
      worst = std::max(worst, std::abs(g.length_m[m] - h.length_m[other]));
      for (int j = 0; j < model.n_coord(); ++j) {
        const Coordinate& c = model.coordinates[j];
        worst = std::max(worst, std::abs(g.arm_m(j, m) - c.mirror_sign * h.arm_m(c.mirror, other)));
      }
    }
    CHECK(worst < 1e-12);
  }
}

TEST_CASE("one cylinder against its closed forms") {
  // Ground, and a link turning about z at the origin; a cylinder of 0.1 m at the origin, path from left to right above.
  Model model;
  Coordinate turn;
  turn.name = "turn";
  model.coordinates = {turn};
  model.wraps.push_back({"roller", 0, {}, 0.1, -1, -1});
  Muscle m;
  m.name = "m";
  m.points = {{0, Vec3(-0.3, 0, 0)}, {0, Vec3(0.3, 0, 0.2)}};
  m.wrap_after = {0};
  model.muscles.push_back(m);
  Posed posed(model);
  const double beta = std::acos(0.1 / 0.3);
  const double flat = 2 * std::sqrt(0.08) + 0.1 * (std::numbers::pi - 2 * beta);
  CHECK(posed.at(CoordVec::Zero(1)).length_m[0] == doctest::Approx(std::hypot(flat, 0.2)).epsilon(1e-14));
  // Passing above the cylinder, the straight line stays.
  model.muscles[0].points[0].p_L.y() = model.muscles[0].points[1].p_L.y() = 0.11;
  Posed above(model);
  CHECK(above.at(CoordVec::Zero(1)).length_m[0] == doctest::Approx(std::hypot(0.6, 0.2)).epsilon(1e-14));
  // Just touching: both cases agree.
  model.muscles[0].points[0].p_L.y() = model.muscles[0].points[1].p_L.y() = 0.1 - 1e-9;
  Posed touching(model);
  CHECK(touching.at(CoordVec::Zero(1)).length_m[0] == doctest::Approx(std::hypot(0.6, 0.2)).epsilon(1e-12));
}
