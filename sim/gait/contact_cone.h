#pragma once
/// What the ground can give: a convex cone of forces under the soles that rolls from heel to ball, and the distance of
/// a required wrench from it. The planner pays that distance, so a plan needs no help from nowhere.
///
/// Frame: moves forward with the walker at stride length / period, so it is inertial, every coordinate is periodic and
/// a standing foot slides backward in it by one stride length per cycle. Moments are about its origin on the ground.
#include <array>

#include "sim/core/limp.h"
#include "sim/model/model.h"

namespace hipspine {

/// When one foot touches, as fractions of its own cycle from its heel strike; and how its support patch rolls.
/// All values chosen (see contact_cone.cpp) but for toe-off, which follows speed.
struct ContactTiming {
  double toe_off = 0.60;
  /// How much sooner the left foot comes down, as a fraction of the cycle: a right stance shortened by about as much
  /// (core/limp.h). Negative: a left stance shortened.
  double limp = 0;
  bool standing = false;  ///< both feet flat and loaded all the time; the stride length is then 0
};

/// Where one foot stands: its heel point at its own heel strike, and its direction.
struct Footprint {
  double x_m = 0;  ///< forward, in the moving frame
  double z_m = 0;  ///< to the right
  double toe_out_rad = 0;
};

inline constexpr int kContactPoints = 4;       ///< per foot: rear left, rear right, front left, front right
inline constexpr int kContactGenerators = 32;  ///< 2 feet x 4 points x 4 edges of the friction pyramid
inline constexpr int kSeatPoints = 2;          ///< per ischium: rear, front
inline constexpr int kSeatGenerators = 16;     ///< 2 ischia x 2 points x 4 edges
inline constexpr int kMostGenerators = kContactGenerators + kSeatGenerators;
using GeneratorMatrix = Eigen::Matrix<double, 6, Eigen::Dynamic, Eigen::ColMajor, 6, kMostGenerators>;
using GeneratorVec = Eigen::Matrix<double, Eigen::Dynamic, 1, Eigen::ColMajor, kMostGenerators, 1>;
inline constexpr int kPlanGlobals = 8;  ///< see PlanGlobals

/// Globals of a plan, in the order of derivative columns.
enum PlanGlobal { kStride = 0, kPeriod, kShiftX_R, kShiftX_L, kShiftZ_R, kShiftZ_L, kToeOut_R, kToeOut_L };
using PlanGlobals = Eigen::Matrix<double, kPlanGlobals, 1>;

/// A seat in the frame of the plan, for tasks on it.
struct SeatPlan {
  bool there = false;
  double height_m = 0;            ///< of the seat
  double radius_m = 0;            ///< of the flesh under each ischium
  std::array<Vec3, 2> ischium_P;  ///< middles of it in the pelvis
  double x_m = 0;                 ///< where they sit, forward
  double left_at = 2;             ///< Seat::left_at
  /// How firmly it is sat on at phase p: 1 seated, 0 away; and the share of its load that it may take, which ends a
  /// little sooner.
  [[nodiscard]] double contact_window(double p) const;
  [[nodiscard]] double load_window(double p) const;
};

/// Smooth step from 0 to 1 between `from` and `to` (cubic, C1).
[[nodiscard]] double smooth_step(double from, double to, double x);

/// Geometry and timing of the feet of one subject.
class ContactPlan {
 public:
  ContactPlan(const Model& model, ContactTiming timing, double half_step_width_m, double toe_out_rad);

  /// Phase of a foot's events [0, 1) at cycle phase p of the right leg: 0 where it comes down, toe_off where it leaves.
  [[nodiscard]] double foot_phase(int side, double p) const;
  void set_limp(double limp) { timing_.limp = limp; }
  /// Footprint of a side for given globals.
  [[nodiscard]] Footprint footprint(int side, const PlanGlobals& g) const;
  /// How firmly sole point k (0 heel, 1 and 2 balls) stands at its foot's phase u: 0 in the air, 1 on the ground.
  [[nodiscard]] double stance_window(int k, double u) const;
  /// Where sole point k of a standing foot is in the moving frame (y = 0) at cycle phase p, and its derivatives with
  /// respect to globals (3 x kPlanGlobals).
  [[nodiscard]] Vec3 sole_target(int side, int k, double p, const PlanGlobals& g,
                                 Eigen::Matrix<double, 3, kPlanGlobals>& d) const;
  /// Share of body weight the foot may take at phase u, 0 to 1.
  [[nodiscard]] double load_window(double u) const;

  /// Generators at cycle phase p: columns are wrenches about the frame's origin [N·m; N] for lambda = 1. Columns of an
  /// unloaded foot are zero. Right foot first.
  struct Generators {
    GeneratorMatrix G;                           ///< feet, then the seat's where there is one
    std::array<Vec3, 2 * kContactPoints> point;  ///< contact points [m]
    std::array<double, 2> alpha;                 ///< load windows
  };
  void generators(double p, const PlanGlobals& g, Generators& out) const;
  /// Change of sum_i lambda_i G_i with each global (6 x kPlanGlobals), lambda held.
  void generator_change(double p, const PlanGlobals& g, const Generators& gen, const GeneratorVec& lambda,
                        Eigen::Matrix<double, 6, kPlanGlobals>& d) const;

  [[nodiscard]] const ContactTiming& timing() const { return timing_; }
  void set_seat(const SeatPlan& seat) { seat_ = seat; }
  [[nodiscard]] const SeatPlan& seat() const { return seat_; }

 private:
  struct Patch {
    double x, z;  ///< in the foot's own directions from the heel point
  };
  [[nodiscard]] std::array<Patch, kContactPoints> patch(int side, double u) const;
  /// Part of the stride after which a foot that came down is under the pelvis; a limp at the healthy postures and
  /// steps.
  [[nodiscard]] double under_pelvis(int side) const;
  /// Part of the stride since the foot came down, -0.2 to 0.8: from mid swing on it counts to where it will come down.
  [[nodiscard]] double travelled(int side, double p) const;
  [[nodiscard]] Vec3 place(int side, const Patch& at, double p, const PlanGlobals& g,
                           Eigen::Matrix<double, 3, kPlanGlobals>* d) const;

  ContactTiming timing_;
  SeatPlan seat_;
  double scale_;
  double unit_n_;  ///< force of one generator at lambda = 1 and full load window
  double half_width_m_;
  double toe_out_rad_;
  std::array<std::array<Patch, 3>, 2> sole_;
};

/// Distance of a required wrench from the cone.
struct ConeDistance {
  Vec6 y = Vec6::Zero();  ///< weighted residual W (w - G lambda)
  double cost = 0;        ///< 1/2 y'y + eps/2 |lambda|^2
  Vec6 gradient;          ///< of cost with respect to w: W y
  Mat6 hessian_root;      ///< R of the cost's Hessian R'R with respect to w: L^-1 W for C = L L'; only when asked for
  GeneratorVec lambda;
  bool converged = false;
};

/// @param weight  diagonal of W [1/(N·m), 1/N]
/// @param out     out.y is the warm start
void cone_distance(const Vec6& w, const GeneratorMatrix& G, const Vec6& weight, bool with_hessian, ConeDistance& out);

}  // namespace hipspine
