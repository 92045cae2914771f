/// One table names every gain with its field and range; reading, and searching, go through it.
#include "sim/plant/controller_gains.h"

#include "sim/core/document.h"

namespace hipspine {

const std::vector<GainKey>& gain_keys() {
  using G = ControllerGains;
  static const std::vector<GainKey> keys = {{"tick_s", &G::tick_s, 5e-4, 5e-3},
                                            {"horizon_s", &G::horizon_s, 5e-4, 0.1},
                                            {"joints_w", &G::joints_w, 1e-6, 1e4},
                                            {"joints_kp", &G::joints_kp, 0, 1e4},
                                            {"lumbar_w", &G::lumbar_w, 1e-6, 1e4},
                                            {"lumbar_kp", &G::lumbar_kp, 0, 1e4},
                                            {"pelvis_w", &G::pelvis_w, 1e-6, 1e4},
                                            {"pelvis_kp", &G::pelvis_kp, 0, 1e4},
                                            {"thorax_w", &G::thorax_w, 0, 1e4},
                                            {"thorax_kp", &G::thorax_kp, 0, 1e4},
                                            {"com_w", &G::com_w, 1e-6, 1e4},
                                            {"com_kp", &G::com_kp, 0, 1e4},
                                            {"com_kd", &G::com_kd, 0, 1e3},
                                            {"height_w", &G::height_w, 1e-6, 1e4},
                                            {"height_kp", &G::height_kp, 0, 1e4},
                                            {"loaded_w", &G::loaded_w, 0, 1e4},
                                            {"loaded_kd", &G::loaded_kd, 0, 1e3},
                                            {"stance_foot_w", &G::stance_foot_w, 0, 1e4},
                                            {"stance_foot_kp", &G::stance_foot_kp, 0, 1e4},
                                            {"swing_w", &G::swing_w, 0, 1e4},
                                            {"swing_kp", &G::swing_kp, 0, 1e4},
                                            {"swing_turn_w", &G::swing_turn_w, 0, 1e4},
                                            {"swing_turn_kp", &G::swing_turn_kp, 0, 1e4},
                                            {"effort", &G::effort, 1e-6, 1e4},
                                            {"contact", &G::contact, 1e-6, 1e3},
                                            {"steady", &G::steady, 0, 1e6},
                                            {"steady_contact", &G::steady_contact, 0, 1e6},
                                            {"step_gain", &G::step_gain, 0, 5},
                                            {"step_growth", &G::step_growth, 0, 2},
                                            {"lane_gain", &G::lane_gain, 0, 2},
                                            {"residual_price", &G::residual_price, 0, 1e9},
                                            {"residual_limit", &G::residual_limit, 0, 1}};
  return keys;
}

ControllerGains load_controller(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  ControllerGains gains;
  Document document = Document::load(folder / "controller.toml", diagnostics);
  Table t = document.root();
  t.texts("source", false);
  for (const GainKey& key : gain_keys()) gains.*key.field = t.number(key.name, Range{key.low, key.high});
  t.finish();
  return gains;
}

}  // namespace hipspine
