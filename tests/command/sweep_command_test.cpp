#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/command/commands.h"
#include "tests/command/told.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;
namespace fs = std::filesystem;

using test::has;
using test::Told;

namespace {

/// Runs a command line on hand-made walks: half a lost degree of right extension is lost in walking.
Told tell(const std::vector<std::string>& words) {
  const fs::path root = HIPSPINE_SOURCE_DIR;
  const SolveFunction solve = [](const Scenario& scenario, Diagnostics&) {
    CycleResult r = test::synthetic_cycle();
    r.scenario = scenario;
    r.body = scenario;
    const double lost_rad = 0.5 * (rad_from_deg(20) - scenario.hip[kRight].extension_max_rad);
    r.plan.q.row(r.model->legs[kRight].hip_flexion).array() += lost_rad;
    return r;
  };
  const Program program{root / "models", root / "scenarios", [=](int) -> Solver { return {solve, solve, {}, {}}; }};
  return test::tell(words, program);
}

/// A folder with a sweep of six cases, gone after the test.
struct Study {
  fs::path path = fs::temp_directory_path() / ("hipspine_command_" + std::to_string(::getpid()));
  std::string file, out;
  Study() {
    fs::remove_all(path);
    fs::create_directories(path);
    file = (path / "sweep.toml").string();
    out = (path / "out").string();
    write("[20, 10, 0]");
  }
  void write(const std::string& values) const {
    std::ofstream(file) << "base = \"" << HIPSPINE_SOURCE_DIR << "/scenarios/healthy.toml\"\n"
                        << "outputs = [\"hip_flexion_r.lowest\"]\ncurves = [\"hip_flexion_r\"]\n"
                        << "[[parameter]]\nkey = \"hip_r.extension_max_deg\"\nvalues = " << values
                        << "\n[[parameter]]\nkey = \"speed_m_s\"\nvalues = [1.0, 1.2]\n";
  }
  ~Study() { fs::remove_all(path); }
};

}  // namespace

TEST_CASE("sweep: solves, tells, and tells again without solving") {
  const Study s;
  const Told first = tell({"sweep", s.file, "--out", s.out});
  CHECK(first.code == kDone);
  CHECK(has(first.out, "6 cases, grid of hip_r.extension_max_deg, speed_m_s"));
  CHECK(has(first.out, "6 ok"));
  for (const char* name : {"cases.csv", "curves.h5", "dictionary.csv", "sweep.json"})
    CHECK(fs::exists(fs::path(s.out) / name));
  CHECK_FALSE(fs::exists(fs::path(s.out) / "sweep.cases"));
  CHECK(tell({"sweep", s.file, "--out", s.out}).out == first.out);
  CHECK(has(tell({"sweep", s.file, "--out", s.out, "--json"}).out, "\"all\": 6"));
  s.write("[20, 10]");
  const Told other = tell({"sweep", s.file, "--out", s.out});
  CHECK(other.code == kBadInput);
  CHECK(has(other.err, "another sweep"));
  CHECK(has(tell({"sweep", s.file, "--out", s.out, "--force"}).out, "4 ok"));
}

TEST_CASE("sweep: shards, too early and complete") {
  const Study s;
  CHECK(tell({"sweep", s.file, "--out", s.out, "--shard", "2/2"}).code == kDone);
  const Told early = tell({"merge", s.file, "--out", s.out});
  CHECK(early.code == kBadInput);
  CHECK(has(early.err, "shard_1_of_2.cases is not there"));
  CHECK(tell({"sweep", s.file, "--out", s.out, "--shard", "1/2"}).code == kDone);
  CHECK(has(tell({"merge", s.file, "--out", s.out}).out, "6 ok"));
  CHECK(has(tell({"merge", s.file, "--out", s.out}).out, "6 ok"));  // again: it is done
}

TEST_CASE("sweep, merge, sensitivity and report say what is wrong with a command line") {
  const Study s;
  CHECK(has(tell({"sweep", s.file}).err, "sweep needs --out DIR"));
  CHECK(has(tell({"sweep", s.file, "--out", s.out, "--shard", "3"}).err, "--shard needs I/N"));
  CHECK(has(tell({"sweep", s.file, "--out", s.out, "--shard", "5/4"}).err, "from 1 to 4"));
  CHECK(tell({"sweep", "no such file.toml", "--out", s.out}).code == kBadInput);
  CHECK(has(tell({"merge", s.file, "--out", s.out}).err, "cannot be read"));
  CHECK(has(tell({"sensitivity", s.out}).err, "there is no such file"));
  CHECK(tell({"report", s.out}).code == kBadInput);
  REQUIRE(tell({"sweep", s.file, "--out", s.out}).code == kDone);
  CHECK(
      has(tell({"sensitivity", s.out, "--output", "hip_flexion_r.lowst"}).err, "did you mean 'hip_flexion_r.lowest'"));
  CHECK(has(tell({"sensitivity", s.out, "--above", "3"}).err, "need --output"));
  CHECK(has(tell({"sensitivity", s.out, "--output", "hip_flexion_r.lowest", "--map", "speed_m_s"}).err,
            "--map needs two"));
  CHECK(has(tell({"report", s.out, "--against", s.out}).err, "--against is for runs"));
}

TEST_CASE("sensitivity: curves, maps and crossings of a finished sweep") {
  const Study s;
  REQUIRE(tell({"sweep", s.file, "--out", s.out}).code == kDone);
  const Told curves = tell({"sensitivity", s.out, "--output", "hip_flexion_r.lowest"});
  CHECK(curves.code == kDone);
  CHECK(has(curves.out, "hip_flexion_r.lowest [deg] over hip_r.extension_max_deg"));
  CHECK(has(curves.out, "-1.00"));  // rank correlation: less range, less extension
  const Told map = tell({"sensitivity", s.out, "--output", "hip_flexion_r.lowest", "--map",
                         "speed_m_s,hip_r.extension_max_deg", "--above", "-1000"});
  CHECK(has(map.out, "down: speed_m_s, across: hip_r.extension_max_deg"));
  CHECK(has(map.out, "6 of 6 cases, 100 %"));
  CHECK(has(tell({"sensitivity", s.out, "--json"}).out, "\"rank_correlation\""));
}

TEST_CASE("report: of a run, of two, of a sweep") {
  const Study s;
  const std::string a = (s.path / "a").string(), b = (s.path / "b").string(),
                    healthy = std::string(HIPSPINE_SOURCE_DIR) + "/scenarios/healthy.toml";
  REQUIRE(tell({"run", healthy, "--out", a}).code == kDone);
  REQUIRE(tell({"run", healthy, "--set", "hip_r.extension_max_deg=0", "--out", b}).code == kDone);
  REQUIRE(tell({"sweep", s.file, "--out", s.out}).code == kDone);
  CHECK(has(tell({"report", b}).out, "report.html"));
  const auto page = [](const fs::path& folder) {
    std::ifstream in(folder / "report.html");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  };
  CHECK(has(page(b), "The chain"));
  CHECK(tell({"report", b, "--against", a}).code == kDone);
  CHECK_FALSE(has(page(b), "The chain"));
  CHECK(has(page(b), "a comparison with"));
  CHECK(tell({"report", s.out}).code == kDone);
  CHECK(has(page(s.out), "Maps of two parameters"));
  fs::remove(fs::path(b) / "scenario.toml");
  CHECK(has(tell({"report", b}).err, "holds no scenario.toml"));
}
