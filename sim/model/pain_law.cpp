#include "sim/model/pain_law.h"

#include <algorithm>

#include "sim/core/document.h"

namespace hipspine {

PainLaw load_pain_law(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  const Document document = Document::load(folder / "pain.toml", diagnostics);
  Table root = document.root();
  root.texts("source");
  PainLaw law;
  Table hip = root.table("hip");
  law.moment_nm = hip.number("moment_nm", {0.1, 1000});
  law.end_margin_rad = rad_from_deg(hip.number("end_range_margin_deg", {0, 60}));
  law.end_rad = rad_from_deg(hip.number("end_range_deg", {0.1, 90}));
  law.adduction_rad = rad_from_deg(hip.number("adduction_deg", {0.1, 90}));
  law.limp = hip.number("limp_pct", {0, 10}) / 100;
  law.slower_m_s = hip.number("slower_m_s", {0, 1});
  law.inhibition = hip.number("inhibition_pct", {0, 100}) / 100;
  hip.finish();
  Table guarding = root.table("guarding");
  law.guarding = guarding.number("activation_pct", {0, 50}) / 100;
  guarding.finish();
  root.finish();
  return law;
}

double limp_of(const PainLaw& law, const std::array<HipPain, 2>& pain) {
  const auto stands_on = [](const HipPain& p) { return std::max(p.load, p.abductors); };
  return law.limp * (stands_on(pain[kRight]) - stands_on(pain[kLeft])) / kWorstPain;
}

double slower_of(const PainLaw& law, const std::array<HipPain, 2>& pain) {
  return law.slower_m_s * std::max(pain[kRight].load, pain[kLeft].load) / kWorstPain;
}

double guarding_of(const PainLaw& law, const std::array<HipPain, 2>& pain, double back_pain) {
  return law.guarding * std::max({pain[kRight].worst(), pain[kLeft].worst(), back_pain}) / kWorstPain;
}

}  // namespace hipspine
