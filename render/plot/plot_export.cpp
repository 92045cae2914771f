// A plot on paper: numbers as CSV, a drawing as SVG.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "render/plot/plot.h"
#include "render/plot/plot_scale.h"

namespace hipspine {
namespace {

std::string plain(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {  // XML 1.0 allows no other controls
      out += c;
    }
  }
  return out;
}

/// A colour of the dark window, dark enough for white paper: contrast 3:1 or more, as WCAG asks of graphics. What was
/// translucent is mixed with the paper, because not every reader of SVG knows opacity.
std::string ink_on_paper(ImVec4 c) {
  const auto linear = [](float v) { return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f); };
  for (int i = 0; i < 30; ++i) {
    const float luminance = 0.2126f * linear(c.x) + 0.7152f * linear(c.y) + 0.0722f * linear(c.z);
    if (1.05f / (luminance + 0.05f) >= 3) break;
    c.x *= 0.95f, c.y *= 0.95f, c.z *= 0.95f;
  }
  char text[8];
  const auto byte = [&c](float v) {
    return static_cast<unsigned>(std::lround(std::clamp(1 + c.w * (v - 1), 0.0f, 1.0f) * 255));
  };
  std::snprintf(text, sizeof text, "#%02x%02x%02x", byte(c.x), byte(c.y), byte(c.z));
  return text;
}

/// The page: where the axes lie and what value is where.
struct Page {
  double left, right, top, bottom;
  PlotView view;
  [[nodiscard]] double x_of(double pct) const { return left + pct / 100 * (right - left); }
  [[nodiscard]] double y_of(double y) const {
    const double low = static_cast<double>(view.low), high = static_cast<double>(view.high);
    return bottom - (y - low) / (high - low) * (bottom - top);
  }
  [[nodiscard]] std::string at(double pct, double y) const { return plain(x_of(pct), 2) + "," + plain(y_of(y), 2); }
};

double pct_of(int i, std::size_t size) { return 100.0 * i / static_cast<double>(size - 1); }

std::string text_element(double x, double y, const char* anchor, int size, const char* colour, const std::string& text,
                         const std::string& more = "") {
  return "<text x=\"" + plain(x, 1) + "\" y=\"" + plain(y, 1) + "\" text-anchor=\"" + anchor + "\" font-size=\"" +
         std::to_string(size) + "\" fill=\"" + colour + "\"" + more + ">" + escaped(text) + "</text>\n";
}

std::string line_element(double x1, double y1, double x2, double y2, const char* colour, double width) {
  return "<line x1=\"" + plain(x1, 2) + "\" y1=\"" + plain(y1, 2) + "\" x2=\"" + plain(x2, 2) + "\" y2=\"" +
         plain(y2, 2) + "\" stroke=\"" + colour + "\" stroke-width=\"" + plain(width, 2) + "\"/>\n";
}

std::string axes(const Page& page, const PlotSpec& spec, int height_px) {
  std::string svg;
  const Ticks up = ticks_of({page.view.low, page.view.high},
                            std::max(3, static_cast<int>((page.bottom - page.top) / 36)));  // a label every 36 px
  for (int i = up.first; i <= up.last; ++i) {
    const double y = page.y_of(static_cast<double>(up.at(i)));
    svg += line_element(page.left, y, page.right, y, i == 0 ? "#808080" : "#d4d4d4", i == 0 ? 1.2 : 0.8);
    svg += text_element(page.left - 7, y + 4, "end", 12, "#333333", tick_text(up.at(i), up.step));
  }
  for (int pct = 0; pct <= 100; pct += 20) {
    const double x = page.x_of(pct);
    svg += line_element(x, page.top, x, page.bottom, "#d4d4d4", 0.8);
    svg += line_element(x, page.bottom, x, page.bottom + 4, "#333333", 1);
    svg += text_element(x, page.bottom + 18, "middle", 12, "#333333", std::to_string(pct));
  }
  svg += "<path d=\"M" + plain(page.left, 2) + "," + plain(page.top, 2) + " V" + plain(page.bottom, 2) + " H" +
         plain(page.right, 2) + "\" fill=\"none\" stroke=\"#333333\" stroke-width=\"1\"/>\n";
  svg += text_element((page.left + page.right) / 2, page.bottom + 36, "middle", 13, "#333333", "gait cycle (%)");
  std::string label = spec.title + (spec.unit.empty() || spec.unit == "1" ? "" : " (" + spec.unit + ")");
  const double middle = (page.top + page.bottom) / 2;
  const auto turned = [](double x, double y, const std::string& element) {
    return "<g transform=\"translate(" + plain(x, 1) + " " + plain(y, 1) + ") rotate(-90)\">" + element + "</g>\n";
  };
  svg += turned(18, middle, text_element(0, 0, "middle", 13, "#333333", label));
  // Turned like the label, so that an arrow to the right points up the page.
  if (!spec.upwards.empty())
    svg += turned(33, page.top, text_element(0, 0, "end", 11, "#666666", spec.upwards + " \u2192"));
  if (!spec.downwards.empty())
    svg += turned(33, page.bottom, text_element(0, 0, "start", 11, "#666666", "\u2190 " + spec.downwards));
  // A line each for whose curves these are and whose band, from the foot of the page upwards.
  double foot = height_px - 8;
  if (spec.band) {
    svg += text_element(page.left, foot, "start", 9, "#666666", "band: " + spec.band->source);
    foot -= 12;
  }
  if (!spec.note.empty()) svg += text_element(page.left, foot, "start", 9, "#666666", spec.note);
  return svg;
}

