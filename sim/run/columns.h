#pragma once
/// The table of result columns: every number this program hands out is named and described here, once.
/// `cycle.csv`, `cycle.sto`, `summary.json`, `hipspine info --columns` and the panels of the window all read it.
///
/// Edge units: deg, m, s, N, N·m, MPa, % and 1 (fractions). Inside the program everything stays SI and radians; the
/// change happens in the value functions of columns.cpp and nowhere else.
#include <functional>
#include <string>
#include <vector>

#include "sim/run/pipeline.h"

namespace hipspine {

/// How pelvic tilt and hip flexion are reported; everything else is the same in both.
///   opensim   pelvis_tilt backward > 0, zero where the model file puts it
///   clinical  pelvis_tilt forward (anterior) > 0, measured at the clinical pelvic plane: offset - tilt;
///             hip_flexion against the same plane: flexion + offset (offset = Model::pelvic_plane_tilt_rad)
enum class Convention { opensim, clinical };

[[nodiscard]] std::string to_string(Convention convention);

struct Column {
  std::string name;
  std::string unit;      ///< "deg", "N", "N·m", "MPa", "m", "s", "%", "1"
  std::string frame;     ///< axes or point of reference; "-" for magnitudes and for muscles
  std::string positive;  ///< what a positive value means
  std::string meaning;   ///< what it is, in a sentence
  std::string source;    ///< which stage of the program computes it
};

/// A column with the rule that computes it at one cycle point (0 to 100) in the column's unit.
struct ColumnRule {
  Column column;
  std::function<double(const CycleResult&, int point)> value;
};

/// All columns for this model, in file order. The order is part of the contract and does not depend on the scenario.
[[nodiscard]] std::vector<ColumnRule> column_rules(const Model& model, Convention convention);

}  // namespace hipspine
