#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "sim/run/export.h"
#include "sim/study/html_page.h"
#include "sim/study/report_page.h"
#include "sim/study/svg_chart.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// Every element that is opened is closed, in order: what is needed for a page to be drawn as meant.
void check_balanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    REQUIRE(end != std::string::npos);
    const bool closing = html[at + 1] == '/';
    const std::string tag =
        html.substr(at + 1 + closing, html.find_first_of(" >/", at + 1 + closing) - at - 1 - closing);
    if (tag.starts_with("!") || tag == "meta" || html[end - 1] == '/') continue;
    if (!closing) {
      open.push_back(tag);
    } else {
      REQUIRE_FALSE(open.empty());
      CHECK_MESSAGE(open.back() == tag, "at byte ", at);
      open.pop_back();
    }
  }
  CHECK(open.empty());
}

/// Nothing is fetched, nothing runs.
void check_self_contained(const std::string& html) {
  for (const char* part : {"<script", "<link", "<img", "<iframe", "src=", "@import", "url("})
    CHECK_FALSE(has(html, part));
  CHECK(count(html, "http") == count(html, "xmlns=\"http://www.w3.org/2000/svg\""));
}

StoredRun run_of(double extra_deg, const std::string& title) {
  CycleResult r = test::synthetic_cycle();
  r.scenario.title = title;
  r.scenario.question = "Is <this> & \"that\" escaped?";
  r.plan.q.row(r.model->legs[kRight].hip_flexion).array() += rad_from_deg(extra_deg);
  for (FrameLoads& f : r.frames) f.segment[1].facet_n[kRight] += 10 * extra_deg;
  return as_run(make_results(r));
}

ReportContext context() {
  ReportContext c;
  c.sources = {{"smith1999", "A <citation> & more"}};
  return c;
}

}  // namespace

TEST_CASE("ticks are 1, 2 or 5 times a power of ten, inside the range") {
  CHECK(nice_ticks(0, 10, 5) == std::vector<double>{0, 2, 4, 6, 8, 10});
  CHECK(nice_ticks(-0.7, 1.3, 4) == std::vector<double>{-0.5, 0, 0.5, 1});
  CHECK(nice_ticks(990, 1010, 4).size() == 5);
  CHECK(nice_ticks(3, 3, 5).empty());
  CHECK(nice_ticks(0, std::numeric_limits<double>::infinity(), 5).empty());
}

TEST_CASE("charts draw gaps as gaps, and no number that is none") {
  const double nan = std::nan("");
  const std::string svg =
      line_chart({"A <b>", "x", "N", {}, {{"one", {0, 1, 2, 3}, {1, nan, 2, 3}, "#112233", false}}, true});
  check_balanced(svg);
  CHECK(has(svg, "A &lt;b&gt;"));
  CHECK(count(svg, "M") >= 2);  // the pen is lifted
  CHECK_FALSE(has(svg, "nan"));
  const std::string map = heat_map({"m", "x", "N", {"a", "b"}, {"0", "1"}, {{0, nan}, {5, 10}}, 0, 10});
  check_balanced(map);
  CHECK(has(map, "#cccccc"));
  CHECK(has(map, heat_colour(0.5)));
  CHECK(has(map, heat_colour(1)));
  CHECK_FALSE(has(line_chart({"empty", "x", "N", {}, {}, false}), "nan"));
  check_balanced(share_bars({"s", {"p", "q"}, {{"first", "#123456", {0.5, nan}, {0.4, nan}, {0.6, nan}}}}));
}

TEST_CASE("the report of a run stands alone: question, answer, charts, gates, how to make it again") {
  const StoredRun base = run_of(0, "healthy"), run = run_of(12, "stiff");
  const std::string html = run_page(run, base, {"First link.", "No diagnosis."}, context());
  check_balanced(html);
  check_self_contained(html);
  CHECK(has(html, "Is &lt;this&gt; &amp; &quot;that&quot; escaped?"));
  CHECK(has(html, "First link. No diagnosis."));
  CHECK(count(html, "<svg") == 18);
  for (const char* part : {"Largest changes", "Load dose", "quality gate", "hipspine run scenario.toml",
                           "A &lt;citation&gt;", "task = &quot;walk&quot;"})
    CHECK_MESSAGE(has(html, part), part);
  const auto answers = answer_sentences(run, base);
  REQUIRE(answers.size() == 3);
  CHECK(has(answers[0], "right hip"));
  CHECK(has(answers[1], "L4/L5 right facet"));
  CHECK(answer_sentences(base, base)[0] == "The motion hardly changes.");
}

