// The request becomes a specimen (tissue/test_rig.h), its equilibrium, and text, JSON or CSV. Angles in degrees,
// lengths in mm; loads in the disc frame of each level (x forward, y up along the disc's normal, z right).
#include "sim/run/rig_command.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/core/units.h"
#include "sim/mechanics/kinematics.h"
#include "sim/run/exit_code.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr int kColumnLevels = 5;     // L5/S1 to L1/L2
constexpr int kCurvePoints = 41;     // odd: zero is one of them
constexpr double kHardly_nm = 0.05;  // below it shares of a moment say nothing
constexpr double kHardly_n = 1;
constexpr double kCancel = 0.1;  // chosen: so do shares when nine tenths of what structures do is against each other

const char* status_word(SegmentStatus status) {
  return status == SegmentStatus::ok ? "ok" : status == SegmentStatus::limited ? "limited" : "not_finite";
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

[[noreturn]] void unknown(const std::string& what, const std::string& name, const std::vector<std::string>& known) {
  const std::string meant = nearest(name, known);
  throw UsageError("there is no " + what + " '" + name + "'" +
                   (meant.empty() ? "; known: " + listed(known) : "; did you mean '" + meant + "'?"));
}

/// Sum of the levels' rotations about the axis that is loaded, in its sense [rad].
double turned_rad(const RigReport& r, const RigResult& result) {
  const RigAxis axis = rig_axis(r.request.load.direction);
  double sum = 0;
  for (const SegmentLoad& s : result.level) sum += axis.sense * s.rotation_rad[axis.axis];
  return sum;
}

/// The structures of a level in the order of the tables. The iliolumbar ligaments stay with the pelvis.
std::vector<std::string> structure_names() {
  std::vector<std::string> names{"disc", "facet_r", "facet_l"};
  for (int g = 0; g < kLigamentGroups; ++g)
    if (g != kIliolumbar) names.emplace_back(kLigamentNames[g]);
  return names;
}

/// Fractions of what a level resists, by structure_names(); nothing where there is hardly anything to share, or where
/// the structures work against each other.
struct Shares {
  std::optional<std::vector<double>> moment, compression;
};

Shares shares(const RigReport& r, std::size_t i) {
  Shares out;
  const SegmentLoad& s = r.result.level[i];
  const Vec3& applied = r.result.applied_moment_nm[i];
  std::vector<double> moment_nm, up_n{s.disc_compression_n, s.facet_up_n[kRight], s.facet_up_n[kLeft]};
  const Vec3 u = -applied.normalized();  // what resists points against what is applied
  for (const Vec3* m : {&s.disc_moment_nm, &s.facet_moment_nm[kRight], &s.facet_moment_nm[kLeft]})
    moment_nm.push_back(u.dot(*m));
  for (int g = 0; g < kLigamentGroups; ++g) {
    if (g == kIliolumbar) continue;
    moment_nm.push_back(u.dot(s.ligament_moment_nm[g]));
    up_n.push_back(-s.ligament_down_n[g]);
  }
  const auto fractions = [](std::vector<double> parts, double least) -> std::optional<std::vector<double>> {
    double sum = 0, all = 0;
    for (const double part : parts) {
      sum += part;
      all += std::abs(part);
    }
    if (!(sum > std::max(least, kCancel * all))) return std::nullopt;
    for (double& part : parts) part /= sum;
    return parts;
  };
  if (applied.norm() > kHardly_nm) out.moment = fractions(std::move(moment_nm), kHardly_nm);
  out.compression = fractions(std::move(up_n), kHardly_n);
  return out;
}

/// Both sides and all ligaments summed up, then structure by structure.
nlohmann::ordered_json to_json(const std::optional<std::vector<double>>& share) {
  if (!share) return nullptr;
  const std::vector<double>& s = *share;
  nlohmann::ordered_json j{{"disc", s[0]}, {"facets", s[1] + s[2]}};
  j["ligaments"] = std::accumulate(s.begin() + 3, s.end(), 0.0);
  const std::vector<std::string> names = structure_names();
  for (std::size_t k = 1; k < s.size(); ++k) j[names[k]] = s[k];
  return j;
}

std::string share_table(const RigReport& r, const std::string& of, std::optional<std::vector<double>> Shares::*which) {
  std::vector<TextTable::Head> heads{{"of the " + of + ", %", false}};
  for (std::string name : structure_names()) {
    std::replace(name.begin(), name.end(), '_', ' ');
    heads.push_back({name, true});
  }
  TextTable table(heads);
  for (std::size_t i = r.result.level.size(); i-- > 0;) {
    const Shares all = shares(r, i);
    const std::optional<std::vector<double>>& share = all.*which;
    std::vector<std::string> cells{r.specimen.level[i].name};
    for (std::size_t k = 0; k + 1 < heads.size(); ++k) cells.push_back(share ? fixed(100 * (*share)[k], 0) : "-");
    table.add(std::move(cells));
  }
  return table.text();
}

}  // namespace

