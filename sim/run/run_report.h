#pragma once
/// What `hipspine run` prints: one solved walk on a page.
#include <string>

#include "sim/run/compare.h"
#include "sim/run/summary.h"

namespace hipspine {

/// Facts of the stride, peaks per level with their place, hips, sacroiliac joints, costs, quality gates.
[[nodiscard]] std::string run_text(const Summary& summary);

/// The largest changes against the same person with healthy hips and muscles.
[[nodiscard]] std::string compensation_text(const Comparison& healthy_to_this);

}  // namespace hipspine
