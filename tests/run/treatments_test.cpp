/// Treatments, doses, efforts and the chain: which rows there are, what follows from mechanics, what is said.
#include "sim/run/treatments.h"

#include <doctest/doctest.h>

#include "sim/model/model_file.h"
#include "sim/run/chain_text.h"
#include "tests/run/synthetic_cycle.h"

using namespace hipspine;

namespace {

struct House {
  Diagnostics diagnostics;
  Clinic clinic = load_clinic(default_model_folder(), diagnostics);
  Session session{default_model_folder()};
  [[nodiscard]] TreatmentReport compared(const Scenario& s) {
    return compare_treatments(s, clinic, {}, [&](const Scenario& x, Diagnostics& d) { return session.solve(x, d); });
  }
};

House& house() {
  static House h;
  return h;
}

Scenario with(const char* condition, double severity) {
  Scenario s;
  s.conditions = {{condition, {severity, 0}, {}}};
  return s;
}

const TreatmentRow& row(const TreatmentReport& report, const char* what) {
  for (const TreatmentRow& r : report.rows)
    if (r.asked.what.find(what) != std::string::npos) return r;
  FAIL("no row " << what);
  return report.rows.front();
}

bool has(const std::vector<TreatmentCase>& cases, const char* what) {
  for (const TreatmentCase& c : cases)
    if (c.what.find(what) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("treatments: a row only for what can be treated") {
  const Clinic& clinic = house().clinic;
  const auto healthy = treatment_cases(Scenario{}, clinic, {});
  CHECK(healthy.size() == 4);  // healthy, untreated, fusion, brace
  const auto arthrosis = treatment_cases(with("hip_osteoarthritis", 1), clinic, {});
  CHECK(has(arthrosis, "hip injection"));
  CHECK(has(arthrosis, "stretching"));
  CHECK(has(arthrosis, "hip replacement"));
  CHECK_FALSE(has(arthrosis, "cam resection"));
  CHECK_FALSE(has(arthrosis, "trochanteric"));
  CHECK_FALSE(has(arthrosis, "facet injection"));
  CHECK(has(treatment_cases(with("fai_cam", 0.5), clinic, {}), "cam resection"));
  CHECK(has(treatment_cases(with("greater_trochanteric_pain", 0.5), clinic, {}), "trochanteric"));
  const auto fused = treatment_cases(with("fused_hip", 1), clinic, {});
  CHECK_FALSE(has(fused, "stretching"));  // bone
  CHECK(has(fused, "hip replacement"));
  Scenario sore;
  sore.back_pain = 3;
  CHECK(has(treatment_cases(sore, clinic, {}), "facet injection"));
  for (const TreatmentCase& c : arthrosis)  // the left hip is well and stays as it is
    CHECK_FALSE(c.scenario.treatment.hip_replacement[kLeft]);
}

TEST_CASE("treating the spine leaves the demand, treating the hip removes it") {
  const TreatmentReport r = house().compared(with("hip_osteoarthritis", 1));
  const TreatmentRow &none = r.rows[1], &fusion = row(r, "fusion of"), &injection = row(r, "hip injection"),
                     &stretching = row(r, "stretching"), &replaced = row(r, "hip replacement");
  CHECK(none.excess_left == doctest::Approx(1));
  CHECK(r.rows[0].excess_left == doctest::Approx(0));
  CHECK(fusion.excess_left > 1);  // the level beside it pays
  CHECK(fusion.facet_n > none.facet_n);
  CHECK(stretching.excess_left < 0.8);
  CHECK(replaced.excess_left < 0.1);
  CHECK(replaced.summary.speed_m_s > none.summary.speed_m_s + 0.15);
  CHECK(injection.lumbar_extension_deg == doctest::Approx(none.lumbar_extension_deg).epsilon(0.05));
  REQUIRE(r.went_with_pain.has_value());
  CHECK(*r.went_with_pain == doctest::Approx(1 - injection.excess_left));
  CHECK(*r.went_with_pain < 0.4);
  const std::string text = treatment_text(r);
  CHECK(text.find("no advice for a person") != std::string::npos);
  CHECK(to_json(r)["rows"].size() == r.rows.size());
}

TEST_CASE("dose: a steady force gives force to the power times the period; facets that hang free give none") {
  CycleResult cycle = test::synthetic_cycle();
  cycle.plan.period_s = 2;
  for (FrameLoads& f : cycle.frames)
    for (SegmentLoad& s : f.segment) s.disc_compression_n = 1500, s.facet_n = {500, 0};
  for (const LoadDose& d : load_doses(cycle)) {
    const double force_kn = d.column.ends_with("_facet_l") ? 0 : d.column.ends_with("_facet_r") ? 0.5 : 1.5;
    CHECK(d.per_cycle[0] == doctest::Approx(std::pow(force_kn, 2) * 2));
    CHECK(d.per_cycle[1] == doctest::Approx(std::pow(force_kn, 10) * 2));
  }
  for (FrameLoads& f : cycle.frames) f.activation.setConstant(0.3);
  for (const MuscleEffort& e : muscle_efforts(cycle)) {
    CHECK(e.mean == doctest::Approx(0.3));
    CHECK(e.peak == doctest::Approx(0.3));
    CHECK(e.fatigue == doctest::Approx(0.3));
  }
  cycle.frames.clear();
  CHECK(load_doses(cycle).empty());
}

TEST_CASE("the chain: nothing for nobody ill; hip, motion, level, structure for a stiff hip, mirrored for the other") {
  const auto told = [&](const Scenario& s) {
    Diagnostics d;
    const CycleResult now = house().session.solve(s, d), well = house().session.solve(healthy_of(s), d);
    REQUIRE_FALSE(d.has_errors());
    std::string all;
    for (const std::string& sentence :
         chain_sentences(summarize(make_results(well)), summarize(make_results(now)), now.body))
      all += sentence + " ";
    return all;
  };
  const std::string healthy = told(Scenario{});
  CHECK(healthy.find("In this walk nothing changes in the lumbar spine") != std::string::npos);
  Scenario stiff;
  stiff.hip[kRight].extension_max_rad = 0;
  const std::string right = told(stiff), left = told(mirrored(stiff));
  for (const char* word : {"right hip: extension ends at 0 deg", "pelvis tilts", "lumbar spine extends",
                           "right facet joint", "times the healthy one", "no diagnosis"})
    CHECK_MESSAGE(right.find(word) != std::string::npos, word << " in: " << right);
  CHECK(left.find("left hip: extension ends at 0 deg") != std::string::npos);
  CHECK(left.find("left facet joint") != std::string::npos);
  CHECK(told(with("hip_osteoarthritis", 1)).find("hurts (7 of 10): under load") != std::string::npos);
  CHECK(told(with("weak_gluteals", 1)).find("Weak: right gluteus") != std::string::npos);
  CHECK(told(with("tight_iliopsoas", 1)).find("Short: right iliopsoas") != std::string::npos);
  CHECK(told(with("fai_cam", 0.33)).find("nothing changes in the lumbar spine") != std::string::npos);
}
