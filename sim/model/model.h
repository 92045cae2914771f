#pragma once
/// The body: a tree of coordinates, bodies riding on it, muscles, lumbar levels and feet. Const after loading; results
/// and scratch live elsewhere (`mechanics/kinematics.h`, one workspace per thread).
///
/// Tree. One coordinate is one joint axis and carries one *link* frame; a joint with three axes is three coordinates in
/// series (order z, x, y for pelvis, hips and spinal levels). Coordinate i has its parent link before it
/// (parent < i), so one forward loop visits parents first. Link i at coordinate value q:
///   X_G,Li = X_G,parent · X_PJ · Rot(axis_J, q)          (or Trans(axis_J · q) for a translation)
/// Bodies, muscle points, wraps and soles are stored in link frames, so nothing is looked up by name while computing.
///
/// Signs of the coordinates: see README, section "Signs"; they are carried by axis_J alone (left hip axes are
/// mirrored).
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/frames.h"

namespace hipspine {

inline constexpr int kMaxCoord = 48;  ///< capacity of vectors over coordinates: no heap in the hot path
inline constexpr int kLevels = 6;     ///< lumbar levels, in tree order from below
inline constexpr std::array<const char*, kLevels> kLevelNames = {"L5_S1", "L4_L5", "L3_L4", "L2_L3", "L1_L2", "T12_L1"};
inline constexpr int kCyclePoints = 101;

using CoordVec = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, kMaxCoord, 1>;  ///< (n_coord) [rad] or [m]
using CoordMat = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, kMaxCoord, kMaxCoord>;

enum Side { kRight = 0, kLeft = 1 };  ///< index into per-side arrays; the right side always comes first

struct Coordinate {
  std::string name;             ///< "hip_flexion_r"
  int parent = -1;              ///< parent link, -1 = ground
  bool translation = false;     ///< slides along axis_J instead of turning about it
  bool prescribed = false;      ///< driven by a rule, not by the planner (arm swing)
  Transform X_PJ;               ///< joint frame in the parent link frame
  Vec3 axis_J = Vec3::UnitZ();  ///< unit axis in the joint frame
  double low = 0;               ///< anatomical range [rad] or [m]; used for tests of smoothness, not as a stop
  double high = 0;
  int mirror = -1;         ///< coordinate that takes this one's role in the mirrored body (itself when central)
  double mirror_sign = 1;  ///< its sign there
};

struct Body {
  std::string name;  ///< "femur_r"; sacrum, ilium_r and ilium_l ride on one link (one rigid pelvis for motion)
  int link = -1;
  Transform X_LB;  ///< body frame in the link frame
  double mass_kg = 0;
  Vec3 p_com_B = Vec3::Zero();  ///< centre of mass in the body frame [m]
  Mat3 I_com_B = Mat3::Zero();  ///< inertia about the centre of mass, body axes [kg m^2]
};

/// Rigid inertia of one link: the sum of its bodies, in the link frame.
struct LinkInertia {
  double mass_kg = 0;
  Vec3 p_com_L = Vec3::Zero();
  Mat3 I_com_L = Mat3::Zero();
};

/// A lumbar level: three coordinates of the upper vertebra against the lower one. The disc frame D sits at the joint
/// centre, y normal to the disc's mid-plane at zero coordinates, x forward, z right; it moves with the lower vertebra.
struct Level {
  std::string name;               ///< "L4_L5"
  std::string lower;              ///< body below, "lumbar5"
  std::string upper;              ///< body above, "lumbar4"
  int fe = -1, lb = -1, ar = -1;  ///< coordinate indices
  int lower_link = -1;
  int upper_link = -1;  ///< = ar
  Transform X_LD;       ///< disc frame in the lower link frame
};

struct MusclePoint {
  int link = -1;
  Vec3 p_L = Vec3::Zero();
  int body = -1;  ///< index into Model::bodies: which bone of the link feels the pull
};

/// Cylinder that a path slides round without friction. The path passes on one fixed side (`turn`), so its length is
/// once continuously differentiable: touching and lifting off change the length only in second order.
struct WrapCylinder {
  std::string name;
  int link = -1;
  Transform X_LC;  ///< cylinder frame in the link frame; z is its axis
  double radius_m = 0;
  int body = -1;  ///< index into Model::bodies
  int turn = 1;   ///< +1: the path runs counter-clockwise seen from +z, -1: clockwise
};

struct Muscle {
  std::string name;   ///< "psoas_L4_r"
  std::string group;  ///< "psoas" + side gives the group name in scenarios: "psoas_r"
  int side = kRight;
  double force_max_n = 0;  ///< isometric maximum, scaled to the subject and the scenario's strength
  double fibre_length_opt_m = 0;
  double tendon_slack_m = 0;
  double pennation_rad = 0;      ///< at optimal fibre length
  double speed_max_lopt_s = 10;  ///< largest shortening speed [optimal fibre lengths per second]
  double activation_min = 0;     ///< resting tone
  double tightness = 0;          ///< fraction of the fibre length that is missing (scenario), 0 = healthy
  std::vector<MusclePoint> points;
  std::vector<int> wrap_after;  ///< per span between points: index into Model::wraps, or -1
  int mirror = -1;              ///< muscle on the other side
};

/// Foot for contact: three points of the sole, in the link frame of the heel bone.
struct Foot {
  int link = -1;
  std::array<Vec3, 3> sole_L;  ///< heel, ball of the first toe, ball of the fifth toe [m]
};

struct Leg {
  int hip_flexion, hip_adduction, hip_rotation, knee, ankle, subtalar;  ///< coordinate indices
};

struct Model {
  double height_m = 0;
  double mass_kg = 0;
  double length_scale = 1;               ///< subject height over reference height
  double thoracic_share_bending = 0.5;   ///< share of thorax-to-pelvis bending that the rib cage takes, not the levels
  double thoracic_share_rotation = 0.6;  ///< the same for axial rotation
  double pelvic_plane_tilt_rad = 0;      ///< anterior tilt of the clinical pelvic plane at pelvis_tilt = 0
  std::vector<Coordinate> coordinates;
  std::vector<Body> bodies;
  std::vector<LinkInertia> link_inertia;  ///< one per coordinate
  std::array<Level, kLevels> levels;
  std::vector<WrapCylinder> wraps;
  std::vector<Muscle> muscles;
  std::array<Foot, 2> feet;
  std::array<Leg, 2> legs;
  std::vector<std::string> input_files;  ///< files read, with hashes, for summary.json
  std::vector<std::string> input_hashes;

  [[nodiscard]] int n_coord() const { return static_cast<int>(coordinates.size()); }
  [[nodiscard]] int n_muscle() const { return static_cast<int>(muscles.size()); }
  /// Index by name, -1 when there is none.
  [[nodiscard]] int coordinate(std::string_view name) const;
  [[nodiscard]] int body(std::string_view name) const;
  [[nodiscard]] int muscle(std::string_view name) const;
  /// Weight of the subject [N].
  [[nodiscard]] double weight_n() const;
};

/// State of the mirrored person: swaps the sides and turns the lateral signs, q'[mirror[i]] = sign[i] · q[i].
[[nodiscard]] CoordVec mirrored(const Model& model, const CoordVec& q);

}  // namespace hipspine