std::string band_element(const Page& page, const PlotBand& band) {
  std::string svg;
  for (const Run& run : finite_runs(band)) {
    svg += "<path class=\"band\" d=\"M";
    for (int i = run.first; i <= run.last; ++i)
      svg += page.at(pct_of(i, band.high.size()), static_cast<double>(band.high[static_cast<std::size_t>(i)])) + " ";
    svg += "L";
    for (int i = run.last; i >= run.first; --i)
      svg += page.at(pct_of(i, band.low.size()), static_cast<double>(band.low[static_cast<std::size_t>(i)])) + " ";
    svg += "Z\" fill=\"#e6e6e6\" stroke=\"none\"/>\n";
  }
  return svg;
}

std::string stroke_of(const PlotCurve& curve) {
  return " fill=\"none\" stroke=\"" + ink_on_paper(curve.colour) + "\" stroke-width=\"" +
         plain(0.9 * static_cast<double>(curve.width_px), 2) + "\"" +
         (curve.dashed ? " stroke-dasharray=\"6 4\"" : "") + " stroke-linejoin=\"round\"/>\n";
}

std::string curve_element(const Page& page, const PlotCurve& curve) {
  std::string svg;
  for (const Run& run : finite_runs(curve.y)) {
    svg += "<path class=\"curve\" d=\"M";
    for (int i = run.first; i <= run.last; ++i)
      svg += page.at(pct_of(i, curve.y.size()), static_cast<double>(curve.y[static_cast<std::size_t>(i)])) + " ";
    svg.back() = '"';
    svg += stroke_of(curve);
  }
  return svg;
}

/// Entries in rows above the axes; an entry is as wide as its text needs, taken as 6.6 px a letter at 12 px.
std::string legend(const PlotSpec& spec, const Page& page, int& rows) {
  std::string svg;
  double x = page.left, y = 46;
  rows = 1;
  const auto entry = [&](const std::string& name, const std::string& mark) {
    const double width = 30 + 6.6 * static_cast<double>(name.size()) + 16;
    if (x + width > page.right && x > page.left) x = page.left, y += 18, ++rows;
    svg += "<g transform=\"translate(" + plain(x, 1) + " " + plain(y, 1) + ")\">" + mark +
           text_element(30, 0, "start", 12, "#333333", name) + "</g>\n";
    x += width;
  };
  for (const PlotCurve& curve : spec.curves) entry(curve.name, "<path d=\"M0,-4 H24\"" + stroke_of(curve));
  if (spec.band)
    entry("norm, mean \u00b1 1 SD",
          "<rect x=\"0\" y=\"-10\" width=\"24\" height=\"11\" fill=\"#e6e6e6\" stroke=\"none\"/>");
  return svg;
}

std::string csv_name(std::string name) {
  for (char& c : name)
    if (c == '"') c = '\'';
  return name.find_first_of(",;\n") == std::string::npos ? name : "\"" + name + "\"";
}

}  // namespace

std::string plot_svg(const PlotSpec& spec, int width_px, int height_px) {
  Page page{78, width_px - 16.0, 0, height_px - 72.0, {}};
  fit_view(spec, page.view);
  int rows = 0;
  const std::string entries = legend(spec, page, rows);
  page.top = 40 + 18.0 * rows;
  std::string svg =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" +
      std::to_string(width_px) + "\" height=\"" + std::to_string(height_px) + "\" viewBox=\"0 0 " +
      std::to_string(width_px) + " " + std::to_string(height_px) +
      "\" font-family=\"DejaVu Sans, Arial, sans-serif\">\n<title>" + escaped(spec.title) + "</title>\n";
  svg += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  svg += text_element(page.left, 24, "start", 16, "#111111", spec.title, " font-weight=\"bold\"");
  svg += entries;
  if (spec.band) svg += band_element(page, *spec.band);
  svg += axes(page, spec, height_px);
  for (const PlotCurve& curve : spec.curves) svg += curve_element(page, curve);
  return svg + "</svg>\n";
}

std::string plot_csv(const PlotSpec& spec) {
  std::size_t rows = 2;
  for (const PlotCurve& curve : spec.curves) rows = std::max(rows, curve.y.size());
  if (spec.band) rows = std::max(rows, spec.band->low.size());
  const std::string unit = spec.unit.empty() || spec.unit == "1" ? "" : " [" + spec.unit + "]";
  std::string csv = "gait_cycle [%]";
  for (const PlotCurve& curve : spec.curves) csv += "," + csv_name(curve.name + unit);
  if (spec.band) csv += ",band_low" + unit + ",band_high" + unit;
  csv += "\n";
  const auto cell = [&csv](const std::vector<float>& y, float pct) {
    csv += ",";
    const float v = value_at(y, pct);
    char text[64];
    std::snprintf(text, sizeof text, "%.7g", static_cast<double>(v));
    if (std::isfinite(v)) csv += text;  // an empty cell where there is no value
  };
  for (std::size_t i = 0; i < rows; ++i) {
    const auto pct = static_cast<float>(100.0 * static_cast<double>(i) / static_cast<double>(rows - 1));
    char text[64];
    std::snprintf(text, sizeof text, "%.6g", static_cast<double>(pct));
    csv += text;
    for (const PlotCurve& curve : spec.curves) cell(curve.y, pct);
    if (spec.band) cell(spec.band->low, pct), cell(spec.band->high, pct);
    csv += "\n";
  }
  return csv;
}

}  // namespace hipspine
