// Where the search for a plan starts: near the plan of a person who lacks as much hip extension and nothing else.
// Extension is what walking misses first, so most of the way lies behind that. Plans of a lattice of limits (5 deg
// apart) are solved when they are first needed; between them each side adds its share of the way to the next:
//   S(r, l) = S(r0, l0) + (r - r0) / (r1 - r0) (S(r1, l0) - S(r0, l0)) + the same for l,   0 the nearest, 1 the next
// All of it follows from the question alone: whatever was asked before, the search is the same, bit for bit.
#include <cmath>

#include "sim/core/units.h"
#include "sim/gait/compensation.h"

namespace hipspine {
namespace {

constexpr double kLattice_rad = rad_from_deg(5);  // chosen: 2.5 deg cost 4 % more
constexpr double kOnLattice = 0.1;                // chosen: half a degree from a lattice plan needs no second one
constexpr int kFree = 4;                          // a healthy hip
constexpr int kTightest = -4;                     // chosen: beyond a contracture of 20 deg other things count

}  // namespace

const PlanState& Planner::lattice_plan(const Strategy& strategy, const std::array<int, 2>& at) {
  for (const Start& s : starts_)
    if (s.at == at && s.strategy == strategy.name) return s.state;
  PlanQuestion asked;
  asked.strategy = strategy;
  for (int side : {kRight, kLeft})
    if (at[side] < kFree) asked.limits[side].extension_max_rad = at[side] * kLattice_rad;
  constexpr double kRough_rad = 3e-4;  // chosen: a start, no answer; 1e-4 and 1e-3 cost the same
  pose(asked);
  starts_.push_back({strategy.name, at, newton(problem_.targets.posture, kRough_rad, kMostIterations).state});
  return starts_.back().state;
}

PlanState Planner::start_of(const PlanQuestion& question) {
  if (contact_.timing().standing) return problem_.targets.posture;
  std::array<int, 2> nearest{};
  std::array<double, 2> beyond{};
  for (int side : {kRight, kLeft}) {
    const double place =
        std::clamp(question.limits[side].extension_max_rad / kLattice_rad, double(kTightest), double(kFree));
    nearest[side] = static_cast<int>(std::round(place));
    beyond[side] = place - nearest[side];
  }
  if (nearest == std::array{kFree, kFree} && beyond == std::array{0.0, 0.0}) return problem_.targets.posture;
  const PlanState base = lattice_plan(question.strategy, nearest);
  PlanState start = base;
  for (int side : {kRight, kLeft}) {
    if (std::abs(beyond[side]) < kOnLattice) continue;
    std::array<int, 2> next = nearest;
    next[side] += beyond[side] > 0 ? 1 : -1;
    const PlanState& there = lattice_plan(question.strategy, next);
    start.c += std::abs(beyond[side]) * (there.c - base.c);
    start.g += std::abs(beyond[side]) * (there.g - base.g);
  }
  pose(question);
  return start;
}

}  // namespace hipspine
