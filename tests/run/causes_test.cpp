// A traced load is its parts: they add up exactly, agree with the table of results, and the words carry the numbers.
#include "sim/run/causes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/model/model_file.h"
#include "sim/run/causes_text.h"
#include "sim/run/frame_loads.h"
#include "sim/run/info.h"
#include "sim/run/results.h"

using namespace hipspine;

namespace {

/// One session for all cases: plans are solved once.
struct Cycles {
  Session session{default_model_folder()};
  CycleResult healthy = solve("healthy"), lost = solve("extension_loss_20_r"), fused = solve("fused_r");

  CycleResult solve(const std::string& name) {
    Diagnostics diagnostics;
    const auto folder = default_model_folder().parent_path() / "scenarios";
    const Scenario s = load_scenario(folder / (name + ".toml"), {}, diagnostics);
    CycleResult r = session.solve(s, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.has_errors(), diagnostics.text());
    return r;
  }
};

Cycles& cycles() {
  static Cycles instance;
  return instance;
}

double sum(const std::vector<Cause>& parts, double Cause::*which) {
  double total = 0;
  for (const Cause& p : parts) total += p.*which;
  return total;
}

const Cause& part(const Trace& t, const std::string& name) {
  const auto it = std::find_if(t.parts.begin(), t.parts.end(), [&](const Cause& c) { return c.name == name; });
  REQUIRE_MESSAGE(it != t.parts.end(), name);
  return *it;
}

}  // namespace

TEST_CASE("parts of every traceable load add up to it, now and healthy") {
  const LoadModel loads = cycles().session.loads_of(cycles().healthy);
  const Results healthy_table = make_results(cycles().healthy);
  for (const CycleResult* now : {&cycles().lost, &cycles().fused}) {
    const Results table = make_results(*now);
    for (const std::string& column : traceable_columns(loads.model)) {
      for (int point : {0, 10, 33, 48, 61, 90, 100}) {
        CAPTURE(column);
        CAPTURE(point);
        const Trace t = trace_load(loads, *now, cycles().healthy, column, point);
        CHECK(t.at_pct == point);
        CHECK(t.now == doctest::Approx(table.curve(column)[point]).epsilon(1e-12));
        CHECK(t.healthy == doctest::Approx(healthy_table.curve(column)[point]).epsilon(1e-12));
        CHECK(t.unit == table.columns[static_cast<std::size_t>(table.column(column))].unit);
        const double scale = std::max({std::abs(t.now), std::abs(t.healthy), t.unit == "MPa" ? 1e-3 : 1.0});
        CHECK(std::abs(sum(t.parts, &Cause::now) - t.now) < 1e-9 * scale);
        CHECK(std::abs(sum(t.parts, &Cause::healthy) - t.healthy) < 1e-9 * scale);
        for (std::size_t i = 1; i < t.parts.size(); ++i)
          CHECK(std::abs(t.parts[i - 1].change()) >= std::abs(t.parts[i].change()));
        CHECK(t.sentences.size() >= 2);
        CHECK(t.sentences.size() <= 3);
        for (const std::string& s : t.sentences) {
          CHECK(s.back() == '.');
          CHECK(s.find("nan") == std::string::npos);
        }
      }
    }
  }
}

TEST_CASE("a healthy walk against itself has no causes of change") {
  const LoadModel loads = cycles().session.loads_of(cycles().healthy);
  for (const std::string& column : traceable_columns(loads.model)) {
    CAPTURE(column);
    const Trace t = trace_load(loads, cycles().healthy, cycles().healthy, column, 48);
    CHECK(t.change() == 0);
    for (const Cause& c : t.parts) CHECK(c.change() == 0);
    for (const Cause& c : t.context) CHECK(c.change() == 0);
    CHECK(t.sentences[0].find("as much as with healthy hips") != std::string::npos);
  }
}

TEST_CASE("what is above weighs what it weighs, and the leg is carried by the ground") {
  const LoadModel loads = cycles().session.loads_of(cycles().healthy);
  const Model& model = loads.model;
  double above_n = 0;  // of L5/S1
  for (int i = model.levels[0].upper_link; i < model.n_coord(); ++i) {
    int at = i;
    while (at >= 0 && at != model.levels[0].upper_link) at = model.coordinates[at].parent;
    if (at >= 0) above_n += kGravity_m_s2 * model.link_inertia[i].mass_kg;
  }
  CHECK(above_n > 0.4 * model.weight_n());
  for (int point : {5, 48}) {
    const Trace t = trace_load(loads, cycles().healthy, cycles().healthy, "L5_S1_compression", point);
    // The disc leans: at most its weight presses, and with the known lean of the sacrum more than half of it does.
    const double weight_n = part(t, "weight of what is above").now;
    CHECK(weight_n < above_n);
    CHECK(weight_n > 0.5 * above_n);
    CHECK(std::abs(part(t, "motion of what is above").now) < 0.5 * above_n);
    CHECK(part(t, "erector spinae, right").now >= 0);
    const Trace hip = trace_load(loads, cycles().healthy, cycles().healthy, "hip_r_contact", point);
    CHECK(part(hip, "weight of the leg").now < 0);  // it hangs on the hip
    CHECK(part(hip, kGroundCause).now > 0.3 * model.weight_n());
    CHECK(part(hip, "gluteus medius, right").now > 0);
  }
  // In the air nothing but the leg and its muscles is left.
  const Trace swing = trace_load(loads, cycles().healthy, cycles().healthy, "hip_r_contact", 80);
  CHECK(std::none_of(swing.parts.begin(), swing.parts.end(),
                     [](const Cause& c) { return c.name == kGroundCause && std::abs(c.now) > 10; }));
}

