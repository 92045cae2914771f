// A folder holds either the working paper of a sweep (`sweep.cases`, or `shard_2_of_4.cases` and so on) or its tables;
// the paper goes when the tables are whole. Whatever kills the program in between, the next start finds one or the
// other.
#include "sim/command/sweep_command.h"

#include <algorithm>
#include <memory>

#include "sim/core/document.h"
#include "sim/run/export.h"
#include "sim/run/report.h"
#include "sim/run/summary.h"
#include "sim/study/rank_farm.h"
#include "sim/study/sensitivity_text.h"
#include "sim/study/sweep.h"
#include "sim/study/sweep_tables.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPaper = "sweep.cases";

std::string shard_name(int part, int parts) {
  return "shard_" + std::to_string(part + 1) + "_of_" + std::to_string(parts) + ".cases";
}

SweepPlan load_plan(const Arguments& args, const Desk& desk) {
  Diagnostics diagnostics;
  SweepPlan plan = load_sweep(args.positional[0], desk.program.models, args.convention, diagnostics);
  settle(desk, diagnostics);
  return plan;
}

/// Counts of a finished sweep of this plan in the folder; nothing when there is none. Results of another one stop the
/// command.
std::optional<SweepCounts> finished(const fs::path& folder, const SweepPlan& plan, bool force) {
  std::error_code ignored;
  const fs::path file = folder / "sweep.json";
  if (!fs::exists(file, ignored)) return std::nullopt;
  const std::optional<SweepHead> head = read_sweep_head(file);
  if (head && head->identity == plan.identity) return force ? std::nullopt : std::optional(head->counts);
  if (!force)
    throw ExportError(folder.string() + " holds the results of another sweep" +
                      (head ? ", '" + head->title + "'" : std::string()) + "; choose another folder, or --force");
  return std::nullopt;
}

void tell(const Arguments& args, const Desk& desk, const SweepPlan& plan, const SweepCounts& counts) {
  if (args.json) {
    desk.out << json_text(to_json(plan, counts));
    return;
  }
  desk.out << sweep_text(plan, counts) << "In " << *args.out << ":";
  for (const char* name : kSweepFiles) desk.out << (name == kSweepFiles[0] ? " " : ", ") << name;
  desk.out << "\n";
}

CaseRecord found_in(const CaseStore& store, std::int64_t index) {
  std::optional<CaseRecord> record = store.get(index);
  if (!record) throw ExportError("case " + std::to_string(index) + " is missing");
  return *std::move(record);
}

}  // namespace

int sweep(const Arguments& args, const Desk& desk) {
  if (!args.out) throw UsageError("sweep needs --out DIR for its results");
  Ranks ranks;
  if (ranks.count() > 1 && args.shard) throw UsageError("--shard and mpirun exclude each other: both divide the cases");
  if (ranks.count() > 1 && args.threads > 0)
    throw UsageError("under mpirun each rank is one thread: leave --threads out");
  if (args.shard && args.json) throw UsageError("--json is for the whole sweep: give it to merge");
  const SweepPlan plan = load_plan(args, desk);
  const fs::path folder = *args.out;
  const auto open_one = [&]() -> SolveFunction { return desk.program.open(1).solve; };
  if (!ranks.is_first()) {
    work_for(ranks, plan, open_one());
    return kDone;
  }
  try {
    take_output_folder(folder, args.force);
    if (!args.shard)
      if (const auto counts = finished(folder, plan, args.force)) {
        ranks.send_home();
        tell(args, desk, plan, *counts);
        return kDone;
      }
    const auto [part, parts] = args.shard.value_or(std::pair(0, 1));
    const fs::path paper = folder / (args.shard ? shard_name(part, parts) : kPaper);
    if (args.force) fs::remove(paper);
    SweepOptions options;
    options.threads = args.threads;
    if (desk.progress)
      options.progress = [&](const SweepProgress& p) {
        desk.err << "\r" << fitted(progress_text(p), 78) << (p.done == p.total ? "\n" : "") << std::flush;
      };
    const auto store = std::make_unique<CaseStore>(paper, shape_of_plan(plan, part, parts), CaseStore::Access::write);
    if (ranks.count() > 1)
      hand_out(ranks, plan, *store, options);
    else
      run_sweep(plan, *store, open_one, options);
    if (args.shard) {
      desk.out << "Shard " << part + 1 << " of " << parts << " is done: " << store->shape().slots() << " of "
               << plan.cases() << " cases. When all are, 'hipspine merge " << args.positional[0] << " --out "
               << *args.out << "' makes the tables.\n";
      return kDone;
    }
    const SweepCounts counts = write_sweep(plan, folder, [&](std::int64_t index) { return found_in(*store, index); });
    fs::remove(paper);
    tell(args, desk, plan, counts);
    return kDone;
  } catch (...) {
    ranks.send_home();
    throw;
  }
}

