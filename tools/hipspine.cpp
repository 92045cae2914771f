// The command line of hipspine: opens the program and hands the words over. Everything else is in sim/run/commands.cpp.
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <memory>

#include "sim/command/commands.h"
#include "sim/model/model_file.h"
#include "sim/run/pipeline.h"
#include "sim/run/uncertainty.h"

int main(int count, char** words) {
  using namespace hipspine;
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an ordinary write error, with nothing half written
  const std::filesystem::path models = default_model_folder();
  const Program program{models, models.parent_path() / "scenarios", [models](int threads) -> Solver {
                          const auto session = std::make_shared<Session>(models, threads);
                          return {[session](const Scenario& s, Diagnostics& d) { return session->solve(s, d); },
                                  [session](const Scenario& s, Diagnostics& d) { return session->solve_live(s, d); },
                                  [session](const CycleResult& r, int samples, const Session::VisitFunction& visit) {
                                    const auto drawn = [](const Spine& s, int i) { return varied(s, draw_sample(i)); };
                                    session->vary(r, samples, drawn, visit);
                                  },
                                  [session, models](const CycleResult& r, const ForwardOptions& o, Diagnostics& d) {
                                    const ControllerGains gains = load_controller(models, d);
                                    return d.has_errors() ? ForwardRun{}
                                                          : run_forward(session->loads_of(r), r, gains, o);
                                  }};
                        }};
  return run_command_line({words + 1, words + count}, program, std::cout, std::cerr, ::isatty(STDERR_FILENO) != 0);
}
