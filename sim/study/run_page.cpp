#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "sim/core/units.h"
#include "sim/model/scenario_text.h"
#include "sim/run/compare.h"
#include "sim/run/dose_text.h"
#include "sim/run/muscle_words.h"
#include "sim/run/report.h"
#include "sim/study/html_page.h"
#include "sim/study/report_page.h"
#include "sim/study/svg_chart.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRightInk = "#b85c00";  // orange and blue: right and left, as everywhere in the program
constexpr const char* kLeftInk = "#1f6fb5";
constexpr const char* kBaseInk = "#777777";
constexpr const char* kBandInk = "#e6e6e6";

std::vector<double> percents() {
  std::vector<double> x(kCyclePoints);
  for (int i = 0; i < kCyclePoints; ++i) x[static_cast<std::size_t>(i)] = i;
  return x;
}

const std::vector<double>* curve(const StoredRun& run, const std::string& column) {
  const auto it = run.curves.find(column);
  return it == run.curves.end() || it->second.size() != kCyclePoints ? nullptr : &it->second;
}

/// One chart of a column, or of its right and left; empty when the run has not got it.
std::string chart(const StoredRun& run, const StoredRun& base, const std::string& base_name, const std::string& title,
                  const std::string& unit, const std::vector<std::string>& columns, const NormalBands& bands) {
  LineChart out{title, "% of the cycle", unit, {}, {}, unit == "N" || unit == "MPa"};
  for (const std::string& column : columns) {
    const bool left = column.ends_with("_l") || column.find("_l_") != std::string::npos;
    const bool sided = columns.size() > 1;
    if (out.bands.empty())
      if (auto band = normal_band(run, column, bands)) out.bands.push_back(*band);
    if (const auto* y = curve(base, column))  // one name for both sides
      out.curves.insert(out.curves.begin(), {left && sided ? "" : base_name, percents(), *y,
                                             sided ? (left ? "#8fb7da" : "#e0b080") : kBaseInk, true});
    if (const auto* y = curve(run, column))
      out.curves.push_back(
          {sided ? (left ? "left" : "right") : "this run", percents(), *y, left ? kLeftInk : kRightInk, false});
  }
  return out.curves.empty() ? "" : line_chart(out);
}

struct Level {
  const char* id;
  const char* words;
};
constexpr Level kHighestFirst[] = {{"T12_L1", "T12/L1"}, {"L1_L2", "L1/L2"}, {"L2_L3", "L2/L3"},
                                   {"L3_L4", "L3/L4"},   {"L4_L5", "L4/L5"}, {"L5_S1", "L5/S1"}};

std::vector<std::vector<double>> by_level(const StoredRun& run, const std::string& suffix) {
  std::vector<std::vector<double>> rows;
  for (const Level& l : kHighestFirst) {
    const auto* y = curve(run, std::string(l.id) + suffix);
    rows.push_back(y == nullptr ? std::vector<double>(kCyclePoints, std::nan("")) : *y);
  }
  return rows;
}

/// Level by phase, of both on one scale.
void add_heat_maps(std::vector<std::string>& figures, const StoredRun& run, const StoredRun& base,
                   const std::string& base_name, const std::string& what, const std::string& unit,
                   const std::string& suffix) {
  HeatMap map{"", "% of the cycle", unit, {}, {}, {}, 0, 0};
  for (const Level& l : kHighestFirst) map.rows.emplace_back(l.words);
  for (int i = 0; i < kCyclePoints; ++i) map.columns.push_back(std::to_string(i));
  const auto of_base = by_level(base, suffix), of_run = by_level(run, suffix);
  for (const auto* values : {&of_base, &of_run})
    for (const auto& row : *values)
      for (const double v : row)
        if (std::isfinite(v)) map.high = std::max(map.high, v);
  if (map.high <= 0) map.high = 1;
  for (const auto& [name, values] : {std::pair(base_name, &of_base), std::pair(std::string("this run"), &of_run)}) {
    map.title = what + ", " + name;
    map.values = *values;
    figures.push_back(heat_map(map));
  }
}

std::string change_words(const ComparedRow& r) {
  const int d = decimals_for(r.unit);
  std::string out = r.label + " " + fixed(r.b, d) + " " + r.unit + " instead of " + fixed(r.a, d);
  if (std::isfinite(r.percent)) out += " (" + with_sign(r.percent, 0) + " %)";
  return out;
}

