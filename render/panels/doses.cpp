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

/// One row: words, what it is now, and its ratio to healthy as a bar with a mark where healthy ends.
void draw_ratio(const std::string& what, const std::string& now, double ratio, const std::string& ratio_words,
                const std::string& help) {
  const float em = ImGui::GetFontSize(), line = ImGui::GetTextLineHeight();
  const float whole = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize;
  ImGui::TextUnformatted(what.c_str());
  ImGui::SameLine();
  ImGui::TextDisabled("%s", now.c_str());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + whole, at.y + line}, u32(kHealthyColour, 0.1f), 2);
  if (std::isfinite(ratio)) {
    const float part = static_cast<float>(std::min(1.0, ratio / kFullBar));
    draw.AddRectFilled(at, {at.x + part * whole, at.y + line}, u32(change_colour(ratio > 1 ? 1 : -1), 0.5f), 2);
  }
  const float healthy = at.x + static_cast<float>(1 / kFullBar) * whole;
  draw.AddLine({healthy, at.y}, {healthy, at.y + line}, u32(kHealthyColour));
  draw.AddText({at.x + 0.3f * em, at.y}, ImGui::GetColorU32(ImGuiCol_Text), ratio_words.c_str());
  ImGui::Dummy({whole, line + 0.15f * em});
  tip(help);
}

double ratio_of(double now, double before) { return before > 0 ? now / before : std::nan(""); }

void draw_effort(const Summary& healthy, const MuscleEffort& now) {
  for (const MuscleEffort& before : healthy.efforts) {
    if (before.group != now.group || before.side != now.side) continue;
    draw_ratio(now.group + (now.side == kRight ? ", right" : ", left"), fixed(100 * now.mean, 1) + " % on average",
               ratio_of(now.fatigue, before.fatigue), dose_ratio(now.fatigue, before.fatigue) + " times healthy",
               "Cube root of the mean cubed activation against healthy: endurance falls with about its third power.");
  }
}

}  // namespace

void draw_doses(PanelState& state, const Summary& healthy, const Summary& now) {
  const double cycles_a_day = cycles_per_day(now.task);
  const bool by_day = cycles_a_day > 0;
  const double cycles = by_day ? cycles_a_day : cycles_per_1000(now.task);
  small_text(by_day
                 ? "Squared load over the " + fixed(kStepsPerDay, 0) + " steps of a day, in kN² s. The line is healthy."
                 : "Squared load over a thousand repetitions, in kN² s. The line is healthy.");
  ImGui::BeginChild("##doses", {0, 0}, false);
  if (now.doses.empty() || healthy.task != now.task) ImGui::TextDisabled("Nothing to compare with.");
  for (const LoadDose& dose : now.doses) {
    const LoadDose* before = healthy.dose(dose.column);
    if (before == nullptr || healthy.task != now.task) continue;
    draw_ratio(structure_words(dose.column), dose_number(dose.per_cycle[0] * cycles),
               ratio_of(dose.per_cycle[0], before->per_cycle[0]),
               dose_ratio(dose.per_cycle[0], before->per_cycle[0]) + " times healthy",
               "Healthy: " + dose_number(before->per_cycle[0] * cycles) +
                   " kN² s. With the tenth power, which minds the peaks: " +
                   dose_ratio(dose.per_cycle[1], before->per_cycle[1]) +
                   " times. No dose is known above which a disc or facet joint is harmed.");
    state.rectangles.note_last_item("dose/" + dose.column);
  }
  if (healthy.task == now.task)
    for (const MuscleEffort& effort : now.efforts) draw_effort(healthy, effort);
  ImGui::EndChild();
}

}  // namespace hipspine
