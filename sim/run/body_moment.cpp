// Linear between cycle points: x(p) = (1 - u) x_k + u x_k+1 with 100 p = k + u. The centre of pressure is the one of
// the force that is linear: weighted by the vertical force at both points, so that a foot's first load stands where it
// lands.
#include <algorithm>
#include <cmath>

#include "sim/run/live.h"

namespace hipspine {
namespace {

struct Between {
  double u;

  [[nodiscard]] double operator()(double a, double b) const { return (1 - u) * a + u * b; }
  template <class Derived>
  [[nodiscard]] typename Derived::PlainObject operator()(const Eigen::MatrixBase<Derived>& a,
                                                         const Eigen::MatrixBase<Derived>& b) const {
    return (1 - u) * a + u * b;
  }
  template <class T, std::size_t n>
  [[nodiscard]] std::array<T, n> operator()(const std::array<T, n>& a, const std::array<T, n>& b) const {
    std::array<T, n> out;
    for (std::size_t i = 0; i < n; ++i) out[i] = (*this)(a[i], b[i]);
    return out;
  }
  [[nodiscard]] SacroiliacLoad operator()(const SacroiliacLoad& a, const SacroiliacLoad& b) const {
    SacroiliacLoad out;
    for (auto field : {&SacroiliacLoad::compression_n, &SacroiliacLoad::shear_n, &SacroiliacLoad::moment_nm,
                       &SacroiliacLoad::nutation_rad})
      out.*field = (*this)(a.*field, b.*field);
    return out;
  }
  [[nodiscard]] SegmentLoad operator()(const SegmentLoad& a, const SegmentLoad& b) const {
    SegmentLoad out;
    out.status = std::max(a.status, b.status);
    out.iterations = std::max(a.iterations, b.iterations);
    for (auto field : {&SegmentLoad::rotation_rad, &SegmentLoad::translation_m, &SegmentLoad::moment_nm,
                       &SegmentLoad::disc_moment_nm})
      out.*field = (*this)(a.*field, b.*field);
    for (auto field : {&SegmentLoad::disc_compression_n, &SegmentLoad::disc_shear_n, &SegmentLoad::disc_pressure_pa,
                       &SegmentLoad::facet_share, &SegmentLoad::ligament_n, &SegmentLoad::bridge_compression_n})
      out.*field = (*this)(a.*field, b.*field);
    for (auto field : {&SegmentLoad::facet_n, &SegmentLoad::tip_n, &SegmentLoad::facet_up_n})
      out.*field = (*this)(a.*field, b.*field);
    out.facet_moment_nm = (*this)(a.facet_moment_nm, b.facet_moment_nm);
    out.ligament_moment_nm = (*this)(a.ligament_moment_nm, b.ligament_moment_nm);
    out.ligament_down_n = (*this)(a.ligament_down_n, b.ligament_down_n);
    out.ligament_group_n = (*this)(a.ligament_group_n, b.ligament_group_n);
    return out;
  }
  [[nodiscard]] FrameLoads operator()(const FrameLoads& a, const FrameLoads& b) const {
    FrameLoads out;
    out.joint_moment = (*this)(a.joint_moment, b.joint_moment);
    out.hip_contact_P = (*this)(a.hip_contact_P, b.hip_contact_P);
    out.hip_passive_nm = (*this)(a.hip_passive_nm, b.hip_passive_nm);
    out.hip_impingement_n = (*this)(a.hip_impingement_n, b.hip_impingement_n);
    out.level_force_D = (*this)(a.level_force_D, b.level_force_D);
    out.segment = (*this)(a.segment, b.segment);
    out.sacroiliac = (*this)(a.sacroiliac, b.sacroiliac);
    out.sciatic_strain = (*this)(a.sciatic_strain, b.sciatic_strain);
    out.sciatic_length_m = (*this)(a.sciatic_length_m, b.sciatic_length_m);
    out.foramen_opening = (*this)(a.foramen_opening, b.foramen_opening);
    out.symphysis_force_n = (*this)(a.symphysis_force_n, b.symphysis_force_n);
    out.activation = (*this)(a.activation, b.activation);
    out.muscle_force_n = (*this)(a.muscle_force_n, b.muscle_force_n);
    out.reserve_nm = (*this)(a.reserve_nm, b.reserve_nm);
    out.departure_rad = (*this)(a.departure_rad, b.departure_rad);
    out.recruitment_ok = a.recruitment_ok && b.recruitment_ok;
    out.pelvis_ok = a.pelvis_ok && b.pelvis_ok;
    out.residual_force_n = (*this)(a.residual_force_n, b.residual_force_n);
    out.residual_moment_nm = (*this)(a.residual_moment_nm, b.residual_moment_nm);
    return out;
  }
};

}  // namespace

BodyMoment moment_of(const CycleResult& cycle, double phase) {
  HIPSPINE_DEMAND(cycle.frames.size() == kCyclePoints && std::isfinite(phase));
  const Plan& plan = cycle.plan;
  const double strides = std::floor(phase);
  BodyMoment out;
  out.phase = phase - strides;
  out.time_s = phase * plan.period_s;
  const double at = out.phase * (kCyclePoints - 1);
  const int k = std::clamp(static_cast<int>(at), 0, kCyclePoints - 2);
  const Between mix{at - k};
  const double moved_m = strides * plan.stride_length_m;
  out.q = mix(plan.q.col(k), plan.q.col(k + 1));
  out.q[0] += moved_m;
  for (int side : {kRight, kLeft}) {
    const GroundForce& g = plan.ground[side];
    out.ground_force_G[side] = mix(g.force_G.col(k), g.force_G.col(k + 1));
    const double before_n = (1 - mix.u) * std::max(0.0, g.force_G(1, k));
    const double after_n = mix.u * std::max(0.0, g.force_G(1, k + 1));
    const double sum_n = before_n + after_n;
    const Between weighted{sum_n > 0 ? after_n / sum_n : mix.u};
    out.ground_cop_G[side] = weighted(g.cop_G.col(k), g.cop_G.col(k + 1));
    out.ground_cop_G[side].x() += moved_m;
    const GroundForce& seat = plan.seat[side];
    if (seat.force_G.cols() == 0) continue;  // a recorded stride
    out.seat_force_G[side] = mix(seat.force_G.col(k), seat.force_G.col(k + 1));
    out.seat_cop_G[side] = mix(seat.cop_G.col(k), seat.cop_G.col(k + 1));
    // A chair does not move with what presses it: where the force acts on the mean of the cycle.
    const double pressed_n = seat.force_G.row(1).sum();
    if (pressed_n > 0) out.seat_G += 0.5 / pressed_n * (seat.cop_G * seat.force_G.row(1).transpose());
  }
  out.loads = mix(cycle.frames[static_cast<std::size_t>(k)], cycle.frames[static_cast<std::size_t>(k) + 1]);
  return out;
}

}  // namespace hipspine
