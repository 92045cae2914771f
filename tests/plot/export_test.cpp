// Plots as files: SVG that parses and shows the right numbers, CSV with exact columns.
#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "render/plot/plot.h"

using namespace hipspine;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();

/// Well-formed enough to be XML: tags nest and close, attributes are quoted and unique, no stray < or &.
/// @return what is wrong, "" for nothing
std::string xml_fault(const std::string& text) {
  static const std::regex kTag(R"rx(<(/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(/?)>)rx");
  static const std::regex kEntity(R"(&(amp|lt|gt|quot|apos|#\d+);)");
  std::vector<std::string> open;
  std::size_t at = 0;
  bool root_closed = false;
  if (text.rfind("<?xml", 0) == 0) at = text.find("?>") + 2;
  while (at < text.size()) {
    const std::size_t tag = text.find('<', at);
    const std::string words = text.substr(at, tag == std::string::npos ? tag : tag - at);
    for (std::size_t i = words.find('&'); i != std::string::npos; i = words.find('&', i + 1)) {
      const std::string rest = words.substr(i);
      if (!std::regex_search(rest, kEntity, std::regex_constants::match_continuous)) return "stray & in " + words;
    }
    if (open.empty() && words.find_first_not_of(" \n") != std::string::npos) return "text outside: " + words;
    if (tag == std::string::npos) break;
    std::smatch match;
    const std::string rest = text.substr(tag, std::min<std::size_t>(text.size() - tag, 100000));
    const std::string one = rest.substr(0, rest.find('>') + 1);
    if (!std::regex_match(one, match, kTag)) return "not a tag: " + one.substr(0, 80);
    if (root_closed) return "second root";
    if (match[1] == "/") {
      if (open.empty() || open.back() != match[2]) return "closes " + match[2].str();
      open.pop_back();
      root_closed = open.empty();
    } else if (match[4] != "/") {
      open.push_back(match[2]);
    }
    at = tag + one.size();
  }
  return open.empty() && root_closed ? "" : "left open";
}

/// Points of every path with this class.
std::vector<std::vector<std::array<double, 2>>> paths(const std::string& svg, const std::string& which) {
  std::vector<std::vector<std::array<double, 2>>> found;
  const std::string begin = "<path class=\"" + which + "\" d=\"";
  for (std::size_t at = svg.find(begin); at != std::string::npos; at = svg.find(begin, at + 1)) {
    std::string d = svg.substr(at + begin.size(), svg.find('"', at + begin.size()) - at - begin.size());
    for (char& c : d)
      if (c == 'M' || c == 'L' || c == 'Z' || c == ',') c = ' ';
    std::istringstream in(d);
    std::vector<std::array<double, 2>> points;
    for (double x, y; in >> x >> y;) points.push_back({x, y});
    found.push_back(points);
  }
  return found;
}

PlotSpec three_levels() {
  PlotSpec spec;
  spec.id = "levels";
  spec.title = "Pressure <L4/L5> & \"more\"";
  spec.unit = "MPa";
  spec.upwards = "more";
  spec.downwards = "less";
  spec.note = "A & B";
  for (float y : {0.0f, 5.0f, 10.0f}) spec.curves.push_back({"y < 11", std::vector<float>(101, y), {1, 0.6f, 0.2f, 1}});
  return spec;
}

}  // namespace

TEST_CASE("svg: the checker itself finds faults") {
  CHECK(xml_fault("<a><b/></a>").empty());
  CHECK(!xml_fault("<a><b></a>").empty());
  CHECK(!xml_fault("<a>&</a>").empty());
  CHECK(!xml_fault("<a x=1></a>").empty());
  CHECK(!xml_fault("<a></a><b></b>").empty());
  CHECK(!xml_fault("<a>").empty());
}

TEST_CASE("svg: well-formed whatever stands in titles and names, with title, axes, legend and source") {
  PlotSpec spec = three_levels();
  spec.band = PlotBand{std::vector<float>(101, 2), std::vector<float>(101, 8), "Schwartz & others 2008"};
  const std::string svg = plot_svg(spec);
  CHECK(xml_fault(svg) == "");
  CHECK(svg.find("Pressure &lt;L4/L5&gt; &amp; &quot;more&quot; (MPa)") != std::string::npos);
  CHECK(svg.find("y &lt; 11") != std::string::npos);
  CHECK(svg.find("gait cycle (%)") != std::string::npos);
  CHECK(svg.find("Schwartz &amp; others 2008") != std::string::npos);
  CHECK(svg.find("A &amp; B") != std::string::npos);
  CHECK(svg.find("more \u2192") != std::string::npos);
  CHECK(svg.find("fill=\"#ffffff\"") != std::string::npos);
  CHECK(paths(svg, "band").size() == 1);
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("svg: values lie where the axes say") {
  const auto curves = paths(plot_svg(three_levels(), 640, 400), "curve");
  REQUIRE(curves.size() == 3);
  for (const auto& curve : curves) {
    REQUIRE(curve.size() == 101);
    CHECK(curve.front()[0] == 78);
    CHECK(curve.back()[0] == 624);
    CHECK(curve[50][0] == doctest::Approx(351).epsilon(1e-6));
  }
  const double y0 = curves[0][0][1], y5 = curves[1][7][1], y10 = curves[2][100][1];
  CHECK(y10 < y5);
  CHECK(y5 == doctest::Approx((y0 + y10) / 2).epsilon(1e-4));
  // The label of the tick at 5 stands four below its line.
  const std::string svg = plot_svg(three_levels(), 640, 400);
  std::smatch label;
  REQUIRE(std::regex_search(svg, label, std::regex("y=\"([0-9.]+)\"[^>]*>5</text>")));
  CHECK(std::stod(label[1]) == doctest::Approx(y5 + 4).epsilon(1e-3));
}

TEST_CASE("svg: a gap makes two lines, dashes are dashed, light colours are darkened for paper") {
  PlotSpec spec;
  spec.id = "gap";
  spec.curves.push_back({"walking", {1, 2, kNaN, 3, 4, 5}, {1, 1, 1, 1}, 1, true});
  const std::string svg = plot_svg(spec);
  CHECK(xml_fault(svg) == "");
  const auto curves = paths(svg, "curve");
  REQUIRE(curves.size() == 2);
  CHECK(curves[0].size() == 2);
  CHECK(curves[1].size() == 3);
  CHECK(curves[1][0][0] == doctest::Approx(78 + 0.6 * 546).epsilon(1e-6));
  CHECK(svg.find("stroke-dasharray") != std::string::npos);
  CHECK(svg.find("stroke=\"#ffffff\"") == std::string::npos);
}

TEST_CASE("csv: exact columns, one row a sample, empty where there is no value") {
  PlotSpec spec;
  spec.curves.push_back({"right", {1, 2.5f, kNaN}, {1, 1, 1, 1}});
  spec.curves.push_back({"healthy, left", {-4, 8}, {1, 1, 1, 1}});
  spec.band = PlotBand{{0, 0, 0}, {1, 1.25f, 2}, ""};
  CHECK(plot_csv(spec) ==
        "gait_cycle [%],right,\"healthy, left\",band_low,band_high\n"
        "0,1,-4,0,1\n"
        "50,2.5,2,0,1.25\n"
        "100,,8,0,2\n");
  spec.band.reset();
  spec.curves.resize(1);
  CHECK(plot_csv(spec) == "gait_cycle [%],right\n0,1\n50,2.5\n100,\n");
  spec.unit = "deg";
  CHECK(plot_csv(spec).starts_with("gait_cycle [%],right [deg]\n"));
}
