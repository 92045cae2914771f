#include "sim/study/svg_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr double kWidth = 440, kHeight = 250;  // chosen: two beside each other on a page
constexpr double kLeft = 52, kRightEdge = 12, kTop = 30, kBottom = 50;
constexpr const char* kInk = "#222222";
constexpr const char* kGrid = "#dddddd";

std::string at(double x) { return fixed(x, 1); }

std::string open_svg(double width, double height, const std::string& title) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + at(width) + " " + at(height) +
         "\" role=\"img\" aria-label=\"" + escaped(title) + "\" font-family=\"sans-serif\" font-size=\"11\">\n" +
         "<text x=\"4\" y=\"14\" font-size=\"13\" font-weight=\"bold\" fill=\"" + kInk + "\">" + escaped(title) +
         "</text>\n";
}

std::string words(double x, double y, const char* anchor, const std::string& text, const std::string& more = "") {
  return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + anchor + "\" fill=\"" + kInk + "\"" + more +
         ">" + escaped(text) + "</text>\n";
}

std::string stroke(double x1, double y1, double x2, double y2, const std::string& colour, double width = 1) {
  return "<line x1=\"" + at(x1) + "\" y1=\"" + at(y1) + "\" x2=\"" + at(x2) + "\" y2=\"" + at(y2) + "\" stroke=\"" +
         colour + "\" stroke-width=\"" + fixed(width, 1) + "\"/>\n";
}

std::string box(double x, double y, double width, double height, const std::string& colour,
                const std::string& more = "") {
  return "<rect x=\"" + fixed(x, 2) + "\" y=\"" + fixed(y, 2) + "\" width=\"" + fixed(width, 2) + "\" height=\"" +
         fixed(height, 2) + "\" fill=\"" + colour + "\"" + more + "/>\n";
}

struct Extent {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void take(double x) {
    if (std::isfinite(x)) low = std::min(low, x), high = std::max(high, x);
  }
  void settle() {
    if (!(low <= high)) low = 0, high = 1;
    if (high - low < 1e-12 * (1 + std::abs(high))) low -= 0.5, high += 0.5;
  }
};

/// Where numbers lie on the page.
struct Axes {
  Extent x, y;
  [[nodiscard]] double px(double v) const {
    return kLeft + (v - x.low) / (x.high - x.low) * (kWidth - kLeft - kRightEdge);
  }
  [[nodiscard]] double py(double v) const {
    return kHeight - kBottom - (v - y.low) / (y.high - y.low) * (kHeight - kTop - kBottom);
  }
};

std::string axes_svg(const Axes& a, const LineChart& chart) {
  std::string out;
  for (const double t : nice_ticks(a.y.low, a.y.high, 6)) {
    out += stroke(kLeft, a.py(t), kWidth - kRightEdge, a.py(t), t == 0 ? "#999999" : kGrid);
    out += words(kLeft - 5, a.py(t) + 4, "end", significant(t, 6));
  }
  for (const double t : nice_ticks(a.x.low, a.x.high, 8)) {
    out += stroke(a.px(t), kHeight - kBottom, a.px(t), kHeight - kBottom + 4, kInk);
    out += words(a.px(t), kHeight - kBottom + 16, "middle", significant(t, 6));
  }
  out += stroke(kLeft, kHeight - kBottom, kWidth - kRightEdge, kHeight - kBottom, kInk);
  out += words(kWidth - kRightEdge, kHeight - kBottom + 29, "end", chart.x_title);
  return out + words(kWidth - kRightEdge, 14, "end", chart.unit);
}

std::string band_svg(const Axes& a, const ChartBand& band) {
  std::string points;
  for (std::size_t i = 0; i < band.x.size(); ++i)
    if (std::isfinite(band.low[i])) points += at(a.px(band.x[i])) + "," + at(a.py(band.low[i])) + " ";
  for (std::size_t i = band.x.size(); i-- > 0;)
    if (std::isfinite(band.high[i])) points += at(a.px(band.x[i])) + "," + at(a.py(band.high[i])) + " ";
  return "<polygon points=\"" + points + "\" fill=\"" + band.colour + "\"/>\n";
}

