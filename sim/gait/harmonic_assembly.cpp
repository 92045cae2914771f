/// Gradient and Hessian by coefficients. With h_ab,ij the Hessian at a node between the a-th derivative of curve i and
/// the b-th of curve j, and f_a the a-th derivative of the basis,
///   H_ij = 1/N sum_k sum_ab h_ab,ij(p_k) f_a(p_k) f_b(p_k)'                                                  (1)
/// Basis functions are cosines and sines, and so are their derivatives up to a factor w_m = 2 pi m; a product of two
/// has only the frequencies m - n and m + n. So (1) needs no more than the transform of h over the nodes,
///   C_f = 1/N sum_k h(p_k) cos 2 pi f p_k,   S_f = 1/N sum_k h(p_k) sin 2 pi f p_k,   f = 0 ... 14            (2)
/// one matrix product for all pairs i, j, and for harmonics m of i and n of j, with
///   E = h00 - w_n^2 h02 - w_m^2 h20 + w_m^2 w_n^2 h22,  O = w_n (h01 - w_m^2 h21),
///   P = w_m (h10 - w_n^2 h12),  Q = w_m w_n h11   transformed each,
///   A = (E_C + Q_C + O_S - P_S)(m - n),  B = (E_C - Q_C - O_S - P_S)(m + n),
///   G = (E_S + Q_S - O_C + P_C)(m - n),  D = (E_S - Q_S + O_C + P_C)(m + n):
///   cos cos = (A + B)/2,   sin sin = (A - B)/2,   cos sin = (D - G)/2,   sin cos = (D + G)/2                 (3)
#include "sim/gait/harmonic_assembly.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/core/four_wide.h"

namespace hipspine {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;

/// Column of a wave in the transform: cosines of frequency 0, 1, ..., each but the first followed by its sine.
constexpr int cosine(int f) { return f == 0 ? 0 : 2 * f - 1; }
constexpr int sine(int f) { return 2 * f; }

/// First entry of the pairs (0, j), (1, j), ... (j, j).
constexpr int pairs_before(int j) { return j * (j + 1) / 2; }

/// Rows of basis functions from the transforms of what f, df and ddf are multiplied with (one row of one curve each).
template <class Out, class Zero, class First, class Second>
void expand(const Zero& h0, const First& h1, const Second& h2, Out&& out) {
  out(0, h0[0]);
  for (int m = 1; m <= kHarmonics; ++m) {
    const double w = kTwoPi * m;
    out(2 * m - 1, h0[cosine(m)] - w * h1[sine(m)] - w * w * h2[cosine(m)]);
    out(2 * m, h0[sine(m)] + w * h1[cosine(m)] - w * w * h2[sine(m)]);
  }
}

}  // namespace

HarmonicAssembly::HarmonicAssembly()
    : stacked_(kBasis, 3 * kNodes),
      waves_(kNodes, 1 + 2 * kWaves),
      curves_(kReduced, 3 * kNodes),
      gradients_(kLocal, kNodes),
      pairs_(Eigen::MatrixXd::Zero(9 * kPadded, kNodes)),
      mixed_(3 * kReduced * kPlanGlobals + kPlanGlobals * kPlanGlobals, kNodes),
      spectrum_(9 * kPadded, 1 + 2 * kWaves),
      mixed_spectrum_(mixed_.rows(), kBasis),
      gradient_spectrum_(kLocal, kBasis) {}

void HarmonicAssembly::set_phases(const std::array<double, kNodes>& phase) {
  for (int k = 0; k < kNodes; ++k) {
    basis_[k] = basis_rows(phase[k]);
    stacked_.col(k) = basis_[k].f;
    stacked_.col(kNodes + k) = basis_[k].df;
    stacked_.col(2 * kNodes + k) = basis_[k].ddf;
    waves_(k, 0) = 1.0 / kNodes;
    for (int f = 1; f <= kWaves; ++f) {
      waves_(k, cosine(f)) = std::cos(kTwoPi * f * phase[k]) / kNodes;
      waves_(k, sine(f)) = std::sin(kTwoPi * f * phase[k]) / kNodes;
    }
  }
}

void HarmonicAssembly::sample(const Coefficients& c) { curves_.noalias() = c.transpose() * stacked_; }

void HarmonicAssembly::put(int k, const LocalMat& h) {
  double* to = &pairs_(0, k);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b, to += kPadded)
      for (int j = 0; j < kReduced; ++j) std::copy_n(&h(a * kReduced, b * kReduced + j), j + 1, to + pairs_before(j));
  mixed_.col(k) = h.block<kLocal, kPlanGlobals>(0, 3 * kReduced).reshaped();
}

