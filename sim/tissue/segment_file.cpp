/// Reads models/spine.toml. The file keeps the publications' frame S (x forward, y to the left, z up, flexion positive,
/// mm, N, N·m, degrees); here is the one place where it becomes D (x forward, y up, z to the right, extension positive,
/// SI):  p_D = (x, z, -y),  FE = -flexion,  LB and AR as they are.
/// Scaling to the subject, s = length scale, as bodies of equal material: length s, force s^2, N/m s, N·m s^3.
#include <cmath>

#include "sim/core/document.h"
#include "sim/core/units.h"
#include "sim/tissue/segment.h"

namespace hipspine {
namespace {

constexpr Range kPlace{-150, 150};  // mm
constexpr Range kFactor{0, 10};

/// Left-side point of the source frame [mm] on the side wanted, in D [m].
Vec3 point_D(double forward_mm, double left_mm, double up_mm, int side) {
  return Vec3(m_from_mm(forward_mm), m_from_mm(up_mm), m_from_mm(side == kLeft ? -left_mm : left_mm));
}

/// What all levels share.
struct Common {
  DiscParameters disc;
  NucleusRemoval nucleus;
  std::array<double, 3> flexion{}, lateral{}, axial{};  // c1, c2, c3 per degree
  double foundation_mpa_mm = 0, tip_n_mm = 0, facet_blend_mm = 0;
  Vec3 tip_offset_mm = Vec3::Zero();
  struct LigamentKind {
    double slack = 0, toe = 0;
    int springs = 1;
  };
  std::array<LigamentKind, kLigamentGroups> ligament;
};

std::array<double, 3> polynomial(Table& table, const char* key) {
  const std::vector<double> c = table.numbers(key, 3, {-10, 10});
  return c.size() == 3 ? std::array<double, 3>{c[0], c[1], c[2]} : std::array<double, 3>{};
}

Common read_common(Table& root) {
  Common common;
  DiscParameters& d = common.disc;
  Table disc = root.table("disc");
  d.axial_n_m = 1e3 * disc.number("axial_n_mm", {1, 1e5});
  d.axial2_n_m2 = 1e6 * disc.number("axial2_n_mm2", {0, 1e5});
  d.tension_n_m = 1e3 * disc.number("tension_n_mm", {1, 1e5});
  d.axial_blend_m = m_from_mm(disc.number("axial_blend_mm", {1e-3, 1}));
  d.shear_n_m = 1e3 * disc.number("shear_n_mm", {1, 1e5});
  common.flexion = polynomial(disc, "flexion_nm_deg");
  common.lateral = polynomial(disc, "lateral_nm_deg");
  common.axial = polynomial(disc, "axial_nm_deg");
  const std::vector<double> gain = disc.numbers("preload_gain", 3, {0, 10});
  if (gain.size() == 3) d.preload_gain = Vec3(gain[0], gain[1], gain[2]);
  d.preload_depth_m = m_from_mm(disc.number("preload_depth_mm", {0.05, 5}));
  d.pressure_factor = disc.number("pressure_factor", {0.5, 3});
  d.height_loss_m = m_from_mm(disc.number("upright_creep_mm", {0, 3}));
  Table nucleus = disc.table("nucleus_removed");
  common.nucleus = {m_from_mm(nucleus.number("height_mm", {0, 5})), nucleus.number("pressure", {0, 1}),
                    nucleus.number("axial_stiffness", {0.01, 1}), nucleus.number("neutral_bending", {0.01, 1})};
  nucleus.finish();
  disc.finish();
  Table facet = root.table("facet");
  common.foundation_mpa_mm = facet.number("foundation_mpa_mm", {0.1, 100});
  common.facet_blend_mm = facet.number("blend_mm", {1e-3, 1});
  common.tip_offset_mm = facet.vec3("tip_offset_mm", kPlace);
  common.tip_n_mm = facet.number("tip_n_mm", {0, 1e4});
  facet.finish();
  Table ligament = root.table("ligament");
  for (int g = 0; g < kLigamentGroups; ++g) {
    Table kind = ligament.table(kLigamentNames[g]);
    common.ligament[g] = {kind.number("slack", {-0.5, 2}), kind.number("toe", {1e-3, 2}),
                          static_cast<int>(kind.number("springs", {1, 20}))};
    kind.finish();
  }
  ligament.finish();
  return common;
}

/// One level being put together at reference size.
class LevelReader {
 public:
  LevelReader(Table& table, const Common& common) : table_(table), common_(common) {}

