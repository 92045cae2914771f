// Normal gait from harmonics.
//   curve(p; v*) = base(p) + (v* - v*_free) slope(p),        v* = v / sqrt(g l)
//   step / l     = s_free (v* / v*_free)^e                    stride = 2 step,  T = stride / v
//   toe-off      = 1/2 + D/2,  D = D_free (v* / v*_free)^d    D = both double supports, fraction of the cycle
//   lumbar       = thorax in space - pelvis, coordinate by coordinate
// v speed, g gravity, l clinical leg length = ratio x (hip centre to sole). Half a cycle later every odd harmonic
// changes its sign.
#include "sim/gait/normal_gait.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/core/document.h"
#include "sim/core/units.h"

namespace hipspine {

namespace {

constexpr std::array<const char*, kLumbarExtension> kAngleNames = {
    "pelvis_tilt", "pelvis_list", "pelvis_rotation", "hip_flexion", "hip_adduction", "hip_rotation",
    "knee_angle",  "ankle_angle", "subtalar_angle",  "thorax_tilt", "thorax_list",   "thorax_rotation"};
constexpr std::array<const char*, kNormalForces> kForceNames = {"ground_force_forward", "ground_force_vertical",
                                                                "ground_force_right"};

/// Symmetry that a curve must have: central coordinates repeat ("even") or mirror ("odd") half a cycle later.
const char* required_symmetry(const std::string& name) {
  if (name.starts_with("hip_") || name.starts_with("knee_") || name.starts_with("ankle_") ||
      name.starts_with("subtalar_")) {
    return "none";
  }
  const bool even = name.ends_with("_tilt") || name == "ground_force_forward" || name == "ground_force_vertical";
  return even ? "even" : "odd";
}

bool has_symmetry(const Harmonics& c, const std::string& symmetry) {
  if (symmetry == "none") return true;
  const Harmonics later = half_cycle_later(c);
  return symmetry == "even" ? later == c : later == -c;
}

Harmonics read_harmonics(Table& table, const char* key, double scale) {
  const auto values = table.numbers(key, Harmonics::SizeAtCompileTime, {-1000, 1000});
  Harmonics c = Harmonics::Zero();
  if (static_cast<int>(values.size()) == c.size()) {
    for (int i = 0; i < c.size(); ++i) c[i] = scale * values[static_cast<std::size_t>(i)];
  }
  return c;
}

/// Reads [[angle]] or [[force]] into `curves`, in the order of `names`; every name exactly once.
template <std::size_t NamesN, std::size_t CurvesN>
void read_curves(std::vector<Table> tables, const std::array<const char*, NamesN>& names, const char* unit,
                 double scale, Table& root, const char* key, std::array<NormalCurve, CurvesN>& curves) {
  std::array<bool, NamesN> seen{};
  for (Table& table : tables) {
    const std::string name = table.text("name");
    const std::string symmetry = table.text("symmetry");
    const NormalCurve curve{read_harmonics(table, (std::string("base_") + unit).c_str(), scale),
                            read_harmonics(table, (std::string("slope_") + unit).c_str(), scale)};
    table.finish();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      table.report("name", "E301", "unknown curve \"" + name + "\"", "see models/normal_gait.toml for the names");
      continue;
    }
    const auto i = static_cast<std::size_t>(found - names.begin());
    if (seen[i]) table.report("name", "E302", "curve \"" + name + "\" is given twice");
    seen[i] = true;
    if (symmetry != required_symmetry(name)) {
      table.report("symmetry", "E401", name + " must have symmetry \"" + required_symmetry(name) + "\"");
    } else if (!has_symmetry(curve.base, symmetry) || !has_symmetry(curve.slope, symmetry)) {
      table.report("symmetry", "E401", name + " breaks its half-cycle symmetry \"" + symmetry + "\"",
                   "even: only even harmonics; odd: only odd harmonics and no mean");
    }
    curves[i] = curve;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!seen[i]) root.report(key, "E303", std::string("curve \"") + names[i] + "\" is missing");
  }
}

}  // namespace

