// The treatments of this person, side by side: a button that asks for them, then one row each, worst facet dose drawn
// as a bar from the healthy one (left) to the untreated one (full width).
#include <algorithm>
#include <cmath>

#include "render/panels/clinic.h"
#include "render/panels/widgets.h"

namespace hipspine {
namespace {

void draw_treatment(const TreatmentRow& row) {
  const float em = ImGui::GetFontSize();
  ImGui::Dummy({0, 0.15f * em});
  ImGui::TextUnformatted(row.asked.what.c_str());
  ImGui::SameLine();
  ImGui::TextDisabled("%s", to_string(row.asked.group));
  ImGui::PushFont(type_font(Type::small));
  ImGui::TextUnformatted((fixed(row.summary.speed_m_s, 2) + " m/s   lumbar extension " +
                          fixed(row.lumbar_extension_deg, 1) + "°   disc " + fixed(row.disc_n, 0) + " N   facet " +
                          fixed(row.facet_n, 0) + " N")
                             .c_str());
  ImGui::PopFont();
  if (!std::isfinite(row.excess_left)) return;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float whole = ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize, height = 0.5f * em;
  // Chosen: the untreated excess is two thirds of the width, so that a treatment that makes it worse still fits.
  const float part = std::clamp(static_cast<float>(row.excess_left) / 1.5f, 0.0f, 1.0f);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + whole, at.y + height}, u32(kHealthyColour, 0.15f));
  draw.AddRectFilled(at, {at.x + part * whole, at.y + height}, u32(kAccent, 0.8f));
  ImGui::Dummy({whole, height});
  tip("Part of the facet dose above the healthy one that is left: " + fixed(100 * row.excess_left, 0) + " %");
}

}  // namespace

void draw_treatments(Desk& desk, PanelState& state) {
  ImGui::BeginDisabled(desk.comparing_treatments);
  if (ImGui::Button(desk.comparing_treatments ? "Solving ..." : "Compare treatments of this person"))
    desk.requests.compare_treatments = true;
  ImGui::EndDisabled();
  state.rectangles.note_last_item("treatments");
  tip("Spine only, hip only, both: each is solved anew, nothing comes from a table of outcomes.");
  if (!desk.treatments) return;
  ImGui::BeginChild("##treatments", {0, 0}, false);
  for (const TreatmentRow& row : desk.treatments->rows) draw_treatment(row);
  if (const auto& went = desk.treatments->went_with_pain)
    small_text("With the hip's pain " + fixed(100 * std::max(0.0, *went), 0) +
               " % of the excess went; the rest belongs to stiffness and weakness.");
  small_text(
      "Model estimates for teaching and research; no advice for a person. Bars: facet dose above the healthy one.");
  ImGui::EndChild();
}

}  // namespace hipspine
