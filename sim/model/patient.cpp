#include "sim/model/patient.h"

#include <algorithm>
#include <cmath>

#include "sim/core/document.h"

namespace hipspine {
namespace {

constexpr double kContactFrom_rad = rad_from_deg(150);  // chosen: no hip flexes so far; a contact there is none
constexpr std::array<const char*, 3> kGrades = {"mild", "moderate", "severe"};
constexpr std::array<const char*, 6> kLostKeys = {"flexion_lost_deg",           "extension_lost_deg",
                                                  "abduction_lost_deg",         "adduction_lost_deg",
                                                  "internal_rotation_lost_deg", "external_rotation_lost_deg"};

ConditionGrade read_grade(Table t) {
  ConditionGrade g;
  for (std::size_t k = 0; k < kLostKeys.size(); ++k)
    g.lost_rad[k] = rad_from_deg(t.number(kLostKeys[k], {0, 140}, 0.0));
  g.stiffness_scale = t.number("stiffness_scale", {1, 10}, 1.0);
  const Range contact{40, deg_from_rad(kContactFrom_rad)};
  if (t.has("cam_contact_deg")) g.cam_contact_rad = rad_from_deg(t.number("cam_contact_deg", contact));
  if (t.has("pincer_contact_deg")) g.pincer_contact_rad = rad_from_deg(t.number("pincer_contact_deg", contact));
  g.pain.load = t.number("pain_load", {0, 10}, 0.0);
  g.pain.end_range = t.number("pain_end_range", {0, 10}, 0.0);
  g.pain.abductors = t.number("pain_abductors", {0, 10}, 0.0);
  Table muscles = t.table("muscle", false);
  for (const std::string& group : muscles.keys()) {
    Table m = muscles.table(group);
    g.muscles.push_back({group, m.number("strength", {0, 1}, 1.0), m.number("tightness", {0, 0.5}, 0.0)});
    m.finish();
  }
  muscles.finish();
  t.finish();
  return g;
}

double mixed(double a, double b, double part) { return (1 - part) * a + part * b; }

double mixed_contact(double a, double b, double part) {
  if (a == kNoContact_rad && b == kNoContact_rad) return kNoContact_rad;
  const auto held = [](double contact) { return std::min(contact, kContactFrom_rad); };
  return mixed(held(a), held(b), part);
}

/// Between two grades of one condition; one without muscles is the healthy one.
ConditionGrade mixed(const ConditionGrade& a, const ConditionGrade& b, double part) {
  ConditionGrade g;
  for (std::size_t k = 0; k < g.lost_rad.size(); ++k) g.lost_rad[k] = mixed(a.lost_rad[k], b.lost_rad[k], part);
  g.stiffness_scale = mixed(a.stiffness_scale, b.stiffness_scale, part);
  g.cam_contact_rad = mixed_contact(a.cam_contact_rad, b.cam_contact_rad, part);
  g.pincer_contact_rad = mixed_contact(a.pincer_contact_rad, b.pincer_contact_rad, part);
  g.pain.load = mixed(a.pain.load, b.pain.load, part);
  g.pain.end_range = mixed(a.pain.end_range, b.pain.end_range, part);
  g.pain.abductors = mixed(a.pain.abductors, b.pain.abductors, part);
  for (std::size_t m = 0; m < b.muscles.size(); ++m) {
    const ConditionGrade::MuscleState before = a.muscles.empty() ? ConditionGrade::MuscleState{} : a.muscles[m];
    const ConditionGrade::MuscleState& after = b.muscles[m];
    g.muscles.push_back(
        {after.group, mixed(before.strength, after.strength, part), mixed(before.tightness, after.tightness, part)});
  }
  return g;
}

/// Lost range lies between the healthy limit and the one reached; both sides of a fused hip stay a possible position.
void tighten(HipLimits& hip, const ConditionGrade& g) {
  const HipLimits healthy;
  for (std::size_t k = 0; k < kHipLimitKeys.size(); ++k) {
    if (g.lost_rad[k] == 0) continue;
    double& limit = hip.*kHipLimitKeys[k].value;
    limit = std::min(limit, healthy.*kHipLimitKeys[k].value - g.lost_rad[k]);
  }
  hip.stiffness_scale *= g.stiffness_scale;
  hip.cam_contact_rad = std::min(hip.cam_contact_rad, g.cam_contact_rad);
  hip.pincer_contact_rad = std::min(hip.pincer_contact_rad, g.pincer_contact_rad);
}

/// Two conditions that pull different ways (a contracture in flexion, a hip fused straight) can leave no position: the
/// joint then stays in the middle of what both forbid.
void keep_a_position(HipLimits& hip) {
  for (const auto& [up, down] :
       {std::pair(&HipLimits::flexion_max_rad, &HipLimits::extension_max_rad),
        std::pair(&HipLimits::adduction_max_rad, &HipLimits::abduction_max_rad),
        std::pair(&HipLimits::internal_rotation_max_rad, &HipLimits::external_rotation_max_rad)}) {
    const double missing = -(hip.*up + hip.*down);
    if (missing <= 0) continue;
    hip.*up += 0.5 * missing;
    hip.*down += 0.5 * missing;
  }
}

void worsen(HipPain& pain, const HipPain& by) {
  pain.load = std::max(pain.load, by.load);
  pain.end_range = std::max(pain.end_range, by.end_range);
  pain.abductors = std::max(pain.abductors, by.abductors);
}

void weaken(std::vector<MuscleChange>& muscles, const std::string& name, const ConditionGrade::MuscleState& by) {
  auto it = std::find_if(muscles.begin(), muscles.end(), [&](const MuscleChange& m) { return m.name == name; });
  if (it == muscles.end()) it = muscles.insert(muscles.end(), MuscleChange{name, 1, 0, {}});
  it->strength *= by.strength;
  it->tightness = std::max(it->tightness, by.tightness);
}

/// Gives back up to `regained_rad` of what `hip` has lost, but not beyond where bone stops it.
void stretch(HipLimits& hip, const HipLimits& bone, double regained_rad) {
  const HipLimits healthy;
  for (const HipLimitKey& key : kHipLimitKeys) {
    double& limit = hip.*key.value;
    const double end = std::min(healthy.*key.value, bone.*key.value);
    limit = std::max(limit, std::min(limit + regained_rad, end));
  }
}

}  // namespace

std::vector<std::string> condition_names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "conditions", error))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

