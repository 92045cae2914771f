#include "render/app/long_work.h"

#include <stdexcept>

#include "sim/model/model_file.h"
#include "sim/run/pipeline.h"

namespace hipspine {
namespace {

/// Solves on one thread, until the window is closed.
SolveFunction solver(Session& session, const std::atomic<bool>& give_up) {
  return [&](const Scenario& scenario, Diagnostics& findings) {
    if (give_up) throw std::runtime_error("the window was closed");
    return session.solve(scenario, findings);
  };
}

}  // namespace

Validation validation_table(const std::filesystem::path& models, const std::filesystem::path& scenario_folder,
                            const std::atomic<bool>& give_up) {
  Diagnostics diagnostics;
  const TargetFile targets = load_targets(models, diagnostics);
  const ValidationScenarios scenarios = load_validation_scenarios(scenario_folder, diagnostics);
  ValidationBench bench;
  bench.model = load_model(models, scenarios.healthy, diagnostics);
  bench.hip = load_hip_passive(models, diagnostics);
  bench.clinic = load_clinic(models, diagnostics);
  if (!diagnostics.has_errors()) bench.spine = load_spine(models, bench.model, diagnostics);
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  Session session(models, 1);
  return validate(targets, scenarios, bench, solver(session, give_up));
}

TreatmentReport treatment_table(const std::filesystem::path& models, const Scenario& scenario,
                                const std::atomic<bool>& give_up) {
  Diagnostics diagnostics;
  const Clinic clinic = load_clinic(models, diagnostics);
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  Session session(models, 1);
  return compare_treatments(scenario, clinic, {}, solver(session, give_up));
}

}  // namespace hipspine
