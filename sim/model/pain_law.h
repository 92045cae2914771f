#pragma once
/// What pain costs: prices of the plan's pain terms, the limp and the guarding that come with it. models/pain.toml.
#include <array>
#include <filesystem>

#include "sim/core/diagnostics.h"
#include "sim/model/scenario.h"

namespace hipspine {

inline constexpr double kWorstPain = 10;  ///< top of the scale of doses

/// All at the worst pain; everything grows with the dose in proportion.
struct PainLaw {
  double moment_nm = 1;       ///< sigma of muscle moments at a sore joint in single stance, frontal and sagittal
  double end_margin_rad = 0;  ///< how far before its limit a direction begins to hurt
  double end_rad = 1;         ///< sigma of an angle beyond that
  double adduction_rad = 1;   ///< sigma of adduction, for the abductors' tendons
  double limp = 0;            ///< see core/limp.h
  double slower_m_s = 0;      ///< taken off the speed that is aimed at
  double inhibition = 0;      ///< strength that painful gluteus medius and minimus lose, 0 to 1
  double guarding = 0;        ///< least activation of the lumbar muscles, 0 to 1
};

/// Reads `folder`/pain.toml; findings go to `diagnostics`.
PainLaw load_pain_law(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// The limp of a person with this pain: by how much more it hurts to stand on one leg (load, abductors) than on the
/// other.
[[nodiscard]] double limp_of(const PainLaw& law, const std::array<HipPain, 2>& pain);

/// Taken off the speed that a person with this pain aims at [m/s], by the dose of the sorer joint under load.
[[nodiscard]] double slower_of(const PainLaw& law, const std::array<HipPain, 2>& pain);

/// Least activation of the lumbar muscles, by the worst dose there is.
[[nodiscard]] double guarding_of(const PainLaw& law, const std::array<HipPain, 2>& pain, double back_pain);

}  // namespace hipspine
