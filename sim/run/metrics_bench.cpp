// Rows of passive structures. On the bench a segment is a fresh specimen (no creep, no upright preset); a moment m
// about axis a of the disc frame and a follower force P along -y act on the upper vertebra, and the rotations follow.
#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/run/report.h"
#include "sim/run/validate.h"

namespace hipspine {
namespace {

struct Motion {
  const char* name;
  Axis axis;
  double sense;  ///< +1 in the sense of the level's coordinate
};
constexpr Motion kMotions[] = {{"flexion", kFE, -1}, {"extension", kFE, +1}, {"lateral", kLB, +1}, {"axial", kAR, +1}};

/// Moment vector in the axes of D: FE about z, LB about x, AR about y.
Vec3 moment_D(Axis axis, double moment_nm) {
  const int component[] = {2, 0, 1};
  Vec3 m = Vec3::Zero();
  m[component[axis]] = moment_nm;
  return m;
}

const SegmentParameters& level(const ValidationBench& bench, const std::string& name) {
  const auto it = std::find_if(bench.spine.level.begin(), bench.spine.level.end(),
                               [&](const SegmentParameters& p) { return p.name == name; });
  if (it == bench.spine.level.end()) throw InternalError("there is no lumbar level '" + name + "'");
  return *it;
}

SegmentLoad on_bench(const ValidationBench& bench, const std::string& name, Axis axis, double moment_nm,
                     double follower_n) {
  return solve_rotation(bench_specimen(level(bench, name)), moment_D(axis, moment_nm), Vec3(0, -follower_n, 0));
}

/// A value only from an equilibrium that was found.
Measured trusted(std::initializer_list<SegmentStatus> states, double value, std::string detail = "") {
  const bool ok = std::all_of(states.begin(), states.end(), [](SegmentStatus s) { return s == SegmentStatus::ok; });
  if (!ok) return {std::nullopt, "no equilibrium found", std::nullopt};
  return {value, std::move(detail), std::nullopt};
}

void add_single_levels(std::vector<Metric>& rows) {
  for (const char* name : {"L1_L2", "L2_L3", "L3_L4", "L4_L5", "L5_S1"})
    for (const Motion& motion : kMotions)
      rows.push_back({std::string("F_") + name + "_" + motion.name, "rotation under 10 N·m, no other load",
                      [name = std::string(name), motion](ValidationCases&, const ValidationBench& bench) {
                        const SegmentLoad s = on_bench(bench, name, motion.axis, 10 * motion.sense, 0);
                        return trusted({s.status}, deg_from_rad(motion.sense * s.rotation_rad[motion.axis]));
                      }});
}

void add_column(std::vector<Metric>& rows) {
  const auto both_ways = [](Axis axis) {
    return [axis](ValidationCases&, const ValidationBench& bench) {
      double total_rad = 0;
      for (const char* name : {"L1_L2", "L2_L3", "L3_L4", "L4_L5"})
        for (double sense : {-1.0, 1.0}) {
          const SegmentLoad s = on_bench(bench, name, axis, 7.5 * sense, 0);
          if (s.status != SegmentStatus::ok) return trusted({s.status}, 0);
          total_rad += sense * s.rotation_rad[axis];
        }
      return trusted({}, deg_from_rad(total_rad));
    };
  };
  const char* how = "sum over L1_L2 to L4_L5 of the rotations under 7.5 N·m both ways, each level by itself";
  rows.push_back({"F20", how, both_ways(kFE)});
  rows.push_back({"F21", how, both_ways(kLB)});
  rows.push_back({"F22", how, both_ways(kAR)});
}

void add_pressures(std::vector<Metric>& rows) {
  struct Load {
    const char* id;
    Axis axis;
    double moment_nm, follower_n;
  };
  for (const Load& load : {Load{"F23", kFE, -7.5, 1175}, Load{"F24", kFE, 7.5, 500}, Load{"F25", kLB, 7.8, 700},
                           Load{"F26", kAR, 5.5, 720}})
    rows.push_back({load.id, "nucleus pressure under the moment and a force along the disc's normal",
                    [load](ValidationCases&, const ValidationBench& bench) {
                      const SegmentLoad s = on_bench(bench, "L4_L5", load.axis, load.moment_nm, load.follower_n);
                      return trusted({s.status}, mpa_from_pa(s.disc_pressure_pa));
                    }});
}

void add_facets(std::vector<Metric>& rows) {
  rows.push_back(
      {"F27", "mean of both sides and of the levels T12_L1 and L1_L2",
       [](ValidationCases&, const ValidationBench& bench) {
         const SegmentLoad a = on_bench(bench, "T12_L1", kFE, 7.5, 0);
         const SegmentLoad b = on_bench(bench, "L1_L2", kFE, 7.5, 0);
         return trusted({a.status, b.status}, (a.facet_n[0] + a.facet_n[1] + b.facet_n[0] + b.facet_n[1]) / 4);
       }});
  rows.push_back({"F28", "side that is pressed, mean of the levels T12_L1 and L1_L2",
                  [](ValidationCases&, const ValidationBench& bench) {
                    const SegmentLoad a = on_bench(bench, "T12_L1", kAR, 7.5, 0);
                    const SegmentLoad b = on_bench(bench, "L1_L2", kAR, 7.5, 0);
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
  const auto share = [](ValidationCases& cases, const ValidationBench& bench, double flexion_deg) {
    const Vec3 rotation_rad(-rad_from_deg(flexion_deg), 0, 0);
    const double force_n = cases.conditions().standing_compression_n;
    const SegmentLoad s = solve_segment(level(bench, "L4_L5"), rotation_rad, Vec3(0, -force_n, 0));
    return trusted({s.status}, 100 * s.facet_share, "under " + fixed(force_n, 0) + " N");
  };
  rows.push_back({"F30", "L4_L5 in the state of an upright day, at zero rotation",
                  [share](ValidationCases& c, const ValidationBench& b) { return share(c, b, 0); }});
  rows.push_back({"F31", "the same, flexed as in sitting", [share](ValidationCases& c, const ValidationBench& b) {
                    return share(c, b, c.conditions().sitting_flexion_deg);
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
