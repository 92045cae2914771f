// The reference body's muscles against published ranges, and what recruitment makes of them in quiet standing.
#include <cmath>
#include <cstdio>

#include "sim/core/units.h"
#include "sim/muscle/hill_muscle.h"
#include "sim/muscle/recruitment.h"
#include "tests/muscle/reference_body.h"

using namespace hipspine;
using hipspine::test::Posed;
using hipspine::test::random_state;
using hipspine::test::reference_body;

namespace {

struct Published {
  const char* muscle;
  const char* coordinate;
  double low_m, high_m;  // in the sense of the coordinate
};

CoordVec neutral(const Model& model) { return CoordVec::Zero(model.n_coord()); }

/// Rows, capacities and stiffness of a state at rest. Stiffness 2.0 / 2.3 / 6 N·m per degree (FE / LB / AR).
struct Standing {
  std::vector<int> coordinate;
  RecruitmentProblem problem;
};

Standing at_rest(const Model& model, const MuscleGeometry& geometry) {
  Standing s;
  RecruitmentProblem& p = s.problem;
  std::vector<double> stiffness;
  for (const Leg& leg : model.legs)
    for (const int c : {leg.hip_flexion, leg.hip_adduction, leg.hip_rotation, leg.knee, leg.ankle, leg.subtalar}) {
      s.coordinate.push_back(c);
      p.level_axis.push_back(-1);
      stiffness.push_back(0);
    }
  for (const Level& level : model.levels) {
    const int axes[] = {level.fe, level.lb, level.ar};
    const double nm_per_deg[] = {2.0, 2.3, 6.0};
    for (int k = 0; k < 3; ++k) {
      s.coordinate.push_back(axes[k]);
      p.level_axis.push_back(k);
      stiffness.push_back(nm_rad_from_nm_deg(nm_per_deg[k]));
    }
  }
  p.level_stiffness_nm_rad = Eigen::Map<Eigen::VectorXd>(stiffness.data(), stiffness.size());
  p.arm_m = geometry.arm_m(s.coordinate, Eigen::all);
  p.order = group_columns(crossed_parts(model, prepare_muscle_paths(model)), {{0, 6}, {6, 6}, {12, 3 * kLevels}});
  p.moment_nm.setZero(s.coordinate.size());
  const int n = model.n_muscle();
  p.active_n.resize(n);
  p.passive_n.resize(n);
  p.activation_min.resize(n);
  p.price = muscle_price(model);
  for (int m = 0; m < n; ++m) {
    const MuscleCapacity c = muscle_capacity(model.muscles[m], geometry.length_m[m], 0);
    p.active_n[m] = c.active_n;
    p.passive_n[m] = c.passive_n;
    p.activation_min[m] = model.muscles[m].activation_min;
  }
  return s;
}

bool is_above(const Model& model, int link, int coordinate) {
  for (; link >= 0; link = model.coordinates[link].parent)
    if (link == coordinate) return true;
  return false;
}

/// Compression that each muscle puts on L4/5: pull across the level along the disc's normal, upper part down.
Eigen::VectorXd compression(const Model& model, const Posed& posed, const Eigen::VectorXd& force) {
  const Level& level = model.levels[1];
  const Vec3 normal = (posed.kin.X_GL[level.lower_link].R * level.X_LD.R).col(1);
  Eigen::VectorXd c = Eigen::VectorXd::Zero(model.n_muscle());
  for (const MuscleGeometry::Span& s : posed.geometry.spans) {
    const bool a = is_above(model, s.link_a, level.fe), b = is_above(model, s.link_b, level.fe);
    if (a == b) continue;
    c[s.muscle] += force[s.muscle] * (a ? -1 : 1) * s.u_G.dot(normal);
  }
  return c;
}

}  // namespace

