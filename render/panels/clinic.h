#pragma once
/// The part of the left panel that a clinic knows: conditions with their severity, pain, treatments.
#include "render/panels/widgets.h"
#include "sim/model/patient.h"

namespace hipspine {

/// Folded away until it is wanted; open while something in it is not healthy.
void draw_clinic(Desk& desk, PanelState& state, const Clinic& clinic);

}  // namespace hipspine
