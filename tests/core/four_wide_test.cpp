// Tiles four rows wide against the dense algebra they stand for, on random matrices.
#include "sim/core/four_wide.h"

#include <doctest/doctest.h>

#include <Eigen/Cholesky>
#include <random>

using namespace hipspine;

namespace {

constexpr unsigned kSeed = 271;

}  // namespace

TEST_CASE("product of a matrix with its transpose, every entry") {
  CAPTURE(kSeed);
  std::mt19937 engine(kSeed);
  std::normal_distribution<double> normal;
  using Factor = Eigen::Matrix<double, 72, 12>;
  using Product = Eigen::Matrix<double, 72, 72>;
  for (int n = 0; n < 10; ++n) {
    const Factor P = Factor::NullaryExpr([&] { return normal(engine); });
    Product H = Product::Constant(std::nan(""));  // never read
    gram_four(P, H);
    CHECK((H - P * P.transpose()).cwiseAbs().maxCoeff() < 1e-13);
  }
}

TEST_CASE("Cholesky factor and solution, sizes of one tile to many; no factor of what is not positive") {
  CAPTURE(kSeed);
  std::mt19937 engine(kSeed);
  std::normal_distribution<double> normal;
  for (int n = 4; n <= 64; n += 4) {
    CAPTURE(n);
    const Eigen::MatrixXd B = Eigen::MatrixXd::NullaryExpr(n, n, [&] { return normal(engine); });
    const Eigen::MatrixXd A = B * B.transpose() + Eigen::MatrixXd::Identity(n, n);
    const Eigen::VectorXd b = Eigen::VectorXd::NullaryExpr(n, [&] { return normal(engine); });
    Eigen::MatrixXd factor = A;
    REQUIRE(cholesky_four(factor));
    Eigen::VectorXd x = b;
    forward_four(factor, x.data());
    backward_four(factor, x.data());
    CHECK((A * x - b).norm() < 1e-11 * b.norm());
    factor = A;
    factor(n - 1, n - 1) = -1;
    CHECK_FALSE(cholesky_four(factor));
  }
}
