#include "sim/run/leg_raise.h"

#include "sim/core/units.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

double length_m(const Model& model, const NervePath& nerve, double hip_deg, double knee_deg) {
  CoordVec q = CoordVec::Zero(model.n_coord());
  q[model.legs[kRight].hip_flexion] = rad_from_deg(hip_deg);
  q[model.legs[kRight].knee] = rad_from_deg(knee_deg);
  Kinematics kin;
  update_position(model, q, kin);
  return nerve_length_m(nerve, kRight, kin);
}

}  // namespace

LegRaise raise_leg(const Model& model, const NervePath& nerve) {
  LegRaise out;
  const double upright_m = nerve.upright_m[kRight];
  for (int deg = 0; deg <= 90; deg += 10) {
    const double straight = length_m(model, nerve, deg, 0), bent = length_m(model, nerve, deg, 90);
    out.rows.push_back({static_cast<double>(deg), mm_from_m(straight), 100 * (straight / upright_m - 1),
                        100 * (bent / upright_m - 1)});
  }
  out.knee_lengthens_mm = mm_from_m(length_m(model, nerve, 60, 0) - length_m(model, nerve, 60, 90));
  return out;
}

std::string leg_raise_text(const LegRaise& raise) {
  TextTable table(
      {{"hip flexion deg", true}, {"bed mm", true}, {"strain %", true}, {"knee at 90 deg, strain %", true}});
  for (const LegRaise::Row& r : raise.rows)
    table.add({fixed(r.hip_flexion_deg, 0), fixed(r.length_mm, 0), with_sign(r.strain_pct, 1),
               with_sign(r.knee_bent_strain_pct, 1)});
  return "Straight leg raise, bed of the sciatic nerve (model estimate; 0 standing upright)\n" + table.text() +
         "Straightening the knee from 90 deg at 60 deg of hip flexion lengthens it by " +
         fixed(raise.knee_lengthens_mm, 0) + " mm.\n" +
         wrapped(
             "In nerves that were stretched, blood flow fell near 8 % and stopped near 15 % [lundborg_rydevik1973]; a "
             "bed "
             "is not a nerve, which slides in it.",
             100);
}

std::string leg_raise_csv(const LegRaise& raise) {
  std::string out = "hip_flexion_deg,length_mm,strain_pct,knee_bent_strain_pct\n";
  for (const LegRaise::Row& r : raise.rows)
    out += significant(r.hip_flexion_deg, 6) + "," + significant(r.length_mm, 9) + "," + significant(r.strain_pct, 9) +
           "," + significant(r.knee_bent_strain_pct, 9) + "\n";
  return out;
}

nlohmann::ordered_json to_json(const LegRaise& raise) {
  nlohmann::ordered_json j;
  j["rows"] = nlohmann::ordered_json::array();
  for (const LegRaise::Row& r : raise.rows)
    j["rows"].push_back({{"hip_flexion_deg", r.hip_flexion_deg},
                         {"length_mm", r.length_mm},
                         {"strain_pct", r.strain_pct},
                         {"knee_bent_strain_pct", r.knee_bent_strain_pct}});
  j["knee_lengthens_mm"] = raise.knee_lengthens_mm;
  return j;
}

}  // namespace hipspine
