#pragma once
/// The simulated body as the live walker moves it: goes over to new plans, falls and goes on, keeps its last stride.
/// It knows no clock and no thread: the same calls give the same walk, bit for bit.
#include <memory>

#include "sim/run/forward_record.h"
#include "sim/run/live.h"

namespace hipspine {

class WalkingBody {
 public:
  /// @throws LoadError when a file in the folder is bad; so do `follow` and `restart`
  explicit WalkingBody(const std::filesystem::path& model_folder);
  ~WalkingBody();

  /// Goes over to another plan, over a stride or more where the speed changes: plan, hip limits, strength and tightness
  /// together. Another person or task starts anew, at the same phase. A failed answer changes nothing.
  /// @return true when it started anew
  bool follow(std::shared_ptr<const LiveAnswer> answer);
  /// Starts again from this phase of the newest plan, at once as it is.
  void restart(double phase);
  /// A force at the pelvis from now on [N, ground]; a fall ends it.
  void push(const Vec3& force_G, double seconds);

  [[nodiscard]] bool there() const { return running_ != nullptr; }  ///< something was followed; the rest needs it
  /// One controller tick; a fall in it is dealt with.
  void tick();
  [[nodiscard]] double tick_s() const { return gains_.tick_s; }
  /// Between the last two ticks: part 0 is the one before, 1 the newest.
  [[nodiscard]] std::shared_ptr<const BodyMoment> moment(double part);
  /// The last complete one of this person at this task, null before the first.
  [[nodiscard]] std::shared_ptr<const Results> last_stride() const { return last_stride_; }
  /// Falls, residual and message; the factors are the caller's.
  [[nodiscard]] const WalkerStatus& status() const { return status_; }

 private:
  struct Running;
  void begin(double phase);
  void approach();
  void record(const ForwardSample& sample);
  void fall();

  Session session_;
  ControllerGains gains_;
  std::shared_ptr<const LiveAnswer> answer_;
  std::unique_ptr<Running> running_;
  std::shared_ptr<const Results> last_stride_;
  WalkerStatus status_;
};

}  // namespace hipspine
