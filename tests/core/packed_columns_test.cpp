// Packed columns against the dense products they stand for, on random groups.
#include "sim/core/packed_columns.h"

#include <doctest/doctest.h>

#include <random>

#include "sim/core/diagnostics.h"

using namespace hipspine;

namespace {

constexpr unsigned kSeed = 1618;

struct Random {
  std::mt19937 engine{kSeed};
  double operator()(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
};

}  // namespace

TEST_CASE("products of packed columns are those of the matrix") {
  INFO("seed " << kSeed);
  Random random;
  for (int n = 0; n < 50; ++n) {
    const std::vector<RowRange> parts = {{1, 5}, {6, 7}, {14, 9}};  // rows 0, 13 and 23 belong to none
    const Eigen::Index rows = 24, columns = 40;
    Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> touches;
    touches.setConstant(3, columns, false);
    Eigen::MatrixXd P = Eigen::MatrixXd::Constant(rows, columns, std::nan(""));  // never read outside the groups
    Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(rows, columns);
    Eigen::VectorXd factor(columns), x(columns), y(rows), weight(columns);
    for (Eigen::Index c = 0; c < columns; ++c) {
      const int first = static_cast<int>(random(0, 3)), second = static_cast<int>(random(0, 3));
      touches(first, c) = touches(second, c) = true;
      factor[c] = random(0.5, 2);
      for (std::size_t k = 0; k < parts.size(); ++k) {
        if (!touches(static_cast<Eigen::Index>(k), c)) continue;
        for (Eigen::Index r = parts[k].first; r < parts[k].first + parts[k].count; ++r) {
          P(r, c) = random(-1, 1);
          dense(r, c) = factor[c] * P(r, c);
        }
      }
      x[c] = random(-1, 1);
      weight[c] = random(0, 1) < 0.3 ? 0 : random(-0.5, 3);
    }
    for (Eigen::Index r = 0; r < rows; ++r) y[r] = random(-1, 1);
    const ColumnOrder order = group_columns(touches, parts);
    PackedColumns packed;
    packed.pack(P, factor, order);
    const auto sorted = [&](const Eigen::VectorXd& v) { return Eigen::VectorXd(v(order.order)); };

    Eigen::VectorXd product = y;
    packed.add_product(sorted(x), -2, product);
    CHECK((product - (y - 2 * dense * x)).cwiseAbs().maxCoeff() < 1e-13);
    Eigen::VectorXd transposed(columns);
    packed.transposed_product(y, transposed);
    CHECK((transposed - sorted(dense.transpose() * y)).cwiseAbs().maxCoeff() < 1e-13);
    Eigen::MatrixXd H = Eigen::MatrixXd::Identity(rows, rows);
    packed.add_gram(sorted(weight), H);
    Eigen::MatrixXd expected = dense * weight.asDiagonal() * dense.transpose();
    expected.diagonal().array() += 1;
    const Eigen::MatrixXd difference = (H - expected).triangularView<Eigen::Lower>();
    CHECK(difference.cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("a column in no part, or in three, is our own mistake") {
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> touches;
  touches.setConstant(3, 2, false);
  touches(0, 0) = true;
  CHECK_THROWS_AS(group_columns(touches, {{0, 2}, {2, 2}, {4, 2}}), InternalError);
  touches.col(1).setConstant(true);
  CHECK_THROWS_AS(group_columns(touches, {{0, 2}, {2, 2}, {4, 2}}), InternalError);
}
