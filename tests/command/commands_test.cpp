#include "sim/command/commands.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/command/arguments.h"
#include "sim/run/report.h"
#include "tests/command/told.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;
namespace fs = std::filesystem;

using test::has;
using test::Told;

namespace {

/// Runs a command line on hand-made walks: a lost degree of the right extension limit costs half a degree of extension.
Told tell(const std::vector<std::string>& words, bool red_gate = false, bool fault = false) {
  const fs::path root = HIPSPINE_SOURCE_DIR;
  const Program program{root / "models", root / "scenarios", [=](int) -> Solver {
                          const SolveFunction solve = [=](const Scenario& scenario, Diagnostics&) {
                            if (fault) throw InternalError("broken on purpose");
                            CycleResult r = test::synthetic_cycle();
                            r.scenario = scenario;
                            const double lost_rad = 0.5 * (rad_from_deg(20) - scenario.hip[kRight].extension_max_rad);
                            r.plan.q.row(r.model->legs[kRight].hip_flexion).array() += lost_rad;
                            if (red_gate) r.gates[0].value = 9;
                            return r;
                          };
                          const auto vary = [](const CycleResult& r, int n, const Session::VisitFunction& visit) {
                            for (int i = 0; i < n; ++i) visit(i, r);
                          };
                          const auto forward = [](const CycleResult& r, const ForwardOptions& o, Diagnostics&) {
                            ForwardRun run;  // one stride, exactly as planned
                            run.strides = o.strides;
                            run.walked = 1;
                            run.recorded = r;
                            run.facts.resize(1);
                            run.facts[0].leg_error.setZero();
                            run.facts[0].slid_m = o.no_residual ? 0.02 : 0;
                            return run;
                          };
                          return {solve, solve, vary, forward};
                        }};
  return test::tell(words, program);
}

const std::string kHealthy = std::string(HIPSPINE_SOURCE_DIR) + "/scenarios/healthy.toml";
const std::string kStiff = std::string(HIPSPINE_SOURCE_DIR) + "/scenarios/extension_loss_20_r.toml";

}  // namespace

TEST_CASE("help is there for the program and for every command, and fits 100 columns") {
  CHECK(tell({"--help"}).code == kDone);
  CHECK(tell({}).code == kBadUsage);
  CHECK(tell({"--version"}).out == "hipspine " HIPSPINE_VERSION "\n");
  for (const CommandSpec& spec : command_specs()) {
    CHECK(has(tell({"--help"}).out, "  " + spec.name));
    const Told t = tell({spec.name, "--help"});
    CHECK(t.code == kDone);
    for (const OptionSpec& option : spec.options) CHECK(has(t.out, option.name));
    std::stringstream lines(t.out);
    for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(display_width(line) <= 100, line);
  }
}

TEST_CASE("wrong use: exit code 2 with what was probably meant") {
  struct Case {
    std::vector<std::string> words;
    std::string told;
  };
  for (const Case& c :
       {Case{{"rnu"}, "did you mean 'run'?"}, Case{{"validat"}, "did you mean 'validate'?"},
        Case{{"frobnicate"}, "lists the commands"},
        Case{{"run", kHealthy, "--againts", "x"}, "did you mean '--against'?"},
        Case{{"run", kHealthy, "--out"}, "--out needs a value"},
        Case{{"run", kHealthy, "--force=yes"}, "--force takes no value"},
        Case{{"run", kHealthy, "--mode", "walk"}, "--mode is solve, simulate or both, not 'walk'"},
        Case{{"run", kHealthy, "--strides", "5"}, "--strides and --no-residual belong to --mode simulate or both"},
        Case{{"run", kHealthy, "--mode", "both", "--strides", "0"}, "--strides needs a whole number from 1 to 1000"},
        Case{{"run", kHealthy, "--convention", "isb"}, "opensim or clinical"},
        Case{{"run", kHealthy, "--set", "speed"}, "KEY=VALUE"},
        Case{{"run", kHealthy, "--threads", "two"}, "whole number from 1 to 64"},
        Case{{"run"}, "takes SCENARIO, and was given 0"}, Case{{"compare", kHealthy}, "compare takes two: A and B"},
        Case{{"compare", "--treatments", kHealthy, kHealthy}, "takes one scenario"},
        Case{{"compare", kHealthy, kHealthy, "--fuse", "L4_L5"}, "belong to compare --treatments"},
        Case{{"compare", "--treatments", kHealthy, "--fuse", "L6"}, "--fuse needs a lumbar level"},
        Case{{"rig", "slr", "--moment", "5"}, "no load acts"}, Case{{"bench", "fast"}, "takes no arguments"}}) {
    const Told t = tell(c.words);
    CAPTURE(t.err);
    CHECK(t.code == kBadUsage);
    CHECK(has(t.err, c.told));
    CHECK(t.out.empty());
  }
}

