// Estimators over N samples, each with y_A, y_B and y_AB,i (A with coordinate i from B), y centred on its mean:
//   V = variance of all y_A and y_B;  S_i = mean y_B (y_AB,i - y_A) / V  [saltelli2010];
//   ST_i = mean (y_A - y_AB,i)^2 / (2 V)  [jansen1999]
#include "sim/study/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/study/sample_design.h"

namespace hipspine {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewest = 8;  // chosen: below that an interval means nothing

/// Value below which a share of a sorted list lies, linear between neighbours.
double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return kNaN;
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

struct Estimate {
  Eigen::VectorXd first, total;
};

/// Rows of Y: samples; columns: A, B, AB_1 …
Estimate estimate(const Eigen::MatrixXd& Y, const std::vector<Eigen::Index>& rows) {
  const Eigen::Index d = Y.cols() - 2, n = static_cast<Eigen::Index>(rows.size());
  double mean = 0, square = 0;
  for (const Eigen::Index r : rows) mean += (Y(r, 0) + Y(r, 1)) / (2.0 * static_cast<double>(n));
  for (const Eigen::Index r : rows)
    square += (std::pow(Y(r, 0) - mean, 2) + std::pow(Y(r, 1) - mean, 2)) / (2.0 * static_cast<double>(n));
  Estimate e{Eigen::VectorXd::Zero(d), Eigen::VectorXd::Zero(d)};
  for (const Eigen::Index r : rows)
    for (Eigen::Index i = 0; i < d; ++i) {
      e.first[i] += (Y(r, 1) - mean) * (Y(r, 2 + i) - Y(r, 0));
      e.total[i] += 0.5 * std::pow(Y(r, 0) - Y(r, 2 + i), 2);
    }
  e.first /= square * static_cast<double>(n);
  e.total /= square * static_cast<double>(n);
  return e;
}

/// Ranks from 1, ties share their mean.
Eigen::VectorXd ranks(const std::vector<double>& x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  Eigen::VectorXd rank(static_cast<Eigen::Index>(x.size()));
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && x[order[j]] == x[order[i]]) ++j;
    for (std::size_t k = i; k < j; ++k)
      rank[static_cast<Eigen::Index>(order[k])] = 0.5 * static_cast<double>(i + j + 1);
    i = j;
  }
  return rank;
}

Group group_of(std::vector<double> values) {
  Group g{static_cast<std::int64_t>(values.size()), kNaN, kNaN, kNaN};
  if (values.empty()) return g;
  g.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  std::sort(values.begin(), values.end());
  g.low = quantile(values, 0.05);
  g.high = quantile(values, 0.95);
  return g;
}

}  // namespace

SobolIndices sobol_indices(const Eigen::VectorXd& y, int parameters, int resamples, std::uint64_t seed) {
  const auto block = static_cast<Eigen::Index>(saltelli_block(parameters));
  HIPSPINE_DEMAND(y.size() % block == 0);
  SobolIndices out;
  out.first.assign(static_cast<std::size_t>(parameters), {kNaN, kNaN, kNaN});
  out.total = out.first;
  Eigen::MatrixXd Y(y.size() / block, block);
  for (Eigen::Index s = 0; s < Y.rows(); ++s) {
    const auto values = y.segment(s * block, block);
    if (values.allFinite())
      Y.row(out.used++) = values.transpose();
    else
      ++out.dropped;
  }
  const Eigen::Index n = out.used;
  const auto points = Y.topLeftCorner(n, 2);
  out.mean = n > 0 ? points.mean() : kNaN;
  out.deviation = n > 0 ? std::sqrt((points.array() - out.mean).square().mean()) : kNaN;
  // A spread that is rounding is no spread.
  if (n < kFewest || !(out.deviation > 1e-9 * (1e-9 + std::abs(out.mean)))) return out;

  std::vector<Eigen::Index> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), Eigen::Index{0});
  const Estimate all = estimate(Y, rows);
  std::vector<std::vector<double>> first(out.first.size()), total(out.first.size());
  for (int b = 0; b < resamples; ++b) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint64_t bits = scrambled(scrambled(seed + static_cast<std::uint64_t>(b)) + i);
      rows[i] = static_cast<Eigen::Index>(unit_number(bits) * static_cast<double>(n));
    }
    const Estimate drawn = estimate(Y, rows);
    for (std::size_t i = 0; i < first.size(); ++i) {
      first[i].push_back(drawn.first[static_cast<Eigen::Index>(i)]);
      total[i].push_back(drawn.total[static_cast<Eigen::Index>(i)]);
    }
  }
  for (std::size_t i = 0; i < first.size(); ++i) {
    std::sort(first[i].begin(), first[i].end());
    std::sort(total[i].begin(), total[i].end());
    const auto at = static_cast<Eigen::Index>(i);
    out.first[i] = {all.first[at], quantile(first[i], 0.025), quantile(first[i], 0.975)};
    out.total[i] = {all.total[at], quantile(total[i], 0.025), quantile(total[i], 0.975)};
  }
  return out;
}

