/// Angles in degrees here as in the publications, energy in N·m·deg until the end; H flexion, A adduction, R internal
/// rotation, K knee flexion, e extension limit, f flexion limit.
///
///   M_H = s X(a0 + a_K K - a_H (H - (e0 - e)))        extension branch: capsule and hip flexors, moved by what is lost
///       - X(b0 + b_K K + b_H H) + c                    hamstrings: stay where they are
///       + s x m X(-(H + e)/w) - s m X((H - f)/w)       end stops, m at the limit; x their share in extension
///       - c'(H) s m X((R - r_in + c(H))/w)             reaction of the shrinking internal rotation
///   M_A = s m X((-abd - A)/w) - s m X((A - add)/w)
///   M_R = s m X((-ext - R)/w) - s m X((R - r_in + c(H))/w),     c(H) = slope · ramp(H - start)
/// Neck against rim (femoroacetabular impingement), for a cam and for a pincer, g = (1, g_A, g_R) how it is approached:
///   E_b = m w_b P((H + g_A A + g_R R - contact)/w_b),   moments -m X(...) g,   force m X(...) |g| / lever
/// X is the exponential, continued beyond a cap by its second-order series, with the exact primitive of that; every
/// term is the derivative of one energy. s is the stiffness scale. The knee enters as an angle; the energy's derivative
/// with respect to it is given as well.
#include "sim/tissue/hip_passive.h"

#include <cmath>

#include "sim/core/document.h"
#include "sim/core/units.h"
#include "sim/tissue/ramp.h"

