#include "render/panels/curve_specs.h"

#include <algorithm>
#include <cctype>

#include "render/panels/type.h"
#include "sim/core/units.h"
#include "sim/run/info.h"

namespace hipspine {
namespace {

/// The plan gives both steps half of the period (sim/gait/contact_cone.h), so the left heel strikes here.
constexpr int kLeftHeelStrike_pct = 50;

ImVec4 mixed(ImVec4 a, ImVec4 b, float share_of_b) {
  const float k = share_of_b;
  return {a.x + k * (b.x - a.x), a.y + k * (b.y - a.y), a.z + k * (b.z - a.z), a.w};
}

/// Mean activation of a side's fascicles of some groups, weighted by isometric strength.
std::vector<float> mean_activation(const PlotRecipe& recipe, int side, const Results& results, const Model& model) {
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(results.values.rows());
  double weight = 0;
  for (const Muscle& muscle : model.muscles) {
    const auto& groups = recipe.muscle_groups;
    if (muscle.side != side || std::find(groups.begin(), groups.end(), muscle.group) == groups.end()) continue;
    const int column = results.column(muscle.name + "_activation");
    if (column < 0) return {};
    sum += muscle.force_max_n * results.values.col(column);
    weight += muscle.force_max_n;
  }
  if (weight <= 0) return {};  // paralysed altogether: nothing to weight by
  const Eigen::VectorXf mean = (sum / weight).cast<float>();
  return {mean.begin(), mean.end()};
}

/// Values half a cycle later; the last point repeats the first, as in a cycle.
std::vector<float> from_left_heel_strike(const std::vector<float>& y) {
  const int n = static_cast<int>(y.size()) - 1;
  std::vector<float> turned(y.size());
  for (int i = 0; i <= n; ++i)
    turned[static_cast<std::size_t>(i)] = y[static_cast<std::size_t>((i + n * kLeftHeelStrike_pct / 100) % n)];
  return turned;
}

/// Adds the curves of one set of results.
class Filler {
 public:
  Filler(const PlotRecipe& recipe, const CurveInput& input, PlotSpec& spec)
      : recipe_(recipe), input_(input), spec_(spec) {}

  struct Look {
    std::string prefix;
    float width_px = 2.2f, grey = 0, alpha = 1;
    ImVec4 towards{0.75f, 0.75f, 0.75f, 1};
    bool dashed = false, headline = false;
  };
  void add(const Results& results, const Model& model, const Look& look) {
    if (!recipe_.paired()) return add_side(results, model, look, kRight, "", imgui_colour(kMidlineColour));
    // Left first: the right hip, the one most scenarios restrict, lies on top.
    if (input_.sides[kLeft]) add_side(results, model, look, kLeft, "left", imgui_colour(kLeftColour));
    if (input_.sides[kRight]) add_side(results, model, look, kRight, "right", imgui_colour(kRightColour));
  }

