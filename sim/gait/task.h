#pragma once
/// What a person does. Walking comes from normal gait; the other tasks are cycles too, with both feet on the floor:
///   stand   upright, nothing moves
///   bend    the thorax bows forward from upright at 0 % to its deepest at 50 % and comes back, by half of 1 - cos
///   sit     on a seat, at ease, nothing moves
///   sit_to_stand  seated at 0 %, upright at 50 %, seated again: the thorax leans forward until the seat is left
/// Only the thorax (and the place of feet and seat) is asked for: how hips, pelvis and lumbar levels bring it there is
/// the plan's business, by stiffness and effort.
#include <array>
#include <filesystem>
#include <string>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"

namespace hipspine {

/// A seat, and where a body meets it; in the reference body's size.
struct Seat {
  bool there = false;
  double height_m = 0;
  double radius_m = 0;            ///< of the flesh under each ischium
  Vec3 ischium_m = Vec3::Zero();  ///< middle of it, from the right hip centre, axes of the pelvis
  double heel_behind_knee_m = 0;
  double left_at = 2;  ///< phase at which it has been left; taken again at 1 less that. Above 1/2: never left
};

/// One task of one person, as the planner wants it.
struct Task {
  std::string name = "walk";
  double speed_m_s = 0;  ///< walking only
  double period_s = 1;   ///< of the other tasks
  double bow_rad = 0;    ///< forward inclination of the thorax at 50 %
  double lean_rad = 0;   ///< forward inclination of the thorax on the seat (sit), or where it is left (sit_to_stand)
  Seat seat{};           ///< of the tasks that have one
  /// Set of models/strategies.toml that finds how a healthy person does it.
  [[nodiscard]] const char* fit() const {
    if (walks()) return "healthy_fit";
    return !seat.there ? "standing_fit" : seat.left_at > 0.5 ? "seated_fit" : "rising_fit";
  }
  [[nodiscard]] bool walks() const { return name == "walk"; }
};

/// Reads the task from `folder`/tasks.toml; walking takes its speed and nothing from the file. The name has been
/// checked with the scenario. Findings go to `diagnostics`.
Task load_task(const std::filesystem::path& folder, const std::string& name, double speed_m_s,
               Diagnostics& diagnostics);

}  // namespace hipspine
