#pragma once
/// A long computation beside the window: one thread, one result, given up when the window closes.
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "sim/core/diagnostics.h"

namespace hipspine {

template <class Result>
class BackgroundJob {
 public:
  /// Ends early by throwing when it sees `give_up`.
  using Work = std::function<Result(const std::atomic<bool>& give_up)>;
  BackgroundJob() = default;
  BackgroundJob(const BackgroundJob&) = delete;
  BackgroundJob& operator=(const BackgroundJob&) = delete;
  ~BackgroundJob() {  ///< gives up what is not yet done
    give_up_ = true;
    if (thread_.joinable()) thread_.join();
  }

  /// Nothing when it runs already.
  void start(Work work) {
    if (running_) return;
    if (thread_.joinable()) thread_.join();
    running_ = true;
    thread_ = std::thread([this, work = std::move(work)] {
      run(work);
      running_ = false;
    });
  }
  [[nodiscard]] bool running() const { return running_; }
  /// The result once, when it is there; `trouble` when there is none to come.
  [[nodiscard]] std::optional<Result> take(std::string& trouble) {
    const std::lock_guard lock(mutex_);
    trouble = std::exchange(trouble_, "");
    return std::exchange(done_, std::nullopt);
  }

 private:
  void run(const Work& work) {
    try {
      Result result = work(give_up_);
      const std::lock_guard lock(mutex_);
      done_ = std::move(result);
    } catch (const LoadError& e) {
      const std::lock_guard lock(mutex_);
      trouble_ = e.diagnostics().text();
    } catch (const std::exception& e) {
      const std::lock_guard lock(mutex_);
      trouble_ = e.what();
    }
  }

  std::thread thread_;
  std::atomic<bool> running_{false}, give_up_{false};
  std::mutex mutex_;
  std::optional<Result> done_;
  std::string trouble_;
};

}  // namespace hipspine
