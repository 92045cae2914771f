#include "sim/run/uncertainty.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/core/units.h"
#include "sim/model/model_file.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;

TEST_CASE("draws stay inside the spread, fill it, and depend on their number alone") {
  double lowest = 2, highest = 0, widest = 0;
  for (int i = 0; i < 500; ++i) {
    const SegmentSample s = draw_sample(i);
    for (const double f : {s.disc_axial, s.disc_bending, s.facet, s.ligament}) {
      lowest = std::min(lowest, f);
      highest = std::max(highest, f);
    }
    for (const double gap : s.gap_m) {
      CHECK(gap >= 0);
      widest = std::max(widest, gap);
    }
  }
  CHECK(lowest >= 0.7);
  CHECK(lowest < 0.71);
  CHECK(highest <= 1.3);
  CHECK(highest > 1.29);
  CHECK(widest == doctest::Approx(0.0006).epsilon(0.02));
  CHECK(draw_sample(7).facet == draw_sample(7).facet);
  CHECK(draw_sample(7).facet != draw_sample(8).facet);
}

TEST_CASE("a varied spine changes what is drawn and nothing else") {
  Diagnostics d;
  const Spine spine = load_spine(default_model_folder(), Model{}, d);
  REQUIRE_FALSE(d.has_errors());
  const SegmentSample s = draw_sample(3);
  const Spine v = varied(spine, s);
  for (int l = 0; l < kLevels; ++l) {
    CHECK(v.level[l].facet.gap_m == s.gap_m[l]);
    CHECK(v.level[l].disc.axial_n_m == doctest::Approx(s.disc_axial * spine.level[l].disc.axial_n_m));
    CHECK(v.level[l].facet.point_n_m == doctest::Approx(s.facet * spine.level[l].facet.point_n_m));
    CHECK(v.level[l].ligament[0].stiffness_n == doctest::Approx(s.ligament * spine.level[l].ligament[0].stiffness_n));
    CHECK(v.level[l].ligament[0].rest_m == spine.level[l].ligament[0].rest_m);
    CHECK(v.level[l].disc.area_m2 == spine.level[l].disc.area_m2);
  }
}

TEST_CASE("the effect of the gap: slope and explained variance of peaks that follow it exactly, or not at all") {
  const auto results = [](double facet_n) {
    CycleResult cycle = test::synthetic_cycle();
    for (FrameLoads& f : cycle.frames)
      for (SegmentLoad& s : f.segment) s.facet_n = {facet_n, 0.5 * facet_n};
    return make_results(cycle);
  };
  UncertaintyCollector follows(results(100)), constant(results(100));
  for (int i = 0; i < 30; ++i) {
    const SegmentSample s = draw_sample(i);
    follows.add(s, results(100 - 80 * mm_from_m(s.gap_m[0])));
    constant.add(s, results(100));
  }
  const GapEffect g = follows.finish().gaps.at(0);
  CHECK(g.level == "L5_S1");
  CHECK(g.slope_n_mm == doctest::Approx(-80));
  CHECK(g.explained == doctest::Approx(1));
  CHECK(follows.finish().gaps.at(1).explained < 0.5);  // another level's gap says little
  CHECK(constant.finish().gaps.at(0).explained == 0);
}

TEST_CASE("bands of a real cycle: the unchanged spine gives the unchanged loads, drawn ones spread round them") {
  Diagnostics d;
  const Scenario scenario = load_scenario("scenarios/extension_loss_20_r.toml", {}, d);
  Session session(default_model_folder(), 2), alone(default_model_folder(), 1);
  const CycleResult nominal = session.solve(scenario, d);
  REQUIRE_FALSE(d.has_errors());
  const Results results = make_results(nominal);
  session.vary(
      nominal, 1, [](const Spine& spine, int) { return spine; },
      [&](int, const CycleResult& same) { CHECK(make_results(same).values == results.values); });
  const auto bands = [&](Session& by, const CycleResult& from) {
    UncertaintyCollector collector(results);
    by.vary(
        from, 20, [](const Spine& spine, int i) { return varied(spine, draw_sample(i)); },
        [&](int i, const CycleResult& sample) { collector.add(draw_sample(i), make_results(sample)); });
    return collector.finish();
  };
  const Uncertainty u = bands(session, nominal);
  CHECK(u.samples == 20);
  CHECK(u.missed == 0);
  for (const LoadBand& b : u.bands) {
    CAPTURE(b.column);
    CHECK(b.low <= b.high);
    if (b.column == "L4_L5_facet_r") {
      CHECK(b.high > 1.2 * b.low);
      CHECK(b.low < b.peak);
      CHECK(b.high > b.peak);
    }
  }
  CHECK(u.gaps.size() == kLevels);
  for (const GapEffect& g : u.gaps) {
    CHECK(g.narrow_n > g.wide_n);
    CHECK(g.slope_n_mm < -50);
    CHECK(g.explained > 0.1);
    CHECK(g.explained <= 1);
  }
  const std::string text = uncertainty_text(u);
  CHECK(text.find("depends strongly on the gap") != std::string::npos);
  for (const char* peak : {"shear N", "hip_r_contact", "si_l_shear", "symphysis_force"})
    CHECK_MESSAGE(text.find(peak) != std::string::npos, peak);
  const Uncertainty again = bands(alone, alone.solve(scenario, d));
  for (std::size_t i = 0; i < u.bands.size(); ++i) {
    CHECK(again.bands[i].low == u.bands[i].low);
    CHECK(again.bands[i].high == u.bands[i].high);
  }
}

TEST_CASE("what a session has solved in between changes no bit of a varied cycle") {
  Diagnostics d;
  const Scenario scenario = load_scenario("scenarios/extension_loss_20_r.toml", {}, d);
  const Scenario other = load_scenario("scenarios/fused_r.toml", {}, d);
  Session session(default_model_folder(), 2);
  const CycleResult nominal = session.solve(scenario, d);
  REQUIRE_FALSE(d.has_errors());
  const auto values = [&] {
    std::vector<Eigen::MatrixXd> out;
    session.vary(
        nominal, 3, [](const Spine& spine, int i) { return varied(spine, draw_sample(i)); },
        [&](int, const CycleResult& sample) { out.push_back(make_results(sample).values); });
    return out;
  };
  const std::vector<Eigen::MatrixXd> first = values();
  session.solve_live(other, d);
  REQUIRE_FALSE(d.has_errors());
  const std::vector<Eigen::MatrixXd> second = values();
  REQUIRE(first.size() == 3);
  REQUIRE(second.size() == 3);
  CHECK(first[0] != first[1]);
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i] == second[i]);
}