  SegmentParameters read() {
    p_.name = table_.text("name");
    read_disc();
    read_facets();
    read_ligaments();
    table_.finish();
    return p_;
  }

 private:
  void read_disc() {
    p_.disc = common_.disc;
    p_.extension_preset_rad = rad_from_deg(table_.number("upright_preset_deg", {-5, 5}));
    p_.disc.area_m2 = 1e-6 * table_.number("disc_area_mm2", {500, 4000});
    const double fe = table_.number("factor_flexion", kFactor);
    const double lb = table_.number("factor_lateral", kFactor);
    const double ar = table_.number("factor_axial", kFactor);
    const auto axis = [&](int i, const std::array<double, 3>& c, double factor, double square_sign) {
      p_.disc.linear_nm_rad[i] = factor * c[0] / kDeg;
      p_.disc.square_nm_rad2[i] = square_sign * factor * c[1] / (kDeg * kDeg);
      p_.disc.cubic_nm_rad3[i] = factor * c[2] / (kDeg * kDeg * kDeg);
    };
    axis(kFE, common_.flexion, fe, -1);  // even in the angle: turns its sign with flexion -> extension
    axis(kLB, common_.lateral, lb, 1);
    axis(kAR, common_.axial, ar, 1);
  }

  void read_facets() {
    FacetParameters& f = p_.facet;
    const Vec3 centre = table_.vec3("facet_centre_mm", kPlace);
    const Vec3 normal = table_.vec3("facet_normal", {-1, 1});
    const double curvature = rad_from_deg(table_.number("facet_curvature_deg", {-60, 60}));
    const double area_mm2 = table_.number("facet_area_mm2", {5, 500});
    f.gap_m = m_from_mm(table_.number("facet_gap_mm", {0, 3}));
    f.tip_gap_m = m_from_mm(table_.number("tip_gap_mm", {0, 10}));
    f.point_n_m = 1e3 * common_.foundation_mpa_mm * area_mm2 / kFacetPoints;
    f.tip_n_m = 1e3 * common_.tip_n_mm;
    f.blend_m = m_from_mm(common_.facet_blend_mm);
    if (normal.norm() < 0.5) {
      table_.report("facet_normal", "E203", "facet_normal has a length below 0.5", "give a unit vector");
      return;
    }
    const double pitch_mm = std::sqrt(area_mm2) / 3;
    for (int side = 0; side < 2; ++side) {
      const Vec3 c_D = point_D(centre.x(), centre.y(), centre.z(), side);
      const Vec3 n_D = point_D(normal.x(), normal.y(), normal.z(), side).normalized();
      // In the patch: `up` the steepest way, `across` from the anteromedial to the posterolateral edge.
      const Vec3 up = (Vec3::UnitY() - n_D.y() * n_D).normalized();
      const Vec3 across = side == kLeft ? up.cross(n_D) : n_D.cross(up);
      across_[side] = across;
      up_[side] = up;
      centre_[side] = c_D;
      normal_[side] = n_D;
      half_m_ = 1.5 * m_from_mm(pitch_mm);
      for (int i = 0; i < kFacetPoints; ++i) {
        const int column = i % 3 - 1, row = i / 3 - 1;
        const double turn = column * curvature;
        f.point[side][i].p_D = c_D + m_from_mm(pitch_mm) * (column * across + row * up);
        f.point[side][i].normal_D = std::cos(turn) * n_D + std::sin(turn) * across;
      }
      const Vec3& o = common_.tip_offset_mm;
      f.tip[side] = {c_D + point_D(o.x(), o.y(), o.z(), side), -Vec3::UnitY()};
    }
  }

  void add_line(int group, const Vec3& upper, const Vec3& lower, double stiffness_n) {
    const Common::LigamentKind& kind = common_.ligament[group];
    const double rest = (upper - lower).norm() * (1 + kind.slack);
    p_.ligament[p_.n_ligament++] = {group, upper, lower, rest, kind.toe, stiffness_n};
  }

  void read_ligaments() {
    for (int g = 0; g < kLigamentGroups; ++g) {
      const bool optional = g == kIliolumbar;
      if (optional && !table_.has(kLigamentNames[g])) continue;
      Table t = table_.table(kLigamentNames[g]);
      const double total =
          t.number("stiffness_n", {0, 1e5}) * common_.ligament[g].springs * t.number("factor", kFactor, 1.0);
      if (g == kCL) {
        add_capsule(t, total);
      } else {
        const std::vector<double> upper = t.numbers("upper_mm", 3, kPlace);
        const std::vector<double> lower = t.numbers("lower_mm", 3, kPlace);
        if (upper.size() == 3 && lower.size() == 3) add_group(g, upper, lower, total);
      }
      t.finish();
    }
  }