std::vector<std::string> rig_specimens(const Spine& spine) {
  std::vector<std::string> names;
  for (const SegmentParameters& p : spine.level) names.push_back(p.name);
  names.emplace_back("lumbar");
  return names;
}

RigSpecimen prepare_specimen(const Model& model, const Spine& spine, const RigRequest& request) {
  std::string name = request.specimen;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '-'; }, '_');
  const std::vector<std::string> known = rig_specimens(spine);
  const auto found = std::find(known.begin(), known.end(), name);
  if (found == known.end()) unknown("specimen", request.specimen, known);
  RigSpecimen out;
  if (name == "lumbar") {
    Kinematics kin;
    update_position(model, CoordVec::Zero(model.n_coord()), kin);
    for (int l = 0; l < kColumnLevels; ++l) {
      out.level.push_back(bench_specimen(spine.level[l]));
      out.X_GD.push_back(kin.X_GL[model.levels[l].lower_link] * model.levels[l].X_LD);
    }
  } else {
    out.level.push_back(bench_specimen(spine.level[found - known.begin()]));
    out.X_GD.emplace_back();
  }
  for (SegmentParameters& p : out.level) {
    for (const std::string& part : request.remove)
      if (!remove_structure(part, spine.nucleus_removal, p)) unknown("structure", part, removable_structures());
    p.disc.height_loss_m += request.height_loss_m;
    if (request.facet_gap_m) p.facet.gap_m = *request.facet_gap_m;
  }
  return out;
}

RigReport run_rig(const Model& model, const Spine& spine, const RigRequest& request) {
  RigReport report{request, prepare_specimen(model, spine, request), {}};
  report.result = solve_rig(report.specimen, request.load);
  return report;
}

std::string rig_text(const RigReport& r) {
  const RigLoad& load = r.request.load;
  const std::string direction = kRigDirectionNames[static_cast<int>(load.direction)];
  std::string out = r.request.specimen + " on the bench: " + fixed(load.moment_nm, 2) + " N·m " + direction;
  if (load.follower_n != 0) out += ", follower " + fixed(load.follower_n, 0) + " N";
  if (load.compression_n != 0) out += ", compression " + fixed(load.compression_n, 0) + " N";
  if (load.shear_n != 0) out += ", shear " + fixed(load.shear_n, 0) + " N forward";
  if (!r.request.remove.empty()) out += "; without " + listed(r.request.remove);
  if (r.request.height_loss_m > 0) out += "; discs lower by " + fixed(mm_from_m(r.request.height_loss_m), 1) + " mm";
  if (r.request.facet_gap_m) out += "; facet gap " + fixed(mm_from_m(*r.request.facet_gap_m), 2) + " mm";
  out += "\nturned " + fixed(deg_from_rad(turned_rad(r, r.result)), 2) + " deg in " + direction;
  out += r.result.status == SegmentStatus::ok ? "\n\n"
                                              : "\nNO EQUILIBRIUM was found (the specimen gives way, or a column "
                                                "buckles); the numbers are the last bounded state\n\n";
  TextTable motion({{"level", false},
                    {"FE deg", true},
                    {"LB deg", true},
                    {"AR deg", true},
                    {"forward mm", true},
                    {"up mm", true},
                    {"right mm", true},
                    {"disc N", true},
                    {"disc MPa", true},
                    {"facet right N", true},
                    {"facet left N", true},
                    {"ligaments N", true}});
  for (std::size_t i = r.result.level.size(); i-- > 0;) {
    const SegmentLoad& s = r.result.level[i];
    motion.add({r.specimen.level[i].name, fixed(deg_from_rad(s.rotation_rad[kFE]), 2),
                fixed(deg_from_rad(s.rotation_rad[kLB]), 2), fixed(deg_from_rad(s.rotation_rad[kAR]), 2),
                fixed(mm_from_m(s.translation_m.x()), 2), fixed(mm_from_m(s.translation_m.y()), 2),
                fixed(mm_from_m(s.translation_m.z()), 2), fixed(s.disc_compression_n, 0),
                fixed(mpa_from_pa(s.disc_pressure_pa), 2), fixed(s.facet_n[kRight], 0), fixed(s.facet_n[kLeft], 0),
                fixed(s.ligament_n, 0)});
  }
  out += motion.text() + "FE extension +, LB to the right +, AR to the left +.\n\n";
  std::vector<TextTable::Head> heads{{"ligament, N", false}};
  for (int g = 0; g < kLigamentGroups; ++g)
    if (g != kIliolumbar) heads.push_back({kLigamentNames[g], true});
  TextTable ligaments(heads);
  for (std::size_t i = r.result.level.size(); i-- > 0;) {
    std::vector<std::string> cells{r.specimen.level[i].name};
    for (int g = 0; g < kLigamentGroups; ++g)
      if (g != kIliolumbar) cells.push_back(fixed(r.result.level[i].ligament_group_n[g], 0));
    ligaments.add(cells);
  }
  out += ligaments.text() + "\n";
  return out + share_table(r, "moment", &Shares::moment) + "\n" + share_table(r, "compression", &Shares::compression) +
         "Ligaments pull the vertebrae together: their part of the compression is negative.\n";
}

