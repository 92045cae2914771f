#include "render/plot/plot.h"

#include <imgui_internal.h>  // SetItemUsingMouseWheel: the wheel zooms here and must not scroll what lies around

#include <algorithm>
#include <cmath>

#include "render/plot/plot_scale.h"

namespace hipspine {
namespace {

constexpr float kHeader = 1.6f;  // chosen: height of the header line, in heights of type

ImU32 faded(ImVec4 colour, float alpha) {
  colour.w *= alpha;
  return ImGui::ColorConvertFloat4ToU32(colour);
}

/// Sizes that follow the type, and where things go.
struct Layout {
  ImFont* font;
  ImFont* bold;
  ImFont* small;
  float em, small_px, line;  ///< heights of type; one "pixel" of a line at a type of 15 px
  ImVec2 min, max, area_min, area_max;

  [[nodiscard]] float width() const { return area_max.x - area_min.x; }
  [[nodiscard]] float height() const { return area_max.y - area_min.y; }
  [[nodiscard]] float x_of(float pct) const { return area_min.x + pct / 100 * width(); }
  [[nodiscard]] float y_of(float y, const PlotView& view) const {
    return area_max.y - (y - view.low) / (view.high - view.low) * height();
  }
  [[nodiscard]] ImVec2 size_of(ImFont* f, float px, const std::string& text) const {
    return f->CalcTextSizeA(px, FLT_MAX, 0, text.c_str());
  }
};

Layout layout_of(const PlotType& type, ImVec2 min, ImVec2 size) {
  Layout l{};
  l.font = ImGui::GetFont();
  l.em = ImGui::GetFontSize();
  l.bold = type.bold ? type.bold : l.font;
  l.small = type.small ? type.small : l.font;
  l.small_px = type.small ? type.small->FontSize : 0.8f * l.em;
  l.line = l.em / 15;
  l.min = min;
  l.max = {min.x + size.x, min.y + size.y};
  l.area_min = {min.x + 3.3f * l.small_px, min.y + kHeader * l.em};  // chosen: room for "−2000"
  l.area_max = {std::max(l.max.x - 1.1f * l.small_px, l.area_min.x + 1),
                std::max(l.max.y - 1.35f * l.small_px, l.area_min.y + 1)};
  return l;
}

/// Text with a soft shade of the ground behind it, so that it reads over a curve.
void text_over(ImDrawList& draw, const Layout& l, ImVec2 at, ImU32 colour, const std::string& text) {
  const ImVec2 size = l.size_of(l.small, l.small_px, text);
  const float pad = 0.15f * l.small_px;
  draw.AddRectFilled({at.x - pad, at.y}, {at.x + size.x + pad, at.y + size.y},
                     faded(ImGui::GetStyleColorVec4(ImGuiCol_ChildBg), 0.6f), pad);
  draw.AddText(l.small, l.small_px, at, colour, text.c_str());
}

void draw_axes(ImDrawList& draw, const Layout& l, const PlotView& view) {
  const ImVec4 ink = ImGui::GetStyleColorVec4(ImGuiCol_Text);
  const ImU32 label = ImGui::GetColorU32(ImGuiCol_TextDisabled);
  draw.AddRectFilled(l.area_min, l.area_max, ImGui::GetColorU32(ImGuiCol_ChildBg), 0);
  const int most_across = l.width() > 14 * l.small_px ? 6 : 3;
  const Ticks across = ticks_of({0, 100}, most_across);
  for (int i = across.first; i <= across.last; ++i) {
    const float x = std::round(l.x_of(across.at(i)));
    draw.AddLine({x, l.area_min.y}, {x, l.area_max.y}, faded(ink, 0.07f), 1);
    const std::string text = tick_text(across.at(i), across.step) + (i == across.last ? " %" : "");
    const ImVec2 size = l.size_of(l.small, l.small_px, text);
    const float left = std::min(x - size.x / 2, l.max.x - size.x);
    draw.AddText(l.small, l.small_px, {std::round(left), std::round(l.area_max.y + 0.15f * l.small_px)}, label,
                 text.c_str());
  }
  const Ticks up = ticks_of({view.low, view.high}, std::max(2, static_cast<int>(l.height() / (1.5f * l.small_px))));
  for (int i = up.first; i <= up.last; ++i) {
    const float y = std::round(l.y_of(up.at(i), view));
    draw.AddLine({l.area_min.x, y}, {l.area_max.x, y}, faded(ink, i == 0 ? 0.38f : 0.07f), 1);
    const std::string text = tick_text(up.at(i), up.step);
    const ImVec2 size = l.size_of(l.small, l.small_px, text);
    const float top = std::clamp(y - size.y / 2, l.area_min.y - 0.35f * size.y, l.area_max.y - 0.62f * size.y);
    draw.AddText(l.small, l.small_px, {std::round(l.area_min.x - 0.4f * l.small_px - size.x), std::round(top)}, label,
                 text.c_str());
  }
}

/// Whether a curve runs through this part of the axes.
bool crossed(const Layout& l, const PlotSpec& spec, const PlotView& view, ImVec2 min, ImVec2 max) {
  for (const PlotCurve& curve : spec.curves) {
    const auto n = static_cast<float>(curve.y.size()) - 1;
    const auto first = static_cast<std::size_t>(std::max(0.0f, (min.x - l.area_min.x) / l.width() * n));
    for (std::size_t i = first; i < curve.y.size(); ++i) {
      if (l.x_of(static_cast<float>(i) / n * 100) > max.x) break;
      const float y = l.y_of(curve.y[i], view);
      if (y >= min.y && y <= max.y) return true;
    }
  }
  return false;
}

/// What up and down mean, in the left corners, or in the right ones where curves leave only those free.
void draw_directions(ImDrawList& draw, const Layout& l, const PlotSpec& spec, const PlotView& view) {
  if (l.height() < 3.2f * l.small_px) return;
  const ImU32 ink = faded(ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled), 0.95f);
  const float margin = 0.35f * l.small_px;
  const auto put = [&](const std::string& text, float y) {
    const ImVec2 size = l.size_of(l.small, l.small_px, text);
    const float left = l.area_min.x + margin, right = l.area_max.x - margin - size.x;
    const bool to_right = crossed(l, spec, view, {left, y}, {left + size.x, y + size.y}) &&
                          !crossed(l, spec, view, {right, y}, {right + size.x, y + size.y});
    text_over(draw, l, {std::round(to_right ? right : left), std::round(y)}, ink, text);
  };
  if (!spec.upwards.empty()) put("\u2191 " + spec.upwards, l.area_min.y + 1);
  if (!spec.downwards.empty()) put("\u2193 " + spec.downwards, l.area_max.y - 1.15f * l.small_px);
}

/// Between low and high as triangles, whatever shape it has.
void draw_band(ImDrawList& draw, const Layout& l, const PlotView& view, const PlotBand& band) {
  const ImVec4 ink = ImGui::GetStyleColorVec4(ImGuiCol_Text);
  const ImU32 fill = faded(ink, 0.13f);
  const ImU32 edge = faded(ink, 0.16f);
  const auto n = static_cast<float>(std::min(band.low.size(), band.high.size()) - 1);
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  for (const Run& run : finite_runs(band)) {
    const int points = run.last - run.first + 1;
    draw.PrimReserve(6 * (points - 1), 2 * points);
    const auto first = static_cast<ImDrawIdx>(draw._VtxCurrentIdx);
    for (int i = 0; i < points; ++i) {
      const auto k = static_cast<std::size_t>(run.first + i);
      const float x = l.x_of(static_cast<float>(k) / n * 100);
      draw.PrimWriteVtx({x, l.y_of(band.low[k], view)}, white, fill);
      draw.PrimWriteVtx({x, l.y_of(band.high[k], view)}, white, fill);
    }
    for (int i = 0; i + 1 < points; ++i)
      for (int corner : {0, 1, 3, 0, 3, 2}) draw.PrimWriteIdx(static_cast<ImDrawIdx>(first + 2 * i + corner));
    for (const std::vector<float>* line : {&band.low, &band.high}) {
      for (int i = run.first; i <= run.last; ++i)
        draw.PathLineTo({l.x_of(static_cast<float>(i) / n * 100), l.y_of((*line)[static_cast<std::size_t>(i)], view)});
      draw.PathStroke(edge, 0, l.line);
    }
  }
}

/// A line of dashes and gaps of equal length along the way, however far apart its points are.
void stroke_dashed(ImDrawList& draw, const std::vector<ImVec2>& points, ImU32 colour, float width, float dash) {
  float left = dash;
  bool on = true;
  draw.PathLineTo(points.front());
  for (std::size_t i = 1; i < points.size(); ++i) {
    ImVec2 from = points[i - 1];
    const ImVec2 to = points[i];
    float length = std::hypot(to.x - from.x, to.y - from.y);
    while (length > left) {
      from = {from.x + (to.x - from.x) * left / length, from.y + (to.y - from.y) * left / length};
      length -= left;
      if (on) {
        draw.PathLineTo(from);
        draw.PathStroke(colour, 0, width);
      } else {
        draw.PathClear();
        draw.PathLineTo(from);
      }
      on = !on;
      left = on ? dash : 0.75f * dash;  // chosen: gaps a little shorter than dashes read as one line
    }
    left -= length;
    if (on) draw.PathLineTo(to);
  }
  if (on) draw.PathStroke(colour, 0, width);
  draw.PathClear();
}

void draw_curve(ImDrawList& draw, const Layout& l, const PlotView& view, const PlotCurve& curve,
                std::vector<ImVec2>& scratch) {
  if (curve.y.size() < 2) return;
  const ImU32 colour = ImGui::ColorConvertFloat4ToU32(curve.colour);
  const auto n = static_cast<float>(curve.y.size() - 1);
  for (const Run& run : finite_runs(curve.y)) {
    scratch.clear();
    for (int i = run.first; i <= run.last; ++i)
      scratch.emplace_back(l.x_of(static_cast<float>(i) / n * 100), l.y_of(curve.y[static_cast<std::size_t>(i)], view));
    const float width = curve.width_px * l.line;
    if (curve.dashed)
      stroke_dashed(draw, scratch, colour, width, 5 * l.line);
    else
      draw.AddPolyline(scratch.data(), static_cast<int>(scratch.size()), colour, 0, width);
  }
}

float shifted(float pct, const PlotCurve& curve) {
  const float at = pct + curve.cursor_shift_pct;
  return at > 100 ? at - 100 : at;
}

void draw_dot(ImDrawList& draw, const Layout& l, const PlotView& view, const PlotCurve& curve, float pct,
              float radius) {
  const float y = value_at(curve.y, pct);
  if (!std::isfinite(y) || y < view.low || y > view.high) return;
  const ImVec2 at{l.x_of(pct), l.y_of(y, view)};
  draw.AddCircleFilled(at, radius + 1.4f * l.line, ImGui::GetColorU32(ImGuiCol_ChildBg));
  draw.AddCircleFilled(at, radius, ImGui::ColorConvertFloat4ToU32(curve.colour));
}

void draw_cursor(ImDrawList& draw, const Layout& l, const PlotView& view, const PlotSpec& spec) {
  if (spec.cursor_pct < 0) return;
  const float x = l.x_of(std::clamp(spec.cursor_pct, 0.0f, 100.0f));
  draw.AddLine({x, l.area_min.y}, {x, l.area_max.y}, faded(ImGui::GetStyleColorVec4(ImGuiCol_Text), 0.75f),
               1.3f * l.line);
  for (const PlotCurve& curve : spec.curves)
    if (curve.headline) draw_dot(draw, l, view, curve, shifted(spec.cursor_pct, curve), 3 * l.line);
}

/// A short piece of the curve's line, for legends.
void draw_swatch(ImDrawList& draw, const Layout& l, ImVec2 from, float width, const PlotCurve& curve) {
  const ImU32 colour = ImGui::ColorConvertFloat4ToU32(curve.colour);
  const float thick = std::max(1.0f, curve.width_px * l.line);
  if (!curve.dashed) {
    draw.AddLine(from, {from.x + width, from.y}, colour, thick);
    return;
  }
  for (float a : {0.0f, 0.62f})
    draw.AddLine({from.x + a * width, from.y}, {from.x + (a + 0.38f) * width, from.y}, colour, thick);
}

struct Legend {
  bool names, others;  ///< names before values; curves without a value as well
};

/// From the right edge to the left, so that what lies on top comes first; only measures when `draw` is null.
/// @return width
float legend(ImDrawList* draw, const Layout& l, const PlotSpec& spec, const PlotView& view, Legend what) {
  const int decimals = decimals_for(view.high - view.low);
  float slot = 0;  // of a number, so that it does not jump as it changes
  for (float v : {view.low, view.high}) slot = std::max(slot, l.size_of(l.font, l.em, number_text(v, decimals)).x);
  const float gap = 0.7f * l.em, swatch = 1.1f * l.em;
  float x = l.max.x - 0.2f * l.em;
  const auto put = [&](ImFont* font, float px, const std::string& text, ImU32 colour, float width) {
    x -= width;
    if (draw) draw->AddText(font, px, {std::round(x), std::round(l.min.y + 1.2f * l.em - px)}, colour, text.c_str());
  };
  const auto named = [&](const PlotCurve& curve) {
    put(l.small, l.small_px, curve.name, ImGui::GetColorU32(ImGuiCol_TextDisabled),
        l.size_of(l.small, l.small_px, curve.name).x);
  };
  for (const PlotCurve& curve : spec.curves) {
    if (curve.headline && spec.cursor_pct >= 0) {
      const std::string text = number_text(value_at(curve.y, shifted(spec.cursor_pct, curve)), decimals);
      const float width = l.size_of(l.font, l.em, text).x;
      put(l.font, l.em, text, ImGui::ColorConvertFloat4ToU32(curve.colour), width);
      if (what.names) x -= 0.3f * l.em, named(curve);
      x -= std::max(0.0f, slot - width) + gap;
    } else if (what.others) {
      named(curve);
      x -= 0.3f * l.em + swatch;
      if (draw) draw_swatch(*draw, l, {x, l.min.y + 0.72f * l.em}, swatch, curve);
      x -= gap;
    }
  }
  return l.max.x - x;
}

void draw_header(ImDrawList& draw, const Layout& l, const PlotSpec& spec, const PlotView& view) {
  const float title = l.size_of(l.bold, l.em, spec.title).x;
  const std::string unit = spec.unit == "1" ? "" : spec.unit;
  const float room = l.max.x - l.min.x - title - l.size_of(l.small, l.small_px, unit).x - 0.8f * l.em;
  Legend shown{false, false};
  for (const Legend& what : {Legend{true, true}, Legend{true, false}, Legend{false, false}}) {
    shown = what;
    if (legend(nullptr, l, spec, view, what) <= room) break;
  }
  const float taken = legend(&draw, l, spec, view, shown);
  draw.PushClipRect(l.min, {l.max.x - taken, l.area_min.y}, true);
  draw.AddText(l.bold, l.em, {l.min.x + 0.2f * l.em, std::round(l.min.y + 0.2f * l.em)},
               ImGui::GetColorU32(ImGuiCol_Text), spec.title.c_str());
  draw.AddText(l.small, l.small_px,
               {std::round(l.min.x + 0.6f * l.em + title), std::round(l.min.y + 1.2f * l.em - l.small_px)},
               ImGui::GetColorU32(ImGuiCol_TextDisabled), unit.c_str());
  draw.PopClipRect();
}

void draw_hover(ImDrawList& draw, const Layout& l, const PlotView& view, const PlotSpec& spec, float pct) {
  const float x = l.x_of(pct);
  const ImU32 ink = faded(ImGui::GetStyleColorVec4(ImGuiCol_Text), 0.4f);
  const float step = 4 * l.line;
  for (float y = l.area_min.y; y < l.area_max.y; y += 2 * step)
    draw.AddLine({x, y}, {x, std::min(y + step, l.area_max.y)}, ink, l.line);
  for (const PlotCurve& curve : spec.curves) draw_dot(draw, l, view, curve, pct, 2.4f * l.line);
}

/// Everything there is at one percent of the cycle.
void show_tooltip(const Layout& l, const PlotView& view, const PlotSpec& spec, float pct) {
  const int decimals = decimals_for(view.high - view.low);
  const std::string unit = unit_text(spec.unit);
  ImGui::BeginTooltip();
  ImGui::TextDisabled("%s at %.0f %% of the cycle", spec.title.c_str(), static_cast<double>(pct));
  const float names = 2 * l.em;
  float values = names;
  for (const PlotCurve& curve : spec.curves)
    values = std::max(values, names + l.size_of(l.font, l.em, curve.name).x + 1.2f * l.em);
  const float left = ImGui::GetCursorPosX();
  const auto row = [&](const std::string& name, const std::string& value, const PlotCurve* curve) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (curve) draw_swatch(*ImGui::GetWindowDrawList(), l, {at.x, at.y + 0.55f * l.em}, 1.4f * l.em, *curve);
    ImGui::SetCursorPosX(left + names);
    ImGui::TextUnformatted(name.c_str());
    ImGui::SameLine(left + values);
    ImGui::TextUnformatted(value.c_str());
  };
  for (auto curve = spec.curves.rbegin(); curve != spec.curves.rend(); ++curve)
    row(curve->name, number_text(value_at(curve->y, pct), decimals) + unit, &*curve);
  if (spec.band) {
    const float low = value_at(spec.band->low, pct), high = value_at(spec.band->high, pct);
    row("norm", number_text(low, decimals) + " to " + number_text(high, decimals) + unit, nullptr);
    ImGui::PushTextWrapPos(left + 24 * l.em);
    ImGui::TextDisabled("%s", spec.band->source.c_str());
    ImGui::PopTextWrapPos();
  }
  ImGui::EndTooltip();
}

