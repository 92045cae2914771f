#pragma once
/// What is done to a lumbar spine: bone across a level (fusion), a brace around all of them. models/treatments.toml.
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/tissue/segment.h"

namespace hipspine {

struct SpineTreatments {
  BoneBridge fusion;                     ///< in the reference body's size
  std::array<double, 3> brace_nm_rad{};  ///< by axis (FE, LB, AR), thorax against pelvis
};

/// Reads `folder`/treatments.toml; findings go to `diagnostics`.
SpineTreatments load_spine_treatments(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// The spine with bone across the named levels (kLevelNames).
/// @param length_scale  of the subject: bone scales as the segment does, N/m by s, N·m/rad by s^3
[[nodiscard]] Spine fused(const Spine& spine, const std::vector<std::string>& levels, const BoneBridge& bone,
                          double length_scale);

/// The levels' curves with a brace beside them: each level, one of six in a row, gets six times the brace's stiffness,
/// without a moment at neutral.
[[nodiscard]] LumbarCurves braced(const LumbarCurves& curves, const std::array<double, 3>& brace_nm_rad);

}  // namespace hipspine