void HarmonicAssembly::gradient(Eigen::VectorXd& out) {
  out.resize(kUnknowns);
  gradient_spectrum_.noalias() = gradients_ * waves_.leftCols<kBasis>();
  for (int j = 0; j < kReduced; ++j)
    expand(gradient_spectrum_.row(j), gradient_spectrum_.row(kReduced + j), gradient_spectrum_.row(2 * kReduced + j),
           [&](int row, double value) { out[j * kBasis + row] = value; });
  out.tail<kPlanGlobals>() = gradient_spectrum_.col(0).tail<kPlanGlobals>();
}

void HarmonicAssembly::hessian(Eigen::MatrixXd& out) {
  constexpr int kZs = kReduced * kBasis;
  out.resize(kUnknowns, kUnknowns);
  spectrum_.noalias() = pairs_ * waves_;
  for (int pair = 0; pair < kPairs; pair += 4) block(pair, out);
  mixed_spectrum_.noalias() = mixed_ * waves_.leftCols<kBasis>();
  for (int g = 0; g < kPlanGlobals; ++g) {
    const auto rows = mixed_spectrum_.middleRows<kLocal>(g * kLocal);
    for (int j = 0; j < kReduced; ++j)
      expand(rows.row(j), rows.row(kReduced + j), rows.row(2 * kReduced + j),
             [&](int row, double value) { out(kZs + g, j * kBasis + row) = value; });
    out.col(kZs + g).tail<kPlanGlobals>() = rows.col(0).tail<kPlanGlobals>();
  }
}

/// Blocks of four pairs from `pair` on, by (3).
void HarmonicAssembly::block(int pair, Eigen::MatrixXd& out) const {
  // Transforms of the nine h_ab, by frequency.
  std::array<std::array<std::array<Four, kWaves + 1>, 3>, 3> C, S;
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      const int row = (3 * a + b) * kPadded + pair;
      for (int f = 0; f <= kWaves; ++f) {
        C[a][b][f] = four(&spectrum_(row, cosine(f)));
        S[a][b][f] = f == 0 ? Four(Four::Zero()) : Four(four(&spectrum_(row, sine(f))));
      }
    }
  std::array<Four, kBasis * kBasis> result;
  for (int n = 0; n <= kHarmonics; ++n) {
    const double w_n = kTwoPi * n, n2 = w_n * w_n;
    for (int m = 0; m <= kHarmonics; ++m) {
      const double w_m = kTwoPi * m, m2 = w_m * w_m;
      const int less = std::abs(m - n), more = m + n;
      const double sign = m < n ? -1 : 1;  // of sines at m - n
      const auto E = [&](const auto& of, int f) -> Four {
        return of[0][0][f] - n2 * of[0][2][f] - m2 * of[2][0][f] + (m2 * n2) * of[2][2][f];
      };
      const auto O = [&](const auto& of, int f) -> Four { return w_n * (of[0][1][f] - m2 * of[2][1][f]); };
      const auto P = [&](const auto& of, int f) -> Four { return w_m * (of[1][0][f] - n2 * of[1][2][f]); };
      const auto Q = [&](const auto& of, int f) -> Four { return (w_m * w_n) * of[1][1][f]; };
      const Four A = E(C, less) + Q(C, less) + sign * (O(S, less) - P(S, less));
      const Four B = E(C, more) - Q(C, more) - O(S, more) - P(S, more);
      const Four G = sign * (E(S, less) + Q(S, less)) - O(C, less) + P(C, less);
      const Four D = E(S, more) - Q(S, more) + O(C, more) + P(C, more);
      const auto at = [&](int row, int column) -> Four& { return result[column * kBasis + row]; };
      const int cos_m = cosine(m), cos_n = cosine(n), sin_m = sine(m), sin_n = sine(n);
      at(cos_m, cos_n) = 0.5 * (A + B);
      if (m > 0 && n > 0) at(sin_m, sin_n) = 0.5 * (A - B);
      if (n > 0) at(cos_m, sin_n) = 0.5 * (D - G);
      if (m > 0) at(sin_m, cos_n) = 0.5 * (D + G);
    }
  }
  int j = 0;
  for (int l = 0; l < 4 && pair + l < kPairs; ++l) {
    while (pairs_before(j + 1) <= pair + l) ++j;
    const int i = pair + l - pairs_before(j);
    for (int row = 0; row < kBasis; ++row) {  // below the diagonal stand the blocks' transposes
      double* to = &out(j * kBasis, i * kBasis + row);
      for (int column = 0; column < kBasis; ++column) to[column] = result[column * kBasis + row][l];
    }
  }
}

}  // namespace hipspine
