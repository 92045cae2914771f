// The window of hipspine: reads the command line and the scenario, then opens the window, or writes a picture or a film
// without one. Everything else is in render/app.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "render/app/window.h"
#include "sim/model/model_file.h"
#include "sim/run/exit_code.h"

int main(int count, char** words) {
  using namespace hipspine;
  try {
    ViewOptions options = parse_view_options({words + 1, words + count});
    if (options.help || options.version) {
      std::fputs(options.help ? view_help().c_str() : "hipspine-view " HIPSPINE_VERSION "\n", stdout);
      return kDone;
    }
    options.models = default_model_folder();
    options.scenarios = options.models.parent_path() / "scenarios";
    if (options.scenario.empty()) options.scenario = options.scenarios / "healthy.toml";
    Diagnostics diagnostics;
    const Scenario scenario = load_scenario(options.scenario, options.set, diagnostics);
    if (!diagnostics.findings().empty()) std::fputs((diagnostics.text() + "\n").c_str(), stderr);
    if (diagnostics.has_errors()) return kBadInput;
    return options.screenshot.empty() && options.video.empty() ? run_window(options, scenario)
                                                               : run_headless(options, scenario);
  } catch (const std::invalid_argument& e) {
    std::fprintf(stderr, "hipspine-view: %s\n", e.what());
    return kBadUsage;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "hipspine-view: internal fault: %s\n", e.what());
    return kInternalFault;
  }
}
