#pragma once
/// One lumbar level as a six-degree-of-freedom element: nonlinear disc, two facet joints with gap and contact,
/// ligaments.
///
/// Frame D (Level::X_LD): origin at the disc centre, x forward, y up (normal to the mid-plane), z to the right; it
/// moves with the lower vertebra. Rotations are the level's coordinates (FE extension +, LB to the right +, AR to the
/// left +), R_upper = Rz(FE)·Rx(LB)·Ry(AR). Translations t_D are of the upper vertebra against the lower one, zero
/// unloaded.
///
/// The element is one energy E(t, q); forces and stiffness are its exact derivatives (element.h), so it cannot create
/// energy. Disc, facets and ligaments have a header each with their equations.
#include <array>
#include <filesystem>
#include <string>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"
#include "sim/model/model.h"

namespace hipspine {

enum Axis { kFE = 0, kLB = 1, kAR = 2 };  ///< index into rotations and moments by axis

/// Groups of ligaments, index into SegmentLoad::ligament_group_n.
enum Ligament { kALL, kPLL, kLF, kISL, kSSL, kCL, kITL, kIliolumbar, kLigamentGroups };
inline constexpr std::array<const char*, kLigamentGroups> kLigamentNames = {"ALL", "PLL", "LF",  "ISL",
                                                                            "SSL", "CL",  "ITL", "iliolumbar"};

/// Disc: equations in disc.h.
struct DiscParameters {
  double axial_n_m = 0;  ///< compression force = axial · d + axial2 · d^2
  double axial2_n_m2 = 0;
  double tension_n_m = 0;    ///< stiffness when pulled apart
  double axial_blend_m = 0;  ///< half width of the bend between tension and compression
  double shear_n_m = 0;
  double height_loss_m = 0;           ///< lasting loss of height (creep, degeneration): the disc is slack by this much
  Vec3 linear_nm_rad = Vec3::Zero();  ///< by axis: moment = linear · q + square · |q| q (or q^2 for FE) + cubic · q^3
  Vec3 square_nm_rad2 = Vec3::Zero();
  Vec3 cubic_nm_rad3 = Vec3::Zero();
  Vec3 preload_gain = Vec3::Zero();  ///< by axis: moment factor = 1 + gain · d^2 / (d^2 + depth^2)
  double preload_depth_m = 0;
  double area_m2 = 0;  ///< nucleus pressure = pressure_factor · compression / area
  double pressure_factor = 0;
};

inline constexpr int kFacetPoints = 9;  ///< 3 x 3 per facet

/// One facet contact point on the upper vertebra; it presses against the lower vertebra along `normal_D`.
struct FacetPoint {
  Vec3 p_D = Vec3::Zero();        ///< on the upper vertebra, in D at zero translation and rotation [m]
  Vec3 normal_D = Vec3::UnitX();  ///< unit outward normal of the inferior process of the upper vertebra
};

/// Facet joints and their tips: equations in facet.h. [kRight], [kLeft].
struct FacetParameters {
  std::array<std::array<FacetPoint, kFacetPoints>, 2> point;
  std::array<FacetPoint, 2> tip;  ///< tip of the inferior process above the lamina, normal straight down
  double gap_m = 0;
  double point_n_m = 0;  ///< stiffness of one point
  double tip_gap_m = 0;
  double tip_n_m = 0;
  double blend_m = 0;  ///< half width of the bend at first touch
};

/// One straight line of a ligament: equations in ligament.h.
struct LigamentLine {
  int group = kALL;
  Vec3 upper_D = Vec3::Zero();  ///< attachment on the upper vertebra, in D at zero translation and rotation [m]
  Vec3 lower_D = Vec3::Zero();  ///< attachment on the lower vertebra [m]
  double rest_m = 0;            ///< length at which it begins to pull
  double toe = 0;               ///< strain at which the toe region ends
  double stiffness_n = 0;       ///< force per strain beyond the toe
};

inline constexpr int kMaxLigamentLines = 32;

/// Bone across a level: springs to the unloaded place and the upright angles, the same in all directions. Zero: none.
struct BoneBridge {
  double translation_n_m = 0;
  double rotation_nm_rad = 0;
};

/// One level of `models/spine.toml`, scaled to the subject.
struct SegmentParameters {
  std::string name;                 ///< "L4_L5"
  double extension_preset_rad = 0;  ///< how far the level is extended from its unloaded shape at FE = 0
  DiscParameters disc;
  FacetParameters facet;
  std::array<LigamentLine, kMaxLigamentLines> ligament;
  int n_ligament = 0;
  BoneBridge bridge;
};

/// What taking the nucleus out of a disc does to it.
struct NucleusRemoval {
  double height_m = 0;         ///< lost at no load
  double pressure = 1;         ///< factor on the pressure that is left at the same force
  double axial_stiffness = 1;  ///< factor on the compression stiffness
  double neutral_bending = 1;  ///< factor on the linear bending stiffness
};

struct Spine {
  std::array<SegmentParameters, kLevels> level;  ///< L5_S1 first
  NucleusRemoval nucleus_removal;
};

enum class SegmentStatus { ok, limited, not_finite };

/// Equilibrium of one level under a given force at given rotations.
struct SegmentLoad {
  SegmentStatus status = SegmentStatus::ok;
  Vec3 rotation_rad = Vec3::Zero();     ///< FE, LB, AR
  Vec3 translation_m = Vec3::Zero();    ///< of the upper vertebra, in D
  Vec3 moment_nm = Vec3::Zero();        ///< of the element on the upper vertebra about D's origin, axes of D
  Vec3 disc_moment_nm = Vec3::Zero();   ///< part of it from the disc
  std::array<Vec3, 2> facet_moment_nm;  ///< part of it from each facet joint, [kRight], [kLeft]
  std::array<Vec3, kLigamentGroups> ligament_moment_nm;  ///< and from each ligament: the three add up to it
  double disc_compression_n = 0;                         ///< carried by the disc, pressing > 0
  double bridge_compression_n = 0;                       ///< carried by bone across the level
  double disc_shear_n = 0;                               ///< magnitude in the disc plane, carried by the disc
  double disc_pressure_pa = 0;                           ///< nucleus pressure, model estimate
  std::array<double, 2> facet_n{};     ///< [kRight], [kLeft]: force through the joint, surfaces and tip
  std::array<double, 2> tip_n{};       ///< of that, on the tip of the process
  double facet_share = 0;              ///< fraction of the level's compression carried by both facets
  std::array<double, 2> facet_up_n{};  ///< part of the compression carried by each facet joint
  std::array<double, kLigamentGroups> ligament_down_n{};   ///< what each ligament adds to it
  double ligament_n = 0;                                   ///< sum of ligament tensions
  std::array<double, kLigamentGroups> ligament_group_n{};  ///< the same by group
  int iterations = 0;
  SegmentLoad() {
    facet_moment_nm.fill(Vec3::Zero());
    ligament_moment_nm.fill(Vec3::Zero());
  }
};

/// Reads `folder`/spine.toml and scales it by `model.length_scale` s, as bodies of the same material: lengths s,
/// forces s^2, N/m s, N·m/rad s^3. Findings go to `diagnostics`.
/// The levels are in the state of an upright day: sustained-load creep of the disc and the upright preset are in.
Spine load_spine(const std::filesystem::path& folder, const Model& model, Diagnostics& diagnostics);

/// The same level as a fresh specimen on the bench: no creep, no upright preset (rotations from the unloaded shape), no
/// iliolumbar ligaments (the ilium is cut off).
[[nodiscard]] SegmentParameters bench_specimen(const SegmentParameters& parameters);

/// Translations, and loads of each structure, at given rotations under a given force.
/// @param rotation_rad  FE, LB, AR
/// @param force_D       force from above on the upper vertebra that the level must carry [N]; compression: y < 0
/// @param guess_m       start; a neighbouring answer is faster, and the same where only one exists (disc.h says where)
/// Status `limited`: the force cannot be carried near this posture; the last bounded answer is returned.
[[nodiscard]] SegmentLoad solve_segment(const SegmentParameters& parameters, const Vec3& rotation_rad,
                                        const Vec3& force_D, const Vec3& guess_m = Vec3::Zero());

/// A follower load: a cable under constant tension, without friction, from an eyelet on the lower to one on the upper
/// vertebra. It has the energy tension · |span|, so it presses along the curve and turns the level only by its lever.
struct FollowerCable {
  double tension_n = 0;
  Vec3 lower_D = Vec3::Zero();  ///< eyelets [m], in D at zero translation and rotation
  Vec3 upper_D = Vec3::Zero();
};

/// Six-unknown equilibrium, as on a test rig: a pure moment and a force (axes of D, the force at the disc centre of the
/// upper vertebra) and a follower cable act on the upper vertebra; rotations and translations follow.
[[nodiscard]] SegmentLoad solve_rotation(const SegmentParameters& parameters, const Vec3& moment_nm,
                                         const Vec3& force_D, const FollowerCable& cable = {});

/// Moment of the element about one axis over the angle about it, the other angles zero: a C1 table with linear ends.
struct PassiveCurve {
  static constexpr int kNodes = 193;
  double low_rad = 0;
  double step_rad = 1;
  std::array<double, kNodes> value_nm{};
  std::array<double, kNodes> slope_nm_rad{};
  struct Sample {
    double moment_nm;     ///< on the upper vertebra, in the sense of the coordinate (restoring: against the angle)
    double slope_nm_rad;  ///< d(moment)/d(angle), negative where the level is stable
  };
  [[nodiscard]] Sample at(double angle_rad) const;
};

/// Passive moment curves of the levels, by level and axis, at one nominal compression.
using LumbarCurves = std::array<std::array<PassiveCurve, 3>, kLevels>;

/// How the levels share a lumbar motion when nothing but their stiffness decides: each is bent from zero until all
/// resist by the same additional moment and their angles sum to `total_rad`.
/// @return angle of each level over the sum; equal shares for a total of zero or curves that are not monotonous there
[[nodiscard]] std::array<double, kLevels> shares_by_stiffness(const LumbarCurves& curves, int axis, double total_rad);

/// @param axis           kFE, kLB or kAR
/// @param compression_n  nominal compression, pressing > 0, straight along D's y
[[nodiscard]] PassiveCurve passive_curve(const SegmentParameters& parameters, int axis, double compression_n);

}  // namespace hipspine
