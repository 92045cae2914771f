#pragma once
/// Treatments side by side: one person untreated, with the spine treated, with the hip treated, with both, and the same
/// person healthy. Every row is a solve of its own; nothing in it comes from a table of outcomes.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/run/summary.h"
#include "sim/run/validate.h"

namespace hipspine {

enum class TreatmentGroup { healthy, none, spine, hip, both };

[[nodiscard]] const char* to_string(TreatmentGroup group);

/// What is solved for one row.
struct TreatmentCase {
  TreatmentGroup group = TreatmentGroup::none;
  std::string what;  ///< "hip replacement", …
  Scenario scenario;
};

struct TreatmentOptions {
  std::string fusion = "L4_L5";             ///< level that a spine operation fuses
  double stretching_rad = rad_from_deg(8);  ///< chosen: between the 5 and 10 deg that stretching is said to regain
};

/// Rows for this person: healthy and untreated first, then what can help. A treatment without anything to treat (an
/// injection without pain, a resection without a cam) has no row; hips that are not ill are left alone.
[[nodiscard]] std::vector<TreatmentCase> treatment_cases(const Scenario& scenario, const Clinic& clinic,
                                                         const TreatmentOptions& options);

/// One row, solved.
struct TreatmentRow {
  TreatmentCase asked;
  Summary summary;
  std::string disc, facet;               ///< columns of the most loaded disc and facet joint
  double disc_n = 0, facet_n = 0;        ///< their peaks
  double disc_dose = 0, facet_dose = 0;  ///< largest squared dose per 1000 steps (or repetitions) [kN^2 s]
  double lumbar_extension_deg = 0;       ///< furthest
  /// Part of what this person's largest facet dose has above the healthy one that is left, 1 untreated, 0 healthy; NaN
  /// where there is hardly anything above it.
  double excess_left = 0;
};

struct TreatmentReport {
  std::vector<TreatmentRow> rows;  ///< healthy, untreated, others in the order of the cases
  /// What a diagnostic injection shows: the share of the excess that went with the pain. Nothing where no injection was
  /// possible.
  std::optional<double> went_with_pain;
};

/// Solves the cases. Findings that are errors throw LoadError.
[[nodiscard]] TreatmentReport compare_treatments(const Scenario& scenario, const Clinic& clinic,
                                                 const TreatmentOptions& options, const SolveFunction& solve);

[[nodiscard]] std::string treatment_text(const TreatmentReport& report);
[[nodiscard]] nlohmann::ordered_json to_json(const TreatmentReport& report);

}  // namespace hipspine
