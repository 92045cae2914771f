// Rows of standing, relaxed sitting and the full forward bend of the healthy person.
#include <cmath>

#include "sim/run/curve_metrics.h"
#include "sim/run/report.h"
#include "sim/run/validate.h"

namespace hipspine {
namespace {

double mean_of(const Results& r, const char* column) {
  const auto& curve = r.curve(column);
  double sum = 0;
  for (const double v : curve) sum += v;
  return sum / static_cast<double>(curve.size());
}

/// How far a column moves from the start of the bend to its deepest [deg].
double bowed_deg(const Results& bend, const char* column) {
  const auto& curve = bend.curve(column);
  return std::abs(curve[curve.size() / 2] - curve[0]);
}

Measured pressure_ratio(ValidationCases& cases, const ValidationBench&) {
  const std::optional<double> flexed = bowed_forward(cases, "L4_L5_disc_pressure");
  if (!flexed) return {std::nullopt, "the bend does not reach that inclination", std::nullopt};
  return {*flexed / mean_of(cases.standing(), "L4_L5_disc_pressure"),
          fixed(*flexed, 2) + " MPa; largest of the whole bend " +
              fixed(cases.bending().curve("L4_L5_disc_pressure").maxCoeff(), 2),
          std::nullopt};
}

Measured seated_less_standing(ValidationCases& cases, const char* column, double sign) {
  const double seated = mean_of(cases.sitting(), column), standing = mean_of(cases.standing(), column);
  return {sign * (seated - standing), fixed(standing, 1) + " to " + fixed(seated, 1) + " deg", std::nullopt};
}

}  // namespace

std::optional<double> bowed_forward(ValidationCases& cases, const char* column) {
  const Results& bend = cases.bending();
  const auto& tilt = bend.curve("pelvis_tilt");  // clinical: forward positive
  const auto& lumbar = bend.curve("lumbar_extension");
  const auto& curve = bend.curve(column);
  const double start = tilt[0] - lumbar[0], wanted = cases.conditions().flexed_inclination_deg;
  for (Eigen::Index k = 1; k <= curve.size() / 2; ++k) {
    const double before = tilt[k - 1] - lumbar[k - 1] - start, now = tilt[k] - lumbar[k] - start;
    if (now < wanted) continue;
    const double u = (wanted - before) / (now - before);
    return curve[k - 1] + u * (curve[k] - curve[k - 1]);
  }
  return std::nullopt;
}

std::vector<Metric> task_metrics() {
  return {
      {"L07a", "mean over quiet standing",
       [](ValidationCases& cases, const ValidationBench&) {
         return Measured{mean_of(cases.standing(), "L4_L5_disc_pressure"),
                         fixed(mean_of(cases.standing(), "L4_L5_compression"), 0) + " N", std::nullopt};
       }},
      {"L07b", "in the forward bend, on the way down at conditions.flexed_inclination_deg, over standing",
       pressure_ratio},
      {"F30", "both facets of L4_L5 in the standing body",
       [](ValidationCases& cases, const ValidationBench&) {
         return Measured{100 * mean_of(cases.standing(), "L4_L5_facet_share"), "", std::nullopt};
       }},
      {"S01a", "hip_flexion_r, relaxed sitting less standing",
       [](ValidationCases& cases, const ValidationBench&) { return seated_less_standing(cases, "hip_flexion_r", 1); }},
      {"S01b", "backward pelvic tilt, relaxed sitting less standing",
       [](ValidationCases& cases, const ValidationBench&) { return seated_less_standing(cases, "pelvis_tilt", -1); }},
      {"S01c", "lumbar flexion, relaxed sitting less standing",
       [](ValidationCases& cases, const ValidationBench&) {
         return seated_less_standing(cases, "lumbar_extension", -1);
       }},
      {"S06a", "lumbar flexion from upright to the deepest point",
       [](ValidationCases& cases, const ValidationBench&) {
         return Measured{bowed_deg(cases.bending(), "lumbar_extension"), "", std::nullopt};
       }},
      {"S06b", "hip flexion from upright to the deepest point",
       [](ValidationCases& cases, const ValidationBench&) {
         return Measured{bowed_deg(cases.bending(), "hip_flexion_r"), "", std::nullopt};
       }},
  };
}

}  // namespace hipspine
