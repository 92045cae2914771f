// Format: head of models/targets.toml.
#include "sim/run/targets.h"

#include <algorithm>

#include "sim/core/document.h"

namespace hipspine {
namespace {

constexpr Range kAny{-1e6, 1e6};
constexpr Range kAngle{-120, 120};
constexpr Range kPercent{0, 100};

TargetConditions read_conditions(Table t) {
  TargetConditions c;
  c.instrumented_hip_m_s = t.number("instrumented_hip_m_s", {0.2, 3.0});
  c.extension_limits_deg = t.numbers("extension_limits_deg", -1, kAngle);
  c.small_loss_limits_deg = t.numbers("small_loss_limits_deg", -1, kAngle);
  c.tight_extension_limit_deg = t.number("tight_extension_limit_deg", kAngle);
  c.mild_to_moderate_severity = t.number("mild_to_moderate_severity", {0, 1});
  c.high_flexion_deg = t.number("high_flexion_deg", kAngle);
  c.standing_compression_n = t.number("standing_compression_n", {0, 3000});
  c.sitting_flexion_deg = t.number("sitting_flexion_deg", {0, 15});
  c.flexed_inclination_deg = t.number("flexed_inclination_deg", {1, 110});
  t.finish();
  return c;
}

std::optional<double> optional_number(Table& t, const char* key) {
  return t.has(key) ? std::optional<double>(t.number(key, kAny)) : std::nullopt;
}

Target read_target(Table t) {
  Target r;
  r.id = t.text("id");
  r.metric = t.text("metric");
  r.condition = t.text("condition");
  r.direction = t.text("direction");
  r.low = optional_number(t, "low");
  r.high = optional_number(t, "high");
  if (r.low && r.high && *r.low > *r.high) t.report("high", "E205", "lies below 'low'");
  r.unit = t.text("unit");
  r.published = t.text("published");
  r.source = t.texts("source");
  t.finish();
  return r;
}

EmgTarget read_emg(Table t) {
  EmgTarget r;
  r.id = t.text("id");
  r.muscles = t.texts("muscles");
  const std::vector<double> on = t.numbers("on_pct", -1, kPercent);
  if (on.size() % 2 != 0) t.report("on_pct", "E204", "needs pairs of from and to");
  for (std::size_t k = 0; k + 1 < on.size(); k += 2) r.on_pct.emplace_back(on[k], on[k + 1]);
  r.low = t.number("low", {0, 100});
  r.source = t.texts("source");
  t.finish();
  return r;
}

}  // namespace

TargetFile load_targets(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  TargetFile file;
  const Document document = Document::load(folder / "targets.toml", diagnostics);
  Table root = document.root();
  file.conditions = read_conditions(root.table("conditions"));
  for (Table& t : root.tables("target")) file.targets.push_back(read_target(t));
  for (Table& t : root.tables("emg")) file.emg.push_back(read_emg(t));
  root.finish();
  return file;
}

}  // namespace hipspine
