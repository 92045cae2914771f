// The story panel: two sentences, then a table of what changed. A click on a row shows its curve, "why" traces it.
#include "render/panels/story.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "render/panels/curve_specs.h"
#include "render/panels/widgets.h"
#include "sim/run/causes.h"

namespace hipspine {

struct StoryState {
  std::shared_ptr<const LiveAnswer> answer;
  std::vector<ComparedRow> rows;
  std::string text;
  std::vector<std::string> traceable;
  std::size_t part = 0;
};

namespace {

void take_answer(StoryState& story, const std::shared_ptr<const LiveAnswer>& answer) {
  if (story.answer == answer) return;
  story.answer = answer;
  story.rows.clear();
  story.text.clear();
  if (!answer->healthy_results) return;
  const Comparison comparison = compare(summarize(*answer->healthy_results), summarize(*answer->results));
  story.rows = story_rows(comparison);
  story.text = story_text(comparison);
  story.traceable = traceable_columns(*answer->cycle->model);
}

/// The plot that shows a column: one with a name of its own where there is one.
std::string plot_of(const std::string& column) {
  for (const PlotRecipe& recipe : plot_recipes())
    if (recipe.columns[0] == column || recipe.columns[1] == column) return recipe.id;
  return column;
}

void show_curve(Desk& desk, const ComparedRow& row) {
  const std::string id = plot_of(row.column);
  std::vector<std::string>& plots = desk.view.plots;
  plots.erase(std::remove(plots.begin(), plots.end(), id), plots.end());
  plots.insert(plots.begin(), id);
  desk.view.tab = RightTab::curves;
}

void draw_change(const ComparedRow& row, double largest) {
  const float width = ImGui::GetContentRegionAvail().x, height = ImGui::GetTextLineHeight();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const double share = row.weight / std::max(largest, 1e-9);
  const float length = width * static_cast<float>(std::min(1.0, share));
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + length, at.y + height}, u32(change_colour(row.change > 0 ? 1 : -1), 0.42f), 2);
  std::string text = with_sign(row.change, decimals_for(row.unit));
  if (std::isfinite(row.percent) && std::abs(row.percent) < 1000) text += "  " + with_sign(row.percent, 0) + " %";
  ImGui::TextUnformatted(text.c_str());
}

std::string row_tip(const ComparedRow& row) {
  std::string text = row.label + " [" + row.unit + "]";
  if (row.at_b_pct >= 0)
    text +=
        "\nat " + std::to_string(row.at_b_pct) + " % of the cycle, healthy at " + std::to_string(row.at_a_pct) + " %";
  return text + "\nClick: show its curve.";
}

}  // namespace

void draw_story(Desk& desk, PanelState& state) {
  if (!state.story) state.story = std::make_shared<StoryState>();
  StoryState& story = *state.story;
  take_answer(story, desk.answer());
  ImGui::Dummy({0, 0.2f * ImGui::GetFontSize()});
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(story.text.c_str());
  ImGui::PopTextWrapPos();
  small_text(
      "Loads are model estimates. Peaks over the cycle; same person, healthy hips and muscles, beside this one.");

  ImGui::SetNextItemWidth(-FLT_MIN);
  if (ImGui::BeginCombo("##part", kStoryParts[story.part])) {
    for (std::size_t k = 0; k < kStoryParts.size(); ++k)
      if (ImGui::Selectable(kStoryParts[k], k == story.part)) story.part = k;
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("story.part");
  if (story.rows.empty()) {
    ImGui::TextDisabled("Nothing has changed.");
    return;
  }
  const float em = ImGui::GetFontSize();
  if (!ImGui::BeginTable("##story", 4, ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH))
    return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("largest change first", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("healthy", ImGuiTableColumnFlags_WidthFixed, 3.3f * em);
  ImGui::TableSetupColumn("this hip", ImGuiTableColumnFlags_WidthFixed, 3.3f * em);
  ImGui::TableSetupColumn("change", ImGuiTableColumnFlags_WidthFixed, 6.4f * em);
  ImGui::TableHeadersRow();
  const double largest = story.rows.front().weight;
  int shown = 0;
  for (const ComparedRow& row : story.rows) {
    if (!in_part(row, story.part)) continue;
    ImGui::PushID(shown);
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    const ImVec2 at = ImGui::GetCursorPos();
    const float wrap = ImGui::GetContentRegionAvail().x;
    const float height = ImGui::CalcTextSize(row.label.c_str(), nullptr, false, wrap).y;
    const bool traceable =
        std::find(story.traceable.begin(), story.traceable.end(), row.column) != story.traceable.end();
    if (ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowItemOverlap,
                          {0, height})) {
      if (traceable) desk.view.why_column = row.column;
      show_curve(desk, row);
    }
    state.rectangles.note_last_item("story/" + std::to_string(shown));
    tip(row_tip(row));
    ImGui::SetCursorPos(at);
    ImGui::TextWrapped("%s", row.label.c_str());
    const int decimals = decimals_for(row.unit);
    for (double value : {row.a, row.b}) {
      ImGui::TableNextColumn();
      ImGui::TextUnformatted(with_unit(fixed(value, decimals), row.unit == "deg" ? "deg" : "").c_str());
    }
    ImGui::TableNextColumn();
    draw_change(row, largest);
    if (traceable) {
      if (ImGui::SmallButton("why?")) {
        desk.view.why_column = row.column;
        desk.view.tab = RightTab::why;
      }
      state.rectangles.note_last_item("why/" + row.column);
    }
    ImGui::PopID();
    ++shown;
  }
  ImGui::EndTable();
}

}  // namespace hipspine
