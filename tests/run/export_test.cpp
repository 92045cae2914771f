#include "sim/run/export.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "sim/run/report.h"
#include "sim/run/summary.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

/// A fresh folder that goes away with the test.
struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "hipspine_test_XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::stringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// Limits the size of files this process may write, as a full disk would, for as long as it lives.
struct FullDisk {
  explicit FullDisk(rlim_t bytes) {
    old_handler = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old);
    const rlimit small{bytes, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old);
    ::signal(SIGXFSZ, old_handler);
  }
  rlimit old{};
  void (*old_handler)(int);
};

}  // namespace

TEST_CASE("cycle.csv parses back to ten digits, names first, no comments") {
  const Results r = make_results(test::synthetic_cycle());
  const auto lines = split(csv_text(r), '\n');
  REQUIRE(lines.size() == 102);
  const auto names = split(lines[0], ',');
  REQUIRE(names.size() == r.columns.size());
  for (std::size_t k = 0; k < names.size(); ++k) CHECK(names[k] == r.columns[k].name);
  for (int i = 0; i < kCyclePoints; ++i) {
    const auto cells = split(lines[static_cast<std::size_t>(i) + 1], ',');
    REQUIRE(cells.size() == names.size());
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const double v = r.values(i, static_cast<Eigen::Index>(k));
      CHECK(std::abs(std::stod(cells[k]) - v) <= 1e-9 * std::max(1e-6, std::abs(v)));
    }
  }
}

TEST_CASE("cycle.sto is an OpenSim storage: header, time first, tabs, nRows and nColumns as they are") {
  const Results r = make_results(test::synthetic_cycle());
  const auto lines = split(sto_text(r), '\n');
  REQUIRE(lines.size() > 8);
  CHECK(lines[1] == "version=1");
  CHECK(lines[2] == "nRows=101");
  CHECK(lines[3] == "nColumns=" + std::to_string(r.columns.size()));
  CHECK(lines[4] == "inDegrees=yes");
  CHECK(lines[5] == "endheader");
  const auto labels = split(lines[6], '\t');
  CHECK(labels[0] == "time");
  CHECK(labels.size() == r.columns.size());
  CHECK(lines.size() == 7 + 101);
  double before = -1;
  for (std::size_t i = 7; i < lines.size(); ++i) {
    const auto cells = split(lines[i], '\t');
    REQUIRE(cells.size() == labels.size());
    CHECK(std::stod(cells[0]) > before);
    before = std::stod(cells[0]);
  }
}

TEST_CASE("summary.json has the contract's keys and reads back") {
  Folder folder;
  const auto out = folder.path / "result";
  export_result(test::synthetic_cycle(), Convention::opensim, out, false);
  const auto j = nlohmann::json::parse(read(out / "summary.json"));
  for (const char* key : {"title", "version", "mass_kg", "height_m", "inputs", "step_length_r_m", "step_length_l_m",
                          "speed_m_s", "stride_time_s", "toe_off_r_pct", "columns", "gates"})
    CHECK(j.contains(key));
  CHECK(j["inputs"]["scenarios/hand_made.toml"] == "0123456789abcdef");
  CHECK(j["speed_m_s"].get<double>() == doctest::Approx(1.4 / 1.1));
  for (const char* key : {"unit", "min", "max", "mean", "range", "at_min_pct", "at_max_pct"})
    CHECK(j["columns"]["hip_flexion_r"].contains(key));
  for (const char* key : {"name", "value", "limit", "unit", "pass"}) CHECK(j["gates"][0].contains(key));
  Diagnostics diagnostics;
  const auto s = read_summary(out, diagnostics);
  REQUIRE(s.has_value());
  CHECK(s->find("L4_L5_disc_compression")->max == doctest::Approx(1000));
  CHECK(json_text(to_json(*s)) == read(out / "summary.json"));
}

TEST_CASE("same result, same bytes") {
  Folder folder;
  export_result(test::synthetic_cycle(), Convention::clinical, folder.path / "a", false);
  export_result(test::synthetic_cycle(), Convention::clinical, folder.path / "b", false);
  for (const char* name : {"cycle.csv", "cycle.sto", "scenario.toml", "summary.json"})
    CHECK(read(folder.path / "a" / name) == read(folder.path / "b" / name));
}

