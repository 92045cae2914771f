// Muscle files: places land in link frames, the left is the mirror, mistakes are found and named.
#include <fstream>

#include "sim/core/units.h"
#include "tests/muscle/reference_body.h"

using namespace hipspine;

namespace {

/// Findings of a muscle file with this text, on the reference body.
std::string findings(const std::string& text) {
  const auto folder = std::filesystem::temp_directory_path() / "hipspine_muscle_file_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "muscles.toml") << text;
  Model model;
  Diagnostics diagnostics;
  load_body(std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models", model, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  load_muscles(folder, model, diagnostics);
  std::filesystem::remove_all(folder);
  return diagnostics.text();
}

const std::string kMuscle = R"(
[[muscle]]
name = "m_r"
group = "g"
force_max_n = 100
fibre_length_mm = 50
tendon_slack_mm = 20
pennation_deg = 0
source = ["delp1990"]
)";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a sound file has no findings") {
  CHECK(
      findings(kMuscle + R"(path = [{ body = "sacrum", at_mm = [0, 0, 0] }, { body = "femur_r", at_mm = [1, 2, 3] }])")
          .empty());
}

TEST_CASE("mistakes in a path are named") {
  const std::string body =
      findings(kMuscle + R"(path = [{ body = "femr_r", at_mm = [0, 0, 0] }, { body = "femur_r", at_mm = [1, 2, 3] }])");
  CHECK(has(body, "E301"));
  CHECK(has(body, "did you mean 'femur_r'"));
  CHECK(has(
      findings(
          kMuscle +
          R"(path = [{ body = "femur_r", at_mm = [0, 0, 0] }, { wrap = "w_r" }, { body = "femur_r", at_mm = [1, 2, 3] }])"),
      "there is no wrap 'w_r'"));
  CHECK(has(findings(kMuscle + R"(path = [{ body = "femur_r", at_mm = [0, 0, 0] }])"), "E204"));
  CHECK(has(
      findings(kMuscle + R"(path = [{ body = "femur_r", at_mm = [0, 0] }, { body = "tibia_r", at_mm = [0, 0, 0] }])"),
      "E204"));
  const std::string wrap = R"(
[[wrap]]
name = "w_r"
body = "femur_r"
centre_mm = [0, 0, 0]
radius_mm = 20
turn = "clockwise"
)";
  CHECK(has(
      findings(
          wrap + kMuscle +
          R"(path = [{ wrap = "w_r" }, { body = "femur_r", at_mm = [0, 0, 0] }, { body = "tibia_r", at_mm = [0, 0, 0] }])"),
      "no point of the path on both sides"));
}

TEST_CASE("mistakes in values are named") {
  const std::string path =
      R"(path = [{ body = "sacrum", at_mm = [0, 0, 0] }, { body = "femur_r", at_mm = [1, 2, 3] }])";
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = kMuscle + path;
    return findings(text.replace(text.find(from), from.size(), to));
  };
  CHECK(has(with("force_max_n = 100", "force_max_n = -5"), "E203"));
  CHECK(has(with("m_r", "m_l"), "E304"));
  CHECK(has(with("group = \"g\"\n", ""), "E110"));
  CHECK(has(with("pennation_deg", "penation_deg"), "E105"));
  CHECK(has(findings(kMuscle + path + kMuscle + path), "used twice"));
}

TEST_CASE("points and cylinders of the left are mirror images in the zero pose") {
  const Model model = hipspine::test::reference_body();
  hipspine::test::Posed posed(model);
  posed.at(CoordVec::Zero(model.n_coord()));
  for (int i = 0; i < model.n_muscle(); ++i) {
    const Muscle& r = model.muscles[i];
    const Muscle& l = model.muscles[r.mirror];
    REQUIRE(r.points.size() == l.points.size());
    REQUIRE(r.wrap_after.size() + 1 == r.points.size());
    for (size_t k = 0; k < r.points.size(); ++k) {
      const Vec3 p = point_G(posed.kin, r.points[k].link, r.points[k].p_L);
      const Vec3 q = point_G(posed.kin, l.points[k].link, l.points[k].p_L);
      CHECK((Vec3(p.x(), p.y(), -p.z()) - q).norm() < 1e-14);
    }
  }
}
