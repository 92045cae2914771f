#pragma once
/// The cases of a plan, solved on all cores and kept on the disk as they come.
#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "sim/run/bench.h"
#include "sim/study/case_store.h"
#include "sim/study/sweep_file.h"

namespace hipspine {

[[nodiscard]] StoreShape shape_of_plan(const SweepPlan& plan, int part = 0, int parts = 1);

/// One case from its number to its record. Whatever goes wrong becomes the record's status and reason; nothing is
/// thrown.
[[nodiscard]] CaseRecord solve_case(const SweepPlan& plan, std::int64_t index, const SolveFunction& solve);

struct SweepProgress {
  std::int64_t done = 0;  ///< of this store, those of earlier runs among them
  std::int64_t total = 0;
  std::int64_t solved = 0;  ///< in this run
  double seconds = 0;       ///< since this run began
};

struct SweepOptions {
  int threads = 0;                                     ///< 0: as many as the machine has
  std::function<void(const SweepProgress&)> progress;  ///< called by one thread at a time, at most five times a second
};

/// Counts cases, tells how far it is, and flushes the store now and then. For any thread.
class SweepCounter {
 public:
  SweepCounter(CaseStore& store, std::int64_t total, const SweepOptions& options);
  void count(bool solved);  ///< false: it was there already

 private:
  using Clock = std::chrono::steady_clock;
  CaseStore& store_;
  const SweepOptions& options_;
  std::mutex mutex_;
  SweepProgress at_;
  Clock::time_point start_ = Clock::now(), flushed_ = start_, told_ = start_;
};

/// Solves what the store has not got. `open` makes the solver of one thread. Throws ExportError when the disk gives
/// up: the cases before it are kept. @test tests/study/sweep_test.cpp
void run_sweep(const SweepPlan& plan, CaseStore& store, const std::function<SolveFunction()>& open,
               const SweepOptions& options);

/// "123 of 10000 cases, 41.2 a second, 4 min left".
[[nodiscard]] std::string progress_text(const SweepProgress& progress);

}  // namespace hipspine
