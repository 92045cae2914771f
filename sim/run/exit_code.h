#pragma once
/// Exit codes of the programs: part of the contract, listed in README.md.
#include <stdexcept>

namespace hipspine {

enum ExitCode { kDone = 0, kBadInput = 1, kBadUsage = 2, kGateMissed = 3, kInternalFault = 4 };

/// Wrong use of the command line (exit code 2). The text says what is wrong and what was probably meant.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace hipspine
