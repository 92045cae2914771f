// Rows of hip conditions: what is left of the passive range, and how people with them walk. The right hip is ill.
#include <cmath>

#include "sim/run/curve_metrics.h"
#include "sim/run/report.h"
#include "sim/run/validate.h"

namespace hipspine {
namespace {

/// The healthy person with one condition of the right hip, as the solver moves them.
Scenario patient(ValidationCases& cases, const ValidationBench& bench, const char* condition, double severity) {
  Scenario s = cases.healthy_scenario();
  s.conditions = {{condition, {severity, 0}, {}}};
  return in_the_body(s, bench.clinic);
}

/// How far an examiner moves the thigh in one direction of kHipLimitKeys until the hip resists as a healthy one does at
/// its own limit, straight [rad]; with the thigh flexed by `flexion_rad` where that is not the direction. `knee_rad`:
/// bent so far.
double passive_range(const ValidationBench& bench, const HipLimits& limits, int direction, double flexion_rad,
                     double knee_rad) {
  const int axis = direction / 2;
  const double sense = direction == 0 || direction == 3 || direction == 4 ? 1 : -1;  // of the coordinate
  const auto resisted = [&](const HipLimits& hip, double flexed_rad, double angle_rad) {
    Vec3 q(flexed_rad, 0, 0);
    q[axis] = sense * angle_rad;
    return -sense * hip_passive(bench.hip, hip, q[0], q[1], q[2], knee_rad).moment_nm[axis];
  };
  const HipLimits healthy;
  const double enough_nm = resisted(healthy, 0, healthy.*kHipLimitKeys[direction].value);
  double low = rad_from_deg(-60), high = rad_from_deg(160);
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (resisted(limits, flexion_rad, middle) < enough_nm ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

constexpr double kBentKnee_rad = rad_from_deg(90);  // chosen: hamstrings let go when a hip is examined in flexion

Measured range_change(ValidationCases& cases, const ValidationBench& bench, int direction, double knee_rad) {
  const HipLimits ill =
      patient(cases, bench, "hip_osteoarthritis", cases.conditions().mild_to_moderate_severity).hip[kRight];
  const double before = deg_from_rad(passive_range(bench, HipLimits{}, direction, 0, knee_rad));
  const double after = deg_from_rad(passive_range(bench, ill, direction, 0, knee_rad));
  return {after - before, fixed(before, 1) + " to " + fixed(after, 1) + " deg", std::nullopt};
}

Measured rotation_in_flexion(ValidationCases& cases, const ValidationBench& bench) {
  const double flexion_rad = rad_from_deg(cases.conditions().high_flexion_deg);
  const auto range_deg = [&](double severity) {
    const HipLimits hip = patient(cases, bench, "fai_cam", severity).hip[kRight];
    return deg_from_rad(passive_range(bench, hip, 4, flexion_rad, kBentKnee_rad));
  };
  const double normal = range_deg(0), silent = range_deg(1.0 / 3), ill = range_deg(2.0 / 3);
  return {ill - normal,
          "normal " + fixed(normal, 1) + ", mild " + fixed(silent, 1) + ", moderate " + fixed(ill, 1) + " deg",
          std::nullopt};
}

Measured severe_range(ValidationCases& cases, const ValidationBench&) {
  const double before = range_of(cases.healthy().curve("hip_flexion_r"));
  return {range_of(cases.with_condition("hip_osteoarthritis", 1).curve("hip_flexion_r")),
          "healthy " + fixed(before, 1) + " deg", std::nullopt};
}

Measured slower_and_shorter(ValidationCases& cases, const ValidationBench&) {
  const Results& healthy = cases.healthy();
  const Results& ill = cases.with_condition("hip_osteoarthritis", 1);
  const auto change = [](double now, double before) { return 100 * (now / before - 1); };
  const double speed = change(ill.speed_m_s, healthy.speed_m_s);
  const double stride = change(ill.stride_length_m, healthy.stride_length_m);
  const double right = change(ill.step_length_m[kRight], healthy.step_length_m[kRight]);
  const double left = change(ill.step_length_m[kLeft], healthy.step_length_m[kLeft]);
  Measured m{speed,
             "stride " + with_sign(stride, 1) + " %, steps right " + with_sign(right, 1) + ", left " +
                 with_sign(left, 1) + " %",
             std::nullopt};
  m.also = speed < 0 && stride < 0 && std::max(right, left) < 0;
  return m;
}

Measured trendelenburg(ValidationCases& cases, const ValidationBench&) {
  const Results& healthy = cases.healthy();
  const Results& ill = cases.with_condition("greater_trochanteric_pain", 2.0 / 3);
  struct Peak {
    double moment_nm, drop_deg;
  };
  const auto second_peak = [](const Results& r) {
    const Extreme peak = highest(-r.curve("hip_adduction_r_moment"), 35, 50);
    return Peak{peak.value, -r.curve("pelvis_list")[peak.at_pct]};
  };
  const Peak before = second_peak(healthy), after = second_peak(ill);
  const double change_pct = 100 * (after.moment_nm / before.moment_nm - 1);
  Measured m{after.drop_deg - before.drop_deg, "moment there " + with_sign(change_pct, 1) + " %", std::nullopt};
  m.also = change_pct > 0;
  return m;
}

}  // namespace

std::vector<Metric> condition_metrics() {
  const auto range = [](int direction, double knee_rad) {
    return [=](ValidationCases& cases, const ValidationBench& bench) {
      return range_change(cases, bench, direction, knee_rad);
    };
  };
  return {
      {"P01a",
       "where the hip resists as a healthy one does at its limit, at conditions.mild_to_moderate_severity of "
       "hip_osteoarthritis, knee straight",
       range(1, 0)},
      {"P01b", "the same, knee bent by 90 deg", range(0, kBentKnee_rad)},
      {"P01c", "the same, knee straight", range(2, 0)},
      {"P02", "where the hip resists turning in, at conditions.high_flexion_deg, moderate fai_cam less none",
       rotation_in_flexion},
      {"R07", "range of hip_flexion_r in walking, severe hip_osteoarthritis", severe_range},
      {"R08", "change of speed in walking, severe hip_osteoarthritis; stride and both steps must fall as well",
       slower_and_shorter},
      {"R12",
       "change of pelvic drop at the second peak of the right hip's abduction moment, moderate "
       "greater_trochanteric_pain; that moment must grow",
       trendelenburg},
  };
}

}  // namespace hipspine
