// Every scene of the shipped lessons, solved: do its plots exist, does its scenario walk, are its numbers true?
#include <doctest/doctest.h>

#include <optional>

#include "render/panels/curve_specs.h"
#include "tests/panels/null_window.h"

using namespace hipspine;

namespace {

std::optional<double> fact(const std::string& name, const Results& r) {
  if (name == "speed_m_s") return r.speed_m_s;
  if (name == "stride_length_m") return r.stride_length_m;
  if (name == "step_length_r_m") return r.step_length_m[kRight];
  if (name == "step_length_l_m") return r.step_length_m[kLeft];
  if (name == "toe_off_r_pct") return r.toe_off_pct[kRight];
  if (name == "toe_off_l_pct") return r.toe_off_pct[kLeft];
  return {};
}

/// What the solved scenario says to a claim; nothing for a column that there is not.
std::optional<double> answer_to(const LessonClaim& claim, double at_pct, const Results& results) {
  if (claim.value == "fact") return fact(claim.column, results);
  if (results.column(claim.column) < 0) return {};
  const Eigen::VectorXd y = results.curve(claim.column);
  const double low = y.minCoeff(), high = y.maxCoeff();
  if (claim.value == "min") return low;
  if (claim.value == "max") return high;
  if (claim.value == "range") return high - low;
  if (claim.value == "mean") return y.head(y.size() - 1).mean();
  return y[static_cast<Eigen::Index>(std::lround(at_pct))];
}

}  // namespace

TEST_CASE("lessons name plots that exist, scenarios that solve, and numbers that hold") {
  Ui ui;
  Session& session = solved().session;
  for (int k = 0; k < static_cast<int>(ui.desk.lessons.size()); ++k) {
    CAPTURE(ui.desk.lessons[k].title);
    std::size_t claims = 0;
    ui.desk.start_lecture(k);
    std::uint64_t asked = 0;
    std::optional<Results> results;
    while (ui.desk.lecture.running()) {
      ui.desk.tick(100);
      if (ui.desk.lecture.running() && ui.desk.revision() != asked) {
        Diagnostics found;
        const CycleResult r = session.solve_live(ui.desk.scenario(), found);
        REQUIRE_MESSAGE(found.findings().empty(), found.text());
        for (const QualityGate& gate : r.gates) CHECK_MESSAGE(gate.pass(), gate.name);
        results = make_results(r);
        asked = ui.desk.revision();
      }
      if (const LessonScene* scene = ui.desk.scene(); scene && !ui.desk.lecture.revealed) {
        CAPTURE(scene->title);
        for (const std::string& id : scene->plots) CHECK_MESSAGE(!recipe_of(id, *results).title.empty(), id);
        for (const LessonClaim& claim : scene->claims) {
          CAPTURE(claim.column);
          const std::optional<double> answer = answer_to(claim, scene->at_pct, *results);
          REQUIRE(answer.has_value());
          CHECK_MESSAGE(std::abs(*answer - claim.is) <= claim.within, claim.value << " is " << *answer);
          ++claims;
        }
      }
      ui.desk.next_scene();
    }
    CHECK(claims >= 8);
  }
}

TEST_CASE("a plot that does not exist is named in the curves panel") {
  Ui ui;
  ui.desk.receive(solved().healthy);
  ui.frames(2);
  CHECK(ui.state.rectangles.by_name.count("curves.unknown") == 0);
  ui.desk.view.plots = {"hip_flexion", "hip_flexoin", "nothing"};
  ui.frames(2);
  const auto said = ui.at("curves.unknown");
  CHECK(said.max.x > said.min.x + 50);
  CHECK(ui.at("plot.hip_flexion").min.y > said.min.y);
  CHECK(ui.state.rectangles.by_name.count("plot.hip_flexoin") == 0);
}
