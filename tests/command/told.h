#pragma once
/// A command line run inside a test: what it said, and its exit code.
#include <sstream>
#include <string>
#include <vector>

#include "sim/command/commands.h"

namespace hipspine::test {

struct Told {
  int code = -1;
  std::string out, err;
};

inline Told tell(const std::vector<std::string>& words, const Program& program) {
  std::ostringstream out, err;
  Told t;
  t.code = run_command_line(words, program, out, err, false);
  t.out = out.str();
  t.err = err.str();
  return t;
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace hipspine::test
