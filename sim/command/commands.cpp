// command line -> arguments -> one function per command -> text or JSON on `out`, exit code.
#include "sim/command/commands.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "sim/command/arguments.h"
#include "sim/command/desk.h"
#include "sim/command/report_command.h"
#include "sim/command/sweep_command.h"
#include "sim/model/model_file.h"
#include "sim/model/scenario_text.h"
#include "sim/run/chain_text.h"
#include "sim/run/compare.h"
#include "sim/run/dose_text.h"
#include "sim/run/export.h"
#include "sim/run/forward_report.h"
#include "sim/run/info.h"
#include "sim/run/leg_raise.h"
#include "sim/run/report.h"
#include "sim/run/rig_command.h"
#include "sim/run/run_report.h"
#include "sim/run/treatments.h"
#include "sim/run/uncertainty.h"
#include "sim/study/scaling.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

CycleResult solved(const Desk& desk, const SolveFunction& solve, const Scenario& scenario) {
  desk.say("solving " + (scenario.file.empty() ? scenario.title : scenario.file));
  Diagnostics diagnostics;
  CycleResult result = solve(scenario, diagnostics);
  settle(desk, diagnostics);
  return result;
}

Summary summary_of(const CycleResult& result, Convention convention) {
  return summarize(make_results(result, convention));
}

int gate_code(const Desk& desk, const Summary& s) {
  for (const QualityGate& g : s.gates)
    if (!g.pass())
      desk.err << s.name << ": quality gate missed: " << g.name << " is " << significant(g.value, 3) << " " << g.unit
               << ", limit " << significant(g.limit, 3) << " " << g.unit << "\n";
  return s.gates_pass() ? kDone : kGateMissed;
}

/// The person without restrictions, under a name of their own; `differs` is false when nothing was restricted.
Scenario unrestricted(const Scenario& scenario, bool& differs) {
  Scenario healthy = healthy_of(scenario);
  differs = !says_the_same(healthy, scenario);
  healthy.title = "the same person with healthy hips and muscles";
  healthy.question.clear();
  healthy.expectation.clear();
  healthy.file = "healthy";
  return healthy;
}

Uncertainty drawn(const Arguments& args, const Desk& desk, const Solver& solver, const CycleResult& nominal) {
  UncertaintyCollector collector(make_results(nominal, args.convention));
  solver.vary(nominal, args.uncertainty, [&](int i, const CycleResult& sample) {
    if (i % 20 == 0) desk.say("spine " + std::to_string(i + 1) + " of " + std::to_string(args.uncertainty));
    collector.add(draw_sample(i), make_results(sample, args.convention));
  });
  return collector.finish();
}

/// A forward run with its table, or nothing when only the cycle was asked for.
struct Forward {
  ForwardReport report;
  std::vector<OutputFile> files;
};

std::optional<Forward> simulated(const Arguments& args, const Desk& desk, const Solver& solver,
                                 const CycleResult& result) {
  if (args.mode == Mode::solve) return std::nullopt;
  if (!can_be_simulated(result.scenario.task))
    throw UsageError("the simulated body has no chair: the task " + result.scenario.task + " takes --mode solve");
  if (!solver.forward) throw InternalError("this program cannot simulate");
  ForwardOptions options;
  if (args.strides > 0) options.strides = args.strides;
  options.no_residual = args.no_residual;
  if (desk.progress) {
    options.progress = [&](double done) {
      constexpr int kWidth = 40;
      const auto full = static_cast<std::size_t>(std::lround(kWidth * done));
      desk.err << "\rsimulating [" << std::string(full, '#') << std::string(kWidth - full, '.') << "] "
               << std::lround(100 * done) << " %" << (done >= 1 ? "\n" : "") << std::flush;
    };
  }
  Diagnostics diagnostics;
  const ForwardRun run = solver.forward(result, options, diagnostics);
  settle(desk, diagnostics);
  const Results recorded = make_results(run.recorded, args.convention);
  Forward out{forward_report(run, make_results(result, args.convention), recorded), {}};
  out.files = {{"simulation.csv", csv_text(recorded)}, {"simulation.json", json_text(to_json(out.report))}};
  return out;
}

