#pragma once
/// Whether somebody has asked the program to end from outside (SIGTERM, SIGINT, SIGHUP), so that a film under way is
/// ended or taken away instead of being left half written.

namespace hipspine {

/// From here on such a signal no longer ends the program: who calls this asks `asked_to_end` in its loop.
void watch_for_end();
[[nodiscard]] bool asked_to_end();

}  // namespace hipspine
