#include "sim/run/results.h"

#include <doctest/doctest.h>

#include <set>

#include "sim/run/summary.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;

TEST_CASE("every column is described completely and named once") {
  for (const Convention convention : {Convention::opensim, Convention::clinical}) {
    const Results r = make_results(test::synthetic_cycle(), convention);
    std::set<std::string> names;
    const std::set<std::string> units = {"%", "s", "m", "deg", "N", "N·m", "MPa", "1"};
    for (const Column& c : r.columns) {
      CAPTURE(c.name);
      CHECK(names.insert(c.name).second);
      CHECK(units.count(c.unit) == 1);
      CHECK_FALSE(c.frame.empty());
      CHECK_FALSE(c.positive.empty());
      CHECK_FALSE(c.meaning.empty());
      CHECK_FALSE(c.source.empty());
      CHECK(c.meaning.find("coordinate of the model") == std::string::npos);  // each coordinate has words of its own
    }
    CHECK(r.values.rows() == kCyclePoints);
    CHECK(r.values.cols() == static_cast<Eigen::Index>(r.columns.size()));
  }
}

TEST_CASE("the contract's columns are there") {
  const Results r = make_results(test::synthetic_cycle());
  for (const char* name : {"gait_cycle",
                           "time",
                           "pelvis_tx",
                           "pelvis_tilt",
                           "hip_flexion_r",
                           "subtalar_angle_l",
                           "T12_L1_FE",
                           "L5_S1_AR",
                           "lumbar_extension",
                           "lumbar_bending",
                           "lumbar_rotation",
                           "thoracic_bending",
                           "thoracic_rotation",
                           "ground_force_r_vx",
                           "ground_force_l_pz",
                           "ground_torque_r_y",
                           "hip_flexion_r_moment",
                           "L4_L5_FE_moment",
                           "hip_r_contact",
                           "hip_l_contact_y",
                           "hip_r_passive_flexion",
                           "hip_l_passive_rotation",
                           "L4_L5_compression",
                           "L4_L5_shear_ap",
                           "L4_L5_shear_ml",
                           "L4_L5_disc_compression",
                           "L4_L5_disc_shear",
                           "L4_L5_disc_pressure",
                           "L4_L5_facet_r",
                           "L4_L5_facet_l",
                           "L4_L5_facet_share",
                           "L4_L5_ligament",
                           "si_r_compression",
                           "si_l_shear",
                           "si_r_moment",
                           "si_l_nutation",
                           "symphysis_force",
                           "psoas_L4_r_activation",
                           "glmed2_l_force",
                           "residual_force",
                           "residual_moment",
                           "reserve_moment"}) {
    CAPTURE(name);
    CHECK(r.column(name) >= 0);
  }
  CHECK(r.column("pelvis_tilt_moment") == -1);
  CHECK_THROWS_AS((void)r.curve("no_such_column"), InternalError);
}

TEST_CASE("level forces: the load pushes the upper vertebra opposite to what the lower one gives it") {
  const Results r = make_results(test::synthetic_cycle());
  // The lower vertebra gives (-200, +1100, -30) N at 0 %: it holds back, holds up and holds to the left.
  CHECK(r.curve("L4_L5_compression")[0] == doctest::Approx(1100));  // pressed together
  CHECK(r.curve("L4_L5_shear_ap")[0] == doctest::Approx(200));      // the load pushes the upper one forward
  CHECK(r.curve("L4_L5_shear_ml")[0] == doctest::Approx(30));       // and to the right
}

