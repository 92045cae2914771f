#pragma once
/// The planner's reduced coordinates: 21 periodic curves that drive all coordinates of the body.
#include <array>
#include <vector>

#include "sim/gait/normal_gait.h"
#include "sim/mechanics/total_wrench.h"
#include "sim/model/model.h"

namespace hipspine {

inline constexpr int kReduced = 21;  ///< pelvis 6, right leg 6, left leg 6, thorax against pelvis 3
inline constexpr int kBasis = 1 + 2 * kHarmonics;

/// Reduced coordinates in order; a leg's six start at kLegStart[side].
enum Reduced { kTx = 0, kTy, kTz, kTilt, kList, kTurn, kExtension = 18, kBending, kAxial };
inline constexpr std::array<int, 2> kLegStart{6, 12};

using Coefficients = Eigen::Matrix<double, kBasis, kReduced>;  ///< column j: Harmonics of reduced coordinate j
using ReducedVec = Eigen::Matrix<double, kReduced, 1>;

/// Shares of the levels in a lumbar motion: [axis][level].
using LevelShares = std::array<std::array<double, kLevels>, 3>;

/// How reduced coordinates drive the model's: q_i = factor_i z_index_i, arms by a rule of phase.
class ReducedMap {
 public:
  /// @param share  of each level in the lumbar sum, by axis; sums to 1
  ReducedMap(const Model& model, const LevelShares& share);
  /// Coordinates, rates and accelerations at phase p [cycles] for z, dz/dp, d2z/dp2 and period T.
  void expand(const ReducedVec& z, const ReducedVec& dz, const ReducedVec& ddz, double p, double period_s, CoordVec& q,
              CoordVec& v, CoordVec& a) const;
  /// Columns of a derivative (rows x n_coord) summed into reduced coordinates (rows x kReduced).
  void reduce(const Wrench6N& by_coordinate, Eigen::Matrix<double, 6, kReduced>& by_reduced) const;
  [[nodiscard]] int index(int coordinate) const { return index_[coordinate]; }
  [[nodiscard]] double factor(int coordinate) const { return factor_[coordinate]; }
  /// Arms swing against the legs by `swing_rad`, and hang from a thorax that bows by `bow_rad` in the middle of the
  /// cycle.
  void set_arms(double swing_rad, double bow_rad) {
    arm_swing_rad_ = swing_rad;
    bow_rad_ = bow_rad;
  }
  /// Arms are ahead by this part of a cycle.
  void set_arm_phase(double ahead) { arm_phase_ = ahead; }

 private:
  std::vector<int> index_;  ///< -1: prescribed
  std::vector<double> factor_;
  std::array<int, 2> arm_;
  double arm_swing_rad_ = 0, bow_rad_ = 0, arm_phase_ = 0;
};

/// Rotation rows [1, cos, sin, ...] of a phase and their derivatives with respect to phase.
struct BasisRows {
  Eigen::Matrix<double, kBasis, 1> f, df, ddf;
};
[[nodiscard]] BasisRows basis_rows(double phase);

}  // namespace hipspine
