#include "render/app/background_check.h"

#include <stdexcept>
#include <utility>

#include "sim/model/model_file.h"
#include "sim/run/pipeline.h"

namespace hipspine {

BackgroundCheck::BackgroundCheck(std::filesystem::path models, std::filesystem::path scenarios)
    : models_(std::move(models)), scenarios_(std::move(scenarios)) {}

BackgroundCheck::~BackgroundCheck() {
  give_up_ = true;
  if (thread_.joinable()) thread_.join();
}

void BackgroundCheck::start() {
  if (running_) return;
  if (thread_.joinable()) thread_.join();
  running_ = true;
  thread_ = std::thread([this] {
    run();
    running_ = false;
  });
}

void BackgroundCheck::run() {
  try {
    Diagnostics diagnostics;
    const TargetFile targets = load_targets(models_, diagnostics);
    const ValidationScenarios scenarios = load_validation_scenarios(scenarios_, diagnostics);
    ValidationBench bench;
    bench.model = load_model(models_, scenarios.healthy, diagnostics);
    bench.hip = load_hip_passive(models_, diagnostics);
    bench.clinic = load_clinic(models_, diagnostics);
    if (!diagnostics.has_errors()) bench.spine = load_spine(models_, bench.model, diagnostics);
    if (diagnostics.has_errors()) throw LoadError(diagnostics);
    Session session(models_, 1);
    Validation table = validate(targets, scenarios, bench, [&](const Scenario& scenario, Diagnostics& findings) {
      if (give_up_) throw std::runtime_error("the window was closed");
      return session.solve(scenario, findings);
    });
    const std::lock_guard lock(mutex_);
    done_ = std::move(table);
  } catch (const LoadError& e) {
    const std::lock_guard lock(mutex_);
    trouble_ = e.diagnostics().text();
  } catch (const std::exception& e) {
    const std::lock_guard lock(mutex_);
    trouble_ = e.what();
  }
}

std::optional<Validation> BackgroundCheck::take(std::string& trouble) {
  const std::lock_guard lock(mutex_);
  trouble = std::exchange(trouble_, "");
  return std::exchange(done_, std::nullopt);
}

}  // namespace hipspine
