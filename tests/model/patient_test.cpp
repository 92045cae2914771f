/// Conditions, pain and treatments: what a scenario comes to in the body.
#include "sim/model/patient.h"

#include <doctest/doctest.h>

#include "sim/model/model_file.h"
#include "sim/model/scenario_text.h"

using namespace hipspine;

namespace {

const Clinic& clinic() {
  static const Clinic c = [] {
    Diagnostics diagnostics;
    Clinic read = load_clinic(default_model_folder(), diagnostics);
    REQUIRE_MESSAGE(diagnostics.findings().empty(), diagnostics.text());
    return read;
  }();
  return c;
}

Scenario with(const std::string& condition, double right, double left = 0) {
  Scenario s;
  s.conditions = {{condition, {right, left}, {}}};
  return s;
}

Scenario body(const Scenario& s) { return in_the_body(s, clinic()); }

}  // namespace

TEST_SUITE("patient") {
  TEST_CASE("the house has its conditions, each told and sourced") {
    std::vector<std::string> names;
    for (const Condition& c : clinic().conditions) {
      names.push_back(c.name);
      CHECK_FALSE(c.title.empty());
      CHECK_FALSE(c.says.empty());
      CHECK_FALSE(c.source.empty());
    }
    CHECK(names == std::vector<std::string>{"fai_cam", "fai_pincer", "flexion_contracture", "fused_hip",
                                            "greater_trochanteric_pain", "hip_osteoarthritis", "tight_iliopsoas",
                                            "weak_gluteals"});
  }

  TEST_CASE("severity zero is exactly the healthy hip; a scenario without any of it comes back as it is") {
    const Scenario healthy;
    for (const Condition& c : clinic().conditions) {
      CAPTURE(c.name);
      CHECK(says_the_same(body(with(c.name, 0)), healthy));
    }
    Scenario s;
    s.hip[kRight].extension_max_rad = 0.1;
    s.muscles = {{"psoas_r", 0.5, 0.1, {}}};
    CHECK(says_the_same(body(s), s));
  }

  TEST_CASE("more severe is never better, in any direction, on either side alike") {
    for (const Condition& c : clinic().conditions) {
      CAPTURE(c.name);
      Scenario before = body(with(c.name, 0));
      for (int k = 1; k <= 30; ++k) {
        const double severity = k / 30.0;
        CAPTURE(severity);
        const Scenario now = body(with(c.name, severity));
        for (const HipLimitKey& key : kHipLimitKeys) {
          CHECK(now.hip[kRight].*key.value <= before.hip[kRight].*key.value);
          CHECK(now.hip[kLeft].*key.value == HipLimits{}.*key.value);
        }
        CHECK(now.hip[kRight].flexion_max_rad + now.hip[kRight].extension_max_rad >= 0);
        CHECK(now.hip[kRight].stiffness_scale >= before.hip[kRight].stiffness_scale);
        CHECK(now.hip[kRight].cam_contact_rad <= before.hip[kRight].cam_contact_rad);
        CHECK(now.hip[kRight].pincer_contact_rad <= before.hip[kRight].pincer_contact_rad);
        CHECK(now.pain[kRight].worst() >= before.pain[kRight].worst());
        for (std::size_t m = 0; m < before.muscles.size(); ++m) {
          CHECK(now.muscles[m].strength <= before.muscles[m].strength);
          CHECK(now.muscles[m].tightness >= before.muscles[m].tightness);
        }
        CHECK(says_the_same(mirrored(now), body(with(c.name, 0, severity))));
        CHECK_FALSE(says_the_same(now, before));
        before = now;
      }
    }
  }

  TEST_CASE("grades are met exactly, between them it goes straight") {
    for (const Condition& c : clinic().conditions)
      for (int g = 0; g < 3; ++g)
        for (int k = 0; k < 6; ++k) {
          CHECK(grade_at(c, (g + 1) / 3.0).lost_rad[k] == doctest::Approx(c.grade[g].lost_rad[k]));
          const double before = g == 0 ? 0 : c.grade[g - 1].lost_rad[k];
          CHECK(grade_at(c, (g + 0.5) / 3).lost_rad[k] ==
                doctest::Approx(0.5 * (before + c.grade[g].lost_rad[k])).scale(1e-9));
        }
  }

  TEST_CASE("conditions together: the tightest limit, the product of strengths, the worst pain") {
    Scenario s = with("hip_osteoarthritis", 1);
    s.conditions.push_back({"flexion_contracture", {1, 0}, {}});
    s.conditions.push_back({"weak_gluteals", {1, 0}, {}});
    s.pain[kRight].load = 9;
    const Scenario both = body(s), oa = body(with("hip_osteoarthritis", 1)),
                   tight = body(with("flexion_contracture", 1)), weak = body(with("weak_gluteals", 1));
    CHECK(both.hip[kRight].extension_max_rad == tight.hip[kRight].extension_max_rad);
    CHECK(both.hip[kRight].flexion_max_rad == oa.hip[kRight].flexion_max_rad);
    CHECK(both.hip[kRight].stiffness_scale ==
          doctest::Approx(oa.hip[kRight].stiffness_scale * tight.hip[kRight].stiffness_scale));
    CHECK(both.pain[kRight].load == 9);
    CHECK(both.pain[kRight].end_range == oa.pain[kRight].end_range);
    const auto strength = [](const Scenario& x, const char* name) {
      for (const MuscleChange& m : x.muscles)
        if (m.name == name) return m.strength;
      return 1.0;
    };
    CHECK(strength(both, "gluteus_medius_r") ==
          doctest::Approx(strength(oa, "gluteus_medius_r") * strength(weak, "gluteus_medius_r")));
    CHECK(strength(both, "gluteus_maximus_r") == strength(weak, "gluteus_maximus_r"));
    CHECK(strength(both, "gluteus_medius_l") == 1);
  }

  TEST_CASE("limits of a scenario that contradict its condition leave a position") {
    Scenario s = with("fused_hip", 1);
    s.hip[kRight].flexion_max_rad = rad_from_deg(-10);  // fused at 25 deg of flexion, and never flexed
    const HipLimits hip = body(s).hip[kRight];
    CHECK(hip.flexion_max_rad + hip.extension_max_rad >= -1e-12);
    CHECK(hip.flexion_max_rad < rad_from_deg(26));
  }

  TEST_CASE("treatments take what they are for and leave the rest") {
    Scenario s = with("hip_osteoarthritis", 1);
    s.conditions.push_back({"greater_trochanteric_pain", {1, 0}, {}});
    s.conditions.push_back({"fai_cam", {1, 0}, {}});
    s.back_pain = 4;
    const Scenario ill = body(s);
    const auto treated = [&](auto change) {
      Scenario t = s;
      change(t.treatment);
      return body(t);
    };
    const Scenario injected = treated([](Treatment& t) { t.hip_injection[kRight] = true; });
    CHECK(injected.pain[kRight].load == 0);
    CHECK(injected.pain[kRight].end_range == 0);
    CHECK(injected.pain[kRight].abductors == ill.pain[kRight].abductors);
    CHECK(injected.hip == ill.hip);
    CHECK(injected.muscles == ill.muscles);
    const Scenario tendon = treated([](Treatment& t) { t.trochanteric_injection[kRight] = true; });
    CHECK(tendon.pain[kRight].abductors == 0);
    CHECK(tendon.pain[kRight].load == ill.pain[kRight].load);
    CHECK(tendon.muscles[0].strength > ill.muscles[0].strength);  // no longer inhibited
    const Scenario other = treated([](Treatment& t) { t.hip_injection[kLeft] = true; });
    CHECK(other.pain[kRight] == ill.pain[kRight]);
    const Scenario cut = treated([](Treatment& t) { t.cam_resection[kRight] = true; });
    CHECK(cut.hip[kRight].cam_contact_rad == kNoContact_rad);
    CHECK(cut.hip[kRight].extension_max_rad == ill.hip[kRight].extension_max_rad);
    const Scenario longer = treated([](Treatment& t) { t.stretching_rad[kRight] = rad_from_deg(8); });
    CHECK(longer.hip[kRight].extension_max_rad == doctest::Approx(ill.hip[kRight].extension_max_rad + rad_from_deg(8)));
    CHECK(longer.hip[kRight].adduction_max_rad <= HipLimits{}.adduction_max_rad);
    CHECK(longer.hip[kRight].cam_contact_rad == ill.hip[kRight].cam_contact_rad);
    const Scenario replaced = treated([](Treatment& t) { t.hip_replacement[kRight] = true; });
    CHECK(replaced.hip[kRight] == HipLimits{});
    CHECK(replaced.pain[kRight].load == 0);
    CHECK(replaced.muscles == ill.muscles);
    const Scenario back = treated([](Treatment& t) { t.facet_injection = true; });
    CHECK(back.back_pain == 0);
    CHECK(back.pain == ill.pain);
    Scenario fused = with("fused_hip", 1);
    fused.treatment.stretching_rad[kRight] = rad_from_deg(10);
    CHECK(body(fused).hip == body(with("fused_hip", 1)).hip);  // nobody stretches bone
  }

  TEST_CASE("pain: the limp goes to the sorer leg, guarding follows the worst, slowness the joint") {
    const PainLaw& law = clinic().pain;
    CHECK(limp_of(law, {HipPain{10, 0, 0}, HipPain{}}) == doctest::Approx(law.limp));
    CHECK(limp_of(law, {HipPain{4, 0, 0}, HipPain{0, 0, 4}}) == 0);
    CHECK(limp_of(law, {HipPain{0, 9, 0}, HipPain{}}) == 0);
    CHECK(limp_of(law, {HipPain{}, HipPain{0, 0, 5}}) == doctest::Approx(-0.5 * law.limp));
    CHECK(guarding_of(law, {HipPain{}, HipPain{}}, 0) == 0);
    CHECK(guarding_of(law, {HipPain{1, 2, 3}, HipPain{}}, 5) == doctest::Approx(0.5 * law.guarding));
    CHECK(slower_of(law, {HipPain{0, 9, 9}, HipPain{2, 0, 0}}) == doctest::Approx(0.2 * law.slower_m_s));
  }
}
