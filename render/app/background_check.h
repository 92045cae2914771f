#pragma once
/// The validation table, computed beside the window.
#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "sim/run/validate.h"

namespace hipspine {

class BackgroundCheck {
 public:
  BackgroundCheck(std::filesystem::path models, std::filesystem::path scenarios);
  ~BackgroundCheck();  ///< gives up what is not yet done
  BackgroundCheck(const BackgroundCheck&) = delete;
  BackgroundCheck& operator=(const BackgroundCheck&) = delete;

  void start();  ///< nothing when it runs already
  [[nodiscard]] bool running() const { return running_; }
  /// The table once, when it is there; `trouble` when there is none to come.
  [[nodiscard]] std::optional<Validation> take(std::string& trouble);

 private:
  void run();
  std::filesystem::path models_, scenarios_;
  std::thread thread_;
  std::atomic<bool> running_{false}, give_up_{false};
  std::mutex mutex_;
  std::optional<Validation> done_;
  std::string trouble_;
};

}  // namespace hipspine
