// Strategies as differences from "balanced": every key of [strategy.balanced] is required, the others give what they
// change. Files use degrees and millimetres, the struct radians and metres.
#include "sim/gait/strategy.h"

#include <array>
#include <optional>

#include "sim/core/document.h"
#include "sim/core/units.h"

namespace hipspine {

namespace {

struct Key {
  const char* name;
  double Strategy::*field;
  double si;  ///< one unit of the file in SI
  Range range;
};

constexpr double kMm = 1e-3;

constexpr Key kKeys[] = {
    {"stance_mm", &Strategy::stance_m, kMm, {0.1, 100}},
    {"swing_mm", &Strategy::swing_m, kMm, {1, 1000}},
    {"swing_height_mm", &Strategy::swing_height_m, kMm, {1, 1000}},
    {"clearance_mm", &Strategy::clearance_m, kMm, {0.1, 100}},
    {"foot_shift_mm", &Strategy::foot_shift_m, kMm, {1, 1000}},
    {"foot_side_mm", &Strategy::foot_side_m, kMm, {1, 1000}},
    {"toe_out_deg", &Strategy::toe_out_rad, kDeg, {0.1, 90}},
    {"thorax_frontal_deg", &Strategy::thorax_frontal_rad, kDeg, {0.1, 90}},
    {"thorax_axial_deg", &Strategy::thorax_axial_rad, kDeg, {0.1, 90}},
    {"thorax_sagittal_deg", &Strategy::thorax_sagittal_rad, kDeg, {0.1, 90}},
    {"hip_moment_nm", &Strategy::hip_moment_nm, 1, {0.1, 1000}},
    {"lumbar_moment_nm", &Strategy::lumbar_moment_nm, 1, {0.1, 1000}},
    {"lumbar_axial_price", &Strategy::lumbar_axial_price, 1, {0, 10}},
    {"pelvis_forward_mm", &Strategy::pelvis_forward_m, kMm, {1, 1000}},
    {"pelvis_height_mm", &Strategy::pelvis_height_m, kMm, {1, 1000}},
    {"pelvis_side_mm", &Strategy::pelvis_side_m, kMm, {1, 1000}},
    {"tilt_deg", &Strategy::tilt_rad, kDeg, {0.1, 90}},
    {"list_deg", &Strategy::list_rad, kDeg, {0.1, 90}},
    {"rotation_deg", &Strategy::rotation_rad, kDeg, {0.1, 90}},
    {"hip_flexion_deg", &Strategy::hip_flexion_rad, kDeg, {0.1, 90}},
    {"hip_adduction_deg", &Strategy::hip_adduction_rad, kDeg, {0.1, 90}},
    {"hip_rotation_deg", &Strategy::hip_rotation_rad, kDeg, {0.1, 90}},
    {"knee_deg", &Strategy::knee_rad, kDeg, {0.1, 90}},
    {"ankle_deg", &Strategy::ankle_rad, kDeg, {0.1, 90}},
    {"subtalar_deg", &Strategy::subtalar_rad, kDeg, {0.1, 90}},
    {"lumbar_extension_deg", &Strategy::lumbar_extension_rad, kDeg, {0.1, 90}},
    {"lumbar_bending_deg", &Strategy::lumbar_bending_rad, kDeg, {0.1, 90}},
    {"lumbar_rotation_deg", &Strategy::lumbar_rotation_rad, kDeg, {0.1, 90}},
    {"mean_weight", &Strategy::mean_weight, 1, {0, 10}},
    {"harmonic_sagittal", &Strategy::harmonic_sagittal, 1, {1, 100}},
    {"harmonic_frontal_axial", &Strategy::harmonic_frontal_axial, 1, {1, 100}},
    {"stride_m", &Strategy::stride_m, 1, {0.001, 10}},
    {"speed_m_s", &Strategy::speed_m_s, 1, {0.001, 10}},
    {"period_s", &Strategy::period_s, 1, {0.001, 10}},
    {"trunk_moment_nm", &Strategy::trunk_moment_nm, 1, {0.1, 10000}},
    {"dynamics_n", &Strategy::dynamics_n, 1, {0.1, 1000}},
    {"dynamics_nm", &Strategy::dynamics_nm, 1, {0.1, 1000}},
    {"force_up_bw", &Strategy::force_up_bw, 1, {0.001, 100}},
    {"force_forward_bw", &Strategy::force_forward_bw, 1, {0.001, 100}},
    {"force_side_bw", &Strategy::force_side_bw, 1, {0.001, 100}},
};

/// One table; `base` supplies what it leaves out, without one every key is required.
Strategy read_set(Table table, const std::string& name, const Strategy* base) {
  Strategy set;
  set.name = name;
  set.says = table.text("says");
  for (const Key& key : kKeys) {
    std::optional<double> fallback;
    if (base != nullptr) fallback = base->*key.field / key.si;
    set.*key.field = key.si * table.number(key.name, key.range, fallback);
  }
  table.finish();
  return set;
}

}  // namespace

Strategy load_strategy(const std::filesystem::path& folder, const std::string& name, Diagnostics& diagnostics) {
  const auto path = folder / "strategies.toml";
  Document document = Document::load(path, diagnostics);
  Table root = document.root();
  root.texts("source");
  Table list = root.table("strategy");
  const Strategy balanced = read_set(list.table("balanced"), "balanced", nullptr);
  const Strategy standing = read_set(root.table("standing_fit"), "standing_fit", &balanced);
  const std::array fits{read_set(root.table("healthy_fit"), "healthy_fit", &balanced), standing,
                        read_set(root.table("seated_fit"), "seated_fit", &standing),
                        read_set(root.table("rising_fit"), "rising_fit", &standing)};
  std::optional<Strategy> found;
  std::string known;
  for (const std::string& each : list.keys()) {
    const Strategy set = each == "balanced" ? balanced : read_set(list.table(each), each, &balanced);
    if (each == name) found = set;
    known += (known.empty() ? "" : ", ") + each;
  }
  list.finish();
  root.finish();
  for (const Strategy& fit : fits)
    if (name == fit.name) return fit;
  if (!found) {
    diagnostics.add({path.string(), 0, 0}, "E304", "there is no strategy \"" + name + "\"", "known: " + known);
    return balanced;
  }
  return *found;
}

std::vector<std::string> strategy_names(const std::filesystem::path& folder) {
  Diagnostics unread;
  Document document = Document::load(folder / "strategies.toml", unread);
  return document.root().table("strategy", false).keys();
}

}  // namespace hipspine
