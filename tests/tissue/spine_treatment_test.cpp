/// Fusion and brace: what they do to a level, that no energy appears, that without them nothing changes.
#include "sim/tissue/spine_treatment.h"

#include <doctest/doctest.h>

#include <random>

#include "sim/model/model_file.h"
#include "sim/tissue/element.h"
#include "tests/tissue/segment_test_support.h"

using namespace hipspine;

namespace {

struct Column {
  Diagnostics diagnostics;
  Model model = load_model(default_model_folder(), Scenario{}, diagnostics);
  Spine spine = load_spine(default_model_folder(), model, diagnostics);
  SpineTreatments treatments = load_spine_treatments(default_model_folder(), diagnostics);
  Column() { REQUIRE_MESSAGE(diagnostics.findings().empty(), diagnostics.text()); }
};

}  // namespace

TEST_CASE("fusion: named levels alone get bone, scaled like the segment") {
  const Column c;
  const Spine fused_spine = fused(c.spine, {"L4_L5"}, c.treatments.fusion, 1.1);
  for (int l = 0; l < kLevels; ++l) {
    const bool named = std::string(kLevelNames[l]) == "L4_L5";
    CHECK((fused_spine.level[l].bridge.translation_n_m > 0) == named);
  }
  CHECK(fused_spine.level[1].bridge.translation_n_m == doctest::Approx(1.1 * c.treatments.fusion.translation_n_m));
  CHECK(fused_spine.level[1].bridge.rotation_nm_rad == doctest::Approx(1.331 * c.treatments.fusion.rotation_nm_rad));
}

TEST_CASE("fusion: bone takes the disc's and facets' part and hardly turns under 10 N·m") {
  const Column c;
  const SegmentParameters free_level = c.spine.level[1];
  const SegmentParameters bony = fused(c.spine, {"L4_L5"}, c.treatments.fusion, 1).level[1];
  for (const Vec3& moment : {Vec3(0, 0, 10), Vec3(0, 0, -10), Vec3(10, 0, 0), Vec3(0, 10, 0)}) {
    const SegmentLoad stiff = solve_rotation(bony, moment, Vec3(0, -500, 0));
    CHECK(stiff.status == SegmentStatus::ok);
    CHECK(stiff.rotation_rad.norm() < rad_from_deg(1));
    CHECK(stiff.rotation_rad.norm() < 0.3 * solve_rotation(free_level, moment, Vec3(0, -500, 0)).rotation_rad.norm());
  }
  const Vec3 extended(rad_from_deg(0.3), 0, 0), force(60, -900, 0);
  const SegmentLoad with = solve_segment(bony, extended, force), without = solve_segment(free_level, extended, force);
  CHECK(with.bridge_compression_n > 0.7 * 900);
  CHECK(without.bridge_compression_n == 0);
  CHECK(with.disc_compression_n < 0.3 * without.disc_compression_n);
  CHECK(with.facet_n[kRight] <= without.facet_n[kRight]);
}

TEST_CASE("fusion: force and energy agree, held and free") {
  const Column c;
  const SegmentParameters p = fused(c.spine, {"L4_L5"}, c.treatments.fusion, 1).level[1];
  std::mt19937_64 random(31);
  INFO("seed 31");
  std::uniform_real_distribution<double> unit(-1, 1);
  for (int n = 0; n < 50; ++n) {
    const Vec3 t(1e-3 * unit(random), 1e-3 * unit(random), 1e-3 * unit(random));
    const Vec3 q(0.1 * unit(random), 0.05 * unit(random), 0.05 * unit(random));
    PoseEnergy here;
    element_energy(p, t, q, here);
    HeldElement held;
    hold_element(p, q, held);
    TranslationEnergy along;
    element_energy(p, held, t, along);
    CHECK(along.energy_j == doctest::Approx(here.energy_j).epsilon(1e-10));
    CHECK((along.gradient_n - here.gradient.head<3>()).norm() < 1e-8 * (1 + along.gradient_n.norm()));
    for (int j = 0; j < 6; ++j) {
      const double h = 1e-7;
      Vec6 d = h * Vec6::Unit(j);
      PoseEnergy up, down;
      element_energy(p, t + d.head<3>(), q + d.tail<3>(), up);
      element_energy(p, t - d.head<3>(), q - d.tail<3>(), down);
      CHECK((up.energy_j - down.energy_j) / (2 * h) ==
            doctest::Approx(here.gradient[j]).epsilon(1e-4).scale(0.1 * here.gradient.norm()));
    }
  }
}

TEST_CASE("brace: adds its stiffness at the whole column, nothing at neutral") {
  const Column c;
  LumbarCurves free_curves;
  for (int l = 0; l < kLevels; ++l)
    for (int axis = 0; axis < 3; ++axis) free_curves[l][axis] = passive_curve(c.spine.level[l], axis, 500);
  const LumbarCurves held = braced(free_curves, c.treatments.brace_nm_rad);
  for (int axis = 0; axis < 3; ++axis) {
    // All levels in a row: the angles at which each resists with one moment more than the free one add up.
    double turned_rad = 0;
    for (int l = 0; l < kLevels; ++l) {
      CHECK(held[l][axis].at(0).moment_nm == doctest::Approx(free_curves[l][axis].at(0).moment_nm).scale(1e-6));
      const double added = free_curves[l][axis].at(0.01).moment_nm - held[l][axis].at(0.01).moment_nm;
      turned_rad += 0.01 / added;
    }
    CHECK(1 / turned_rad == doctest::Approx(c.treatments.brace_nm_rad[axis]).epsilon(1e-6));
  }
}
