#pragma once
/// The story over many steps.
#include <string>
#include <vector>

#include "render/panels/panels.h"
#include "sim/run/summary.h"

namespace hipspine {

/// What one disc, facet joint or group of muscles does over many steps, beside the healthy one.
struct DoseRow {
  std::string column;  ///< of a load dose; empty for the effort of muscles
  std::string what, now, ratio_words, help;
  double ratio = 0;  ///< to healthy, not finite where the healthy one bears nothing
};

/// Doses of all discs and facet joints over a day of walking (other tasks: a thousand times), then the effort of trunk
/// and hip muscles. `healthy` is the same person doing the same task.
[[nodiscard]] std::vector<DoseRow> dose_rows(const Summary& healthy, const Summary& now);
/// What the numbers of `dose_rows` are, for a task.
[[nodiscard]] std::string dose_heading(const std::string& task);

/// Into the window that is open.
void draw_doses(PanelState& state, const std::string& heading, const std::vector<DoseRow>& rows);

}  // namespace hipspine
