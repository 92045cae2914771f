#pragma once
/// What a person does. Walking comes from normal gait; the other tasks are cycles too, with both feet on the floor:
///   stand   upright, nothing moves
///   bend    the thorax bows forward from upright at 0 % to its deepest at 50 % and comes back, by half of 1 - cos
/// Only the thorax (and the place of the feet) is asked for: how hips, pelvis and lumbar levels bring it there is the
/// plan's business, by stiffness and effort.
#include <array>
#include <filesystem>
#include <string>

#include "sim/core/diagnostics.h"

namespace hipspine {

/// One task of one person, as the planner wants it.
struct Task {
  std::string name = "walk";
  double speed_m_s = 0;  ///< walking only
  double period_s = 1;   ///< of the other tasks
  double bow_rad = 0;    ///< forward inclination of the thorax at 50 %
  [[nodiscard]] bool walks() const { return name == "walk"; }
};

/// Reads the task from `folder`/tasks.toml; walking takes its speed and nothing from the file. The name has been
/// checked with the scenario. Findings go to `diagnostics`.
Task load_task(const std::filesystem::path& folder, const std::string& name, double speed_m_s,
               Diagnostics& diagnostics);

}  // namespace hipspine
