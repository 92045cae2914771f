/// Sitting: where a seat is and how the body is held to it.
///   seat     ischium off its place on the seat, times its window, tight upward and loose along the seat (the pelvis
///   rolls
///            on it); while the window is not closed, a hinge on ischia below the seat's height
/// The seat's forces are generators of the contact cone (contact_cone.h).
#include <algorithm>
#include <cmath>

#include "sim/gait/compensation.h"

namespace hipspine {
namespace {

constexpr double kAlong_m = 0.015;                    // chosen: sigma of an ischium along the seat
constexpr double kUnder_m = 0.005;                    // chosen: the seat is as hard as the floor
constexpr double kPelvisBack_rad = rad_from_deg(12);  // of relaxed sitting [innmann2020], to place the seat

double square(double x) { return x * x; }

}  // namespace

void PlanProblem::seat(int k) {
  const SeatPlan& s = contact_.seat();
  if (!s.there) return;
  const double window = s.contact_window(phase_[k]);
  const int link = model_.bodies[model_.body("pelvis")].link;
  for (int side : {kRight, kLeft}) {
    const Vec3 point = bodies_.pose(link, lane_) * s.ischium_P[side];
    Eigen::Matrix<double, 2, 6> J = Eigen::Matrix<double, 2, 6>::Zero();
    for (int i = link; i >= 0 && with_hessian_; i = model_.coordinates[i].parent)
      J.col(map_.index(i)) = (kin_.S_G[i].tail<3>() + kin_.S_G[i].head<3>().cross(point)).head<2>();
    const auto add = [&](double error, int row, double weight) {
      costs_.value[0] += 0.5 * weight * error * error;
      const Vec3 pull = weight * error * Vec3::Unit(row);
      bodies_.load(link, lane_, (Vec6() << point.cross(pull), pull).finished());
      if (with_hessian_) h_.topLeftCorner<6, 6>() += weight * J.row(row).transpose() * J.row(row);
    };
    const double above = point.y() - (s.height_m + s.radius_m);
    add(point.x() - s.x_m, 0, square(window / kAlong_m));
    add(above, 1, square(window / weights.stance_m));
    if (window < 1 && above < 0) add(above, 1, square((1 - window) / kUnder_m));
  }
}

SeatPlan Planner::seat_of(const Task& task, SeatedLeg& leg) const {
  SeatPlan seat;
  if (!task.seat.there) return seat;
  const double scale = model_.length_scale;
  seat.there = true;
  seat.height_m = scale * task.seat.height_m;
  seat.radius_m = scale * task.seat.radius_m;
  seat.left_at = task.seat.left_at;
  Kinematics kin;
  update_position(model_, CoordVec::Zero(model_.n_coord()), kin);
  const Body& pelvis = model_.bodies[model_.body("pelvis")];
  const Transform X_PG = (kin.X_GL[pelvis.link] * pelvis.X_LB).inverse();
  for (int side : {kRight, kLeft}) {
    const Vec3 hip = pelvis.X_LB * (X_PG * kin.X_GL[model_.legs[side].hip_flexion].p);  // in the link
    seat.ischium_P[side] = hip + scale * Vec3(task.seat.ischium_m.x(), task.seat.ischium_m.y(),
                                              (side == kRight ? 1 : -1) * task.seat.ischium_m.z());
  }
  // Foot flat with its heel at the origin, knee ahead of it, hip where the ischium touches: one triangle.
  const Foot& foot = model_.feet[kRight];
  const Leg& right = model_.legs[kRight];
  const Vec3 heel = point_G(kin, foot.link, foot.sole_L[0]), ankle = kin.X_GL[right.ankle].p - heel;
  const Vec3 knee = kin.X_GL[right.knee].p, hip = kin.X_GL[right.hip_flexion].p;
  const double shank = std::hypot(knee.x() - ankle.x() - heel.x(), knee.y() - ankle.y() - heel.y());
  const double thigh = std::hypot(hip.x() - knee.x(), hip.y() - knee.y());
  const double lean = std::asin(std::clamp((scale * task.seat.heel_behind_knee_m - ankle.x()) / shank, -0.9, 0.9));
  const Vec3 knee_seated(ankle.x() + shank * std::sin(lean), ankle.y() + shank * std::cos(lean), 0);
  const Vec3 ischium = rotation(Vec3::UnitZ(), kPelvisBack_rad) * (scale * task.seat.ischium_m);
  const double hip_height = seat.height_m + seat.radius_m - ischium.y();
  const double rise = std::clamp(hip_height - knee_seated.y(), -0.9 * thigh, 0.9 * thigh);
  const double reach = std::sqrt(thigh * thigh - rise * rise);
  seat.x_m = knee_seated.x() - reach + ischium.x();
  leg.thigh_rad = std::atan2(reach, rise);
  leg.shank_rad = lean;
  return seat;
}

/// On the seat and off it: legs folded as the seat wants them, the thorax where the task wants it.
void Planner::set_seated(const Task& task) {
  SeatedLeg leg;
  contact_.set_seat(seat_of(task, leg));
  PlanState& x = problem_.targets.posture;
  x.g[kPeriod] = task.period_s;
  for (Vec3& force : problem_.targets.force_n) force = Vec3(0, model_.weight_n(), 0);
  std::array<double, kNodes> folded, lean;
  for (int k = 0; k < kNodes; ++k) {
    const double p = static_cast<double>(k) / kNodes, u = std::min(p, 1 - p), off = task.seat.left_at;
    const bool rises = off < 0.5;
    folded[k] = rises ? 1 - smooth_step(off - 0.04, 0.46, u) : 1;
    lean[k] = task.lean_rad * (rises ? smooth_step(0, off - 0.03, u) * (1 - smooth_step(off, 0.48, u)) : 1);
  }
  const auto curve = [&](double angle_rad) {
    Harmonics c = Harmonics::Zero();
    for (int k = 0; k < kNodes; ++k) {
      const BasisRows b = basis_rows(static_cast<double>(k) / kNodes);
      c += (angle_rad * folded[k] / kNodes) * (2 * b.f - Harmonics::Unit(0));
    }
    return c;
  };
  for (int start : kLegStart) {
    x.c.col(start) = curve(leg.thigh_rad);
    x.c.col(start + 3) = curve(leg.thigh_rad + leg.shank_rad);
    x.c.col(start + 4) = curve(leg.shank_rad);
  }
  put_pelvis_on_feet(x, kHarmonics);
  problem_.set_paths_from_posture();
  for (int k = 0; k < kNodes; ++k) problem_.targets.R_thorax_G[k] = rotation(Vec3::UnitZ(), -lean[k]);
}

}  // namespace hipspine
