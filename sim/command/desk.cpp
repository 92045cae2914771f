#include "sim/command/desk.h"

namespace hipspine {

void settle(const Desk& desk, const Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  desk.err << diagnostics.text();
}

Scenario load(const Desk& desk, const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  Diagnostics diagnostics;
  Scenario scenario = load_scenario(file, overrides, diagnostics);
  settle(desk, diagnostics);
  return scenario;
}

}  // namespace hipspine