void add_changes(HtmlPage& page, const Comparison& comparison) {
  std::vector<std::vector<std::string>> rows;
  for (const ComparedRow& r : largest_changes(comparison, 16)) {
    const int d = decimals_for(r.unit);
    rows.push_back({r.label, fixed(r.a, d), fixed(r.b, d), with_sign(r.change, d), r.unit,
                    std::isfinite(r.percent) ? with_sign(r.percent, 0) : ""});
  }
  if (rows.empty()) {
    page.paragraph("Nothing changed that would be noticed.");
    return;
  }
  page.table({"what ", comparison.a.name, "this run", "change", "unit ", "%"}, rows);
}

/// "multifidus T9 L1, left 7 %" from "MF_T9_L1_l 7 %".
std::string saturated_words(const std::string& name_and_share) {
  const std::size_t blank = name_and_share.find(' ');
  return muscle_words(name_and_share.substr(0, blank)) + name_and_share.substr(std::min(blank, name_and_share.size()));
}

void add_doses(HtmlPage& page, const Summary& run, const Summary& base) {
  const double per_1000 = cycles_per_1000(run.task), per_day = cycles_per_day(run.task);
  std::vector<std::vector<std::string>> rows;
  for (const LoadDose& d : run.doses) {
    const LoadDose* b = base.dose(d.column);
    const auto ratio = [&](std::size_t n) {
      return b == nullptr ? std::string("-") : dose_ratio(d.per_cycle[n], b->per_cycle[n]);
    };
    rows.push_back({structure_words(d.column), dose_number(d.per_cycle[0] * per_1000),
                    per_day > 0 ? dose_number(d.per_cycle[0] * per_day) : std::string("-"), ratio(0), ratio(1)});
  }
  if (rows.empty()) return;
  page.heading("Load dose");
  page.paragraph(
      "Integral of the squared load over a thousand " + std::string(run.task == "walk" ? "steps" : "repetitions") +
          (per_day > 0 ? " and over a day of " + fixed(kStepsPerDay, 0) + " steps" : "") +
          " [kN² s], and ratios to the baseline for the second and the tenth power. No dose is known above which a "
          "disc or facet joint is harmed; ratios compare two ways of doing the same thing.",
      "note");
  page.table({"structure ", "per 1000", "per day", "ratio, power 2", "ratio, power 10"}, rows);
}

void add_gates(HtmlPage& page, const Summary& s) {
  std::vector<std::vector<std::string>> rows;
  for (const QualityGate& g : s.gates)
    rows.push_back({g.name, significant(g.value, 3), significant(g.limit, 3), g.unit, g.pass() ? "green" : "RED"});
  page.table({"quality gate ", "value", "limit", "unit ", "passed "}, rows);
  if (!s.saturated.empty())
    page.list({"Muscles at their limit somewhere: " + [&] {
      std::string names;
      for (const std::string& m : s.saturated) names += (names.empty() ? "" : ", ") + saturated_words(m);
      return names;
    }()});
}

}  // namespace

std::optional<ChartBand> normal_band(const StoredRun& run, const std::string& column, const NormalBands& bands) {
  if (run.summary.task != "walk") return std::nullopt;
  const bool left = column.ends_with("_l");
  const std::string name = column.ends_with("_r") || left ? column.substr(0, column.size() - 2) : column;
  const NormalBand* band = bands.find(name);
  if (band == nullptr) return std::nullopt;
  const BandCurves c =
      band_curves(bands, *band, run.summary.speed_m_s, run.summary.height_m, kCyclePoints, left ? 0.5 : 0);
  ChartBand out{"published ± 1 SD", percents(), {}, {}, kBandInk};
  const bool clinical = run.summary.convention == Convention::clinical;
  const double offset = run.summary.pelvic_plane_tilt_deg;
  for (int i = 0; i < kCyclePoints; ++i) {
    double low = deg_from_rad(c.low_rad[i]), high = deg_from_rad(c.high_rad[i]);
    if (clinical && name == "pelvis_tilt") {
      std::swap(low, high);
      low = offset - low, high = offset - high;
    } else if (clinical && name == "hip_flexion") {
      low += offset, high += offset;
    }
    out.low.push_back(low);
    out.high.push_back(high);
  }
  return out;
}

