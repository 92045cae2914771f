#pragma once
/// Normal walking as harmonics: what a healthy person of a given leg length does at a given speed. It is the target of
/// the healthy plan (compensation.h, stage A), never a result: the plan that comes out obeys mechanics, this does not.
///
/// A curve is y(p) = c0 + sum_{k=1..7} (a_k cos 2 pi k p + b_k sin 2 pi k p), p = phase 0..1 from right heel strike,
/// held as Harmonics = [c0, a1, b1, a2, b2, ..., a7, b7].
/// Signs and coordinates follow the README. Numbers, sources and conversions: models/normal_gait.toml.
#include <array>
#include <filesystem>
#include <string>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"

namespace hipspine {

inline constexpr int kHarmonics = 7;
using Harmonics = Eigen::Matrix<double, 1 + 2 * kHarmonics, 1>;  ///< [c0, a1, b1, ..., a7, b7]

/// Value of a curve at a phase [cycles]; any real phase, period 1.
[[nodiscard]] double harmonic_value(const Harmonics& curve, double phase);
/// The same curve half a cycle later, y(p + 1/2): the left leg's curve from the right one's.
[[nodiscard]] Harmonics half_cycle_later(const Harmonics& curve);

/// Angles that normal gait knows. Leg angles are those of the right leg in its own cycle.
enum NormalAngle {
  kPelvisTilt,
  kPelvisList,
  kPelvisRotation,
  kHipFlexion,
  kHipAdduction,
  kHipRotation,
  kKneeAngle,
  kAnkleAngle,
  kSubtalarAngle,
  kThoraxTilt,  ///< thorax in space, signs of the pelvis: backward, right side down, to the left
  kThoraxList,
  kThoraxRotation,
  kLumbarExtension,  ///< whole thorax against pelvis (lumbar and lower thoracic spine) = thorax less pelvis
  kLumbarBending,
  kLumbarRotation,
  kNormalAngles
};

/// Force of the ground on both feet together.
enum NormalForce {
  kForceForward,  ///< +x
  kForceUp,       ///< +y; its mean is one body weight
  kForceRight,    ///< +z
  kNormalForces
};

/// Curve at free speed and its change per unit of dimensionless speed.
struct NormalCurve {
  Harmonics base = Harmonics::Zero();   ///< [rad] or [body weights]
  Harmonics slope = Harmonics::Zero();  ///< the same per unit of v*
};

/// Contents of models/normal_gait.toml, const after loading.
struct NormalGait {
  std::array<NormalCurve, kNormalAngles> angle;
  std::array<NormalCurve, kNormalForces> force;
  double pelvic_plane_tilt_rad = 0;     ///< clinical anterior tilt of the marker plane where pelvis_tilt is 0
  double ankle_offset_rad = 0;          ///< ankle_angle less clinical dorsiflexion
  double toe_out_rad = 0;               ///< footprint against the line of walking, outward positive
  double leg_ratio = 1;                 ///< clinical leg length over hip centre to sole
  double speed_free = 0;                ///< v* that `base` belongs to
  std::array<double, 2> speed_range{};  ///< v* is held to this range for curves and toe-off
  double step_free = 0, step_exponent = 0;
  double double_support_free = 0, double_support_exponent = 0;
  std::string file, hash;  ///< for summary.json
};

/// Normal gait of one person at one speed.
struct NormalCurves {
  std::array<Harmonics, kNormalAngles> angle_rad;
  std::array<Harmonics, kNormalForces> force_bw;
  double stride_length_m = 0;
  double period_s = 0;
  double toe_off_frac = 0;  ///< of the cycle, the same for both feet
  double toe_out_rad = 0;
};

/// Reads `folder`/normal_gait.toml. Findings go to `diagnostics`; only to be used when there is no error.
/// A central curve that breaks its half-cycle symmetry is finding E401.
NormalGait load_normal_gait(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// Curves of this person: v* = speed / sqrt(g leg) scales steps and shifts the curves, leg = leg_ratio leg_length_m.
/// @param speed_m_s     walking speed, > 0
/// @param leg_length_m  hip centre to sole, standing, > 0
/// Cost: a microsecond; no allocation. @source schwartz2008   @test tests/gait/normal_gait_test.cpp
[[nodiscard]] NormalCurves normal_curves(const NormalGait& gait, double speed_m_s, double leg_length_m);

}  // namespace hipspine
