#include "sim/study/sweep.h"

#include <doctest/doctest.h>
#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "sim/run/export.h"
#include "sim/study/sweep_result.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

const fs::path kRoot = HIPSPINE_SOURCE_DIR;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("hipspine_sweep_" + std::to_string(::getpid()));
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A sweep file in `folder` on the healthy scenario.
SweepPlan plan_of(const fs::path& folder, const std::string& body, Diagnostics& diagnostics) {
  const fs::path file = folder / "sweep.toml";
  std::ofstream(file) << "base = \"" << (kRoot / "scenarios/healthy.toml").generic_string() << "\"\n" << body;
  return load_sweep(file, kRoot / "models", Convention::opensim, diagnostics);
}

SweepPlan plan_of(const fs::path& folder, const std::string& body) {
  Diagnostics diagnostics;
  SweepPlan plan = plan_of(folder, body, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return plan;
}

/// Hand-made walks: half a lost degree of right extension is lost flexion. Extension above 35 is a fault on purpose.
CycleResult walked(const Scenario& scenario, Diagnostics&) {
  const double limit_deg = deg_from_rad(scenario.hip[kRight].extension_max_rad);
  if (limit_deg > 35) throw InternalError("broken on purpose, \"quoted\", at " + std::to_string(limit_deg));
  CycleResult r = test::synthetic_cycle();
  r.scenario = scenario;
  r.plan.q.row(r.model->legs[kRight].hip_flexion).array() += rad_from_deg(0.5 * (20 - limit_deg));
  if (limit_deg < 0) r.gates[0].value = 9;
  return r;
}

const std::string kBody = R"(
outputs = ["hip_flexion_r.lowest", "hip_flexion_r.range", "walking_speed_m_s"]
curves = ["hip_flexion_r"]
[[parameter]]
key = "hip_r.extension_max_deg"
from = 38
to = -12
count = 11
[[parameter]]
key = "strategy"
values = ["balanced", "knee"]
)";

SweepCounts solve_and_write(const SweepPlan& plan, const fs::path& folder, int threads) {
  fs::create_directories(folder);
  CaseStore store(folder / "sweep.cases", shape_of_plan(plan), CaseStore::Access::write);
  SweepOptions options;
  options.threads = threads;
  run_sweep(
      plan, store, [] { return SolveFunction(walked); }, options);
  return write_sweep(plan, folder, [&](std::int64_t i) { return store.get(i).value(); });
}

}  // namespace

TEST_CASE("a sweep file with many mistakes gets all of them at once, with lines") {
  const Folder folder;
  Diagnostics d;
  static_cast<void>(plan_of(folder.path, R"(method = "gird"
sampels = 3
outputs = 5
[[parameter]]
key = "speed_m_s"
from = 1
[[parameter]]
keys = []
values = [1979-05-27]
)",
                            d));
  const std::string text = d.text();
  for (const char* part :
       {":2:", "did you mean 'grid'", "did you mean 'samples'", "'outputs' must be an array of texts",
        "missing key 'parameter[0].to'", "missing key 'parameter[0].count'", "'keys' names no scenario key",
        "must be a finite number, true or false"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, "\n", text);
}

TEST_CASE("keys, values and outputs are checked against the scenario before anything is solved") {
  const Folder folder;
  const auto text_of = [&](const std::string& body) {
    Diagnostics d;
    static_cast<void>(plan_of(folder.path, body, d));
    CHECK(d.has_errors());
    return d.text();
  };
  const auto has = [](const std::string& text, const char* part) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, "\n", text);
  };
  has(text_of("[[parameter]]\nkey = \"hip_r.extnsion_max_deg\"\nvalues = [1]\n"),
      "unknown key 'hip_r.extnsion_max_deg'");
  has(text_of("[[parameter]]\nkey = \"speed_m_s\"\nvalues = [1, 9]\n"), "speed_m_s = 9 is outside");
  has(text_of("[[parameter]]\nkey = \"strategy\"\nvalues = [\"kneee\"]\n"), "there is no strategy 'kneee'");
  has(text_of("[[parameter]]\nkey = \"title\"\nvalues = [\"a\"]\n"), "changes no result");
  has(text_of("outputs = [\"L4_L5_facet.peak\"]\nparameter = []\n"), "did you mean 'L4_L5_facet_r'?");
  has(text_of("outputs = [\"L4_L5_facet_r.maximum\"]\nparameter = []\n"), "after the dot: peak");
  has(text_of("outputs = [\"hip_flexion_r.dose2\"]\nparameter = []\n"), "doses are for");
  has(text_of("outputs = [\"hip_flexion_r.at_101\"]\nparameter = []\n"), "does not say which number");
  has(text_of("method = \"sobol\"\nsamples = 1.5\nparameter = []\n"), "must be a whole number");
  has(text_of("method = \"list\"\n[[parameter]]\nkey = \"speed_m_s\"\nvalues = [1, 1.1]\n[[parameter]]\nkey = "
              "\"subject.mass_kg\"\nvalues = [70]\n"),
      "as many values for each");
  has(text_of("[[parameter]]\nkey = \"speed_m_s\"\nfrom = 0.5\nto = 2\ncount = 1000000\n[[parameter]]\nkey = "
              "\"subject.mass_kg\"\nfrom = 40\nto = 90\ncount = 1000000\n"),
      "are more than");
}

