// What a day adds up to: doses of discs and facet joints, effort of muscles, each as a bar of its ratio to healthy.
#include "render/panels/doses.h"

#include <algorithm>
#include <cmath>

#include "render/panels/widgets.h"
#include "sim/run/dose_text.h"
#include "sim/run/muscle_words.h"

namespace hipspine {
namespace {

constexpr double kFullBar = 6;  // chosen: times healthy that fill the width; facets of L3/L4 reach five

double cycles_of(const std::string& task) {
  const double per_day = cycles_per_day(task);
  return per_day > 0 ? per_day : cycles_per_1000(task);
}

double ratio_of(double now, double before) { return before > 0 ? now / before : std::nan(""); }

/// A bar of the ratio to healthy, with a mark where healthy ends.
void draw_row(const DoseRow& row) {
  const float em = ImGui::GetFontSize(), line = ImGui::GetTextLineHeight();
  const float whole = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize;
  ImGui::TextUnformatted(row.what.c_str());
  ImGui::SameLine();
  ImGui::TextDisabled("%s", row.now.c_str());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + whole, at.y + line}, u32(kHealthyColour, 0.1f), 2);
  if (std::isfinite(row.ratio)) {
    const float part = static_cast<float>(std::min(1.0, row.ratio / kFullBar));
    draw.AddRectFilled(at, {at.x + part * whole, at.y + line}, u32(change_colour(row.ratio > 1 ? 1 : -1), 0.5f), 2);
  }
  const float healthy = at.x + static_cast<float>(1 / kFullBar) * whole;
  draw.AddLine({healthy, at.y}, {healthy, at.y + line}, u32(kHealthyColour));
  draw.AddText({at.x + 0.3f * em, at.y}, ImGui::GetColorU32(ImGuiCol_Text), row.ratio_words.c_str());
  ImGui::Dummy({whole, line + 0.15f * em});
  tip(row.help);
}

}  // namespace

std::vector<DoseRow> dose_rows(const Summary& healthy, const Summary& now) {
  std::vector<DoseRow> rows;
  const double cycles = cycles_of(now.task);
  for (const LoadDose& dose : now.doses) {
    const LoadDose* before = healthy.dose(dose.column);
    if (before == nullptr) continue;
    rows.push_back({dose.column, structure_words(dose.column), dose_number(dose.per_cycle[0] * cycles),
                    dose_ratio(dose.per_cycle[0], before->per_cycle[0]) + " times healthy",
                    "Healthy: " + dose_number(before->per_cycle[0] * cycles) +
                        " kN² s. With the tenth power, which minds the peaks: " +
                        dose_ratio(dose.per_cycle[1], before->per_cycle[1]) +
                        " times. No dose is known above which a disc or facet joint is harmed.",
                    ratio_of(dose.per_cycle[0], before->per_cycle[0])});
  }
  for (const MuscleEffort& effort : now.efforts)
    for (const MuscleEffort& before : healthy.efforts) {
      if (before.group != effort.group || before.side != effort.side) continue;
      rows.push_back(
          {"", effort.group + (effort.side == kRight ? ", right" : ", left"),
           fixed(100 * effort.mean, 1) + " % on average", dose_ratio(effort.fatigue, before.fatigue) + " times healthy",
           "Cube root of the mean cubed activation against healthy: endurance falls with about its third power.",
           ratio_of(effort.fatigue, before.fatigue)});
    }
  return rows;
}

std::string dose_heading(const std::string& task) {
  const std::string over =
      cycles_per_day(task) > 0 ? "the " + fixed(kStepsPerDay, 0) + " steps of a day" : "a thousand repetitions";
  return "Squared load over " + over + ", in kN² s. The line is healthy.";
}

void draw_doses(PanelState& state, const std::string& heading, const std::vector<DoseRow>& rows) {
  small_text(heading);
  ImGui::BeginChild("##doses", {0, 0}, false);
  for (const DoseRow& row : rows) {
    draw_row(row);
    if (!row.column.empty()) state.rectangles.note_last_item("dose/" + row.column);
  }
  ImGui::EndChild();
}

}  // namespace hipspine
