// Rows of walks with a stiff right hip. With e = furthest right hip extension (clinical, positive) and t = anterior
// tilt at that instant: lost = e_healthy - e, gained = t - t_healthy, and the thigh in space leans back by e + t.
#include <cmath>

#include "sim/run/curve_metrics.h"
#include "sim/run/report.h"
#include "sim/run/validate.h"

namespace hipspine {
namespace {

struct TrailingThigh {
  double extension_deg = 0;  ///< furthest hip extension
  double tilt_deg = 0;       ///< anterior pelvic tilt then
};

TrailingThigh trailing_thigh(const Results& r) {
  const Extreme e = lowest(r.curve("hip_flexion_r"));
  return {-e.value, r.curve("pelvis_tilt")[e.at_pct]};
}

Measured extension_lost(ValidationCases& cases, const ValidationBench&) {
  const double limit_deg = cases.conditions().tight_extension_limit_deg;
  const double before = trailing_thigh(cases.healthy()).extension_deg;
  const double after = trailing_thigh(cases.extension_limit(limit_deg)).extension_deg;
  return {before - after, "right limit " + fixed(limit_deg, 0) + " deg", std::nullopt};
}

Measured tilt_per_lost_degree(ValidationCases& cases, const ValidationBench&) {
  const TrailingThigh healthy = trailing_thigh(cases.healthy());
  std::vector<double> lost = {0}, gained = {0};
  for (double limit_deg : cases.conditions().extension_limits_deg) {
    const TrailingThigh t = trailing_thigh(cases.extension_limit(limit_deg));
    lost.push_back(healthy.extension_deg - t.extension_deg);
    gained.push_back(t.tilt_deg - healthy.tilt_deg);
  }
  return {fitted_slope(lost, gained), "lost up to " + fixed(lost.back(), 1) + " deg, tilt +" + fixed(gained.back(), 1),
          std::nullopt};
}

Measured thigh_in_space(ValidationCases& cases, const ValidationBench&) {
  const TrailingThigh healthy = trailing_thigh(cases.healthy());
  double largest = 0;
  for (double limit_deg : cases.conditions().small_loss_limits_deg) {
    const TrailingThigh t = trailing_thigh(cases.extension_limit(limit_deg));
    const double change = t.extension_deg + t.tilt_deg - healthy.extension_deg - healthy.tilt_deg;
    if (std::abs(change) > std::abs(largest)) largest = change;
  }
  return {largest, "", std::nullopt};
}

Measured fused_hip(ValidationCases& cases, const ValidationBench&) {
  const Results& healthy = cases.healthy();
  const Results& fused = cases.fused();
  const auto abduction = [](const Results& r) { return highest(-r.curve("hip_adduction_r_moment"), 0, 60).value; };
  const auto hiking = [](const Results& r) { return -lowest(r.curve("pelvis_list"), 60, 99).value; };
  const double tilt_before = range_of(healthy.curve("pelvis_tilt")), tilt_after = range_of(fused.curve("pelvis_tilt"));
  const double hike = hiking(fused) - hiking(healthy);
  Measured m{100 * (abduction(fused) / abduction(healthy) - 1),
             "tilt range " + fixed(tilt_before, 1) + " to " + fixed(tilt_after, 1) + " deg, swing side " +
                 with_sign(hike, 1) + " deg",
             std::nullopt};
  m.also = tilt_after > tilt_before && hike > 0;
  return m;
}

}  // namespace

std::vector<Metric> restricted_metrics() {
  return {
      {"R01", "furthest right hip extension, healthy less tight limit", extension_lost},
      {"R02",
       "slope of anterior tilt against hip extension lost, both at the furthest right hip extension, over all "
       "extension "
       "limits",
       tilt_per_lost_degree},
      {"R03", "largest change of hip extension plus anterior tilt at the furthest right hip extension, small losses",
       thigh_in_space},
      {"R15",
       "change of the highest right hip abduction moment in stance; the range of pelvis_tilt and the right side's "
       "height "
       "in swing must grow",
       fused_hip},
  };
}

}  // namespace hipspine
