#pragma once
/// Which muscles carry the joint moments: bounded quadratic program per frame, always feasible, solved in its dual.
#include <Eigen/Core>
#include <vector>

#include "sim/core/packed_columns.h"
#include "sim/core/units.h"
#include "sim/model/model.h"

namespace hipspine {

/// Price of a reserve moment, (1/(N·m)^2) beside sum price a^2. chosen: a reserve of 1 N·m costs as much as ten
/// average muscles at full activation, so it appears only where muscles are saturated or absent; a tenth of it changes
/// L4/5 compression by 2 %.
inline constexpr double kReservePrice_per_nm2 = 10;
/// A departure of a level from the rhythm by this angle costs as much as one average muscle at full activation. chosen:
/// no person's rhythm is known better than that; half or double the unit moves L4/5 compression in standing by 15 to 17
/// %.
inline constexpr double kDepartureUnit_rad = kDeg;

/// Price of each muscle's squared activation: strength times optimal fibre length, which is volume times specific
/// tension, over the mean of all muscles. With equal prices a muscle drawn as n fascicles would cost n times as much
/// for the same force as one drawn in one piece (psoas, in five, was hardly used); a price that grows with the
/// fascicle's size makes the division not matter [holmberg2012]. chosen: size is volume, since active tissue is what
/// costs. Half or twice the mean moves L5/S1 compression in walking by 3 %.
[[nodiscard]] Eigen::VectorXd muscle_price(const Model& model);

/// One frame's problem. Rows are the coordinates to be balanced (hips, knees, ankles, subtalars, 18 lumbar).
///   min  1/2 sum price_m a_m^2 + 1/2 kReservePrice sum reserve^2 + 1/2 sum (departure / kDepartureUnit)^2
///   with sum_m arm[row, m] (a_m active_m + passive_m) + reserve_row - level_stiffness_row departure_row = moment_row,
///        activation_min_m <= a_m <= 1,  sum of departures over the rows of one axis = 0
struct RecruitmentProblem {
  Eigen::MatrixXd arm_m;           ///< (rows x muscles)
  Eigen::VectorXd active_n;        ///< (muscles)
  Eigen::VectorXd passive_n;       ///< (muscles)
  Eigen::VectorXd activation_min;  ///< (muscles), 0 to 1
  Eigen::VectorXd price;           ///< (muscles) > 0, see muscle_price()
  Eigen::VectorXd moment_nm;       ///< (rows) net joint moment less passive joint moment
  /// Per lumbar row: how much a level's passive moment changes per radian that it departs from the rhythm [N·m/rad];
  /// zero on leg rows and where a level may not depart.
  Eigen::VectorXd level_stiffness_nm_rad;
  /// Per row: 0, 1, 2 for the FE, LB, AR row of a lumbar level, -1 for leg rows. Rows of one axis share their sum.
  std::vector<int> level_axis;
  ColumnOrder order;  ///< of the muscles' columns by the rows they touch, see group_columns
};

struct RecruitmentResult {
  enum class Status { ok, limited, not_finite } status = Status::ok;
  Eigen::VectorXd activation;     ///< (muscles)
  Eigen::VectorXd force_n;        ///< (muscles) active + passive
  Eigen::VectorXd reserve_nm;     ///< (rows) what no muscle could give
  Eigen::VectorXd departure_rad;  ///< (rows) posture shift of lumbar levels, zero on leg rows
  int iterations = 0;
};

/// Dual semismooth Newton with a warm start. One per thread; no allocation once used with a problem of this size.
/// The last step solves the free set directly, so the result depends on the problem alone: a warm and a cold start, and
/// any division of the frames into chunks, give the same numbers.
class RecruitmentSolver {
 public:
  /// Fills `result`. Not finite input or output: Status::not_finite, zeros; iterations ran out (never seen, even at 100
  /// times what muscles can give): limited, best so far.
  void solve(const RecruitmentProblem& problem, RecruitmentResult& result);
  /// Forgets the last dual: the next solve starts cold.
  void reset() { y_.setZero(); }
  /// The dual of the last solve, and a dual for the next one to start from.
  [[nodiscard]] const Eigen::VectorXd& dual() const { return y_; }
  void start_from(const Eigen::Ref<const Eigen::VectorXd>& dual) { y_ = dual; }

 private:
  /// C, times `softness` (1 for the problem itself); identity on padding.
  void form_compliance(const RecruitmentProblem& problem, double softness);
  /// Wishes A'y, activations and residual F at `y`.
  void evaluate(const Eigen::VectorXd& y);
  /// Sets state_ from the wishes; true when no muscle has changed.
  bool sort_muscles();
  /// Newton from y_ with the present compliance; true when y_ is the solution. Counts into `iterations`.
  bool newton(int most, int& iterations);
  /// How far to go from y_ along step_, in (0, 1].
  double step_length();

  // Vectors over muscles stand in the problem's order; all are padded to a multiple of four.
  PackedColumns pull_;          // (rows x muscles) moment at full activation
  Eigen::MatrixXd compliance_;  // C: slack = C y
  Eigen::MatrixXd hessian_;     // and its factor in place
  Eigen::VectorXd price_, inverse_price_, low_, state_, weight_, bound_;
  Eigen::VectorXd demand_, rhs_, y_, y_full_, step_, wish_, wish_before_, wish_change_, activation_, residual_;
};

}  // namespace hipspine
