#include "sim/study/sweep_tables.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

#include "sim/core/whole_file.h"
#include "sim/model/scenario_text.h"
#include "sim/run/export.h"
#include "sim/run/report.h"
#include "sim/run/summary.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

constexpr int kDigits = 10;  // chosen: as in cycle.csv

/// A cell of a CSV file (RFC 4180): quoted where it has to be.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string number_cell(double x) { return std::isfinite(x) ? significant(x, kDigits) : ""; }

/// A file that is written row by row; throws at the first byte that does not fit.
class RowFile {
 public:
  explicit RowFile(fs::path file) : path_(std::move(file)), file_(std::fopen(path_.c_str(), "wb"), &std::fclose) {
    if (!file_) fail();
  }
  void write(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) fail();
  }
  void finish() {
    if (std::fflush(file_.get()) != 0) fail();
    if (std::FILE* f = file_.release(); std::fclose(f) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw ExportError(path_.parent_path().string() + ": writing failed, nothing was changed: " + std::strerror(errno));
  }
  fs::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

void settle(const fs::path& path) {
  if (const std::string fault = put_on_disk(path); !fault.empty())
    throw ExportError(path.string() + ": writing failed: " + fault);
}

fs::path part(const fs::path& folder, const char* name) { return folder / ("." + std::string(name) + ".part"); }

std::string dictionary(const SweepPlan& plan) {
  std::string text = "column,kind,unit,meaning\n";
  const auto row = [&](const std::string& column, const char* kind, const std::string& unit,
                       const std::string& meaning) {
    text += cell(column) + "," + kind + "," + cell(unit) + "," + cell(meaning) + "\n";
  };
  row("case", "number", "1", "number of the case, from 0; the sweep file and it say everything about the case");
  for (const SweepParameter& p : plan.parameters) {
    std::string keys;
    for (const std::string& key : p.keys) keys += (keys.empty() ? "" : ", ") + key;
    row(p.name, "input", "as in the key", "scenario key " + keys + ", described in scenarios/README.md");
  }
  row("status", "status", "",
      "ok; gate_missed: the numbers are not to be trusted; refused: there is no such person; not_finite: no walk was "
      "found; fault: our own mistake");
  row("gates", "status", "", "names of the quality gates that were missed");
  for (const OutputFeature& f : plan.outputs.features) row(f.name, "output", f.unit, f.meaning);
  row("reason", "status", "", "why a case has no numbers");
  for (const int rule : plan.outputs.curves) {
    const Column& c = plan.outputs.rules[static_cast<std::size_t>(rule)].column;
    row("/curves/" + c.name, "curve in curves.h5, one row a case, one value per percent of the cycle", c.unit,
        c.meaning + (c.positive.empty() || c.positive == "-" ? "" : "; positive: " + c.positive));
  }
  return text;
}

void count(const CaseRecord& r, SweepCounts& counts) {
  std::int64_t* const by_status[] = {&counts.ok, &counts.gate_missed, &counts.refused, &counts.not_finite,
                                     &counts.fault};
  ++counts.cases;
  ++*by_status[static_cast<int>(r.status)];
}

}  // namespace

std::vector<std::string> case_heads(const SweepPlan& plan) {
  std::vector<std::string> heads = {"case"};
  for (const SweepParameter& p : plan.parameters) heads.push_back(p.name);
  heads.insert(heads.end(), {"status", "gates"});
  for (const OutputFeature& f : plan.outputs.features) heads.push_back(f.name);
  heads.emplace_back("reason");
  return heads;
}

std::string case_row(const SweepPlan& plan, const CaseRecord& r) {
  std::string row = std::to_string(r.index);
  for (const std::string& value : values_of_case(plan, r.index)) row += "," + cell(plain_value(value));
  row += "," + to_string(r.status) + "," + cell(r.gates);
  for (const double x : r.outputs) row += "," + number_cell(x);
  return row + "," + cell(r.reason) + "\n";
}

