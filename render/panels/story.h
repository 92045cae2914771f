#pragma once
/// What the story panel says, apart from how it is drawn.
#include <array>
#include <string>
#include <vector>

#include "sim/run/compare.h"

namespace hipspine {

/// All rows that changed at all, the clearest change first; labels name their part of the body.
[[nodiscard]] std::vector<ComparedRow> story_rows(const Comparison& comparison);

/// Two sentences with numbers: what the hip does to pelvis and back, and what facets and discs carry.
[[nodiscard]] std::string story_text(const Comparison& comparison);

/// Rows of a part of the body in story_rows, by the title of their group; for the panel's filter.
/// The last two are no parts of the body: what a day adds up to, and treatments side by side.
inline constexpr std::array<const char*, 7> kStoryParts = {
    "Everything", "Movement", "Spine", "Pelvis and hips", "Muscles", "Over a day", "Treatments compared"};
[[nodiscard]] bool in_part(const ComparedRow& row, std::size_t part);

}  // namespace hipspine
