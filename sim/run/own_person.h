#pragma once
/// A copy of what a LoadModel refers to, for those who outlive the session or walk while muscles change.
#include "sim/run/frame_loads.h"

namespace hipspine {

struct OwnPerson {
  Model model;
  MusclePaths paths;
  HipPassiveParameters hip;
  Spine spine;
  LumbarCurves lumbar;
  SacroiliacParameters pelvis;
  NervePath nerve;
  double guarding;
  explicit OwnPerson(const LoadModel& l)
      : model(l.model),
        paths(l.paths),
        hip(l.hip),
        spine(l.spine),
        lumbar(l.lumbar),
        pelvis(l.pelvis),
        nerve(l.nerve),
        guarding(l.guarding) {}
  /// Refers to this object.
  [[nodiscard]] LoadModel loads(const std::array<HipLimits, 2>& limits) const {
    return {model, paths, hip, spine, lumbar, pelvis, nerve, limits, guarding};
  }
};

}  // namespace hipspine
