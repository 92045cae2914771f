#include "sim/run/dose.h"

#include <algorithm>
#include <cmath>

#include "sim/model/model.h"

namespace hipspine {
namespace {

struct Group {
  const char* name;
  std::vector<const char*> members;  ///< groups of models/muscles.toml
};

const std::array<Group, 5>& groups() {
  static const std::array<Group, 5> all = {{
      {"erector spinae", {"longissimus_thoracis", "iliocostalis_lumborum", "erector_spinae_lumbar"}},
      {"multifidus", {"multifidus", "multifidus_thoracolumbar"}},
      {"gluteus maximus", {"gluteus_maximus"}},
      {"gluteus medius", {"gluteus_medius"}},
      {"gluteus minimus", {"gluteus_minimus"}},
  }};
  return all;
}

}  // namespace

std::vector<LoadDose> load_doses(const CycleResult& r) {
  std::vector<LoadDose> out;
  if (r.frames.size() < 2) return {};             // a run that fell at once
  const std::size_t steps = r.frames.size() - 1;  // the last point is the first again
  const auto add = [&](std::string column, auto load_n) {
    LoadDose dose{std::move(column), {}};
    for (std::size_t e = 0; e < kDoseExponents.size(); ++e) {
      double sum = 0;
      for (std::size_t k = 0; k < steps; ++k)
        sum += std::pow(std::max(0.0, load_n(r.frames[k])) / 1000, kDoseExponents[e]);
      dose.per_cycle[e] = sum / static_cast<double>(steps) * r.plan.period_s;
    }
    out.push_back(std::move(dose));
  };
  for (int l = 0; l < kLevels; ++l) {
    const std::string level = kLevelNames[l];
    add(level + "_disc_compression", [l](const FrameLoads& f) { return f.segment[l].disc_compression_n; });
    add(level + "_facet_r", [l](const FrameLoads& f) { return f.segment[l].facet_n[kRight]; });
    add(level + "_facet_l", [l](const FrameLoads& f) { return f.segment[l].facet_n[kLeft]; });
  }
  return out;
}

double cycles_per_1000(const std::string& task) { return task == "walk" ? 500 : 1000; }
double cycles_per_day(const std::string& task) { return task == "walk" ? kStepsPerDay / 2 : 0; }

std::vector<MuscleEffort> muscle_efforts(const CycleResult& r) {
  std::vector<MuscleEffort> out;
  if (r.frames.size() < 2) return {};
  const Model& model = *r.model;
  const std::size_t steps = r.frames.size() - 1;
  for (const Group& group : groups())
    for (int side : {kRight, kLeft}) {
      Eigen::VectorXd share = Eigen::VectorXd::Zero(model.n_muscle());  // of the group's volume
      for (int m = 0; m < model.n_muscle(); ++m) {
        const Muscle& muscle = model.muscles[m];
        if (muscle.side == side &&
            std::find(group.members.begin(), group.members.end(), muscle.group) != group.members.end())
          share[m] = muscle.force_max_n * muscle.fibre_length_opt_m;
      }
      if (share.sum() <= 0) continue;
      share /= share.sum();
      MuscleEffort effort{group.name, side};
      double cubes = 0;
      for (std::size_t k = 0; k < steps; ++k) {
        const double activation = share.dot(r.frames[k].activation);
        effort.mean += activation / static_cast<double>(steps);
        effort.peak = std::max(effort.peak, activation);
        cubes += activation * activation * activation / static_cast<double>(steps);
      }
      effort.fatigue = std::cbrt(cubes);
      out.push_back(std::move(effort));
    }
  return out;
}

}  // namespace hipspine
