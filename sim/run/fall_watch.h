#pragma once
/// What to do about a fall: go back to a good touchdown, and on with more help at the pelvis.
#include <deque>
#include <utility>

#include "sim/run/forward_body.h"

namespace hipspine {

/// Remembers touchdowns to go back to, each with what its user needs to go on from there (`Note`), and climbs the
/// ladder of residual limits: 1, 2, 5 % of body weight.
template <class Note>
class FallWatch {
 public:
  struct Place {
    ForwardState state;
    Note note;
  };

  FallWatch(const ForwardState& start, Note note, double residual_limit) : residual_limit_(residual_limit) {
    good_.push_back({start, std::move(note)});
    touchdowns_ = start.controller.touchdowns;
  }

  [[nodiscard]] double residual_limit() const { return residual_limit_; }

  /// After every tick that did not fall. `note()` is called where a foot has come down well.
  template <class MakeNote>
  void watch(const ForwardState& state, double capture_error_m, MakeNote&& note) {
    if (state.controller.touchdowns <= touchdowns_) return;
    touchdowns_ = state.controller.touchdowns;
    if (capture_error_m >= kGoodCapture_m) return;
    good_.push_back({state, note()});
    if (good_.size() > kKept) good_.pop_front();
  }

  /// The last good touchdown long enough before a fall at `phase`, or the oldest place there is.
  const Place& back_from(double phase) {
    while (good_.size() > 1 && good_.back().state.phase > phase - kBeforeFall) good_.pop_back();
    touchdowns_ = good_.back().state.controller.touchdowns;
    return good_.back();
  }

  /// Climbs to the next rung; false on the last one.
  bool climb() {
    for (double rung : kRungs) {
      if (rung <= residual_limit_ * (1 + 1e-9)) continue;
      residual_limit_ = rung;
      return true;
    }
    return false;
  }

 private:
  static constexpr double kRungs[] = {0.01, 0.02, 0.05};  // chosen: of body weight
  static constexpr double kGoodCapture_m = 0.10;          // chosen: further off is the beginning of a fall
  static constexpr double kBeforeFall = 0.5;  // chosen: strides between a touchdown to go back to and the fall
  static constexpr std::size_t kKept = 16;    // chosen: a fall goes back by two or three

  std::deque<Place> good_;
  double residual_limit_;
  int touchdowns_ = 0;
};

}  // namespace hipspine
