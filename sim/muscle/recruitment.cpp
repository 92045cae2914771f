// Recruitment by its dual.  A = arm diag(active), b = moment - arm passive, w = reserve price, u = departure unit,
// K = diag(level stiffness), P = 1 - 11'/n over the n rows of one axis (departures sum to zero), V = diag(muscle
// price).
//
//   min 1/2 a'V a + 1/2 w r'r + 1/2 d'd/u^2   with  A a + r - K d = b,  low <= a <= 1,  1'd = 0 per axis
//   multipliers y:  a = clip(V^-1 A'y, low, 1),  r = y/w,  d = -u^2 P K y,  so that r - K d = C y,
//   C = 1/w + u^2 K P K
//   F(y) = A a(y) + C y - b = 0, the gradient of the convex, piecewise quadratic
//   phi(y) = 1/2 y'C y - b'y + sum_m v (z a - a^2/2),  z = V^-1 A'y, a = clip(z)
//
// Semismooth Newton: with the free set {low <= z <= 1} (ties included: without them y = 0 has no free muscle), the full
// step goes straight to the solution of that set, (C + A_f V_f^-1 A_f') y = b - A_bound a_bound; Armijo's rule on phi
// shortens it while the set is wrong. When the full step keeps the set (or F vanishes there, at a tie) it is the
// answer: it depends on the set alone, not on the way there.
#include "sim/muscle/recruitment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/core/diagnostics.h"
#include "sim/core/four_wide.h"

