// The panel of gait-cycle plots: what to show, kept variants, the plots.
#include <imgui.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>

#include "render/panels/curve_specs.h"
#include "render/panels/panels.h"
#include "render/panels/type.h"
#include "render/panels/widgets.h"
#include "sim/core/whole_file.h"
#include "sim/model/model_file.h"

namespace hipspine {

/// What the plots were built from; they are built again when any of it changes, and not otherwise.
struct PlotsBuilt {
  std::shared_ptr<const LiveAnswer> answer;
  std::vector<std::shared_ptr<const LiveAnswer>> variants;
  std::shared_ptr<const Results> last_stride;
  std::vector<std::string> plots;
  std::array<bool, 2> sides{};
  bool healthy = false, band = false, variants_shown = false, left_own_cycle = false;
  bool operator==(const PlotsBuilt&) const = default;
};

struct CurvesState {
  bool bands_loaded = false;
  NormalBands bands;
  std::map<std::string, std::string> band_sources;
  PlotsBuilt built;
  std::vector<PlotSpec> specs;
  std::string unknown;  ///< what is said of plots that do not exist
  bool left_own_cycle = false;
  bool scrubbing = false;  ///< from here: the clock is let go when the mouse is
  char search[64] = "";
};

namespace {

void note_item(PanelState& state, const std::string& name) {
  state.rectangles.by_name[name] = {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
}

void load_bands(CurvesState& curves, Desk& desk) {
  curves.bands_loaded = true;
  Diagnostics diagnostics;
  curves.bands = load_normal_bands(default_model_folder(), diagnostics);
  if (diagnostics.has_errors()) {
    curves.bands = {};
    desk.say("No normative bands: " + diagnostics.text(), true);
    return;
  }
  for (const NormalBand& band : curves.bands.bands)
    curves.band_sources[band.name] = short_citation(band.source, default_model_folder());
}

/// Goes on in this line when `width` still fits into it; for items after the first.
void same_line_if_room(float width) {
  const float gap = 0.3f * ImGui::GetFontSize();
  const float right = ImGui::GetWindowPos().x + ImGui::GetContentRegionMax().x;
  if (ImGui::GetItemRectMax().x + gap + width <= right) ImGui::SameLine(0, gap);
}

/// A switch that looks like a legend: a piece of the line and its name, dull when off.
void legend_switch(PanelState& state, const char* name, bool& on, ImVec4 colour, bool dashed, bool first,
                   const char* help) {
  const float em = ImGui::GetFontSize();
  const ImVec2 text = ImGui::CalcTextSize(name);
  const ImVec2 size{text.x + 1.75f * em, 1.5f * em};
  if (!first) same_line_if_room(size.x);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  if (ImGui::InvisibleButton(name, size)) on = !on;
  note_item(state, std::string("curves.") + name);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const bool hovered = ImGui::IsItemHovered();
  if (on || hovered)
    draw.AddRectFilled(at, {at.x + size.x, at.y + size.y},
                       ImGui::GetColorU32(hovered ? ImGuiCol_FrameBgHovered : ImGuiCol_FrameBg),
                       ImGui::GetStyle().FrameRounding);
  colour.w *= on ? 1 : 0.35f;
  const ImU32 ink = ImGui::ColorConvertFloat4ToU32(colour);
  const float x = at.x + 0.35f * em, y = at.y + size.y / 2;
  for (int piece = 0; piece < (dashed ? 2 : 1); ++piece) {
    const float from = x + 0.48f * em * static_cast<float>(piece);
    draw.AddLine({from, y}, {from + (dashed ? 0.34f : 0.82f) * em, y}, ink, 0.17f * em);
  }
  draw.AddText({at.x + 1.45f * em, at.y + (size.y - text.y) / 2},
               ImGui::GetColorU32(on ? ImGuiCol_Text : ImGuiCol_TextDisabled), name);
  if (hovered) ImGui::SetTooltip("%s", help);
}

void draw_switches(Desk& desk, PanelState& state) {
  View& view = desk.view;
  legend_switch(state, "right", view.sides[kRight], imgui_colour(kRightColour), false, true, "Curves of the right leg");
  legend_switch(state, "left", view.sides[kLeft], imgui_colour(kLeftColour), false, false, "Curves of the left leg");
  legend_switch(state, "healthy", view.healthy_curve, imgui_colour(kHealthyColour), true, false,
                "The same person with healthy hips and muscles, at the same speed");
  legend_switch(state, "norm", view.normal_band, {0.6f, 0.6f, 0.6f, 0.45f}, false, false,
                "Grey band: healthy people, mean ± 1 standard deviation,\nwhere something comparable was published");
  if (!desk.variants().empty())
    legend_switch(state, "kept", view.variants_shown, {0.8f, 0.75f, 0.65f, 0.8f}, false, false,
                  "Kept variants, thin lines");
}

constexpr const char* kChoose = "Choose \u2026";

/// Everything that can be plotted, found by typing.
void draw_choice(Desk& desk, CurvesState& curves, PanelState& state, const Results& results) {
  if (ImGui::Button(kChoose)) ImGui::OpenPopup("choose plots");
  note_item(state, "curves.choose");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("Any quantity of the results, found by typing");
  const float em = ImGui::GetFontSize();
  ImGui::SetNextWindowSize({24 * em, 28 * em}, ImGuiCond_Always);
  if (!ImGui::BeginPopup("choose plots")) return;
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  ImGui::InputTextWithHint("##search", "search, e.g. psoas or L4 shear", curves.search, sizeof curves.search);
  note_item(state, "curves.search");
  ImGui::Checkbox("Left leg from its own heel strike", &curves.left_own_cycle);
  note_item(state, "curves.left_own_cycle");
  if (ImGui::IsItemHovered())
    ImGui::SetTooltip(
        "To compare both legs with each other and with the band.\n"
        "Otherwise all curves are at the same instant.");
  std::string wanted = curves.search;
  const auto lower = [](std::string text) {
    for (char& c : text)
      c = c == '_' || c == '/' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  };
  wanted = lower(wanted);
  const auto found = [&](const std::string& text) {  // every word typed, in any order
    const std::string in = lower(text);
    for (std::size_t from = 0; from < wanted.size();) {
      const std::size_t to = std::min(wanted.find(' ', from), wanted.size());
      if (in.find(wanted.substr(from, to - from)) == std::string::npos) return false;
      from = to + 1;
    }
    return true;
  };
  const auto entry = [&](const std::string& id, const std::string& title) {
    auto& plots = desk.view.plots;
    const auto at = std::find(plots.begin(), plots.end(), id);
    bool on = at != plots.end();
    ImGui::PushID(id.c_str());
    if (ImGui::Checkbox(title.c_str(), &on)) {
      if (on)
        plots.push_back(id);
      else if (plots.size() > 1)  // an empty list would mean the plots that the window opens with
        plots.erase(at);
    }
    note_item(state, "choose." + id);
    ImGui::PopID();
  };
  ImGui::BeginChild("list");
  std::string heading;
  for (const PlotRecipe& recipe : plot_recipes()) {
    if (!found(recipe.title + " " + recipe.id + " " + recipe.group)) continue;
    if (recipe.group != heading) {
      heading = recipe.group;
      ImGui::TextDisabled("%s", heading.c_str());
    }
    entry(recipe.id, recipe.title);
  }
  ImGui::TextDisabled("All result columns");
  if (wanted.size() < 2) {
    ImGui::TextDisabled("type to search in %d", static_cast<int>(results.columns.size()));
  } else {
    for (const std::string& id : column_ids(results))
      if (found(id)) entry(id, recipe_of(id, results).title);
  }
  ImGui::EndChild();
  ImGui::EndPopup();
}

void draw_presets(Desk& desk, PanelState& state) {
  std::string shown = "Own choice";
  for (const PlotPreset& preset : plot_presets())
    if (preset.ids == desk.view.plots) shown = preset.title;
  const ImGuiStyle& style = ImGui::GetStyle();
  const float beside = ImGui::CalcTextSize(kChoose).x + 2 * style.FramePadding.x + style.ItemSpacing.x;
  ImGui::SetNextItemWidth(std::min(9.5f * ImGui::GetFontSize(), ImGui::GetContentRegionAvail().x - beside));
  const bool open = ImGui::BeginCombo("##preset", shown.c_str(), ImGuiComboFlags_HeightLarge);
  note_item(state, "curves.preset");
  if (!open) return;
  for (const PlotPreset& preset : plot_presets()) {
    if (ImGui::Selectable(preset.title.c_str(), preset.title == shown)) desk.view.plots = preset.ids;
    note_item(state, "curves.preset." + preset.title);
  }
  ImGui::EndCombo();
}

void draw_variants(Desk& desk, PanelState& state) {
  ImGui::SameLine();
  if (ImGui::Button("Keep")) desk.keep_variant();
  note_item(state, "curves.keep");
  if (ImGui::IsItemHovered())
    ImGui::SetTooltip("Keep these curves as thin lines while you change something; the last three stay");
  std::size_t dropped = desk.variants().size();
  for (std::size_t i = 0; i < desk.variants().size(); ++i) {
    std::string title = desk.variants()[i].title;
    if (title.empty()) title = "kept";
    const float room = ImGui::GetContentRegionMax().x - 2 * ImGui::GetStyle().WindowPadding.x;
    const std::string shown = "\u2715 " + title;
    const float width = std::min(ImGui::CalcTextSize(shown.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x, room);
    if (i > 0) same_line_if_room(width);
    ImGui::PushID(static_cast<int>(i));
    ImGui::PushStyleVar(ImGuiStyleVar_ButtonTextAlign, {0, 0.5f});
    if (ImGui::Button(shown.c_str(), {width, 0})) dropped = i;
    ImGui::PopStyleVar();
    ImGui::PopID();
    note_item(state, "curves.drop." + std::to_string(i));
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s\nA click lets go of this variant", title.c_str());
  }
  if (dropped < desk.variants().size()) desk.drop_variant(dropped);
}

void build(Desk& desk, CurvesState& curves) {
  PlotsBuilt now;
  now.answer = desk.answer();
  for (const Variant& variant : desk.variants()) now.variants.push_back(variant.answer);
  // In the solved cycle the walking body's stride would be one of another time, over a bend one of another task.
  if (desk.clock.source == TimeSource::walking && now.answer && now.answer->scenario.task == "walk")
    now.last_stride = desk.last_stride;
  now.plots = desk.view.plots;
  now.sides = desk.view.sides;
  now.healthy = desk.view.healthy_curve, now.band = desk.view.normal_band;
  now.variants_shown = desk.view.variants_shown;
  now.left_own_cycle = curves.left_own_cycle;
  if (now == curves.built) return;
  curves.built = now;
  CurveInput input;
  input.answer = now.answer.get();
  input.variants = now.variants_shown ? &desk.variants() : nullptr;
  input.last_stride = now.last_stride.get();
  input.bands = now.band ? &curves.bands : nullptr;
  input.band_sources = curves.band_sources;
  input.sides = now.sides;
  input.healthy = now.healthy;
  input.left_own_cycle = now.left_own_cycle;
  curves.specs.clear();
  curves.unknown.clear();
  for (const std::string& id : now.plots) {
    const PlotRecipe recipe = recipe_of(id, *now.answer->results);
    if (!recipe.title.empty())
      curves.specs.push_back(make_plot(recipe, input));
    else
      curves.unknown += (curves.unknown.empty() ? "There is no curve '" : ", '") + id + "'";
  }
}

/// Writes `id`.ending into the working directory, or `id`_2.ending and so on where that exists.
void save_text(Desk& desk, const std::string& id, const std::string& ending, const std::string& text) {
  const std::filesystem::path file = unused_name(id + ending);
  const std::string fault = write_whole(file, text);
  desk.say(fault.empty() ? "Saved " + file.string() : file.string() + " was not written: " + fault, !fault.empty());
}

void follow(Desk& desk, CurvesState& curves, const PlotSpec& spec, const PlotEvents& events) {
  if (events.scrub_pct) {
    if (desk.clock.source == TimeSource::walking) {  // a simulated body cannot be put anywhere in time
      desk.clock.source = TimeSource::solved;
      desk.say("Showing the solved cycle: the walking body cannot be moved through time");
    }
    // 100 % is 0 % of the next stride; stay in this one.
    desk.clock.phase = std::floor(desk.clock.phase) + std::min(static_cast<double>(*events.scrub_pct), 99.99) / 100;
    desk.clock.playing = false;
    desk.clock.scrubbing = curves.scrubbing = true;
  }
  if (events.csv) save_text(desk, spec.id, ".csv", plot_csv(spec));
  if (events.svg) save_text(desk, spec.id, ".svg", plot_svg(spec));
  if (events.png) {
    desk.requests.plot_png_id = spec.id;
    desk.requests.plot_png_rect = {events.min.x, events.min.y, events.max.x, events.max.y};
  }
}

void draw_plots(Desk& desk, CurvesState& curves, PanelState& state) {
  const float em = ImGui::GetFontSize();
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ImGui::GetStyleColorVec4(ImGuiCol_WindowBg));
  ImGui::BeginChild("plots");
  ImGui::PopStyleColor();
  const float gap = ImGui::GetStyle().ItemSpacing.y;
  const auto n = static_cast<float>(std::max<std::size_t>(curves.specs.size(), 1));
  const float share = (ImGui::GetContentRegionAvail().y - 1) / n - gap;
  // chosen: as tall as fits, within what still shows three ticks and what a wide plot bears
  const float height = std::floor(std::clamp(share, 7.1f * em, 14 * em));
  const auto cursor_pct = static_cast<float>(desk.shown_pct());
  bool held = false;
  for (PlotSpec& spec : curves.specs) {
    spec.cursor_pct = cursor_pct;
    const PlotEvents events = draw_plot(spec, state.plot_views[spec.id], {0, height}, plot_type());
    state.rectangles.by_name["plot." + spec.id] = {events.area_min, events.area_max};
    held = held || events.held;
    follow(desk, curves, spec, events);
  }
  if (curves.scrubbing && !held) desk.clock.scrubbing = curves.scrubbing = false;
  ImGui::EndChild();
}

}  // namespace

void draw_curves(Desk& desk, PanelState& state) {
  if (!state.curves) state.curves = std::make_shared<CurvesState>();
  CurvesState& curves = *state.curves;
  if (!curves.bands_loaded) load_bands(curves, desk);
  if (desk.view.plots.empty()) desk.view.plots = plot_presets().front().ids;
  const auto answer = desk.answer();
  if (!answer || !answer->results || !answer->cycle) {
    ImGui::TextDisabled("Solving the first walk \u2026");
    return;
  }
  draw_presets(desk, state);
  ImGui::SameLine();
  draw_choice(desk, curves, state, *answer->results);
  draw_variants(desk, state);
  draw_switches(desk, state);
  build(desk, curves);
  if (!curves.unknown.empty()) {
    small_text(curves.unknown + ".");
    note_item(state, "curves.unknown");
  }
  draw_plots(desk, curves, state);
}

}  // namespace hipspine