int gate_code(const Desk& desk, const std::optional<Forward>& forward) {
  if (!forward) return kDone;
  for (const QualityGate& g : forward->report.gates)
    if (!g.pass())
      desk.err << forward->report.name << ", forward run: quality gate missed: " << g.name << " is "
               << significant(g.value, 3) << " " << g.unit << ", limit " << significant(g.limit, 3) << " " << g.unit
               << "\n";
  return forward->report.gates_pass() ? kDone : kGateMissed;
}

int run(const Arguments& args, const Desk& desk) {
  if (args.mode == Mode::solve && (args.no_residual || args.strides > 0))
    throw UsageError("--strides and --no-residual belong to --mode simulate or both");
  if (args.out) check_output_folder(*args.out, args.force);
  const Scenario scenario = load(desk, args.positional[0], args.set);
  std::optional<Scenario> against;
  if (args.against) against = load(desk, *args.against, {});
  const Solver solver = desk.program.open(args.threads);
  const SolveFunction& solve = solver.solve;
  const CycleResult result = solved(desk, solve, scenario);
  const std::optional<Forward> forward = simulated(args, desk, solver, result);
  if (args.out)
    export_result(result, args.convention, *args.out, args.force, forward ? forward->files : std::vector<OutputFile>{});
  const Summary summary = summary_of(result, args.convention);

  std::optional<Comparison> comparison;
  std::optional<Summary> well;
  bool restricted = false;
  const Scenario healthy = unrestricted(scenario, restricted);
  if (against) {
    comparison = compare(summary_of(solved(desk, solve, *against), args.convention), summary);
  } else if (restricted && args.mode != Mode::simulate && !args.quiet && !args.json) {
    well = summary_of(solved(desk, solve, healthy), args.convention);
    comparison = compare(*well, summary);
  }

  std::optional<Uncertainty> uncertainty;
  if (args.uncertainty > 0) uncertainty = drawn(args, desk, solver, result);
  if (args.json) {
    nlohmann::ordered_json j = to_json(summary);
    if (uncertainty) j["uncertainty"] = to_json(*uncertainty);
    if (forward) j["forward"] = to_json(forward->report);
    if (comparison) j["against"] = to_json(*comparison);
    desk.out << json_text(j);
  } else {
    if (args.mode != Mode::simulate) desk.out << run_text(summary);
    if (forward) desk.out << (args.mode == Mode::both ? "\n" : "") << forward_text(forward->report);
    if (uncertainty) desk.out << "\n" << uncertainty_text(*uncertainty);
    if (comparison) desk.out << (against ? "\n" + comparison_text(*comparison) : compensation_text(*comparison));
    if (args.mode != Mode::simulate) desk.out << dose_text(summary, well ? &*well : against ? &comparison->a : nullptr);
    if (well)
      desk.out << chain_text(in_convention(*well, Convention::opensim), in_convention(summary, Convention::opensim),
                             result.body);
    if (args.out)
      desk.out << "\nWritten to " << *args.out << ": cycle.csv, cycle.sto, scenario.toml, summary.json"
               << (forward ? ", simulation.csv, simulation.json\n" : "\n");
    else
      desk.out << "\nNothing was written; --out DIR keeps the curves.\n";
  }
  return std::max(gate_code(desk, summary), gate_code(desk, forward));
}

int compare_treated(const Arguments& args, const Desk& desk) {
  const Scenario scenario = load(desk, args.positional[0], args.set);
  Diagnostics diagnostics;
  const Clinic clinic = load_clinic(desk.program.models, diagnostics);
  settle(desk, diagnostics);
  TreatmentOptions options;
  if (args.fuse) options.fusion = *args.fuse;
  if (args.stretch_deg) options.stretching_rad = rad_from_deg(*args.stretch_deg);
  const TreatmentReport report = compare_treatments(scenario, clinic, options, desk.program.open(args.threads).solve);
  desk.out << (args.json ? json_text(to_json(report)) : treatment_text(report));
  int code = kDone;
  for (const TreatmentRow& row : report.rows) {
    Summary named = row.summary;
    named.name = row.asked.what;
    code = std::max(code, gate_code(desk, named));
  }
  return code;
}

