// One question waits at most: a newer one takes its place. The thread sleeps until there is one.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "sim/run/live.h"
#include "sim/run/own_person.h"

namespace hipspine {
namespace {

constexpr int kThreads = 2;               // chosen: the window and the walker need a processor too
constexpr std::size_t kKeptHealthy = 16;  // chosen: half a megabyte each; the last sixteen persons, tasks and speeds
constexpr const char* kNotFinite =
    "no answer to this scenario: the numbers left the range in which they mean anything; take the last change back";

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

bool finite(const CycleResult& r) {
  const Plan& p = r.plan;
  if (p.status == Plan::Status::not_finite || !p.q.allFinite() || !p.v.allFinite() || !p.a.allFinite()) return false;
  return std::all_of(r.frames.begin(), r.frames.end(), [](const FrameLoads& f) {
    const auto level = [](const SegmentLoad& s) { return s.status != SegmentStatus::not_finite; };
    return f.joint_moment.allFinite() && f.muscle_force_n.allFinite() && f.activation.allFinite() &&
           std::all_of(f.segment.begin(), f.segment.end(), level);
  });
}

/// A solved scenario with its table; an empty one says why in `message`.
struct Walk {
  std::shared_ptr<const CycleResult> cycle;
  std::shared_ptr<const Results> results;
  std::string message;
};

/// Why `work` failed, "" when it did not.
template <class Work>
std::string fault_of(Work&& work) {
  try {
    work();
    return "";
  } catch (const LoadError& error) {
    return error.diagnostics().text();
  } catch (const InternalError& error) {
    return std::string("internal fault: ") + error.what();
  } catch (const std::exception& error) {
    return error.what();
  }
}

template <class Solve>
Walk walk_of(Solve&& solve) {
  Walk out;
  const std::string fault = fault_of([&] {
    Diagnostics findings;
    auto cycle = std::make_shared<CycleResult>(solve(findings));
    if (findings.has_errors()) {
      out.message = findings.text();
    } else if (!finite(*cycle)) {
      out.message = kNotFinite;
    } else {
      out.results = std::make_shared<const Results>(make_results(*cycle));
      out.cycle = std::move(cycle);
    }
  });
  if (!fault.empty()) out = {nullptr, nullptr, fault};
  if (!out.cycle && out.message.empty()) out.message = kNotFinite;
  return out;
}

/// Person, task, speed and strategy: what a healthy walk depends on.
bool same_healthy(const Scenario& a, const Scenario& b) {
  return a.height_m == b.height_m && a.mass_kg == b.mass_kg && a.task == b.task && a.speed_m_s == b.speed_m_s &&
         a.strategy == b.strategy;
}

}  // namespace

struct LiveSolver::Impl {
  explicit Impl(std::filesystem::path folder) : session(std::move(folder), kThreads) {
    thread = std::thread([this] { run(); });
  }
  ~Impl() {
    {
      const std::scoped_lock lock(mutex);
      stop = true;
    }
    wake.notify_all();
    thread.join();
  }

  void run();
  /// Never throws what a scenario or the model files can bring about: that is a message.
  std::shared_ptr<const LiveAnswer> answer(std::uint64_t number, const Scenario& scenario);
  void solve(const Scenario& scenario, LiveAnswer& out);
  /// Solved once, from the scenario alone, and kept.
  Walk healthy(const Scenario& scenario);

  // Of the thread alone.
  Session session;
  std::vector<std::pair<Scenario, Walk>> known;
  std::shared_ptr<const OwnPerson> person;  ///< of the last good answer, for its trace
  std::shared_ptr<const Model> person_model;

  mutable std::mutex mutex;
  std::condition_variable wake;
  mutable std::condition_variable idle;
  // Guarded by the mutex.
  std::optional<Scenario> waiting;
  std::uint64_t asked = 0;
  bool working = false, stop = false;
  std::shared_ptr<const LiveAnswer> newest;

  std::thread thread;
};

void LiveSolver::Impl::run() {
  std::unique_lock lock(mutex);
  for (;;) {
    wake.wait(lock, [this] { return stop || waiting; });
    if (stop) return;
    const Scenario scenario = std::move(*waiting);
    const std::uint64_t number = asked;
    waiting.reset();
    working = true;
    lock.unlock();
    auto said = answer(number, scenario);
    lock.lock();
    newest.swap(said);
    working = false;
    idle.notify_all();
  }
}

std::shared_ptr<const LiveAnswer> LiveSolver::Impl::answer(std::uint64_t number, const Scenario& scenario) {
  auto out = std::make_shared<LiveAnswer>();
  out->question = number;
  out->scenario = scenario;
  const std::string fault = fault_of([&] { solve(scenario, *out); });
  if (!fault.empty()) {
    out->cycle.reset();
    out->results.reset();
    out->trace = nullptr;
    out->message = fault;
  }
  return out;
}

void LiveSolver::Impl::solve(const Scenario& scenario, LiveAnswer& out) {
  Walk same = healthy(scenario);
  const Clock::time_point start = Clock::now();
  Walk own = walk_of([&](Diagnostics& findings) { return session.solve_live(scenario, findings); });
  out.compute_ms = ms_since(start);
  out.healthy = same.cycle;
  out.healthy_results = same.results;
  out.message = own.message;
  if (own.cycle && !same.cycle) {
    out.message = "the healthy walk to compare with failed: " + same.message;
  } else {
    out.cycle = std::move(own.cycle);
    out.results = std::move(own.results);
  }
  if (out.cycle) {
    const LoadModel loads = session.loads_of(*out.cycle);
    if (person_model != out.cycle->model) person = std::make_shared<const OwnPerson>(loads);
    person_model = out.cycle->model;
    out.trace = [who = person, limits = loads.limits, now = out.cycle, before = out.healthy](const std::string& column,
                                                                                             int point) {
      return trace_load(who->loads(limits), *now, *before, column, point);
    };
  }
}

Walk LiveSolver::Impl::healthy(const Scenario& scenario) {
  for (const auto& [who, walk] : known)
    if (same_healthy(who, scenario)) return walk;
  Scenario same = healthy_of(scenario);
  same.title = "the same person with healthy hips and muscles";
  same.question.clear();
  same.expectation.clear();
  Walk walk = walk_of([&](Diagnostics& findings) { return session.solve(same, findings); });
  if (!walk.cycle) return walk;
  if (known.size() >= kKeptHealthy) known.erase(known.begin());
  known.emplace_back(std::move(same), walk);
  return walk;
}

LiveSolver::LiveSolver(std::filesystem::path model_folder) : impl_(std::make_unique<Impl>(std::move(model_folder))) {}
LiveSolver::~LiveSolver() = default;

std::uint64_t LiveSolver::ask(const Scenario& scenario) {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(impl_->mutex);
    impl_->waiting = scenario;
    number = ++impl_->asked;
  }
  impl_->wake.notify_one();
  return number;
}

std::shared_ptr<const LiveAnswer> LiveSolver::latest() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->newest;
}

bool LiveSolver::busy() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->waiting || impl_->working;
}

void LiveSolver::wait() const {
  std::unique_lock lock(impl_->mutex);
  impl_->idle.wait(lock, [this] { return !impl_->waiting && !impl_->working; });
}

}  // namespace hipspine
