#pragma once
/// Reads `models/body.toml` (bodies, joints, levels, soles) and `models/muscles.toml` (muscles, wraps) into a Model,
/// scaled to a subject. Formats, units and defaults: models/README.md.
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/model/model.h"
#include "sim/model/scenario.h"

namespace hipspine {

/// Loads the reference body and scales it: lengths by height over reference height, masses by mass over reference
/// mass, inertias by mass and squared length, muscle strength by mass^(2/3) (chosen: strength follows cross-section),
/// fibre and tendon lengths by length. Then the scenario's muscle strength and tightness are applied.
/// The right side is in the files; the left side is its exact mirror.
/// @param folder  the `models` folder
/// Findings go to `diagnostics`; the model is only to be used when there is no error.
Model load_model(const std::filesystem::path& folder, const Scenario& scenario, Diagnostics& diagnostics);

/// `models` folder: HIPSPINE_MODELS if set, else beside the executable's source tree as built, else installed.
std::filesystem::path default_model_folder();

}  // namespace hipspine