TEST_CASE("moment arms at neutral lie in published ranges") {
  // Hip and knee: Delp et al. 1990, Arnold et al. 2010 and the literature they compare with; lumbar: Bogduk et al.
  // 1992, McGill et al. 1988, Christophy et al. 2012. Sense of the coordinate: extension of hip and knee negative.
  const Published table[] = {
      {"psoas_L1_r", "hip_flexion_r", 0.030, 0.050},   {"psoas_L2_r", "hip_flexion_r", 0.030, 0.050},
      {"psoas_L3_r", "hip_flexion_r", 0.030, 0.050},   {"psoas_L4_r", "hip_flexion_r", 0.030, 0.050},
      {"psoas_L5_r", "hip_flexion_r", 0.030, 0.050},   {"iliacus_r", "hip_flexion_r", 0.030, 0.050},
      {"glmax1_r", "hip_flexion_r", -0.080, -0.040},   {"glmax2_r", "hip_flexion_r", -0.080, -0.040},
      {"glmax3_r", "hip_flexion_r", -0.080, -0.040},   {"glmed1_r", "hip_adduction_r", -0.060, -0.040},
      {"glmed2_r", "hip_adduction_r", -0.060, -0.040}, {"glmed3_r", "hip_adduction_r", -0.060, -0.040},
      {"semimem_r", "hip_flexion_r", -0.080, -0.040},  {"semiten_r", "hip_flexion_r", -0.080, -0.040},
      {"bflh_r", "hip_flexion_r", -0.080, -0.040},     {"semimem_r", "knee_angle_r", 0.020, 0.040},
      {"semiten_r", "knee_angle_r", 0.020, 0.040},     {"bflh_r", "knee_angle_r", 0.020, 0.040},
      {"recfem_r", "hip_flexion_r", 0.030, 0.050},     {"recfem_r", "knee_angle_r", -0.045, -0.035},
      {"vasmed_r", "knee_angle_r", -0.045, -0.035},    {"vaslat_r", "knee_angle_r", -0.045, -0.035},
      {"vasint_r", "knee_angle_r", -0.045, -0.035},    {"gasmed_r", "knee_angle_r", 0.010, 0.030},
      {"soleus_r", "ankle_angle_r", -0.050, -0.035},   {"tibant_r", "ankle_angle_r", 0.030, 0.050},
      {"ESlumb_L1_r", "L4_L5_FE", 0.045, 0.080},       {"ESlumb_L2_r", "L4_L5_FE", 0.045, 0.075},
      {"ESlumb_L3_r", "L4_L5_FE", 0.045, 0.075},       {"ESlumb_L4_r", "L4_L5_FE", 0.045, 0.075},
      {"MF_L1_r", "L4_L5_FE", 0.045, 0.075},           {"MF_L2_r", "L4_L5_FE", 0.045, 0.075},
      {"MF_L3_r", "L4_L5_FE", 0.045, 0.075},           {"MF_L4_r", "L4_L5_FE", 0.045, 0.075},
      {"LTpT_mid_r", "L4_L5_FE", 0.045, 0.075},        {"LTpT_low_r", "L4_L5_FE", 0.045, 0.075},
      {"ILpT_up_r", "L4_L5_FE", 0.045, 0.075},         {"ILpT_low_r", "L4_L5_FE", 0.045, 0.075},
      {"MF_T12_L4_r", "T12_L1_FE", 0.020, 0.055},      {"MF_T9_L1_r", "T12_L1_FE", 0.020, 0.055},
      {"rect_abd_r", "L4_L5_FE", -0.140, -0.055}};
  const Model model = reference_body();
  Posed posed(model);
  posed.at(neutral(model));
  std::string text = "\n";
  for (const Published& row : table) {
    const double arm = posed.arm(row.muscle, row.coordinate);
    char line[120];
    std::snprintf(line, sizeof line, "  %-12s %-16s %7.1f mm  (%.0f to %.0f)\n", row.muscle, row.coordinate, 1e3 * arm,
                  1e3 * row.low_m, 1e3 * row.high_m);
    text += line;
    CHECK_MESSAGE(arm >= row.low_m, line);
    CHECK_MESSAGE(arm <= row.high_m, line);
  }
  MESSAGE(text);
}

TEST_CASE("lumbar erectors and multifidus as whole muscles extend L4/5 with published arms") {
  const Model model = reference_body();
  Posed posed(model);
  posed.at(neutral(model));
  for (const std::string group :
       {"erector_spinae_lumbar", "multifidus", "longissimus_thoracis", "iliocostalis_lumborum"}) {
    double force = 0, moment = 0;
    for (int m = 0; m < model.n_muscle(); ++m) {
      const double arm = posed.geometry.arm_m(model.coordinate("L4_L5_FE"), m);
      if (model.muscles[m].group != group || arm == 0) continue;
      force += model.muscles[m].force_max_n;
      moment += model.muscles[m].force_max_n * arm;
    }
    MESSAGE(std::string(group + " at L4/5: "), 1e3 * moment / force, " mm");
    CHECK(moment / force > 0.045);
    CHECK(moment / force < 0.075);
  }
}

TEST_CASE("hip flexors keep their arm in extension and gain in flexion") {
  const Model model = reference_body();
  Posed posed(model);
  for (const char* name : {"psoas_L1_r", "psoas_L3_r", "psoas_L5_r", "iliacus_r"}) {
    double before = 0.020;
    for (const double deg : {-20.0, 0.0, 20.0, 40.0, 60.0, 90.0, 120.0}) {
      CoordVec q = neutral(model);
      q[model.legs[kRight].hip_flexion] = kDeg * deg;
      posed.at(q);
      const double arm = posed.arm(name, "hip_flexion_r");
      INFO(name << " at " << deg << " deg");
      CHECK(arm > before);
      before = arm;
    }
  }
}

TEST_CASE("knee extensors keep 30 to 45 mm over the range of gait and gluteus maximus extends in deep flexion") {
  const Model model = reference_body();
  Posed posed(model);
  for (double deg = 0; deg <= 120; deg += 5) {
    CoordVec q = neutral(model);
    q[model.legs[kRight].knee] = kDeg * deg;
    q[model.legs[kRight].hip_flexion] = kDeg * deg;
    posed.at(q);
    INFO(deg << " deg");
    for (const char* name : {"recfem_r", "vasmed_r", "vasint_r", "vaslat_r"}) {
      CHECK(posed.arm(name, "knee_angle_r") > -0.045);
      CHECK(posed.arm(name, "knee_angle_r") < (deg <= 60 ? -0.035 : -0.028));
    }
    for (const char* name : {"glmax1_r", "glmax2_r", "glmax3_r"}) CHECK(posed.arm(name, "hip_flexion_r") < -0.025);
  }
}

