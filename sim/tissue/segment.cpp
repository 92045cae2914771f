/// At fixed rotations: minimise E(t) - f · t over the three translations. On the rig: minimise E(t, q) - f · t - Q · q
/// over all six (a follower cable adds its own energy), where Q = axes(q)' m are the generalised moments of the pure
/// moment m; Q is brought up to date between minimisations (it changes with angle times moment, an order below the
/// stiffness, so a few rounds suffice). Newton's method with the exact Hessian; a shift makes it positive definite
/// where the energy is not convex, and a step is taken only if it lowers the energy enough (or, within rounding of the
/// answer, the unbalanced force).
#include "sim/tissue/segment.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/tissue/element.h"

namespace hipspine {
namespace {

constexpr double kBound_m = 0.02;  // a vertebra does not slide further; beyond, the answer is `limited`
constexpr double kStep_m = 0.003;  // longest single step
constexpr double kLever_m = 0.03;  // makes rotations comparable with translations: the facets' distance
constexpr int kIterations = 80;
constexpr int kHalvings = 12;

/// Solves (H + shift) s = -g with the smallest shift of a doubling sequence that makes H positive definite.
template <class Matrix, class Vector>
Vector descent(const Matrix& H, const Vector& g) {
  Eigen::LLT<Matrix> llt(H);
  double shift = 1e-3 * H.diagonal().cwiseAbs().maxCoeff();
  while (llt.info() != Eigen::Success && shift < 1e12) {
    llt.compute(H + shift * Matrix::Identity());
    shift *= 4;
  }
  return -llt.solve(g);
}

struct Minimum {
  bool converged = false;
  int iterations = 0;
};

/// Minimises energy(x) - load · x from x. `evaluate(x, energy, gradient, hessian)` gives E and its derivatives.
template <class Vector, class Matrix, class Evaluate>
Minimum minimise(Vector& x, const Vector& load, double longest, double tolerance, Evaluate&& evaluate) {
  double energy, energy_new;
  Vector g, g_new, x_new;
  Matrix H, H_new;
  evaluate(x, energy, g, H);
  energy -= load.dot(x);
  g -= load;
  Minimum result;
  for (; result.iterations < kIterations; ++result.iterations) {
    const double unbalanced = g.norm();
    if (unbalanced <= tolerance) {
      result.converged = true;
      return result;
    }
    Vector step = descent(H, g);
    const double length = step.norm();
    if (!(length < longest)) step *= longest / length;
    const double slope = g.dot(step);
    double part = 1;
    bool taken = false;
    for (int i = 0; i < kHalvings && !taken; ++i, part *= 0.5) {
      x_new = x + part * step;
      evaluate(x_new, energy_new, g_new, H_new);
      energy_new -= load.dot(x_new);
      g_new -= load;
      // Close to the answer the energies differ by less than their rounding; there the unbalanced force decides.
      const bool rounded = -slope <= 1e-11 * (std::abs(energy) + std::abs(load.dot(x)));
      taken = energy_new <= energy + 1e-4 * part * slope || (rounded && g_new.norm() <= 0.5 * unbalanced);
    }
    if (!taken) return result;
    x = x_new;
    energy = energy_new;
    g = g_new;
    H = H_new;
  }
  return result;
}

double tolerance_n(const Vec3& force) { return 1e-8 + 1e-11 * force.norm(); }

}  // namespace

SegmentParameters bench_specimen(const SegmentParameters& parameters) {
  SegmentParameters p = parameters;
  p.extension_preset_rad = 0;
  p.disc.height_loss_m = 0;
  p.n_ligament = 0;  // a segment cut out of the body has no ilium
  for (int i = 0; i < parameters.n_ligament; ++i)
    if (parameters.ligament[i].group != kIliolumbar) p.ligament[p.n_ligament++] = parameters.ligament[i];
  return p;
}

SegmentLoad solve_segment(const SegmentParameters& p, const Vec3& rotation_rad, const Vec3& force_D,
                          const Vec3& guess_m) {
  SegmentLoad load;
  load.rotation_rad = rotation_rad;
  if (!rotation_rad.allFinite() || !force_D.allFinite()) {
    load.status = SegmentStatus::not_finite;
    return load;
  }
  HeldElement held;
  hold_element(p, rotation_rad + Vec3(p.extension_preset_rad, 0, 0), held);
  Vec3 t = guess_m.allFinite() ? Vec3(guess_m.cwiseMax(-kBound_m).cwiseMin(kBound_m)) : Vec3::Zero();
  const Minimum found = minimise<Vec3, Mat3>(t, force_D, kStep_m, tolerance_n(force_D),
                                             [&](const Vec3& x, double& energy, Vec3& g, Mat3& H) {
                                               TranslationEnergy e;
                                               element_energy(p, held, x, e);
                                               energy = e.energy_j;
                                               g = e.gradient_n;
                                               H = e.hessian_n_m;
                                             });
  load.iterations = found.iterations;
  if (!found.converged || t.cwiseAbs().maxCoeff() > kBound_m) load.status = SegmentStatus::limited;
  t = t.cwiseMax(-kBound_m).cwiseMin(kBound_m);
  element_loads(p, held, t, -force_D.y(), load);
  return load;
}

SegmentLoad solve_rotation(const SegmentParameters& p, const Vec3& moment_nm, const Vec3& force_D,
                           const FollowerCable& cable) {
  SegmentLoad load;
  if (!moment_nm.allFinite() || !force_D.allFinite() || !std::isfinite(cable.tension_n)) {
    load.status = SegmentStatus::not_finite;
    return load;
  }
  const Vec3 preset(p.extension_preset_rad, 0, 0);
  Vec6 scale;
  scale << 1, 1, 1, 1 / kLever_m, 1 / kLever_m, 1 / kLever_m;  // x = (t, lever · q): one unit, one step length
  Vec6 x = Vec6::Zero();
  x.tail<3>() = kLever_m * preset;
  const double tolerance = tolerance_n(force_D) + 1e-11 * (moment_nm.norm() / kLever_m + std::abs(cable.tension_n));
  Minimum found;
  for (int round = 0; round < 60; ++round) {
    const Vec6 before = x;
    ElementRotation rotation;
    element_rotation(x.tail<3>() / kLever_m, rotation);
    Vec6 applied;
    applied << force_D, rotation.axes.transpose() * moment_nm / kLever_m;
    found = minimise<Vec6, Mat6>(x, applied, kStep_m, tolerance, [&](const Vec6& at, double& energy, Vec6& g, Mat6& H) {
      PoseEnergy e;
      element_energy(p, at.head<3>(), at.tail<3>() / kLever_m, e);
      add_cable(cable, at.head<3>(), at.tail<3>() / kLever_m, e);
      energy = e.energy_j;
      g = scale.asDiagonal() * e.gradient;
      H = scale.asDiagonal() * e.hessian * scale.asDiagonal();
    });
    load.iterations += found.iterations;
    if (!found.converged || (x - before).norm() < 1e-13) break;
  }
  const Vec3 q = x.tail<3>() / kLever_m;
  const bool inside = x.head<3>().cwiseAbs().maxCoeff() <= kBound_m && q.cwiseAbs().maxCoeff() < 1;
  load.status = found.converged && inside ? SegmentStatus::ok : SegmentStatus::limited;
  load.rotation_rad = q - preset;
  HeldElement held;
  hold_element(p, q, held);
  const Vec3 t = x.head<3>().cwiseMax(-kBound_m).cwiseMin(kBound_m);
  const Vec3 span = t + held.rotation.R * cable.upper_D - cable.lower_D;
  const double pulled_down_n = cable.tension_n == 0 ? 0 : cable.tension_n * span.y() / span.norm();
  element_loads(p, held, t, pulled_down_n - force_D.y(), load);
  return load;
}

}  // namespace hipspine
