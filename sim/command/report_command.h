#pragma once
/// `hipspine report`.
#include "sim/command/arguments.h"
#include "sim/command/desk.h"

namespace hipspine {

/// Writes DIR/report.html from what DIR holds, a run or a sweep.
[[nodiscard]] int report(const Arguments& args, const Desk& desk);

}  // namespace hipspine
