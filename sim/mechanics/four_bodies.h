#pragma once
/// Four states of the body side by side: poses, the wrenches that the ground has to give the whole and its parts, and
/// the gradient of whatever is asked of all these, the way backward. The planner's hot path: a cycle is many states.
/// All derivatives of one state's wrench, the way forward, are in total_wrench.h.
#include <array>
#include <vector>

#include "sim/mechanics/kinematics.h"
#include "sim/mechanics/lane_vectors.h"

namespace hipspine {

/// What the pelvis carries: the legs from the hips on, everything above L5/S1.
enum Part { kLegPartRight = kRight, kLegPartLeft = kLeft, kTrunkPart };
inline constexpr int kParts = 3;

/// First coordinate of a part.
[[nodiscard]] int root_of(const Model& model, Part part);
/// Whether coordinate i is `root` or beyond it.
[[nodiscard]] bool carried_by(const Model& model, int i, int root);

/// States are lanes 0 to 3. Wrenches: [moment about the ground origin N·m; force N]. E is any function of the four
/// states, a sum over them. One per thread; no allocation after construction.
class FourBodies {
 public:
  static constexpr int kLanes = 4;
  explicit FourBodies(const Model& model);

  /// State of one lane, (n_coord) each; in force after update().
  void set(int lane, const CoordVec& q, const CoordVec& v, const CoordVec& a);
  /// Poses, motion and wrenches of all lanes; forgets what was asked before.
  void update();

  [[nodiscard]] double q(int coordinate, int lane) const { return links_[coordinate].q[lane]; }
  [[nodiscard]] Transform pose(int link, int lane) const { return {links_[link].R.of(lane), links_[link].p.of(lane)}; }
  /// Motion axis of a coordinate about the ground origin.
  [[nodiscard]] Vec6 axis(int coordinate, int lane) const { return links_[coordinate].S.of(lane); }
  /// All of one lane's poses and motion.
  void kinematics(int lane, Kinematics& out) const;
  /// Wrench that inertia and weight of the whole body need; of a part alone.
  [[nodiscard]] Vec6 whole(int lane) const { return whole_.of(lane); }
  [[nodiscard]] Vec6 of(Part part, int lane) const { return part_[part].of(lane); }

  /// dE/dw of the whole body is larger by `pull`; of a part alone; of all but a part.
  void pull_whole(int lane, const Vec6& pull) { pull_whole_.add(lane, pull); }
  void pull(Part part, int lane, const Vec6& pull) { pull_[part].add(lane, pull); }
  void pull_all_but(Part part, int lane, const Vec6& pull) {
    pull_whole_.add(lane, pull);
    pull_[part].add(lane, -pull);
  }
  /// E grows by load · (small motion of the link).
  void load(int link, int lane, const Vec6& load) { links_[link].u.add(lane, load); }

  /// dE by coordinates, rates and accelerations through all that was asked; readable below until the next update().
  /// Once per update. @test tests/mechanics/mechanics_test.cpp (the way forward)
  void gradient();
  [[nodiscard]] double by_q(int coordinate, int lane) const { return links_[coordinate].by_q[lane]; }
  [[nodiscard]] double by_v(int coordinate, int lane) const { return links_[coordinate].by_v[lane]; }
  [[nodiscard]] double by_a(int coordinate, int lane) const { return links_[coordinate].by_a[lane]; }
  /// dE when all motion goes slower, by the logarithm of 1/T^2: all but weight goes with it.
  [[nodiscard]] double by_pace(int lane) const { return by_pace_[lane]; }

 private:
  struct Link {
    Lane q, v, a;
    LaneMat3 R;
    LaneVec3 p;
    LaneVec6 S, V, A;
    LaneVec6 Sd;    ///< v × S, of what carries it
    LaneVec6 y, u;  ///< (2) in four_bodies.cpp, of the link and then of all it carries
    LaneVec3 z;
    Lane by_q, by_v, by_a;
  };
  struct Heavy {     ///< a link with inertia
    int link, part;  ///< part -1: the pelvis
    LaneMat3 R_I;    ///< R I_com_L: the inertia about the centre of mass is R_I R' [kg m^2]
    LaneVec3 com_G, momentum;
    LaneVec6 w;
  };
  struct Joint {
    int parent;
    bool translation, straight;  ///< straight: X_PJ turns nothing
    int main_axis;               ///< 0, 1, 2: axis_J is that unit vector; -1: oblique
  };
  void update_link(int i);
  void update_heavy(Heavy& body);

  const Model& model_;
  std::vector<Joint> joints_;
  std::vector<Link> links_;
  std::vector<Heavy> heavy_;
  LaneVec6 whole_, still_, pull_whole_;
  std::array<LaneVec6, kParts> part_, part_still_, pull_;
  Lane by_pace_;
};

}  // namespace hipspine
