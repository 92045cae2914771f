#include "sim/command/report_command.h"

#include "sim/core/whole_file.h"
#include "sim/run/chain_text.h"
#include "sim/run/export.h"
#include "sim/study/report_page.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

ReportContext context_of(const Arguments& args, const Desk& desk) {
  Diagnostics diagnostics;
  ReportContext context;
  context.bands = load_normal_bands(desk.program.models, diagnostics);
  context.sources = load_sources(desk.program.models, diagnostics);
  settle(desk, diagnostics);
  desk.say("validating");
  context.validation = validated(args.threads, desk);
  return context;
}

StoredRun stored(const fs::path& folder, const Desk& desk) {
  Diagnostics diagnostics;
  StoredRun run = read_run(folder, diagnostics);
  settle(desk, diagnostics);
  return run;
}

/// The same person with healthy hips, solved now.
StoredRun healthy_self(const StoredRun& run, const Arguments& args, const Desk& desk, Scenario& body) {
  if (!run.scenario)
    throw ExportError(args.positional[0] + " holds no scenario.toml; run it again, or give --against DIR");
  const SolveFunction solve = desk.program.open(args.threads).solve;
  Diagnostics diagnostics;
  Scenario healthy = healthy_of(*run.scenario);
  healthy.title = "the same person with healthy hips and muscles";
  healthy.file = "healthy";
  const CycleResult well = solve(healthy, diagnostics);
  body = solve(*run.scenario, diagnostics).body;
  settle(desk, diagnostics);
  return as_run(make_results(well, run.summary.convention));
}

std::string page_of_run(const Arguments& args, const Desk& desk) {
  const StoredRun run = stored(args.positional[0], desk);
  if (args.against) {
    const StoredRun base = stored(*args.against, desk);
    if (base.summary.convention != run.summary.convention)
      throw UsageError("the two runs have different conventions; run one of them again with --convention");
    return run_page(run, base, {}, context_of(args, desk));
  }
  Scenario body;
  const StoredRun base = healthy_self(run, args, desk, body);
  const std::vector<std::string> chain = chain_sentences(in_convention(base.summary, Convention::opensim),
                                                         in_convention(run.summary, Convention::opensim), body);
  return run_page(run, base, chain, context_of(args, desk));
}

std::string page_of_sweep(const Arguments& args, const Desk& desk) {
  if (args.against) throw UsageError("--against is for runs; this folder holds a sweep");
  Diagnostics diagnostics;
  const SweepResult sweep = read_sweep(args.positional[0], diagnostics);
  settle(desk, diagnostics);
  return sweep_page(sweep, args.positional[0], context_of(args, desk));
}

}  // namespace

int report(const Arguments& args, const Desk& desk) {
  const fs::path folder = args.positional[0];
  std::error_code ignored;
  const bool is_sweep = fs::exists(folder / "sweep.json", ignored);
  const std::string page = is_sweep ? page_of_sweep(args, desk) : page_of_run(args, desk);
  const fs::path file = folder / "report.html";
  if (const std::string fault = write_whole(file, page); !fault.empty())
    throw ExportError(file.string() + ": " + fault);
  desk.out << "Written: " << file.string() << "\n";
  return kDone;
}

}  // namespace hipspine
