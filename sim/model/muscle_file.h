#pragma once
/// Reads `models/muscles.toml`: muscles and the cylinders that they slide round. Format: models/README.md.
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/model/model.h"

namespace hipspine {

/// Fills `model.muscles` and `model.wraps` at the reference size; needs the bodies and coordinates of the reference
/// body (unscaled), because places in the file are in body frames and the model stores them in link frames.
/// The file holds the right side (names end in _r). All right muscles come first, in file order, then their exact
/// mirror images in the same order: z -> -z, cylinder frames R -> M R M with M = diag(1, 1, -1), which leaves the
/// sense of turning about the cylinder's own z axis as it is.
/// Bad values, unknown bodies or wraps, a wrap without a point on both sides: findings; bad muscles are left out.
void load_muscles(const std::filesystem::path& folder, Model& model, Diagnostics& diagnostics);

}  // namespace hipspine