TEST_CASE("a run is read back from its folder, and what is missing is said") {
  const fs::path folder = fs::temp_directory_path() / ("hipspine_report_" + std::to_string(::getpid()));
  fs::remove_all(folder);
  CycleResult r = test::synthetic_cycle();
  r.scenario.title = "a walk";
  export_result(r, Convention::opensim, folder, false);
  Diagnostics d;
  const StoredRun run = read_run(folder, d);
  CHECK_MESSAGE(!d.has_errors(), d.text());
  const StoredRun memory = as_run(make_results(r));
  REQUIRE(run.scenario.has_value());
  CHECK(run.scenario->title == "a walk");
  REQUIRE(run.curves.size() == memory.curves.size());
  for (const auto& [name, curve] : memory.curves)
    for (std::size_t i = 0; i < curve.size(); ++i)
      CHECK(run.curves.at(name)[i] == doctest::Approx(curve[i]).epsilon(1e-9));
  fs::remove(folder / "cycle.csv");
  fs::remove(folder / "summary.json");
  Diagnostics missing;
  static_cast<void>(read_run(folder, missing));
  CHECK(has(missing.text(), "summary.json"));
  CHECK(has(missing.text(), "this is not a cycle"));
  fs::remove_all(folder);
}

TEST_CASE("the report of a sweep names the parameter that matters, and what cannot be trusted") {
  SweepResult r;
  r.title = "Two & two";
  r.method = "grid";
  r.parameters = {{"hip", true, {"0", "10", "20"}, {0, 10, 20}, "0, 10, 20"},
                  {"strategy", false, {"a", "b"}, {0, 1}, "a, b"}};
  r.outputs = {{"walking_speed_m_s", "m/s", ""}, {"L4_L5_facet_r.peak", "N", ""}};
  r.input.resize(6, 2), r.level.resize(6, 2), r.output.resize(6, 2);
  for (int i = 0; i < 6; ++i) {
    r.level.row(i) << i / 2, i % 2;
    r.input.row(i) << 10 * (i / 2), i % 2;
    r.output.row(i) << 1, 300 - 50 * (i / 2) + i % 2;
    r.status.push_back(i == 0 ? CaseStatus::gate_missed : CaseStatus::ok);
    r.gates.emplace_back(i == 0 ? "foot slip; hip overshoot" : "");
    r.reason.emplace_back();
  }
  r.counts = {6, 5, 1, 0, 0, 0};
  const std::string html = sweep_page(r, "", context());
  check_balanced(html);
  check_self_contained(html);
  const auto answers = answer_sentences(r);
  REQUIRE(answers.size() == 3);
  CHECK(has(answers[1], "L4_L5_facet_r.peak follows one parameter most closely, hip"));
  CHECK(has(answers[1], "from 300 N at 0 to 200 N at 20"));
  CHECK(has(answers[2], "1 of these miss a quality gate"));
  CHECK(has(html, "hip overshoot"));
  r.output.setConstant(std::nan(""));
  for (CaseStatus& s : r.status) s = CaseStatus::refused;
  check_balanced(sweep_page(r, "", context()));
}

TEST_CASE("the published band follows the run's convention, and a left leg is half a cycle later") {
  Diagnostics d;
  const NormalBands bands = load_normal_bands(std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models", d);
  REQUIRE_FALSE(d.has_errors());
  StoredRun opensim;
  opensim.summary.task = "walk";
  opensim.summary.speed_m_s = 1.24;
  opensim.summary.height_m = 1.7;
  opensim.summary.pelvic_plane_tilt_deg = 11.4;
  StoredRun clinical = opensim;
  clinical.summary.convention = Convention::clinical;
  const auto tilt = normal_band(opensim, "pelvis_tilt", bands), tilt_c = normal_band(clinical, "pelvis_tilt", bands);
  const auto right = normal_band(opensim, "hip_flexion_r", bands), left = normal_band(opensim, "hip_flexion_l", bands),
             right_c = normal_band(clinical, "hip_flexion_r", bands);
  REQUIRE((tilt && tilt_c && right && left && right_c));
  double clinical_mean = 0;
  for (std::size_t i = 0; i < 101; ++i) {
    CHECK(tilt->low[i] < tilt->high[i]);
    CHECK(tilt_c->low[i] == doctest::Approx(11.4 - tilt->high[i]));  // forward positive
    CHECK(tilt_c->high[i] == doctest::Approx(11.4 - tilt->low[i]));
    CHECK(right_c->low[i] == doctest::Approx(right->low[i] + 11.4));
    CHECK(right_c->high[i] == doctest::Approx(right->high[i] + 11.4));
    clinical_mean += (tilt_c->low[i] + tilt_c->high[i]) / 202;
  }
  CHECK(left->low[0] == doctest::Approx(right->low[50]));
  CHECK(left->high[75] == doctest::Approx(right->high[25]));
  CHECK(clinical_mean > 5);  // people walk with 8 to 14 deg of forward tilt of the clinical plane
  CHECK(clinical_mean < 18);
  CHECK_FALSE(normal_band(opensim, "L4_L5_facet_r", bands).has_value());
  opensim.summary.task = "sit";
  CHECK_FALSE(normal_band(opensim, "pelvis_tilt", bands).has_value());
}
