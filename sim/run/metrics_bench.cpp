// Rows of passive structures. On the bench a specimen is fresh (no creep, no upright preset): tissue/test_rig.h.
#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/run/report.h"
#include "sim/run/rig_command.h"
#include "sim/run/validate.h"

namespace hipspine {
namespace {

const SegmentParameters& level(const ValidationBench& bench, const std::string& name) {
  const auto it = std::find_if(bench.spine.level.begin(), bench.spine.level.end(),
                               [&](const SegmentParameters& p) { return p.name == name; });
  if (it == bench.spine.level.end()) throw InternalError("there is no lumbar level '" + name + "'");
  return *it;
}

/// A specimen of validate's model on the rig; `name` is a level or "lumbar".
RigResult on_bench(const ValidationBench& bench, const std::string& name, RigDirection direction, double moment_nm,
                   double follower_n) {
  RigRequest request;
  request.specimen = name;
  request.load = {direction, moment_nm, follower_n, 0, 0};
  return run_rig(bench.model, bench.spine, request).result;
}

/// A value only from an equilibrium that was found.
Measured trusted(std::initializer_list<SegmentStatus> states, double value, std::string detail = "") {
  const bool ok = std::all_of(states.begin(), states.end(), [](SegmentStatus s) { return s == SegmentStatus::ok; });
  if (!ok) return {std::nullopt, "no equilibrium found", std::nullopt};
  return {value, std::move(detail), std::nullopt};
}

constexpr RigDirection kDirections[] = {RigDirection::flexion, RigDirection::extension, RigDirection::lateral,
                                        RigDirection::axial};

void add_single_levels(std::vector<Metric>& rows) {
  for (const char* name : {"L1_L2", "L2_L3", "L3_L4", "L4_L5", "L5_S1"})
    for (const RigDirection direction : kDirections)
      rows.push_back({std::string("F_") + name + "_" + kRigDirectionNames[static_cast<int>(direction)],
                      "rotation under 10 N·m, no other load",
                      [name = std::string(name), direction](ValidationCases&, const ValidationBench& bench) {
                        const RigResult r = on_bench(bench, name, direction, 10, 0);
                        const RigAxis axis = rig_axis(direction);
                        return trusted({r.status}, deg_from_rad(axis.sense * r.level[0].rotation_rad[axis.axis]));
                      }});
}

constexpr int kL4L5 = 1;  // in the column, from below

void add_column(std::vector<Metric>& rows) {
  const auto turned_deg = [](const ValidationBench& bench, RigDirection direction, SegmentStatus& status) {
    const RigResult r = on_bench(bench, "lumbar", direction, 7.5, 0);
    if (r.status != SegmentStatus::ok) status = r.status;
    const RigAxis axis = rig_axis(direction);
    double total_rad = 0;
    for (std::size_t i = kL4L5; i < r.level.size(); ++i) total_rad += axis.sense * r.level[i].rotation_rad[axis.axis];
    return deg_from_rad(total_rad);
  };
  const char* how = "sum over L1_L2 to L4_L5 in the column L1 to S1 under 7.5 N·m both ways";
  rows.push_back({"F20", how, [turned_deg](ValidationCases&, const ValidationBench& bench) {
                    SegmentStatus status = SegmentStatus::ok;
                    const double both = turned_deg(bench, RigDirection::flexion, status) +
                                        turned_deg(bench, RigDirection::extension, status);
                    return trusted({status}, both);
                  }});
  for (const auto& [id, direction] : {std::pair{"F21", RigDirection::lateral}, {"F22", RigDirection::axial}})
    rows.push_back({id, how, [turned_deg, direction = direction](ValidationCases&, const ValidationBench& bench) {
                      SegmentStatus status = SegmentStatus::ok;
                      const double one_side = turned_deg(bench, direction, status);
                      return trusted({status}, 2 * one_side);  // the column is symmetric
                    }});
}

void add_pressures(std::vector<Metric>& rows) {
  struct Load {
    const char* id;
    RigDirection direction;
    double moment_nm, follower_n;
  };
  for (const Load& load :
       {Load{"F23", RigDirection::flexion, 7.5, 1175}, Load{"F24", RigDirection::extension, 7.5, 500},
        Load{"F25", RigDirection::lateral, 7.8, 700}, Load{"F26", RigDirection::axial, 5.5, 720}})
    rows.push_back({load.id, "nucleus pressure of L4_L5 in the column L1 to S1 under moment and follower cable",
                    [load](ValidationCases&, const ValidationBench& bench) {
                      const RigResult r = on_bench(bench, "lumbar", load.direction, load.moment_nm, load.follower_n);
                      return trusted({r.status}, mpa_from_pa(r.level[kL4L5].disc_pressure_pa));
                    }});
}

void add_facets(std::vector<Metric>& rows) {
  rows.push_back(
      {"F27", "mean of both sides and of the levels T12_L1 and L1_L2",
       [](ValidationCases&, const ValidationBench& bench) {
         const SegmentLoad a = on_bench(bench, "T12_L1", RigDirection::extension, 7.5, 0).level[0];
         const SegmentLoad b = on_bench(bench, "L1_L2", RigDirection::extension, 7.5, 0).level[0];
         return trusted({a.status, b.status}, (a.facet_n[0] + a.facet_n[1] + b.facet_n[0] + b.facet_n[1]) / 4);
       }});
  rows.push_back({"F28", "side that is pressed, mean of the levels T12_L1 and L1_L2",
                  [](ValidationCases&, const ValidationBench& bench) {
                    const SegmentLoad a = on_bench(bench, "T12_L1", RigDirection::axial, 7.5, 0).level[0];
                    const SegmentLoad b = on_bench(bench, "L1_L2", RigDirection::axial, 7.5, 0).level[0];
                    return trusted({a.status, b.status},
                                   (std::max(a.facet_n[0], a.facet_n[1]) + std::max(b.facet_n[0], b.facet_n[1])) / 2);
                  }});
  rows.push_back({"F29", "disc force over vertical travel between 450 and 550 N on L4_L5, straight compression",
                  [](ValidationCases&, const ValidationBench& bench) {
                    const SegmentParameters p = bench_specimen(level(bench, "L4_L5"));
                    const SegmentLoad a = solve_segment(p, Vec3::Zero(), Vec3(0, -450, 0));
                    const SegmentLoad b = solve_segment(p, Vec3::Zero(), Vec3(0, -550, 0));
                    const double travel_mm = mm_from_m(a.translation_m.y() - b.translation_m.y());
                    return trusted({a.status, b.status}, (b.disc_compression_n - a.disc_compression_n) / travel_mm);
                  }});
  rows.push_back({"F31",
                  "the larger of two: L4_L5 in the state of an upright day, flexed as in sitting, and the body in the "
                  "forward bend at conditions.flexed_inclination_deg",
                  [](ValidationCases& cases, const ValidationBench& bench) {
                    const Vec3 rotation_rad(-rad_from_deg(cases.conditions().sitting_flexion_deg), 0, 0);
                    const double force_n = cases.conditions().standing_compression_n;
                    const SegmentLoad s = solve_segment(level(bench, "L4_L5"), rotation_rad, Vec3(0, -force_n, 0));
                    const std::optional<double> bowed = bowed_forward(cases, "L4_L5_facet_share");
                    if (!bowed) return Measured{std::nullopt, "the bend does not reach that inclination", std::nullopt};
                    return trusted({s.status}, 100 * std::max(s.facet_share, *bowed),
                                   "sitting " + fixed(100 * s.facet_share, 1) + " under " + fixed(force_n, 0) +
                                       " N, bending body " + fixed(100 * *bowed, 1));
                  }});
}

Measured passive_hip_moment(ValidationCases& cases, const ValidationBench& bench) {
  const HipLimits& limits = cases.healthy_scenario().hip[kRight];
  const auto moment_nm = [&](double extension_deg) {
    return hip_passive(bench.hip, limits, -rad_from_deg(extension_deg), 0, 0, 0).moment_nm.x();
  };
  const double at_10 = moment_nm(10), at_20 = moment_nm(20);
  Measured m{at_10, fixed(at_20, 1) + " N·m at 20 deg", std::nullopt};
  m.also = at_20 >= 10 && at_20 <= 30;
  return m;
}

}  // namespace

std::vector<Metric> bench_metrics() {
  std::vector<Metric> rows;
  add_single_levels(rows);
  add_column(rows);
  add_pressures(rows);
  add_facets(rows);
  rows.push_back({"P03", "passive flexing moment at 10 deg of extension; the one at 20 deg must be in the same band",
                  passive_hip_moment});
  return rows;
}

}  // namespace hipspine