nlohmann::ordered_json to_json(const RigReport& r) {
  nlohmann::ordered_json j;
  for (std::size_t i = 0; i < r.result.level.size(); ++i) {
    const SegmentLoad& s = r.result.level[i];
    nlohmann::ordered_json& level = j["levels"][r.specimen.level[i].name];
    level = {{"FE_deg", deg_from_rad(s.rotation_rad[kFE])},
             {"LB_deg", deg_from_rad(s.rotation_rad[kLB])},
             {"AR_deg", deg_from_rad(s.rotation_rad[kAR])},
             {"tx_mm", mm_from_m(s.translation_m.x())},
             {"ty_mm", mm_from_m(s.translation_m.y())},
             {"tz_mm", mm_from_m(s.translation_m.z())},
             {"disc_force_n", s.disc_compression_n},
             {"disc_shear_n", s.disc_shear_n},
             {"disc_pressure_mpa", mpa_from_pa(s.disc_pressure_pa)},
             {"facet_r_n", s.facet_n[kRight]},
             {"facet_l_n", s.facet_n[kLeft]},
             {"facet_share", s.facet_share}};
    for (int g = 0; g < kLigamentGroups; ++g)
      if (g != kIliolumbar) level["ligaments_n"][kLigamentNames[g]] = s.ligament_group_n[g];
    const Shares share = shares(r, i);
    level["moment_share"] = to_json(share.moment);
    level["compression_share"] = to_json(share.compression);
  }
  j["turned_deg"] = deg_from_rad(turned_rad(r, r.result));
  j["status"] = status_word(r.result.status);
  return j;
}

std::string rig_curve_csv(const RigReport& r) {
  std::string out = "moment_nm,turned_deg";
  for (const SegmentParameters& p : r.specimen.level)
    for (const char* column : {"_FE_deg", "_LB_deg", "_AR_deg", "_disc_force_n", "_disc_pressure_mpa", "_facet_r_n",
                               "_facet_l_n", "_ligament_n"})
      out += "," + p.name + column;
  out += ",status\n";
  for (int k = 0; k < kCurvePoints; ++k) {
    RigLoad load = r.request.load;
    load.moment_nm *= 2.0 * k / (kCurvePoints - 1) - 1;
    const RigResult result = solve_rig(r.specimen, load);
    out += significant(load.moment_nm, 9) + "," + significant(deg_from_rad(turned_rad(r, result)), 9);
    for (const SegmentLoad& s : result.level)
      for (const double value :
           {deg_from_rad(s.rotation_rad[kFE]), deg_from_rad(s.rotation_rad[kLB]), deg_from_rad(s.rotation_rad[kAR]),
            s.disc_compression_n, mpa_from_pa(s.disc_pressure_pa), s.facet_n[kRight], s.facet_n[kLeft], s.ligament_n})
        out += "," + significant(value, 9);
    out += std::string(",") + status_word(result.status) + "\n";
  }
  return out;
}

}  // namespace hipspine
