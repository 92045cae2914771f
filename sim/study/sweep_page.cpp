#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "sim/run/report.h"
#include "sim/study/html_page.h"
#include "sim/study/report_page.h"
#include "sim/study/sensitivity_text.h"
#include "sim/study/svg_chart.h"

namespace hipspine {
namespace {

constexpr std::size_t kChartedOutputs = 12, kChartedParameters = 4, kMaps = 4;  // chosen: a report, not an atlas

bool is_saltelli(const SweepResult& r) { return r.method == to_string(SampleMethod::saltelli); }

/// How much an output depends on each parameter: total index, else absolute rank correlation, else (words) the share of
/// the spread between level means.
std::vector<double> strength(const SweepResult& r, int output, const std::vector<bool>& rows) {
  std::vector<double> s;
  if (is_saltelli(r)) {
    for (const Interval& i : sobol_indices(counted(r, output, rows), static_cast<int>(r.parameters.size()), 0).total)
      s.push_back(i.value);
    return s;
  }
  const Eigen::VectorXd y = counted(r, output, rows);
  for (int p = 0; p < static_cast<int>(r.parameters.size()); ++p) {
    if (r.parameters[static_cast<std::size_t>(p)].numeric) {
      s.push_back(std::abs(rank_correlation(r.input.col(p), y)));
      continue;
    }
    double low = std::numeric_limits<double>::infinity(), high = -low, least = low, most = -low;
    for (const Group& g : response_curve(r, p, output, rows)) {
      if (g.count == 0) continue;
      low = std::min(low, g.mean), high = std::max(high, g.mean);
      least = std::min(least, g.low), most = std::max(most, g.high);
    }
    s.push_back(most > least ? (high - low) / (most - least) : 0);
  }
  return s;
}

/// Parameters by falling strength; what has none stands last.
std::vector<int> by_strength(const std::vector<double>& s) {
  std::vector<int> order(s.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<int>(k);
  const auto value = [&](int k) {
    const double v = s[static_cast<std::size_t>(k)];
    return std::isfinite(v) ? v : -1;
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return value(a) > value(b); });
  return order;
}

std::string method_words(const std::string& method) {
  if (method == "grid") return "every combination";
  if (method == "list") return "a list";
  return method == "latin_hypercube" ? "a Latin hypercube" : method == "sobol" ? "a Sobol sample" : "a Saltelli design";
}

bool is_lumbar_load(const std::string& output) {
  return output.find("facet") != std::string::npos || output.find("disc") != std::string::npos;
}

const ResultParameter& parameter(const SweepResult& r, int k) { return r.parameters[static_cast<std::size_t>(k)]; }
const ResultOutput& output_of(const SweepResult& r, int k) { return r.outputs[static_cast<std::size_t>(k)]; }

std::string response_chart(const SweepResult& r, int p, int o, const std::vector<bool>& rows) {
  const ResultParameter& by = parameter(r, p);
  LineChart chart{output_of(r, o).name, by.name, output_of(r, o).unit, {}, {}, false};
  ChartBand band{"5 to 95 % of the cases", {}, {}, {}, "#ded2e8"};
  ChartCurve mean{"mean", {}, {}, "#5a2a7a", false};
  const std::vector<Group> curve = response_curve(r, p, o, rows);
  for (std::size_t n = 0; n < curve.size(); ++n) {
    band.x.push_back(by.middle[n]), band.low.push_back(curve[n].low), band.high.push_back(curve[n].high);
    mean.x.push_back(by.middle[n]), mean.y.push_back(curve[n].mean);
  }
  chart.bands = {band};
  chart.curves = {mean};
  return line_chart(chart);
}

/// The parameter with more levels lies across.
std::string map_chart(const SweepResult& r, int a, int b, int o, const std::vector<bool>& rows) {
  if (parameter(r, a).levels.size() > parameter(r, b).levels.size()) std::swap(a, b);
  const ResultParameter &down = parameter(r, a), &across = parameter(r, b);
  HeatMap map{output_of(r, o).name + " over " + down.name,
              across.name,
              output_of(r, o).unit,
              down.levels,
              across.levels,
              {},
              0,
              0};
  map.low = std::numeric_limits<double>::infinity(), map.high = -map.low;
  for (const auto& row : response_map(r, a, b, o, rows)) {
    map.values.emplace_back();
    for (const Group& g : row) {
      map.values.back().push_back(g.mean);
      if (std::isfinite(g.mean)) map.low = std::min(map.low, g.mean), map.high = std::max(map.high, g.mean);
    }
  }
  if (!(map.high > map.low)) map.low = 0, map.high = std::max(1.0, map.high);
  return heat_map(map);
}

/// The first outputs, lumbar loads before others.
std::vector<int> charted_outputs(const SweepResult& r) {
  std::vector<int> all;
  for (int o = 0; o < static_cast<int>(r.outputs.size()); ++o) all.push_back(o);
  std::stable_partition(all.begin(), all.end(), [&](int o) { return is_lumbar_load(output_of(r, o).name); });
  all.resize(std::min(all.size(), kChartedOutputs));
  return all;
}

/// Mean curve of each level of the parameter that moves the curve's peak most, at most kLines of them.
std::string curve_chart(const SweepResult& r, const ResultOutput& what, const Eigen::MatrixXd& curves,
                        const std::vector<bool>& rows) {
  constexpr std::size_t kLines = 6;
  Eigen::VectorXd peak = curves.rowwise().maxCoeff();
  for (std::int64_t i = 0; i < r.cases(); ++i)
    if (!rows[static_cast<std::size_t>(i)]) peak[i] = std::numeric_limits<double>::quiet_NaN();
  int by = -1;
  double best = -1;
  for (int p = 0; p < static_cast<int>(r.parameters.size()); ++p) {
    const double rank = parameter(r, p).numeric ? std::abs(rank_correlation(r.input.col(p), peak)) : 0;
    if (std::isfinite(rank) && rank > best) best = rank, by = p;
  }
  LineChart chart{what.name, "% of the cycle", what.unit, {}, {}, false};
  const std::size_t levels = by < 0 ? 1 : parameter(r, by).levels.size(), lines = std::min(levels, kLines);
  for (std::size_t line = 0; line < lines; ++line) {
    const std::size_t level = lines == 1 ? 0 : line * (levels - 1) / (lines - 1);
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(kCyclePoints);
    int count = 0;
    for (std::int64_t i = 0; i < r.cases(); ++i) {
      if (!rows[static_cast<std::size_t>(i)] || (by >= 0 && r.level(i, by) != static_cast<int>(level))) continue;
      sum += curves.row(i).transpose();
      ++count;
    }
    if (count == 0 || !sum.allFinite()) continue;
    ChartCurve curve{by < 0 ? "mean" : parameter(r, by).levels[level],
                     {},
                     {},
                     heat_colour(0.85 * static_cast<double>(line) / kLines),
                     false};
    for (int k = 0; k < kCyclePoints; ++k) curve.x.push_back(k), curve.y.push_back(sum[k] / count);
    chart.curves.push_back(curve);
  }
  if (by >= 0) chart.title += " at " + parameter(r, by).name;
  return line_chart(chart);
}

std::string share_text(std::int64_t part, std::int64_t all) {
  return all > 0 ? fixed(100.0 * static_cast<double>(part) / static_cast<double>(all), 1) + " %" : "-";
}

void add_status(HtmlPage& page, const SweepResult& r) {
  const SweepCounts& c = r.counts;
  std::vector<std::vector<std::string>> rows = {{"ok", std::to_string(c.ok), share_text(c.ok, c.cases)}};
  for (const auto& [name, count] :
       {std::pair<const char*, std::int64_t>("quality gate missed: not to be trusted", c.gate_missed),
        {"refused: there is no such person", c.refused},
        {"no finite walk", c.not_finite},
        {"fault of the program", c.fault}})
    if (count > 0) rows.push_back({name, std::to_string(count), share_text(count, c.cases)});
  page.table({"cases ", "count", "share"}, rows);
  std::map<std::string, int> gates;
  for (const std::string& names : r.gates)
    for (std::size_t from = 0; from < names.size();) {
      const std::size_t to = std::min(names.find("; ", from), names.size());
      ++gates[names.substr(from, to - from)];
      from = to + 2;
    }
  std::vector<std::vector<std::string>> missed;
  for (const auto& [gate, count] : gates) missed.push_back({gate, std::to_string(count)});
  if (!missed.empty()) page.table({"quality gate missed ", "cases"}, missed);
}

}  // namespace

std::vector<std::string> answer_sentences(const SweepResult& r) {
  std::vector<std::string> out;
  const std::vector<bool> rows = usable(r, false);
  out.push_back(std::to_string(r.cases()) + " cases were asked for (" + method_words(r.method) + " of " +
                std::to_string(r.parameters.size()) + (r.parameters.size() == 1 ? " parameter" : " parameters") +
                "), and " + std::to_string(std::count(rows.begin(), rows.end(), true)) + " of them have an answer.");
  double best = -1;
  int best_output = -1, best_parameter = -1;
  for (int o = 0; o < static_cast<int>(r.outputs.size()); ++o) {
    if (!is_lumbar_load(output_of(r, o).name)) continue;
    const std::vector<double> s = strength(r, o, rows);
    for (std::size_t p = 0; p < s.size(); ++p)
      if (std::isfinite(s[p]) && s[p] > best) best = s[p], best_output = o, best_parameter = static_cast<int>(p);
  }
  if (best_output >= 0) {
    const std::vector<Group> curve = response_curve(r, best_parameter, best_output, rows);
    const ResultParameter& p = parameter(r, best_parameter);
    std::size_t first = 0, last = curve.size() - 1;
    while (first < last && curve[first].count == 0) ++first;
    while (last > first && curve[last].count == 0) --last;
    out.push_back("Of the lumbar loads " + output_of(r, best_output).name + " follows one parameter most closely, " +
                  p.name + (is_saltelli(r) ? " (total Sobol index " : " (rank correlation, without sign, ") +
                  fixed(best, 2) + "): from " + significant(curve[first].mean, 3) + " " +
                  output_of(r, best_output).unit + " at " + p.levels[first] + " to " +
                  significant(curve[last].mean, 3) + " " + output_of(r, best_output).unit + " at " + p.levels[last] +
                  ", on the mean of the cases there.");
  } else {
    out.emplace_back("No lumbar load was asked for, or none depends on a parameter.");
  }
  out.push_back(r.counts.gate_missed == 0
                    ? "All quality gates of these are green; the loads are estimates of a model, and no diagnosis."
                    : std::to_string(r.counts.gate_missed) +
                          " of these miss a quality gate: their numbers are counted here, but are "
                          "not to be trusted one by one.");
  return out;
}

std::string sweep_page(const SweepResult& r, const std::filesystem::path& folder, const ReportContext& context) {
  const std::vector<bool> rows = usable(r, false);
  HtmlPage page(r.title, "hipspine: a study of " + std::to_string(r.cases()) + " cases");
  if (!r.question.empty()) page.paragraph(r.question, "question");
  for (const std::string& sentence : answer_sentences(r)) page.paragraph(sentence, "answer");
  page.heading("What was varied");
  std::vector<std::vector<std::string>> inputs;
  for (const ResultParameter& p : r.parameters) inputs.push_back({p.name, p.span});
  page.table({"parameter ", "values "}, inputs);
  page.paragraph("Base: " + r.base_title + ". Sampled ranges are counted in ten equal parts, named by their middles.",
                 "note");

  const std::vector<int> charted = charted_outputs(r);
  if (is_saltelli(r)) {
    page.heading("Which parameter matters: Sobol indices");
    page.paragraph(
        "First order: the share of the variance that a parameter explains alone. Total: what is left when all others "
        "are known. Lines: 95 % bootstrap intervals.",
        "note");
    std::vector<std::string> charts;
    for (const int o : charted) {
      const SobolIndices s = sobol_indices(counted(r, o, rows), static_cast<int>(r.parameters.size()));
      ShareBars bars{
          output_of(r, o).name, {}, {{"first order", "#8fb7da", {}, {}, {}}, {"total", "#5a2a7a", {}, {}, {}}}};
      for (std::size_t p = 0; p < r.parameters.size(); ++p) {
        bars.names.push_back(r.parameters[p].name);
        for (const auto& [series, i] : {std::pair(0u, s.first[p]), std::pair(1u, s.total[p])}) {
          bars.series[series].value.push_back(i.value);
          bars.series[series].low.push_back(i.low);
          bars.series[series].high.push_back(i.high);
        }
      }
      charts.push_back(share_bars(bars));
    }
    page.figures(charts);
  }
  page.heading("Responses");
  page.paragraph(
      "Mean over all cases of a level, and where nine in ten of them lie; each output over what it depends on most.",
      "note");
  std::vector<std::string> charts, maps;
  for (const int o : charted) {
    const std::vector<int> order = by_strength(strength(r, o, rows));
    std::size_t drawn = 0;
    const std::size_t most = charted.size() > kChartedParameters ? 2 : kChartedParameters;
    for (const int p : order)
      if (drawn < most && parameter(r, p).numeric && parameter(r, p).levels.size() > 1) {
        charts.push_back(response_chart(r, p, o, rows));
        ++drawn;
      }
    if (order.size() > 1 && maps.size() < kMaps && parameter(r, order[0]).levels.size() > 1 &&
        parameter(r, order[1]).levels.size() > 1)
      maps.push_back(map_chart(r, order[0], order[1], o, rows));
  }
  page.figures(charts);
  if (!maps.empty()) {
    page.heading("Maps of two parameters");
    page.figures(maps);
  }
  std::vector<std::string> drawn_curves;
  for (const ResultOutput& what : r.curves)
    if (drawn_curves.size() < kChartedOutputs && !folder.empty())
      if (const auto curves = read_curve(folder / "curves.h5", what.name, r.cases()))
        drawn_curves.push_back(curve_chart(r, what, *curves, rows));
  if (!drawn_curves.empty()) {
    page.heading("Curves over the cycle");
    page.paragraph("Mean of all cases at levels of the parameter that moves the peak most.", "note");
    page.figures(drawn_curves);
  }
  page.heading("Can this be trusted?");
  add_status(page, r);
  add_trust(page, context);
  page.heading("To make it again");
  page.paragraph("hipspine " + r.version + ", sweep file " + r.file + " (hash " + r.file_hash + "), seed " +
                 std::to_string(r.seed) + "; everything that the cases depend on has the identity " + r.identity + ".");
  page.preformatted("hipspine sweep " + r.file + " --out result" +
                    (r.convention == "clinical" ? " --convention clinical" : "") + "\nhipspine report result");
  page.paragraph("The base scenario:", "note");
  page.preformatted(r.base_scenario);
  return page.text();
}

}  // namespace hipspine
