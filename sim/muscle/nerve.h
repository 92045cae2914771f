#pragma once
/// The sciatic nerve's bed from the L5/S1 foramen past hip and knee to the ankle, and how open each lumbar foramen is.
/// models/nerve.toml. Model estimates.
#include <array>
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/mechanics/kinematics.h"
#include "sim/model/model.h"

namespace hipspine {

/// Points of one side in their links, in order from the spine to the ankle.
struct NervePath {
  struct Point {
    int link = -1;
    Vec3 p_L = Vec3::Zero();
  };
  std::array<std::array<Point, 7>, 2> point;  ///< [kRight], [kLeft]
  std::array<double, 2> upright_m{};    ///< length standing upright, all coordinates zero: strain counts from here
  Vec3 foramen_upper_D = Vec3::Zero();  ///< right side, on the upper vertebra, from the disc's middle [m]
  Vec3 foramen_lower_D = Vec3::Zero();  ///< on the lower one
};

/// Reads `folder`/nerve.toml, scaled to the subject; findings go to `diagnostics`.
NervePath load_nerve(const std::filesystem::path& folder, const Model& model, Diagnostics& diagnostics);

/// Length of a side's bed [m] at the positions in `kin`.
[[nodiscard]] double nerve_length_m(const NervePath& nerve, int side, const Kinematics& kin);

/// Height of a level's foramen over its upright, unloaded height, 1 = as open as there.
/// @param rotation_rad   of the level: FE, LB, AR (order z, x, y)
/// @param translation_m  of the upper vertebra, axes of the disc
[[nodiscard]] double foramen_opening(const NervePath& nerve, int side, const Vec3& rotation_rad,
                                     const Vec3& translation_m);

}  // namespace hipspine
