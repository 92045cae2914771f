// A band at dimensionless speed v* = v / sqrt(g l), l = leg share x height:
//   mean(p) + (v* - v*_free) slope(p)  -+  sd(p),      each a sum of harmonics of the phase p
#include "sim/gait/normal_bands.h"

#include <algorithm>
#include <cmath>

#include "sim/core/document.h"
#include "sim/core/units.h"

namespace hipspine {

namespace {

Harmonics read_harmonics_rad(Table& table, const char* key) {
  const auto values = table.numbers(key, Harmonics::SizeAtCompileTime, {-1000, 1000});
  Harmonics c = Harmonics::Zero();
  if (static_cast<int>(values.size()) == c.size())
    for (int i = 0; i < c.size(); ++i) c[i] = rad_from_deg(values[static_cast<std::size_t>(i)]);
  return c;
}

bool positive_everywhere(const Harmonics& curve) {
  for (int i = 0; i < 200; ++i)
    if (harmonic_value(curve, i / 200.0) <= 0) return false;
  return true;
}

}  // namespace

const NormalBand* NormalBands::find(std::string_view name) const {
  const auto found = std::find_if(bands.begin(), bands.end(), [&](const NormalBand& b) { return b.name == name; });
  return found == bands.end() ? nullptr : &*found;
}

NormalBands load_normal_bands(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  NormalBands result;
  const auto path = folder / "normal_bands.toml";
  Document document = Document::load(path, diagnostics);
  Table root = document.root();
  result.file = path.string();
  result.hash = document.hash();
  result.license = root.text("license");
  result.speed_free = root.number("speed_free", {0.1, 1});
  const auto range = root.numbers("speed_range", 2, {0.05, 1});
  if (range.size() == 2) {
    result.speed_range = {range[0], range[1]};
    if (!(range[0] < result.speed_free && result.speed_free < range[1]))
      root.report("speed_range", "E203", "speed_range must enclose speed_free");
  }
  result.leg_of_height = root.number("leg_of_height", {0.3, 0.7});
  for (Table& table : root.tables("band")) {
    NormalBand band;
    band.name = table.text("name");
    band.mean_rad = read_harmonics_rad(table, "mean_deg");
    band.slope_rad = read_harmonics_rad(table, "slope_deg");
    band.sd_rad = read_harmonics_rad(table, "sd_deg");
    band.source = table.texts("source");
    table.finish();
    if (result.find(band.name)) table.report("name", "E302", "band \"" + band.name + "\" is given twice");
    if (!positive_everywhere(band.sd_rad))
      table.report("sd_deg", "E402", "the standard deviation of " + band.name + " is not positive everywhere");
    result.bands.push_back(band);
  }
  root.finish();
  return result;
}

BandCurves band_curves(const NormalBands& bands, const NormalBand& band, double speed_m_s, double height_m, int points,
                       double phase_shift) {
  const double speed = speed_m_s / std::sqrt(kGravity_m_s2 * bands.leg_of_height * height_m);
  const double held = std::clamp(speed, bands.speed_range[0], bands.speed_range[1]);
  const Harmonics mean_rad = band.mean_rad + (held - bands.speed_free) * band.slope_rad;
  BandCurves curves{Eigen::VectorXd(points), Eigen::VectorXd(points)};
  for (int i = 0; i < points; ++i) {
    const double phase = static_cast<double>(i) / (points - 1) + phase_shift;
    const double mean = harmonic_value(mean_rad, phase), sd = harmonic_value(band.sd_rad, phase);
    curves.low_rad[i] = mean - sd;
    curves.high_rad[i] = mean + sd;
  }
  return curves;
}

}  // namespace hipspine