  /// Middle ligaments: one line; broad ones (ALL, PLL): middle and 1.5 times the mean distance to either side, which
  /// keeps that mean; the others: one line per side, each with the stiffness of that side's springs.
  void add_group(int g, const std::vector<double>& u, const std::vector<double>& l, double total) {
    if (g == kISL || g == kSSL) {
      add_line(g, point_D(u[0], 0, u[2], kLeft), point_D(l[0], 0, l[2], kLeft), total);
    } else if (g == kALL || g == kPLL) {
      add_line(g, point_D(u[0], 0, u[2], kLeft), point_D(l[0], 0, l[2], kLeft), total / 3);
      for (int side = 0; side < 2; ++side)
        add_line(g, point_D(u[0], 1.5 * u[1], u[2], side), point_D(l[0], 1.5 * l[1], l[2], side), total / 3);
    } else {
      const double per_side = g == kLF ? total / 2 : total;
      for (int side = 0; side < 2; ++side)
        add_line(g, point_D(u[0], u[1], u[2], side), point_D(l[0], l[1], l[2], side), per_side);
    }
  }

  /// Capsule: four lines per side across the joint at the middles of the patch's edges.
  void add_capsule(Table& t, double per_side_n) {
    const double half_length = 0.5 * m_from_mm(t.number("length_mm", {0.5, 10}));
    for (int side = 0; side < 2; ++side)
      for (const Vec3& rim : {up_[side], Vec3(-up_[side]), across_[side], Vec3(-across_[side])}) {
        const Vec3 middle = centre_[side] + half_m_ * rim;
        add_line(kCL, middle - half_length * normal_[side], middle + half_length * normal_[side], per_side_n / 4);
      }
  }

  Table& table_;
  const Common& common_;
  SegmentParameters p_;
  std::array<Vec3, 2> centre_{}, normal_{}, up_{}, across_{};
  double half_m_ = 0;
};

void scale(SegmentParameters& p, double s) {
  DiscParameters& d = p.disc;
  d.axial_n_m *= s;
  d.tension_n_m *= s;
  d.shear_n_m *= s;
  d.axial_blend_m *= s;
  d.height_loss_m *= s;
  d.preload_depth_m *= s;
  d.linear_nm_rad *= s * s * s;
  d.square_nm_rad2 *= s * s * s;
  d.cubic_nm_rad3 *= s * s * s;
  d.area_m2 *= s * s;
  FacetParameters& f = p.facet;
  for (int side = 0; side < 2; ++side) {
    for (FacetPoint& point : f.point[side]) point.p_D *= s;
    f.tip[side].p_D *= s;
  }
  f.gap_m *= s;
  f.tip_gap_m *= s;
  f.blend_m *= s;
  f.point_n_m *= s;
  f.tip_n_m *= s;
  for (int i = 0; i < p.n_ligament; ++i) {
    LigamentLine& line = p.ligament[i];
    line.upper_D *= s;
    line.lower_D *= s;
    line.rest_m *= s;
    line.stiffness_n *= s * s;
  }
}

}  // namespace

Spine load_spine(const std::filesystem::path& folder, const Model& model, Diagnostics& diagnostics) {
  constexpr std::array<const char*, kLevels> kNames = {"L5_S1", "L4_L5", "L3_L4", "L2_L3", "L1_L2", "T12_L1"};
  Spine spine;
  Document document = Document::load(folder / "spine.toml", diagnostics);
  Table root = document.root();
  const Common common = read_common(root);
  spine.nucleus_removal = common.nucleus;
  spine.nucleus_removal.height_m *= model.length_scale;
  std::vector<Table> levels = root.tables("level");
  if (levels.size() != kLevels)
    root.report("level", "E204", "six [[level]] tables are needed", "L5_S1, L4_L5, L3_L4, L2_L3, L1_L2, T12_L1");
  for (size_t i = 0; i < levels.size() && i < kLevels; ++i) {
    spine.level[i] = LevelReader(levels[i], common).read();
    if (spine.level[i].name != kNames[i])
      levels[i].report("name", "E302", std::string("level ") + std::to_string(i + 1) + " has to be " + kNames[i],
                       "levels stand in order from below");
    scale(spine.level[i], model.length_scale);
  }
  root.finish();
  return spine;
}

}  // namespace hipspine
