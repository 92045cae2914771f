#pragma once
/// The chain in plain words: this hip, this motion, this level, this structure. Made from two summaries alone, of the
/// same person with healthy hips and as they are; no number in it that is not in them. Not a diagnosis, and it says so.
#include <string>
#include <vector>

#include "sim/model/scenario.h"
#include "sim/run/summary.h"

namespace hipspine {

/// Sentences in order: what is lost, what moves instead, where in the spine, what pays, over how many steps; last, what
/// this is not. Both summaries in the opensim convention.
/// @param body  what was solved (CycleResult::body)
[[nodiscard]] std::vector<std::string> chain_sentences(const Summary& healthy, const Summary& now,
                                                       const Scenario& body);

/// The same as a paragraph with a heading, for the console.
[[nodiscard]] std::string chain_text(const Summary& healthy, const Summary& now, const Scenario& body);

}  // namespace hipspine
