#pragma once
/// What a way of moving adds up to, for the console: load doses and muscle efforts, beside the healthy self where there
/// is one.
#include <string>

#include "sim/run/summary.h"

namespace hipspine {

/// Doses of the discs and facet joints of L4/L5 and L5/S1 per step, per 1000 steps and per day (for tasks but walking:
/// per repetition and per 1000), effort of trunk and hip muscles; ratios to `base` when given. At most 100 columns.
[[nodiscard]] std::string dose_text(const Summary& s, const Summary* base);

/// Three digits or so, without an exponent.
[[nodiscard]] std::string dose_number(double x);
/// "2.41"; "> 100" where the base hardly bears load, "-" where it bears none.
[[nodiscard]] std::string dose_ratio(double now, double before);

}  // namespace hipspine