double rank_correlation(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  HIPSPINE_DEMAND(x.size() == y.size());
  std::vector<double> a, b;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    a.push_back(x[i]);
    b.push_back(y[i]);
  }
  if (a.size() < 3) return kNaN;
  const Eigen::VectorXd ra = ranks(a).array() - 0.5 * static_cast<double>(a.size() + 1);
  const Eigen::VectorXd rb = ranks(b).array() - 0.5 * static_cast<double>(b.size() + 1);
  const double size = ra.norm() * rb.norm();
  return size > 0 ? ra.dot(rb) / size : kNaN;
}

std::vector<bool> usable(const SweepResult& r, bool trusted) {
  std::vector<bool> rows;
  for (const CaseStatus s : r.status) rows.push_back(s == CaseStatus::ok || (!trusted && s == CaseStatus::gate_missed));
  return rows;
}

std::vector<Group> response_curve(const SweepResult& r, int parameter, int output, const std::vector<bool>& rows) {
  std::vector<std::vector<double>> values(r.parameters[static_cast<std::size_t>(parameter)].levels.size());
  for (std::int64_t i = 0; i < r.cases(); ++i)
    if (rows[static_cast<std::size_t>(i)] && std::isfinite(r.output(i, output)))
      values[static_cast<std::size_t>(r.level(i, parameter))].push_back(r.output(i, output));
  std::vector<Group> groups;
  for (std::vector<double>& v : values) groups.push_back(group_of(std::move(v)));
  return groups;
}

std::vector<std::vector<Group>> response_map(const SweepResult& r, int a, int b, int output,
                                             const std::vector<bool>& rows) {
  const std::size_t n_a = r.parameters[static_cast<std::size_t>(a)].levels.size();
  std::vector<std::vector<Group>> map;
  for (std::size_t at = 0; at < n_a; ++at) {
    std::vector<bool> here = rows;
    for (std::int64_t i = 0; i < r.cases(); ++i)
      if (r.level(i, a) != static_cast<int>(at)) here[static_cast<std::size_t>(i)] = false;
    map.push_back(response_curve(r, b, output, here));
  }
  return map;
}

Crossing crossing(const SweepResult& r, int output, double level, const std::vector<bool>& rows) {
  Crossing c;
  for (const ResultParameter& p : r.parameters) c.by.emplace_back(p.levels.size());
  for (std::int64_t i = 0; i < r.cases(); ++i) {
    const double y = r.output(i, output);
    if (!rows[static_cast<std::size_t>(i)] || !std::isfinite(y)) continue;
    ++c.count;
    c.above += y > level;
    for (std::size_t k = 0; k < c.by.size(); ++k) {
      Crossing::Share& share = c.by[k][static_cast<std::size_t>(r.level(i, static_cast<Eigen::Index>(k)))];
      ++share.count;
      share.above += y > level;
    }
  }
  return c;
}

}  // namespace hipspine
