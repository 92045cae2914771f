// Bands of normal walking against the published points they were fitted to, and their file against mistakes.
#include "sim/gait/normal_bands.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/core/units.h"

using namespace hipspine;

namespace {

const std::filesystem::path kModels = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";
constexpr double kHeight_m = 1.70;

NormalBands bands() {
  Diagnostics diagnostics;
  NormalBands b = load_normal_bands(kModels, diagnostics);
  INFO(diagnostics.text());
  REQUIRE(diagnostics.findings().empty());
  return b;
}

double free_speed_m_s(const NormalBands& b) {
  return b.speed_free * std::sqrt(kGravity_m_s2 * b.leg_of_height * kHeight_m);
}

/// Findings of the shipped file with `from` replaced by `to`.
std::string findings_with(const std::string& from, const std::string& to) {
  std::ifstream in(kModels / "normal_bands.toml");
  std::stringstream text;
  text << in.rdbuf();
  std::string changed = text.str();
  const auto at = changed.find(from);
  REQUIRE(at != std::string::npos);
  changed.replace(at, from.size(), to);
  const auto folder = std::filesystem::temp_directory_path() / "hipspine_bands_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "normal_bands.toml") << changed;
  Diagnostics diagnostics;
  load_normal_bands(folder, diagnostics);
  std::filesystem::remove_all(folder);
  return diagnostics.text();
}

}  // namespace

TEST_CASE("bands: mean and SD are those of the three pooled laboratories") {
  const NormalBands b = bands();
  // Pooled by hand from the published tables at these instants: mean and SD in degrees, signs of this program.
  const struct {
    const char* name;
    int pct;
    double mean_deg, sd_deg;
  } published[] = {
      {"hip_flexion", 0, 24.91, 6.31}, {"hip_flexion", 20, 10.85, 6.82}, {"hip_flexion", 50, -16.01, 6.77},
      {"knee_angle", 0, 6.60, 4.76},   {"knee_angle", 20, 16.82, 5.96},  {"knee_angle", 72, 62.32, 6.39},
      {"pelvis_tilt", 0, -0.97, 5.15}, {"pelvis_tilt", 50, -0.91, 5.24}, {"lumbar_extension", 0, -0.60, 8.53},
  };
  for (const auto& p : published) {
    CAPTURE(p.name);
    CAPTURE(p.pct);
    const NormalBand* band = b.find(p.name);
    REQUIRE(band);
    const BandCurves c = band_curves(b, *band, free_speed_m_s(b), kHeight_m, 101);
    CHECK(std::abs(deg_from_rad((c.low_rad[p.pct] + c.high_rad[p.pct]) / 2) - p.mean_deg) < 0.6);  // the fit's misfit
    CHECK(std::abs(deg_from_rad((c.high_rad[p.pct] - c.low_rad[p.pct]) / 2) - p.sd_deg) < 0.4);
  }
}

TEST_CASE("bands: the mean is the healthy walk that the planner aims at, the SD is of a believable size") {
  const NormalBands b = bands();
  Diagnostics diagnostics;
  const NormalGait gait = load_normal_gait(kModels, diagnostics);
  REQUIRE(!diagnostics.has_errors());
  const struct {
    const char* name;
    NormalAngle angle;
    double within_deg;
  } aimed[] = {
      {"pelvis_list", kPelvisList, 0.2},   {"pelvis_rotation", kPelvisRotation, 0.3},
      {"hip_flexion", kHipFlexion, 0.3},   {"hip_adduction", kHipAdduction, 0.3},
      {"hip_rotation", kHipRotation, 0.3}, {"knee_angle", kKneeAngle, 0.3},
      {"ankle_angle", kAnkleAngle, 0.3},   {"pelvis_tilt", kPelvisTilt, 1.5}};  // tilt's swing is widened there
  for (const auto& a : aimed) {
    CAPTURE(a.name);
    const NormalBand* band = b.find(a.name);
    REQUIRE(band);
    for (int i = 0; i < 100; ++i) {
      const double phase = i / 100.0;
      const double aim = harmonic_value(gait.angle[a.angle].base, phase);
      CHECK(std::abs(deg_from_rad(harmonic_value(band->mean_rad, phase) - aim)) < a.within_deg);
      const double sd_deg = deg_from_rad(harmonic_value(band->sd_rad, phase));
      CHECK(sd_deg > 2);
      CHECK(sd_deg < 13);
    }
  }
}

TEST_CASE("bands: phase shift, speed and what is not published") {
  const NormalBands b = bands();
  const NormalBand& hip = *b.find("hip_flexion");
  const double speed_m_s = free_speed_m_s(b);
  const BandCurves right = band_curves(b, hip, speed_m_s, kHeight_m, 101);
  const BandCurves left = band_curves(b, hip, speed_m_s, kHeight_m, 101, 0.5);
  for (int i = 0; i <= 50; ++i) {
    CHECK(left.low_rad[i] == doctest::Approx(right.low_rad[i + 50]).epsilon(1e-9));
    CHECK(left.high_rad[i + 50] == doctest::Approx(right.high_rad[i]).epsilon(1e-9));
  }
  const auto range = [&](double v) {
    const BandCurves c = band_curves(b, hip, v, kHeight_m, 101);
    const Eigen::VectorXd mean = (c.low_rad + c.high_rad) / 2;
    return mean.maxCoeff() - mean.minCoeff();
  };
  CHECK(range(0.8 * speed_m_s) < range(speed_m_s));  // hips move further when walking faster [schwartz2008]
  CHECK(range(speed_m_s) < range(1.3 * speed_m_s));
  CHECK(range(9) == range(20));  // held at the end of what was measured
  for (const char* name : {"lumbar_bending", "lumbar_rotation", "L4_L5_FE", "ground_force_vertical", "hip_contact"})
    CHECK(b.find(name) == nullptr);
}

TEST_CASE("bands: mistakes in the file are findings with their place") {
  CHECK(findings_with("name = \"knee_angle\"", "name = \"hip_flexion\"").find("E302") != std::string::npos);
  CHECK(findings_with("sd_deg = [", "sd_deg = [-").find("E402") != std::string::npos);
  CHECK(findings_with("sd_deg = [", "sd_deg = [1, ").find("E204") != std::string::npos);
  CHECK(findings_with("speed_free = 0.4294", "speed_free = 0.9").find("E203") != std::string::npos);
  CHECK(findings_with("leg_of_height", "leg_of_hight").find("E105") != std::string::npos);
}
