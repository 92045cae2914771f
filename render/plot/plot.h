#pragma once
/// One gait-cycle plot: 0 to 100 % across, a quantity upwards; band, curves, cursor, hover. Drawn with ImGui, or as
/// SVG, or CSV.
#include <imgui.h>

#include <optional>
#include <string>
#include <vector>

namespace hipspine {

struct PlotCurve {
  std::string name;      ///< "right", "left, healthy": legend and file header
  std::vector<float> y;  ///< evenly over 0 to 100 %, any number of points >= 2; NaN splits the line
  ImVec4 colour;
  float width_px = 2.2f;  ///< at a type of 15 px; grows with the type
  bool dashed = false;
  bool headline = true;        ///< its value at the cursor stands in the header
  float cursor_shift_pct = 0;  ///< its own cursor is so much later (a left leg shown from its own heel strike)
};

struct PlotBand {
  std::vector<float> low, high;  ///< as PlotCurve::y
  std::string source;            ///< citation, shown on hover
};

struct PlotSpec {
  std::string id;       ///< unique; names the files: "hip_flexion"
  std::string title;    ///< "Hip flexion"
  std::string unit;     ///< "deg"
  std::string upwards;  ///< what a larger value means: "flexion"; with `downwards` it labels the axis
  std::string downwards;
  std::vector<PlotCurve> curves;  ///< drawn in order, the last on top
  std::optional<PlotBand> band;
  float cursor_pct = -1;   ///< < 0: none
  bool from_zero = false;  ///< the automatic range holds 0: loads and activations
  float least_span = 0;    ///< of the automatic range, so that noise does not look like a movement
  std::string note;        ///< under the SVG: whose curves these are, and that they are estimates where they are
};

/// Type of a plot; null: the current font, scaled.
struct PlotType {
  ImFont* small = nullptr;  ///< ticks, direction words
  ImFont* bold = nullptr;   ///< title
};

/// What a person has done to one plot; lives in the desk, by plot id.
struct PlotView {
  float low = 0, high = 0;  ///< range of y now; low == high: not fitted yet
  bool zoomed = false;      ///< by hand: no automatic fit until double-click
};

struct PlotEvents {
  std::optional<float> scrub_pct;              ///< the mouse moved time, 0 to 100
  bool csv = false, svg = false, png = false;  ///< chosen from the context menu
  bool held = false;                           ///< a mouse button holds the plot
  ImVec2 min, max;                             ///< screen rectangle, for the PNG
  ImVec2 area_min, area_max;                   ///< of the axes: 0 to 100 % across, view.low to view.high upwards
};

/// Draws into the current window at the cursor, `size` as ImGui sizes (x <= 0: all there is).
/// Wheel zooms y (over the header line it scrolls what the plot lies in), drag scrubs, double-click fits, right click
/// opens the menu, hover shows all values there. @test tests/plot/plot_test.cpp
PlotEvents draw_plot(const PlotSpec& spec, PlotView& view, ImVec2 size, const PlotType& type = {});

/// A complete SVG 1.1 file with axes, legend and source, white background, fit for print.
[[nodiscard]] std::string plot_svg(const PlotSpec& spec, int width_px = 640, int height_px = 400);
/// gait_cycle, then a column per curve (and band_low, band_high), each with its unit in brackets; one row per point of
/// the longest curve.
[[nodiscard]] std::string plot_csv(const PlotSpec& spec);

}  // namespace hipspine
