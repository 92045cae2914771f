#pragma once
/// Numbers of a plot that need no screen: ticks, ranges, values between samples, and how they are written.
#include <string>
#include <vector>

#include "render/plot/plot.h"

namespace hipspine {

struct PlotRange {
  float low = 0, high = 0;
  [[nodiscard]] float span() const { return high - low; }
};

/// 1, 2 or 5 times a power of ten, not below `least`; `least` > 0.
[[nodiscard]] float nice_step(float least);

/// Ticks at whole multiples of a nice step.
struct Ticks {
  float step = 1;
  int first = 0, last = -1;  ///< tick i lies at i * step
  [[nodiscard]] float at(int i) const { return static_cast<float>(i) * step; }
};
/// At most `most` ticks within the range (at least one step apart); none in an empty range.
[[nodiscard]] Ticks ticks_of(PlotRange range, int most);

/// Value at a percent of the cycle, linear between samples; NaN where a neighbour that counts is NaN.
[[nodiscard]] float value_at(const std::vector<float>& y, float pct);

/// Lowest and highest finite value of all curves and the band, widened to `least_span` and to zero as the plot wants;
/// 0 to 1 when there is nothing finite.
[[nodiscard]] PlotRange data_range(const PlotSpec& spec);

/// Fits the view to the data unless a hand has zoomed. It grows as soon as a curve leaves it, and shrinks only when the
/// data needs less than half of it: while a slider moves, axes do not flicker.
void fit_view(const PlotSpec& spec, PlotView& view);

/// Decimals that show a hundredth of `span` or better, 0 to 4.
[[nodiscard]] int decimals_for(float span);
/// "-3.2" with a true minus sign (U+2212); "–" for NaN.
[[nodiscard]] std::string number_text(float value, int decimals);
/// Label of a tick: as many decimals as its step needs.
[[nodiscard]] std::string tick_text(float value, float step);
/// What follows a number: "°" for "deg", nothing for "1", else a space and the unit.
[[nodiscard]] std::string unit_text(const std::string& unit);

/// Runs of finite samples [first, last], both included, at least two long: a NaN splits a line.
struct Run {
  int first, last;
};
[[nodiscard]] std::vector<Run> finite_runs(const std::vector<float>& y);
[[nodiscard]] std::vector<Run> finite_runs(const PlotBand& band);

}  // namespace hipspine
