#pragma once
/// One tree of rigid bodies for several engines, and what each engine has to do with it. Plain types and C++17: the
/// other engines' headers do not compile together with the rest of this project.
#include <memory>
#include <vector>

#include "sim/core/frames.h"

namespace hipspine::engines {

/// One turn or slide of a link against its parent; axis and a point on it in the link frame, all coordinates zero.
struct Axis {
  bool slide = false;
  Vec3 axis_L = Vec3::UnitZ(), point_L = Vec3::Zero();
  int coordinate = -1;  ///< of the model
};

enum class Joint { free, ball, axes };  ///< a ball turns about the link's origin

struct Link {
  int parent = -1;  ///< index into the tree's links, -1 = ground
  Joint joint = Joint::axes;
  Transform X_PL;          ///< in the parent link's frame at zero
  std::vector<Axis> axes;  ///< in order from the parent; of `free` and `ball` as well
  double mass_kg = 0;
  Vec3 p_com_L = Vec3::Zero();
  Mat3 I_com_L = Mat3::Zero();
};

struct Sphere {
  int link = -1;
  Vec3 centre_L = Vec3::Zero();
  double radius_m = 0;
};

struct Tree {
  std::vector<Link> links;
  double gravity_m_s2 = 0;
  /// Held in its zero pose: -stiffness · angle - damping · rate about every axis but the first link's.
  double spring_nm_rad = 0, damper_nms_rad = 0;
  /// Contact with the ground y = 0; no spheres, no contact. The load at which an engine with another law should be
  /// pressed in as far, and the friction.
  std::vector<Sphere> spheres;
  double load_n = 0, depth_m = 0, damping_s_m = 0, friction = 0, tangent_damping_n_s_m = 0;
};

/// A state in coordinates of the model and as poses and spatial velocities (about the ground origin) of the links.
struct State {
  Eigen::VectorXd q, v;
  std::vector<Transform> X_GL;
  std::vector<Vec6> V_G;
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual void set(const State& state) = 0;
  /// [angular; that of the origin] of each link in ground, under gravity alone: without springs.
  virtual std::vector<Vec6> accelerations() = 0;
  virtual std::vector<Vec6> velocities() = 0;
  /// So many steps with springs, gravity and contact.
  virtual void run(int steps, double dt_s) = 0;
};

/// @param balls  three turns through one point as a ball joint, six of the base as a free joint; else axis by axis
std::unique_ptr<Engine> mujoco(const Tree& tree, bool balls);
std::unique_ptr<Engine> simbody(const Tree& tree);

}  // namespace hipspine::engines
