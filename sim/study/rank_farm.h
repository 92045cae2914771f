#pragma once
/// One sweep on many machines: `mpirun -n N hipspine sweep ...`. The first rank keeps the store and hands out cases one
/// at a time, the others solve them. Built without MPI, or started without mpirun, there is one rank.
#include "sim/study/sweep.h"

namespace hipspine {

/// The processes that share a sweep. Starts MPI when the program was started by mpirun, and ends it.
class Ranks {
 public:
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  [[nodiscard]] int count() const { return count_; }
  [[nodiscard]] bool is_first() const { return rank_ == 0; }
  /// First rank: the others get no more cases and end. Once is enough; more do no harm.
  void send_home();

 private:
  friend void hand_out(Ranks&, const SweepPlan&, CaseStore&, const SweepOptions&);
  int rank_ = 0, count_ = 1;
  int waiting_ = 0;  ///< ranks that have not been sent home
  bool started_ = false;
};

/// The first rank's part of run_sweep. Throws ExportError as that does.
void hand_out(Ranks& ranks, const SweepPlan& plan, CaseStore& store, const SweepOptions& options);

/// Every other rank's part: solves what it is given until there is nothing left.
void work_for(Ranks& ranks, const SweepPlan& plan, const SolveFunction& solve);

}  // namespace hipspine
