// Gates of a forward run; root mean squares are over its ticks.
//   residual force, moment    rms of the three axes, of body weight and of 1.7 m times it       0.5 %
//   residual, largest axis    what the bound allows                                              1 %
//   joint angles              rms against the plan, worst axis of hips, knees, ankles, subtalar  3 deg
//   lumbar sums               rms against the plan, worst of extension, bending, rotation        2 deg
//   stance slip               longest slide of a loaded sphere during one stance                 10 mm
//   ground force peaks        largest of each foot's mean stride against the solved cycle        0.1 body weight
//   curves                    rms difference of the mean stride from the solved cycle, worst of
//                             the curves below, of the solved peak                               10 %
//   thorax and shoulders      largest reserve against the largest moment of the solved cycle
//                             there: these joints have nothing else; chosen: a stumble           150 %
//   falls, programs not converged                                                                0
#include "sim/run/forward_report.h"

#include <algorithm>
#include <cmath>

#include "sim/core/units.h"
#include "sim/run/forward_record.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr int kAveraged = 10;
constexpr const char* kAxes[] = {"hip_flexion", "hip_adduction", "hip_rotation",
                                 "knee_angle",  "ankle_angle",   "subtalar_angle"};
constexpr const char* kMuscleless[] = {"thoracic_bending_moment", "thoracic_rotation_moment", "arm_flex_r_moment",
                                       "arm_flex_l_moment"};
constexpr const char* kCompared[] = {"L4_L5_compression", "L4_L5_facet_r",     "L4_L5_facet_l",
                                     "L5_S1_facet_r",     "L5_S1_facet_l",     "hip_r_contact",
                                     "hip_l_contact",     "ground_force_r_vy", "ground_force_l_vy"};

bool grows(const std::string& column) {
  return column == "time" || column == "pelvis_tx" || column == "ground_force_r_px" || column == "ground_force_l_px";
}

void add_gates(const ForwardRun& run, const Results& solved, const Results& mean, ForwardReport& out) {
  const double n = std::max<double>(1, static_cast<double>(run.facts.size())), bw = solved.weight_n;
  double force = 0, moment = 0, largest = 0, slid = 0, unsolved = 0, reserve = 0;
  Eigen::Array<double, 12, 1> joints = Eigen::Array<double, 12, 1>::Zero();
  Eigen::Array3d lumbar = Eigen::Array3d::Zero();
  for (const ForwardFacts& f : run.facts) {
    const Vec3 F = f.residual.head<3>() / bw, M = f.residual.tail<3>() / (kResidualArm_m * bw);
    force += F.squaredNorm();
    moment += M.squaredNorm();
    largest = std::max({largest, F.cwiseAbs().maxCoeff(), M.cwiseAbs().maxCoeff()});
    slid = std::max(slid, f.slid_m);
    reserve = std::max(reserve, f.reserve_nm);
    unsolved += f.converged ? 0 : 1;
    joints += f.leg_error.square();
    lumbar += f.lumbar_error.array().square();
  }
  double peaks = 0;
  for (const char* column : {"ground_force_r_vy", "ground_force_l_vy"})
    peaks = std::max(peaks, std::abs(mean.curve(column).maxCoeff() - solved.curve(column).maxCoeff()) / bw);
  for (int k = 0; k < 6; ++k)
    out.joint_rms_deg.emplace_back(kAxes[k], deg_from_rad(std::sqrt(std::max(joints[k], joints[k + 6]) / n)));
  double planned_nm = 0, curves = 0;
  for (const char* column : kMuscleless)
    if (solved.column(column) >= 0) planned_nm = std::max(planned_nm, solved.curve(column).cwiseAbs().maxCoeff());
  for (const ForwardDifference& d : out.differences) curves = std::max(curves, d.percent);
  const auto percent = [&](double sum) { return 100 * std::sqrt(sum / n); };
  out.gates = {
      {"falls", static_cast<double>(out.falls.size()), 0, "falls"},
      {"residual force, rms", percent(force), 0.5, "% of body weight"},
      {"residual moment, rms", percent(moment), 0.5, "% of body weight x 1.7 m"},
      {"residual, largest axis", 100 * largest, 1.0 + 1e-6, "% of these"},
      {"joint angles, worst rms", deg_from_rad(std::sqrt(joints.maxCoeff() / n)), 3, "deg"},
      {"lumbar sums, rms", deg_from_rad(std::sqrt(lumbar.maxCoeff() / n)), 2, "deg"},
      {"stance slip", 1e3 * slid, 10, "mm"},
      {"ground force peaks", peaks, 0.1, "body weight"},
      {"curves, worst rms difference", curves, 10, "% of the solved peak"},
      {"reserve of thorax and shoulders", 100 * reserve / std::max(planned_nm, 1.0), 150, "% of the plan's moment"},
      {"programs not converged", unsolved, 0, "ticks"}};
}

}  // namespace

bool ForwardReport::gates_pass() const {
  return std::all_of(gates.begin(), gates.end(), [](const QualityGate& g) { return g.pass(); });
}

