// The table of plots.
#include <algorithm>

#include "render/panels/curve_specs.h"

namespace hipspine {
namespace {

using Kind = PlotRecipe::Kind;
using List = std::vector<PlotRecipe>;

const char* const kHip = "Hip and leg angles";
const char* const kPelvis = "Pelvis";
const char* const kLumbar = "Lumbar angles";
const char* const kDiscs = "Discs";
const char* const kFacets = "Facet joints";
const char* const kJoints = "Hips, ground, sacroiliac";
const char* const kMuscles = "Muscle activation";

/// A joint angle. `right` holds "_r" when it has two sides. `least_span` in degrees.
PlotRecipe angle(const char* id, const char* title, const char* up, const char* down, const char* group,
                 const std::string& right, const std::string& left, float least_span) {
  PlotRecipe r;
  r.id = id, r.title = title, r.unit = "deg", r.upwards = up, r.downwards = down, r.group = group;
  r.columns = {right, left};
  r.least_span = least_span;
  return r;
}

void add_angles(List& list) {
  // chosen: least spans of a few degrees, so that a tenth of a degree does not fill a plot
  const auto leg = [&](const char* id, const char* title, const char* up, const char* down) {
    list.push_back(angle(id, title, up, down, kHip, id + std::string("_r"), id + std::string("_l"), 10));
    list.back().band = id;
  };
  leg("hip_flexion", "Hip flexion", "flexion", "extension");
  leg("hip_adduction", "Hip adduction", "adduction", "abduction");
  leg("hip_rotation", "Hip rotation", "internal", "external");
  leg("knee_angle", "Knee flexion", "flexion", "extension");
  leg("ankle_angle", "Ankle angle", "dorsiflexion", "plantarflexion");
  const auto midline = [&](const char* id, const char* title, const char* up, const char* down, const char* group,
                           bool band) {
    list.push_back(angle(id, title, up, down, group, id, "", 4));
    if (band) list.back().band = id;
  };
  midline("pelvis_tilt", "Pelvic tilt", "backward", "forward", kPelvis, true);
  midline("pelvis_list", "Pelvic list", "right side down", "right side up", kPelvis, true);
  midline("pelvis_rotation", "Pelvic rotation", "to the left", "to the right", kPelvis, true);
  midline("lumbar_extension", "Lumbar extension", "extension", "flexion", kLumbar, true);
  midline("lumbar_bending", "Lumbar bending", "to the right", "to the left", kLumbar, false);
  midline("lumbar_rotation", "Lumbar rotation", "to the left", "to the right", kLumbar, false);
}

/// A load of one level or joint, drawn from zero.
PlotRecipe load(const std::string& id, const std::string& title, const char* unit, const char* group,
                const std::string& right, const std::string& left, float least_span) {
  PlotRecipe r;
  r.id = id, r.title = title, r.unit = unit, r.group = group;
  r.columns = {right, left};
  r.from_zero = r.estimate = true;
  r.least_span = least_span;
  return r;
}

void add_levels(List& list) {
  const std::array<std::string, kLevels> levels = {"T12_L1", "L1_L2", "L2_L3", "L3_L4", "L4_L5", "L5_S1"};
  const auto shown = [](std::string name) {
    std::replace(name.begin(), name.end(), '_', '/');
    return name;
  };
  for (const std::string& l : levels) {
    list.push_back(angle("", "", "extension", "flexion", kLumbar, l + "_FE", "", 2));
    list.back().id = l + "_FE";
    list.back().title = shown(l) + " flexion\u2013extension";
  }
  for (const std::string& l : levels)
    list.push_back(load(l + "_compression", shown(l) + " compression", "N", kDiscs, l + "_compression", "", 200));
  for (const std::string& l : levels)
    list.push_back(
        load(l + "_disc_pressure", shown(l) + " disc pressure", "MPa", kDiscs, l + "_disc_pressure", "", 0.2f));
  for (const std::string& l : levels)
    list.push_back(load(l + "_facet", shown(l) + " facet force", "N", kFacets, l + "_facet_r", l + "_facet_l", 40));
}

void add_joints(List& list) {
  list.push_back(load("hip_contact", "Hip contact force", "%BW", kJoints, "hip_r_contact", "hip_l_contact", 50));
  list.back().kind = Kind::body_weights;
  const auto moment = [&](const char* id, const char* title, const char* up, const char* down, const char* right,
                          const char* left) {
    list.push_back(load(id, title, "N\u00b7m", kJoints, right, left, 10));
    list.back().from_zero = list.back().estimate = false;
    list.back().upwards = up, list.back().downwards = down;
  };
  moment("hip_flexion_moment", "Hip moment", "flexor", "extensor", "hip_flexion_r_moment", "hip_flexion_l_moment");
  moment("hip_adduction_moment", "Hip moment, frontal", "adductor", "abductor", "hip_adduction_r_moment",
         "hip_adduction_l_moment");
  list.push_back(load("ground_force_vertical", "Vertical ground force", "%BW", kJoints, "ground_force_r_vy",
                      "ground_force_l_vy", 50));
  list.back().kind = Kind::body_weights;
  list.back().estimate = false;
  list.push_back(load("si_shear", "Sacroiliac shear", "N", kJoints, "si_r_shear", "si_l_shear", 50));
  list.push_back(
      load("si_compression", "Sacroiliac compression", "N", kJoints, "si_r_compression", "si_l_compression", 50));
}

void add_muscles(List& list) {
  const auto muscle = [&](const std::string& id, const char* title, std::vector<std::string> groups) {
    PlotRecipe r = load("activation_" + id, title, "1", kMuscles, "", "", 0.05f);
    r.kind = Kind::activation;
    r.muscle_groups = std::move(groups);
    list.push_back(r);
  };
  muscle("gluteus_maximus", "Gluteus maximus", {"gluteus_maximus"});
  muscle("gluteus_medius", "Gluteus medius", {"gluteus_medius"});
  muscle("psoas", "Psoas", {"psoas"});
  muscle("iliacus", "Iliacus", {"iliacus"});
  muscle("rectus_femoris", "Rectus femoris", {"rectus_femoris"});
  muscle("hamstrings", "Hamstrings", {"hamstrings"});
  muscle("erector_spinae", "Erector spinae",
         {"longissimus_thoracis", "iliocostalis_lumborum", "erector_spinae_lumbar"});
  muscle("multifidus", "Multifidus", {"multifidus", "multifidus_thoracolumbar"});
  muscle("obliques", "Abdominal obliques", {"internal_oblique", "external_oblique"});
}

/// The column of the other side: "psoas_L4_l_force" of "psoas_L4_r_force"; empty when the name has no side.
std::string other_side(const std::string& name, char from, char to) {
  const std::string middle = std::string("_") + from + "_", end = std::string("_") + from;
  std::string other = name;
  if (const auto at = name.find(middle); at != std::string::npos) {
    other[at + 1] = to;
  } else if (name.size() > 2 && name.compare(name.size() - 2, 2, end) == 0) {
    other.back() = to;
  } else {
    return "";
  }
  return other;
}

/// "psoas L4 force": a column's name without its side, in words.
std::string words_of(std::string name) {
  for (const char* side : {"_r_", "_l_"})
    if (const auto at = name.find(side); at != std::string::npos) name.replace(at, 3, "_");
  if (name.size() > 2 && (name.ends_with("_r") || name.ends_with("_l"))) name.resize(name.size() - 2);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace

const std::vector<PlotRecipe>& plot_recipes() {
  static const List kList = [] {
    List list;
    add_angles(list);
    add_levels(list);
    add_joints(list);
    add_muscles(list);
    return list;
  }();
  return kList;
}

PlotRecipe recipe_of(const std::string& id, const Results& results) {
  for (const PlotRecipe& recipe : plot_recipes())
    if (recipe.id == id) return recipe;
  PlotRecipe recipe;
  const int column = results.column(id);
  if (column < 0) return recipe;
  const Column& c = results.columns[static_cast<std::size_t>(column)];
  recipe.id = id;
  recipe.title = words_of(id);
  recipe.unit = c.unit;
  recipe.upwards = c.positive == "magnitude" || c.positive == "pressing" || c.positive == "pulling" ? "" : c.positive;
  recipe.group = "Result columns";
  const std::string left = other_side(id, 'r', 'l'), right = other_side(id, 'l', 'r');
  if (!left.empty() && results.column(left) >= 0) {
    recipe.columns = {id, left};
  } else if (!right.empty() && results.column(right) >= 0) {
    recipe.columns = {right, id};
  } else {
    recipe.columns = {id, ""};
  }
  recipe.estimate = c.source.find("estimate") != std::string::npos || c.source == "muscle recruitment";
  recipe.from_zero = c.unit == "1" || c.unit == "MPa" || c.positive == "magnitude" || c.positive == "pulling";
  return recipe;
}

std::vector<std::string> column_ids(const Results& results) {
  std::vector<std::string> ids;
  for (const Column& c : results.columns) {
    if (c.name == "gait_cycle" || c.name == "time") continue;
    const std::string right = other_side(c.name, 'l', 'r');
    if (right.empty() || results.column(right) < 0) ids.push_back(c.name);
  }
  return ids;
}

const std::vector<PlotPreset>& plot_presets() {
  static const std::vector<PlotPreset> kPresets = {
      {"Overview",
       {"hip_flexion", "pelvis_tilt", "lumbar_extension", "L4_L5_disc_pressure", "L4_L5_facet", "hip_contact"}},
      {"Hip and pelvis",
       {"hip_flexion", "hip_adduction", "hip_rotation", "pelvis_tilt", "pelvis_list", "pelvis_rotation"}},
      {"Knee and ankle", {"hip_flexion", "knee_angle", "ankle_angle", "ground_force_vertical"}},
      {"Lumbar angles", {"lumbar_extension", "lumbar_bending", "lumbar_rotation", "L3_L4_FE", "L4_L5_FE", "L5_S1_FE"}},
      {"Discs",
       {"L3_L4_compression", "L4_L5_compression", "L5_S1_compression", "L3_L4_disc_pressure", "L4_L5_disc_pressure",
        "L5_S1_disc_pressure"}},
      {"Facets", {"L1_L2_facet", "L2_L3_facet", "L3_L4_facet", "L4_L5_facet", "L5_S1_facet", "lumbar_extension"}},
      {"Muscles",
       {"activation_gluteus_maximus", "activation_gluteus_medius", "activation_psoas", "activation_iliacus",
        "activation_rectus_femoris", "activation_hamstrings", "activation_erector_spinae", "activation_multifidus",
        "activation_obliques"}},
      {"Hips and ground",
       {"hip_contact", "hip_flexion_moment", "hip_adduction_moment", "ground_force_vertical", "si_shear",
        "si_compression"}},
  };
  return kPresets;
}

}  // namespace hipspine
