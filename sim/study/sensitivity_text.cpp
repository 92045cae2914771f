#include "sim/study/sensitivity_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/run/report.h"

namespace hipspine {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kWidth = 100;

std::string number(double x) { return std::isfinite(x) ? significant(x, 4) : "-"; }
std::string index_text(double x) { return std::isfinite(x) ? fixed(x, 2) : "-"; }

std::string with_unit(const ResultOutput& o) {
  return o.unit.empty() || o.unit == "1" ? o.name : o.name + " [" + o.unit + "]";
}

std::vector<int> asked(const SweepResult& r, const SensitivityQuestion& q) {
  if (q.output) return {*q.output};
  std::vector<int> all;
  for (int k = 0; k < static_cast<int>(r.outputs.size()); ++k) all.push_back(k);
  return all;
}

bool is_saltelli(const SweepResult& r) { return r.method == to_string(SampleMethod::saltelli); }

std::string sobol_text(const SweepResult& r, int output, const std::vector<bool>& rows) {
  const auto n = static_cast<int>(r.parameters.size());
  const SobolIndices s = sobol_indices(counted(r, output, rows), n);
  std::string out = "\n" + with_unit(r.outputs[static_cast<std::size_t>(output)]) + ": mean " + number(s.mean) +
                    ", standard deviation " + number(s.deviation) + ", " + std::to_string(s.used) + " samples" +
                    (s.dropped > 0 ? ", " + std::to_string(s.dropped) + " dropped for a case without number" : "") +
                    "\n";
  TextTable table({{"parameter", false, 44}, {"first order", true}, {"95 %", true}, {"total", true}, {"95 %", true}});
  std::vector<std::size_t> order(r.parameters.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return s.total[a].value > s.total[b].value; });
  const auto band = [](const Interval& i) { return index_text(i.low) + " .. " + index_text(i.high); };
  for (const std::size_t k : order)
    table.add({r.parameters[k].name, index_text(s.first[k].value), band(s.first[k]), index_text(s.total[k].value),
               band(s.total[k])});
  return out + table.text();
}

std::string correlation_text(const SweepResult& r, const std::vector<int>& outputs, const std::vector<bool>& rows) {
  TextTable table({{"output", false, 34},
                   {"depends on", false, 34},
                   {"rank correlation", true},
                   {"lowest mean", true},
                   {"highest mean", true}});
  for (const int o : outputs) {
    const Eigen::VectorXd y = counted(r, o, rows);
    std::string name = with_unit(r.outputs[static_cast<std::size_t>(o)]);
    for (int p = 0; p < static_cast<int>(r.parameters.size()); ++p) {
      double low = std::numeric_limits<double>::infinity(), high = -low;
      for (const Group& g : response_curve(r, p, o, rows))
        if (g.count > 0) low = std::min(low, g.mean), high = std::max(high, g.mean);
      const bool ordered = r.parameters[static_cast<std::size_t>(p)].numeric;
      table.add({name, r.parameters[static_cast<std::size_t>(p)].name,
                 ordered ? index_text(rank_correlation(r.input.col(p), y)) : "words", number(low), number(high)});
      name.clear();
    }
  }
  return "\nRank correlation, and the means over all cases of the lowest and the highest level\n" + table.text();
}

std::string curve_text(const SweepResult& r, int output, const std::vector<bool>& rows) {
  std::string out;
  for (int p = 0; p < static_cast<int>(r.parameters.size()); ++p) {
    const ResultParameter& parameter = r.parameters[static_cast<std::size_t>(p)];
    out += "\n" + with_unit(r.outputs[static_cast<std::size_t>(output)]) + " over " + parameter.name + "\n";
    TextTable table({{parameter.name, true, 24}, {"cases", true}, {"5 %", true}, {"mean", true}, {"95 %", true}});
    const std::vector<Group> curve = response_curve(r, p, output, rows);
    for (std::size_t n = 0; n < curve.size(); ++n)
      table.add({parameter.levels[n], std::to_string(curve[n].count), number(curve[n].low), number(curve[n].mean),
                 number(curve[n].high)});
    out += table.text();
  }
  return out;
}

std::string map_text(const SweepResult& r, int output, std::pair<int, int> by, const std::vector<bool>& rows) {
  const ResultParameter& down = r.parameters[static_cast<std::size_t>(by.first)];
  const ResultParameter& across = r.parameters[static_cast<std::size_t>(by.second)];
  std::string out = "\n" + with_unit(r.outputs[static_cast<std::size_t>(output)]) + ", mean; down: " + down.name +
                    ", across: " + across.name + "\n";
  std::vector<TextTable::Head> heads = {{"", true, 16}};
  for (const std::string& level : across.levels) heads.push_back({level, true, 10});
  TextTable table(heads);
  const auto map = response_map(r, by.first, by.second, output, rows);
  for (std::size_t a = 0; a < map.size(); ++a) {
    std::vector<std::string> cells = {down.levels[a]};
    for (const Group& g : map[a]) cells.push_back(number(g.mean));
    table.add(cells);
  }
  return out + table.text();
}

