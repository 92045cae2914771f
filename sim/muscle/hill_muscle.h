#pragma once
/// Hill-type muscle with a rigid tendon: active force–length, force–velocity and passive force–length.
#include "sim/model/model.h"

namespace hipspine {

/// Force of one muscle along its tendon: active = activation · active_n, plus passive_n. [N]
struct MuscleCapacity {
  double active_n = 0;    ///< at full activation, this length and velocity
  double passive_n = 0;   ///< independent of activation
  double norm_length = 0; ///< fibre length over optimal length
  double norm_speed = 0;  ///< fibre velocity over the largest, shortening < 0
};

/// @param length_m    path length origin to insertion
/// @param speed_m_s   its rate, lengthening > 0
[[nodiscard]] MuscleCapacity muscle_capacity(const Muscle& muscle, double length_m, double speed_m_s);

}  // namespace hipspine
