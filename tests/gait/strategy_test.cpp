// Named weight sets: read in SI, as differences from "balanced"; unknown names and keys are found out.
#include "sim/gait/strategy.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/core/units.h"

using namespace hipspine;

namespace {

const std::filesystem::path kModels = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";

Strategy strategy(const std::string& name) {
  Diagnostics diagnostics;
  Strategy s = load_strategy(kModels, name, diagnostics);
  INFO(diagnostics.text());
  REQUIRE(diagnostics.findings().empty());
  return s;
}

}  // namespace

TEST_CASE("strategy: the contract's names exist, balanced first") {
  const std::vector<std::string> expected = {"balanced", "lumbar_extension", "pelvic_rotation", "shorter_step",
                                             "knee",     "keep_speed"};
  CHECK(strategy_names(kModels) == expected);
  for (const auto& name : expected) {
    CHECK(strategy(name).name == name);
    CHECK_FALSE(strategy(name).says.empty());
  }
}

TEST_CASE("strategy: units are SI inside") {
  const Strategy s = strategy("balanced");
  CHECK(s.stance_m == doctest::Approx(0.0022).epsilon(1e-12));
  CHECK(s.tilt_rad == doctest::Approx(rad_from_deg(10)).epsilon(1e-12));
  CHECK(s.hip_moment_nm == 10);
  CHECK(s.force_up_bw == 0.2);
}

TEST_CASE("strategy: a set differs from balanced only in what it names") {
  const Strategy balanced = strategy("balanced");
  Strategy knee = strategy("knee");
  CHECK(knee.knee_rad > 5 * balanced.knee_rad);  // its namesake is cheap, the spine is dear
  CHECK(knee.tilt_rad < balanced.tilt_rad);
  CHECK(knee.stance_m == doctest::Approx(balanced.stance_m).epsilon(1e-14));
  CHECK(knee.hip_flexion_rad == doctest::Approx(balanced.hip_flexion_rad).epsilon(1e-14));
  CHECK(strategy("shorter_step").stride_m > balanced.stride_m);
  CHECK(strategy("keep_speed").stride_m < balanced.stride_m);
  CHECK(strategy("pelvic_rotation").rotation_rad > balanced.rotation_rad);
  CHECK(strategy("lumbar_extension").lumbar_extension_rad > balanced.lumbar_extension_rad);
  CHECK(strategy("healthy_fit").tilt_rad < balanced.tilt_rad);
}

TEST_CASE("strategy: unknown name, unknown key, missing key and impossible value are findings") {
  Diagnostics unknown;
  (void)load_strategy(kModels, "levitation", unknown);
  CHECK(unknown.text().find("E304: there is no strategy \"levitation\"") != std::string::npos);
  CHECK(unknown.text().find("balanced, lumbar_extension") != std::string::npos);

  std::ifstream in(kModels / "strategies.toml");
  std::stringstream buffer;
  buffer << in.rdbuf();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = buffer.str();
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    const auto folder = std::filesystem::temp_directory_path() / "hipspine_strategy_test";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "strategies.toml") << text;
    Diagnostics diagnostics;
    (void)load_strategy(folder, "balanced", diagnostics);
    std::filesystem::remove_all(folder);
    return diagnostics.text();
  };
  CHECK(with("stance_mm = 2.2 ", "stance_mm = 0 ").find("E203") != std::string::npos);
  CHECK(with("stance_mm = 2.2 ", "stanze_mm = 4 ").find("E105") != std::string::npos);
  CHECK(with("stance_mm = 2.2 ", "stanze_mm = 4 ").find("E110") != std::string::npos);
  CHECK(with("ankle_deg = 14", "ankel_deg = 14").find("E105") != std::string::npos);
}
