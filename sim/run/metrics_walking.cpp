// Rows of the healthy walk. Angles are in the clinical convention, BW = weight, moments per body mass.
// The right leg is read; a healthy walk is symmetric.
#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/run/curve_metrics.h"
#include "sim/run/report.h"
#include "sim/run/validate.h"

namespace hipspine {
namespace {

using Rule = std::function<Measured(const Results&)>;

std::string at(const Extreme& e) { return "at " + std::to_string(e.at_pct) + " %"; }

Measured plain(double value, std::string detail = "") { return {value, std::move(detail), std::nullopt}; }

/// A row of the healthy walk at free speed.
Metric row(std::string id, std::string definition, Rule rule) {
  return {std::move(id), std::move(definition),
          [rule = std::move(rule)](ValidationCases& cases, const ValidationBench&) { return rule(cases.healthy()); }};
}

Rule range_rule(std::string column) {
  return [column = std::move(column)](const Results& r) { return plain(range_of(r.curve(column))); };
}

Rule highest_rule(std::string column, int from, int to) {
  return [column = std::move(column), from, to](const Results& r) {
    const Extreme e = highest(r.curve(column), from, to);
    return plain(e.value, at(e));
  };
}

Eigen::VectorXd vertical_bw(const Results& r) { return r.curve("ground_force_r_vy") / r.weight_n; }

void add_angles(std::vector<Metric>& rows) {
  rows.push_back(
      row("N01", "hip_flexion_r at 0 %", [](const Results& r) { return plain(r.curve("hip_flexion_r")[0]); }));
  rows.push_back(row("N02", "lowest hip_flexion_r", [](const Results& r) {
    const Extreme e = lowest(r.curve("hip_flexion_r"));
    return plain(e.value, at(e));
  }));
  rows.push_back(row("N03", "range of hip_flexion_r", range_rule("hip_flexion_r")));
  rows.push_back(row("N04", "range of pelvis_tilt", range_rule("pelvis_tilt")));
  rows.push_back(row("N05", "mean of pelvis_tilt",
                     [](const Results& r) { return plain(mean_between(r.curve("pelvis_tilt"), 0, 99)); }));
  rows.push_back(row("N06", "range of pelvis_list", [](const Results& r) {
    const Eigen::VectorXd list = r.curve("pelvis_list");
    return plain(range_of(list), "right side highest " + at(lowest(list)));
  }));
  rows.push_back(row("N07", "range of pelvis_rotation", range_rule("pelvis_rotation")));
  rows.push_back(row("N08", "highest hip_adduction_r, 0 to 60 %", highest_rule("hip_adduction_r", 0, 60)));
  rows.push_back(row("N09", "highest knee_angle_r, 60 to 100 %", [](const Results& r) {
    const Eigen::VectorXd knee = r.curve("knee_angle_r");
    const Extreme swing = highest(knee, 60, 100), loading = highest(knee, 5, 30);
    return plain(swing.value, at(swing) + ", loading " + fixed(loading.value, 1) + " deg " + at(loading));
  }));
  // Published dorsiflexion is of a marker foot; ankle_angle counts from the flat sole (models/normal_gait.toml).
  rows.push_back(row("N10a", "highest ankle_angle_r, 30 to 60 %, less the ankle offset", [](const Results& r) {
    const Extreme e = highest(r.curve("ankle_angle_r"), 30, 60);
    return plain(e.value - r.ankle_offset_deg, at(e));
  }));
  rows.push_back(row("N10b", "lowest ankle_angle_r, 55 to 80 %, less the ankle offset", [](const Results& r) {
    const Extreme e = lowest(r.curve("ankle_angle_r"), 55, 80);
    return plain(e.value - r.ankle_offset_deg, at(e));
  }));
  const auto trunk = [](const Results& r, const std::string& axis) -> Eigen::VectorXd {
    const Eigen::VectorXd lumbar = r.curve("lumbar_" + axis);
    return r.column("thoracic_" + axis) < 0 ? lumbar : Eigen::VectorXd(lumbar + r.curve("thoracic_" + axis));
  };
  rows.push_back(row("N16a", "range of lumbar_bending + thoracic_bending", [trunk](const Results& r) {
    const Eigen::VectorXd bend = trunk(r, "bending");
    return plain(range_of(bend), "to the right most " + at(highest(bend)));
  }));
  rows.push_back(row("N16b", "range of lumbar_rotation + thoracic_rotation", [trunk](const Results& r) {
    const Eigen::VectorXd turn = trunk(r, "rotation");
    return plain(range_of(turn), "extremes " + at(lowest(turn)) + ", " + at(highest(turn)));
  }));
  rows.push_back(row("N16c", "range of lumbar_extension", range_rule("lumbar_extension")));
  rows.push_back(row("N18",
                     "lower of two correlations: lumbar_bending and lumbar_rotation with their own negative half a "
                     "cycle later",
                     [](const Results& r) {
                       return plain(
                           std::min(antisymmetry(r.curve("lumbar_bending")), antisymmetry(r.curve("lumbar_rotation"))));
                     }));
}

void add_forces(std::vector<Metric>& rows) {
  rows.push_back(row("N11a", "highest vertical force of the right foot, 3 to 30 %", [](const Results& r) {
    const Extreme e = highest(vertical_bw(r), 3, 30);
    return plain(e.value, at(e));
  }));
  rows.push_back(row("N11b", "lowest vertical force of the right foot between its two peaks", [](const Results& r) {
    const Eigen::VectorXd f = vertical_bw(r);
    const Extreme e = lowest(f, highest(f, 3, 30).at_pct, highest(f, 35, 60).at_pct);
    return plain(e.value, at(e));
  }));
  rows.push_back(row("N11c", "highest vertical force of the right foot, 35 to 60 %", [](const Results& r) {
    const Extreme e = highest(vertical_bw(r), 35, 60);
    return plain(e.value, at(e));
  }));
  rows.push_back(row("N12",
                     "braking peak, lowest forward force of the right foot, sign turned; the propulsive peak must be "
                     "in the same band",
                     [](const Results& r) {
                       const Eigen::VectorXd f = r.curve("ground_force_r_vx") / r.weight_n;
                       const Extreme brake = lowest(f, 0, 35), push = highest(f, 35, 65);
                       Measured m =
                           plain(-brake.value, at(brake) + ", propulsive " + fixed(push.value, 2) + " BW " + at(push));
                       m.also = push.value >= 0.13 && push.value <= 0.25;
                       return m;
                     }));
  rows.push_back(row("N13", "mean force of the right foot towards the left, 15 to 45 %", [](const Results& r) {
    return plain(-mean_between(r.curve("ground_force_r_vz"), 15, 45) / r.weight_n);
  }));
  rows.push_back(row("N14", "highest hip_flexion_r_moment, 35 to 65 %, per body mass", [](const Results& r) {
    const Extreme e = highest(r.curve("hip_flexion_r_moment") / r.mass_kg, 35, 65);
    return plain(e.value, at(e));
  }));
  rows.push_back(
      row("N15", "highest abduction moment (-hip_adduction_r_moment), 0 to 60 %, per body mass", [](const Results& r) {
        const Eigen::VectorXd m = -r.curve("hip_adduction_r_moment") / r.mass_kg;
        const Extreme first = highest(m, 5, 30), second = highest(m, 31, 60);
        return plain(std::max(first.value, second.value), "humps " + fixed(first.value, 2) + " " + at(first) + ", " +
                                                              fixed(second.value, 2) + " " + at(second));
      }));
  rows.push_back(row("H02", "highest hip_r_contact", [](const Results& r) {
    const Extreme e = highest(r.curve("hip_r_contact") / r.weight_n);
    return plain(e.value, at(e));
  }));
  rows.push_back({"H01a", "highest hip_r_contact at 4 km/h", [](ValidationCases& cases, const ValidationBench&) {
                    const Results& r = cases.at_speed(cases.conditions().instrumented_hip_m_s);
                    const Extreme e = highest(r.curve("hip_r_contact") / r.weight_n);
                    return plain(e.value, at(e));
                  }});
}

void add_lumbar_loads(std::vector<Metric>& rows) {
  rows.push_back(row("L01", "highest L5_S1_compression", [](const Results& r) {
    const Extreme e = highest(r.curve("L5_S1_compression") / r.weight_n);
    return plain(e.value, at(e));
  }));
  rows.push_back(
      row("L03",
          "maxima of L5_S1_compression, running mean over 5 %, that stand 0.15 BW above the troughs beside "
          "them; each must lie between 8 % before a heel strike (0, 50 %) and 15 % after it, and every other "
          "level must show as many inside the same windows",
          [](const Results& r) {
            const auto peaks = [&r](const std::string& level) {
              return prominent_maxima(smoothed(r.curve(level + "_compression"), 2), 0.15 * r.weight_n);
            };
            const auto early = [](int p) { return (p + 8) % 50 <= 23; };  // percent after "8 % before"
            const std::vector<int> lowest = peaks("L5_S1");
            Measured m = plain(static_cast<double>(lowest.size()));
            m.also = true;
            for (int p : lowest) m.detail += (m.detail.empty() ? "at " : ", ") + std::to_string(p) + " %";
            for (const char* level : {"L5_S1", "L4_L5", "L3_L4", "L2_L3", "L1_L2", "T12_L1"}) {
              const std::vector<int> here = peaks(level);
              if (here.size() == lowest.size() && std::all_of(here.begin(), here.end(), early)) continue;
              m.also = false;
              m.detail += std::string("; not so at ") + level;
            }
            return m;
          }));
  rows.push_back(row("L08", "highest L4_L5_disc_pressure", [](const Results& r) {
    const Eigen::VectorXd p = r.curve("L4_L5_disc_pressure");
    const Extreme e = highest(p);
    return plain(e.value, at(e) + ", mean " + fixed(mean_between(p, 0, 99), 2) + " MPa");
  }));
}

/// Rise from slow to free to fast of four numbers; the smallest relative step counts.
Measured speed_effect(ValidationCases& cases) {
  const auto numbers = [](const Results& r) {
    return std::vector<double>{range_of(r.curve("hip_flexion_r")), r.step_length_m[kRight],
                               highest(r.curve("ground_force_r_vy"), 3, 30).value,
                               highest(r.curve("hip_flexion_r_moment"), 35, 65).value};
  };
  const char* names[] = {"hip range", "step length", "first vertical peak", "hip flexor moment"};
  const auto slow = numbers(cases.slow());
  const auto free = numbers(cases.healthy());
  const auto fast = numbers(cases.fast());
  double least = 1e9;
  std::string detail = "least: ";
  const char* which = "";
  for (std::size_t k = 0; k < slow.size(); ++k) {
    const double rise = 100 * std::min(free[k] / slow[k] - 1, fast[k] / free[k] - 1);
    if (!(rise >= least)) {
      least = rise;
      which = names[k];
    }
  }
  return plain(least, detail + which);
}

}  // namespace

std::vector<Metric> walking_metrics() {
  std::vector<Metric> rows;
  add_angles(rows);
  add_forces(rows);
  add_lumbar_loads(rows);
  rows.push_back(
      {"N19",
       "smallest relative rise, slow to free and free to fast, of: range of hip_flexion_r, right step length, "
       "first vertical peak, highest hip flexor moment",
       [](ValidationCases& cases, const ValidationBench&) { return speed_effect(cases); }});
  return rows;
}

Metric emg_metric(const EmgTarget& target) {
  return {target.id, "mean activation inside the EMG windows over the mean outside them, mean of the right fascicles",
          [target](ValidationCases& cases, const ValidationBench&) -> Measured {
            const Results& r = cases.healthy();
            Eigen::VectorXd mean = Eigen::VectorXd::Zero(kCyclePoints);
            int count = 0;
            for (std::size_t k = 0; k < r.columns.size(); ++k) {
              const std::string& name = r.columns[k].name;
              const bool wanted = std::any_of(target.muscles.begin(), target.muscles.end(),
                                              [&](const std::string& m) { return name.compare(0, m.size(), m) == 0; });
              static constexpr std::string_view kEnd = "_r_activation";
              if (!wanted || name.size() <= kEnd.size() || name.substr(name.size() - kEnd.size()) != kEnd) continue;
              mean += r.values.col(static_cast<Eigen::Index>(k));
              ++count;
            }
            if (count == 0) return {std::nullopt, "no such muscle in the model", std::nullopt};
            mean /= count;
            Measured m = plain(on_off_ratio(mean, target.on_pct), "most active " + at(highest(mean)));
            m.also = *m.value > target.low;
            return m;
          }};
}

}  // namespace hipspine
