#include "sim/study/output_feature.h"

#include <doctest/doctest.h>

#include <cmath>

#include "sim/run/summary.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;

namespace {

/// A walk in which everything varies over the cycle, right unlike left.
CycleResult uneven_walk() {
  CycleResult r = test::synthetic_cycle();
  for (int i = 0; i < kCyclePoints; ++i) {
    const double p = 0.0628 * i;
    r.plan.q.row(r.model->legs[kRight].hip_flexion)[i] += 0.2 * std::cos(p + 0.3);
    FrameLoads& f = r.frames[static_cast<std::size_t>(i)];
    f.segment[1].facet_n = {150 + 80 * std::sin(p), 90 + 20 * std::cos(2 * p)};
  }
  return r;
}

}  // namespace

TEST_CASE("features are the numbers of summary.json, and the value at a percent is the row of cycle.csv") {
  const CycleResult walk = uneven_walk();
  for (const Convention convention : {Convention::opensim, Convention::clinical}) {
    const Results results = make_results(walk, convention);
    const Summary summary = summarize(results);
    Outputs outputs;
    outputs.convention = convention;
    outputs.rules = column_rules(*walk.model, convention);
    Diagnostics d;
    for (const char* column : {"hip_flexion_r", "pelvis_tilt", "L4_L5_facet_r", "L4_L5_facet_l"})
      for (const char* word : {"peak", "lowest", "mean", "range", "at_0", "at_37", "at_100"})
        outputs.features.push_back(read_feature(std::string(column) + "." + word, outputs.rules, {}, d));
    for (const char* name : {"L4_L5_facet_r.dose2", "L4_L5_facet_l.dose10", "walking_speed_m_s", "stride_length_m",
                             "stride_time_s", "step_length_r_m", "step_length_l_m", "toe_off_r_pct"})
      outputs.features.push_back(read_feature(name, outputs.rules, {}, d));
    REQUIRE_MESSAGE(!d.has_errors(), d.text());
    outputs.curves = {results.column("L4_L5_facet_r")};
    const std::vector<double> values = feature_values(outputs, walk);
    std::size_t k = 0;
    for (const char* column : {"hip_flexion_r", "pelvis_tilt", "L4_L5_facet_r", "L4_L5_facet_l"}) {
      const ColumnSummary* c = summary.find(column);
      const Eigen::VectorXd curve = results.curve(column);
      REQUIRE(c != nullptr);
      for (const double wanted : {c->max, c->min, c->mean, c->range(), curve[0], curve[37], curve[100]})
        CHECK(values[k++] == doctest::Approx(wanted).epsilon(1e-12));
    }
    // Per 1000 steps: 500 strides.
    CHECK(values[k++] == doctest::Approx(500 * summary.dose("L4_L5_facet_r")->per_cycle[0]));
    CHECK(values[k++] == doctest::Approx(500 * summary.dose("L4_L5_facet_l")->per_cycle[1]));
    for (const double wanted :
         {summary.speed_m_s, summary.stride_length_m, summary.stride_time_s, summary.step_length_m[kRight],
          summary.step_length_m[kLeft], summary.toe_off_pct[kRight]})
      CHECK(values[k++] == wanted);
    const std::vector<double> curve = curve_values(outputs, walk);
    REQUIRE(curve.size() == kCyclePoints);
    for (int i = 0; i < kCyclePoints; ++i)
      CHECK(curve[static_cast<std::size_t>(i)] == results.curve("L4_L5_facet_r")[i]);
  }
}