void zoom(PlotView& view, float at, float wheel, float data_span) {
  const float factor = std::pow(0.85f, wheel);  // chosen: four notches halve the range
  const float span = view.high - view.low;
  if (span * factor < 1e-3f * data_span || span * factor > 20 * data_span) return;
  view.low = at + (view.low - at) * factor;
  view.high = at + (view.high - at) * factor;
  view.zoomed = true;
}

void show_menu(PlotView& view, PlotEvents& events) {
  if (!ImGui::BeginPopupContextItem("menu")) return;
  if (ImGui::MenuItem("Fit", "double-click")) view = {};
  ImGui::Separator();
  events.csv = ImGui::MenuItem("Save numbers (CSV)");
  events.svg = ImGui::MenuItem("Save drawing (SVG)");
  events.png = ImGui::MenuItem("Save picture (PNG)");
  ImGui::EndPopup();
}

}  // namespace

PlotEvents draw_plot(const PlotSpec& spec, PlotView& view, ImVec2 size, const PlotType& type) {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float em = ImGui::GetFontSize();
  if (size.x <= 0) size.x = std::max(room.x + size.x, 6 * em);
  if (size.y <= 0) size.y = std::max(room.y + size.y, 5 * em);
  const Layout l = layout_of(type, ImGui::GetCursorScreenPos(), size);
  PlotEvents events;
  events.min = l.min, events.max = l.max;
  events.area_min = l.area_min, events.area_max = l.area_max;

  ImGui::PushID(spec.id.c_str());
  ImGui::BeginGroup();
  const ImVec2 after = {l.min.x, l.min.y + kHeader * em};
  ImGui::Dummy({size.x, after.y - l.min.y});  // the header: no hand, so the wheel scrolls there
  ImGui::SetCursorScreenPos(after);
  ImGui::InvisibleButton("area", {size.x, l.max.y - after.y});
  const bool hovered = ImGui::IsItemHovered();
  const bool visible = ImGui::IsItemVisible();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const float pct = std::clamp((mouse.x - l.area_min.x) / l.width() * 100, 0.0f, 100.0f);
  fit_view(spec, view);
  if (hovered) {
    ImGui::SetItemUsingMouseWheel();
    const float share = std::clamp((l.area_max.y - mouse.y) / l.height(), 0.0f, 1.0f);
    if (const float wheel = ImGui::GetIO().MouseWheel; wheel != 0)
      zoom(view, view.low + share * (view.high - view.low), wheel, data_range(spec).span());
    if (ImGui::IsMouseDoubleClicked(0)) view = {};
  }
  events.held = ImGui::IsItemActive() && ImGui::IsMouseDown(0);
  // The second press of a double click fits; it does not move time again.
  if (events.held && ImGui::GetIO().MouseClickedLastCount[0] < 2) events.scrub_pct = pct;
  show_menu(view, events);
  ImGui::EndGroup();
  ImGui::PopID();
  fit_view(spec, view);
  if (!visible) return events;

  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw_axes(draw, l, view);
  draw.PushClipRect(l.area_min, l.area_max, true);
  if (spec.band && spec.band->low.size() >= 2) draw_band(draw, l, view, *spec.band);
  std::vector<ImVec2> scratch;
  draw_directions(draw, l, spec, view);
  for (const PlotCurve& curve : spec.curves) draw_curve(draw, l, view, curve, scratch);
  draw.PopClipRect();
  draw_cursor(draw, l, view, spec);
  draw_header(draw, l, spec, view);
  const bool across = mouse.x >= l.area_min.x && mouse.x <= l.area_max.x;
  if (hovered && across && mouse.y >= l.area_min.y && mouse.y <= l.area_max.y) {
    draw_hover(draw, l, view, spec, pct);
    show_tooltip(l, view, spec, pct);
  }
  return events;
}

}  // namespace hipspine
