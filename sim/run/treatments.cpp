#include "sim/run/treatments.h"

#include <algorithm>
#include <cmath>

#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr std::size_t kSquared = 0;  // of kDoseExponents
constexpr double kHardlyAny = 0.05;  // chosen: an excess below a twentieth of the healthy dose is not divided by
constexpr const char* kNotDiagnosis =
    "Model estimates for teaching and research; no advice for a person. Doses: square of the force over time, 1000 "
    "steps.";

std::string per(const Summary& s) { return s.task == "walk" ? "1000 steps" : "1000 times"; }

/// Which hips are ill, and with what a treatment could deal.
struct Ill {
  bool hip = false, pain = false, tendons = false, soft = false, cam = false;
};

Ill ill_side(const Scenario& scenario, const Clinic& clinic, int side) {
  const Scenario body = in_the_body(scenario, clinic);
  const HipLimits& hip = body.hip[side];
  Ill ill;
  ill.pain = body.pain[side].load > 0 || body.pain[side].end_range > 0;
  ill.tendons = body.pain[side].abductors > 0;
  ill.cam = hip.cam_contact_rad != kNoContact_rad;
  ill.hip = ill.pain || hip != HipLimits{};
  Scenario stretched = scenario;
  stretched.treatment.stretching_rad[side] += rad_from_deg(1);
  ill.soft = in_the_body(stretched, clinic).hip[side] != hip;
  return ill;
}

TreatmentRow solved_row(const TreatmentCase& asked, const SolveFunction& solve) {
  Diagnostics diagnostics;
  const CycleResult result = solve(asked.scenario, diagnostics);
  if (diagnostics.has_errors()) throw LoadError(diagnostics);
  TreatmentRow row;
  row.asked = asked;
  row.summary = summarize(make_results(result));
  const double cycles = cycles_per_1000(row.summary.task);
  for (const LoadDose& d : row.summary.doses) {
    const bool disc = d.column.ends_with("_disc_compression");
    const double peak = row.summary.find(d.column)->max, dose = cycles * d.per_cycle[kSquared];
    if (peak > (disc ? row.disc_n : row.facet_n)) {
      (disc ? row.disc_n : row.facet_n) = peak;
      (disc ? row.disc : row.facet) = d.column;
    }
    double& most = disc ? row.disc_dose : row.facet_dose;
    most = std::max(most, dose);
  }
  row.lumbar_extension_deg = row.summary.find("lumbar_extension")->max;
  return row;
}

std::string place_words(const std::string& column) {
  const std::size_t end = column.find('_', column.find('_') + 1);
  std::string level = column.substr(0, end);
  std::replace(level.begin(), level.end(), '_', '/');
  const std::string rest = column.substr(end + 1);
  return level + (rest == "facet_r" ? " r" : rest == "facet_l" ? " l" : "");
}

std::string percent(double part) { return std::isfinite(part) ? fixed(100 * part, 0) : "-"; }

}  // namespace

const char* to_string(TreatmentGroup group) {
  switch (group) {
    case TreatmentGroup::healthy:
      return "healthy";
    case TreatmentGroup::none:
      return "nothing";
    case TreatmentGroup::spine:
      return "spine only";
    case TreatmentGroup::hip:
      return "hip only";
    default:
      return "both";
  }
}

std::vector<TreatmentCase> treatment_cases(const Scenario& scenario, const Clinic& clinic,
                                           const TreatmentOptions& options) {
  std::vector<TreatmentCase> cases;
  Scenario untreated = scenario;
  untreated.treatment = {};
  cases.push_back({TreatmentGroup::healthy, "the same person, healthy", healthy_of(scenario)});
  cases.push_back({TreatmentGroup::none, "untreated", untreated});
  const auto add = [&](TreatmentGroup group, std::string what, const auto& change) {
    TreatmentCase c{group, std::move(what), untreated};
    change(c.scenario.treatment);
    cases.push_back(std::move(c));
  };
  std::string level = options.fusion;
  std::replace(level.begin(), level.end(), '_', '/');
  const auto fuse = [&](Treatment& t) { t.fusion = {options.fusion}; };
  add(TreatmentGroup::spine, "fusion of " + level, fuse);
  add(TreatmentGroup::spine, "lumbar brace", [](Treatment& t) { t.lumbar_brace = true; });
  if (untreated.back_pain > 0)
    add(TreatmentGroup::spine, "facet injection", [](Treatment& t) { t.facet_injection = true; });

  const std::array<Ill, 2> ill = {ill_side(untreated, clinic, kRight), ill_side(untreated, clinic, kLeft)};
  const auto any = [&](bool Ill::*what) { return ill[kRight].*what || ill[kLeft].*what; };
  const auto both_hips = [&](bool Ill::*what, std::array<bool, 2> Treatment::*done) {
    return [&ill, what, done](Treatment& t) {
      for (int side : {kRight, kLeft}) (t.*done)[side] = ill[side].*what;
    };
  };
  if (any(&Ill::pain)) add(TreatmentGroup::hip, "hip injection", both_hips(&Ill::pain, &Treatment::hip_injection));
  if (any(&Ill::tendons))
    add(TreatmentGroup::hip, "trochanteric injection", both_hips(&Ill::tendons, &Treatment::trochanteric_injection));
  if (any(&Ill::soft))
    add(TreatmentGroup::hip, "stretching, " + fixed(deg_from_rad(options.stretching_rad), 0) + " deg",
        [&](Treatment& t) {
          for (int side : {kRight, kLeft}) t.stretching_rad[side] = ill[side].soft ? options.stretching_rad : 0;
        });
  if (any(&Ill::cam)) add(TreatmentGroup::hip, "cam resection", both_hips(&Ill::cam, &Treatment::cam_resection));
  if (any(&Ill::hip)) {
    const auto replace = both_hips(&Ill::hip, &Treatment::hip_replacement);
    add(TreatmentGroup::hip, "hip replacement", replace);
    add(TreatmentGroup::both, "fusion, hip replacement", [&](Treatment& t) {
      replace(t);
      fuse(t);
    });
  }
  return cases;
}

