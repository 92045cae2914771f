#pragma once
/// Charts as SVG text, to stand inside an HTML page: black on white, one width, colour-blind safe, readable in print.
#include <string>
#include <vector>

namespace hipspine {

/// Text as it may stand in HTML and SVG.
[[nodiscard]] std::string escaped(const std::string& text);

struct ChartCurve {
  std::string name;
  std::vector<double> x, y;  ///< of one length; not finite: a gap
  std::string colour;        ///< "#rrggbb"
  bool dashed = false;
};

struct ChartBand {
  std::string name;
  std::vector<double> x, low, high;
  std::string colour;
};

struct LineChart {
  std::string title, x_title, unit;
  std::vector<ChartBand> bands;    ///< behind the curves
  std::vector<ChartCurve> curves;  ///< the last on top
  bool from_zero = false;          ///< the axis holds 0
};

struct HeatMap {
  std::string title, x_title, unit;
  std::vector<std::string> rows;            ///< from the top
  std::vector<std::string> columns;         ///< names of columns; a few are written
  std::vector<std::vector<double>> values;  ///< [row][column]; not finite: grey
  double low = 0, high = 1;                 ///< ends of the scale
};

/// A share of 0 to 1 per name, with an interval, in two series.
struct ShareBars {
  std::string title;
  std::vector<std::string> names;
  struct Series {
    std::string name, colour;
    std::vector<double> value, low, high;
  };
  std::vector<Series> series;
};

/// Ticks at 1, 2 or 5 times a power of ten, at most `most`, inside [low, high].
[[nodiscard]] std::vector<double> nice_ticks(double low, double high, int most);

/// @test tests/study/report_test.cpp
[[nodiscard]] std::string line_chart(const LineChart& chart);
[[nodiscard]] std::string heat_map(const HeatMap& map);
[[nodiscard]] std::string share_bars(const ShareBars& bars);

/// Dark violet over orange to pale yellow, t from 0 to 1.
[[nodiscard]] std::string heat_colour(double t);

}  // namespace hipspine
