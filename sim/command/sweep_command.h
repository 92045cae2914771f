#pragma once
/// `hipspine sweep`, `merge` and `sensitivity`.
#include "sim/command/arguments.h"
#include "sim/command/desk.h"

namespace hipspine {

/// Solves a sweep, or one shard of it, alone or as one rank of many.
[[nodiscard]] int sweep(const Arguments& args, const Desk& desk);
/// Makes the tables of a sweep from its shards.
[[nodiscard]] int merge(const Arguments& args, const Desk& desk);
/// What a finished sweep says about which input matters.
[[nodiscard]] int sensitivity(const Arguments& args, const Desk& desk);

}  // namespace hipspine
