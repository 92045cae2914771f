#pragma once
/// A scenario as a file: what `load_scenario` reads back to the same numbers, bit for bit.
#include <string>

#include "sim/model/scenario.h"

namespace hipspine {

/// Shortest degrees that a file turns back into this angle; the nearest where no degrees do (about one angle in ten:
/// multiplying by pi/180 skips them). Angles that came from degrees always come back.
[[nodiscard]] double file_degrees(double rad);

/// The angles of both hips moved to the nearest that a file can hold (less than 1e-15 of themselves).
[[nodiscard]] Scenario holdable(const Scenario& scenario);

/// TOML with every key of scenarios/README.md but `include`; muscles as far as the scenario names them.
[[nodiscard]] std::string scenario_text(const Scenario& scenario);

/// Everything that a file says is equal; where it came from is not compared.
[[nodiscard]] bool says_the_same(const Scenario& a, const Scenario& b);

}  // namespace hipspine
