#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <set>

#include "sim/core/document.h"
#include "sim/core/units.h"
#include "sim/run/curve_metrics.h"
#include "sim/run/validate.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;

namespace {

Eigen::VectorXd curve(const std::function<double(double)>& f) {
  Eigen::VectorXd c(kCyclePoints);
  for (int i = 0; i < kCyclePoints; ++i) c[i] = f(2 * std::numbers::pi * (i % 100) / 100.0);
  return c;
}

const Target* find(const TargetFile& file, const std::string& id) {
  for (const Target& t : file.targets)
    if (t.id == id) return &t;
  return nullptr;
}

Measured measure(const std::vector<Metric>& metrics, const std::string& id, CycleResult cycle) {
  ValidationCases cases({}, {}, [&](const Scenario&, Diagnostics&) { return cycle; });
  for (const Metric& m : metrics)
    if (m.id == id) return m.measure(cases, {});
  FAIL("no metric " << id);
  return {};
}

}  // namespace

TEST_CASE("extremes in windows, also over the end of the cycle") {
  const auto c = curve([](double p) { return std::cos(p - 2 * std::numbers::pi * 0.97); });
  CHECK(highest(c).at_pct == 97);
  CHECK(highest(c, 90, 10).at_pct == 97);
  CHECK(highest(c, 0, 40).at_pct == 0);
  CHECK(lowest(c).at_pct == 47);
  CHECK(range_of(c) == doctest::Approx(2));
  CHECK(mean_between(c, 0, 99) == doctest::Approx(0));
  CHECK(cycle_distance(98, 3) == 5);
}

TEST_CASE("prominent maxima: count, place, and what is too small") {
  const auto two = curve([](double p) { return 1000 + 100 * std::cos(2 * p); });
  CHECK(prominent_maxima(two, 150) == std::vector<int>{0, 50});
  CHECK(prominent_maxima(two, 201).empty());
  // A ripple of 20 on top of them does not count; a hump of its own does.
  const auto rippled = curve([](double p) { return 1000 + 100 * std::cos(2 * p) + 10 * std::cos(10 * p); });
  CHECK(prominent_maxima(rippled, 100).size() == 2);
  const auto four = curve([](double p) { return 1000 + 30 * std::cos(2 * p) + 100 * std::cos(4 * p); });
  CHECK(prominent_maxima(four, 100).size() == 4);
  CHECK(prominent_maxima(Eigen::VectorXd::Constant(kCyclePoints, 3.0), 1).empty());
  Eigen::VectorXd flat_top = Eigen::VectorXd::Zero(kCyclePoints);
  flat_top.segment(30, 5).setOnes();
  CHECK(prominent_maxima(flat_top, 0.5) == std::vector<int>{30});
  CHECK(smoothed(two, 0) == two);
  CHECK(smoothed(flat_top, 2)[32] == doctest::Approx(1));
  CHECK(smoothed(flat_top, 2)[30] == doctest::Approx(0.6));
}

TEST_CASE("antisymmetry: odd harmonics are antisymmetric over half a cycle, even ones are symmetric") {
  CHECK(antisymmetry(curve([](double p) { return 3 + std::sin(p) + 0.4 * std::cos(3 * p); })) == doctest::Approx(1));
  CHECK(antisymmetry(curve([](double p) { return std::cos(2 * p); })) == doctest::Approx(-1));
  CHECK(antisymmetry(curve([](double p) { return std::sin(p) + std::cos(2 * p); })) == doctest::Approx(0));
  CHECK(std::isnan(antisymmetry(Eigen::VectorXd::Constant(kCyclePoints, 2.0))));
}

TEST_CASE("on-off ratio and slope") {
  Eigen::VectorXd c = Eigen::VectorXd::Constant(kCyclePoints, 0.1);
  c.head(20).setConstant(0.4);
  CHECK(on_off_ratio(c, {{0, 20}}) == doctest::Approx(4));
  CHECK(on_off_ratio(c, {{50, 70}}) == doctest::Approx(0.1 / ((20 * 0.4 + 60 * 0.1) / 80)));
  CHECK(on_off_ratio(Eigen::VectorXd::Constant(kCyclePoints, 0.3), {{0, 14}, {96, 100}}) == doctest::Approx(1));
  CHECK(fitted_slope({0, 1, 2}, {5, 5.8, 6.6}) == doctest::Approx(0.8));
  CHECK(std::isnan(fitted_slope({1, 1}, {2, 3})));
}