TEST_CASE("bad input: exit code 1, the findings on the error stream, nothing on the other") {
  const Told t = tell({"run", "no/such/file.toml"});
  CHECK(t.code == kBadInput);
  CHECK(has(t.err, "E101"));
  CHECK(t.out.empty());
  CHECK(tell({"run", kHealthy, "--set", "hip_r.extension_max_deg=500"}).code == kBadInput);
  CHECK(tell({"run", kHealthy, "--out", kHealthy}).code == kBadInput);
}

TEST_CASE("run prints the walk, its compensation, and 3 for a red gate, 4 for a fault") {
  const Told healthy = tell({"run", kHealthy});
  CHECK(healthy.code == kDone);
  CHECK(has(healthy.out, "L4/L5"));
  CHECK_FALSE(has(healthy.out, "Against the same person"));
  const Told stiff = tell({"run", kStiff, "--set", "hip_r.extension_max_deg=0"});
  CHECK(has(stiff.out, "Against the same person with healthy hips"));
  CHECK(has(stiff.out, "right hip, furthest extension"));
  CHECK(tell({"run", kHealthy, "--quiet"}).out.empty());
  const Told red = tell({"run", kHealthy, "--quiet"}, true);
  CHECK(red.code == kGateMissed);
  CHECK(has(red.err, "residual force is 9 N, limit 5 N"));
  const Told broken = tell({"run", kHealthy}, false, true);
  CHECK(broken.code == kInternalFault);
  CHECK(has(broken.err, "broken on purpose"));
}

TEST_CASE("run --json is one JSON document; --against adds the comparison") {
  const auto j = nlohmann::json::parse(tell({"run", kStiff, "--json", "--against", kHealthy}).out);
  CHECK(j.contains("columns"));
  CHECK(j["against"]["groups"].size() > 5);
  CHECK(j["against"]["a"]["name"] == "healthy");
}

TEST_CASE("a forward run is written beside the cycle, its gates count, and it does not outlive its cycle") {
  const fs::path folder = fs::temp_directory_path() / ("hipspine_forward_" + std::to_string(::getpid()));
  const std::string out = folder.string();
  const Told both = tell({"run", kHealthy, "--mode", "both", "--strides", "3", "--out", out});
  CHECK(both.code == kDone);
  CHECK(has(both.out, "Forward run of healthy: 1.00 of 3 strides"));
  CHECK(has(both.out, "L4_L5_compression"));
  CHECK(has(both.out, "simulation.csv, simulation.json"));
  std::ifstream csv(folder / "simulation.csv"), cycle(folder / "cycle.csv");
  std::string a, b;
  std::getline(csv, a), std::getline(cycle, b);
  CHECK(a == b);
  int rows = 0;
  while (std::getline(csv, a)) ++rows;
  CHECK(rows == 101);
  CHECK(has(tell({"run", kHealthy, "--mode", "simulate", "--json"}).out, "\"differences\""));
  const Told slipped = tell({"run", kHealthy, "--mode", "simulate", "--no-residual"});
  CHECK(slipped.code == kGateMissed);
  CHECK(has(slipped.err, "healthy, forward run: quality gate missed: stance slip is 20 mm, limit 10 mm"));
  CHECK(tell({"run", kHealthy, "--quiet", "--out", out}).code == kDone);
  CHECK_FALSE(fs::exists(folder / "simulation.csv"));
  CHECK_FALSE(fs::exists(folder / "simulation.json"));
  fs::remove_all(folder);
}