std::string crossing_text(const SweepResult& r, int output, double level, const std::vector<bool>& rows) {
  const Crossing c = crossing(r, output, level, rows);
  const auto share = [](std::int64_t above, std::int64_t count) {
    return count > 0 ? fixed(100.0 * static_cast<double>(above) / static_cast<double>(count), 0) + " %" : "-";
  };
  const ResultOutput& o = r.outputs[static_cast<std::size_t>(output)];
  std::string out = "\n" + o.name + " above " + significant(level, 6) + " " + o.unit + ": " + std::to_string(c.above) +
                    " of " + std::to_string(c.count) + " cases, " + share(c.above, c.count) + "\n";
  TextTable table({{"parameter", false, 44}, {"value", true}, {"above", true}, {"of", true}, {"", true}});
  for (std::size_t p = 0; p < c.by.size(); ++p)
    for (std::size_t n = 0; n < c.by[p].size(); ++n)
      table.add({n == 0 ? r.parameters[p].name : "", r.parameters[p].levels[n], std::to_string(c.by[p][n].above),
                 std::to_string(c.by[p][n].count), share(c.by[p][n].above, c.by[p][n].count)});
  return out + table.text();
}

Json number_json(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }
Json interval_json(const Interval& i) {
  return {{"value", number_json(i.value)}, {"low", number_json(i.low)}, {"high", number_json(i.high)}};
}
Json group_json(const Group& g) {
  return {{"count", g.count}, {"mean", number_json(g.mean)}, {"p5", number_json(g.low)}, {"p95", number_json(g.high)}};
}

}  // namespace

Eigen::VectorXd counted(const SweepResult& r, int output, const std::vector<bool>& rows) {
  Eigen::VectorXd y = r.output.col(output);
  for (std::int64_t i = 0; i < r.cases(); ++i)
    if (!rows[static_cast<std::size_t>(i)]) y[i] = std::numeric_limits<double>::quiet_NaN();
  return y;
}

std::string sensitivity_text(const SweepResult& r, const SensitivityQuestion& q) {
  const std::vector<bool> rows = usable(r, q.trusted);
  const auto count = std::count(rows.begin(), rows.end(), true);
  std::string out = wrapped(
      r.title + ": " + r.method + ", " + std::to_string(count) + " of " + std::to_string(r.cases()) + " cases count" +
          (q.trusted                  ? " (all quality gates green)"
           : r.counts.gate_missed > 0 ? ", " + std::to_string(r.counts.gate_missed) +
                                            " of them with a quality gate missed (--trusted leaves these out)"
                                      : ""),
      kWidth);
  const std::vector<int> outputs = asked(r, q);
  if (q.map || q.above) {
    for (const int o : outputs) {
      if (q.map) out += map_text(r, o, *q.map, rows);
      if (q.above) out += crossing_text(r, o, *q.above, rows);
    }
    return out;
  }
  if (is_saltelli(r)) {
    out +=
        "\nSobol indices: the share of the variance that a parameter explains alone (first order), and that is left "
        "when\nall others are known (total), with 95 % bootstrap intervals\n";
    for (const int o : outputs) out += sobol_text(r, o, rows);
  } else {
    out += correlation_text(r, outputs, rows);
  }
  if (q.output) out += curve_text(r, *q.output, rows);
  return out;
}

Json sensitivity_json(const SweepResult& r, const SensitivityQuestion& q) {
  const std::vector<bool> rows = usable(r, q.trusted);
  Json j = {{"title", r.title},
            {"method", r.method},
            {"cases", r.cases()},
            {"counted", std::count(rows.begin(), rows.end(), true)}};
  for (const int o : asked(r, q)) {
    const ResultOutput& output = r.outputs[static_cast<std::size_t>(o)];
    Json one = {{"unit", output.unit}, {"parameters", Json::object()}};
    std::optional<SobolIndices> indices;
    if (is_saltelli(r)) {
      indices = sobol_indices(counted(r, o, rows), static_cast<int>(r.parameters.size()));
      one["mean"] = number_json(indices->mean);
      one["deviation"] = number_json(indices->deviation);
      one["samples"] = indices->used;
      one["dropped"] = indices->dropped;
    }
    std::optional<Crossing> over;
    if (q.above) {
      over = crossing(r, o, *q.above, rows);
      one["above"] = {{"level", *q.above}, {"above", over->above}, {"count", over->count}};
    }
    for (std::size_t p = 0; p < r.parameters.size(); ++p) {
      const int at = static_cast<int>(p);
      Json of = Json::object();
      if (indices) {
        of["first"] = interval_json(indices->first[p]);
        of["total"] = interval_json(indices->total[p]);
      }
      if (r.parameters[p].numeric)
        of["rank_correlation"] = number_json(rank_correlation(r.input.col(at), counted(r, o, rows)));
      of["levels"] = r.parameters[p].levels;
      for (const Group& g : response_curve(r, at, o, rows)) of["response"].push_back(group_json(g));
      if (over)
        for (const Crossing::Share& s : over->by[p]) of["above"].push_back({{"above", s.above}, {"count", s.count}});
      one["parameters"][r.parameters[p].name] = of;
    }
    if (q.map)
      for (const auto& row : response_map(r, q.map->first, q.map->second, o, rows)) {
        Json cells = Json::array();
        for (const Group& g : row) cells.push_back(group_json(g));
        one["map"].push_back(cells);
      }
    j["outputs"][output.name] = one;
  }
  return j;
}

}  // namespace hipspine
