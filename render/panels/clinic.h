#pragma once
/// The part of the left panel that a clinic knows: conditions with their severity, pain, treatments.
#include "render/panels/widgets.h"
#include "sim/model/patient.h"

namespace hipspine {

/// Folded away until it is wanted; its title tells when something in it is not healthy.
void draw_clinic(Desk& desk, PanelState& state, const Clinic& clinic);

/// Treatments of this person side by side; a button asks the app for them.
void draw_treatments(Desk& desk, PanelState& state);

}  // namespace hipspine
