// Latin hypercube: u_k(i) = (P_k(i) + jitter) / n with P_k a permutation of the n parts. The permutation is a Feistel
// network on the smallest power of four that holds n, walked until it falls below n: it needs no table.
// Sobol: direction numbers [joe2008], each dimension shifted by a random pattern of bits (xor),
// which keeps every balance of the sequence and makes its mean unbiased.
// Saltelli: one Sobol point of 2 d dimensions gives A (first d) and B (last d); case k of its block is A with
// coordinate k from B [saltelli2010].
#include "sim/study/sample_design.h"

#include <boost/random/sobol.hpp>

#include "sim/core/diagnostics.h"

namespace hipspine {
namespace {

constexpr int kFeistelRounds = 6;  // chosen: four already pass for random; nothing here is secret

std::vector<double> sobol_point(int dimensions, std::int64_t index, std::uint64_t seed) {
  boost::random::sobol sequence(static_cast<std::size_t>(dimensions));
  sequence.seed(static_cast<std::uint64_t>(index));
  std::vector<double> u(static_cast<std::size_t>(dimensions));
  for (std::size_t k = 0; k < u.size(); ++k) u[k] = unit_number(sequence() ^ scrambled(seed + scrambled(k + 1)));
  return u;
}

}  // namespace

std::string to_string(SampleMethod method) {
  constexpr const char* kNames[kSampleMethods] = {"grid", "list", "latin_hypercube", "sobol", "saltelli"};
  return kNames[static_cast<int>(method)];
}

std::uint64_t scrambled(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

double unit_number(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

std::int64_t permuted(std::int64_t index, std::int64_t count, std::uint64_t key) {
  HIPSPINE_DEMAND(index >= 0 && index < count);
  int half = 1;
  while (half < 31 && (std::int64_t{1} << (2 * half)) < count) ++half;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  auto x = static_cast<std::uint64_t>(index);
  do {
    std::uint64_t left = x >> half, right = x & mask;
    for (int round = 0; round < kFeistelRounds; ++round) {
      const std::uint64_t mixed = left ^ (scrambled(key + scrambled(right + (std::uint64_t(round) << 40))) & mask);
      left = right;
      right = mixed;
    }
    x = left << half | right;
  } while (x >= static_cast<std::uint64_t>(count));
  return static_cast<std::int64_t>(x);
}

std::int64_t SampleDesign::cases() const {
  switch (method) {
    case SampleMethod::grid: {
      std::int64_t n = 1;
      for (const std::int64_t l : levels) n *= l;
      return n;
    }
    case SampleMethod::list:
      return levels.empty() ? 1 : levels.front();
    case SampleMethod::saltelli:
      return samples * saltelli_block(parameters);
    default:
      return samples;
  }
}

std::vector<std::int64_t> levels_of_case(const SampleDesign& design, std::int64_t index) {
  HIPSPINE_DEMAND(index >= 0 && index < design.cases());
  if (design.method == SampleMethod::list) return std::vector<std::int64_t>(design.levels.size(), index);
  HIPSPINE_DEMAND(design.method == SampleMethod::grid);
  std::vector<std::int64_t> level(design.levels.size());
  for (std::size_t k = level.size(); k-- > 0; index /= design.levels[k]) level[k] = index % design.levels[k];
  return level;
}

std::vector<double> point_of_case(const SampleDesign& design, std::int64_t index) {
  HIPSPINE_DEMAND(index >= 0 && index < design.cases());
  const int n = design.parameters;
  switch (design.method) {
    case SampleMethod::latin_hypercube: {
      std::vector<double> u(static_cast<std::size_t>(n));
      for (std::size_t k = 0; k < u.size(); ++k) {
        const std::uint64_t key = scrambled(design.seed + scrambled(k + 1));
        const double jitter = unit_number(scrambled(key ^ scrambled(static_cast<std::uint64_t>(index))));
        u[k] =
            (static_cast<double>(permuted(index, design.samples, key)) + jitter) / static_cast<double>(design.samples);
      }
      return u;
    }
    case SampleMethod::sobol:
      return sobol_point(n, index, design.seed);
    case SampleMethod::saltelli: {
      const std::int64_t block = saltelli_block(n), kind = index % block;
      const std::vector<double> both = sobol_point(2 * n, index / block, design.seed);
      std::vector<double> u(both.begin() + (kind == 1 ? n : 0), both.begin() + (kind == 1 ? 2 * n : n));
      if (kind >= 2) u[static_cast<std::size_t>(kind - 2)] = both[static_cast<std::size_t>(n + kind - 2)];
      return u;
    }
    default:
      HIPSPINE_DEMAND(false);
  }
}

}  // namespace hipspine
