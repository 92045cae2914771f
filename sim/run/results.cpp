// values(i, k) = rule_k(result, i), for i = 0..100 % of the cycle.
#include "sim/run/results.h"

#include <algorithm>

#include "sim/core/units.h"

namespace hipspine {

int Results::column(std::string_view name) const {
  const auto it = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
  return it == columns.end() ? -1 : static_cast<int>(it - columns.begin());
}

Eigen::VectorXd Results::curve(std::string_view name) const {
  const int k = column(name);
  if (k < 0) throw InternalError("there is no result column '" + std::string(name) + "'");
  return values.col(k);
}

bool Results::gates_pass() const {
  return std::all_of(gates.begin(), gates.end(), [](const QualityGate& g) { return g.pass(); });
}

Results make_results(const CycleResult& result, Convention convention) {
  HIPSPINE_DEMAND(result.model != nullptr);
  const int points = static_cast<int>(result.frames.size());
  HIPSPINE_DEMAND(result.plan.q.cols() == points);
  const Model& model = *result.model;

  Results out;
  out.convention = convention;
  out.scenario = result.scenario;
  out.mass_kg = model.mass_kg;
  out.height_m = model.height_m;
  out.weight_n = model.weight_n();
  out.ankle_offset_deg = deg_from_rad(result.ankle_offset_rad);
  out.pelvic_plane_tilt_deg = deg_from_rad(model.pelvic_plane_tilt_rad);
  out.speed_m_s = result.plan.speed_m_s();
  out.stride_length_m = result.plan.stride_length_m;
  out.stride_time_s = result.plan.period_s;
  out.step_length_m = result.plan.step_length_m;
  out.toe_off_pct = result.plan.toe_off_pct;
  out.left_strike_pct = result.plan.left_strike_pct;
  out.slip_mm = result.plan.slip_mm;
  out.costs = result.plan.costs;
  out.gates = result.gates;
  out.saturated = result.saturated;
  out.doses = load_doses(result);
  out.efforts = muscle_efforts(result);
  out.input_files = result.scenario.input_files;
  out.input_hashes = result.scenario.input_hashes;
  out.input_files.insert(out.input_files.end(), model.input_files.begin(), model.input_files.end());
  out.input_hashes.insert(out.input_hashes.end(), model.input_hashes.begin(), model.input_hashes.end());

  const std::vector<ColumnRule> rules = column_rules(model, convention);
  out.columns.reserve(rules.size());
  out.values.resize(points, static_cast<Eigen::Index>(rules.size()));
  for (std::size_t k = 0; k < rules.size(); ++k) {
    out.columns.push_back(rules[k].column);
    for (int i = 0; i < points; ++i) out.values(i, static_cast<Eigen::Index>(k)) = rules[k].value(result, i);
  }
  return out;
}

}  // namespace hipspine
