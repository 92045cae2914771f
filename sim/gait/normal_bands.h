#pragma once
/// How widely healthy people differ: mean and standard deviation of joint angles over the cycle, for plots to show
/// behind a curve. Nothing is computed from them. Numbers, sources and conversions: models/normal_bands.toml.
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/gait/normal_gait.h"

namespace hipspine {

/// One angle of the right leg or of the trunk, signs and phase as the coordinate of that name (without side).
struct NormalBand {
  std::string name;  ///< "hip_flexion"
  Harmonics mean_rad = Harmonics::Zero();
  Harmonics slope_rad = Harmonics::Zero();  ///< of the mean, per unit of dimensionless speed
  Harmonics sd_rad = Harmonics::Zero();     ///< between subjects, at free speed
  std::vector<std::string> source;          ///< ids of models/sources.toml
};

struct NormalBands {
  std::vector<NormalBand> bands;
  double speed_free = 0;
  std::array<double, 2> speed_range{};  ///< the speed is held to it
  double leg_of_height = 0;             ///< clinical leg length over body height
  std::string license;
  std::string file, hash;
  /// Null when nothing comparable was published.
  [[nodiscard]] const NormalBand* find(std::string_view name) const;
};

/// Mean -+ 1 SD at points evenly over 0 to 100 % [rad].
struct BandCurves {
  Eigen::VectorXd low_rad, high_rad;
};

/// Reads `folder`/normal_bands.toml. Findings go to `diagnostics`; only to be used when there is no error. A standard
/// deviation that is not positive everywhere is finding E402.
NormalBands load_normal_bands(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// For a person of this height walking at this speed. @param phase_shift in cycles: 0.5 for a left leg in the right
/// leg's cycle. @test tests/gait/normal_bands_test.cpp
[[nodiscard]] BandCurves band_curves(const NormalBands& bands, const NormalBand& band, double speed_m_s,
                                     double height_m, int points, double phase_shift = 0);

}  // namespace hipspine
