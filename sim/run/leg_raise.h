#pragma once
/// The straight leg raise on the virtual bench: one thigh flexed with the knee straight, pelvis and spine at rest, and
/// what that does to the bed of the sciatic nerve.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/muscle/nerve.h"

namespace hipspine {

struct LegRaise {
  struct Row {
    double hip_flexion_deg = 0, length_mm = 0, strain_pct = 0;
    double knee_bent_strain_pct = 0;  ///< the same with the knee at 90 deg
  };
  std::vector<Row> rows;         ///< every 10 deg from 0 to 90
  double knee_lengthens_mm = 0;  ///< straightening the knee from 90 deg, hip at 60 deg
};

[[nodiscard]] LegRaise raise_leg(const Model& model, const NervePath& nerve);

[[nodiscard]] std::string leg_raise_text(const LegRaise& raise);
[[nodiscard]] std::string leg_raise_csv(const LegRaise& raise);
[[nodiscard]] nlohmann::ordered_json to_json(const LegRaise& raise);

}  // namespace hipspine