nlohmann::ordered_json to_json(const SweepPlan& plan, const SweepCounts& counts) {
  nlohmann::ordered_json j;
  j["title"] = plan.title;
  j["question"] = plan.question;
  j["version"] = HIPSPINE_VERSION;
  j["identity"] = plan.identity;
  j["convention"] = to_string(plan.outputs.convention);
  j["file"] = {{"name", fs::path(plan.file).filename().string()}, {"hash", plan.hash}};
  j["base"] = {{"title", plan.base.title}, {"scenario", scenario_text(plan.base)}};
  j["method"] = to_string(plan.design.method);
  j["seed"] = plan.design.seed;
  j["samples"] = plan.design.samples;
  j["parameters"] = nlohmann::ordered_json::array();
  for (const SweepParameter& p : plan.parameters) {
    nlohmann::ordered_json one = {{"name", p.name}, {"keys", p.keys}, {"numeric", p.numeric}};
    if (p.values.empty()) {
      one["from"] = p.from;
      one["to"] = p.to;
    } else {
      one["values"] = nlohmann::ordered_json::array();
      for (const std::string& v : p.values) one["values"].push_back(plain_value(v));
    }
    j["parameters"].push_back(one);
  }
  j["outputs"] = nlohmann::ordered_json::array();
  for (const OutputFeature& f : plan.outputs.features)
    j["outputs"].push_back({{"name", f.name}, {"unit", f.unit}, {"meaning", f.meaning}});
  j["curves"] = nlohmann::ordered_json::array();
  for (const int rule : plan.outputs.curves) {
    const Column& c = plan.outputs.rules[static_cast<std::size_t>(rule)].column;
    j["curves"].push_back({{"name", c.name}, {"unit", c.unit}, {"meaning", c.meaning}});
  }
  j["cases"] = {{"all", counts.cases},
                {"ok", counts.ok},
                {"gate_missed", counts.gate_missed},
                {"refused", counts.refused},
                {"not_finite", counts.not_finite},
                {"fault", counts.fault}};
  return j;
}

std::optional<SweepHead> read_sweep_head(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const auto j = nlohmann::json::parse(in, nullptr, false);
  SweepHead head;
  try {
    head.identity = j.at("identity").get<std::string>();
    head.title = j.at("title").get<std::string>();
    const auto& c = j.at("cases");
    head.counts = {c.at("all"), c.at("ok"), c.at("gate_missed"), c.at("refused"), c.at("not_finite"), c.at("fault")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return head;
}

SweepCounts write_sweep(const SweepPlan& plan, const fs::path& folder, const RecordOf& record_of) {
  SweepCounts counts;
  try {
    RowFile cases(part(folder, "cases.csv"));
    std::string heads;
    for (const std::string& head : case_heads(plan)) heads += (heads.empty() ? "" : ",") + cell(head);
    cases.write(heads + "\n");
    for (std::int64_t i = 0; i < plan.cases(); ++i) {
      const CaseRecord record = record_of(i);
      count(record, counts);
      cases.write(case_row(plan, record));
    }
    cases.finish();
    write_curves(plan, part(folder, "curves.h5"), record_of);
    for (const auto& [name, text] : {std::pair<const char*, std::string>("dictionary.csv", dictionary(plan)),
                                     {"sweep.json", json_text(to_json(plan, counts))}}) {
      RowFile file(part(folder, name));
      file.write(text);
      file.finish();
    }
    // On the disk itself, before any name changes and the cases are forgotten.
    for (const char* name : kSweepFiles) settle(part(folder, name));
    // sweep.json last: where it stands, the others do.
    for (const char* name : kSweepFiles) {
      std::error_code error;
      fs::rename(part(folder, name), folder / name, error);
      if (error) throw ExportError((folder / name).string() + ": cannot be replaced: " + error.message());
    }
    settle(folder);
  } catch (...) {
    std::error_code ignored;
    for (const char* name : kSweepFiles) fs::remove(part(folder, name), ignored);
    throw;
  }
  return counts;
}

std::string sweep_text(const SweepPlan& plan, const SweepCounts& counts) {
  std::string out = wrapped(plan.title, 100);
  if (!plan.question.empty()) out += wrapped("Question: " + plan.question, 100, 2);
  std::string what = std::to_string(counts.cases) + " cases, " + to_string(plan.design.method) + " of";
  for (const SweepParameter& p : plan.parameters) what += (&p == &plan.parameters.front() ? " " : ", ") + p.name;
  if (plan.parameters.empty()) what += " nothing";
  out += "\n" + wrapped(what, 100, 2);
  out += "  " + std::to_string(counts.ok) + " ok";
  if (counts.gate_missed > 0)
    out += "\n  " + std::to_string(counts.gate_missed) +
           " with a quality gate missed: their numbers are not to be trusted";
  if (counts.refused > 0) out += "\n  " + std::to_string(counts.refused) + " refused: there is no such person";
  if (counts.not_finite > 0) out += "\n  " + std::to_string(counts.not_finite) + " without a finite walk";
  if (counts.fault > 0) out += "\n  " + std::to_string(counts.fault) + " stopped by a fault of this program";
  return out + "\n";
}

}  // namespace hipspine
