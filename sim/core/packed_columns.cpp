#include "sim/core/packed_columns.h"

#include <algorithm>
#include <cmath>

#include "sim/core/diagnostics.h"
#include "sim/core/four_wide.h"

namespace hipspine {
namespace {

constexpr Eigen::Index kMostRows = 64;  // of a group: size of a scratch on the stack

void copy_rows(const ColumnGroup& g, const double* from, double factor, double* to) {
  for (Eigen::Index r = 0; r < g.rows; ++r) to[r] = factor * from[g.row + r];
  for (Eigen::Index r = 0; r < g.rows2; ++r) to[g.rows + r] = factor * from[g.row2 + r];
}

}  // namespace

ColumnOrder group_columns(const Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>& touches,
                          const std::vector<RowRange>& parts) {
  const Eigen::Index n_part = touches.rows(), n = touches.cols();
  HIPSPINE_DEMAND(n_part == static_cast<Eigen::Index>(parts.size()) && n_part <= 3);
  ColumnOrder out;
  for (int key = 1; key < 1 << n_part; ++key) {
    ColumnGroup group;
    group.first = static_cast<Eigen::Index>(out.order.size());
    for (Eigen::Index column = 0; column < n; ++column) {
      int touched = 0;
      for (Eigen::Index k = 0; k < n_part; ++k) touched += touches(k, column) << k;
      if (touched == key) out.order.push_back(column);
    }
    group.count = static_cast<Eigen::Index>(out.order.size()) - group.first;
    if (group.count == 0) continue;
    for (Eigen::Index k = 0; k < n_part; ++k) {
      if ((key >> k) % 2 == 0) continue;
      HIPSPINE_DEMAND(group.rows2 == 0);
      const RowRange& part = parts[static_cast<std::size_t>(k)];
      if (group.rows == 0) {
        group.row = part.first, group.rows = part.count;
      } else {
        HIPSPINE_DEMAND(part.first >= group.row + group.rows);
        group.row2 = part.first, group.rows2 = part.count;
      }
    }
    out.groups.push_back(group);
  }
  HIPSPINE_DEMAND(static_cast<Eigen::Index>(out.order.size()) == n);
  return out;
}

void PackedColumns::lay_out(const std::vector<ColumnGroup>& groups) {
  // Of the same columns only what stands in the rows changes: the padding is zero already.
  if (std::equal(blocks_.begin(), blocks_.end(), groups.begin(), groups.end(),
                 [](const Block& b, const ColumnGroup& g) { return b.group == g; }))
    return;
  blocks_.clear();
  Eigen::Index size = 0, widest = 0;
  for (const ColumnGroup& g : groups) {
    const Eigen::Index m = padded(g.rows + g.rows2);
    HIPSPINE_DEMAND(m <= kMostRows);
    blocks_.push_back({g, m, size});
    size += m * g.count;
    widest = std::max(widest, g.count);
  }
  packed_.setZero(size);
  scaled_.resize(size);
  column_.resize(static_cast<std::size_t>(widest));
}

void PackedColumns::pack(const Eigen::MatrixXd& P, const std::vector<ColumnGroup>& groups) {
  lay_out(groups);
  for (const Block& b : blocks_) {
    double* to = packed_.data() + b.offset;
    for (Eigen::Index i = b.group.first; i < b.group.first + b.group.count; ++i, to += b.size)
      copy_rows(b.group, &P(0, i), 1, to);
  }
}

void PackedColumns::pack(const Eigen::MatrixXd& P, const Eigen::VectorXd& factor, const ColumnOrder& order) {
  lay_out(order.groups);
  for (const Block& b : blocks_) {
    double* to = packed_.data() + b.offset;
    for (Eigen::Index i = b.group.first; i < b.group.first + b.group.count; ++i, to += b.size) {
      const Eigen::Index column = order.order[static_cast<std::size_t>(i)];
      copy_rows(b.group, &P(0, column), factor[column], to);
    }
  }
}

void PackedColumns::add_product(const Eigen::VectorXd& x, double sign, Eigen::VectorXd& out) const {
  double sum[kMostRows];
  for (const Block& b : blocks_) {
    std::fill_n(sum, b.size, 0.0);
    const double* column = packed_.data() + b.offset;
    for (Eigen::Index i = 0; i < b.group.count; ++i, column += b.size) {
      const double share = sign * x[b.group.first + i];
      for (Eigen::Index r = 0; r < b.size; r += 4) four(sum + r) = fused(four(sum + r), four(column + r), share);
    }
    for (Eigen::Index r = 0; r < b.group.rows; ++r) out[b.group.row + r] += sum[r];
    for (Eigen::Index r = 0; r < b.group.rows2; ++r) out[b.group.row2 + r] += sum[b.group.rows + r];
  }
}

void PackedColumns::transposed_product(const Eigen::VectorXd& y, Eigen::VectorXd& out) const {
  double part[kMostRows];
  for (const Block& b : blocks_) {
    std::fill_n(part, b.size, 0.0);
    std::copy_n(y.data() + b.group.row, b.group.rows, part);
    std::copy_n(y.data() + b.group.row2, b.group.rows2, part + b.group.rows);
    const double* column = packed_.data() + b.offset;
    for (Eigen::Index i = 0; i < b.group.count; ++i, column += b.size) {
      Four sum = Four::Zero();
      for (Eigen::Index r = 0; r < b.size; r += 4) sum += four(part + r) * four(column + r);
      out[b.group.first + i] = sum.sum();
    }
  }
}

/// In tiles of 8 x 4, so that eight sums run at once; row ranges of a group are in ascending order, so a tile below the
/// diagonal stays below it.
void PackedColumns::add_gram(const Eigen::VectorXd& weight, Eigen::MatrixXd& H) {
  for (const Block& b : blocks_) {
    const ColumnGroup& g = b.group;
    const double* P = packed_.data() + b.offset;
    double* scaled = scaled_.data() + b.offset;
    std::size_t used = 0;
    for (Eigen::Index i = 0; i < g.count; ++i, P += b.size) {
      const double by = weight[g.first + i];
      if (by == 0) continue;
      double* to = scaled + static_cast<Eigen::Index>(used) * b.size;
      for (Eigen::Index r = 0; r < b.size; r += 4) four(to + r) = four(P + r) * by;
      column_[used++] = P;
    }
    const Eigen::Index m = g.rows + g.rows2;
    const auto row = [&](Eigen::Index r) { return r < g.rows ? g.row + r : g.row2 + r - g.rows; };
    double tile[32];  // 8 x 4
    const auto add = [&](Eigen::Index c0, Eigen::Index r0, Eigen::Index size) {
      const Eigen::Index columns = std::min<Eigen::Index>(4, m - c0), rows = std::min(size, m - r0);
      for (Eigen::Index c = 0; c < columns; ++c) {
        const double* from = tile + 8 * c;
        double* to = &H(0, row(c0 + c));
        if (rows == 8 && r0 != c0 && (r0 + 8 <= g.rows || r0 >= g.rows)) {
          to += row(r0);
          four(to) += four(from);
          four(to + 4) += four(from + 4);
          continue;
        }
        for (Eigen::Index r = r0 == c0 ? c : 0; r < rows; ++r) to[row(r0 + r)] += from[r];
      }
    };
    for (Eigen::Index c0 = 0; c0 < m; c0 += 4) {
      Eigen::Index r0 = c0;
      for (; r0 + 4 < m; r0 += 8) {
        Lane above[4] = {no_lane(), no_lane(), no_lane(), no_lane()};
        Lane below[4] = {no_lane(), no_lane(), no_lane(), no_lane()};
        const double* y = scaled + c0;
        for (std::size_t i = 0; i < used; ++i, y += b.size) {
          const Lane x = lane(column_[i] + r0), x2 = lane(column_[i] + r0 + 4);
          for (int c = 0; c < 4; ++c) {
            above[c] = fused(above[c], x, y[c]);
            below[c] = fused(below[c], x2, y[c]);
          }
        }
        for (int c = 0; c < 4; ++c) store(above[c], tile + 8 * c), store(below[c], tile + 8 * c + 4);
        add(c0, r0, 8);
      }
      if (r0 < m) {
        Lane above[4] = {no_lane(), no_lane(), no_lane(), no_lane()};
        const double* y = scaled + c0;
        for (std::size_t i = 0; i < used; ++i, y += b.size) {
          const Lane x = lane(column_[i] + r0);
          for (int c = 0; c < 4; ++c) above[c] = fused(above[c], x, y[c]);
        }
        for (int c = 0; c < 4; ++c) store(above[c], tile + 8 * c);
        add(c0, r0, 4);
      }
    }
  }
}

}  // namespace hipspine
