// Time: the wall clock fills a debt of simulated seconds, ticks pay it. What cannot be paid is dropped, so that a slow
// machine shows slow time and not a stutter. The picture stands one tick behind the newest, between the last two.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "sim/run/walking_body.h"

namespace hipspine {
namespace {

constexpr double kWake_s = 0.008;      // chosen: half a frame of a 60 Hz screen
constexpr double kMoment_s = 0.015;    // chosen: between moments, about 60 a second
constexpr double kMostDebt_s = 0.05;   // chosen: wall clock that may be caught up with; more is a stop, not a jump
constexpr double kMostWork_s = 0.025;  // chosen: computing in one go; commands wait no longer
constexpr double kShare = 0.8;         // chosen: of a processor
constexpr double kMemory_s = 1;        // chosen: of the factors; shorter they flicker, longer they lag behind a hand
constexpr int kMostSteps = 1000;       // chosen: steps that may wait, five simulated seconds

using Clock = std::chrono::steady_clock;

double between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}
Clock::duration duration_of(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

struct Commands {
  std::shared_ptr<const LiveAnswer> answer;
  std::optional<double> restart;
  std::optional<std::pair<Vec3, double>> push;
  int steps = 0;
  [[nodiscard]] bool any() const { return answer || restart || push || steps > 0; }
};

/// Sums that fade with wall time.
struct Pace {
  double wall_s = 0, simulated_s = 0, computing_s = 0;
  void add(double wall, double simulated, double computing) {
    const double keep = std::exp(-wall / kMemory_s);
    wall_s = keep * wall_s + wall;
    simulated_s = keep * simulated_s + simulated;
    computing_s = keep * computing_s + computing;
  }
};

}  // namespace

struct LiveWalker::Impl {
  explicit Impl(std::filesystem::path f) : folder(std::move(f)) {
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

  template <class Change>
  void command(Change&& change) {
    {
      const std::scoped_lock lock(mutex);
      change();
    }
    wake.notify_one();
  }

  void run();
  void work(const Commands& wanted, double rate_now, double elapsed_s, Clock::time_point begun);
  void obey(const Commands& wanted);

  // Of the thread alone.
  std::filesystem::path folder;
  std::shared_ptr<const LiveAnswer> followed;  ///< the last, for a body after a fault
  std::unique_ptr<WalkingBody> body;           ///< null before the first answer and after a fault
  double debt_s = 0;
  Pace pace;
  double pace_rate = 0;  ///< that it counts
  Clock::time_point shown{};
  bool show = false;  ///< something has changed that does not wait for its turn
  WalkerStatus said;  ///< what the last work came to
  std::shared_ptr<const BodyMoment> seen;
  std::shared_ptr<const Results> stride_seen;

  mutable std::mutex mutex;
  std::condition_variable wake;
  // Guarded by the mutex.
  Commands commands;
  double rate = 1;
  bool stop = false;
  std::shared_ptr<const BodyMoment> newest;
  std::shared_ptr<const Results> stride;
  WalkerStatus status;

  std::thread thread;
};

void LiveWalker::Impl::run() {
  std::unique_lock lock(mutex);
  Clock::time_point last = Clock::now(), due = last;
  bool was_running = false;
  for (;;) {
    const auto urgent = [this] { return stop || commands.any(); };
    const auto running = [this] { return rate > 0 && status.walking; };
    if (running() && was_running)
      wake.wait_until(lock, due, urgent);
    else
      wake.wait(lock, [&] { return urgent() || running(); });
    if (stop) return;
    const Commands wanted = std::exchange(commands, {});
    const double rate_now = rate;
    lock.unlock();

    const Clock::time_point begun = Clock::now();
    const double elapsed_s = was_running ? between(last, begun) : 0;
    last = begun;
    work(wanted, rate_now, elapsed_s, begun);
    was_running = rate_now > 0 && said.walking;
    const double worked_s = between(begun, Clock::now());
    due = begun + duration_of(std::max(kWake_s, worked_s / kShare));

    lock.lock();
    newest = seen;
    stride = stride_seen;
    status = said;
  }
}

void LiveWalker::Impl::work(const Commands& wanted, double rate_now, double elapsed_s, Clock::time_point begun) {
  double simulated_s = 0;
  try {
    obey(wanted);
    if (body && body->there()) {
      const double tick_s = body->tick_s();
      debt_s = std::min(debt_s + rate_now * elapsed_s, rate_now * kMostDebt_s + tick_s);
      while (rate_now > 0 && debt_s >= tick_s && between(begun, Clock::now()) < kMostWork_s) {
        body->tick();
        debt_s -= tick_s;
        simulated_s += tick_s;
      }
      if (show || (rate_now > 0 && between(shown, begun) >= kMoment_s)) {
        if (auto moment = body->moment(std::min(1.0, debt_s / tick_s))) seen = std::move(moment);
        shown = begun;
        show = false;
      }
      stride_seen = body->last_stride();
      said = body->status();
    }
  } catch (const LoadError& error) {
    body.reset();
    said = {};
    said.message = error.diagnostics().text();
  } catch (const std::exception& error) {
    body.reset();
    said = {};
    said.message = std::string("the walking body stopped: ") + error.what();
  }
  if (rate_now != pace_rate) pace = {};
  pace_rate = rate_now;
  if (rate_now > 0 && elapsed_s > 0) pace.add(elapsed_s, simulated_s, between(begun, Clock::now()));
  said.real_time_factor = rate_now > 0 && pace.wall_s > 0 ? pace.simulated_s / pace.wall_s : 0;
  said.possible_factor = pace.computing_s > 0 ? pace.simulated_s / pace.computing_s : 0;
}

void LiveWalker::Impl::obey(const Commands& wanted) {
  const auto begin_anew = [this] {
    body->tick();
    debt_s = body->tick_s();  // its first tick has nothing before it to go between: it is shown at its end
    show = true;
  };
  if (wanted.answer) followed = wanted.answer;
  const bool after_fault = !body && followed && wanted.restart;
  if (wanted.answer || after_fault) {
    if (!body) body = std::make_unique<WalkingBody>(folder);
    if (body->follow(followed)) begin_anew();
  }
  if (!body || !body->there()) return;
  if (wanted.restart) {
    body->restart(*wanted.restart);
    begin_anew();
  }
  if (wanted.push) body->push(wanted.push->first, wanted.push->second);
  for (int k = 0; k < wanted.steps; ++k) {
    body->tick();
    show = true;
  }
}

LiveWalker::LiveWalker(std::filesystem::path model_folder) : impl_(std::make_unique<Impl>(std::move(model_folder))) {}
LiveWalker::~LiveWalker() = default;

void LiveWalker::follow(std::shared_ptr<const LiveAnswer> answer) {
  if (!answer || !answer->cycle) return;
  impl_->command([&] { impl_->commands.answer = std::move(answer); });
}

void LiveWalker::set_rate(double rate) {
  impl_->command([&] { impl_->rate = std::isfinite(rate) ? std::max(0.0, rate) : 0.0; });
}

void LiveWalker::step() {
  impl_->command([&] { impl_->commands.steps = std::min(impl_->commands.steps + 1, kMostSteps); });
}

void LiveWalker::restart(double phase) {
  if (!std::isfinite(phase)) return;
  impl_->command([&] { impl_->commands.restart = phase; });
}

void LiveWalker::push(const Vec3& force_G, double seconds) {
  if (!force_G.allFinite() || !std::isfinite(seconds)) return;
  impl_->command([&] { impl_->commands.push.emplace(force_G, seconds); });
}

std::shared_ptr<const BodyMoment> LiveWalker::moment() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->newest;
}

WalkerStatus LiveWalker::status() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->status;
}

std::shared_ptr<const Results> LiveWalker::last_stride() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->stride;
}

}  // namespace hipspine
