#pragma once
/// A small hand-made model and cycle with known values, so that tests can state exactly what a table must hold.
#include <cmath>
#include <memory>
#include <numbers>
#include <string>

#include "sim/core/units.h"
#include "sim/run/pipeline.h"

namespace hipspine::test {

inline Model synthetic_model() {
  Model m;
  m.height_m = 1.70;
  m.mass_kg = 75.0;
  m.pelvic_plane_tilt_rad = rad_from_deg(11.4);
  const auto add = [&](const std::string& name, bool translation = false) {
    Coordinate c;
    c.name = name;
    c.parent = m.n_coord() - 1;
    c.translation = translation;
    m.coordinates.push_back(c);
    return m.n_coord() - 1;
  };
  for (const char* n : {"pelvis_tx", "pelvis_ty", "pelvis_tz"}) add(n, true);
  for (const char* n : {"pelvis_tilt", "pelvis_list", "pelvis_rotation"}) add(n);
  for (int side : {kRight, kLeft}) {
    const std::string e = side == kRight ? "_r" : "_l";
    Leg& leg = m.legs[static_cast<std::size_t>(side)];
    leg.hip_flexion = add("hip_flexion" + e);
    leg.hip_adduction = add("hip_adduction" + e);
    leg.hip_rotation = add("hip_rotation" + e);
    leg.knee = add("knee_angle" + e);
    leg.ankle = add("ankle_angle" + e);
    leg.subtalar = add("subtalar_angle" + e);
  }
  const char* names[] = {"L5_S1", "L4_L5", "L3_L4", "L2_L3", "L1_L2", "T12_L1"};
  for (std::size_t l = 0; l < kLevels; ++l) {
    Level& level = m.levels[l];
    level.name = names[l];
    level.fe = add(level.name + "_FE");
    level.lb = add(level.name + "_LB");
    level.ar = add(level.name + "_AR");
  }
  add("thoracic_LB");
  add("thoracic_AR");
  for (const char* name : {"glmed2_r", "glmed2_l", "psoas_L4_r", "psoas_L4_l", "recfem_r", "recfem_l"}) {
    Muscle muscle;
    muscle.name = name;
    muscle.group = muscle.name.substr(0, muscle.name.find('_'));
    muscle.side = muscle.name.back() == 'r' ? kRight : kLeft;
    m.muscles.push_back(muscle);
  }
  return m;
}

/// Curves are cosines of one period with known means and amplitudes, left half a period after right.
inline CycleResult synthetic_cycle() {
  CycleResult r;
  auto model = std::make_shared<Model>(synthetic_model());
  r.model = model;
  r.scenario.title = "hand-made";
  r.scenario.file = "scenarios/hand_made.toml";
  r.scenario.input_files = {"scenarios/hand_made.toml"};
  r.scenario.input_hashes = {"0123456789abcdef"};
  Plan& p = r.plan;
  p.stride_length_m = 1.4;
  p.period_s = 1.1;
  p.step_length_m = {0.71, 0.69};
  p.toe_off_pct = {60, 10};
  const int n = model->n_coord();
  p.time_s.resize(kCyclePoints);
  p.q = p.v = p.a = Eigen::MatrixXd::Zero(n, kCyclePoints);
  for (GroundForce& g : p.ground) {
    g.force_G = g.cop_G = Eigen::Matrix3Xd::Zero(3, kCyclePoints);
    g.torque_y_nm = Eigen::VectorXd::Zero(kCyclePoints);
  }
  r.frames.resize(kCyclePoints);
  for (int i = 0; i < kCyclePoints; ++i) {
    const double phase = 2 * std::numbers::pi * i / 100.0;
    p.time_s[i] = p.period_s * i / 100.0;
    p.q(0, i) = 1.4 * i / 100.0;
    p.q(model->coordinate("pelvis_tilt"), i) = rad_from_deg(-3 + 2 * std::cos(2 * phase));
    for (int side : {kRight, kLeft}) {
      const double shift = side == kRight ? 0 : std::numbers::pi;
      p.q(model->legs[static_cast<std::size_t>(side)].hip_flexion, i) = rad_from_deg(5 + 20 * std::cos(phase + shift));
      p.ground[static_cast<std::size_t>(side)].force_G(1, i) = std::max(0.0, 800 * std::sin(phase + shift));
    }
    for (const Level& l : model->levels) {
      p.q(l.fe, i) = rad_from_deg(1 + std::cos(2 * phase));
      p.q(l.lb, i) = rad_from_deg(1.5 * std::cos(phase));
      p.q(l.ar, i) = rad_from_deg(0.5 * std::sin(phase));
    }
    FrameLoads& f = r.frames[static_cast<std::size_t>(i)];
    f.joint_moment = CoordVec::Zero(n);
    f.reserve_nm = CoordVec::Zero(n);
    f.departure_rad = CoordVec::Zero(n);
    f.joint_moment[model->legs[kRight].hip_flexion] = 40 * std::sin(phase);
    f.reserve_nm[7] = -0.25;
    for (std::size_t s = 0; s < 2; ++s) {
      f.hip_contact_P[s] = Vec3(300, -2000, 400) * (1 + 0.1 * std::cos(phase));
      f.hip_passive_nm[s] = Vec3(5, 1, -1);
      f.sacroiliac[s].compression_n = 300;
      f.sacroiliac[s].nutation_rad = rad_from_deg(0.5);
    }
    for (std::size_t l = 0; l < kLevels; ++l) {
      // The lower vertebra holds the upper one up, back and to the left.
      f.level_force_D[l] = Vec3(-200, 1000 + 100 * std::cos(2 * phase), -30);
      SegmentLoad& s = f.segment[l];
      s.disc_compression_n = 900 + 10.0 * static_cast<double>(l) + 90 * std::cos(2 * phase);
      s.disc_pressure_pa = 0.6e6;
      s.disc_shear_n = 50;
      s.facet_n = {60, 80};
      s.facet_share = 0.1;
      s.ligament_n = 20;
    }
    f.activation = Eigen::VectorXd::Constant(model->n_muscle(), 0.1);
    f.muscle_force_n = Eigen::VectorXd::LinSpaced(model->n_muscle(), 100, 600);
    f.residual_force_n = 0.5;
    f.residual_moment_nm = 0.25;
  }
  r.gates = {{"residual force", 0.5, 5, "N"}, {"residual moment", 0.25, 5, "N·m"}};
  return r;
}

}  // namespace hipspine::test
