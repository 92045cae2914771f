#pragma once
/// What the window has computed beside it: the validation table, and one person's treatments.
#include <atomic>
#include <filesystem>

#include "sim/run/treatments.h"
#include "sim/run/validate.h"

namespace hipspine {

/// @throws LoadError for files that cannot be read, std::runtime_error when `give_up` was seen
Validation validation_table(const std::filesystem::path& models, const std::filesystem::path& scenarios,
                            const std::atomic<bool>& give_up);

/// The same for the treatments of `scenario`.
TreatmentReport treatment_table(const std::filesystem::path& models, const Scenario& scenario,
                                const std::atomic<bool>& give_up);

}  // namespace hipspine
