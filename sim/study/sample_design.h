#pragma once
/// Which cases a study has, as a pure function of the case's number: any process can ask for any case, in any order,
/// and nothing is kept. That is what makes a sweep resumable, divisible, and the same for any number of threads.
#include <cstdint>
#include <string>
#include <vector>

namespace hipspine {

enum class SampleMethod {
  grid,             ///< every combination of the levels; the last parameter changes fastest
  list,             ///< the n-th level of all parameters together
  latin_hypercube,  ///< each parameter once in each of `samples` equal parts of its range, parts in random order
  sobol,            ///< Sobol's sequence, shifted at random
  saltelli,         ///< what Sobol indices are estimated from: per sample two points and, per parameter, a mixed one
};

[[nodiscard]] std::string to_string(SampleMethod method);
inline constexpr int kSampleMethods = 5;

struct SampleDesign {
  SampleMethod method = SampleMethod::grid;
  std::vector<std::int64_t> levels;  ///< per parameter, for grid and list
  std::int64_t samples = 0;          ///< of the other methods
  std::uint64_t seed = 1;
  int parameters = 0;

  [[nodiscard]] std::int64_t cases() const;
};

/// Level of every parameter in a case of a grid or list.
[[nodiscard]] std::vector<std::int64_t> levels_of_case(const SampleDesign& design, std::int64_t index);

/// Point of the unit cube, [0, 1) per parameter, of a case of the other methods. @test tests/study/design_test.cpp
[[nodiscard]] std::vector<double> point_of_case(const SampleDesign& design, std::int64_t index);

/// In a Saltelli design a sample is a block of cases: A, B, then A with parameter k taken from B.
[[nodiscard]] inline std::int64_t saltelli_block(int parameters) { return parameters + 2; }

/// A number that looks random, from any key: SplitMix64's finaliser.
[[nodiscard]] std::uint64_t scrambled(std::uint64_t key);
/// The same in [0, 1), 53 bits.
[[nodiscard]] double unit_number(std::uint64_t bits);
/// Place of `index` in a permutation of 0 .. count - 1 that `key` names; costs no memory.
[[nodiscard]] std::int64_t permuted(std::int64_t index, std::int64_t count, std::uint64_t key);

}  // namespace hipspine
