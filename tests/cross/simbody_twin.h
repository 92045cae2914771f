#pragma once
/// A tree of one-axis joints in Simbody, behind plain Eigen types: Simbody's headers do not compile as C++20, the rest
/// of this project does not compile without.
#include <memory>
#include <vector>

#include "sim/core/frames.h"

namespace hipspine::cross {

/// One joint and the link behind it; X_PJ in the parent link frame, the rest in the link frame.
struct TwinLink {
  int parent;  ///< -1 = ground
  bool translation;
  Transform X_PJ;
  Vec3 axis_J;
  double mass_kg;
  Vec3 p_com_L;
  Mat3 I_com_L;
};

/// Force at, and moment about, a link's centre of mass, in ground.
struct TwinForce {
  int link;
  Vec3 force_G, moment_G;
};

class SimbodyTwin {
 public:
  SimbodyTwin(const std::vector<TwinLink>& links, double gravity_m_s2);
  ~SimbodyTwin();
  SimbodyTwin(const SimbodyTwin&) = delete;
  SimbodyTwin& operator=(const SimbodyTwin&) = delete;

  [[nodiscard]] int n_coord() const;
  void set(const Eigen::VectorXd& q, const Eigen::VectorXd& v);
  [[nodiscard]] Transform pose(int link) const;
  [[nodiscard]] Eigen::VectorXd inverse_dynamics(const Eigen::VectorXd& a,
                                                 const std::vector<TwinForce>& external) const;
  /// Accelerations under generalised forces tau (n) and gravity; leaves the state where `reaction` reads it.
  [[nodiscard]] Eigen::VectorXd forward_dynamics(const Eigen::VectorXd& tau, const std::vector<TwinForce>& external);
  /// Wrench that each link receives from its parent, generalised force included, about the ground origin [N·m; N].
  [[nodiscard]] std::vector<Vec6> reactions() const;
  [[nodiscard]] Eigen::MatrixXd mass_matrix() const;
  [[nodiscard]] Eigen::MatrixXd point_jacobian(int link, const Vec3& p_L) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hipspine::cross
