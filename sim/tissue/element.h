#pragma once
/// The energy of one level with exact first and second derivatives: over translations at fixed rotations (the hot path)
/// and over all six coordinates (test rig, tangent stiffness).
#include <array>

#include "sim/tissue/facet.h"
#include "sim/tissue/segment.h"

namespace hipspine {

/// R = Rz(FE)·Rx(LB)·Ry(AR) with its first and second derivatives by (FE, LB, AR).
struct ElementRotation {
  Mat3 R;
  std::array<Mat3, 3> d;
  std::array<std::array<Mat3, 3>, 3> dd;
  Mat3 axes;  ///< columns: the axis about which each coordinate turns, in D
};

/// R and axes only (d and dd untouched).
void element_rotation(const Vec3& rotation_rad, ElementRotation& out);
/// R, axes, d and dd.
void element_rotation_derivatives(const Vec3& rotation_rad, ElementRotation& out);

/// The element at fixed rotations, everything that does not depend on the translation worked out.
struct HeldElement {
  std::array<std::array<double, kFacetContacts>, 2> depth_m;  ///< penetration at zero translation
  std::array<Vec3, kMaxLigamentLines> span_D;                 ///< lower to upper attachment at zero translation
  ElementRotation rotation;
  Vec3 bending_gradient_nm;
  double bending_j = 0, preload_j = 0;
  Vec3 bridge_bend_rad;  ///< from the angles at which bone across the level does not pull
};

/// @param rotation_rad  from the unloaded shape (the upright preset is the caller's business)
void hold_element(const SegmentParameters& parameters, const Vec3& rotation_rad, HeldElement& held);

struct TranslationEnergy {
  double energy_j = 0;
  Vec3 gradient_n = Vec3::Zero();  ///< minus the force of the element on the upper vertebra
  Mat3 hessian_n_m = Mat3::Zero();
};

void element_energy(const SegmentParameters& parameters, const HeldElement& held, const Vec3& translation_m,
                    TranslationEnergy& out);

/// All six coordinates (t_x, t_y, t_z, FE, LB, AR).
struct PoseEnergy {
  double energy_j = 0;
  Vec6 gradient = Vec6::Zero();
  Mat6 hessian = Mat6::Zero();
};

void element_energy(const SegmentParameters& parameters, const Vec3& translation_m, const Vec3& rotation_rad,
                    PoseEnergy& out);

/// Adds a line under constant tension between two points, one on each vertebra (a follower cable).
void add_cable(const FollowerCable& cable, const Vec3& translation_m, const Vec3& rotation_rad, PoseEnergy& energy);

/// Loads of every structure at one pose (status and iterations are left alone).
/// @param compression_n  what the level carries in all, for the facets' share
void element_loads(const SegmentParameters& parameters, const HeldElement& held, const Vec3& translation_m,
                   double compression_n, SegmentLoad& out);

}  // namespace hipspine
