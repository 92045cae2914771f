// Scenarios: layers, overrides, and that every scenario in the house reads without a finding.
#include "sim/model/scenario.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/core/document.h"
#include "sim/model/model_file.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

/// A folder for one test, gone afterwards.
struct Folder {
  fs::path path;
  explicit Folder(const char* name) : path(fs::temp_directory_path() / name) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
    return path / name;
  }
};

Scenario load(const fs::path& file, const std::vector<std::string>& overrides = {}) {
  Diagnostics d;
  Scenario s = load_scenario(file, overrides, d);
  CHECK(d.text() == "");
  return s;
}

std::string complaint(const std::vector<std::string>& overrides) {
  Diagnostics d;
  load_scenario("scenarios/healthy.toml", overrides, d);
  return d.text();
}

}  // namespace

TEST_SUITE("model/scenario") {
  TEST_CASE("every scenario of the house reads cleanly, with question, expectation and sources") {
    int count = 0;
    for (const auto& entry : fs::directory_iterator("scenarios")) {
      if (entry.path().extension() != ".toml") continue;
      CAPTURE(entry.path().string());
      ++count;
      const Scenario s = load(entry.path());
      CHECK_FALSE(s.title.empty());
      CHECK(s.question.ends_with("?"));
      CHECK_FALSE(s.expectation.empty());
      CHECK_FALSE(s.source.empty());
      Diagnostics d;
      load_model(default_model_folder(), s, d);
      CHECK(d.text() == "");
    }
    CHECK(count >= 12);
  }

  TEST_CASE("the file healthy.toml and the built-in defaults are the same person") {
    const Scenario s = load("scenarios/healthy.toml");
    const Scenario defaults;
    CHECK(s.hip == defaults.hip);
    CHECK(s.speed_m_s == defaults.speed_m_s);
    CHECK(s.height_m == defaults.height_m);
    CHECK(s.mass_kg == defaults.mass_kg);
    CHECK(s.strategy == defaults.strategy);
    CHECK(s.muscles.empty());
  }

  TEST_CASE("overrides take the scenario's keys") {
    const Scenario s =
        load("scenarios/healthy.toml",
             {"hip_r.extension_max_deg=-5", "speed_m_s = 1.1", "strategy=knee", "muscle.gluteus_medius_r.strength=0.5",
              "subject={height_m=1.8, mass_kg=90}", "title=\"a = b\"", "hip_r.extension_max_deg=-6"});
    CHECK(s.hip[kRight].extension_max_rad == rad_from_deg(-6));
    CHECK(s.hip[kLeft].extension_max_rad == rad_from_deg(20));
    CHECK(s.speed_m_s == 1.1);
    CHECK(s.strategy == "knee");
    CHECK(s.height_m == 1.8);
    CHECK(s.mass_kg == 90);
    CHECK(s.title == "a = b");
    REQUIRE(s.muscles.size() == 1);
    CHECK(s.muscles[0] == MuscleChange{"gluteus_medius_r", 0.5, 0, {}});
    CHECK(s.input_files.size() == 8);
    CHECK(s.input_hashes.size() == 8);
  }

  TEST_CASE("overrides are checked like files") {
    CHECK(complaint({"hip_r.flexion_max_deg=250"}) ==
          "--set: error E203: hip_r.flexion_max_deg = 250 is outside -30 .. 140 deg\n");
    CHECK(complaint({"hip_r.flexoin_max_deg=25"}) ==
          "--set: error E105: unknown key 'hip_r.flexoin_max_deg'\n  hint: did you mean 'flexion_max_deg'?\n");
    CHECK(complaint({"speed_m_s=fast"}) == "--set: error E201: 'speed_m_s' must be a number, not text\n");
    CHECK(complaint({"speed_m_s=1 2"}) == "--set: error E201: 'speed_m_s' must be a number, not text\n");
    CHECK(complaint({"include=[\"x.toml\"]"}).starts_with("--set: error E105: unknown key 'include'\n"));
    CHECK(complaint({"strategy=kne"}) ==
          "--set: error E301: there is no strategy 'kne'\n  hint: did you mean 'knee'?\n");
    CHECK(complaint({"hip_l.flexion_max_deg=-25"}) ==
          "--set: error E411: no position is left: hip_l.flexion_max_deg = -25.0 lies beyond hip_l.extension_max_deg = "
          "20.0\n"
          "  hint: their sum must be 0 or more; a fused hip has sum 0\n");
    for (const char* bad : {"speed_m_s", "=1", "", "speed_m_s=", "a=1\nb=2", "x=\"unclosed"})
      CHECK(complaint({bad}).starts_with(std::string("--set: error E107: '") + bad + "' is not key=value\n"));
  }

  TEST_CASE("includes come first, the file itself has the last word") {
    const Folder folder("hipspine_scenario_include");
    folder.write("conditions/stiff.toml", "include = [\"deeper.toml\"]\n[hip_r]\nextension_max_deg = 5\n");
    folder.write("conditions/deeper.toml",
                 "speed_m_s = 0.8\nsource = [\"lee2005\"]\n[hip_r]\nextension_max_deg = 1\nflexion_max_deg = 90\n");
    const fs::path file = folder.write("own.toml",
                                       "include = [\"conditions/stiff.toml\"]\nsource = [\"lee2005\", "
                                       "\"kerrigan2001\"]\n[hip_r]\nflexion_max_deg = 100\n");
    const Scenario s = load(file);
    CHECK(s.title == "own");
    CHECK(s.speed_m_s == 0.8);
    CHECK(s.hip[kRight].extension_max_rad == rad_from_deg(5));
    CHECK(s.hip[kRight].flexion_max_rad == rad_from_deg(100));
    CHECK(s.source == std::vector<std::string>{"lee2005", "kerrigan2001"});
    CHECK(s.input_files.size() == 3);
  }

  TEST_CASE("includes that go round, are missing, or multiply without end") {
    const Folder folder("hipspine_scenario_cycle");
    folder.write("b.toml", "include = [\"a.toml\"]\n");
    const fs::path a = folder.write("a.toml", "title = \"a\"\ninclude = [\"b.toml\", \"none.toml\"]\n");
    Diagnostics d;
    load_scenario(a, {}, d);
    const std::string where = folder.path.generic_string();
    CHECK(d.text() == where + "/b.toml:1:11: error E309: the file 'a.toml' includes itself, here or on a round trip\n" +
                          where +
                          "/a.toml:2:11: error E308: there is no file 'none.toml' to include\n"
                          "  hint: paths start at this file's folder\n");
    for (int i = 0; i < 20; ++i) {
      const std::string next = "f" + std::to_string(i + 1) + ".toml";
      folder.write("f" + std::to_string(i) + ".toml", "include = [\"" + next + "\", \"" + next + "\"]\n");
    }
    folder.write("f20.toml", "speed_m_s = 1.0\n");
    Diagnostics many;
    const Scenario s = load_scenario(folder.path / "f0.toml", {}, many);
    CHECK(many.has_errors());
    CHECK(s.input_files.size() <= 64);
  }

  TEST_CASE("healthy person and mirrored person") {
    const Scenario s =
        load("scenarios/fused_r.toml", {"muscle.iliopsoas_l.tightness=0.2", "muscle.psoas_L4_r.strength=0.1"});
    const Scenario h = healthy_of(s);
    CHECK(h.hip == Scenario{}.hip);
    CHECK(h.muscles.empty());
    CHECK(h.speed_m_s == s.speed_m_s);
    CHECK(h.strategy == s.strategy);
    const Scenario m = mirrored(s);
    CHECK(m.hip[kLeft] == s.hip[kRight]);
    CHECK(m.hip[kRight] == s.hip[kLeft]);
    CHECK(m.muscles[0].name == "iliopsoas_r");
    CHECK(m.muscles[1].name == "psoas_L4_l");
    CHECK(mirrored(m).hip == s.hip);
    CHECK(mirrored(m).muscles == s.muscles);
  }

  TEST_CASE("muscle changes: the most specific entry counts, unknown names are found") {
    Scenario s = load("scenarios/healthy.toml", {"muscle.iliopsoas_r.strength=0.5", "muscle.psoas_r.strength=0.25",
                                                 "muscle.psoas_L4_r.tightness=0.1"});
    Diagnostics d;
    const Model healthy = load_model(default_model_folder(), healthy_of(s), d);
    const Model model = load_model(default_model_folder(), s, d);
    CHECK(d.text() == "");
    int iliacus = 0, psoas = 0, one = 0;
    for (int i = 0; i < model.n_muscle(); ++i) {
      const Muscle& m = model.muscles[i];
      CAPTURE(m.name);
      const double ratio = m.force_max_n / healthy.muscles[i].force_max_n;
      if (m.name == "psoas_L4_r") {
        ++one;
        CHECK(ratio == 1.0);
        CHECK(m.tightness == 0.1);
      } else if (m.group == "psoas" && m.side == kRight) {
        ++psoas;
        CHECK(ratio == doctest::Approx(0.25));
      } else if (m.group == "iliacus" && m.side == kRight) {
        ++iliacus;
        CHECK(ratio == doctest::Approx(0.5));
      } else {
        CHECK(ratio == 1.0);
        CHECK(m.tightness == 0);
      }
    }
    CHECK(one == 1);
    CHECK(psoas == 4);
    CHECK(iliacus >= 1);
    s.muscles.push_back({"gluteus_mediu_r", 1, 0, {"x.toml", 3, 1}});
    load_model(default_model_folder(), s, d);
    CHECK(d.text() ==
          "x.toml:3:1: error E301: there is no muscle or muscle group 'gluteus_mediu_r'\n"
          "  hint: did you mean 'gluteus_medius_r'?\n");
  }

  TEST_CASE("every source that a model or scenario file names is in the list of sources") {
    Diagnostics d;
    const Document list = Document::load("models/sources.toml", d);
    const auto ids = list.root().keys();
    for (const char* file : {"models/body.toml"}) {
      const Document document = Document::load(file, d);
      Table root = document.root();
      for (const char* part : {"joint", "body"})
        for (Table& row : root.tables(part))
          for (const std::string& id : row.texts("source")) {
            CAPTURE(id);
            CHECK(std::find(ids.begin(), ids.end(), id) != ids.end());
          }
    }
    CHECK(d.text() == "");
  }
}