int compare_two(const Arguments& args, const Desk& desk) {
  if (args.positional.size() != (args.treatments ? 1 : 2))
    throw UsageError(args.treatments ? "compare --treatments takes one scenario" : "compare takes two: A and B");
  if (!args.treatments && (args.fuse || args.stretch_deg))
    throw UsageError("--fuse and --stretch belong to compare --treatments");
  if (args.treatments) return compare_treated(args, desk);
  SolveFunction solve;
  const auto summary = [&](const std::string& what) {
    std::error_code ignored;
    const fs::path path = what;
    if (fs::is_directory(path, ignored) || path.extension() == ".json") {
      Diagnostics diagnostics;
      std::optional<Summary> s = read_summary(path, diagnostics);
      settle(desk, diagnostics);
      if (fs::is_directory(path, ignored) && path.has_filename()) s->name = path.filename().string();
      return in_convention(std::move(*s), args.convention);
    }
    const Scenario scenario = load(desk, path, args.set);
    if (!solve) solve = desk.program.open(args.threads).solve;
    return summary_of(solved(desk, solve, scenario), args.convention);
  };
  const Summary a = summary(args.positional[0]), b = summary(args.positional[1]);
  const Comparison comparison = compare(a, b);
  desk.out << (args.json ? json_text(to_json(comparison))
                         : comparison_text(comparison) + dose_text(b, a.task == b.task ? &a : nullptr));
  return std::max(gate_code(desk, a), gate_code(desk, b));
}

int validate_all(const Arguments& args, const Desk& desk) {
  const Validation result = validated(args.threads, desk);
  desk.out << (args.json ? json_text(to_json(result)) : validation_text(result, args.definitions));
  const bool trusted = std::all_of(result.gates.begin(), result.gates.end(), [](const auto& g) { return g.pass(); });
  if (!trusted) desk.err << "a quality gate of one of the walks was missed\n";
  return trusted ? kDone : kGateMissed;
}

int leg_raise(const Arguments& args, const Desk& desk) {
  const RigLoad none;
  if (args.rig.moment_nm != none.moment_nm || args.rig.follower_n != none.follower_n ||
      args.rig.compression_n != none.compression_n || args.rig.shear_n != none.shear_n || !args.remove.empty() ||
      args.facet_gap_mm || args.disc_height_loss_mm != 0)
    throw UsageError("rig slr takes --curve or --json alone: no load acts on a leg that is raised");
  Diagnostics diagnostics;
  const Scenario healthy = load_scenario(desk.program.scenarios / "healthy.toml", {}, diagnostics);
  const Model model = load_model(desk.program.models, healthy, diagnostics);
  settle(desk, diagnostics);
  const NervePath nerve = load_nerve(desk.program.models, model, diagnostics);
  settle(desk, diagnostics);
  const LegRaise raise = raise_leg(model, nerve);
  desk.out << (args.curve ? leg_raise_csv(raise) : args.json ? json_text(to_json(raise)) : leg_raise_text(raise));
  return kDone;
}

int rig(const Arguments& args, const Desk& desk) {
  if (args.curve && args.json) throw UsageError("--curve prints CSV: give it or --json, not both");
  if (args.positional[0] == "slr") return leg_raise(args, desk);
  if (args.curve && args.rig.moment_nm == 0)
    throw UsageError("--curve runs from -NM to +NM: it needs --moment NM above 0");
  Diagnostics diagnostics;
  const Scenario healthy = load_scenario(desk.program.scenarios / "healthy.toml", {}, diagnostics);
  const Model model = load_model(desk.program.models, healthy, diagnostics);
  settle(desk, diagnostics);
  const Spine spine = load_spine(desk.program.models, model, diagnostics);
  settle(desk, diagnostics);
  RigRequest request{args.positional[0], args.rig, args.remove, m_from_mm(args.disc_height_loss_mm), std::nullopt};
  if (args.facet_gap_mm) request.facet_gap_m = m_from_mm(*args.facet_gap_mm);
  const RigReport report = run_rig(model, spine, request);
  desk.out << (args.curve ? rig_curve_csv(report) : args.json ? json_text(to_json(report)) : rig_text(report));
  if (report.result.status == SegmentStatus::ok) return kDone;
  desk.err << "no equilibrium was found under this load\n";
  return kGateMissed;
}

