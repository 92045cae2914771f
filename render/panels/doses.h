#pragma once
/// The story over many steps.
#include "render/panels/panels.h"
#include "sim/run/summary.h"

namespace hipspine {

/// Doses of all discs and facet joints over a day of walking (other tasks: a thousand times) and the effort of trunk
/// and hip muscles, beside the same person healthy; into the window that is open.
void draw_doses(PanelState& state, const Summary& healthy, const Summary& now);

}  // namespace hipspine