 private:
  void add_side(const Results& results, const Model& model, const Look& look, int side, const std::string& side_name,
                ImVec4 colour) {
    PlotCurve curve;
    curve.y = curve_values(recipe_, side, results, model);
    if (curve.y.size() < 2) return;
    if (side == kLeft && input_.left_own_cycle) {
      curve.y = from_left_heel_strike(curve.y);
      curve.cursor_shift_pct = kLeftHeelStrike_pct;
    }
    curve.name = look.prefix.empty() ? side_name
                 : side_name.empty() ? look.prefix
                                     : look.prefix + " \u00b7 " + side_name;
    if (curve.name.empty()) curve.name = input_.last_stride ? "plan" : "now";  // beside what walks, it is only the plan
    curve.colour = mixed(colour, look.towards, look.grey);
    curve.colour.w = look.alpha;
    curve.width_px = look.width_px;
    curve.dashed = look.dashed;
    curve.headline = look.headline;
    spec_.curves.push_back(std::move(curve));
  }
  const PlotRecipe& recipe_;
  const CurveInput& input_;
  PlotSpec& spec_;
};

void add_band(const PlotRecipe& recipe, const CurveInput& input, PlotSpec& spec) {
  const NormalBand* band = input.bands && !recipe.band.empty() ? input.bands->find(recipe.band) : nullptr;
  const Scenario& scenario = input.answer->scenario;
  if (!band || scenario.task != "walk") return;
  // The band is of a right leg. Where only the left is shown, in the right leg's cycle, it comes half a cycle later.
  const bool left_alone = recipe.paired() && !input.sides[kRight] && !input.left_own_cycle;
  const double shift = left_alone ? kLeftHeelStrike_pct / 100.0 : 0;
  const BandCurves curves =
      band_curves(*input.bands, *band, scenario.speed_m_s, scenario.height_m, kCyclePoints, shift);
  PlotBand shown;
  for (int i = 0; i < kCyclePoints; ++i) {
    shown.low.push_back(static_cast<float>(deg_from_rad(curves.low_rad[i])));
    shown.high.push_back(static_cast<float>(deg_from_rad(curves.high_rad[i])));
  }
  const bool both = recipe.paired() && input.sides[kRight] && input.sides[kLeft] && !input.left_own_cycle;
  shown.source = "mean \u00b1 1 SD of healthy people" + std::string(both ? ", for the right leg" : "");
  if (const auto cited = input.band_sources.find(recipe.band); cited != input.band_sources.end())
    shown.source += " (" + cited->second + ")";
  spec.band = shown;
}

}  // namespace

std::vector<float> curve_values(const PlotRecipe& recipe, int side, const Results& results, const Model& model) {
  if (recipe.kind == PlotRecipe::Kind::activation) return mean_activation(recipe, side, results, model);
  const int column = results.column(recipe.columns[static_cast<std::size_t>(side)]);
  if (column < 0) return {};
  const double scale = recipe.kind == PlotRecipe::Kind::body_weights ? 100 / results.weight_n : 1;
  const Eigen::VectorXf y = (scale * results.values.col(column)).cast<float>();
  return {y.begin(), y.end()};
}

PlotSpec make_plot(const PlotRecipe& recipe, const CurveInput& input) {
  PlotSpec spec;
  spec.id = recipe.id, spec.title = recipe.title, spec.unit = recipe.unit;
  spec.upwards = recipe.upwards, spec.downwards = recipe.downwards;
  spec.from_zero = recipe.from_zero;
  spec.least_span = recipe.least_span;
  const LiveAnswer& answer = *input.answer;
  HIPSPINE_DEMAND(answer.cycle && answer.results && answer.cycle->model);
  const Model& model = *answer.cycle->model;
  add_band(recipe, input, spec);
  Filler filler(recipe, input, spec);
  if (input.variants) {
    float alpha = 0.75f;
    for (const Variant& variant : *input.variants) {
      if (variant.answer && variant.answer->results && variant.answer->cycle)
        filler.add(*variant.answer->results, *variant.answer->cycle->model,
                   {.prefix = variant.title, .width_px = 1.1f, .grey = 0.25f, .alpha = alpha});
      alpha -= 0.18f;  // chosen: the older, the fainter
    }
  }
  if (input.healthy && answer.healthy_results)
    filler.add(*answer.healthy_results, answer.healthy ? *answer.healthy->model : model,
               {.prefix = "healthy", .width_px = 1.4f, .grey = 0.45f, .dashed = true});
  filler.add(*answer.results, model, {.prefix = "", .headline = true});
  if (input.last_stride)
    filler.add(*input.last_stride, model,
               {.prefix = "walking", .width_px = 1.1f, .grey = 0.8f, .alpha = 0.9f, .towards = {1, 1, 1, 1}});
  spec.note = answer.scenario.title + (answer.scenario.title.empty() ? "" : " \u00b7 ") + "hipspine " HIPSPINE_VERSION +
              (recipe.estimate ? " \u00b7 model estimate" : "");
  return spec;
}

std::string short_citation(const std::vector<std::string>& ids, const std::filesystem::path& model_folder) {
  Diagnostics unused;  // a missing file leaves the ids as they are
  const std::vector<Citation> citations = load_sources(model_folder, unused);
  std::string text;
  for (const std::string& id : ids) {
    std::string shown = id;
    for (const Citation& citation : citations) {
      if (citation.id != id) continue;
      shown = citation.text.substr(0, citation.text.find_first_of(" ,"));  // first author's surname
      const auto digit = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(citation.text[i])) != 0; };
      const auto sentence = std::min(citation.text.find(". "), citation.text.size());
      if (sentence >= 4 && digit(sentence - 1) && digit(sentence - 4))
        shown += " " + citation.text.substr(sentence - 4, 4);
    }
    text += (text.empty() ? "" : "; ") + shown;
  }
  return text;
}

}  // namespace hipspine
