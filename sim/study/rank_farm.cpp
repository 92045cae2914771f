// Messages: a worker sends a record (at first an empty one) and gets the number of its next case, kNoMore at the end.
// The first rank waits with short sleeps: MPI's own waiting would burn the core that a worker could use.
#include "sim/study/rank_farm.h"

#include <chrono>
#include <cstdlib>
#include <thread>

#include "sim/run/export.h"

#ifdef HIPSPINE_MPI
#include <mpi.h>
#endif

namespace hipspine {

#ifdef HIPSPINE_MPI
namespace {

constexpr int kRecord = 1, kCase = 2;
constexpr std::int64_t kNoMore = -1;
constexpr auto kNap = std::chrono::microseconds(200);  // chosen: a hundredth of a case

/// Started by mpirun (Open MPI, MPICH, Intel MPI) or srun.
bool started_by_mpi() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

/// Waits for a message without burning the core. @returns its sender
int wait_for(int source, int tag, int& bytes) {
  MPI_Status status;
  for (int there = 0; there == 0;) {
    MPI_Iprobe(source, tag, MPI_COMM_WORLD, &there, &status);
    if (there == 0) std::this_thread::sleep_for(kNap);
  }
  MPI_Get_count(&status, MPI_CHAR, &bytes);
  return status.MPI_SOURCE;
}

void send_case(int rank, std::int64_t index) { MPI_Send(&index, sizeof index, MPI_CHAR, rank, kCase, MPI_COMM_WORLD); }

}  // namespace

Ranks::Ranks() {
  int running = 0;
  MPI_Initialized(&running);
  if (running == 0 && !started_by_mpi()) return;
  if (running == 0) {
    MPI_Init(nullptr, nullptr);
    started_ = true;
  }
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &count_);
  waiting_ = rank_ == 0 ? count_ - 1 : 0;
}

Ranks::~Ranks() {
  if (started_) MPI_Finalize();
}

void Ranks::send_home() {
  std::vector<char> record;
  while (waiting_ > 0) {
    int bytes = 0;
    const int worker = wait_for(MPI_ANY_SOURCE, kRecord, bytes);
    record.resize(static_cast<std::size_t>(bytes));
    MPI_Recv(record.data(), bytes, MPI_CHAR, worker, kRecord, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    send_case(worker, kNoMore);
    --waiting_;
  }
}

void hand_out(Ranks& ranks, const SweepPlan& plan, CaseStore& store, const SweepOptions& options) {
  SweepCounter counter(store, plan.cases(), options);
  std::int64_t next = 0;
  const auto next_open = [&] {
    for (; next < plan.cases(); ++next) {
      if (!store.get(next)) return next++;
      counter.count(false);
    }
    return kNoMore;
  };
  std::vector<char> bytes;
  while (ranks.waiting_ > 0) {
    int size = 0;
    const int worker = wait_for(MPI_ANY_SOURCE, kRecord, size);
    bytes.resize(static_cast<std::size_t>(size));
    MPI_Recv(bytes.data(), size, MPI_CHAR, worker, kRecord, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    const std::int64_t given = next_open();
    send_case(worker, given);  // before the disk: the worker goes on
    if (given == kNoMore) --ranks.waiting_;
    if (size == 0) continue;
    const std::optional<CaseRecord> record = unpacked(bytes, store.shape());
    if (!record) throw ExportError("a rank sent something that is no case; do all ranks run the same version?");
    store.put(*record);
    counter.count(true);
  }
  store.flush();
}

void work_for(Ranks&, const SweepPlan& plan, const SolveFunction& solve) {
  const StoreShape shape = shape_of_plan(plan);
  std::vector<char> bytes;
  while (true) {
    MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_CHAR, 0, kRecord, MPI_COMM_WORLD);
    int size = 0;
    wait_for(0, kCase, size);
    std::int64_t index = kNoMore;
    MPI_Recv(&index, sizeof index, MPI_CHAR, 0, kCase, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (index == kNoMore) return;
    bytes = packed(solve_case(plan, index, solve), shape);
  }
}

#else

Ranks::Ranks() = default;
Ranks::~Ranks() = default;
void Ranks::send_home() {}
void hand_out(Ranks&, const SweepPlan&, CaseStore&, const SweepOptions&) { HIPSPINE_DEMAND(false); }
void work_for(Ranks&, const SweepPlan&, const SolveFunction&) { HIPSPINE_DEMAND(false); }

#endif

}  // namespace hipspine
