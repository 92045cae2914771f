#pragma once
/// The commands of `hipspine`, apart from how the program is opened, so that tests can run them on hand-made walks.
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "sim/run/bench.h"
#include "sim/run/exit_code.h"

namespace hipspine {

/// Where the program's parts are.
struct Program {
  std::filesystem::path models;     ///< folder of the model files
  std::filesystem::path scenarios;  ///< folder of the scenarios that come with it
  std::function<Solver(int threads)> open;
};

/// Runs one command line (without the program's name). Results go to `out`; findings, missed gates and faults to
/// `err`, and progress too when `err_is_terminal`. Never throws; returns the exit code.
int run_command_line(const std::vector<std::string>& words, const Program& program, std::ostream& out,
                     std::ostream& err, bool err_is_terminal);

}  // namespace hipspine
