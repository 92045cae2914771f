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
/// An entry of a muscle beats one of its group, a group one of a family (iliopsoas, quadriceps, …).
/// @param folder  the `models` folder
/// Findings go to `diagnostics`; the model is only to be used when there is no error. About 3 ms.
/// @test tests/model/model_file_test.cpp, tests/model/broken_files_test.cpp
Model load_model(const std::filesystem::path& folder, const Scenario& scenario, Diagnostics& diagnostics);

/// `models` folder: HIPSPINE_MODELS if set, else that of the source tree this was built from, else
/// ../share/hipspine/models beside the executable's folder.
std::filesystem::path default_model_folder();

}  // namespace hipspine