TEST_CASE("every case is a row: numbers, missed gates, and reasons of those that failed") {
  const Folder folder;
  const SweepPlan plan = plan_of(folder.path, kBody);
  REQUIRE(plan.cases() == 22);
  const SweepCounts counts = solve_and_write(plan, folder.path / "out", 2);
  CHECK(counts.cases == 22);
  CHECK(counts.fault == 2);
  CHECK(counts.gate_missed == 6);
  CHECK(counts.ok == 14);
  Diagnostics d;
  const SweepResult r = read_sweep(folder.path / "out", d);
  REQUIRE_MESSAGE(!d.has_errors(), d.text());
  CHECK(r.status[0] == CaseStatus::fault);
  CHECK(r.reason[0] == "broken on purpose, \"quoted\", at 38.000000");
  CHECK(std::isnan(r.output(0, 0)));
  CHECK(r.gates[21] == test::synthetic_cycle().gates[0].name);
  // Half a degree for each lost one, to the digits of the file.
  for (std::int64_t i = 4; i < 22; ++i)
    CHECK(r.output(i, 0) - r.output(2, 0) == doctest::Approx(0.5 * (r.input(2, 0) - r.input(i, 0))).epsilon(1e-8));
  CHECK(r.parameters[1].levels == std::vector<std::string>{"balanced", "knee"});
  CHECK(r.level(21, 1) == 1);
}

