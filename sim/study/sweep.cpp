// One task a case, one solver a thread. A case depends on its number alone, so the store ends with the same bytes for
// any number of threads and any order.
#include "sim/study/sweep.h"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr double kTell_s = 0.2, kFlush_s = 5;  // chosen: a reader's patience; the most that a power cut takes

double seconds(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) line += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return line;
}

std::string reasons(const Diagnostics& diagnostics) {
  std::string text;
  for (const Finding& f : diagnostics.findings())
    if (f.is_error()) text += (text.empty() ? "" : "; ") + f.code + ": " + f.message;
  return one_line(text);
}

}  // namespace

SweepCounter::SweepCounter(CaseStore& store, std::int64_t total, const SweepOptions& options)
    : store_(store), options_(options) {
  at_.total = total;
}

void SweepCounter::count(bool solved) {
  const std::lock_guard lock(mutex_);
  ++at_.done;
  at_.solved += solved;
  const auto now = Clock::now();
  at_.seconds = seconds(start_, now);
  if (seconds(flushed_, now) > kFlush_s) {
    store_.flush();
    flushed_ = now;
  }
  if (options_.progress && (seconds(told_, now) > kTell_s || at_.done == at_.total)) {
    options_.progress(at_);
    told_ = now;
  }
}

StoreShape shape_of_plan(const SweepPlan& plan, int part, int parts) {
  return {plan.identity,
          plan.cases(),
          part,
          parts,
          static_cast<int>(plan.outputs.features.size()),
          static_cast<int>(plan.outputs.curves.size()) * kCyclePoints};
}

CaseRecord solve_case(const SweepPlan& plan, std::int64_t index, const SolveFunction& solve) {
  CaseRecord record;
  record.index = index;
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  record.outputs.assign(plan.outputs.features.size(), kNone);
  record.curves.assign(plan.outputs.curves.size() * kCyclePoints, kNone);
  const auto failed = [&](CaseStatus status, const std::string& reason) {
    record.status = status;
    record.reason = reason;
    return record;
  };
  try {
    Diagnostics diagnostics;
    const Scenario scenario = scenario_of_case(plan, index, diagnostics);
    if (diagnostics.has_errors()) return failed(CaseStatus::refused, reasons(diagnostics));
    const CycleResult result = solve(scenario, diagnostics);
    if (diagnostics.has_errors()) return failed(CaseStatus::refused, reasons(diagnostics));
    if (result.plan.status == Plan::Status::not_finite)
      return failed(CaseStatus::not_finite, "the plan has no finite solution");
    record.outputs = feature_values(plan.outputs, result);
    record.curves = curve_values(plan.outputs, result);
    for (const QualityGate& gate : result.gates)
      if (!gate.pass()) record.gates += (record.gates.empty() ? "" : "; ") + gate.name;
    record.status = record.gates.empty() ? CaseStatus::ok : CaseStatus::gate_missed;
    const auto is_finite = [](double x) { return std::isfinite(x); };
    if (!std::all_of(record.outputs.begin(), record.outputs.end(), is_finite) ||
        !std::all_of(record.curves.begin(), record.curves.end(), is_finite))
      return failed(CaseStatus::not_finite, "an output is not a finite number");
  } catch (const std::exception& error) {
    return failed(CaseStatus::fault, one_line(error.what()));
  }
  return record;
}

void run_sweep(const SweepPlan& plan, CaseStore& store, const std::function<SolveFunction()>& open,
               const SweepOptions& options) {
  const int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const StoreShape& shape = store.shape();
  const std::int64_t slots = shape.slots();
  SweepCounter counter(store, slots, options);
  // Without this, an arena gets no more threads than the machine has processors.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  tbb::enumerable_thread_specific<SolveFunction> solvers(open);
  arena.execute([&] {
    // Halves of halves: a thread works on neighbours, which share a body and often a healthy walk.
    tbb::parallel_for(
        tbb::blocked_range<std::int64_t>(0, slots, 1),
        [&](const tbb::blocked_range<std::int64_t>& range) {
          SolveFunction& solve = solvers.local();
          for (std::int64_t slot = range.begin(); slot < range.end(); ++slot) {
            const std::int64_t index = shape.part + slot * shape.parts;
            const bool known = store.get(index).has_value();
            if (!known) store.put(solve_case(plan, index, solve));
            counter.count(!known);
          }
        },
        tbb::simple_partitioner());
  });
  store.flush();
}

std::string progress_text(const SweepProgress& p) {
  std::string text = std::to_string(p.done) + " of " + std::to_string(p.total) + " cases";
  if (p.solved < 1 || p.seconds <= 0) return text;
  const double rate = static_cast<double>(p.solved) / p.seconds;
  const double left_s = static_cast<double>(p.total - p.done) / rate;
  text += ", " + significant(rate, 3) + " a second";
  if (p.done == p.total) return text + ", " + significant(p.seconds, 3) + " s";
  return text + ", " +
         (left_s < 90     ? fixed(left_s, 0) + " s"
          : left_s < 5400 ? fixed(left_s / 60, 0) + " min"
                          : fixed(left_s / 3600, 1) + " h") +
         " left";
}

}  // namespace hipspine
