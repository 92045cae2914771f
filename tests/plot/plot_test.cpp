// The plot under a mouse, without a screen.
#include "render/plot/plot.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "render/plot/plot_scale.h"
#include "tests/plot/null_screen.h"

using namespace hipspine;

namespace {

/// One plot on a null screen, and what happened to it in the last frame.
struct Fixture {
  NullScreen screen;
  PlotSpec spec;
  PlotView view;
  PlotEvents events;
  Fixture() {
    spec.id = "test";
    spec.title = "Hip flexion";
    spec.unit = "deg";
    spec.upwards = "flexion";
    spec.downwards = "extension";
    spec.cursor_pct = 30;
    PlotCurve curve{"right", {}, {1, 0.6f, 0.2f, 1}};
    for (int i = 0; i <= 100; ++i) curve.y.push_back(30 * std::cos(0.02f * 3.14159265f * static_cast<float>(i)));
    spec.curves.push_back(curve);
    frame();
    frame();
  }
  std::function<void()> content() {
    return [this] { events = draw_plot(spec, view, {0, 200}); };
  }
  void frame() { screen.frame(content()); }
  /// To a place in the axes: percent across, share from the bottom.
  void point(float pct, float up) { screen.move(events.area_min, events.area_max, pct / 100, 1 - up); }
};

bool tooltip_shown() {
  const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
  return tooltip && tooltip->Active;
}

}  // namespace

TEST_CASE("plot: pressing and dragging moves time to where the mouse is, also past the ends") {
  Fixture f;
  CHECK(!f.events.scrub_pct);
  f.point(25, 0.5f);
  f.frame();
  CHECK(!f.events.scrub_pct);  // pointing alone does nothing
  f.screen.press(0, true);
  f.frame();
  REQUIRE(f.events.scrub_pct);
  const float pixel = 100 / (f.events.area_max.x - f.events.area_min.x);  // ImGui's mouse stands on whole pixels
  CHECK(std::abs(*f.events.scrub_pct - 25) <= pixel);
  CHECK(f.events.held);
  f.point(80, 0.1f);
  f.frame();
  REQUIRE(f.events.scrub_pct);
  CHECK(std::abs(*f.events.scrub_pct - 80) <= pixel);
  f.point(140, -3);  // the hand has left the plot but holds it
  f.frame();
  REQUIRE(f.events.scrub_pct);
  CHECK(*f.events.scrub_pct == 100);
  f.point(-60, 0.5f);
  f.frame();
  CHECK(*f.events.scrub_pct == 0);
  f.screen.press(0, false);
  f.frame();
  CHECK(!f.events.scrub_pct);
  CHECK(!f.events.held);
}

TEST_CASE("plot: the wheel zooms about the value under the mouse, only over the axes") {
  Fixture f;
  const PlotView before = f.view;
  const float value = before.low + 0.75f * (before.high - before.low);
  f.point(50, 0.75f);
  f.frame();
  ImGui::GetIO().MouseWheel = 1;
  f.frame();
  CHECK(f.view.zoomed);
  const float span = f.view.high - f.view.low;
  CHECK(span == doctest::Approx(0.85 * (before.high - before.low)).epsilon(1e-3));
  CHECK(f.view.low + 0.75f * span == doctest::Approx(value).epsilon(1e-3));
  ImGui::GetIO().MouseWheel = -1;
  f.frame();
  CHECK(f.view.low == doctest::Approx(before.low).epsilon(1e-3));
  CHECK(f.view.high == doctest::Approx(before.high).epsilon(1e-3));
  for (int i = 0; i < 200; ++i) {  // neither through the floor nor out of sight
    ImGui::GetIO().MouseWheel = 1;
    f.frame();
  }
  CHECK(f.view.high - f.view.low > 0);
  CHECK(std::isfinite(f.view.low));
  const PlotView close = f.view;
  f.screen.move({f.events.min.x + 20, f.events.min.y + 4});  // the header line
  f.frame();
  ImGui::GetIO().MouseWheel = 1;
  f.frame();
  CHECK(f.view.high == close.high);
  CHECK(f.view.low == close.low);
}

TEST_CASE("plot: a double click fits, and its second press does not move time") {
  Fixture f;
  const PlotView fitted = f.view;
  f.view = {1, 2, true};
  f.point(60, 0.5f);
  f.frame();
  f.screen.press(0, true);
  f.frame();
  CHECK(f.events.scrub_pct);
  f.screen.press(0, false);
  f.frame();
  f.screen.press(0, true);
  f.frame();
  CHECK(!f.events.scrub_pct);
  CHECK(!f.view.zoomed);
  CHECK(f.view.low == fitted.low);
  CHECK(f.view.high == fitted.high);
}

TEST_CASE("plot: hovering shows the values there, and only there") {
  Fixture f;
  CHECK(!tooltip_shown());
  f.point(40, 0.5f);
  f.frame();
  f.frame();
  CHECK(tooltip_shown());
  f.screen.move({f.events.min.x + 20, f.events.min.y + 4});
  f.frame();
  f.frame();
  CHECK(!tooltip_shown());
}

