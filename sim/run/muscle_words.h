#pragma once
/// Names of muscles and levels as a person says them.
#include <string>
#include <string_view>

namespace hipspine {

/// "glmed2_r" becomes "gluteus medius 2, right"; a name that is not known stays as it is, with its side.
[[nodiscard]] std::string muscle_words(std::string_view name);
/// "L4_L5" becomes "L4/L5".
[[nodiscard]] std::string level_words(std::string level);
/// Columns of load_doses: "L5_S1_facet_r" becomes "L5/S1, right facet joint", "L4_L5_disc_compression" "L4/L5, disc".
[[nodiscard]] std::string structure_words(const std::string& column);

}  // namespace hipspine