std::string curve_svg(const Axes& a, const ChartCurve& c) {
  std::string path;
  bool pen_up = true;
  for (std::size_t i = 0; i < c.x.size(); ++i) {
    if (!std::isfinite(c.y[i])) {
      pen_up = true;
      continue;
    }
    path += (pen_up ? "M" : "L") + at(a.px(c.x[i])) + " " + at(a.py(c.y[i]));
    pen_up = false;
  }
  return "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + c.colour + "\" stroke-width=\"2\"" +
         (c.dashed ? " stroke-dasharray=\"5 3\"" : "") + "/>\n";
}

std::string legend_svg(const LineChart& chart) {
  std::string out;
  double x = kLeft;
  const double y = kHeight - 8;
  for (const ChartCurve& c : chart.curves) {
    if (c.name.empty()) continue;
    out += "<line x1=\"" + at(x) + "\" y1=\"" + at(y - 4) + "\" x2=\"" + at(x + 18) + "\" y2=\"" + at(y - 4) +
           "\" stroke=\"" + c.colour + "\" stroke-width=\"2\"" + (c.dashed ? " stroke-dasharray=\"5 3\"" : "") +
           "/>\n" + words(x + 22, y, "start", c.name);
    x += 34 + 6.2 * display_width(c.name);
  }
  for (const ChartBand& b : chart.bands) {
    out += box(x, y - 9, 18, 9, b.colour) + words(x + 22, y, "start", b.name);
    x += 34 + 6.2 * display_width(b.name);
  }
  return out;
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      out += c;
  }
  return out;
}

