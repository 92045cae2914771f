#pragma once
/// Names of muscles and levels as a person says them.
#include <string>
#include <string_view>

namespace hipspine {

/// "glmed2_r" becomes "gluteus medius 2, right"; a name that is not known stays as it is, with its side.
[[nodiscard]] std::string muscle_words(std::string_view name);
/// "L4_L5" becomes "L4/L5".
[[nodiscard]] std::string level_words(std::string level);

}  // namespace hipspine
