#pragma once
/// What a scenario comes to in the body: its conditions at their severities, its pain and its treatments, laid over the
/// hips and muscles that it gives itself. Condition files: models/conditions/*.toml (format: models/README.md).
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/model/pain_law.h"
#include "sim/model/scenario.h"

namespace hipspine {

/// What a condition has done to one side at one grade of severity.
struct ConditionGrade {
  std::array<double, 6> lost_rad{};  ///< range lost, by kHipLimitKeys
  double stiffness_scale = 1;
  double cam_contact_rad = kNoContact_rad;
  double pincer_contact_rad = kNoContact_rad;
  HipPain pain;
  struct MuscleState {
    std::string group;  ///< without side
    double strength = 1, tightness = 0;
  };
  std::vector<MuscleState> muscles;  ///< the same groups in the same order in every grade
};

/// One file of models/conditions.
struct Condition {
  std::string name;   ///< the file's, without ending
  std::string title;  ///< for a person
  std::string says;   ///< one or two plain sentences
  std::vector<std::string> source;
  std::array<ConditionGrade, 3> grade;  ///< mild, moderate, severe
  bool bony = false;                    ///< what is lost is stopped by bone: no stretching gives it back
  std::string file, hash;
};

/// What is known of conditions and of pain.
struct Clinic {
  std::vector<Condition> conditions;  ///< by name
  PainLaw pain;
};

/// Names of the files in `folder`/conditions, sorted; empty when there are none.
[[nodiscard]] std::vector<std::string> condition_names(const std::filesystem::path& folder);

/// Reads all of them and `folder`/pain.toml; findings go to `diagnostics`.
Clinic load_clinic(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// The grade between the given ones: severity 0 healthy, 1/3 mild, 2/3 moderate, 1 severe, straight lines between. A
/// bony contact comes nearer from kContactFrom_rad at a severity of nothing; at 0 there is none.
[[nodiscard]] ConditionGrade grade_at(const Condition& condition, double severity);

/// The person whom the solver moves: a scenario without conditions and without hip treatments, their effects written
/// into hips, muscles and pain. In each direction the tightest limit counts, stiffness scales and strengths multiply,
/// of tightness, pain and contact the worst counts. Treatments, in this order:
///   hip_replacement         no condition's limits, contacts, stiffness or joint pain are left; muscles stay as weak
///   cam_resection           no cam contact
///   stretching              soft lost range comes back, as far as it was lost; what bone stops stays
///   hip_injection           pain by load and end range is gone; nothing else
///   trochanteric_injection  pain of the abductors is gone; nothing else
///   facet_injection         back pain is gone; nothing else
/// Pain of the abductors that is left inhibits them: gluteus medius and minimus lose strength with its dose.
/// Fusion and brace stay in the scenario's treatment: they act on the spine (tissue/spine_treatment.h).
/// A scenario without any of it comes back as it is, bit for bit.
[[nodiscard]] Scenario in_the_body(const Scenario& scenario, const Clinic& clinic);

}  // namespace hipspine
