// Where the search for a plan starts: at the plan of a person who lacks about as much hip extension and nothing else.
// Extension is what walking misses first, so most of the way is behind a start on a lattice of it (5 deg apart). The
// lattice point follows from the question alone; whatever was asked before, the search is the same, bit for bit.
#include <cmath>

#include "sim/core/units.h"
#include "sim/gait/compensation.h"

namespace hipspine {
namespace {

constexpr double kLattice_rad = rad_from_deg(5);  // chosen: 4 to 8 deg cost the same
constexpr int kFree = 3;                          // chosen: with 15 deg left walking hardly changes
constexpr int kTightest = -4;                     // chosen: beyond a contracture of 20 deg other things count

}  // namespace

PlanState Planner::start_of(const PlanQuestion& question) {
  if (contact_.timing().standing) return problem_.targets.posture;
  std::array<int, 2> at{};
  for (int side : {kRight, kLeft}) {
    const double steps = std::round(question.limits[side].extension_max_rad / kLattice_rad);
    at[side] = static_cast<int>(std::clamp(steps, double(kTightest), double(kFree)));
  }
  if (at == std::array{kFree, kFree}) return problem_.targets.posture;
  for (const Start& s : starts_)
    if (s.at == at && s.strategy == question.strategy.name) return s.state;
  PlanQuestion asked;
  asked.strategy = question.strategy;
  for (int side : {kRight, kLeft})
    if (at[side] < kFree) asked.limits[side].extension_max_rad = at[side] * kLattice_rad;
  constexpr double kRough_rad = 1e-4;  // chosen: a start, no answer
  pose(asked);
  starts_.push_back({question.strategy.name, at, newton(problem_.targets.posture, kRough_rad, kMostIterations).state});
  pose(question);
  return starts_.back().state;
}

}  // namespace hipspine