TEST_CASE("edge units") {
  const Results r = make_results(test::synthetic_cycle());
  CHECK(r.curve("L4_L5_disc_pressure")[3] == doctest::Approx(0.6));
  CHECK(r.curve("si_r_nutation")[3] == doctest::Approx(0.5));
  CHECK(r.curve("hip_flexion_r")[0] == doctest::Approx(25));
  CHECK(r.curve("lumbar_extension")[0] == doctest::Approx(12));  // six levels of 2 deg
  CHECK(r.curve("lumbar_bending")[50] == doctest::Approx(-9));
  CHECK(r.curve("pelvis_tx")[100] == doctest::Approx(1.4));
  CHECK(r.curve("reserve_moment")[10] == doctest::Approx(0.25));  // largest magnitude
  CHECK(r.curve("hip_r_contact")[0] == doctest::Approx(1.1 * Vec3(300, -2000, 400).norm()));
}

TEST_CASE("clinical convention: tilt turns round, hip flexion moves by the pelvic plane, thigh in space stays") {
  const CycleResult cycle = test::synthetic_cycle();
  const Results o = make_results(cycle), c = make_results(cycle, Convention::clinical);
  for (int i : {0, 17, 50, 83}) {
    CHECK(c.curve("pelvis_tilt")[i] == doctest::Approx(11.4 - o.curve("pelvis_tilt")[i]));
    CHECK(c.curve("hip_flexion_l")[i] == doctest::Approx(11.4 + o.curve("hip_flexion_l")[i]));
    // thigh in space = flexion - anterior tilt (clinical) = flexion + posterior tilt (opensim)
    CHECK(c.curve("hip_flexion_r")[i] - c.curve("pelvis_tilt")[i] ==
          doctest::Approx(o.curve("hip_flexion_r")[i] + o.curve("pelvis_tilt")[i]));
  }
  CHECK(c.columns[static_cast<std::size_t>(c.column("pelvis_tilt"))].positive.find("anterior") != std::string::npos);
  CHECK(o.columns[static_cast<std::size_t>(o.column("pelvis_tilt"))].positive.find("posterior") != std::string::npos);
  int different = 0;
  for (Eigen::Index k = 0; k < o.values.cols(); ++k) different += o.values.col(k) == c.values.col(k) ? 0 : 1;
  CHECK(different == 3);  // pelvis_tilt and the two hip flexions, nothing else
}

TEST_CASE("summary: extremes, places, and the change of convention gives what the other convention summarises to") {
  const CycleResult cycle = test::synthetic_cycle();
  const Summary o = summarize(make_results(cycle));
  const ColumnSummary& hip = *o.find("hip_flexion_r");
  CHECK(hip.min == doctest::Approx(-15));
  CHECK(hip.at_min_pct == 50);
  CHECK(hip.max == doctest::Approx(25));
  CHECK(hip.at_max_pct == 0);
  CHECK(hip.mean == doctest::Approx(5));
  CHECK(hip.range() == doctest::Approx(40));
  const Summary direct = summarize(make_results(cycle, Convention::clinical));
  const Summary turned = in_convention(o, Convention::clinical);
  for (const char* name : {"pelvis_tilt", "hip_flexion_r", "hip_flexion_l", "knee_angle_r"}) {
    CAPTURE(name);
    CHECK(turned.find(name)->min == doctest::Approx(direct.find(name)->min));
    CHECK(turned.find(name)->max == doctest::Approx(direct.find(name)->max));
    CHECK(turned.find(name)->mean == doctest::Approx(direct.find(name)->mean));
    CHECK(turned.find(name)->at_min_pct % 50 == direct.find(name)->at_min_pct % 50);
  }
  const Summary back = in_convention(turned, Convention::opensim);
  CHECK(back.find("pelvis_tilt")->min == doctest::Approx(o.find("pelvis_tilt")->min));
}

TEST_CASE("a value that is not finite is told as such, never as a number") {
  CycleResult cycle = test::synthetic_cycle();
  cycle.frames[10].segment[1].disc_compression_n = std::nan("");
  const Summary s = summarize(make_results(cycle));
  CHECK(std::isnan(s.find("L4_L5_disc_compression")->max));
  CHECK(to_json(s)["columns"]["L4_L5_disc_compression"]["max"].is_null());
}