Results mean_stride(const Results& recorded, int strides) {
  const int whole = static_cast<int>(recorded.values.rows() - 1) / kPerStride;
  HIPSPINE_DEMAND(whole >= 1 && strides >= 1);
  const int from = std::max(0, whole - strides);
  Results out = recorded;
  out.values = Eigen::MatrixXd::Zero(kCyclePoints, recorded.values.cols());
  for (Eigen::Index c = 0; c < recorded.values.cols(); ++c) {
    const std::string& name = recorded.columns[static_cast<std::size_t>(c)].name;
    // Places count from where the pelvis was at the stride's start.
    const Eigen::Index origin = name == "time" ? c : recorded.column("pelvis_tx");
    for (int s = from; s < whole; ++s) {
      const double start = grows(name) ? recorded.values(s * kPerStride, origin) : 0;
      out.values.col(c) += (recorded.values.col(c).segment(s * kPerStride, kCyclePoints).array() - start).matrix();
    }
  }
  out.values /= whole - from;
  out.values.col(recorded.column("gait_cycle")).setLinSpaced(0, 100);
  return out;
}

ForwardReport forward_report(const ForwardRun& run, const Results& solved, const Results& recorded) {
  ForwardReport out;
  out.name = summarize(solved).name;
  out.strides = run.strides;
  out.walked = run.walked;
  out.time_s = static_cast<double>(run.facts.size()) * run.tick_s;
  out.real_time_factor = run.real_time_factor();
  out.upright = run.upright;
  out.falls = run.falls;
  if (run.walked < 1) {
    out.gates = {{"falls", static_cast<double>(run.falls.size()), 0, "falls"}};
    return out;
  }
  out.averaged = std::min(kAveraged, static_cast<int>(run.walked));
  const Results mean = mean_stride(recorded, out.averaged);
  for (const char* name : kCompared) {
    const Eigen::VectorXd a = solved.curve(name), d = mean.curve(name) - a;
    ForwardDifference row{name, solved.columns[static_cast<std::size_t>(solved.column(name))].unit, 0, 0, 0};
    row.rms = std::sqrt(d.squaredNorm() / static_cast<double>(d.size()));
    row.peak = a.cwiseAbs().maxCoeff();
    row.percent = row.peak > 0 ? 100 * row.rms / row.peak : std::nan("");
    out.differences.push_back(row);
  }
  add_gates(run, solved, mean, out);
  return out;
}

std::string forward_text(const ForwardReport& r) {
  std::string out = "Forward run of " + r.name + ": " + fixed(r.walked, 2) + " of " + std::to_string(r.strides) +
                    " strides, " + fixed(r.time_s, 1) + " s, " + fixed(r.real_time_factor, 1) +
                    " times faster than real time\n";
  for (const ForwardFall& f : r.falls) {
    out += "  fell after " + fixed(f.stride, 2) + " strides; ";
    out += f.restarted ? "went on from the touchdown at " + fixed(f.restart_stride, 2) + " with at most " +
                             fixed(100 * f.residual_limit, 0) + " % of body weight at the pelvis\n"
                       : "that was the last rung, the record ends at " + fixed(f.restart_stride, 2) + "\n";
  }
  TextTable gates(
      {{"quality gate, forward run", false, 52}, {"value", true}, {"limit", true}, {"unit", false}, {"", false}});
  for (const QualityGate& g : r.gates)
    gates.add({g.name, significant(g.value, 3), significant(g.limit, 3), g.unit, g.pass() ? "green" : "RED"});
  out += gates.text();
  if (!r.joint_rms_deg.empty()) {
    std::string joints = "Joint angles against the plan, rms of the worse side in deg:";
    for (const auto& [name, deg] : r.joint_rms_deg) joints += " " + name + " " + fixed(deg, 1) + ",";
    joints.back() = '.';
    out += wrapped(joints, 100, 2);
  }
  if (r.differences.empty()) return out;
  out += "\nMean of the last " + std::to_string(r.averaged) + " strides against the solved cycle\n";
  TextTable table(
      {{"curve", false}, {"rms difference", true}, {"solved peak", true}, {"unit", false}, {"% of peak", true}});
  for (const ForwardDifference& d : r.differences)
    table.add({d.column, fixed(d.rms, 0), fixed(d.peak, 0), d.unit, fixed(d.percent, 1)});
  return out + table.text();
}

nlohmann::ordered_json to_json(const ForwardReport& r) {
  nlohmann::ordered_json j;
  j["strides"] = r.strides;
  j["walked"] = r.walked;
  j["time_s"] = r.time_s;
  j["real_time_factor"] = r.real_time_factor;
  j["upright"] = r.upright;
  j["falls"] = nlohmann::ordered_json::array();
  for (const ForwardFall& f : r.falls)
    j["falls"].push_back({{"stride", f.stride},
                          {"restarted", f.restarted},
                          {"restart_stride", f.restart_stride},
                          {"residual_limit", f.residual_limit}});
  j["gates"] = nlohmann::ordered_json::array();
  for (const QualityGate& g : r.gates)
    j["gates"].push_back(
        {{"name", g.name}, {"value", g.value}, {"limit", g.limit}, {"unit", g.unit}, {"pass", g.pass()}});
  j["joint_rms_deg"] = nlohmann::ordered_json::object();
  for (const auto& [name, deg] : r.joint_rms_deg) j["joint_rms_deg"][name] = deg;
  j["averaged_strides"] = r.averaged;
  j["differences"] = nlohmann::ordered_json::array();
  for (const ForwardDifference& d : r.differences)
    j["differences"].push_back({{"column", d.column},
                                {"unit", d.unit},
                                {"rms", d.rms},
                                {"solved_peak", d.peak},
                                {"percent_of_peak", d.percent}});
  return j;
}

}  // namespace hipspine
