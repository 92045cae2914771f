#include "render/plot/plot_scale.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace hipspine {

float nice_step(float least) {
  const float power = std::pow(10.0f, std::floor(std::log10(least)));
  for (float multiple : {1.0f, 2.0f, 5.0f})
    if (multiple * power >= least * (1 - 1e-5f)) return multiple * power;
  return 10 * power;
}

Ticks ticks_of(PlotRange range, int most) {
  Ticks ticks;
  if (!(range.span() > 0) || most < 1) return ticks;
  const float slack = 1e-4f;  // a tick on the edge counts in spite of rounding
  ticks.step = nice_step(range.span() / static_cast<float>(most));
  for (;;) {
    ticks.first = static_cast<int>(std::ceil(range.low / ticks.step - slack));
    ticks.last = static_cast<int>(std::floor(range.high / ticks.step + slack));
    if (ticks.last - ticks.first + 1 <= most) return ticks;
    ticks.step = nice_step(ticks.step * 1.5f);
  }
}

float value_at(const std::vector<float>& y, float pct) {
  if (y.empty() || !std::isfinite(pct)) return std::numeric_limits<float>::quiet_NaN();
  const auto last = static_cast<float>(y.size() - 1);
  const float at = std::clamp(pct, 0.0f, 100.0f) / 100 * last;
  const auto i = static_cast<std::size_t>(std::floor(at));
  const float rest = at - static_cast<float>(i);
  if (rest < 1e-4f || i + 1 >= y.size()) return y[i];
  if (rest > 1 - 1e-4f) return y[i + 1];
  return y[i] + rest * (y[i + 1] - y[i]);
}

PlotRange data_range(const PlotSpec& spec) {
  PlotRange range{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};
  const auto include = [&range](const std::vector<float>& values) {
    for (float v : values) {
      if (!std::isfinite(v)) continue;
      range.low = std::min(range.low, v);
      range.high = std::max(range.high, v);
    }
  };
  for (const PlotCurve& curve : spec.curves) include(curve.y);
  if (spec.band) include(spec.band->low), include(spec.band->high);
  if (range.low > range.high) return {0, 1};
  if (spec.from_zero) range = {std::min(range.low, 0.0f), std::max(range.high, 0.0f)};
  // A constant is shown in a range of a tenth of itself.
  const float least = std::max({spec.least_span, 1e-3f * std::max(std::abs(range.low), std::abs(range.high)), 1e-6f});
  const float missing = least - range.span();
  if (missing > 0) {
    const bool grounded = spec.from_zero && range.low >= 0;
    range.low -= grounded ? 0 : missing / 2;
    range.high += grounded ? missing : missing / 2;
  }
  return range;
}

void fit_view(const PlotSpec& spec, PlotView& view) {
  if (view.zoomed) return;
  const PlotRange data = data_range(spec);
  const float now = view.high - view.low;
  const float slack = 1e-4f * std::max(now, data.span());
  const bool fitted = now > 0;
  const bool inside = data.low >= view.low - slack && data.high <= view.high + slack;
  const bool small = data.span() < 0.5f * now;  // chosen: a fresh fit always uses more than half, see below
  if (fitted && inside && !small) return;
  // Air of 6 % (none at a zero that is a floor), then out to half ticks: at most 1 + 2 x 0.06 + 0.625 of the data.
  const float air = 0.06f * data.span();
  const float low = spec.from_zero && data.low >= 0 ? 0 : data.low - air;
  const float high = data.high + air;
  const float half = nice_step(data.span() / 4) / 2;
  view.low = std::floor(low / half + 1e-4f) * half;
  view.high = std::ceil(high / half - 1e-4f) * half;
}

int decimals_for(float span) {
  if (!(span > 0)) return 1;
  return std::clamp(static_cast<int>(std::ceil(2 - std::log10(span) - 1e-4f)), 0, 4);
}

std::string number_text(float value, int decimals) {
  if (!std::isfinite(value)) return "\u2013";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, static_cast<double>(std::abs(value)));
  const bool zero = std::string_view(text).find_first_not_of("0.") == std::string_view::npos;
  return value < 0 && !zero ? std::string("\u2212") + text : text;
}

std::string tick_text(float value, float step) {
  return number_text(value, std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-3f)), 0, 6));
}

std::string unit_text(const std::string& unit) {
  if (unit == "deg") return "\u00b0";
  return unit.empty() || unit == "1" ? "" : " " + unit;
}

namespace {

template <typename Finite>
std::vector<Run> runs_where(std::size_t size, Finite finite) {
  std::vector<Run> runs;
  int first = -1;
  const int n = static_cast<int>(size);
  for (int i = 0; i <= n; ++i) {
    const bool counts = i < n && finite(static_cast<std::size_t>(i));
    if (counts && first < 0) first = i;
    if (!counts && first >= 0) {
      if (i - 1 > first) runs.push_back({first, i - 1});
      first = -1;
    }
  }
  return runs;
}

}  // namespace

std::vector<Run> finite_runs(const std::vector<float>& y) {
  return runs_where(y.size(), [&y](std::size_t i) { return std::isfinite(y[i]); });
}

std::vector<Run> finite_runs(const PlotBand& band) {
  return runs_where(std::min(band.low.size(), band.high.size()),
                    [&band](std::size_t i) { return std::isfinite(band.low[i]) && std::isfinite(band.high[i]); });
}

}  // namespace hipspine
