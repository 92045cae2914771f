/// Solving a level takes no memory from the heap: it may run in the loop of a simulation. Every allocation of the C
/// library is counted while a flag of this thread is up. Sanitizers bring their own allocator, so the test stays out.
#include <doctest/doctest.h>

#include <cstdlib>

#include "sim/core/units.h"
#include "tests/tissue/segment_test_support.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {
thread_local bool counting = false;
thread_local int counted = 0;
}  // namespace

extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* malloc(std::size_t size) {
  if (counting) ++counted;
  return __libc_malloc(size);
}

using namespace hipspine;

TEST_CASE("segment: no allocation, whether warm, cold or beyond the range") {
  const Spine spine = reference_spine();
  double sum = 0;
  counted = 0;
  counting = true;
  for (const SegmentParameters& p : spine.level) {
    const Vec3 q(rad_from_deg(3), rad_from_deg(2), rad_from_deg(-1));
    const SegmentLoad cold = solve_segment(p, q, {100, -1200, 50});
    sum += solve_segment(p, q, {110, -1210, 45}, cold.translation_m).facet_n[kRight];
    sum += solve_segment(p, q, {1e7, -1e7, 0}).disc_pressure_pa;
    sum += solve_rotation(p, {2, 1, 5}, {0, -300, 0}).rotation_rad[kFE];
  }
  counting = false;
  CHECK(counted == 0);
  CHECK(std::isfinite(sum));
  counting = true;
  void* const seen = std::malloc(16);
  counting = false;
  std::free(seen);
  CHECK(counted == 1);  // the counter does count
}

#endif
