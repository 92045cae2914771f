#pragma once
/// hipspine-view on a display, and without one.
#include "render/app/view_options.h"

namespace hipspine {

/// Opens the window and stays until it is closed.
/// @return exit code: 0 closed, 1 bad scenario or no display
int run_window(const ViewOptions& options, const Scenario& scenario);

/// One picture or a film, drawn without a display at fixed times of the cycle: the same arguments give the same bytes.
/// @return exit code: 0 written, 1 bad scenario, no OpenGL or no place to write, 3 a quality gate of the walk was
/// missed
int run_headless(const ViewOptions& options, const Scenario& scenario);

}  // namespace hipspine