namespace hipspine {
namespace {

constexpr int kQuickIterations = 25;  // chosen: feasible frames need at most about 12
constexpr int kStageIterations = 60;
constexpr double kSoftest = 1e6, kHardening = 10;
constexpr double kSlopeLeft = 0.1;  // chosen: the line search ends when the slope is down to this share
constexpr int kLineSteps = 60;
constexpr int kRefinements = 4;        // chosen: at most; the loop ends at kTolerance
constexpr double kLowestPrice = 1e-3;  // a hundredth of that of the smallest healthy fascicle
constexpr double kTolerance = 1e-12;   // of F, relative to the demand; rounding alone gives about 1e-14

}  // namespace

Eigen::VectorXd muscle_price(const Model& model) {
  Eigen::VectorXd price(model.n_muscle());
  for (Eigen::Index m = 0; m < price.size(); ++m)
    price[m] = model.muscles[m].force_max_n * model.muscles[m].fibre_length_opt_m;
  const double mean = price.mean();
  // A muscle without strength may have any price but none: it gives nothing.
  return (price / mean).cwiseMax(kLowestPrice);
}

void RecruitmentSolver::form_compliance(const RecruitmentProblem& problem, double softness) {
  const Eigen::Index rows = problem.moment_nm.size();
  compliance_.setZero(padded(rows), padded(rows));
  compliance_.diagonal().setConstant(1 / kReservePrice_per_nm2);
  const Eigen::VectorXd& K = problem.level_stiffness_nm_rad;
  for (int axis = 0; axis < 3; ++axis) {
    int n = 0;
    for (Eigen::Index i = 0; i < rows; ++i) n += problem.level_axis[i] == axis;
    for (Eigen::Index i = 0; i < rows; ++i)
      for (Eigen::Index j = 0; j < rows; ++j)
        if (problem.level_axis[i] == axis && problem.level_axis[j] == axis)
          compliance_(i, j) += kDepartureUnit_rad * kDepartureUnit_rad * K[i] * K[j] * ((i == j) - 1.0 / n);
  }
  compliance_ *= softness;
}

void RecruitmentSolver::evaluate(const Eigen::VectorXd& y) {
  pull_.transposed_product(y, wish_);
  for (Eigen::Index m = 0; m < wish_.size(); m += 4) {
    four(&wish_[m]) *= four(&inverse_price_[m]);
    four(&activation_[m]) = four(&wish_[m]).max(four(&low_[m])).min(1.0);
  }
  residual_ = -demand_;
  residual_.noalias() += compliance_ * y;
  pull_.add_product(activation_, 1, residual_);
}

/// Where each muscle is: -1 at its lower bound, 1 at its upper, 0 free.
bool RecruitmentSolver::sort_muscles() {
  std::int64_t moved = 0;
  // No branches: these loops run four wide.
  for (Eigen::Index m = 0; m < wish_.size(); ++m) {
    const double wish = wish_[m], state = wish < low_[m] ? -1.0 : wish > 1 ? 1.0 : 0.0;
    moved += state != state_[m] ? 1 : 0;
    state_[m] = state;
  }
  return moved == 0;
}

double RecruitmentSolver::step_length() {
  // phi'(t) = smooth + t bend + sum_m v clip(z + t dz) dz, z and dz the wishes at y and their change to y_full.
  rhs_.noalias() = compliance_ * step_;
  const double bend = rhs_.dot(step_);
  const double smooth = rhs_.dot(y_) - demand_.dot(step_);
  const auto slope = [&](double t) {
    Four sum = Four::Zero();
    for (Eigen::Index m = 0; m < wish_.size(); m += 4) {
      const Four change = four(&wish_change_[m]), wish = four(&wish_before_[m]) + t * change;
      sum += four(&price_[m]) * wish.max(four(&low_[m])).min(1.0) * change;
    }
    return smooth + t * bend + sum.sum();
  };
  const double at_start = slope(0);
  double low = 0, high = 1;
  if (slope(1) <= 0) return 1;
  for (int i = 0; i < kLineSteps; ++i) {
    const double t = 0.5 * (low + high);
    const double here = slope(t);
    if (std::abs(here) <= kSlopeLeft * std::abs(at_start)) return t;
    (here > 0 ? high : low) = t;
  }
  return 0.5 * (low + high);
}

bool RecruitmentSolver::newton(int most, int& iterations) {
  evaluate(y_);
  sort_muscles();
  const double tolerance = kTolerance * (1 + demand_.cwiseAbs().maxCoeff());
  for (int n = 0; n < most; ++n) {
    ++iterations;
    for (Eigen::Index m = 0; m < wish_.size(); ++m) {
      weight_[m] = state_[m] == 0 ? inverse_price_[m] : 0.0;
      bound_[m] = state_[m] == 0 ? 0.0 : activation_[m];
    }
    y_full_ = demand_;
    pull_.add_product(bound_, -1, y_full_);
    hessian_ = compliance_;
    pull_.add_gram(weight_, hessian_);
    if (!cholesky_four(hessian_)) return false;
    forward_four(hessian_, y_full_.data());
    backward_four(hessian_, y_full_.data());
    wish_before_.swap(wish_);
    evaluate(y_full_);
    if (sort_muscles() || residual_.cwiseAbs().maxCoeff() <= tolerance) {
      // One refinement: prices differ a hundredfold, and so does what rounding leaves; more where reserves carry much.
      y_ = y_full_;
      for (int k = 0; k < kRefinements && (k == 0 || residual_.cwiseAbs().maxCoeff() > tolerance); ++k) {
        step_ = residual_;
        forward_four(hessian_, step_.data());
        backward_four(hessian_, step_.data());
        y_ -= step_;
        evaluate(y_);
      }
      return true;
    }
    step_ = y_full_ - y_;
    wish_change_ = wish_ - wish_before_;
    const double t = step_length();
    if (t == 1) {
      y_ = y_full_;
    } else {
      y_ += t * step_;
      evaluate(y_);
      sort_muscles();
    }
  }
  return false;
}

void RecruitmentSolver::solve(const RecruitmentProblem& problem, RecruitmentResult& result) {
  const Eigen::Index rows = problem.arm_m.rows(), muscles = problem.arm_m.cols();
  HIPSPINE_DEMAND(problem.active_n.size() == muscles && problem.passive_n.size() == muscles &&
                  problem.activation_min.size() == muscles && problem.price.size() == muscles &&
                  problem.moment_nm.size() == rows && problem.level_stiffness_nm_rad.size() == rows &&
                  static_cast<Eigen::Index>(problem.level_axis.size()) == rows &&
                  static_cast<Eigen::Index>(problem.order.order.size()) == muscles);
  const std::vector<Eigen::Index>& order = problem.order.order;
  const Eigen::Index padded_rows = padded(rows);
  pull_.pack(problem.arm_m, problem.active_n, problem.order);
  demand_.setZero(padded_rows);
  demand_.head(rows) = problem.moment_nm;
  demand_.head(rows).noalias() -= problem.arm_m * problem.passive_n;
  form_compliance(problem, 1);
  const Eigen::Index padded_muscles = padded(muscles);
  price_.setOnes(padded_muscles), low_.setZero(padded_muscles), wish_.setZero(padded_muscles);
  for (Eigen::VectorXd* v : {&inverse_price_, &state_, &weight_, &bound_, &wish_before_, &wish_change_, &activation_})
    v->setZero(padded_muscles);
  for (Eigen::Index k = 0; k < muscles; ++k) {
    price_[k] = problem.price[order[static_cast<std::size_t>(k)]];
    low_[k] = problem.activation_min[order[static_cast<std::size_t>(k)]];
  }
  inverse_price_ = price_.cwiseInverse();
  result.iterations = 0;
  result.status = RecruitmentResult::Status::ok;
  // An arm that is no number makes its row of the demand none.
  const bool sane = problem.active_n.allFinite() && demand_.allFinite() && compliance_.allFinite() &&
                    problem.activation_min.allFinite() && problem.price.allFinite() && problem.price.minCoeff() > 0;
  if (y_.size() != padded_rows || !y_.allFinite()) y_.setZero(padded_rows);

  if (sane && !newton(kQuickIterations, result.iterations)) {
    // Far more is asked than muscles can give: soften the slack until nothing saturates, then harden it step by step.
    // Where a row lacks capacity its multiplier grows in proportion to the price, which gives the next start.
    y_.setZero();
    bool solved = false;
    for (double softness = kSoftest; softness >= 1; softness /= kHardening) {
      form_compliance(problem, softness);
      solved = newton(kStageIterations, result.iterations);
      if (softness > 1) y_ *= kHardening;
    }
    if (!solved) result.status = RecruitmentResult::Status::limited;
  }

  if (!sane || !y_.allFinite()) {
    result.status = RecruitmentResult::Status::not_finite;
    result.activation.setZero(muscles);
    result.force_n.setZero(muscles);
    result.reserve_nm.setZero(rows);
    result.departure_rad.setZero(rows);
    reset();
    return;
  }
  result.activation.resize(muscles);
  for (Eigen::Index k = 0; k < muscles; ++k) result.activation[order[static_cast<std::size_t>(k)]] = activation_[k];
  result.force_n = result.activation.cwiseProduct(problem.active_n) + problem.passive_n;
  result.reserve_nm = y_.head(rows) / kReservePrice_per_nm2;
  // d = -u^2 P K y
  result.departure_rad.setZero(rows);
  for (int axis = 0; axis < 3; ++axis) {
    double sum = 0;
    int n = 0;
    for (Eigen::Index i = 0; i < rows; ++i)
      if (problem.level_axis[i] == axis) {
        sum += problem.level_stiffness_nm_rad[i] * y_[i];
        ++n;
      }
    for (Eigen::Index i = 0; i < rows; ++i)
      if (problem.level_axis[i] == axis)
        result.departure_rad[i] =
            -kDepartureUnit_rad * kDepartureUnit_rad * (problem.level_stiffness_nm_rad[i] * y_[i] - sum / n);
  }
}

}  // namespace hipspine
