#include "sim/model/scenario_text.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>

using namespace hipspine;

namespace {

Scenario read_back(const Scenario& scenario) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "hipspine_scenario_text_test.toml";
  std::ofstream(file) << scenario_text(scenario);
  Diagnostics found;
  Scenario back = load_scenario(file, {}, found);
  CHECK_MESSAGE(found.findings().empty(), found.text());
  std::filesystem::remove(file);
  return back;
}

}  // namespace

TEST_CASE("degrees that a file can hold come back to the same angle") {
  for (const double deg : {0.0, 20.0, -24.0, 0.1, 33.3, 11.4, 120.0, 7.25}) {
    CHECK(file_degrees(rad_from_deg(deg)) == deg);
  }
  std::mt19937 random(1);
  std::uniform_real_distribution<double> any(-60, 140);
  for (int k = 0; k < 2000; ++k) {
    const double rad = rad_from_deg(any(random));
    CHECK(rad_from_deg(file_degrees(rad)) == rad);
  }
}

TEST_CASE("any angle is within a rounding of one that a file can hold") {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> any(-1, 2.4);
  Scenario s;
  for (int k = 0; k < 500; ++k) {
    s.hip[kRight].flexion_max_rad = any(random);
    const Scenario held = holdable(s);
    CHECK(std::abs(held.hip[kRight].flexion_max_rad - s.hip[kRight].flexion_max_rad) <= 4e-16 * 2.4);
    CHECK(holdable(held).hip == held.hip);
  }
}

TEST_CASE("random scenarios come back from their files bit for bit") {
  std::mt19937 random(3);
  const auto in = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  for (int k = 0; k < 200; ++k) {
    Scenario s;
    s.title = "Number " + std::to_string(k) + ", \"quoted\" \\ and ° with\ta tab";
    s.question = k % 2 ? "Why?\nTwo lines." : "";
    s.expectation = k % 3 ? "More." : "";
    if (k % 2) s.source = {"lee2005", "wilke1999"};
    s.task = kTaskNames[k % 3];
    s.strategy = k % 2 ? "knee" : "balanced";
    s.speed_m_s = in(0.4, 2.2);
    s.height_m = in(1.2, 2.1);
    s.mass_kg = in(35, 160);
    for (HipLimits& hip : s.hip) {
      for (const HipLimitKey& limit : kHipLimitKeys)
        hip.*limit.value = rad_from_deg(in(std::max(0.0, limit.low_deg), limit.high_deg));
      hip.stiffness_scale = in(0.1, 10);
    }
    if (k % 2) s.muscles = {{"gluteus_medius_r", in(0, 3), 0, {}}, {"iliopsoas_l", 1, in(0, 0.5), {}}};
    const Scenario back = read_back(s);
    CHECK(says_the_same(s, back));
  }
}

TEST_CASE("every shipped scenario comes back") {
  for (const auto& entry : std::filesystem::directory_iterator(HIPSPINE_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    Diagnostics found;
    const Scenario s = load_scenario(entry.path(), {}, found);
    REQUIRE_FALSE(found.has_errors());
    CHECK_MESSAGE(says_the_same(s, read_back(s)), entry.path());
  }
}

TEST_CASE("overrides on a scenario in memory are those of the command line") {
  const std::filesystem::path file = HIPSPINE_SOURCE_DIR "/scenarios/healthy.toml";
  const std::vector<std::string> set = {"hip_r.extension_max_deg=5", "strategy=knee",
                                        "muscle.gluteus_medius_r.strength=0.5"};
  Diagnostics found;
  Scenario from_file = load_scenario(file, set, found);
  const Scenario base = load_scenario(file, {}, found);
  const Scenario changed = changed_scenario(base, set, found);
  CHECK(found.findings().empty());
  from_file.title = base.title;  // the command line names its changes there
  from_file.expectation = base.expectation;
  CHECK(says_the_same(changed, from_file));

  Diagnostics bad;
  (void)changed_scenario(base, {"hip_r.extension_max_deg=-50", "hip_r.flexion_max_deg=20", "speed=1"}, bad);
  REQUIRE(bad.findings().size() == 2);
  CHECK(bad.findings()[0].code == "E105");
  CHECK(bad.findings()[1].code == "E411");
}
