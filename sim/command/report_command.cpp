#include "sim/command/report_command.h"

#include "sim/core/whole_file.h"
#include "sim/model/patient.h"
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

/// A baseline solved now stands beside a run from before: both have to come from the same model files.
void check_same_model(const StoredRun& run, const StoredRun& base, const std::string& folder) {
  for (const auto& [file, hash] : base.summary.inputs)
    for (const auto& [then_file, then_hash] : run.summary.inputs)
      if (file == then_file && hash != then_hash && file.starts_with("models/"))
        throw ExportError(folder + " was made with another " + file + "; run it again, or give --against DIR");
}

/// The same person with healthy hips, solved now.
StoredRun healthy_self(const StoredRun& run, const Arguments& args, const Desk& desk) {
  if (!run.scenario)
    throw ExportError(args.positional[0] + " holds no scenario.toml; run it again, or give --against DIR");
  Diagnostics diagnostics;
  Scenario healthy = healthy_of(*run.scenario);
  healthy.title = "the same person with healthy hips and muscles";
  healthy.file = "healthy";
  const CycleResult well = desk.program.open(args.threads).solve(healthy, diagnostics);
  settle(desk, diagnostics);
  StoredRun base = as_run(make_results(well, run.summary.convention));
  check_same_model(run, base, args.positional[0]);
  return base;
}

std::string page_of_run(const Arguments& args, const Desk& desk) {
  const StoredRun run = stored(args.positional[0], desk);
  if (args.against) {
    const StoredRun base = stored(*args.against, desk);
    if (base.summary.convention != run.summary.convention)
      throw UsageError("the two runs have different conventions; run one of them again with --convention");
    return run_page(run, base, {}, context_of(args, desk));
  }
  const StoredRun base = healthy_self(run, args, desk);
  Diagnostics diagnostics;
  const Scenario body = in_the_body(*run.scenario, load_clinic(desk.program.models, diagnostics));
  settle(desk, diagnostics);
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
