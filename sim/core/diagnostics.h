#pragma once
/// Findings about input files: all of them are collected, then reported at once, each with its place and a hint.
/// Codes are stable: E1xx syntax and keys, E2xx values, E3xx references, E4xx physics; W… are warnings.
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace hipspine {

/// Where a value stands. Line and column count from 1; 0 means "the file as a whole" (or the command line).
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Finding {
  Place place;
  std::string code;     ///< "E203", "W101", …
  std::string message;  ///< what is wrong and what is allowed
  std::string hint;     ///< what to do about it; may be empty
  [[nodiscard]] bool is_error() const { return !code.empty() && code.front() == 'E'; }
};

/// A file of another kind can hold a mistake in every line; nobody reads further than this.
inline constexpr std::size_t kFindingsShown = 100;

/// Collects findings while a file is read. Never throws by itself.
class Diagnostics {
 public:
  void add(Place place, std::string code, std::string message, std::string hint = "");
  [[nodiscard]] bool has_errors() const;
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  /// One finding per line, `file:line:column: error E203: message`, then an indented `hint: …` line where there is one.
  /// After kFindingsShown, only how many more there are.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Finding> findings_;
};

/// Thrown once, at the end of loading, when at least one finding is an error. Caught in `main` (exit code 1).
class LoadError : public std::runtime_error {
 public:
  explicit LoadError(Diagnostics diagnostics);
  [[nodiscard]] const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  Diagnostics diagnostics_;
};

/// Our own mistake, never the user's. Caught in `main` (exit code 4).
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void demand_failed(const char* condition, const char* file, int line);

/// Checks a condition that only a fault of this program can break; active in all builds.
#define HIPSPINE_DEMAND(condition) ((condition) ? void(0) : ::hipspine::demand_failed(#condition, __FILE__, __LINE__))

}  // namespace hipspine