TEST_CASE("compare takes scenario files and written folders alike") {
  std::string pattern = (fs::temp_directory_path() / "hipspine_test_XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  const fs::path folder = pattern;
  CHECK(tell({"run", kHealthy, "--quiet", "--out", (folder / "healthy").string()}).code == kDone);
  CHECK(tell({"run", kStiff, "--quiet", "--out", (folder / "stiff").string(), "--convention", "clinical"}).code ==
        kDone);
  const auto numbers = [](const std::string& text) {
    auto j = nlohmann::json::parse(text);
    std::vector<std::pair<std::string, double>> changes;
    for (const auto& g : j["groups"])
      for (const auto& r : g["rows"]) changes.emplace_back(r["label"], std::round(r["change"].get<double>() * 1e6));
    std::sort(changes.begin(), changes.end());
    return changes;
  };
  const Told files = tell({"compare", kHealthy, kStiff, "--json"});
  const Told folders = tell({"compare", (folder / "healthy").string(), (folder / "stiff").string(), "--json"});
  CHECK(files.code == kDone);
  CHECK(numbers(files.out) == numbers(folders.out));
  CHECK(tell({"compare", folder.string(), kHealthy}).code == kBadInput);  // a folder without a summary
  fs::remove_all(folder);
}

TEST_CASE("run --uncertainty adds bands to text and JSON, and wants a sensible number") {
  const Told text = tell({"run", kHealthy, "--uncertainty", "10"});
  CHECK(text.code == kDone);
  CHECK(has(text.out, "10 spines drawn"));
  const auto j = nlohmann::json::parse(tell({"run", kHealthy, "--uncertainty", "10", "--json"}).out);
  CHECK(j["uncertainty"]["samples"] == 10);
  const auto& band = j["uncertainty"]["columns"]["L4_L5_facet_r"];
  CHECK(band["p05"] == band["peak"]);  // hand-made walks do not vary
  CHECK(tell({"run", kHealthy, "--uncertainty", "3"}).code == kBadUsage);
}

TEST_CASE("rig prints a table, a JSON document of the contract's keys, and a curve") {
  const std::vector<std::string> base{"rig",         "L4_L5",     "--moment",   "7.5",
                                      "--direction", "extension", "--follower", "500"};
  const auto with = [&](std::initializer_list<const char*> more) {
    std::vector<std::string> words = base;
    words.insert(words.end(), more.begin(), more.end());
    return tell(words);
  };
  const Told text = with({});
  CHECK(text.code == kDone);
  CHECK(has(text.out, "turned"));
  const auto j = nlohmann::json::parse(with({"--json"}).out);
  CHECK(j["status"] == "ok");
  for (const char* key : {"FE_deg", "LB_deg", "AR_deg", "tx_mm", "ty_mm", "tz_mm", "disc_force_n", "disc_pressure_mpa",
                          "facet_r_n", "facet_l_n", "facet_share", "ligaments_n"})
    CHECK_MESSAGE(j["levels"]["L4_L5"].contains(key), key);
  const auto& share = j["levels"]["L4_L5"]["moment_share"];
  CHECK(share["disc"].get<double>() + share["facets"].get<double>() + share["ligaments"].get<double>() ==
        doctest::Approx(1));
  const std::string curve = with({"--curve"}).out;
  CHECK(std::count(curve.begin(), curve.end(), '\n') == 42);
  CHECK(has(curve, "\n0,"));
  const auto cut = nlohmann::json::parse(with({"--json", "--remove", "facets,ALL"}).out);
  CHECK(cut["levels"]["L4_L5"]["facet_r_n"] == 0);
  CHECK(cut["turned_deg"].get<double>() > 1.2 * j["turned_deg"].get<double>());
  CHECK(nlohmann::json::parse(tell({"rig", "lumbar", "--json"}).out)["levels"].size() == 5);
  CHECK(tell({"rig", "L4/L5"}).code == kDone);
}

TEST_CASE("rig: every option does what it says") {
  const auto at = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"rig", "L4_L5"});
    words.emplace_back("--json");
    const Told t = tell(words);
    CAPTURE(t.err);
    REQUIRE(t.code == kDone);
    return nlohmann::json::parse(t.out);
  };
  const auto number = [](const nlohmann::json& j, const char* key) { return j["levels"]["L4_L5"][key].get<double>(); };
  CHECK(number(at({"--moment", "5", "--direction", "flexion"}), "FE_deg") < -2);
  CHECK(number(at({"--moment", "5", "--direction", "extension"}), "FE_deg") > 2);
  CHECK(number(at({"--moment", "5", "--direction", "lateral"}), "LB_deg") > 1);
  const nlohmann::json turned = at({"--moment=5", "--direction=axial"});
  CHECK(number(turned, "AR_deg") > 0.5);
  CHECK(number(turned, "facet_r_n") > 10 * (1 + number(turned, "facet_l_n")));
  CHECK(number(at({"--follower", "500"}), "disc_force_n") == doctest::Approx(500).epsilon(0.1));
  const nlohmann::json pressed = at({"--compression", "800"});
  CHECK(number(pressed, "disc_force_n") == doctest::Approx(800).epsilon(0.1));
  CHECK(number(pressed, "ty_mm") < -0.3);
  CHECK(number(at({"--shear", "200"}), "tx_mm") > 0.1);
  CHECK(number(at({"--shear", "-200"}), "tx_mm") < -0.1);
  const std::vector<std::string> extended{"--moment", "7.5", "--direction", "extension", "--follower", "500"};
  const auto extended_with = [&](std::initializer_list<std::string> more) {
    std::vector<std::string> words = extended;
    words.insert(words.end(), more);
    return at(words);
  };
  CHECK(number(extended_with({"--disc-height-loss", "2"}), "facet_share") >
        0.05 + number(extended_with({}), "facet_share"));
  CHECK(number(extended_with({"--facet-gap", "0"}), "facet_r_n") >
        number(extended_with({"--facet-gap", "1"}), "facet_r_n"));
  for (const std::string& part : removable_structures()) {
    CAPTURE(part);
    const nlohmann::json cut = at({"--moment", "7.5", "--direction", "flexion", "--remove", part});
    if (const auto& left = cut["levels"]["L4_L5"]["ligaments_n"]; left.contains(part)) CHECK(left[part] == 0);
  }
  // Shares: each structure's, and they add up.
  for (const char* which : {"moment_share", "compression_share"}) {
    const nlohmann::json share = extended_with({})["levels"]["L4_L5"][which];
    double sum = share["disc"].get<double>() + share["facet_r"].get<double>() + share["facet_l"].get<double>();
    for (const char* ligament : {"ALL", "PLL", "LF", "ISL", "SSL", "CL", "ITL"}) sum += share[ligament].get<double>();
    CHECK(sum == doctest::Approx(1));
    CHECK(share["facets"].get<double>() > 0.1);
  }
  CHECK(at({})["levels"]["L4_L5"]["moment_share"].is_null());
  CHECK(at({"--shear", "1500"})["levels"]["L4_L5"]["moment_share"].is_null());  // facets against ligaments
}

