#pragma once
/// Small dense symmetric systems, four rows at a time. At 20 to 60 rows the blocked algorithms of a general library
/// spend more on packing than on arithmetic; these tiles stay in registers. Sizes are multiples of four: pad with an
/// identity.
#include <Eigen/Core>
#include <cmath>
#ifdef __FMA__
#include <immintrin.h>
#endif

namespace hipspine {

using Four = Eigen::Array4d;

[[nodiscard]] inline Eigen::Map<const Four> four(const double* p) { return Eigen::Map<const Four>(p); }
[[nodiscard]] inline Eigen::Map<Four> four(double* p) { return Eigen::Map<Four>(p); }
/// a + b c, rounded once where the processor can: the compiler itself contracts nothing (CMakeLists.txt), so that every
/// build gives the same bits.
[[nodiscard]] inline double fused(double a, double b, double c) {
#ifdef __FMA__
  return std::fma(b, c, a);
#else
  return a + b * c;
#endif
}
[[nodiscard]] inline Four fused(const Four& a, const Four& b, double c) {
  Four sum;
  for (int k = 0; k < 4; ++k) sum[k] = fused(a[k], b[k], c);
  return sum;
}
/// Four numbers in one register: for sums that have to stay there.
#ifdef __FMA__
using Lane = __m256d;
[[nodiscard]] inline Lane no_lane() { return _mm256_setzero_pd(); }
[[nodiscard]] inline Lane all_lanes(double x) { return _mm256_set1_pd(x); }
[[nodiscard]] inline Lane lane(const double* p) { return _mm256_loadu_pd(p); }
inline void store(const Lane& x, double* p) { _mm256_storeu_pd(p, x); }
[[nodiscard]] inline Lane fused(const Lane& a, const Lane& b, double c) {
  return _mm256_fmadd_pd(b, _mm256_set1_pd(c), a);
}
[[nodiscard]] inline Lane fused(const Lane& a, const Lane& b, const Lane& c) { return _mm256_fmadd_pd(b, c, a); }
#else
using Lane = Four;
[[nodiscard]] inline Lane no_lane() { return Four::Zero(); }
[[nodiscard]] inline Lane all_lanes(double x) { return Four::Constant(x); }
[[nodiscard]] inline Lane lane(const double* p) { return four(p); }
inline void store(const Lane& x, double* p) { four(p) = x; }
[[nodiscard]] inline Lane fused(const Lane& a, const Lane& b, const Lane& c) { return a + b * c; }
#endif
[[nodiscard]] constexpr Eigen::Index padded(Eigen::Index n) { return (n + 3) / 4 * 4; }

/// H = P P' for P of a size known to the compiler, rows a multiple of 8, in tiles of 8 x 4.
template <int rows, int columns>
void gram_four(const Eigen::Matrix<double, rows, columns>& P, Eigen::Matrix<double, rows, rows>& H) {
  static_assert(rows % 8 == 0);
  for (int c0 = 0; c0 < rows; c0 += 4) {
    for (int r0 = 0; r0 < rows; r0 += 8) {
      Lane above[4] = {no_lane(), no_lane(), no_lane(), no_lane()};
      Lane below[4] = {no_lane(), no_lane(), no_lane(), no_lane()};
      for (int k = 0; k < columns; ++k) {
        const Lane x = lane(&P(r0, k)), x2 = lane(&P(r0 + 4, k));
        for (int c = 0; c < 4; ++c) {
          above[c] = fused(above[c], x, P(c0 + c, k));
          below[c] = fused(below[c], x2, P(c0 + c, k));
        }
      }
      for (int c = 0; c < 4; ++c) store(above[c], &H(r0, c0 + c)), store(below[c], &H(r0 + 4, c0 + c));
    }
  }
}

/// Cholesky factor of a symmetric positive definite matrix (n x n, n a multiple of 4), in place of its lower triangle.
/// The diagonal becomes its inverse: solving multiplies.
/// @return false when a pivot is not positive
inline bool cholesky_four(Eigen::MatrixXd& A) {
  const Eigen::Index n = A.rows();
  for (Eigen::Index j = 0; j < n; j += 4) {
    // Two tiles at a time below the diagonal, so that eight sums run at once.
    for (Eigen::Index i = j; i < n;) {
      const bool two = i > j && i + 4 < n;
      Lane t[4], u[4];
      for (int c = 0; c < 4; ++c) t[c] = lane(&A(i, j + c));
      if (two) {
        for (int c = 0; c < 4; ++c) u[c] = lane(&A(i + 4, j + c));
        for (Eigen::Index k = 0; k < j; ++k) {
          const double* column = &A(0, k);
          const Lane x = lane(column + i), y = lane(column + i + 4);
          for (int c = 0; c < 4; ++c) {
            t[c] = fused(t[c], x, -column[j + c]);
            u[c] = fused(u[c], y, -column[j + c]);
          }
        }
      } else {
        for (Eigen::Index k = 0; k < j; ++k) {
          const double* column = &A(0, k);
          const Lane x = lane(column + i);
          for (int c = 0; c < 4; ++c) t[c] = fused(t[c], x, -column[j + c]);
        }
      }
      if (i == j) {
        for (int c = 0; c < 4; ++c) {
          for (int d = 0; d < c; ++d) t[c] = fused(t[c], t[d], -t[d][c]);
          if (!(t[c][c] > 0)) return false;
          const double inverse = 1 / std::sqrt(t[c][c]);
          t[c] *= inverse;
          t[c][c] = inverse;
        }
      } else {
        for (int c = 0; c < 4; ++c) {
          for (int d = 0; d < c; ++d) t[c] = fused(t[c], t[d], -A(j + c, j + d));
          t[c] *= A(j + c, j + c);
        }
        for (int c = 0; c < 4 && two; ++c) {
          for (int d = 0; d < c; ++d) u[c] = fused(u[c], u[d], -A(j + c, j + d));
          u[c] *= A(j + c, j + c);
        }
      }
      for (int c = 0; c < 4; ++c) store(t[c], &A(i, j + c));
      for (int c = 0; c < 4 && two; ++c) store(u[c], &A(i + 4, j + c));
      i += two ? 8 : 4;
    }
  }
  return true;
}

/// x := L^-1 x for a factor of cholesky_four.
inline void forward_four(const Eigen::MatrixXd& L, double* x) {
  const Eigen::Index n = L.rows();
  for (Eigen::Index j = 0; j < n; j += 4) {
    for (int c = 0; c < 4; ++c) {
      for (int d = 0; d < c; ++d) x[j + c] = fused(x[j + c], L(j + c, j + d), -x[j + d]);
      x[j + c] *= L(j + c, j + c);
    }
    for (Eigen::Index i = j + 4; i < n; i += 4) {
      Four t = four(x + i);
      for (int c = 0; c < 4; ++c) t = fused(t, four(&L(i, j + c)), -x[j + c]);
      four(x + i) = t;
    }
  }
}

/// x := L^-T x.
inline void backward_four(const Eigen::MatrixXd& L, double* x) {
  for (Eigen::Index j = L.rows() - 4; j >= 0; j -= 4) {
    Four t[4] = {Four::Zero(), Four::Zero(), Four::Zero(), Four::Zero()};
    for (Eigen::Index i = j + 4; i < L.rows(); i += 4) {
      const Four y = four(x + i);
      for (int c = 0; c < 4; ++c) t[c] += y * four(&L(i, j + c));
    }
    for (int c = 3; c >= 0; --c) {
      double sum = t[c].sum();
      for (int d = c + 1; d < 4; ++d) sum += L(j + d, j + c) * x[j + d];
      x[j + c] = (x[j + c] - sum) * L(j + c, j + c);
    }
  }
}

}  // namespace hipspine
