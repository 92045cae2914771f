#pragma once
/// A solved cycle as a table for people: named columns in edge units, one row per percent of the cycle, with the facts
/// of the stride and the quality gates. Everything that leaves the program (files, tables, panels) is made from this.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run/columns.h"
#include "sim/run/dose.h"

namespace hipspine {

struct Results {
  Convention convention = Convention::opensim;
  std::vector<Column> columns;
  Eigen::MatrixXd values;  ///< (points x columns) in each column's unit; kCyclePoints of a cycle
  Scenario scenario;
  double mass_kg = 0, height_m = 0;
  double weight_n = 0;
  double pelvic_plane_tilt_deg = 0;  ///< what separates the two conventions
  double ankle_offset_deg = 0;       ///< ankle_angle less clinical dorsiflexion
  double speed_m_s = 0;
  double stride_length_m = 0;
  double stride_time_s = 0;
  std::array<double, 2> step_length_m{};  ///< [kRight], [kLeft]
  std::array<double, 2> toe_off_pct{};    ///< of the right cycle
  double left_strike_pct = 50;            ///< of the right cycle
  double slip_mm = 0;
  std::vector<PlanCost> costs;
  std::vector<QualityGate> gates;
  std::vector<std::string> saturated;
  std::vector<LoadDose> doses;
  std::vector<MuscleEffort> efforts;
  std::vector<std::string> input_files, input_hashes;  ///< scenario files, then model files

  /// Index of a column, -1 when there is none.
  [[nodiscard]] int column(std::string_view name) const;
  /// The curve of a column that must exist (InternalError otherwise); one value per point.
  [[nodiscard]] Eigen::VectorXd curve(std::string_view name) const;
  [[nodiscard]] bool gates_pass() const;
};

/// Evaluates every column rule on every frame. `result` must hold a model and a frame for each point of its motion:
/// kCyclePoints of a solved cycle, any number of a recorded run.
/// @test tests/run/results_test.cpp
[[nodiscard]] Results make_results(const CycleResult& result, Convention convention = Convention::opensim);

}  // namespace hipspine
