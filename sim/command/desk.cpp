#include "sim/command/desk.h"

#include "sim/model/model_file.h"
#include "sim/run/targets.h"

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

Validation validated(int threads, const Desk& desk) {
  Diagnostics diagnostics;
  const TargetFile targets = load_targets(desk.program.models, diagnostics);
  const ValidationScenarios scenarios = load_validation_scenarios(desk.program.scenarios, diagnostics);
  ValidationBench bench;
  bench.model = load_model(desk.program.models, scenarios.healthy, diagnostics);
  bench.hip = load_hip_passive(desk.program.models, diagnostics);
  bench.clinic = load_clinic(desk.program.models, diagnostics);
  if (!diagnostics.has_errors()) bench.spine = load_spine(desk.program.models, bench.model, diagnostics);
  settle(desk, diagnostics);
  const SolveFunction solve = desk.program.open(threads).solve;
  int walks = 0;
  return validate(targets, scenarios, bench, [&](const Scenario& scenario, Diagnostics& findings) {
    desk.say("walk " + std::to_string(++walks));
    return solve(scenario, findings);
  });
}

}  // namespace hipspine
