#pragma once
/// From derivatives at the nodes of a cycle to derivatives by Fourier coefficients: what makes Newton's method on a
/// whole cycle cheap.
#include <array>
#include <vector>

#include "sim/gait/contact_cone.h"
#include "sim/gait/reduced_map.h"

namespace hipspine {

inline constexpr int kNodes = 40;  ///< equally spaced; products of seven harmonics and windows want 5 to 6 per harmonic

inline constexpr int kUnknowns = kReduced * kBasis + kPlanGlobals;
inline constexpr int kLocal = 3 * kReduced + kPlanGlobals;  ///< z, dz/dp, d2z/dp2, globals

using LocalVec = Eigen::Matrix<double, kLocal, 1>;
/// Of the padded size; rows and columns beyond kLocal mean nothing.
inline constexpr int kLocalPadded = (kLocal + 7) / 8 * 8;
using LocalMat = Eigen::Matrix<double, kLocalPadded, kLocalPadded>;

/// Mean over the nodes of functions of (z, dz/dp, d2z/dp2, globals) at each node. One per thread; no allocation after
/// construction.
class HarmonicAssembly {
 public:
  HarmonicAssembly();
  /// @param phase  of the nodes [cycles], any
  void set_phases(const std::array<double, kNodes>& phase);
  [[nodiscard]] const BasisRows& basis(int k) const { return basis_[k]; }

  /// Curves of all nodes at once.
  void sample(const Coefficients& c);
  [[nodiscard]] ReducedVec z(int k) const { return curves_.col(k); }
  [[nodiscard]] ReducedVec dz(int k) const { return curves_.col(kNodes + k); }
  [[nodiscard]] ReducedVec ddz(int k) const { return curves_.col(2 * kNodes + k); }

  /// Derivatives at node k; h is symmetric.
  void put(int k, const LocalVec& g) { gradients_.col(k) = g; }
  void put(int k, const LocalMat& h);

  /// (kUnknowns), coefficients of one curve after the other, then globals. All nodes have been put.
  void gradient(Eigen::VectorXd& out);
  /// (kUnknowns x kUnknowns), lower triangle; blocks of one curve are whole. @test
  /// tests/gait/harmonic_assembly_test.cpp
  void hessian(Eigen::MatrixXd& out);

 private:
  static constexpr int kPairs = kReduced * (kReduced + 1) / 2;
  static constexpr int kPadded = (kPairs + 3) / 4 * 4;
  static constexpr int kWaves = 2 * kHarmonics;  ///< highest frequency of a product of two basis functions
  void block(int pair, Eigen::MatrixXd& out) const;

  std::array<BasisRows, kNodes> basis_;
  Eigen::MatrixXd stacked_;  ///< (kBasis x 3 kNodes) f, df, ddf at the nodes
  Eigen::MatrixXd waves_;    ///< (kNodes x (1 + 2 kWaves)) cosines and sines of each frequency, over kNodes
  Eigen::MatrixXd curves_;   ///< (kReduced x 3 kNodes)
  Eigen::MatrixXd gradients_, pairs_, mixed_;  ///< a column per node
  Eigen::MatrixXd spectrum_, mixed_spectrum_, gradient_spectrum_;
};

}  // namespace hipspine
