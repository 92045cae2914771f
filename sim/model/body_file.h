#pragma once
/// Reads `models/body.toml`: joints, bodies, lumbar levels and soles, at the reference size, left side mirrored from
/// the right. Format, units and defaults: models/README.md.
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/model/model.h"

namespace hipspine {

/// Fills everything of `model` but muscles, wraps and link inertias. Checked: names, parents before children, unit
/// axes, midline parts that are their own mirror image, positive masses, possible inertias, masses that sum to the
/// whole, level soles, and that the coordinates which other rooms look for are there.
void load_body(const std::filesystem::path& folder, Model& model, Diagnostics& diagnostics);

/// Mirror images across the sagittal plane z = 0.
[[nodiscard]] inline Vec3 mirrored_point(const Vec3& p) { return {p.x(), p.y(), -p.z()}; }
[[nodiscard]] inline Vec3 mirrored_turn(const Vec3& axis) { return {-axis.x(), -axis.y(), axis.z()}; }
[[nodiscard]] Transform mirrored(const Transform& X);
/// "hip_r" for "hip_l" and the reverse; the name itself on the midline.
[[nodiscard]] std::string mirrored_name(const std::string& name);

}  // namespace hipspine