TEST_CASE("exchange of angle and force: one of them alone gives what the segment says") {
  const LoadModel loads = cycles().session.loads_of(cycles().healthy);
  CycleResult now = cycles().healthy;
  const int point = 48, l = 1;
  FrameLoads& f = now.frames[point];
  // Two degrees of extension more, under the same force.
  now.plan.q(loads.model.levels[l].fe, point) += rad_from_deg(2);
  const Vec3 force = -f.level_force_D[l];
  const SegmentLoad& before = cycles().healthy.frames[point].segment[l];
  f.segment[l] = solve_segment(loads.spine.level[l], before.rotation_rad + Vec3(rad_from_deg(2), 0, 0), force);
  const Trace angle = trace_load(loads, now, cycles().healthy, "L4_L5_facet_r", point);
  CHECK(angle.change() > 1);
  CHECK(part(angle, kExtensionCause).change() == doctest::Approx(angle.change()).epsilon(1e-12));
  CHECK(angle.parts.size() == 2);
  CHECK(angle.sentences[0].find("because the level is extended 2.0° further") != std::string::npos);
  // And a third more force across it, half a body weight in shear besides: the parts still add up.
  f.level_force_D[l] *= 4.0 / 3;
  f.level_force_D[l].x() -= 0.5 * loads.model.weight_n();
  f.segment[l] =
      solve_segment(loads.spine.level[l], before.rotation_rad + Vec3(rad_from_deg(2), 0, 0), Vec3(-f.level_force_D[l]));
  const Trace both = trace_load(loads, now, cycles().healthy, "L4_L5_facet_r", point);
  CHECK(both.parts.size() == 4);
  CHECK(sum(both.parts, &Cause::now) == doctest::Approx(both.now).epsilon(1e-12));
  CHECK(part(both, kShearCause).change() > 0);  // the upper vertebra is pushed forward against its facets
  CHECK(both.sentences[0].find("press on the level") != std::string::npos);
}

TEST_CASE("a level's angle in a trace is the one of its tissue and says so; the column has the rhythm alone") {
  const LoadModel loads = cycles().session.loads_of(cycles().healthy);
  const Results table = make_results(cycles().lost);
  const int point = 57, l = 1;
  const Trace t = trace_load(loads, cycles().lost, cycles().healthy, "L4_L5_facet_r", point);
  const auto context = [&](const std::string& name) {
    const auto it = std::find_if(t.context.begin(), t.context.end(), [&](const Cause& c) { return c.name == name; });
    REQUIRE_MESSAGE(it != t.context.end(), name);
    return *it;
  };
  const FrameLoads& f = cycles().lost.frames[point];
  const Level& level = loads.model.levels[l];
  const Cause extended = context("L4/L5 extended by, with its give under load [deg]");
  CHECK(extended.now == doctest::Approx(deg_from_rad(f.segment[l].rotation_rad[kFE])).epsilon(1e-12));
  CHECK(extended.now == doctest::Approx(table.curve("L4_L5_FE")[point] + deg_from_rad(f.departure_rad[level.fe])));
  CHECK(std::abs(f.departure_rad[level.fe]) > 0);
  CHECK(context("L4/L5 turned to the left by, with its give under load [deg]").now ==
        doctest::Approx(deg_from_rad(f.segment[l].rotation_rad[kAR])).epsilon(1e-12));
  CHECK(t.sentences.back().find("With its give under load the level stands") == 0);
}

TEST_CASE("what is not traceable is said, and sources are known") {
  const LoadModel loads = cycles().session.loads_of(cycles().healthy);
  CHECK_THROWS_AS((void)trace_load(loads, cycles().lost, cycles().healthy, "knee_angle_r", 3), InternalError);
  CHECK_THROWS_AS((void)trace_load(loads, cycles().lost, cycles().healthy, "L4_L5_facet_r", 101), InternalError);
  Diagnostics diagnostics;
  const auto known = load_sources(default_model_folder(), diagnostics);
  for (const std::string& column : traceable_columns(loads.model)) {
    const Trace t = trace_load(loads, cycles().lost, cycles().healthy, column, 48);
    CHECK_FALSE(t.source.empty());
    for (const std::string& id : t.source) {
      CAPTURE(id);
      CHECK(std::any_of(known.begin(), known.end(), [&](const Citation& c) { return c.id == id; }));
    }
  }
}
