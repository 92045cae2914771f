// A model for one subject: reference body and muscles from the files, then scaled, then changed by the scenario.
//
//   s = height / reference height, m = mass / reference mass
//   lengths x s      masses x m      inertias x m s^2      muscle strength x m^(2/3)
//   inertia of a link = sum over its bodies b of  R I_b R' + m_b (|d|^2 1 - d d'),  d = p_b - p_link
#include "sim/model/model_file.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "sim/core/document.h"
#include "sim/model/body_file.h"
#include "sim/model/muscle_file.h"

namespace hipspine {
namespace {

void scale(Model& model, double height_m, double mass_kg) {
  const double s = height_m / model.height_m;
  const double m = mass_kg / model.mass_kg;
  for (Coordinate& c : model.coordinates) {
    c.X_PJ.p *= s;
    if (c.translation) {
      c.low *= s;
      c.high *= s;
    }
  }
  for (Body& b : model.bodies) {
    b.X_LB.p *= s;
    b.mass_kg *= m;
    b.p_com_B *= s;
    b.I_com_B *= m * s * s;
  }
  for (Level& l : model.levels) l.X_LD.p *= s;
  for (Foot& f : model.feet)
    for (Vec3& p_L : f.sole_L) p_L *= s;
  for (WrapCylinder& w : model.wraps) {
    w.X_LC.p *= s;
    w.radius_m *= s;
  }
  for (Muscle& muscle : model.muscles) {
    muscle.force_max_n *= std::pow(m, 2.0 / 3.0);
    muscle.fibre_length_opt_m *= s;
    muscle.tendon_slack_m *= s;
    for (MusclePoint& point : muscle.points) point.p_L *= s;
  }
  model.length_scale = s;
  model.height_m = height_m;
  model.mass_kg = mass_kg;
}

void combine_inertias(Model& model) {
  model.link_inertia.assign(model.coordinates.size(), {});
  for (const Body& b : model.bodies) {
    LinkInertia& link = model.link_inertia[b.link];
    link.mass_kg += b.mass_kg;
    link.p_com_L += b.mass_kg * (b.X_LB * b.p_com_B);
  }
  for (LinkInertia& link : model.link_inertia)
    if (link.mass_kg > 0) link.p_com_L /= link.mass_kg;
  for (const Body& b : model.bodies) {
    LinkInertia& link = model.link_inertia[b.link];
    const Vec3 d = b.X_LB * b.p_com_B - link.p_com_L;
    link.I_com_L += b.X_LB.R * b.I_com_B * b.X_LB.R.transpose() +
                    b.mass_kg * (d.squaredNorm() * Mat3::Identity() - d * d.transpose());
  }
}

/// Names that stand for several groups.
const std::pair<const char*, std::vector<std::string>> kFamilies[] = {
    {"iliopsoas", {"psoas", "iliacus"}},
    {"quadriceps", {"vasti", "rectus_femoris"}},
    {"adductors", {"adductor_magnus", "adductor_longus", "adductor_brevis", "gracilis"}},
    {"triceps_surae", {"soleus", "gastrocnemius"}},
    {"erector_spinae", {"erector_spinae_lumbar", "longissimus_thoracis", "iliocostalis_lumborum"}},
    {"obliques", {"external_oblique", "internal_oblique"}},
};

/// How closely `name` means this muscle: 3 the muscle, 2 its group, 1 a family of groups, 0 not at all.
int closeness(const std::string& name, const Muscle& muscle) {
  if (name == muscle.name) return 3;
  const std::string side = muscle.side == kRight ? "_r" : "_l";
  if (name == muscle.group + side) return 2;
  for (const auto& [family, groups] : kFamilies)
    if (name == family + side && std::find(groups.begin(), groups.end(), muscle.group) != groups.end()) return 1;
  return 0;
}

std::vector<std::string> muscle_names(const Model& model) {
  std::vector<std::string> names;
  for (const char* side : {"_r", "_l"})
    for (const auto& [family, groups] : kFamilies) names.push_back(std::string(family) + side);
  for (const Muscle& m : model.muscles) {
    const std::string group = m.group + (m.side == kRight ? "_r" : "_l");
    if (std::find(names.begin(), names.end(), group) == names.end()) names.push_back(group);
  }
  for (const Muscle& m : model.muscles) names.push_back(m.name);
  return names;
}

/// Strength and tightness of the scenario; where several entries mean one muscle, the most specific one counts.
void apply_muscle_changes(const Scenario& scenario, Model& model, Diagnostics& diagnostics) {
  for (const MuscleChange& change : scenario.muscles)
    if (std::none_of(model.muscles.begin(), model.muscles.end(),
                     [&](const Muscle& m) { return closeness(change.name, m) > 0; }))
      diagnostics.add(change.place, "E301", "there is no muscle or muscle group '" + change.name + "'",
                      hint_for_unknown(change.name, muscle_names(model)));
  for (Muscle& muscle : model.muscles) {
    const MuscleChange* chosen = nullptr;
    int best = 0;
    for (const MuscleChange& change : scenario.muscles) {
      const int c = closeness(change.name, muscle);
      if (c > best) {
        best = c;
        chosen = &change;
      }
    }
    if (!chosen) continue;
    muscle.force_max_n *= chosen->strength;
    muscle.tightness = chosen->tightness;
  }
}

}  // namespace

Model load_model(const std::filesystem::path& folder, const Scenario& scenario, Diagnostics& diagnostics) {
  Model model;
  // A body with faults would make every muscle a follow-up fault, and so on: stop at the first file that is not sound.
  for (const auto load : {load_body, load_muscles}) {
    Diagnostics found;
    load(folder, model, found);
    for (const Finding& f : found.findings()) diagnostics.add(f.place, f.code, f.message, f.hint);
    if (found.has_errors()) return model;
  }
  scale(model, scenario.height_m, scenario.mass_kg);
  combine_inertias(model);
  apply_muscle_changes(scenario, model, diagnostics);
  return model;
}

std::filesystem::path default_model_folder() {
  if (const char* set = std::getenv("HIPSPINE_MODELS"); set && *set) return set;
  const std::filesystem::path source = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";
  std::error_code error;
  if (std::filesystem::is_directory(source, error)) return source;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "share" / "hipspine" / "models";
}

}  // namespace hipspine