TEST_CASE("a foreign folder is refused, ours and an empty one are taken, --force takes any") {
  Folder folder;
  const auto out = folder.path;
  std::ofstream(out / "thesis.txt") << "years of work";
  CHECK_THROWS_WITH_AS(export_result(test::synthetic_cycle(), Convention::opensim, out, false),
                       (out.string() + ": is not empty and was not written by hipspine; choose another folder, or "
                                       "--force to write into it")
                           .c_str(),
                       ExportError);
  CHECK(entries(out) == 1);
  export_result(test::synthetic_cycle(), Convention::opensim, out, true);
  CHECK(read(out / "thesis.txt") == "years of work");
  export_result(test::synthetic_cycle(), Convention::opensim, out, false);  // now it is ours
  CHECK(entries(out) == 6);  // thesis, mark, three files; no temporary one is left
}

TEST_CASE("a file in the place of the folder is refused and left alone") {
  Folder folder;
  std::ofstream(folder.path / "file") << "text";
  CHECK_THROWS_AS(check_output_folder(folder.path / "file", true), ExportError);
  CHECK_THROWS_AS(export_result(test::synthetic_cycle(), Convention::opensim, folder.path / "file" / "deeper", false),
                  ExportError);
  CHECK(read(folder.path / "file") == "text");
}

TEST_CASE("a folder in the place of a file is found before anything is written") {
  Folder folder;
  fs::create_directories(folder.path / "summary.json");
  CHECK_THROWS_WITH_AS(export_result(test::synthetic_cycle(), Convention::opensim, folder.path, true),
                       ((folder.path / "summary.json").string() + ": is a folder; a file is to be written").c_str(),
                       ExportError);
  CHECK(entries(folder.path) == 1);
}

TEST_CASE("a disk that fills up leaves the old result, or none") {
  Folder folder;
  const auto old_out = folder.path / "old", new_out = folder.path / "new";
  export_result(test::synthetic_cycle(), Convention::opensim, old_out, false);
  const std::string before = read(old_out / "cycle.csv");
  CycleResult other = test::synthetic_cycle();
  other.plan.q *= 2;
  {
    FullDisk full(20000);
    CHECK_THROWS_AS(export_result(other, Convention::opensim, old_out, false), ExportError);
    CHECK_THROWS_AS(export_result(other, Convention::opensim, new_out, false), ExportError);
  }
  CHECK(read(old_out / "cycle.csv") == before);
  CHECK(entries(old_out) == 5);
  CHECK_FALSE(fs::exists(new_out));
  export_result(other, Convention::opensim, old_out, false);
  CHECK(read(old_out / "cycle.csv") != before);
}

TEST_CASE("a read-only folder is refused before anything is written") {
  Folder folder;
  fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
  if (::access(folder.path.c_str(), W_OK) != 0)  // permissions do not bind the superuser
    CHECK_THROWS_AS(export_result(test::synthetic_cycle(), Convention::opensim, folder.path, false), ExportError);
  fs::permissions(folder.path, fs::perms::owner_all);
  CHECK(entries(folder.path) == 0);
  // A place where nobody can make a file, not even the superuser.
  CHECK_THROWS_AS(export_result(test::synthetic_cycle(), Convention::opensim, "/proc/hipspine", false), ExportError);
  CHECK_THROWS_AS(export_result(test::synthetic_cycle(), Convention::opensim, "/dev/full", true), ExportError);
}

TEST_CASE("numbers: no locale, no negative zero") {
  CHECK(significant(-0.0, 10) == "0");
  CHECK(significant(0.1, 10) == "0.1");
  CHECK(significant(1234567.25, 10) == "1234567.25");
  CHECK(fixed(-0.04, 1) == "0.0");
  CHECK(with_sign(0.04, 1) == "0.0");
  CHECK(with_sign(2.5, 1) == "+2.5");
  CHECK(fixed(std::nan(""), 2) == "nan");
}
