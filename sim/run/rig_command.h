#pragma once
/// `hipspine rig`: a lumbar level, or the column from the sacrum to L1, on the virtual test bench.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/model/model.h"
#include "sim/tissue/test_rig.h"

namespace hipspine {

/// What the command line asks for.
struct RigRequest {
  std::string specimen;  ///< a level ("L4_L5") or "lumbar"
  RigLoad load;
  std::vector<std::string> remove;  ///< structures taken out of every level
  double height_loss_m = 0;         ///< disc height lost at every level
  std::optional<double> facet_gap_m;
};

struct RigReport {
  RigRequest request;
  RigSpecimen specimen;
  RigResult result;
};

/// Names of specimens: the levels and "lumbar".
[[nodiscard]] std::vector<std::string> rig_specimens(const Spine& spine);

/// Puts the specimen on the bench: fresh (no creep, no upright preset, no pelvis), then changed as asked.
/// Throws UsageError for an unknown specimen or structure.
[[nodiscard]] RigSpecimen prepare_specimen(const Model& model, const Spine& spine, const RigRequest& request);

[[nodiscard]] RigReport run_rig(const Model& model, const Spine& spine, const RigRequest& request);
[[nodiscard]] std::string rig_text(const RigReport& report);
[[nodiscard]] nlohmann::ordered_json to_json(const RigReport& report);

/// The moment-rotation curve as CSV: 41 rows from -moment to +moment; per level FE, LB, AR, disc force and pressure,
/// facets and ligaments, and the rotation of the whole specimen. Rows without equilibrium say so in `status`.
[[nodiscard]] std::string rig_curve_csv(const RigReport& report);

}  // namespace hipspine
