#include "sim/run/compare.h"

#include <doctest/doctest.h>

#include <sstream>

#include "sim/run/report.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;

namespace {

/// Right hip 10 deg short of extension, pelvis 8 deg further forward, L4/L5 right facet 100 N more, psoas 300 N more.
CycleResult restricted_cycle() {
  CycleResult r = test::synthetic_cycle();
  r.scenario.title = "restricted by hand";
  r.scenario.file = "restricted.toml";
  const Model& m = *r.model;
  r.plan.q.row(m.legs[kRight].hip_flexion) = r.plan.q.row(m.legs[kRight].hip_flexion).cwiseMax(rad_from_deg(-5)).eval();
  r.plan.q.row(m.coordinate("pelvis_tilt")).array() -= rad_from_deg(8);
  r.plan.step_length_m = {0.60, 0.69};
  for (FrameLoads& f : r.frames) {
    f.segment[1].facet_n[kRight] += 100;
    f.muscle_force_n[m.muscle("psoas_L4_r")] += 300;
  }
  return r;
}

const ComparedGroup& group(const Comparison& c, const std::string& start) {
  for (const ComparedGroup& g : c.groups)
    if (g.title.compare(0, start.size(), start) == 0) return g;
  FAIL("no group " << start);
  return c.groups.front();
}

Comparison compared(Convention convention = Convention::opensim) {
  return compare(summarize(make_results(test::synthetic_cycle(), convention)),
                 summarize(make_results(restricted_cycle(), convention)));
}

}  // namespace

TEST_CASE("in each group the largest change stands first") {
  const Comparison c = compared();
  for (const ComparedGroup& g : c.groups)
    for (std::size_t k = 1; k < g.rows.size(); ++k) CHECK(g.rows[k - 1].weight >= g.rows[k].weight);
  CHECK(group(c, "Walking").rows[0].label == "right step length");
  CHECK(group(c, "Hip, knee").rows[0].column == "hip_flexion_r");
  CHECK(group(c, "Facet").rows[0].label == "L4/L5 right facet");
  CHECK(group(c, "Muscles").rows[0].label == "psoas L4, right");
}

TEST_CASE("words count upwards: less extension is a negative change, more forward tilt a positive one") {
  for (const Convention convention : {Convention::opensim, Convention::clinical}) {
    const Comparison c = compared(convention);
    const double offset = convention == Convention::clinical ? 11.4 : 0;
    for (const ComparedRow& r : group(c, "Hip, knee").rows)
      if (r.label == "right hip, furthest extension") {
        CHECK(r.a == doctest::Approx(15 - offset));
        CHECK(r.b == doctest::Approx(5 - offset));
        CHECK(r.change == doctest::Approx(-10));
        CHECK(r.at_a_pct == 50);
        CHECK(std::isnan(r.percent));  // of an angle from an arbitrary zero
      }
    for (const ComparedRow& r : group(c, "Pelvis").rows)
      if (r.label == "forward tilt, mean") {
        CHECK(r.a == doctest::Approx(3 + offset));
        CHECK(r.change == doctest::Approx(8));
      }
  }
}

TEST_CASE("change and percent of a load") {
  const Comparison c = compared();
  for (const ComparedRow& r : group(c, "Facet").rows)
    if (r.label == "L4/L5 right facet") {
      CHECK(r.a == doctest::Approx(60));
      CHECK(r.b == doctest::Approx(160));
      CHECK(r.percent == doctest::Approx(100 * 100.0 / 60));
    }
}

TEST_CASE("every disc and facet, every muscle, hips and sacroiliac joints are there") {
  const Comparison c = compared();
  CHECK(group(c, "Discs").rows.size() == 18);
  CHECK(group(c, "Facet").rows.size() == 12);
  CHECK(group(c, "Whole lumbar").rows.size() == 18);
  CHECK(group(c, "Sacroiliac").rows.size() == 9);
  CHECK(group(c, "Muscles").rows.size() == 6);
  const auto j = to_json(c);
  CHECK(j["groups"].size() == c.groups.size());
  for (const char* key : {"label", "column", "unit", "a", "b", "at_a_pct", "change", "change_pct"})
    CHECK(j["groups"][1]["rows"][0].contains(key));
}

TEST_CASE("nothing changed: all changes are zero and the text says so") {
  const Summary s = summarize(make_results(test::synthetic_cycle()));
  const Comparison c = compare(s, s);
  for (const ComparedGroup& g : c.groups)
    for (const ComparedRow& r : g.rows) CHECK(r.change == 0);
  CHECK(largest_changes(c, 8).empty());
  CHECK(comparison_text(c).find("nothing that would be noticed") != std::string::npos);
}

TEST_CASE("results in different conventions are brought together") {
  const Comparison c = compare(summarize(make_results(test::synthetic_cycle(), Convention::clinical)),
                               summarize(make_results(test::synthetic_cycle(), Convention::opensim)));
  CHECK(c.b.convention == Convention::clinical);
  for (const ComparedGroup& g : c.groups)
    for (const ComparedRow& r : g.rows) CHECK(std::abs(r.change) < 1e-9);
}

TEST_CASE("the console table fits 100 columns, and red gates are named") {
  CycleResult restricted = restricted_cycle();
  restricted.gates[0].value = 7;
  const Comparison c = compare(summarize(make_results(test::synthetic_cycle())), summarize(make_results(restricted)));
  const std::string text = comparison_text(c);
  std::stringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(display_width(line) <= 100, line);
  CHECK(text.find("restricted: residual force is 7 N, limit 5 N") != std::string::npos);
}
