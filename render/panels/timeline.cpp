// The bottom bar: what plays, where in the cycle, how fast.
#include <algorithm>
#include <cmath>

#include "render/panels/widgets.h"

namespace hipspine {
namespace {

constexpr double kOnGround_n = 10;  // chosen: above what numbers leave in swing, far below any step

/// Stance of both feet as bars, from the ground force of the results shown.
void draw_feet(ImDrawList& draw, const Results& results, ImVec2 low, ImVec2 high) {
  static constexpr std::array<const char*, 2> kForce = {"ground_force_r_vy", "ground_force_l_vy"};
  const float row = (high.y - low.y) / 2;
  for (int side : {kRight, kLeft}) {
    const int column = results.column(kForce[side]);
    if (column < 0) continue;
    const float y0 = low.y + static_cast<float>(side) * row + 1, y1 = y0 + row - 2;
    const Colour colour = side == kRight ? kRightColour : kLeftColour;
    draw.AddRectFilled({low.x, (y0 + y1) / 2 - 1}, {high.x, (y0 + y1) / 2 + 1}, u32(colour, 0.18f));
    const auto points = static_cast<int>(results.values.rows());
    for (int k = 0; k + 1 < points;) {
      int end = k;
      while (end + 1 < points && results.values(end, column) > kOnGround_n) ++end;
      if (end > k) {
        const auto x = [&](int point) {
          return low.x + (high.x - low.x) * static_cast<float>(point) / static_cast<float>(points - 1);
        };
        draw.AddRectFilled({x(k), y0}, {x(end), y1}, u32(colour, 0.62f), 2);
      }
      k = std::max(end, k + 1);
    }
  }
}

void draw_scrub(Desk& desk, PanelState& state, float width, float height) {
  const bool solved = desk.clock.source == TimeSource::solved;
  const ImVec2 low = ImGui::GetCursorScreenPos(), high(low.x + width, low.y + height);
  ImGui::InvisibleButton("##scrub", {width, height});
  state.rectangles.note_last_item("scrub");
  if (ImGui::IsItemActive() && solved) {
    const double pct = std::clamp(static_cast<double>((ImGui::GetIO().MousePos.x - low.x) / width), 0.0, 0.9999);
    desk.clock.phase = std::floor(desk.clock.phase) + pct;
    desk.clock.scrubbing = true;
  } else if (ImGui::IsItemDeactivated()) {
    desk.clock.scrubbing = false;
  }
  tip(solved ? "Drag to move through the cycle. Bars: right (above) and left foot on the ground."
             : "Where the walking body is in its cycle. Choose the solved cycle to move through it by hand.");
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(low, high, ImGui::GetColorU32(ImGuiCol_FrameBg), 3);
  if (desk.answer() && desk.answer()->results) draw_feet(draw, *desk.answer()->results, low, high);
  const auto x = low.x + width * static_cast<float>(desk.shown_pct() / 100);
  draw.AddRectFilled({x - 1.5f, low.y - 2}, {x + 1.5f, high.y + 2}, u32(solved ? kAccent : kHealthyColour));
}

}  // namespace

void draw_timeline(Desk& desk, PanelState& state, const PanelRect& rect) {
  begin_panel(
      "##timeline", rect,
      ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const float em = ImGui::GetFontSize(), size = ImGui::GetFrameHeight() + 0.35f * em,
              gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const bool solved = desk.clock.source == TimeSource::solved;
  ImGui::SetCursorPosY(std::max(0.0f, (rect.size.y - size) / 2));

  if (icon_button("##home", Icon::home, size)) {
    if (solved)
      desk.clock.phase = std::floor(desk.clock.phase);
    else
      desk.requests.restart = true;
  }
  state.rectangles.note_last_item("home");
  tip(solved ? "To right heel strike (Home)" : "The walking body starts again (Home)");
  ImGui::SameLine(0, gap);
  ImGui::BeginDisabled(!solved);
  if (icon_button("##back", Icon::step_back, size)) {
    desk.clock.playing = false;
    desk.clock.phase = std::max(0.0, 0.01 * (std::round(desk.clock.phase * 100) - 1));
  }
  ImGui::EndDisabled();
  state.rectangles.note_last_item("back");
  tip("1 % back (Left)");
  ImGui::SameLine(0, gap);
  if (icon_button("##play", desk.clock.playing ? Icon::pause : Icon::play, size))
    desk.clock.playing = !desk.clock.playing;
  state.rectangles.note_last_item("play");
  tip(desk.clock.playing ? "Pause (Space)" : "Play (Space)");
  ImGui::SameLine(0, gap);
  if (icon_button("##step", Icon::step_forward, size)) {
    desk.clock.playing = false;
    if (solved)
      desk.clock.phase = 0.01 * (std::round(desk.clock.phase * 100) + 1);
    else
      desk.requests.step = true;
  }
  state.rectangles.note_last_item("step");
  tip(solved ? "1 % on (Right)" : "One step of the controller (Right)");
  ImGui::SameLine(0, 2 * gap);

  const float source_width = 6.6f * em, slow_width = 4.4f * em, pct_width = 3.2f * em,
              factor_width = solved ? 0 : 8.6f * em;
  const float scrub =
      ImGui::GetContentRegionAvail().x - 2 * source_width - slow_width - pct_width - factor_width - 5 * gap;
  draw_scrub(desk, state, std::max(scrub, 6 * em), size);
  ImGui::SameLine(0, gap);
  const float text_y = (rect.size.y - ImGui::GetTextLineHeight()) / 2;
  ImGui::SetCursorPosY(text_y);
  ImGui::Text("%s %%", fixed(desk.shown_pct(), 0).c_str());
  ImGui::SameLine(0, 0);
  const float frame_y = (rect.size.y - ImGui::GetFrameHeight()) / 2;
  ImGui::SetCursorPos(
      {rect.size.x - ImGui::GetStyle().WindowPadding.x - 2 * source_width - slow_width - factor_width - 2 * gap,
       frame_y});
  static constexpr std::array<const char*, 5> kRates = {"1×", "1/2", "1/4", "1/8", "1/16"};
  ImGui::SetNextItemWidth(slow_width - gap);
  if (ImGui::BeginCombo("##slow", kRates[std::clamp(desk.clock.slow, 0, 4)])) {
    for (int k = 0; k < 5; ++k) {
      if (ImGui::Selectable(kRates[k], desk.clock.slow == k)) desk.clock.slow = k;
      state.rectangles.note_last_item("slow/" + std::to_string(k));
    }
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("slow");
  tip("Slow motion (+ and -)");
  ImGui::SameLine(0, gap);
  if (switch_button("Solved cycle", solved, source_width)) desk.clock.source = TimeSource::solved;
  state.rectangles.note_last_item("source.solved");
  tip("The cycle as computed at once, played again and again: what curves and tables show.");
  ImGui::SameLine(0, gap);
  ImGui::BeginDisabled(!can_be_simulated(desk.scenario().task));
  if (switch_button("Walking body", !solved, source_width)) desk.clock.source = TimeSource::walking;
  ImGui::EndDisabled();
  state.rectangles.note_last_item("source.walking");
  tip("A body simulated from moment to moment under gravity and muscles, which follows the solved cycle. It may "
      "stumble.");
  if (!solved) {
    ImGui::SameLine(0, gap);
    ImGui::BeginDisabled(desk.scenario().task == "bend");  // chosen: balance is shown walking and standing
    if (ImGui::Button("Push", {3.4f * em, 0})) desk.requests.push = true;
    ImGui::EndDisabled();
    state.rectangles.note_last_item("push");
    tip("50 N forward at the pelvis for 0.2 s");
    ImGui::SameLine(0, gap);
    ImGui::TextDisabled("%s× time", fixed(desk.walker.real_time_factor, 2).c_str());
    tip("Simulated seconds per second of the clock; this machine could do " + fixed(desk.walker.possible_factor, 1) +
        "×.");
  }
  end_panel();
}

}  // namespace hipspine
