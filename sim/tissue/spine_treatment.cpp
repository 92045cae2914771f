/// Fusion: bone as springs k_t |t|^2/2 + k_q |q - preset|^2/2 beside disc, facets and ligaments (element.cpp).
/// Brace of stiffness K for the whole column: six levels in a row, so each curve gets 6 K,  M_level(q) - 6 K q.
#include "sim/tissue/spine_treatment.h"

#include <algorithm>

#include "sim/core/document.h"
#include "sim/core/units.h"

namespace hipspine {

SpineTreatments load_spine_treatments(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  const Document document = Document::load(folder / "treatments.toml", diagnostics);
  Table root = document.root();
  SpineTreatments t;
  Table fusion = root.table("fusion");
  t.fusion.translation_n_m = 1e3 * fusion.number("translation_n_mm", {1, 1e6});
  t.fusion.rotation_nm_rad = nm_rad_from_nm_deg(fusion.number("rotation_nm_deg", {0.1, 1e4}));
  fusion.finish();
  Table brace = root.table("brace");
  constexpr Range kStiffness{0, 100};
  t.brace_nm_rad = {nm_rad_from_nm_deg(brace.number("flexion_extension_nm_deg", kStiffness)),
                    nm_rad_from_nm_deg(brace.number("bending_nm_deg", kStiffness)),
                    nm_rad_from_nm_deg(brace.number("turning_nm_deg", kStiffness))};
  brace.finish();
  root.finish();
  return t;
}

Spine fused(const Spine& spine, const std::vector<std::string>& levels, const BoneBridge& bone, double length_scale) {
  Spine out = spine;
  for (int l = 0; l < kLevels; ++l) {
    if (std::find(levels.begin(), levels.end(), kLevelNames[l]) == levels.end()) continue;
    out.level[l].bridge = {bone.translation_n_m * length_scale,
                           bone.rotation_nm_rad * length_scale * length_scale * length_scale};
  }
  return out;
}

LumbarCurves braced(const LumbarCurves& curves, const std::array<double, 3>& brace_nm_rad) {
  LumbarCurves out = curves;
  for (auto& level : out)
    for (int axis = 0; axis < 3; ++axis) {
      PassiveCurve& curve = level[axis];
      const double stiffness_nm_rad = kLevels * brace_nm_rad[axis];
      for (int node = 0; node < PassiveCurve::kNodes; ++node) {
        curve.value_nm[node] -= stiffness_nm_rad * (curve.low_rad + node * curve.step_rad);
        curve.slope_nm_rad[node] -= stiffness_nm_rad;
      }
    }
  return out;
}

}  // namespace hipspine
