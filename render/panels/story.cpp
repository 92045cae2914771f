// The story panel: two sentences, then a table of what changed. A click on a row shows its curve, "why" traces it.
#include "render/panels/story.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "render/panels/clinic.h"
#include "render/panels/curve_specs.h"
#include "render/panels/doses.h"
#include "render/panels/widgets.h"
#include "sim/run/causes.h"

namespace hipspine {

struct StoryState {
  std::shared_ptr<const LiveAnswer> answer;
  std::vector<ComparedRow> rows;
  std::vector<DoseRow> doses;
  std::string text, dose_heading;
  std::vector<std::string> traceable;
  std::size_t part = 0;
};

namespace {

void take_answer(StoryState& story, const std::shared_ptr<const LiveAnswer>& answer) {
  if (story.answer == answer) return;
  story.answer = answer;
  story.rows.clear();
  story.doses.clear();
  story.text.clear();
  if (!answer->healthy_results) return;
  const Summary healthy = summarize(*answer->healthy_results), now = summarize(*answer->results);
  story.doses = dose_rows(healthy, now);
  story.dose_heading = dose_heading(now.task);
  const Comparison comparison = compare(healthy, now);
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

/// Where the columns stand, as shares of the width.
constexpr float kNowAt = 0.2f, kChangeAt = 0.4f;

void draw_change(const ComparedRow& row, double largest, ImVec2 at, float width) {
  const float height = ImGui::GetTextLineHeight();
  const float length = width * static_cast<float>(std::min(1.0, row.weight / std::max(largest, 1e-9)));
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + length, at.y + height}, u32(change_colour(row.change > 0 ? 1 : -1), 0.5f), 2);
  std::string text = with_sign(row.change, decimals_for(row.unit));
  if (std::isfinite(row.percent) && std::abs(row.percent) < 1000) text += "   " + with_sign(row.percent, 0) + " %";
  draw.AddText({at.x + 0.3f * ImGui::GetFontSize(), at.y}, ImGui::GetColorU32(ImGuiCol_Text), text.c_str());
}

std::string row_tip(const ComparedRow& row) {
  std::string text = row.label + " [" + row.unit + "]";
  if (row.at_b_pct >= 0)
    text +=
        "\nat " + std::to_string(row.at_b_pct) + " % of the cycle, healthy at " + std::to_string(row.at_a_pct) + " %";
  return text + "\nClick: show its curve.";
}

/// Two lines: what it is; healthy, now, change.
void draw_row(Desk& desk, PanelState& state, const StoryState& story, const ComparedRow& row, int index) {
  ImGui::PushID(index);
  const float em = ImGui::GetFontSize(), line = ImGui::GetTextLineHeight(), whole = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool traceable = std::find(story.traceable.begin(), story.traceable.end(), row.column) != story.traceable.end();
  const float button = traceable ? 3.4f * em : 0;
  const bool chosen =
      ImGui::Selectable("##row", false, ImGuiSelectableFlags_AllowItemOverlap, {whole - button, 2 * line + 0.2f * em});
  state.rectangles.note_last_item("story/" + std::to_string(index));
  tip(row_tip(row));
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const ImU32 text = ImGui::GetColorU32(ImGuiCol_Text), faint = ImGui::GetColorU32(ImGuiCol_TextDisabled);
  draw.PushClipRect(at, {at.x + whole - button, at.y + line}, true);
  draw.AddText(at, text, row.label.c_str());
  // A unit cut in two is a wrong unit: where there is no room the tip has it.
  const float unit_at = ImGui::CalcTextSize(row.label.c_str()).x + 0.5f * em;
  if (unit_at + ImGui::CalcTextSize(row.unit.c_str()).x <= whole - button)
    draw.AddText({at.x + unit_at, at.y}, faint, row.unit.c_str());
  draw.PopClipRect();
  const float y = at.y + line + 0.1f * em;
  const int decimals = decimals_for(row.unit);
  draw.AddText({at.x, y}, faint, fixed(row.a, decimals).c_str());
  draw.AddText({at.x + kNowAt * whole, y}, text, fixed(row.b, decimals).c_str());
  draw_change(row, story.rows.front().weight, {at.x + kChangeAt * whole, y}, (1 - kChangeAt) * whole - button);
  if (traceable) {
    ImGui::SameLine(whole - button + 0.3f * em);
    if (ImGui::Button("why?", {button - 0.3f * em, 0})) {
      desk.view.why_column = row.column;
      desk.view.tab = RightTab::why;
    }
    state.rectangles.note_last_item("why/" + row.column);
    tip("What this load is made of");
  }
  if (chosen) {
    if (traceable) desk.view.why_column = row.column;
    show_curve(desk, row);
  }
  ImGui::PopID();
}

}  // namespace

void draw_story(Desk& desk, PanelState& state) {
  if (!state.story) state.story = std::make_shared<StoryState>();
  StoryState& story = *state.story;
  take_answer(story, desk.answer());
  ImGui::Dummy({0, 0.2f * ImGui::GetFontSize()});
  paragraph(story.text);
  small_text(
      "Loads are model estimates, the largest of the cycle; angles as their row says. Beside this person the same one "
      "with "
      "healthy hips and muscles.");

  ImGui::SetNextItemWidth(-FLT_MIN);
  if (ImGui::BeginCombo("##part", kStoryParts[story.part])) {
    for (std::size_t k = 0; k < kStoryParts.size(); ++k)
      if (ImGui::Selectable(kStoryParts[k], k == story.part)) story.part = k;
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("story.part");
  if (story.part + 1 == kStoryParts.size()) {
    draw_treatments(desk, state);
    return;
  }
  if (story.part + 2 == kStoryParts.size()) {
    if (story.doses.empty())
      ImGui::TextDisabled("Nothing to compare with yet.");
    else
      draw_doses(state, story.dose_heading, story.doses);
    return;
  }
  if (story.rows.empty()) {
    ImGui::TextDisabled("Nothing has changed.");
    return;
  }
  ImGui::PushFont(type_font(Type::small));
  const float whole = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize;
  const float left = ImGui::GetCursorPosX();
  ImGui::TextDisabled("healthy");
  ImGui::SameLine(left + kNowAt * whole);
  ImGui::TextDisabled("this hip");
  ImGui::SameLine(left + kChangeAt * whole);
  ImGui::TextDisabled("change, largest first");
  ImGui::PopFont();
  ImGui::BeginChild("##rows", {0, 0}, false);
  int shown = 0;
  for (const ComparedRow& row : story.rows)
    if (in_part(row, story.part)) draw_row(desk, state, story, row, shown++);
  ImGui::EndChild();
}

}  // namespace hipspine
