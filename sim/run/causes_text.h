#pragma once
/// The words of a traced load.
#include <string>
#include <vector>

#include "sim/run/causes.h"

namespace hipspine {

inline constexpr const char* kGroundCause = "ground force on the foot";
inline constexpr const char* kFacetsCause = "what the facets carry";
inline constexpr const char* kLigamentsCause = "ligaments, pulling it together";
inline constexpr const char* kExtensionCause = "extension of the level";
inline constexpr const char* kBendingCause = "side bending of the level";
inline constexpr const char* kRotationCause = "rotation of the level";
inline constexpr const char* kCompressionCause = "compression of the level";
inline constexpr const char* kShearCause = "shear across the level";
/// After a level's name. Not the angle of its column: the tissue is turned by that and by what muscles and posture let
/// the level depart from the rhythm (FrameLoads::departure_rad).
inline constexpr const char* kExtendedContext = " extended by, with its give under load [deg]";

/// "erector spinae, right": muscles that a person counts as one.
[[nodiscard]] std::string muscle_cause(const Muscle& muscle);
[[nodiscard]] bool is_muscle_cause(const std::string& name);

void sort_by_change(std::vector<Cause>& causes);

/// Two or three sentences of a trace that is complete but for them.
[[nodiscard]] std::vector<std::string> sentences_of(const Trace& trace, const Scenario& now);

}  // namespace hipspine
