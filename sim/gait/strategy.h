#pragma once
/// Compensation strategies: how much a person minds each kind of change, as one sigma per term of the plan's objective
/// (residual = error / sigma, so a larger sigma is a cheaper change). Named sets: models/strategies.toml.
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"

namespace hipspine {

/// One named set, in SI. Every field is a sigma unless it says otherwise.
struct Strategy {
  std::string name;
  std::string says;  ///< one sentence for a person
  // Feet
  double stance_m = 0;        ///< sole point off its footprint while its window says it stands
  double swing_m = 0;         ///< sole point off its healthy path in swing, horizontally
  double swing_height_m = 0;  ///< the same, vertically
  double clearance_m = 0;     ///< sole point below the floor, or below clearance in mid-swing
  double foot_shift_m = 0;    ///< footprint forward or backward of its healthy place in the stride
  double foot_side_m = 0;     ///< footprint to the side
  double toe_out_rad = 0;     ///< footprint turned
  // Thorax in space, off the healthy plan
  double thorax_frontal_rad = 0;
  double thorax_axial_rad = 0;
  double thorax_sagittal_rad = 0;
  // Passive moments beyond those of the healthy joint at the same angle
  double hip_moment_nm = 0;
  double lumbar_moment_nm = 0;
  double lumbar_axial_price = 1;  ///< factor on the axial lumbar stiffness as it is priced; not a sigma
  // Posture, off the healthy plan
  double pelvis_forward_m = 0;
  double pelvis_height_m = 0;
  double pelvis_side_m = 0;
  double tilt_rad = 0;
  double list_rad = 0;
  double rotation_rad = 0;
  double hip_flexion_rad = 0;
  double hip_adduction_rad = 0;
  double hip_rotation_rad = 0;
  double knee_rad = 0;
  double ankle_rad = 0;
  double subtalar_rad = 0;
  double lumbar_extension_rad = 0;
  double lumbar_bending_rad = 0;
  double lumbar_rotation_rad = 0;
  double mean_weight = 1;             ///< weight of the constant part of tilt and lumbar extension; not a sigma
  double harmonic_sagittal = 0;       ///< harmonic k of posture weighs 1 + (k / this)^4; not a sigma
  double harmonic_frontal_axial = 0;  ///< the same for frontal and axial coordinates
  // Stride
  double stride_m = 0;
  double speed_m_s = 0;
  double period_s = 0;
  // Effort
  double trunk_moment_nm = 0;  ///< net moment of everything above L5/S1, about each of its three axes
  // Ground
  double dynamics_n = 0;        ///< force that the feet cannot give
  double dynamics_nm = 0;       ///< moment that the feet cannot give
  double force_up_bw = 0;       ///< upward ground force of both feet off its reference [body weights]
  double force_forward_bw = 0;  ///< the same, forward: 1 % of a body weight is a ripple of 7 N·m at the hip
  double force_side_bw = 0;     ///< the same, sideways
};

/// Reads one set of `folder`/strategies.toml: a strategy, "healthy_fit" (the weights that fit the healthy walk to
/// published curves), "standing_fit" (those of a healthy person on both feet), "seated_fit" and "rising_fit" (at ease
/// on a seat, and leaving it; what they do not give is that of standing_fit). The whole file is checked. An unknown
/// name is finding E304 that lists the known ones.
Strategy load_strategy(const std::filesystem::path& folder, const std::string& name, Diagnostics& diagnostics);

/// Names a scenario may use, in file order ("balanced" first); empty when the file cannot be read.
std::vector<std::string> strategy_names(const std::filesystem::path& folder);

}  // namespace hipspine