Clinic load_clinic(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  Clinic clinic;
  clinic.pain = load_pain_law(folder, diagnostics);
  for (const std::string& name : condition_names(folder)) {
    const std::filesystem::path file = folder / "conditions" / (name + ".toml");
    const Document document = Document::load(file, diagnostics);
    Table root = document.root();
    Condition c;
    c.name = name;
    c.title = root.text("title");
    c.says = root.text("says");
    c.source = root.texts("source");
    c.bony = root.boolean("bony", false);
    for (std::size_t i = 0; i < kGrades.size(); ++i) {
      Table table = root.table(kGrades[i]);
      c.grade[i] = read_grade(table);
      const auto& now = c.grade[i].muscles;
      const auto& first = c.grade[0].muscles;
      if (!std::equal(now.begin(), now.end(), first.begin(), first.end(),
                      [](const auto& a, const auto& b) { return a.group == b.group; }))
        table.report("muscle", "E405", "the muscles of '" + std::string(kGrades[i]) + "' are not those of 'mild'",
                     "name the same groups in the same order in every grade");
    }
    root.finish();
    c.file = "models/conditions/" + name + ".toml";
    c.hash = document.hash();
    clinic.conditions.push_back(std::move(c));
  }
  return clinic;
}

ConditionGrade grade_at(const Condition& condition, double severity) {
  const double s = std::clamp(severity, 0.0, 1.0) * kGrades.size();
  if (s == 0) return {};
  const auto upper = static_cast<std::size_t>(std::ceil(s)) - 1;
  const ConditionGrade healthy;
  return mixed(upper == 0 ? healthy : condition.grade[upper - 1], condition.grade[upper],
               s - static_cast<double>(upper));
}

Scenario in_the_body(const Scenario& scenario, const Clinic& clinic) {
  Scenario body = scenario;
  body.conditions.clear();
  const Treatment& done = scenario.treatment;
  for (int side : {kRight, kLeft}) {
    HipLimits& hip = body.hip[side];
    HipLimits bone;  // what bone stops
    for (const ConditionSeverity& c : scenario.conditions) {
      if (c.severity[side] <= 0) continue;
      const auto known = std::find_if(clinic.conditions.begin(), clinic.conditions.end(),
                                      [&](const Condition& k) { return k.name == c.name; });
      if (known == clinic.conditions.end()) continue;  // reported with the scenario
      const ConditionGrade grade = grade_at(*known, c.severity[side]);
      tighten(hip, grade);
      if (known->bony) tighten(bone, grade);
      worsen(body.pain[side], grade.pain);
      for (const ConditionGrade::MuscleState& m : grade.muscles)
        weaken(body.muscles, m.group + (side == kRight ? "_r" : "_l"), m);
    }
    keep_a_position(hip);
    HipPain& pain = body.pain[side];
    if (done.hip_replacement[side]) {
      hip = {};
      pain.load = pain.end_range = 0;
    }
    if (done.cam_resection[side]) hip.cam_contact_rad = kNoContact_rad;
    if (done.stretching_rad[side] > 0) stretch(hip, bone, done.stretching_rad[side]);
    if (done.hip_injection[side]) pain.load = pain.end_range = 0;
    if (done.trochanteric_injection[side]) pain.abductors = 0;
    if (pain.abductors > 0)
      for (const char* group : {"gluteus_medius", "gluteus_minimus"})
        weaken(body.muscles, std::string(group) + (side == kRight ? "_r" : "_l"),
               {group, 1 - clinic.pain.inhibition * pain.abductors / kWorstPain, 0});
  }
  if (done.facet_injection) body.back_pain = 0;
  body.treatment = {};
  body.treatment.fusion = done.fusion;
  body.treatment.lumbar_brace = done.lumbar_brace;
  return body;
}

}  // namespace hipspine
