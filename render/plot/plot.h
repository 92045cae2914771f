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
  float width_px = 2.2f;
  bool dashed = false;
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
  float cursor_pct = -1;  ///< < 0: none
};

/// What a person has done to one plot; lives in the desk, by plot id.
struct PlotView {
  float low = 0, high = 0;  ///< range of y now; low == high: not fitted yet
  bool zoomed = false;      ///< by hand: no automatic fit until double-click
};

struct PlotEvents {
  std::optional<float> scrub_pct;              ///< the mouse moved time, 0 to 100
  bool csv = false, svg = false, png = false;  ///< chosen from the context menu
  ImVec2 min, max;                             ///< screen rectangle, for the PNG
};

/// Draws into the current window at the cursor, `size` as ImGui sizes (x <= 0: all there is).
/// Wheel zooms y, drag scrubs, double-click fits, right click opens the menu, hover shows all values there.
PlotEvents draw_plot(const PlotSpec& spec, PlotView& view, ImVec2 size);

/// A complete SVG 1.1 file with axes, legend and source, white background, fit for print.
[[nodiscard]] std::string plot_svg(const PlotSpec& spec, int width_px = 640, int height_px = 400);
/// gait_cycle, then a column per curve (and band_low, band_high), one row per point of the longest curve.
[[nodiscard]] std::string plot_csv(const PlotSpec& spec);

}  // namespace hipspine
