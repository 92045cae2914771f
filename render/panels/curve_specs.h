#pragma once
/// Which gait-cycle plots exist and how they are filled from results. No drawing here.
///
/// Ids: hip_flexion hip_adduction hip_rotation knee_angle ankle_angle, pelvis_tilt pelvis_list pelvis_rotation,
/// lumbar_extension lumbar_bending lumbar_rotation, for each level (L5_S1 ... T12_L1) <level>_FE <level>_compression
/// <level>_disc_pressure <level>_facet, hip_contact hip_flexion_moment hip_adduction_moment ground_force_vertical
/// si_shear si_compression, activation_<muscle> with gluteus_maximus gluteus_medius psoas iliacus rectus_femoris
/// hamstrings erector_spinae multifidus obliques. Beside these every result column is an id of its own
/// ("psoas_L4_r_force"); where the other side has the same column, both are shown.
#include <array>
#include <map>
#include <string>
#include <vector>

#include "render/desk/desk.h"
#include "render/plot/plot.h"
#include "sim/gait/normal_bands.h"

namespace hipspine {

/// How a plot is filled.
struct PlotRecipe {
  enum class Kind { column, body_weights, activation };
  std::string id, title, unit, upwards, downwards;
  std::string group;  ///< heading in the list of plots
  Kind kind = Kind::column;
  std::array<std::string, 2> columns;      ///< right and left; left empty: one curve of the midline
  std::vector<std::string> muscle_groups;  ///< Kind::activation: mean of their fascicles, weighted by strength
  std::string band;                        ///< of NormalBands, empty: nothing published
  bool from_zero = false;
  float least_span = 0;
  bool estimate = false;  ///< a tissue or muscle load: "model estimate" beside it
  [[nodiscard]] bool paired() const { return kind == Kind::activation || !columns[1].empty(); }
};

/// Plots with a name of their own, in the order of the list.
[[nodiscard]] const std::vector<PlotRecipe>& plot_recipes();
/// By id: one of plot_recipes(), or made for a result column; its title is empty when there is neither.
[[nodiscard]] PlotRecipe recipe_of(const std::string& id, const Results& results);
/// Ids of all columns that can be plotted: one id for a pair of sides, without cycle and time.
[[nodiscard]] std::vector<std::string> column_ids(const Results& results);

struct PlotPreset {
  std::string title;
  std::vector<std::string> ids;
};
/// Groups of plots that answer one question; the first is what the window opens with.
[[nodiscard]] const std::vector<PlotPreset>& plot_presets();

/// What the curves are made from. `answer` must hold results; the rest may be absent.
struct CurveInput {
  const LiveAnswer* answer = nullptr;
  const std::vector<Variant>* variants = nullptr;
  const Results* last_stride = nullptr;  ///< of the walking body
  const NormalBands* bands = nullptr;
  std::map<std::string, std::string> band_sources;  ///< citation shown, by the band's name
  std::array<bool, 2> sides{true, true};
  bool healthy = true;
  bool left_own_cycle = false;  ///< the left leg from its own heel strike, half a cycle later
};

/// One value per percent of the right cycle; empty when the results lack the column. Unit of the recipe.
[[nodiscard]] std::vector<float> curve_values(const PlotRecipe& recipe, int side, const Results& results,
                                              const Model& model);
/// Everything but the cursor.
[[nodiscard]] PlotSpec make_plot(const PlotRecipe& recipe, const CurveInput& input);

/// "Schwartz 2008; Leboeuf" from the citations of models/sources.toml.
[[nodiscard]] std::string short_citation(const std::vector<std::string>& ids,
                                         const std::filesystem::path& model_folder);

inline constexpr Colour kMidlineColour = {0.38f, 0.82f, 0.64f, 1};  ///< bluish green: neither right nor left

}  // namespace hipspine