TEST_CASE("tables and curves are the same bytes for any number of threads and any interruption") {
  const Folder folder;
  const SweepPlan plan = plan_of(folder.path, kBody);
  static_cast<void>(solve_and_write(plan, folder.path / "one", 1));
  static_cast<void>(solve_and_write(plan, folder.path / "four", 4));
  // A third one with some cases already there, and one of them damaged.
  fs::create_directories(folder.path / "resumed");
  {
    CaseStore store(folder.path / "resumed/sweep.cases", shape_of_plan(plan), CaseStore::Access::write);
    for (const std::int64_t i : {3, 4, 17}) store.put(solve_case(plan, i, walked));
  }
  {
    std::fstream bytes(folder.path / "resumed/sweep.cases", std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(256 + 4 * static_cast<std::streamoff>(shape_of_plan(plan).record_bytes()) + 40);
    bytes.put('x');
  }
  static_cast<void>(solve_and_write(plan, folder.path / "resumed", 2));
  for (const char* name : kSweepFiles) {
    CHECK(!read(folder.path / "one" / name).empty());
    CHECK(read(folder.path / "one" / name) == read(folder.path / "four" / name));
    CHECK(read(folder.path / "one" / name) == read(folder.path / "resumed" / name));
  }
}

TEST_CASE("curves.h5 holds inputs, outputs and whole curves") {
  const Folder folder;
  const SweepPlan plan = plan_of(folder.path, kBody);
  static_cast<void>(solve_and_write(plan, folder.path / "out", 2));
  const hid_t file = H5Fopen((folder.path / "out/curves.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const auto values = [&](const char* name, std::size_t count) {
    std::vector<double> v(count);
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    REQUIRE(set >= 0);
    REQUIRE(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, v.data()) >= 0);
    H5Dclose(set);
    return v;
  };
  const std::vector<double> limit = values("/inputs/hip_r.extension_max_deg", 22);
  const std::vector<double> lowest = values("/outputs/hip_flexion_r.lowest", 22);
  const std::vector<double> curve = values("/curves/hip_flexion_r", 22 * kCyclePoints);
  CHECK(limit[2] == 33);
  CHECK(std::isnan(curve[0]));
  for (std::size_t i = 2; i < 22; ++i) {
    const auto from = curve.begin() + static_cast<std::ptrdiff_t>(i * kCyclePoints);
    CHECK(*std::min_element(from, from + kCyclePoints) == doctest::Approx(lowest[i]).epsilon(1e-12));
  }
  H5Fclose(file);
  const auto read_back = read_curve(folder.path / "out/curves.h5", "hip_flexion_r", 22);
  REQUIRE(read_back.has_value());
  CHECK((*read_back)(3, 7) == curve[3 * kCyclePoints + 7]);
  CHECK_FALSE(read_curve(folder.path / "out/curves.h5", "hip_flexion_r", 21).has_value());
  CHECK_FALSE(read_curve(folder.path / "out/curves.h5", "hip_flexion_l", 22).has_value());
  CHECK_FALSE(read_curve(folder.path / "out/cases.csv", "hip_flexion_r", 22).has_value());
}

TEST_CASE("a row can be run again: its scenario is what its cells say") {
  const Folder folder;
  const SweepPlan plan = plan_of(folder.path, R"(method = "latin_hypercube"
samples = 40
seed = 9
[[parameter]]
name = "both hips"
keys = ["hip_r.extension_max_deg", "hip_l.extension_max_deg"]
from = -10
to = 20
[[parameter]]
key = "treatment.fusion"
values = [[], ["L4_L5"], ["L4_L5", "L5_S1"]]
)");
  int fused = 0;
  for (std::int64_t i = 0; i < 40; ++i) {
    Diagnostics d;
    const Scenario s = scenario_of_case(plan, i, d);
    const std::vector<std::string> values = values_of_case(plan, i);
    const Scenario again = changed_scenario(plan.base,
                                            {"hip_r.extension_max_deg=" + values[0],
                                             "hip_l.extension_max_deg=" + values[0], "treatment.fusion=" + values[1]},
                                            d);
    CHECK_FALSE(d.has_errors());
    CHECK(s.hip == again.hip);
    CHECK(s.treatment == again.treatment);
    CHECK(s.hip[kRight].extension_max_rad == s.hip[kLeft].extension_max_rad);
    fused += static_cast<int>(s.treatment.fusion.size());
  }
  CHECK(fused > 20);
  CHECK(fused < 60);
}

TEST_CASE("limits that leave no position are a refused case with the reason") {
  const Folder folder;
  const SweepPlan plan = plan_of(folder.path, R"([[parameter]]
key = "hip_r.flexion_max_deg"
values = [10, 120]
[[parameter]]
key = "hip_r.extension_max_deg"
values = [-40, 0]
)");
  const CaseRecord r = solve_case(plan, 0, walked);
  CHECK(r.status == CaseStatus::refused);
  CHECK(r.reason.find("no position is left") != std::string::npos);
  CHECK(solve_case(plan, 3, walked).status == CaseStatus::ok);
}

TEST_CASE("what cannot be written stops the tables, and leaves none half") {
  const Folder folder;
  const SweepPlan plan = plan_of(folder.path, kBody);
  fs::create_directories(folder.path / "out/cases.csv/in the way");
  CHECK_THROWS_AS(solve_and_write(plan, folder.path / "out", 1), ExportError);
  CHECK_FALSE(fs::exists(folder.path / "out/sweep.json"));
  // A case that is missing.
  const auto lost = [&](std::int64_t i) {
    if (i == 9) throw ExportError("case 9 is missing");
    return solve_case(plan, i, walked);
  };
  fs::create_directories(folder.path / "lost");
  CHECK_THROWS_AS(write_sweep(plan, folder.path / "lost", lost), ExportError);
  CHECK(fs::is_empty(folder.path / "lost"));
}

TEST_CASE("progress says how long it will take") {
  CHECK(progress_text({10, 100, 10, 5}) == "10 of 100 cases, 2 a second, 45 s left");
  CHECK(progress_text({100, 100, 60, 30}) == "100 of 100 cases, 2 a second, 30 s");
  CHECK(progress_text({50, 100, 0, 0}) == "50 of 100 cases");
  CHECK(progress_text({1, 100001, 1, 1}) == "1 of 100001 cases, 1 a second, 27.8 h left");
}
