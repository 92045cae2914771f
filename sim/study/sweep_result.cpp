#include "sim/study/sweep_result.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "sim/run/report.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

double number(const std::string& text) {
  double x = std::numeric_limits<double>::quiet_NaN();
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, x);
  return read.ec == std::errc() && read.ptr == end ? x : std::numeric_limits<double>::quiet_NaN();
}

std::string text_of(const fs::path& file, Diagnostics& diagnostics) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in) diagnostics.add({file.generic_string(), 0, 0}, "E101", "there is no such file, or it cannot be read");
  return text.str();
}

ResultParameter read_parameter(const json& j) {
  ResultParameter p;
  p.name = j.at("name").get<std::string>();
  p.numeric = j.at("numeric").get<bool>();
  if (j.contains("values")) {
    for (const auto& v : j.at("values")) p.levels.push_back(v.get<std::string>());
    for (std::size_t n = 0; n < p.levels.size(); ++n)
      p.middle.push_back(p.numeric ? number(p.levels[n]) : static_cast<double>(n));
    constexpr std::size_t kListed = 8;
    const std::size_t listed = p.levels.size() > kListed ? 1 : p.levels.size();
    for (std::size_t n = 0; n < listed; ++n) p.span += (n > 0 ? ", " : "") + p.levels[n];
    if (listed < p.levels.size())
      p.span += " to " + p.levels.back() + ", " + std::to_string(p.levels.size()) + " levels";
    return p;
  }
  const double from = j.at("from").get<double>(), to = j.at("to").get<double>();
  p.span = significant(from, 6) + " to " + significant(to, 6) + ", sampled";
  for (int n = 0; n < kBins; ++n) {
    p.middle.push_back(from + (to - from) * (n + 0.5) / kBins);
    p.levels.push_back(significant(p.middle.back(), 4));
  }
  return p;
}

/// The level nearest to a value; words have been turned into numbers of levels before.
int level_of(const ResultParameter& p, double value) {
  int best = 0;
  for (std::size_t n = 0; n < p.middle.size(); ++n)
    if (std::abs(p.middle[n] - value) < std::abs(p.middle[static_cast<std::size_t>(best)] - value))
      best = static_cast<int>(n);
  return best;
}

CaseStatus status_named(const std::string& name) {
  for (int s = 0; s <= static_cast<int>(CaseStatus::fault); ++s)
    if (to_string(static_cast<CaseStatus>(s)) == name) return static_cast<CaseStatus>(s);
  throw std::runtime_error("unknown status '" + name + "'");
}

void read_cases(std::string_view rest, SweepResult& r) {
  const std::size_t n_in = r.parameters.size(), n_out = r.outputs.size();
  const auto rows = r.counts.cases;
  r.input.resize(rows, static_cast<Eigen::Index>(n_in));
  r.level.resize(rows, static_cast<Eigen::Index>(n_in));
  r.output.resize(rows, static_cast<Eigen::Index>(n_out));
  static_cast<void>(csv_cells(rest));  // the head: sweep.json says the same
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::vector<std::string> cells = csv_cells(rest);
    if (cells.size() != 4 + n_in + n_out)
      throw std::runtime_error("row " + std::to_string(i) + " has not all its cells");
    for (std::size_t k = 0; k < n_in; ++k) {
      const ResultParameter& p = r.parameters[k];
      const std::string& cell = cells[1 + k];
      const auto word = std::find(p.levels.begin(), p.levels.end(), cell);
      const double x = p.numeric ? number(cell) : static_cast<double>(word - p.levels.begin());
      r.input(i, static_cast<Eigen::Index>(k)) = x;
      r.level(i, static_cast<Eigen::Index>(k)) = level_of(p, x);
    }
    r.status.push_back(status_named(cells[1 + n_in]));
    r.gates.push_back(cells[2 + n_in]);
    for (std::size_t k = 0; k < n_out; ++k) r.output(i, static_cast<Eigen::Index>(k)) = number(cells[3 + n_in + k]);
    r.reason.push_back(cells[3 + n_in + n_out]);
  }
  if (!rest.empty()) throw std::runtime_error("there are more rows than cases");
}

}  // namespace

std::vector<std::string> csv_cells(std::string_view& rest) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quoted) {
      if (c != '"')
        cells.back() += c;
      else if (i + 1 < rest.size() && rest[i + 1] == '"')
        cells.back() += rest[++i];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++i;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  rest.remove_prefix(i);
  return cells;
}

int SweepResult::output_named(const std::string& name) const {
  const auto it = std::find_if(outputs.begin(), outputs.end(), [&](const auto& o) { return o.name == name; });
  return it == outputs.end() ? -1 : static_cast<int>(it - outputs.begin());
}

int SweepResult::parameter_named(const std::string& name) const {
  const auto it = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == name; });
  return it == parameters.end() ? -1 : static_cast<int>(it - parameters.begin());
}

SweepResult read_sweep(const fs::path& folder, Diagnostics& diagnostics) {
  SweepResult r;
  const std::string head = text_of(folder / "sweep.json", diagnostics);
  const std::string cases = text_of(folder / "cases.csv", diagnostics);
  if (diagnostics.has_errors()) return r;
  try {
    const json j = json::parse(head);
    const auto text = [&](const char* key) { return j.at(key).get<std::string>(); };
    r.title = text("title");
    r.question = text("question");
    r.method = text("method");
    r.version = text("version");
    r.identity = text("identity");
    r.convention = text("convention");
    r.base_title = j.at("base").at("title").get<std::string>();
    r.base_scenario = j.at("base").at("scenario").get<std::string>();
    r.file = j.at("file").at("name").get<std::string>();
    r.file_hash = j.at("file").at("hash").get<std::string>();
    r.samples = j.at("samples").get<std::int64_t>();
    r.seed = j.at("seed").get<std::int64_t>();
    for (const auto& p : j.at("parameters")) r.parameters.push_back(read_parameter(p));
    for (const auto& o : j.at("outputs"))
      r.outputs.push_back(
          {o.at("name").get<std::string>(), o.at("unit").get<std::string>(), o.at("meaning").get<std::string>()});
    for (const auto& k : j.at("curves"))
      r.curves.push_back(
          {k.at("name").get<std::string>(), k.at("unit").get<std::string>(), k.at("meaning").get<std::string>()});
    const auto& c = j.at("cases");
    r.counts = {c.at("all"), c.at("ok"), c.at("gate_missed"), c.at("refused"), c.at("not_finite"), c.at("fault")};
    if (r.counts.cases < 0 || r.counts.cases > static_cast<std::int64_t>(cases.size()))
      throw std::runtime_error("it names more cases than cases.csv has rows");
    read_cases(cases, r);
  } catch (const std::exception& error) {
    diagnostics.add({folder.generic_string(), 0, 0}, "E302",
                    std::string("this folder does not hold a sweep of this program: ") + error.what());
  }
  return r;
}

}  // namespace hipspine
