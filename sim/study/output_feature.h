#pragma once
/// Numbers of a solved case by name: `L4_L5_facet_r.peak`, `pelvis_tilt.at_50`, `walking_speed_m_s`. Only the columns
/// that are asked for are computed.
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/run/columns.h"

namespace hipspine {

/// One number. `name` is what the file said and the heading of its column.
struct OutputFeature {
  enum class Kind { peak, lowest, mean, range, at, dose, fact };
  std::string name, column, unit, meaning;
  Kind kind = Kind::fact;
  int at_pct = 0;    ///< of `at`
  int exponent = 0;  ///< index of kDoseExponents, of `dose`
  int rule = -1;     ///< index of the column's rule, -1 for facts and doses
};

/// What a study asks of every case.
struct Outputs {
  std::vector<OutputFeature> features;
  std::vector<int> curves;        ///< indices of rules
  std::vector<ColumnRule> rules;  ///< all of them, for this model
  Convention convention = Convention::opensim;
};

/// What follows the dot in the name of a feature.
[[nodiscard]] std::vector<std::string> feature_words();

/// One name to a feature. An unknown column or feature is a finding E313 at `place`.
[[nodiscard]] OutputFeature read_feature(const std::string& name, const std::vector<ColumnRule>& rules,
                                         const Place& place, Diagnostics& diagnostics);

/// Values of the features, in their order and units; NaN where the case has no frames.
[[nodiscard]] std::vector<double> feature_values(const Outputs& outputs, const CycleResult& result);
/// The curves one after the other, kCyclePoints each, in each column's unit.
[[nodiscard]] std::vector<double> curve_values(const Outputs& outputs, const CycleResult& result);

}  // namespace hipspine
