#pragma once
/// What a way of moving costs over many steps: load doses of discs and facets, effort of the muscles that hold the
/// trunk and the pelvis.
///
/// Dose of a load F over one cycle of period T, for an exponent n:  D = integral over T of (F / 1 kN)^n dt   [kN^n s]
/// n = 2 and n = 10 are how studies of lumbar load at work add it up [seidler2009, coenen2014]; the tenth power minds
/// the peaks as tissue does that tires. A dose compares two ways of doing the same thing; no dose is known above which
/// a disc or facet is harmed.
#include <array>
#include <string>
#include <vector>

#include "sim/run/pipeline.h"

namespace hipspine {

inline constexpr double kStepsPerDay = 5117;  ///< of adults with a pedometer, mean [bassett2010]
inline constexpr std::array<int, 2> kDoseExponents = {2, 10};

/// One disc or facet joint. Columns: <level>_disc_compression, <level>_facet_r, <level>_facet_l.
struct LoadDose {
  std::string column;
  std::array<double, 2> per_cycle{};  ///< by kDoseExponents [kN^n s]; a stride is two steps, another task one cycle
};

/// All levels, lowest first: disc, right facet, left facet. Pulling loads count as none.
[[nodiscard]] std::vector<LoadDose> load_doses(const CycleResult& result);

/// Cycles in a thousand steps, and in a day of walking, for doses of a walk; for other tasks a thousand cycles and
/// none.
[[nodiscard]] double cycles_per_1000(const std::string& task);
[[nodiscard]] double cycles_per_day(const std::string& task);

/// Effort of one group of muscles on one side.
struct MuscleEffort {
  std::string group;  ///< "erector spinae", "gluteus medius", …
  int side = kRight;
  double mean = 0;     ///< activation, mean over the cycle and, by volume, over the fascicles, 0 to 1
  double peak = 0;     ///< highest of the group's mean activation
  double fatigue = 0;  ///< cube root of the mean cubed activation: endurance falls with about the third power
                       ///< [crowninshield1981]
};

/// Erector spinae, multifidus, gluteus maximus, medius, minimus; right, then left.
[[nodiscard]] std::vector<MuscleEffort> muscle_efforts(const CycleResult& result);

}  // namespace hipspine