double harmonic_value(const Harmonics& curve, double phase) {
  double value = curve[0];
  for (int k = 1; k <= kHarmonics; ++k) {
    const double angle = 2 * std::numbers::pi * k * phase;
    value += curve[2 * k - 1] * std::cos(angle) + curve[2 * k] * std::sin(angle);
  }
  return value;
}

Harmonics half_cycle_later(const Harmonics& curve) {
  Harmonics later = curve;
  for (int k = 1; k <= kHarmonics; k += 2) later.segment<2>(2 * k - 1) *= -1;
  return later;
}

NormalGait load_normal_gait(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  NormalGait gait;
  const auto path = folder / "normal_gait.toml";
  Document document = Document::load(path, diagnostics);
  Table root = document.root();
  gait.file = path.string();
  gait.hash = document.hash();
  root.text("license");
  root.texts("source");
  gait.pelvic_plane_tilt_rad = rad_from_deg(root.number("pelvic_plane_tilt_deg", {0, 30}));
  gait.ankle_offset_rad = rad_from_deg(root.number("ankle_offset_deg", {-20, 20}));
  gait.toe_out_rad = rad_from_deg(root.number("toe_out_deg", {-20, 40}));
  Table stride = root.table("stride");
  gait.leg_ratio = stride.number("leg_ratio", {0.8, 1.2});
  gait.speed_free = stride.number("speed_free", {0.1, 1});
  const auto range = stride.numbers("speed_range", 2, {0.05, 1});
  if (range.size() == 2) {
    gait.speed_range = {range[0], range[1]};
    if (!(range[0] < gait.speed_free && gait.speed_free < range[1])) {
      stride.report("speed_range", "E203", "speed_range must enclose speed_free");
    }
  }
  gait.step_free = stride.number("step_free", {0.3, 1.5});
  gait.step_exponent = stride.number("step_exponent", {0, 1});
  gait.double_support_free = stride.number("double_support_free", {0.02, 0.6});
  gait.double_support_exponent = stride.number("double_support_exponent", {-2, 0});
  stride.finish();
  read_curves(root.tables("angle"), kAngleNames, "deg", kDeg, root, "angle", gait.angle);
  read_curves(root.tables("force"), kForceNames, "bw", 1.0, root, "force", gait.force);
  root.finish();
  for (int i = 0; i < 3; ++i) {  // lumbar = thorax - pelvis, three coordinates in the same order
    const NormalCurve& thorax = gait.angle[static_cast<std::size_t>(kThoraxTilt + i)];
    const NormalCurve& pelvis = gait.angle[static_cast<std::size_t>(kPelvisTilt + i)];
    gait.angle[static_cast<std::size_t>(kLumbarExtension + i)] = {thorax.base - pelvis.base,
                                                                  thorax.slope - pelvis.slope};
  }
  return gait;
}

NormalCurves normal_curves(const NormalGait& gait, double speed_m_s, double leg_length_m) {
  NormalCurves curves;
  const double leg_m = gait.leg_ratio * leg_length_m;
  const double speed = speed_m_s / std::sqrt(kGravity_m_s2 * leg_m);
  const double held = std::clamp(speed, gait.speed_range[0], gait.speed_range[1]);
  for (std::size_t i = 0; i < kNormalAngles; ++i) {
    curves.angle_rad[i] = gait.angle[i].base + (held - gait.speed_free) * gait.angle[i].slope;
  }
  for (std::size_t i = 0; i < kNormalForces; ++i) {
    curves.force_bw[i] = gait.force[i].base + (held - gait.speed_free) * gait.force[i].slope;
  }
  curves.stride_length_m = 2 * leg_m * gait.step_free * std::pow(speed / gait.speed_free, gait.step_exponent);
  curves.period_s = curves.stride_length_m / speed_m_s;
  const double double_support =
      gait.double_support_free * std::pow(held / gait.speed_free, gait.double_support_exponent);
  curves.toe_off_frac = 0.5 + 0.5 * double_support;
  curves.toe_out_rad = gait.toe_out_rad;
  return curves;
}

}  // namespace hipspine