int bench_scaling(const Arguments& args, const Desk& desk) {
  if (args.threads > 0) throw UsageError("bench --scaling tries all numbers of threads: leave --threads out");
  Diagnostics diagnostics;
  const SweepPlan plan = load_sweep(desk.program.scenarios / "sweeps/hip_range.toml", desk.program.models,
                                    Convention::opensim, diagnostics);
  settle(desk, diagnostics);
  desk.say("solving " + std::to_string(plan.cases()) + " cases with one thread, two, and so on");
  const ScalingResult result = scaling(plan, [&] { return desk.program.open(1).solve; });
  desk.out << (args.json ? json_text(to_json(result)) : scaling_text(result));
  return kDone;
}

int bench_all(const Arguments& args, const Desk& desk) {
  if (args.scaling) return bench_scaling(args, desk);
  const BenchResult result = bench(desk.program.scenarios / "healthy.toml", desk.program.models,
                                   [&] { return desk.program.open(args.threads); });
  desk.out << (args.json ? json_text(to_json(result)) : bench_text(result));
  return kDone;
}

int info(const Arguments& args, const Desk& desk) {
  Diagnostics diagnostics;
  if (args.sources) {
    const std::vector<Citation> sources = load_sources(desk.program.models, diagnostics);
    settle(desk, diagnostics);
    desk.out << (args.json ? json_text(sources_json(sources)) : sources_text(sources));
    return kDone;
  }
  const Scenario scenario = load(desk, desk.program.scenarios / "healthy.toml", {});
  const Model model = load_model(desk.program.models, scenario, diagnostics);
  settle(desk, diagnostics);
  if (args.columns)
    desk.out << (args.json ? json_text(columns_json(model, args.convention)) : columns_text(model, args.convention));
  else if (args.muscles)
    desk.out << (args.json ? json_text(muscles_json(model)) : muscles_text(model));
  else
    desk.out << (args.json ? json_text(model_json(model)) : model_text(model, desk.program.models));
  return kDone;
}

int dispatch(const std::vector<std::string>& words, const Program& program, std::ostream& out, std::ostream& err,
             bool err_is_terminal) {
  if (words.size() == 1 && words[0] == "--version") {
    out << "hipspine " HIPSPINE_VERSION "\n";
    return kDone;
  }
  const Arguments args = parse_arguments(words);
  const auto& specs = command_specs();
  const auto spec = std::find_if(specs.begin(), specs.end(), [&](const auto& s) { return s.name == args.command; });
  if (args.help || spec == specs.end()) {
    if (!args.help) {
      err << help_text();
      return kBadUsage;
    }
    out << (spec == specs.end() ? help_text() : help_text(*spec));
    return kDone;
  }
  std::ostream nowhere(nullptr);
  const Desk desk{program, args.quiet ? nowhere : out, err, err_is_terminal && !args.quiet};
  if (args.command == "run") return run(args, desk);
  if (args.command == "compare") return compare_two(args, desk);
  if (args.command == "validate") return validate_all(args, desk);
  if (args.command == "rig") return rig(args, desk);
  if (args.command == "sweep") return sweep(args, desk);
  if (args.command == "merge") return merge(args, desk);
  if (args.command == "report") return report(args, desk);
  if (args.command == "sensitivity") return sensitivity(args, desk);
  return args.command == "bench" ? bench_all(args, desk) : info(args, desk);
}

}  // namespace

int run_command_line(const std::vector<std::string>& words, const Program& program, std::ostream& out,
                     std::ostream& err, bool err_is_terminal) {
  try {
    const int code = dispatch(words, program, out, err, err_is_terminal);
    out.flush();
    if (out.good()) return code;
    err << "hipspine: the output could not be written\n";
    return kBadInput;
  } catch (const UsageError& error) {
    err << "hipspine: " << error.what() << "\n";
    return kBadUsage;
  } catch (const LoadError& error) {
    err << error.diagnostics().text();
    return kBadInput;
  } catch (const ExportError& error) {
    err << "hipspine: " << error.what() << "\n";
    return kBadInput;
  } catch (const std::exception& error) {
    err << "hipspine: internal fault: " << error.what() << "\n";
    return kInternalFault;
  }
}

}  // namespace hipspine
