#include "sim/gait/harmonic_assembly.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>

namespace hipspine {
namespace {

TEST_CASE("derivatives by coefficients are the sums over nodes of products of basis functions") {
  std::mt19937 random(20261127);
  std::normal_distribution<double> normal;
  for (const double shift : {0.0, 0.013, -0.37}) {
    CAPTURE(shift);
    auto assembly = std::make_unique<HarmonicAssembly>();
    std::array<double, kNodes> phase;
    for (int k = 0; k < kNodes; ++k) phase[k] = static_cast<double>(k) / kNodes + shift;
    assembly->set_phases(phase);

    Coefficients c = Coefficients::NullaryExpr([&] { return normal(random); });
    assembly->sample(c);
    Eigen::VectorXd gradient = Eigen::VectorXd::Zero(kUnknowns);
    Eigen::MatrixXd hessian = Eigen::MatrixXd::Zero(kUnknowns, kUnknowns);
    for (int k = 0; k < kNodes; ++k) {
      // Local unknowns = J · unknowns.
      const BasisRows b = basis_rows(phase[k]);
      Eigen::MatrixXd J = Eigen::MatrixXd::Zero(kLocal, kUnknowns);
      for (int j = 0; j < kReduced; ++j) {
        J.block<1, kBasis>(j, j * kBasis) = b.f.transpose();
        J.block<1, kBasis>(kReduced + j, j * kBasis) = b.df.transpose();
        J.block<1, kBasis>(2 * kReduced + j, j * kBasis) = b.ddf.transpose();
      }
      J.bottomRightCorner<kPlanGlobals, kPlanGlobals>().setIdentity();
      CHECK((assembly->z(k) - c.transpose() * b.f).norm() < 1e-12 * c.norm());
      CHECK((assembly->dz(k) - c.transpose() * b.df).norm() < 1e-10 * c.norm());
      CHECK((assembly->ddz(k) - c.transpose() * b.ddf).norm() < 1e-8 * c.norm());
      const LocalVec g = LocalVec::NullaryExpr([&] { return normal(random); });
      LocalMat h = LocalMat::NullaryExpr([&] { return normal(random); });
      h = (h + h.transpose()).eval();
      assembly->put(k, g);
      assembly->put(k, h);
      gradient += J.transpose() * g / kNodes;
      hessian += J.transpose() * h.topLeftCorner<kLocal, kLocal>() * J / kNodes;
    }
    Eigen::VectorXd fast_gradient;
    Eigen::MatrixXd fast_hessian;
    assembly->gradient(fast_gradient);
    assembly->hessian(fast_hessian);
    CHECK((fast_gradient - gradient).norm() < 1e-13 * gradient.norm());
    const Eigen::MatrixXd lower = fast_hessian.triangularView<Eigen::Lower>();
    const Eigen::MatrixXd expected = hessian.triangularView<Eigen::Lower>();
    CHECK((lower - expected).norm() < 1e-13 * expected.norm());
    // Entries of low harmonics are small beside those of high ones and must not drown in them.
    for (int j = 0; j < kReduced; ++j) {
      const double low = expected(j * kBasis, j * kBasis);
      CHECK(std::abs(lower(j * kBasis, j * kBasis) - low) < 1e-12);
    }
  }
}

}  // namespace
}  // namespace hipspine
