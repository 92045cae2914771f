// Hill muscle: anchor points of the curves, rigid tendon, tightness.
#include "sim/muscle/hill_muscle.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace hipspine;

namespace {

Muscle plain() {
  Muscle m;
  m.force_max_n = 1000;
  m.fibre_length_opt_m = 0.1;
  m.tendon_slack_m = 0.2;
  return m;
}

}  // namespace

TEST_CASE("curves pass through their anchors") {
  CHECK(active_force_length(1) == 1);
  CHECK(active_force_length(0.5) == doctest::Approx(std::exp(-0.25 / 0.45)));
  CHECK(force_velocity(0) == doctest::Approx(1).epsilon(1e-14));
  CHECK(force_velocity(-1) < 0.02);
  CHECK(force_velocity(-2) == 0);
  CHECK(force_velocity(1) == doctest::Approx(1.79).epsilon(0.01));
  CHECK(passive_force_length(0.9) == 0);
  CHECK(passive_force_length(1.6) == doctest::Approx(1).epsilon(1e-14));
  double before = -1;
  for (double v = -1.2; v <= 1.2; v += 0.01) {
    CHECK(force_velocity(v) >= before);
    before = force_velocity(v);
  }
}

TEST_CASE("passive force sets in without a kink") {
  const double h = 1e-5;
  const double slope = (passive_force_length(1 + h) - passive_force_length(1)) / h;
  CHECK(slope < 1e-3);
}

TEST_CASE("rigid tendon: fibre length, pennation and speed") {
  Muscle m = plain();
  const MuscleCapacity at_optimum = muscle_capacity(m, 0.3, 0);
  CHECK(at_optimum.active_n == doctest::Approx(1000));
  CHECK(at_optimum.norm_length == doctest::Approx(1));
  CHECK(at_optimum.passive_n == 0);
  m.pennation_rad = 0.4;
  // At optimal length the pennation is the given one.
  const MuscleCapacity pennate = muscle_capacity(m, 0.2 + 0.1 * std::cos(0.4), 0.1);
  CHECK(pennate.norm_length == doctest::Approx(1));
  CHECK(pennate.norm_speed == doctest::Approx(std::cos(0.4) * 0.1));
  CHECK(pennate.active_n == doctest::Approx(1000 * std::cos(0.4) * force_velocity(pennate.norm_speed)));
  // The fibre's speed is the derivative of its length.
  const double h = 1e-7;
  const double rate =
      (muscle_capacity(m, 0.31 + h, 0).norm_length - muscle_capacity(m, 0.31 - h, 0).norm_length) / (2 * h);
  CHECK(muscle_capacity(m, 0.31, 1).norm_speed == doctest::Approx(rate / m.speed_max_lopt_s).epsilon(1e-7));
  CHECK(muscle_capacity(m, 0.19, 0).active_n == 0);
}

TEST_CASE("only tightness gives passive force, and it grows with stretch and with tightness") {
  Muscle m = plain();
  CHECK(muscle_capacity(m, 0.36, 0).passive_n == 0);
  double before = 0;
  for (const double tightness : {0.05, 0.1, 0.2, 0.3}) {
    m.tightness = tightness;
    const double force = muscle_capacity(m, 0.33, 0).passive_n;
    CHECK(force > before);
    before = force;
  }
  m.tightness = 0.2;
  CHECK(muscle_capacity(m, 0.279, 0).passive_n == 0);  // slack below 0.8 of optimal length
  CHECK(muscle_capacity(m, 0.282, 0).passive_n > 0);
  CHECK(muscle_capacity(m, 0.33, 0).passive_n ==
        doctest::Approx(1000 * (passive_force_length(1.3 / 0.8) - passive_force_length(1.3))));
  CHECK(muscle_capacity(m, 0.33, 0).active_n == muscle_capacity(plain(), 0.33, 0).active_n);
}

TEST_CASE("a muscle lets go with its time constant, also across the end of the cycle") {
  constexpr int n = 101;
  const double step = 0.01;
  Eigen::MatrixXd activation = Eigen::MatrixXd::Constant(2, n, 0.02);
  activation(0, 95) = 0.8;
  activation(0, 98) = 0.1;  // far below what 95 leaves
  const Eigen::MatrixXd floor = relaxation_floor(activation, Eigen::Vector2d(0.01, 0.03), step);
  CHECK(floor(0, 95) == doctest::Approx(0.02 * std::exp(-step / 0.05)));
  for (int k = 96; k <= 110; ++k) {
    CHECK(floor(0, k % 100) == doctest::Approx(0.8 * std::exp(-step * (k - 95) / 0.05)).epsilon(1e-12));
  }
  CHECK(floor(0, 100) == floor(0, 0));
  CHECK((floor.row(1).array() == 0.03).all());
}