TEST_CASE("bench times whole solves, stages and single levels") {
  const Told t = tell({"bench", "--json"});
  REQUIRE(t.code == kDone);
  const auto j = nlohmann::json::parse(t.out);
  for (const char* key : {"solve_warm_ms", "cold_start_ms", "stages_ms", "forward_real_time_factor", "memory_mb"})
    CHECK_MESSAGE(j.contains(key), key);
  CHECK(j["level_warm_us"]["p50"].get<double>() > 0);
  CHECK(j["level_warm_us"]["p50"].get<double>() <= j["level_warm_us"]["p95"].get<double>());
  CHECK(j["levels_cycle_ms"].get<double>() > 0);
  CHECK(has(tell({"bench"}).out, "six levels at 101 points"));
}

TEST_CASE("rig: wrong use is told apart, and a specimen that gives way is code 3") {
  for (const auto& [words, told] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"rig", "L4L5"}, "did you mean 'L4_L5'?"},
           {{"rig", "L4_L5", "--remove", "facet"}, "did you mean 'facets'?"},
           {{"rig", "L4_L5", "--moment", "-5"}, "from 0 to 50"},
           {{"rig", "L4_L5", "--moment", "nan"}, "from 0 to 50"},
           {{"rig", "L4_L5", "--direction", "up"}, "flexion, extension, lateral or axial"},
           {{"rig", "L4_L5", "--follower", "9000"}, "from 0 to 5000"},
           {{"rig", "L4_L5", "--compression", "-1"}, "from 0 to 5000"},
           {{"rig", "L4_L5", "--compression", "500N"}, "from 0 to 5000"},
           {{"rig", "L4_L5", "--shear", "2500"}, "from -2000 to 2000"},
           {{"rig", "L4_L5", "--disc-height-loss", "6"}, "from 0 to 5"},
           {{"rig", "L4_L5", "--facet-gap", "-0.1"}, "from 0 to 3"},
           {{"rig", "L4_L5", "--remove", ""}, "--remove needs a value"},
           {{"rig", "L4_L5", "--remove", ","}, "names between its commas"},
           {{"rig", "L4_L5", "--remove", "ALL,"}, "names between its commas"},
           {{"rig", "L4_L5", "--remove", "nucleus,nucleus"}, "'nucleus' twice"},
           {{"rig", "L4_L5", "--remove", "iliolumbar"}, "known: facets"},
           {{"rig", "L4_L5", "--curve"}, "needs --moment"},
           {{"rig"}, "takes LEVEL|lumbar|slr, and was given 0"},
           {{"rig", "L4_L5", "--curve", "--json"}, "not both"}}) {
    const Told t = tell(words);
    CAPTURE(t.err);
    CHECK(t.code == kBadUsage);
    CHECK(has(t.err, told));
    CHECK(t.out.empty());
  }
  const Told t = tell({"rig", "lumbar", "--compression", "4000"});
  CHECK(t.code == kGateMissed);
  CHECK(has(t.out, "NO EQUILIBRIUM"));
}

TEST_CASE("nearest word and percentile") {
  CHECK(nearest("hip_flexoin", {"knee_angle", "hip_flexion"}) == "hip_flexion");
  CHECK(nearest("zzzzzz", {"run", "compare"}).empty());
  CHECK(percentile({5, 1, 4, 2, 3}, 50) == 3);
  CHECK(percentile({5, 1, 4, 2, 3}, 95) == 5);
  CHECK(percentile({7}, 50) == 7);
}