std::vector<double> nice_ticks(double low, double high, int most) {
  std::vector<double> ticks;
  if (!(high > low) || !std::isfinite(high - low) || most < 1) return ticks;
  double step = std::pow(10.0, std::floor(std::log10((high - low) / most)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (step * factor * most < high - low) continue;
    step *= factor;
    break;
  }
  for (double n = std::ceil(low / step - 1e-9); n <= high / step + 1e-9; ++n) ticks.push_back(n == 0 ? 0 : n * step);
  return ticks;
}

std::string heat_colour(double t) {
  // chosen: even steps in lightness, told apart by all kinds of colour blindness
  constexpr std::array<std::array<double, 3>, 5> kStops = {
      {{68, 20, 90}, {140, 35, 105}, {215, 80, 70}, {245, 155, 40}, {252, 240, 150}}};
  t = std::clamp(t, 0.0, 1.0) * (kStops.size() - 1);
  const auto below = std::min<std::size_t>(static_cast<std::size_t>(t), kStops.size() - 2);
  char text[8];
  std::array<unsigned, 3> c{};
  for (std::size_t k = 0; k < 3; ++k)
    c[k] = static_cast<unsigned>(
        std::lround(kStops[below][k] + (t - static_cast<double>(below)) * (kStops[below + 1][k] - kStops[below][k])));
  std::snprintf(text, sizeof text, "#%02x%02x%02x", c[0] & 255, c[1] & 255, c[2] & 255);
  return text;
}

std::string line_chart(const LineChart& chart) {
  Axes a;
  for (const ChartCurve& c : chart.curves) {
    for (const double v : c.x) a.x.take(v);
    for (const double v : c.y) a.y.take(v);
  }
  for (const ChartBand& b : chart.bands) {
    for (const double v : b.low) a.y.take(v);
    for (const double v : b.high) a.y.take(v);
  }
  if (chart.from_zero) a.y.take(0);
  a.x.settle();
  a.y.settle();
  const double margin = 0.04 * (a.y.high - a.y.low);
  a.y.high += margin;
  if (!chart.from_zero || a.y.low < 0) a.y.low -= margin;
  std::string out = open_svg(kWidth, kHeight, chart.title);
  for (const ChartBand& b : chart.bands) out += band_svg(a, b);
  out += axes_svg(a, chart);
  for (const ChartCurve& c : chart.curves) out += curve_svg(a, c);
  return out + legend_svg(chart) + "</svg>\n";
}

std::string heat_map(const HeatMap& map) {
  constexpr double kRow = 22, kNames = 92, kMapTop = 26;
  const double width = kWidth - kNames - 8;
  const double bottom = kMapTop + kRow * static_cast<double>(map.rows.size()), height = bottom + 62;
  const double cell = width / static_cast<double>(std::max<std::size_t>(1, map.columns.size()));
  std::string out = open_svg(kWidth, height, map.title);
  for (std::size_t r = 0; r < map.rows.size(); ++r) {
    const double y = kMapTop + kRow * static_cast<double>(r);
    out += words(kNames - 6, y + 15, "end", map.rows[r]);
    for (std::size_t c = 0; c < map.columns.size(); ++c) {
      const double v = map.values[r][c];
      const std::string colour = std::isfinite(v) ? heat_colour((v - map.low) / (map.high - map.low)) : "#cccccc";
      out += box(kNames + cell * static_cast<double>(c), y, cell + 0.3, kRow - 1, colour);  // overlap: no seams
    }
  }
  const std::size_t every = std::max<std::size_t>(1, (map.columns.size() + 10) / 11);
  for (std::size_t c = 0; c < map.columns.size(); c += every)
    out += words(kNames + cell * (static_cast<double>(c) + 0.5), bottom + 13, "middle", map.columns[c]);
  out += words(kWidth - 8, bottom + 27, "end", map.x_title);
  for (int i = 0; i < 60; ++i) out += box(kNames + 2.5 * i, bottom + 36, 2.8, 10, heat_colour(i / 59.0));
  out += words(kNames, bottom + 57, "middle", significant(map.low, 4));
  out += words(kNames + 150, bottom + 57, "middle", significant(map.high, 4) + " " + map.unit);
  return out + "</svg>\n";
}

std::string share_bars(const ShareBars& bars) {
  constexpr double kNames = 190, kBar = 11, kBarsTop = 26;
  const double row = kBar * static_cast<double>(bars.series.size()) + 8;
  const double bottom = kBarsTop + row * static_cast<double>(bars.names.size());
  const auto px = [&](double v) { return kNames + std::clamp(v, 0.0, 1.2) / 1.2 * (kWidth - kNames - 12); };
  std::string out = open_svg(kWidth, bottom + 46, bars.title);
  for (const double t : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2}) {
    out += stroke(px(t), kBarsTop - 4, px(t), bottom, kGrid);
    out += words(px(t), bottom + 13, "middle", significant(t, 2));
  }
  for (std::size_t n = 0; n < bars.names.size(); ++n) {
    double y = kBarsTop + row * static_cast<double>(n);
    out += words(kNames - 6, y + row / 2, "end", fitted(bars.names[n], std::min(30, display_width(bars.names[n]))));
    for (const ShareBars::Series& s : bars.series) {
      if (std::isfinite(s.value[n])) {
        out += box(kNames, y, px(s.value[n]) - kNames, kBar - 2, s.colour);
        out += stroke(px(s.low[n]), y + kBar / 2 - 1, px(s.high[n]), y + kBar / 2 - 1, kInk, 1.2);
      }
      y += kBar;
    }
  }
  double x = kNames;
  for (const ShareBars::Series& s : bars.series) {
    out += box(x, bottom + 25, 12, 9, s.colour) + words(x + 16, bottom + 33, "start", s.name);
    x += 30 + 6.2 * display_width(s.name);
  }
  return out + "</svg>\n";
}

}  // namespace hipspine
