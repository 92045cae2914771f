#pragma once
/// What every command needs beside its arguments, and the first steps of most.
#include <ostream>
#include <string>
#include <vector>

#include "sim/command/commands.h"
#include "sim/model/scenario.h"
#include "sim/run/validate.h"

namespace hipspine {

struct Desk {
  const Program& program;
  std::ostream& out;
  std::ostream& err;
  bool progress;  ///< err is a terminal, and nobody asked for quiet

  void say(const std::string& what) const {
    if (progress) err << what << " ..." << std::endl;
  }
};

/// Errors stop the command (LoadError); warnings are shown and it goes on.
void settle(const Desk& desk, const Diagnostics& diagnostics);

/// A scenario that can be used; LoadError otherwise.
[[nodiscard]] Scenario load(const Desk& desk, const std::filesystem::path& file,
                            const std::vector<std::string>& overrides);

/// Every row of models/targets.toml; LoadError when a file is bad.
[[nodiscard]] Validation validated(int threads, const Desk& desk);

}  // namespace hipspine