TEST_CASE("rows of the healthy walk on the hand-made cycle") {
  const auto rows = walking_metrics();
  const CycleResult cycle = test::synthetic_cycle();
  const double bw = 75.0 * kGravity_m_s2;
  CHECK(*measure(rows, "N01", cycle).value == doctest::Approx(25 + 11.4));
  CHECK(*measure(rows, "N02", cycle).value == doctest::Approx(-15 + 11.4));
  CHECK(*measure(rows, "N03", cycle).value == doctest::Approx(40));
  CHECK(*measure(rows, "N04", cycle).value == doctest::Approx(4));
  CHECK(*measure(rows, "N05", cycle).value == doctest::Approx(11.4 + 3));
  CHECK(*measure(rows, "N14", cycle).value == doctest::Approx(40 * std::sin(2 * std::numbers::pi * 0.35) / 75));
  CHECK(*measure(rows, "N16a", cycle).value == doctest::Approx(18));
  CHECK(*measure(rows, "N18", cycle).value == doctest::Approx(1));
  CHECK(*measure(rows, "L01", cycle).value == doctest::Approx(1100 / bw));
  CHECK(*measure(rows, "L08", cycle).value == doctest::Approx(0.6));
  const Measured peaks = measure(rows, "L03", cycle);
  CHECK(*peaks.value == 2);
  CHECK(*peaks.also);
  CycleResult late = cycle;  // the same two peaks in mid-stance are not the published ones
  for (int i = 0; i < kCyclePoints; ++i)
    for (Vec3& f : late.frames[static_cast<std::size_t>(i)].level_force_D)
      f.y() = 1000 + 100 * std::cos(2 * (2 * std::numbers::pi * (i - 27) / 100.0));
  CHECK_FALSE(*measure(rows, "L03", late).also);
}

TEST_CASE("a restricted walk: what was lost, what the tilt gained, where the thigh is") {
  TargetConditions conditions;
  conditions.extension_limits_deg = {10, 0};
  conditions.small_loss_limits_deg = {10};
  conditions.tight_extension_limit_deg = 10;
  // A walker who loses half a degree per degree of limit and tilts by 0.8 of that, all cycle long.
  const auto solve = [](const Scenario& s, Diagnostics&) {
    CycleResult cycle = test::synthetic_cycle();
    const double lost_deg = 0.5 * (20 - deg_from_rad(s.hip[kRight].extension_max_rad));
    const Model& m = *cycle.model;
    cycle.plan.q.row(m.legs[kRight].hip_flexion).array() += rad_from_deg(lost_deg);
    cycle.plan.q.row(m.coordinate("pelvis_tilt")).array() -= rad_from_deg(0.8 * lost_deg);
    return cycle;
  };
  ValidationCases cases({}, conditions, solve);
  const auto rows = restricted_metrics();
  CHECK(*rows[0].measure(cases, {}).value == doctest::Approx(5));
  CHECK(*rows[1].measure(cases, {}).value == doctest::Approx(0.8));
  CHECK(*rows[2].measure(cases, {}).value == doctest::Approx(-1));  // 5 deg less extension, 4 deg more tilt
}

TEST_CASE("muscle timing") {
  CycleResult cycle = test::synthetic_cycle();
  const int glmed = cycle.model->muscle("glmed2_r");
  for (int i = 0; i < 40; ++i) cycle.frames[static_cast<std::size_t>(i)].activation[glmed] = 0.5;
  ValidationCases cases({}, {}, [&](const Scenario&, Diagnostics&) { return cycle; });
  const EmgTarget target{"E_gluteus_medius", {"glmed"}, {{0, 40}, {96, 100}}, 1, {}};
  const Measured m = emg_metric(target).measure(cases, {});
  CHECK(*m.value == doctest::Approx((40 * 0.5 + 4 * 0.1) / 44 / 0.1));
  CHECK(*m.also);
  const EmgTarget swing{"E_gluteus_medius", {"glmed"}, {{60, 90}}, 1, {}};
  CHECK_FALSE(*emg_metric(swing).measure(cases, {}).also);
  const EmgTarget other{"E_sartorius", {"sart"}, {{60, 90}}, 1, {}};
  CHECK_FALSE(emg_metric(other).measure(cases, {}).value.has_value());
}

TEST_CASE("mean error of the segments: from the middle of each band, and nothing when a row has no value") {
  const auto row = [](const char* id, double low, double high, std::optional<double> value) {
    ValidationRow r;
    r.target.id = id;
    r.target.low = low;
    r.target.high = high;
    r.measured.value = value;
    return r;
  };
  std::vector<ValidationRow> rows{row("F_L4_L5_flexion", 8, 12, 11), row("F_L4_L5_axial", 1, 3, 1.6),
                                  row("F20", 0, 1, 50)};
  CHECK(*mean_segment_error(rows).value == doctest::Approx((10 + 20) / 2.0));
  rows.push_back(row("F_L5_S1_axial", 1, 3, std::nullopt));
  CHECK_FALSE(mean_segment_error(rows).value.has_value());
  CHECK_FALSE(mean_segment_error({}).value.has_value());
}