TEST_CASE("plot: the menu offers fit, CSV, SVG and PNG, and each does one thing") {
  const auto choose = [](int row) {  // rows of the menu from the top, the separator not counted
    Fixture f;
    f.view = {1, 2, true};
    f.point(50, 0.5f);
    f.screen.click(1, f.content());
    f.frame();
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    REQUIRE(context.OpenPopupStack.Size == 1);
    const ImGuiWindow& menu = *context.OpenPopupStack[0].Window;
    const ImGuiStyle& style = ImGui::GetStyle();
    const float line = ImGui::GetFontSize() + style.ItemSpacing.y;
    const float separator = row > 0 ? 1 + style.ItemSpacing.y : 0;
    f.screen.move({menu.Pos.x + 20, menu.Pos.y + style.WindowPadding.y + separator + line * static_cast<float>(row) +
                                        0.5f * ImGui::GetFontSize()});
    f.frame();
    f.screen.press(0, true);
    f.frame();
    CHECK(!f.events.scrub_pct);  // the menu lies over the plot
    f.screen.press(0, false);
    f.frame();
    std::string what;
    if (f.events.csv) what += "csv";
    if (f.events.svg) what += "svg";
    if (f.events.png) what += "png";
    if (!f.view.zoomed) what += "fit";
    f.screen.move({1, 1});
    f.frame();
    CHECK(!(f.events.csv || f.events.svg || f.events.png));  // asked once
    return what;
  };
  CHECK(choose(0) == "fit");
  CHECK(choose(1) == "csv");
  CHECK(choose(2) == "svg");
  CHECK(choose(3) == "png");
}

TEST_CASE("plot: the band fills exactly the area between its edges, although it is not convex") {
  Fixture f;
  PlotBand band;
  double area = 0;  // in percent times value
  for (int i = 0; i <= 50; ++i) {
    const float x = static_cast<float>(i) / 50;
    band.low.push_back(20 * std::sin(9 * x) - 3);
    band.high.push_back(20 * std::sin(9 * x) + 2 + 4 * x);
  }
  for (std::size_t i = 0; i < 50; ++i)
    area += 2 * 0.5 * static_cast<double>(band.high[i] - band.low[i] + band.high[i + 1] - band.low[i + 1]);
  f.spec.band = band;
  f.frame();
  ImVec4 ink = ImGui::GetStyleColorVec4(ImGuiCol_Text);
  ink.w *= 0.13f;  // the fill of bands in plot.cpp
  const ImU32 fill = ImGui::ColorConvertFloat4ToU32(ink);
  double drawn = 0;
  const ImDrawData& data = *ImGui::GetDrawData();
  for (int l = 0; l < data.CmdListsCount; ++l) {
    const ImDrawList& list = *data.CmdLists[l];
    for (int i = 0; i + 2 < list.IdxBuffer.Size; i += 3) {
      const ImDrawVert& a = list.VtxBuffer[list.IdxBuffer[i]];
      const ImDrawVert& b = list.VtxBuffer[list.IdxBuffer[i + 1]];
      const ImDrawVert& c = list.VtxBuffer[list.IdxBuffer[i + 2]];
      if (a.col != fill || b.col != fill || c.col != fill) continue;
      drawn += 0.5 * std::abs(static_cast<double>((b.pos.x - a.pos.x) * (c.pos.y - a.pos.y) -
                                                  (c.pos.x - a.pos.x) * (b.pos.y - a.pos.y)));
    }
  }
  const double pixels = static_cast<double>((f.events.area_max.x - f.events.area_min.x) / 100 *
                                            (f.events.area_max.y - f.events.area_min.y) / (f.view.high - f.view.low));
  CHECK(drawn == doctest::Approx(area * pixels).epsilon(1e-3));
}

TEST_CASE("plot: gaps, lone samples, far values and tiny sizes draw nothing that is not a number") {
  Fixture f;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  f.spec.curves[0].y[40] = nan;
  f.spec.curves.push_back({"gaps", {nan, 1, nan, 2, 3, nan}, {1, 1, 1, 1}, 2, true});
  f.spec.curves.push_back({"nothing", {nan, nan}, {1, 1, 1, 1}});
  f.spec.curves.push_back({"one", {4}, {1, 1, 1, 1}});
  f.spec.band = PlotBand{{nan, 0, 1, nan, 2}, {nan, 3, nan, 4, 5}, "nobody"};
  f.spec.cursor_pct = 40;
  f.point(40, 0.5f);
  for (ImVec2 size : {ImVec2{0, 200}, ImVec2{30, 20}, ImVec2{330, 110}, ImVec2{0, 0}}) {
    f.screen.frames(2, [&] { draw_plot(f.spec, f.view, size); });
    const ImDrawData& data = *ImGui::GetDrawData();
    int vertices = 0;
    bool finite = true;
    for (int l = 0; l < data.CmdListsCount; ++l)
      for (const ImDrawVert& v : data.CmdLists[l]->VtxBuffer) {
        finite = finite && std::isfinite(v.pos.x) && std::isfinite(v.pos.y);
        ++vertices;
      }
    CHECK(finite);
    CHECK(vertices > 100);
  }
}
