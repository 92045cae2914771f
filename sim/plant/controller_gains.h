#pragma once
/// Weights and gains of the whole-body controller: one file, models/controller.toml, found by tools/tune_controller.
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"

namespace hipspine {

/// Weights w of task accelerations [1/(rad/s^2)^2 or 1/(m/s^2)^2], stiffness kp [1/s^2], damping kd [1/s].
struct ControllerGains {
  double tick_s = 0;                             ///< time between two programs
  double horizon_s = 0;                          ///< within which the muscles shall give what is asked
  double joints_w = 0, joints_kp = 0;            ///< every joint angle
  double lumbar_w = 0, lumbar_kp = 0;            ///< those of the lumbar levels: half a degree is felt by a facet
  double pelvis_w = 0, pelvis_kp = 0;            ///< orientation of the pelvis
  double thorax_w = 0, thorax_kp = 0;            ///< orientation of the thorax
  double com_w = 0, com_kp = 0, com_kd = 0;      ///< centre of mass, level
  double height_w = 0, height_kp = 0;            ///< centre of mass, height
  double loaded_w = 0, loaded_kd = 0;            ///< spheres on the ground come to rest
  double stance_foot_w = 0, stance_foot_kp = 0;  ///< orientation of a standing foot
  double swing_w = 0, swing_kp = 0;              ///< place of a swinging foot
  double swing_turn_w = 0, swing_turn_kp = 0;    ///< its orientation
  double effort = 0;                             ///< of an activation that departs by 1 from the plan
  double contact = 0;                            ///< of a contact force that departs by 300 N
  double steady = 0;                             ///< of an activation that changes by 1 from tick to tick
  double steady_contact = 0;  ///< of a contact force that departs by 300 N from what the ground gives now
  double step_gain = 0, step_growth = 0, lane_gain = 0;  ///< foot placement
  double residual_price = 0, residual_limit = 0;         ///< of body weight, and of 1.7 m times that
};

/// One gain as the file and a search know it.
struct GainKey {
  const char* name;
  double ControllerGains::*field;
  double low, high;
};
[[nodiscard]] const std::vector<GainKey>& gain_keys();

/// Reads `folder`/controller.toml. Findings go to `diagnostics`.
[[nodiscard]] ControllerGains load_controller(const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace hipspine