TreatmentReport compare_treatments(const Scenario& scenario, const Clinic& clinic, const TreatmentOptions& options,
                                   const SolveFunction& solve) {
  TreatmentReport report;
  for (const TreatmentCase& c : treatment_cases(scenario, clinic, options)) report.rows.push_back(solved_row(c, solve));
  const double healthy = report.rows[0].facet_dose, excess = report.rows[1].facet_dose - healthy;
  for (TreatmentRow& row : report.rows) {
    row.excess_left = excess > kHardlyAny * healthy ? (row.facet_dose - healthy) / excess : std::nan("");
    if (row.asked.what.ends_with("injection") && row.asked.group == TreatmentGroup::hip &&
        std::isfinite(row.excess_left) && !report.went_with_pain)
      report.went_with_pain = 1 - row.excess_left;
  }
  return report;
}

std::string treatment_text(const TreatmentReport& report) {
  const Summary& untreated = report.rows[1].summary;
  std::string out = wrapped(untreated.title, 100) + "\n";
  TextTable table({{"treated", false, 10},
                   {"how", false, 25},
                   {"m/s", true},
                   {"ext", true},
                   {"disc N", false},
                   {"facet N", false},
                   {"disc", true},
                   {"facet", true},
                   {"left %", true}});
  for (const TreatmentRow& r : report.rows)
    table.add({to_string(r.asked.group), r.asked.what, fixed(r.summary.speed_m_s, 2), fixed(r.lumbar_extension_deg, 1),
               fixed(r.disc_n, 0) + " " + place_words(r.disc), fixed(r.facet_n, 0) + " " + place_words(r.facet),
               fixed(r.disc_dose, 0), fixed(r.facet_dose, 1), percent(r.excess_left)});
  out += table.text();
  out += wrapped(
      "ext: furthest lumbar extension, deg; N: peak of the most loaded disc and facet joint; disc, facet: largest "
      "dose " +
          std::string("of any disc and any facet joint, kN^2 s per ") + per(untreated) +
          "; left: part of the facet dose above the healthy one that is still there.",
      100, 2);
  if (report.went_with_pain) {
    const double went = *report.went_with_pain;
    out += "\n" + wrapped("Diagnostic injection: with the hip's pain " +
                              (went > 0.005    ? percent(went) + " % of the excess went"
                               : went < -0.005 ? "gone the excess grew by " + percent(-went) +
                                                     " %, as a painless hip "
                                                     "walks faster and longer"
                                               : std::string("nothing of the excess went")) +
                              "; the rest belongs to the stiffness and weakness that an injection leaves.",
                          100, 2);
  }
  return out + wrapped(kNotDiagnosis, 100, 2);
}

nlohmann::ordered_json to_json(const TreatmentReport& report) {
  nlohmann::ordered_json j;
  j["title"] = report.rows[1].summary.title;
  j["rows"] = nlohmann::ordered_json::array();
  const auto number = [](double v) { return std::isfinite(v) ? nlohmann::ordered_json(v) : nlohmann::ordered_json(); };
  for (const TreatmentRow& r : report.rows)
    j["rows"].push_back({{"group", to_string(r.asked.group)},
                         {"treatment", r.asked.what},
                         {"speed_m_s", number(r.summary.speed_m_s)},
                         {"lumbar_extension_max_deg", number(r.lumbar_extension_deg)},
                         {"disc", r.disc},
                         {"disc_peak_n", number(r.disc_n)},
                         {"facet", r.facet},
                         {"facet_peak_n", number(r.facet_n)},
                         {"disc_dose_kn2_s_per_1000", number(r.disc_dose)},
                         {"facet_dose_kn2_s_per_1000", number(r.facet_dose)},
                         {"excess_left", number(r.excess_left)},
                         {"gates_pass", r.summary.gates_pass()}});
  j["went_with_pain"] = report.went_with_pain ? number(*report.went_with_pain) : nlohmann::ordered_json();
  j["note"] = kNotDiagnosis;
  return j;
}

}  // namespace hipspine
