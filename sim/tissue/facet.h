#pragma once
/// Facet joints: nine points per side on the inferior process of the upper vertebra press against the superior process
/// of the lower one, and the tip of the inferior process meets the lamina below at the end of extension.
///
///   x_i = n_i · (t + R c_i - c_i) - gap,     E = sum_i k ramp_energy(x_i),     force on the upper vertebra -k
///   ramp(x_i) n_i
///
/// c_i is the point at rest and n_i the outward normal there; normals differ across the width of the patch when the
/// facet is curved. Frictionless and one-sided: exactly zero while the gap is open. Turning to the left moves the right
/// inferior process outwards against its partner: the right facet is compressed.
#include "sim/tissue/ramp.h"
#include "sim/tissue/segment.h"

namespace hipspine {

/// Points per side with the tip as the last one.
inline constexpr int kFacetContacts = kFacetPoints + 1;

/// One contact: geometry at rest, gap and stiffness; index kFacetPoints is the tip.
struct FacetContact {
  const FacetPoint* point;
  double gap_m;
  double stiffness_n_m;
};

[[nodiscard]] inline FacetContact facet_contact(const FacetParameters& facet, int side, int index) {
  return index == kFacetPoints ? FacetContact{&facet.tip[side], facet.tip_gap_m, facet.tip_n_m}
                               : FacetContact{&facet.point[side][index], facet.gap_m, facet.point_n_m};
}

}  // namespace hipspine
