/// Quintic Hermite between the points of a solved cycle: values, rates and accelerations agree at both ends.
#include "sim/plant/reference_motion.h"

#include <algorithm>
#include <cmath>

#include "sim/core/limp.h"

namespace hipspine {
namespace {

constexpr double kClearance_m = 0.010;              // chosen: below the 13 mm of a toe in mid swing [winter1992]
constexpr double kLeaving = 0.08, kLanding = 0.95;  // chosen: where a foot is near the ground by intent

}  // namespace

double phase_of_foot(const CycleMotion& motion, int side, double phase) {
  const double w = limping_phase(phase, motion.limp), u = side == kRight ? w : w + 0.5;
  return u - std::floor(u);
}

double nearest_strike(const CycleMotion& motion, int side, double phase) {
  const double first = side == kRight ? 0 : left_strike(motion.limp);
  return first + std::round(phase - first);
}

void motion_at(const CycleMotion& motion, double phase, CoordVec& q, CoordVec& v, CoordVec& a) {
  const double cycles = std::floor(phase), place = (phase - cycles) * (kCyclePoints - 1);
  const int k = std::clamp(static_cast<int>(place), 0, kCyclePoints - 2);
  const double u = place - k, h = motion.period_s / (kCyclePoints - 1);
  // Quintic Hermite on [0, 1] from values, rates and accelerations at both ends.
  const auto p0 = motion.q.col(k), p1 = motion.q.col(k + 1);
  const CoordVec v0 = h * motion.v.col(k), v1 = h * motion.v.col(k + 1);
  const CoordVec a0 = h * h * motion.a.col(k), a1 = h * h * motion.a.col(k + 1);
  const CoordVec rise = p1 - p0;
  const CoordVec c3 = 10 * rise - 6 * v0 - 4 * v1 - 1.5 * a0 + 0.5 * a1;
  const CoordVec c4 = -15 * rise + 8 * v0 + 7 * v1 + 1.5 * a0 - a1;
  const CoordVec c5 = 6 * rise - 3 * v0 - 3 * v1 - 0.5 * a0 + 0.5 * a1;
  q = p0 + u * (v0 + u * (0.5 * a0 + u * (c3 + u * (c4 + u * c5))));
  v = (v0 + u * (a0 + u * (3 * c3 + u * (4 * c4 + u * 5 * c5)))) / h;
  a = (a0 + u * (6 * c3 + u * (12 * c4 + u * 20 * c5))) / (h * h);
  q[0] += cycles * motion.stride_m;
}

namespace {

struct Spot {
  int k;
  double u;
};

/// Column and fraction of a phase.
Spot spot(double phase) {
  const double place = (phase - std::floor(phase)) * (kCyclePoints - 1);
  const int k = std::clamp(static_cast<int>(place), 0, kCyclePoints - 2);
  return {k, place - k};
}

}  // namespace

void planned_activation(const CycleMotion& motion, double phase, Eigen::VectorXd& activation) {
  const auto [k, u] = spot(phase);
  activation = (1 - u) * motion.activation.col(k) + u * motion.activation.col(k + 1);
}

void planned_sphere_forces(const CycleMotion& motion, int side, double phase,
                           const std::array<bool, kFootSpheres>& usable, std::array<Vec3, kFootSpheres>& force_G) {
  const Spot at_phase = spot(phase);
  const auto between = [&](const auto& table) {
    return ((1 - at_phase.u) * table.col(at_phase.k) + at_phase.u * table.col(at_phase.k + 1)).eval();
  };
  const Vec3 force = between(motion.force_G[side]);
  const Eigen::Vector2d at = between(motion.place[side]);
  // Spheres: outer and inner heel, inner and outer ball (contact_spheres).
  std::array<double, kFootSpheres> share = {(1 - at[0]) * (1 - at[1]), (1 - at[0]) * at[1], at[0] * at[1],
                                            at[0] * (1 - at[1])};
  double sum = 0;
  for (int i = 0; i < kFootSpheres; ++i) sum += usable[i] ? share[i] : 0;
  for (int i = 0; i < kFootSpheres; ++i)
    force_G[i] = usable[i] && sum > 0 ? Vec3(share[i] / sum * force) : Vec3(Vec3::Zero());
}

void place_from_pressure(const Model& model, int side, const Eigen::Matrix3Xd& cop_G, CycleMotion& motion) {
  const auto spheres = contact_spheres(model);
  const Foot& foot = model.feet[side];
  const auto at = [&](int i) { return spheres[side * kFootSpheres + i].centre_L; };
  const Vec3 heel = 0.5 * (at(0) + at(1)), ball = 0.5 * (at(2) + at(3));
  motion.place[side].resize(2, motion.q.cols());
  Kinematics kin;
  for (Eigen::Index k = 0; k < motion.q.cols(); ++k) {
    update_position(model, motion.q.col(k), kin);
    const Vec3 p_L = kin.X_GL[foot.link].inverse() * Vec3(cop_G.col(k));
    const double along = std::clamp((p_L.x() - heel.x()) / (ball.x() - heel.x()), 0.0, 1.0);
    // From the outer to the inner edge at this distance from the heel.
    const double outer = (1 - along) * at(0).z() + along * at(3).z(),
                 inner = (1 - along) * at(1).z() + along * at(2).z();
    motion.place[side].col(k) << along, std::clamp((p_L.z() - outer) / (inner - outer), 0.0, 1.0);
  }
}

void lift_over_ground(const Model& model, CycleMotion& motion) {
  motion.lift_m = {};
  if (motion.standing) return;
  const auto spheres = contact_spheres(model);
  Kinematics kin;
  for (Eigen::Index k = 0; k < motion.q.cols(); ++k) {
    const double phase = static_cast<double>(k) / static_cast<double>(motion.q.cols() - 1);
    update_position(model, motion.q.col(k), kin);
    for (int side : {kRight, kLeft}) {
      const double u = phase_of_foot(motion, side, phase);
      if (u < motion.toe_off + kLeaving || u > kLanding) continue;
      for (int i = 0; i < kFootSpheres; ++i) {
        const ContactSphere& s = spheres[side * kFootSpheres + i];
        const double gap_m = (kin.X_GL[s.link] * s.centre_L).y() - s.radius_m;
        motion.lift_m[side] = std::max(motion.lift_m[side], kClearance_m - gap_m);
      }
    }
  }
}

}  // namespace hipspine
