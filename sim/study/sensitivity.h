#pragma once
/// Which inputs an output depends on. For a Saltelli design: first-order and total Sobol indices with bootstrap
/// intervals. For any design: rank correlations, response curves, maps of two parameters, and who crosses a level.
///
///   first  S_i  = V[E(y | x_i)] / V(y): what of the variance x_i explains alone
///   total  ST_i = E[V(y | all but x_i)] / V(y): what is left when everything but x_i is known
#include <optional>
#include <string>
#include <vector>

#include "sim/study/sweep_result.h"

namespace hipspine {

struct Interval {
  double value = 0, low = 0, high = 0;  ///< low and high: 95 % interval
};

struct SobolIndices {
  std::vector<Interval> first, total;  ///< per parameter
  double mean = 0, deviation = 0;      ///< of the output over the sample
  std::int64_t used = 0, dropped = 0;  ///< samples; a sample with a case that has no number is dropped whole
};

/// Values in the order of a Saltelli design, NaN where there is none. Intervals: percentiles of `resamples` bootstrap
/// draws of whole samples, seeded. Fewer than 8 usable samples, or no variance: NaN. @test
/// tests/study/sensitivity_test.cpp
[[nodiscard]] SobolIndices sobol_indices(const Eigen::VectorXd& y, int parameters, int resamples = 500,
                                         std::uint64_t seed = 1);

/// Spearman's rank correlation over the rows where both are finite; NaN below three rows or without variance.
[[nodiscard]] double rank_correlation(const Eigen::VectorXd& x, const Eigen::VectorXd& y);

/// Cases that share a level (or a pair of levels).
struct Group {
  std::int64_t count = 0;
  double mean = 0, low = 0, high = 0;  ///< low, high: 5th and 95th percentile; NaN for an empty group
};

/// Which rows count: those with numbers, or with `trusted` only those whose quality gates are all green.
[[nodiscard]] std::vector<bool> usable(const SweepResult& r, bool trusted);

/// Output over the levels of one parameter, whatever the others are.
[[nodiscard]] std::vector<Group> response_curve(const SweepResult& r, int parameter, int output,
                                                const std::vector<bool>& rows);
/// The same over two parameters: [level of a][level of b].
[[nodiscard]] std::vector<std::vector<Group>> response_map(const SweepResult& r, int a, int b, int output,
                                                           const std::vector<bool>& rows);

/// Cases whose output lies above a level, of all, and of each level of each parameter.
struct Crossing {
  std::int64_t above = 0, count = 0;
  struct Share {
    std::int64_t above = 0, count = 0;
  };
  std::vector<std::vector<Share>> by;  ///< [parameter][level]
};
[[nodiscard]] Crossing crossing(const SweepResult& r, int output, double level, const std::vector<bool>& rows);

}  // namespace hipspine
