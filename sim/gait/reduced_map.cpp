/// Reduced coordinates. Pelvis and legs map one to one. The thorax turns against the pelvis by three angles; each
/// lumbar level takes its share by stiffness of what the rib cage leaves,
///   q_level,axis = (1 - thoracic share) · share_level,axis · z_axis,     q_thoracic = thoracic share · z_axis.
/// Arms follow a rule of phase: they swing against the leg of their side, or hang from a bowing thorax.
#include "sim/gait/reduced_map.h"

#include <cmath>
#include <numbers>

#include "sim/core/diagnostics.h"

namespace hipspine {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;

}  // namespace

ReducedMap::ReducedMap(const Model& model, const LevelShares& share)
    : index_(model.n_coord(), -1), factor_(model.n_coord(), 0.0) {
  const auto set = [&](int coordinate, int reduced, double factor) {
    HIPSPINE_DEMAND(coordinate >= 0);
    index_[coordinate] = reduced;
    factor_[coordinate] = factor;
  };
  const char* pelvis[] = {"pelvis_tx", "pelvis_ty", "pelvis_tz", "pelvis_tilt", "pelvis_list", "pelvis_rotation"};
  for (int j = 0; j < 6; ++j) set(model.coordinate(pelvis[j]), j, 1);
  for (int side : {kRight, kLeft}) {
    const Leg& leg = model.legs[side];
    const int start = kLegStart[side];
    const int at[] = {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation, leg.knee, leg.ankle, leg.subtalar};
    for (int j = 0; j < 6; ++j) set(at[j], start + j, 1);
  }
  const double lumbar[] = {1, 1 - model.thoracic_share_bending, 1 - model.thoracic_share_rotation};
  for (const Level& level : model.levels) {
    const int at[] = {level.fe, level.lb, level.ar};
    for (int axis = 0; axis < 3; ++axis)
      set(at[axis], kExtension + axis, lumbar[axis] * share[axis][&level - model.levels.data()]);
  }
  set(model.coordinate("thoracic_LB"), kBending, model.thoracic_share_bending);
  set(model.coordinate("thoracic_AR"), kAxial, model.thoracic_share_rotation);
  arm_ = {model.coordinate("arm_flex_r"), model.coordinate("arm_flex_l")};
}

void ReducedMap::expand(const ReducedVec& z, const ReducedVec& dz, const ReducedVec& ddz, double p, double period_s,
                        CoordVec& q, CoordVec& v, CoordVec& a) const {
  const int n = static_cast<int>(index_.size());
  q.resize(n);
  v.resize(n);
  a.resize(n);
  const double rate = 1 / period_s;
  for (int i = 0; i < n; ++i) {
    if (index_[i] < 0) continue;
    q[i] = factor_[i] * z[index_[i]];
    v[i] = factor_[i] * dz[index_[i]] * rate;
    a[i] = factor_[i] * ddz[index_[i]] * rate * rate;
  }
  for (int side : {kRight, kLeft}) {  // an arm swings back with the leg of its side in front
    const double sign = side == kRight ? -1 : 1;
    const double w = kTwoPi * rate;
    const double phase = kTwoPi * (p + arm_phase_);
    const double swing = sign * arm_swing_rad_ - 0.5 * bow_rad_;  // of cos; bowing by half of 1 - cos
    q[arm_[side]] = 0.5 * bow_rad_ + swing * std::cos(phase);
    v[arm_[side]] = -swing * w * std::sin(phase);
    a[arm_[side]] = -swing * w * w * std::cos(phase);
  }
}

void ReducedMap::reduce(const Wrench6N& by_coordinate, Eigen::Matrix<double, 6, kReduced>& by_reduced) const {
  by_reduced.setZero();
  for (size_t i = 0; i < index_.size(); ++i) {
    if (index_[i] >= 0) by_reduced.col(index_[i]) += factor_[i] * by_coordinate.col(i);
  }
}

BasisRows basis_rows(double phase) {
  BasisRows b;
  b.f[0] = 1;
  b.df[0] = b.ddf[0] = 0;
  for (int k = 1; k <= kHarmonics; ++k) {
    const double w = kTwoPi * k, c = std::cos(w * phase), s = std::sin(w * phase);
    b.f.segment<2>(2 * k - 1) << c, s;
    b.df.segment<2>(2 * k - 1) << -w * s, w * c;
    b.ddf.segment<2>(2 * k - 1) << -w * w * c, -w * w * s;
  }
  return b;
}

}  // namespace hipspine