TEST_CASE("the forward bend is read where the thorax leans as far as asked") {
  CycleResult cycle = test::synthetic_cycle();
  const Model& m = *cycle.model;
  const double deep_rad = rad_from_deg(80);
  for (int i = 0; i < kCyclePoints; ++i) {  // down at an even rate, and up again; the facets' share falls with it
    const double part = 1 - std::abs(i - 50) / 50.0;
    for (const Level& level : m.levels) cycle.plan.q.row(level.fe)[i] = 0;
    cycle.plan.q.row(m.coordinate("pelvis_tilt"))[i] = -part * deep_rad;
    cycle.frames[static_cast<std::size_t>(i)].segment[1].facet_share = 0.2 - 0.2 * part;
  }
  TargetConditions conditions;
  conditions.flexed_inclination_deg = 41;
  ValidationCases cases({}, conditions, [&](const Scenario&, Diagnostics&) { return cycle; });
  CHECK(*bowed_forward(cases, "L4_L5_facet_share") == doctest::Approx(0.2 * (1 - 41.0 / 80)));
  conditions.flexed_inclination_deg = 90;
  ValidationCases too_far({}, conditions, [&](const Scenario&, Diagnostics&) { return cycle; });
  CHECK_FALSE(bowed_forward(too_far, "L4_L5_facet_share").has_value());
}

TEST_CASE("judging: band ends included, open ends, a second condition, no value") {
  Target t;
  t.low = 1;
  t.high = 2;
  CHECK(*judged(t, {1.0, "", std::nullopt}));
  CHECK(*judged(t, {2.0, "", true}));
  CHECK_FALSE(*judged(t, {2.0, "", false}));
  CHECK_FALSE(*judged(t, {2.01, "", std::nullopt}));
  CHECK_FALSE(*judged(t, {std::nan(""), "", std::nullopt}));
  CHECK_FALSE(judged(t, {std::nullopt, "", std::nullopt}).has_value());
  t.high.reset();
  CHECK(*judged(t, {1e9, "", std::nullopt}));
}

TEST_CASE("the targets file: complete, each row once, each source known") {
  const std::filesystem::path models = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";
  Diagnostics diagnostics;
  const TargetFile file = load_targets(models, diagnostics);
  CHECK_MESSAGE(diagnostics.findings().empty(), diagnostics.text());
  CHECK(file.targets.size() == 82);
  CHECK(file.emg.size() == 10);
  for (const char* id : {"N01", "N19", "L01", "L03", "L08", "H01a", "H02", "P03", "R01", "R02", "R03", "R08", "R15",
                         "F_L4_L5_flexion", "F_mean", "F20", "F31", "C02a"}) {
    CAPTURE(id);
    CHECK(find(file, id) != nullptr);
  }
  CHECK(*find(file, "N02")->low == -13);
  CHECK(*find(file, "N02")->high == -1);
  std::set<std::string> ids;
  Diagnostics unused;
  const Document sources = Document::load(models / "sources.toml", unused);
  for (const Target& t : file.targets) {
    CAPTURE(t.id);
    CHECK(ids.insert(t.id).second);
    CHECK_FALSE(t.source.empty());
    CHECK((t.low.has_value() || t.high.has_value()));
    for (const std::string& s : t.source) CHECK_MESSAGE(sources.root().has(s), s);
  }
  // Every metric belongs to a row.
  for (const auto& metrics :
       {walking_metrics(), restricted_metrics(), condition_metrics(), task_metrics(), bench_metrics()})
    for (const Metric& m : metrics) CHECK_MESSAGE(ids.count(m.id) == 1, m.id);
}

TEST_CASE("rows that are not computed say so and judge nothing; the JSON has the contract's keys") {
  TargetFile file;
  Target t;
  t.id = "H01b";  // stairs
  t.direction = "value";
  file.targets = {t};
  const Validation v = validate(file, {}, {}, [](const Scenario&, Diagnostics&) { return test::synthetic_cycle(); });
  REQUIRE(v.rows.size() == 1);
  CHECK_FALSE(v.rows[0].pass.has_value());
  CHECK(v.rows[0].measured.detail == "not yet");
  const auto j = to_json(v);
  CHECK(j[0]["value"].is_null());
  CHECK(j[0]["pass"].is_null());
  for (const char* key : {"id", "metric", "condition", "value", "low", "high", "unit", "pass", "source"})
    CHECK(j[0].contains(key));
}
