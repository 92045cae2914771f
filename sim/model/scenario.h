#pragma once
/// A scenario: who walks, how fast, with which hips, muscles and strategy. Read from `scenarios/*.toml` (keys, ranges
/// and defaults: scenarios/README.md), changed by `--set key=value`. Angles in radians here, degrees in files.
#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/core/units.h"
#include "sim/model/model.h"

namespace hipspine {

inline constexpr double kNoContact_rad = rad_from_deg(180);  ///< an impingement of bone that does not happen

/// How far one hip can move: thigh against the pelvis at neutral pelvic tilt [rad], each as a distance from zero in
/// its own direction; negative = the neutral position cannot be reached (extension_max < 0 is a flexion contracture).
/// Healthy values: Roaas & Andersson 1982, Roach & Miles 1991 (see models/hip.toml).
struct HipLimits {
  double flexion_max_rad = rad_from_deg(120);
  double extension_max_rad = rad_from_deg(20);
  double abduction_max_rad = rad_from_deg(40);
  double adduction_max_rad = rad_from_deg(30);
  double internal_rotation_max_rad = rad_from_deg(35);
  double external_rotation_max_rad = rad_from_deg(35);
  double stiffness_scale = 1;  ///< multiplies the capsular part of the passive moment
  /// Flexion at which the neck of the femur meets the rim of the socket, at no adduction and no rotation; both bring
  /// it nearer. kNoContact_rad: never.
  double cam_contact_rad = kNoContact_rad;
  double pincer_contact_rad = kNoContact_rad;
  bool operator==(const HipLimits&) const = default;
};

/// A limit of the hip as files name it, with the range that they may give.
struct HipLimitKey {
  const char* key;
  double HipLimits::*value;
  double low_deg, high_deg;
};
inline constexpr std::array<HipLimitKey, 6> kHipLimitKeys = {{
    {"flexion_max_deg", &HipLimits::flexion_max_rad, -30, 140},
    {"extension_max_deg", &HipLimits::extension_max_rad, -60, 40},
    {"abduction_max_deg", &HipLimits::abduction_max_rad, -30, 80},
    {"adduction_max_deg", &HipLimits::adduction_max_rad, -30, 60},
    {"internal_rotation_max_deg", &HipLimits::internal_rotation_max_rad, -40, 80},
    {"external_rotation_max_deg", &HipLimits::external_rotation_max_rad, -40, 90},
}};

/// How much one hip hurts, and what makes it hurt: doses from 0 (none) to 10 (the worst that can be imagined).
struct HipPain {
  double load = 0;       ///< grows with the muscle moments that press the joint together
  double end_range = 0;  ///< grows towards the end of the range that is left
  double abductors = 0;  ///< grows with the work of gluteus medius and minimus, and with adduction that presses them
  [[nodiscard]] double worst() const { return std::max({load, end_range, abductors}); }
  bool operator==(const HipPain&) const = default;
};

/// `[condition.NAME]`: NAME is a file of models/conditions. Severity 0 is no condition, 1/3 mild, 2/3 moderate, 1
/// severe.
struct ConditionSeverity {
  std::string name;
  std::array<double, 2> severity{};  ///< [kRight], [kLeft]
  Place place;                       ///< where it was set, for findings; not compared
  bool operator==(const ConditionSeverity& o) const { return name == o.name && severity == o.severity; }
};

/// `[treatment]`: what has been done. How each acts: patient.h.
struct Treatment {
  std::array<bool, 2> hip_injection{};           ///< anaesthetic into the joint
  std::array<bool, 2> trochanteric_injection{};  ///< and to the tendons at the greater trochanter
  std::array<double, 2> stretching_rad{};        ///< range regained in every direction that has lost some
  std::array<bool, 2> cam_resection{};
  std::array<bool, 2> hip_replacement{};
  bool facet_injection = false;
  bool lumbar_brace = false;
  std::vector<std::string> fusion;  ///< names of lumbar levels
  bool operator==(const Treatment&) const = default;
};

/// `[muscle.NAME]`: NAME is a muscle ("glmed1_r") or a group with side ("gluteus_medius_r", "iliopsoas_l").
struct MuscleChange {
  std::string name;
  double strength = 1;   ///< 1 = healthy, 0 = paralysed
  double tightness = 0;  ///< fraction of the fibre length that is missing
  Place place;           ///< where it was set, for findings; not compared
  bool operator==(const MuscleChange& o) const {
    return name == o.name && strength == o.strength && tightness == o.tightness;
  }
};

inline constexpr std::array<const char*, 5> kTaskNames = {"walk", "stand", "bend", "sit", "sit_to_stand"};

/// Whether the simulated body can do a task: it has no chair.
[[nodiscard]] inline bool can_be_simulated(const std::string& task) { return task != "sit" && task != "sit_to_stand"; }

struct Scenario {
  std::string title;
  std::string question;
  std::string expectation;
  std::vector<std::string> source;  ///< ids of models/sources.toml
  std::string task = "walk";        ///< one of kTaskNames
  double speed_m_s = 1.27;          ///< walking speed that the person aims at; see compensation.h for what they reach
  std::string strategy = "balanced";
  double height_m = 1.70;
  double mass_kg = 75.337;
  std::array<HipLimits, 2> hip;  ///< [kRight], [kLeft]
  std::vector<MuscleChange> muscles;
  std::vector<ConditionSeverity> conditions;
  std::array<HipPain, 2> pain;  ///< beside that of the conditions
  double back_pain = 0;         ///< of the lumbar facets, dose 0 to 10
  Treatment treatment;
  std::string file;                      ///< as given
  std::vector<std::string> input_files;  ///< the file and its includes
  std::vector<std::string> input_hashes;
};

/// Layers, the last word on a key counts: defaults, included files in order, the file itself, each override.
/// Reads a scenario with its includes, applies `--set` overrides ("hip_r.extension_max_deg=5"), checks everything.
/// Every finding goes to `diagnostics`; the returned scenario is only to be used when there is no error.
Scenario load_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                       Diagnostics& diagnostics);

/// The same overrides on a scenario in memory. Its title stays; findings name the place "--set".
Scenario changed_scenario(const Scenario& base, const std::vector<std::string>& overrides, Diagnostics& diagnostics);

/// Limits no wider than a healthy hip's: range beyond that is not there to be lost, and changes nothing.
[[nodiscard]] HipLimits within_healthy(const HipLimits& limits);

/// The same person with healthy hips, muscles and spine, without pain or treatment: what every scenario is compared
/// with.
[[nodiscard]] Scenario healthy_of(const Scenario& scenario);

/// The mirrored person: right and left exchanged.
[[nodiscard]] Scenario mirrored(const Scenario& scenario);

}  // namespace hipspine