TEST_CASE("obliques turn the trunk the same way at every level") {
  // The right external oblique turns the trunk to the left (+), the right internal oblique to the right.
  const Model model = reference_body();
  Posed posed(model);
  posed.at(neutral(model));
  for (const char* level : kLevelNames) {
    const std::string ar = std::string(level) + "_AR";
    for (const char* name : {"EO_up_r", "EO_mid_r", "EO_lat_r"}) {
      INFO(name << " " << ar << " " << 1e3 * posed.arm(name, ar) << " mm");
      CHECK(posed.arm(name, ar) > 0.002);
      CHECK(posed.arm(name, ar) < 0.120);
    }
    for (const char* name : {"IO_ant_r", "IO_mid_r", "IO_post_r"}) {
      INFO(name << " " << ar << " " << 1e3 * posed.arm(name, ar) << " mm");
      CHECK(posed.arm(name, ar) < -0.002);
      CHECK(posed.arm(name, ar) > -0.120);
    }
  }
}

TEST_CASE("fibres are between 0.4 and 1.3 of their optimal length at neutral") {
  const Model model = reference_body();
  Posed posed(model);
  const MuscleGeometry& g = posed.at(neutral(model));
  for (int m = 0; m < model.n_muscle(); ++m) {
    const double n = muscle_capacity(model.muscles[m], g.length_m[m], 0).norm_length;
    INFO(model.muscles[m].name << " " << n);
    CHECK(n > 0.4);
    CHECK(n < 1.3);
  }
}

TEST_CASE("standing: every level balanced, no reserve, no single fascicle carries the spine") {
  const Model model = reference_body();
  Posed posed(model);
  const MuscleGeometry& g = posed.at(neutral(model));
  Standing s = at_rest(model, g);
  // Extension moments that the weight of trunk, head and arms asks of the muscles, from below.
  const double demand[] = {7.5, 2.6, 1.7, 3.0, 4.9, 7.6};
  for (int l = 0; l < kLevels; ++l) s.problem.moment_nm[12 + 3 * l] = demand[l];
  RecruitmentSolver solver;
  RecruitmentResult r;
  solver.solve(s.problem, r);
  REQUIRE(r.status == RecruitmentResult::Status::ok);
  CHECK(r.reserve_nm.cwiseAbs().maxCoeff() < 0.3);
  CHECK(r.departure_rad.cwiseAbs().maxCoeff() < kDeg * 2.5);
  const Eigen::VectorXd c = compression(model, posed, r.force_n);
  int most = 0;
  const double largest = 2 * c.maxCoeff(&most);
  char line[200];
  std::snprintf(line, sizeof line,
                "L4/5 muscle compression %.0f N, most by %s (pair %.0f N); EO_lat pair %.0f N; reserve %.3f N m, "
                "departure %.2f deg",
                c.sum(), model.muscles[most].name.c_str(), largest, 2 * c[model.muscle("EO_lat_r")],
                r.reserve_nm.cwiseAbs().maxCoeff(), deg_from_rad(r.departure_rad.cwiseAbs().maxCoeff()));
  MESSAGE(line);
  CHECK(c.sum() > 50);
  CHECK(c.sum() < 450);
  CHECK(2 * c[model.muscle("EO_lat_r")] < 0.2 * c.sum());
  CHECK(largest < 0.35 * c.sum());
}

TEST_CASE("recruitment of the mirrored body is the mirror") {
  const Model model = reference_body();
  Posed posed(model), mirror(model);
  constexpr unsigned kSeed = 31;
  std::mt19937 random(kSeed);
  std::normal_distribution<double> normal(0, 8);
  RecruitmentSolver solver;
  RecruitmentResult r, other;
  for (int n = 0; n < 30; ++n) {
    const CoordVec q = 0.4 * random_state(model, random);
    Standing s = at_rest(model, posed.at(q));
    Standing t = at_rest(model, mirror.at(mirrored(model, q)));
    for (size_t i = 0; i < s.coordinate.size(); ++i) s.problem.moment_nm[i] = normal(random);
    for (size_t i = 0; i < s.coordinate.size(); ++i)
      for (size_t j = 0; j < s.coordinate.size(); ++j) {
        const Coordinate& c = model.coordinates[s.coordinate[i]];
        if (c.mirror == s.coordinate[j]) t.problem.moment_nm[j] = c.mirror_sign * s.problem.moment_nm[i];
      }
    solver.solve(s.problem, r);
    solver.solve(t.problem, other);
    REQUIRE(r.status == RecruitmentResult::Status::ok);
    for (int m = 0; m < model.n_muscle(); ++m)
      CHECK(std::abs(r.activation[m] - other.activation[model.muscles[m].mirror]) < 1e-10);
  }
}