namespace hipspine {
namespace {

/// The capped exponential with its primitive and derivative.
struct Exponential {
  double primitive, value, slope;
};

Exponential capped_exp(double x, double cap) {
  if (x <= cap) {
    const double e = std::exp(x);
    return {e, e, e};
  }
  const double top = std::exp(cap);
  const double u = x - cap;
  return {top * (1 + u * (1 + u * (0.5 + u / 6))), top * (1 + u * (1 + 0.5 * u)), top * (1 + u)};
}

}  // namespace

HipPassiveParameters load_hip_passive(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  Document document = Document::load(folder / "hip.toml", diagnostics);
  Table root = document.root();
  HipPassiveParameters p;
  Table curve = root.table("sagittal");
  p.extension_offset = curve.number("extension_offset", {-10, 10});
  p.extension_knee_per_rad = curve.number("extension_knee_per_deg", {-1, 1}) / kDeg;
  p.extension_hip_per_rad = curve.number("extension_hip_per_deg", {0.001, 1}) / kDeg;
  p.flexion_offset = curve.number("flexion_offset", {-10, 10});
  p.flexion_knee_per_rad = curve.number("flexion_knee_per_deg", {-1, 1}) / kDeg;
  p.flexion_hip_per_rad = curve.number("flexion_hip_per_deg", {0.001, 1}) / kDeg;
  p.constant_nm = curve.number("constant_nm", {-100, 100});
  p.healthy_extension_rad = rad_from_deg(curve.number("healthy_extension_deg", {0, 60}));
  curve.finish();
  Table stop = root.table("end_stop");
  p.stop_moment_nm = stop.number("moment_at_limit_nm", {0.1, 200});
  p.stop_extension_share = stop.number("extension_share", {0, 1});
  p.stop_width_rad = rad_from_deg(stop.number("e_fold_deg", {0.5, 30}));
  p.exponent_cap = stop.number("exponent_cap", {1, 20});
  stop.finish();
  Table coupling = root.table("internal_rotation_in_flexion");
  p.rotation_loss_start_rad = rad_from_deg(coupling.number("start_deg", {0, 130}));
  p.rotation_loss_width_rad = rad_from_deg(coupling.number("half_width_deg", {1, 60}));
  p.rotation_loss_slope = coupling.number("lost_deg_per_deg", {0, 2});
  coupling.finish();
  Table bone = root.table("impingement");
  for (const auto& [key, approach] :
       {std::pair("cam_approach", &p.cam_approach), std::pair("pincer_approach", &p.pincer_approach)}) {
    const std::vector<double> g = bone.numbers(key, 2, {0, 3});
    for (std::size_t i = 0; i < approach->size() && i < g.size(); ++i) (*approach)[i] = g[i];
  }
  p.bone_width_rad = rad_from_deg(bone.number("e_fold_deg", {0.5, 10}));
  p.bone_lever_m = m_from_mm(bone.number("lever_mm", {10, 60}));
  bone.finish();
  root.finish();
  return p;
}

HipPassive hip_passive(const HipPassiveParameters& p, const HipLimits& limits, double flexion_rad, double adduction_rad,
                       double rotation_rad, double knee_rad) {
  const double s = limits.stiffness_scale;
  const double shift = p.healthy_extension_rad - limits.extension_max_rad;
  const double a = p.extension_hip_per_rad;
  const double b = p.flexion_hip_per_rad;
  HipPassive r;

  const Exponential ext =
      capped_exp(p.extension_offset + p.extension_knee_per_rad * knee_rad - a * (flexion_rad - shift), p.exponent_cap);
  const Exponential flex =
      capped_exp(p.flexion_offset + p.flexion_knee_per_rad * knee_rad + b * flexion_rad, p.exponent_cap);
  r.moment_nm[0] = s * ext.value - flex.value + p.constant_nm;
  r.d_moment(0, 0) = -s * a * ext.slope - b * flex.slope;
  r.d_moment(0, 3) = s * p.extension_knee_per_rad * ext.slope - p.flexion_knee_per_rad * flex.slope;
  r.energy_j = s * ext.primitive / a + flex.primitive / b - p.constant_nm * flexion_rad;
  r.knee_moment_nm = -s * p.extension_knee_per_rad / a * ext.value - p.flexion_knee_per_rad / b * flex.value;

  const double w = p.stop_width_rad;
  const double m = s * p.stop_moment_nm;
  // A stop that pushes towards smaller (sign -1) or larger (+1) values of the coordinate, `past` beyond its limit.
  const auto stop = [&](int axis, double past, double sign) {
    const Exponential x = capped_exp(past / w, p.exponent_cap);
    r.moment_nm[axis] += sign * m * x.value;
    r.d_moment(axis, axis) -= std::abs(sign) * m / w * x.slope;
    r.energy_j += std::abs(sign) * m * w * x.primitive;
  };
  stop(0, -limits.extension_max_rad - flexion_rad, p.stop_extension_share);
  stop(0, flexion_rad - limits.flexion_max_rad, -1);
  stop(1, -limits.abduction_max_rad - adduction_rad, 1);
  stop(1, adduction_rad - limits.adduction_max_rad, -1);
  stop(2, -limits.external_rotation_max_rad - rotation_rad, 1);

  const Ramp bend = ramp(flexion_rad - p.rotation_loss_start_rad, p.rotation_loss_width_rad);
  const double lost = p.rotation_loss_slope * bend.value;
  const double d_lost = p.rotation_loss_slope * bend.slope;
  const double dd_lost = bend.slope > 0 && bend.slope < 1 ? p.rotation_loss_slope / (2 * p.rotation_loss_width_rad) : 0;
  const Exponential in = capped_exp((rotation_rad - limits.internal_rotation_max_rad + lost) / w, p.exponent_cap);
  r.moment_nm[2] -= m * in.value;
  r.moment_nm[0] -= m * d_lost * in.value;
  r.energy_j += m * w * in.primitive;
  r.d_moment(2, 2) -= m / w * in.slope;
  r.d_moment(2, 0) -= m / w * d_lost * in.slope;
  r.d_moment(0, 2) -= m / w * d_lost * in.slope;
  r.d_moment(0, 0) -= m * (d_lost * d_lost / w * in.slope + dd_lost * in.value);

  const auto bone = [&](double contact_rad, const std::array<double, 2>& approach) {
    if (contact_rad == kNoContact_rad) return;
    const Vec3 g(1, approach[0], approach[1]);
    const double past = flexion_rad + g[1] * adduction_rad + g[2] * rotation_rad - contact_rad;
    const Exponential x = capped_exp(past / p.bone_width_rad, p.exponent_cap);
    r.moment_nm -= p.stop_moment_nm * x.value * g;
    r.d_moment.leftCols<3>() -= p.stop_moment_nm / p.bone_width_rad * x.slope * g * g.transpose();
    r.energy_j += p.stop_moment_nm * p.bone_width_rad * x.primitive;
    r.impingement_n += p.stop_moment_nm * x.value * g.norm() / p.bone_lever_m;
  };
  bone(limits.cam_contact_rad, p.cam_approach);
  bone(limits.pincer_contact_rad, p.pincer_approach);
  return r;
}

}  // namespace hipspine