int merge(const Arguments& args, const Desk& desk) {
  if (!args.out) throw UsageError("merge needs --out DIR, the folder with the shards");
  const SweepPlan plan = load_plan(args, desk);
  const fs::path folder = *args.out;
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".cases" && entry.path().filename() != kPaper) files.push_back(entry.path());
  if (error) throw ExportError(folder.string() + ": cannot be read: " + error.message());
  if (files.empty()) {
    if (const auto counts = finished(folder, plan, args.force)) {
      tell(args, desk, plan, *counts);
      return kDone;
    }
    throw ExportError(folder.string() + " holds no shard of a sweep (shard_I_of_N.cases)");
  }
  static_cast<void>(finished(folder, plan, args.force));
  std::sort(files.begin(), files.end());
  std::vector<std::unique_ptr<CaseStore>> shards;
  for (const fs::path& file : files) {
    const std::optional<StoreShape> shape = shape_of(file);
    if (!shape) throw ExportError(file.string() + ": is not a shard of a sweep");
    shards.push_back(
        std::make_unique<CaseStore>(file, shape_of_plan(plan, shape->part, shape->parts), CaseStore::Access::read));
    if (shape->parts != shards.front()->shape().parts)
      throw ExportError(file.string() + ": is one of " + std::to_string(shape->parts) + " shards, " +
                        files.front().filename().string() + " one of " + std::to_string(shards.front()->shape().parts));
  }
  const int parts = shards.front()->shape().parts;
  std::string missing;
  for (int part = 0; part < parts; ++part) {
    const auto has = [&](const auto& s) { return s->shape().part == part; };
    const auto shard = std::find_if(shards.begin(), shards.end(), has);
    std::int64_t lost = shape_of_plan(plan, part, parts).slots();
    if (shard != shards.end())
      for (std::int64_t i = part; i < plan.cases(); i += parts) lost -= (*shard)->get(i).has_value();
    if (lost > 0)
      missing += "\n  " + shard_name(part, parts) + (shard == shards.end() ? " is not there" : " lacks ") +
                 (shard == shards.end() ? "" : std::to_string(lost) + " cases");
  }
  if (!missing.empty())
    throw ExportError(folder.string() + ": not all cases are solved; run 'hipspine sweep --shard I/" +
                      std::to_string(parts) + "' again for" + missing);
  const SweepCounts counts = write_sweep(plan, folder, [&](std::int64_t index) {
    for (const auto& s : shards)
      if (s->shape().holds(index)) return found_in(*s, index);
    throw ExportError("case " + std::to_string(index) + " is missing");
  });
  for (const fs::path& file : files) fs::remove(file);
  tell(args, desk, plan, counts);
  return kDone;
}

int sensitivity(const Arguments& args, const Desk& desk) {
  Diagnostics diagnostics;
  const SweepResult result = read_sweep(args.positional[0], diagnostics);
  settle(desk, diagnostics);
  const auto named = [](const char* what, const std::string& name, const auto& list, int index) {
    if (index >= 0) return index;
    std::vector<std::string> known;
    for (const auto& item : list) known.push_back(item.name);
    const std::string hint = hint_for_unknown(name, known);
    throw UsageError(std::string("the sweep has no ") + what + " '" + name + "'" + (hint.empty() ? "" : "; " + hint));
  };
  SensitivityQuestion q;
  q.trusted = args.trusted;
  q.above = args.above;
  if (args.output) q.output = named("output", *args.output, result.outputs, result.output_named(*args.output));
  if (args.map) {
    const auto& [a, b] = *args.map;
    q.map = {named("parameter", a, result.parameters, result.parameter_named(a)),
             named("parameter", b, result.parameters, result.parameter_named(b))};
  }
  if ((q.map || q.above) && !q.output) throw UsageError("--map and --above need --output NAME");
  desk.out << (args.json ? json_text(sensitivity_json(result, q)) : sensitivity_text(result, q));
  return kDone;
}

}  // namespace hipspine