StoredRun as_run(const Results& results) {
  StoredRun run;
  run.summary = summarize(results);
  for (std::size_t k = 0; k < results.columns.size(); ++k) {
    const auto y = results.values.col(static_cast<Eigen::Index>(k));
    run.curves[results.columns[k].name] = {y.begin(), y.end()};
  }
  run.scenario = results.scenario;
  run.scenario_text = scenario_text(results.scenario);
  return run;
}

StoredRun read_run(const fs::path& folder, Diagnostics& diagnostics) {
  StoredRun run;
  if (auto summary = read_summary(folder, diagnostics)) run.summary = *std::move(summary);
  const fs::path scenario = folder / "scenario.toml", cycle = folder / "cycle.csv";
  if (std::ifstream in(scenario, std::ios::binary); in) {
    std::ostringstream text;
    text << in.rdbuf();
    run.scenario_text = text.str();
    run.scenario = load_scenario(scenario, {}, diagnostics);
  }
  std::ifstream in(cycle, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  const std::string csv = text.str();
  std::string_view rest = csv;
  const std::vector<std::string> heads = csv_cells(rest);
  std::vector<std::vector<double>> columns(heads.size());
  for (int i = 0; i < kCyclePoints && !rest.empty(); ++i) {
    const std::vector<std::string> cells = csv_cells(rest);
    for (std::size_t k = 0; k < heads.size() && k < cells.size(); ++k)
      columns[k].push_back(std::strtod(cells[k].c_str(), nullptr));
  }
  for (std::size_t k = 0; k < heads.size(); ++k) run.curves[heads[k]] = std::move(columns[k]);
  if (curve(run, "gait_cycle") == nullptr)
    diagnostics.add({cycle.generic_string(), 0, 0}, "E302", "this is not a cycle of this program",
                    "'hipspine run SCENARIO --out DIR' writes one");
  return run;
}

std::vector<std::string> answer_sentences(const StoredRun& run, const StoredRun& base) {
  const Comparison comparison = compare(base.summary, run.summary);
  std::string motion, load;
  int motions = 0;
  const ComparedRow* most = nullptr;
  for (const ComparedGroup& group : comparison.groups)
    for (const ComparedRow& r : group.rows)
      if (r.column.ends_with("_facet_r") || r.column.ends_with("_facet_l") || r.column.ends_with("_disc_compression"))
        if (r.statistic == Statistic::highest && (most == nullptr || r.weight > most->weight)) most = &r;
  const std::vector<ComparedRow> changes = largest_changes(comparison, 24);
  for (const ComparedRow& r : changes)
    if (r.unit == "deg" && motions < 3) motion += (motions++ == 0 ? "" : "; ") + change_words(r);
  std::vector<std::string> out;
  out.push_back(motion.empty() ? "The motion hardly changes." : "In motion: " + motion + ".");
  if (most != nullptr && most->weight > 0.5) {
    load = "Of the lumbar discs and facet joints " + change_words(*most) + " changes most";
    if (most->at_b_pct >= 0) load += ", at " + std::to_string(most->at_b_pct) + " % of the cycle";
    out.push_back(load + ".");
  } else {
    out.push_back("No lumbar disc or facet joint is loaded noticeably otherwise.");
  }
  const auto missed =
      std::count_if(run.summary.gates.begin(), run.summary.gates.end(), [](const auto& g) { return !g.pass(); });
  out.push_back(missed == 0 ? "All quality gates are green; the loads are estimates of a model, better compared than "
                              "quoted, and no diagnosis."
                            : std::to_string(missed) + " of " + std::to_string(run.summary.gates.size()) +
                                  " quality gates are missed: the numbers are not to be trusted.");
  return out;
}

std::string run_page(const StoredRun& run, const StoredRun& base, const std::vector<std::string>& chain,
                     const ReportContext& context) {
  const Summary& s = run.summary;
  const std::string base_name = chain.empty() ? base.summary.name : "healthy";
  HtmlPage page(s.title, chain.empty() ? "hipspine: a comparison with " + base.summary.title
                                       : "hipspine: a run, beside the same person with healthy hips");
  if (!s.question.empty()) page.paragraph(s.question, "question");
  for (const std::string& sentence : answer_sentences(run, base)) page.paragraph(sentence, "answer");
  if (!s.expectation.empty()) page.paragraph("Expected beforehand: " + s.expectation, "note");
  if (!chain.empty()) {
    page.heading("The chain");
    std::string words;
    for (const std::string& sentence : chain) words += (words.empty() ? "" : " ") + sentence;
    page.paragraph(words);
  }
  page.heading("Motion over the cycle");
  page.paragraph(
      "Right heel strike to right heel strike. Solid: this run; dashed: " + base_name +
          "; grey: published mean of healthy people with one standard deviation, where there is one (right leg).",
      "note");
  const auto of = [&](const char* title, const char* unit, const std::vector<std::string>& columns) {
    return chart(run, base, base_name, title, unit, columns, context.bands);
  };
  const bool clinical = s.convention == Convention::clinical;
  page.figures(
      {of("Hip flexion", "deg", {"hip_flexion_r", "hip_flexion_l"}),
       of(clinical ? "Pelvic tilt, forward positive" : "Pelvic tilt, backward positive", "deg", {"pelvis_tilt"}),
       of("Lumbar extension", "deg", {"lumbar_extension"}),
       of("Lumbar rotation to the left", "deg", {"lumbar_rotation"}),
       of("Pelvic rotation to the left", "deg", {"pelvis_rotation"}),
       of("Knee flexion", "deg", {"knee_angle_r", "knee_angle_l"})});
  page.heading("Loads over the cycle (model estimates)");
  page.figures({of("L4/L5 disc, compression", "N", {"L4_L5_disc_compression"}),
                of("L5/S1 disc, compression", "N", {"L5_S1_disc_compression"}),
                of("L4/L5 facet joints", "N", {"L4_L5_facet_r", "L4_L5_facet_l"}),
                of("L5/S1 facet joints", "N", {"L5_S1_facet_r", "L5_S1_facet_l"}),
                of("Hip contact force", "N", {"hip_r_contact", "hip_l_contact"}),
                of("Sacroiliac shear", "N", {"si_r_shear", "si_l_shear"})});
  page.heading("Level by phase");
  std::vector<std::string> maps;
  add_heat_maps(maps, run, base, base_name, "Disc pressure", "MPa", "_disc_pressure");
  add_heat_maps(maps, run, base, base_name, "Right facet joint", "N", "_facet_r");
  add_heat_maps(maps, run, base, base_name, "Left facet joint", "N", "_facet_l");
  page.figures(maps);
  page.heading("Largest changes");
  add_changes(page, compare(base.summary, s));
  add_doses(page, s, base.summary);
  page.heading("Can this be trusted?");
  add_gates(page, s);
  add_trust(page, context);
  page.heading("To make it again");
  page.paragraph("hipspine " + s.version +
                 ". Save the scenario below as scenario.toml (the run's folder holds it), then:");
  page.preformatted("hipspine run scenario.toml --out result" + std::string(clinical ? " --convention clinical" : "") +
                    "\nhipspine report result" + (chain.empty() ? " --against " + base.summary.name : ""));
  if (!run.scenario_text.empty()) page.preformatted(run.scenario_text);
  std::string inputs;
  for (const auto& [file, hash] : s.inputs) inputs += hash + "  " + fs::path(file).generic_string() + "\n";
  page.paragraph("Inputs with their hashes (FNV-1a, 64 bit):", "note");
  page.preformatted(inputs);
  return page.text();
}

void add_trust(HtmlPage& page, const ReportContext& context) {
  const Validation& v = context.validation;
  page.paragraph("Against published numbers this version of the model passes " + std::to_string(v.count(true)) +
                 " of " + std::to_string(v.count(true) + v.count(false)) +
                 " rows that it can compute ('hipspine validate'); " + std::to_string(v.count(std::nullopt)) +
                 " are not computed.");
  std::vector<std::vector<std::string>> missed;
  for (const ValidationRow& row : v.rows)
    if (row.pass == false)
      missed.push_back({row.target.id, row.target.metric,
                        row.measured.value ? significant(*row.measured.value, 3) : "-",
                        (row.target.low ? significant(*row.target.low, 3) : std::string()) + " to " +
                            (row.target.high ? significant(*row.target.high, 3) : std::string()),
                        row.target.unit});
  if (!missed.empty()) page.table({"missed ", "what ", "value", "published", "unit "}, missed);
  std::vector<std::string> sources;
  for (const Citation& c : context.sources) sources.push_back(c.id + ": " + c.text);
  page.folded("Sources of every number in the model (" + std::to_string(sources.size()) + ")", sources);
}

}  // namespace hipspine
