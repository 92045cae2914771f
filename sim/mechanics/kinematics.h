#pragma once
/// Poses, velocities and accelerations of all links for one state, as spatial vectors about the ground origin.
#include <vector>

#include "sim/core/frames.h"
#include "sim/model/model.h"

namespace hipspine {

/// Workspace for one thread; vectors have one entry per coordinate (= link) after `resize`.
struct Kinematics {
  std::vector<Transform> X_GL;  ///< pose of link i in ground                                   [position]
  std::vector<Vec6> S_G;        ///< joint motion axis i about the ground origin                 [position]
  std::vector<Vec6> V_G;        ///< spatial velocity of link i                                  [velocity]
  std::vector<Vec6> A_G;        ///< spatial acceleration of link i, gravity not included        [acceleration]
  void resize(int n_coord);
};

/// Fills X_GL and S_G. q: (n_coord) [rad, m]. With `links`, of that many links from the first on only; parents come
/// before children.
void update_position(const Model& model, const CoordVec& q, Kinematics& kin, int links = -1);
/// Fills V_G; needs position. v: (n_coord) [rad/s, m/s]; `links` as above.
void update_velocity(const Model& model, const CoordVec& v, Kinematics& kin, int links = -1);
/// Fills A_G; needs velocity. a: (n_coord) [rad/s^2, m/s^2].
void update_acceleration(const Model& model, const CoordVec& v, const CoordVec& a, Kinematics& kin);

/// Point fixed in link `link` at p_L, in ground [m].
[[nodiscard]] Vec3 point_G(const Kinematics& kin, int link, const Vec3& p_L);
/// Jacobian (3 x n_coord) of that point's velocity in ground: v_G = J · v.
void point_jacobian(const Model& model, const Kinematics& kin, int link, const Vec3& p_G,
                    Eigen::Ref<Eigen::MatrixXd> J);

}  // namespace hipspine
