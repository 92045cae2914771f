// Reference body from TOML.
//
// Link frames are parallel to the ground in the zero pose, so a joint needs only the place of its centre and its axes:
//   X_PJ = (1, X_LB · origin)     first axis of a joint; X_LB = frame of the parent body in its link
//   X_PJ = (1, 0)                 further axes of the same joint
//   axis = Rot(z, tilt) · axis_file
// Mirror M = diag(1, 1, -1): points p -> M p, frames (R, p) -> (M R M, M p), inertias I -> M I M, sliding axes a -> M
// a, turning axes a -> -M a, so that one value of a coordinate means the same movement on both sides. A midline axis
// must come back as itself (sign +1) or reversed (sign -1): that sign is Coordinate::mirror_sign.
#include "sim/model/body_file.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "sim/core/document.h"
#include "sim/core/units.h"

namespace hipspine {
namespace {

constexpr Range kPlace_m{-3, 3};
constexpr Range kAngle_deg{-180, 180};
const char* const kPelvis[] = {"pelvis_tx", "pelvis_ty", "pelvis_tz", "pelvis_tilt", "pelvis_list", "pelvis_rotation"};

bool is_right(const std::string& name) { return name.ends_with("_r"); }
bool is_left(const std::string& name) { return name.ends_with("_l"); }
Mat3 mirror_matrix() { return Vec3(1, 1, -1).asDiagonal(); }

struct AxisRow {
  std::string coordinate;
  bool slide = false;
  bool prescribed = false;
  Vec3 axis = Vec3::UnitZ();
  double low = 0, high = 0;
};

struct JointRow {
  Table table;
  std::string name, parent;
  Vec3 origin_m = Vec3::Zero();
  double tilt_rad = 0;
  std::vector<AxisRow> axes;
  bool has_level = false;
  std::string level_upper;
  int last = -1;       // coordinate that carries what hangs on this joint, once built
  bool image = false;  // of the left: its faults are those of the right, said once
};

struct BodyRow {
  Table table;
  std::string joint;
  Body body;
  bool image = false;
};

const std::string& name_of(const JointRow& row) { return row.name; }
const std::string& name_of(const BodyRow& row) { return row.body.name; }
template <class Row>
std::vector<std::string> names_of(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const Row& r : rows) names.push_back(name_of(r));
  return names;
}
template <class Row>
Row* find(std::vector<Row>& rows, const std::string& name) {
  const auto it = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return name_of(r) == name; });
  return it == rows.end() ? nullptr : &*it;
}

/// Name of a row; the left side and names used twice are findings.
template <class Row>
std::string read_name(Table& t, const std::vector<Row>& rows) {
  const std::string name = t.text("name");
  if (is_left(name))
    t.report("name", "E304",
             "'" + name + "' is on the left: only the right side is written, the left is its mirror image",
             "leave it out and edit '" + mirrored_name(name) + "'");
  const auto names = names_of(rows);
  if (std::find(names.begin(), names.end(), name) != names.end())
    t.report("name", "E303", "the name '" + name + "' is used twice");
  return name;
}

AxisRow read_axis(Table& t, double tilt_rad) {
  AxisRow row;
  row.coordinate = t.text("coordinate");
  row.slide = t.has("slide") && !t.has("turn");
  if (t.has("slide") == t.has("turn")) t.report("coordinate", "E205", "an axis has either 'turn' or 'slide'");
  const char* key = row.slide ? "slide" : "turn";
  row.axis = t.vec3(key, {-1, 1}, Vec3(Vec3::UnitZ()));
  if (std::abs(row.axis.norm() - 1) > 1e-3) t.report(key, "E205", "an axis must have length 1");
  row.axis = rotation(Vec3::UnitZ(), tilt_rad) * row.axis.normalized();
  const char* range_key = row.slide ? "range_m" : "range_deg";
  const auto range = t.numbers(range_key, 2, row.slide ? Range{-10, 10} : kAngle_deg);
  if (range.size() == 2) {
    const double unit = row.slide ? 1.0 : kDeg;
    row.low = range[0] * unit;
    row.high = range[1] * unit;
    if (row.low >= row.high) t.report(range_key, "E205", "a range goes from low to high");
  }
  row.prescribed = t.boolean("prescribed", false);
  t.finish();
  return row;
}

JointRow read_joint(Table t, const std::vector<JointRow>& earlier) {
  JointRow row;
  row.table = t;
  row.name = read_name(t, earlier);
  row.parent = t.text("parent");
  row.origin_m = t.vec3("origin_m", kPlace_m);
  row.tilt_rad = rad_from_deg(t.number("tilt_deg", kAngle_deg, 0.0));
  for (Table& axis : t.tables("axes")) row.axes.push_back(read_axis(axis, row.tilt_rad));
  if (row.axes.empty()) t.report("axes", "E204", "joint '" + row.name + "' has no axis");
  if (!is_right(row.name) && row.origin_m.z() != 0)
    t.report("origin_m", "E402", "joint '" + row.name + "' is on the midline: its z must be 0");
  for (const AxisRow& axis : row.axes)
    if (is_right(row.name) != is_right(axis.coordinate))
      t.report("axes", "E304", "coordinate '" + axis.coordinate + "' and joint '" + row.name + "' differ in side",
               "names of the right side end in _r, names of the midline do not");
  row.has_level = t.has("level");
  if (row.has_level) {
    Table level = t.table("level");
    row.level_upper = level.text("upper");
    level.finish();
    if (row.axes.size() != 3) t.report("axes", "E204", "a lumbar level has three axes: _FE, _LB, _AR");
  }
  t.texts("source", false);
  t.finish();
  return row;
}

BodyRow read_body(Table t, const std::vector<BodyRow>& earlier) {
  BodyRow row;
  row.table = t;
  Body& b = row.body;
  b.name = read_name(t, earlier);
  row.joint = t.text("joint");
  b.X_LB.p = t.vec3("origin_m", kPlace_m, Vec3(Vec3::Zero()));
  b.X_LB.R = rotation(Vec3::UnitZ(), rad_from_deg(t.number("tilt_deg", kAngle_deg, 0.0)));
  b.mass_kg = t.number("mass_kg", {1e-3, 200});
  b.p_com_B = t.vec3("com_m", kPlace_m);
  const auto i = t.numbers("inertia_kg_m2", 6, {-100, 100});
  if (i.size() == 6) {
    b.I_com_B << i[0], i[3], i[4], i[3], i[1], i[5], i[4], i[5], i[2];
    const Vec3 p = Eigen::SelfAdjointEigenSolver<Mat3>(b.I_com_B, Eigen::EigenvaluesOnly).eigenvalues();
    // A thin slice stands on the edge of the triangle inequality: rounding of published figures is allowed for.
    if (p[0] <= 0 || p[0] + p[1] < p[2] * (1 - 1e-5))
      t.report("inertia_kg_m2", "E403",
               "no body has the inertia of '" + b.name +
                   "': principal moments must be positive, none above the others' sum");
    if (!is_right(b.name) && (b.p_com_B.z() != 0 || b.X_LB.p.z() != 0 || i[4] != 0 || i[5] != 0))
      t.report("name", "E402", "body '" + b.name + "' is on the midline: z of its places, Ixz and Iyz must be 0");
  }
  t.texts("source", false);
  t.finish();
  return row;
}

JointRow mirrored(JointRow row) {
  row.image = true;
  row.name = mirrored_name(row.name);
  row.parent = mirrored_name(row.parent);
  row.origin_m = mirrored_point(row.origin_m);
  for (AxisRow& axis : row.axes) {
    axis.coordinate = mirrored_name(axis.coordinate);
    axis.axis = axis.slide ? mirrored_point(axis.axis) : mirrored_turn(axis.axis);
  }
  return row;
}

BodyRow mirrored(BodyRow row) {
  row.image = true;
  row.joint = mirrored_name(row.joint);
  row.body.name = mirrored_name(row.body.name);
  row.body.X_LB = mirrored(row.body.X_LB);
  row.body.p_com_B = mirrored_point(row.body.p_com_B);
  row.body.I_com_B = mirror_matrix() * row.body.I_com_B * mirror_matrix();
  return row;
}

/// Rows of the left side, put in after each run of right ones.
template <class Row>
std::vector<Row> with_left(const std::vector<Row>& rows) {
  std::vector<Row> all;
  size_t run = 0;  // first right row that has no image yet
  for (size_t i = 0; i < rows.size(); ++i) {
    all.push_back(rows[i]);
    if (!is_right(name_of(rows[i]))) run = i + 1;
    if (i + 1 < rows.size() && is_right(name_of(rows[i + 1]))) continue;
    for (; run <= i; ++run) all.push_back(mirrored(rows[run]));
  }
  return all;
}

template <class Row>
void report(Row& row, const char* key, const char* code, const std::string& message, const std::string& hint = "") {
  if (!row.image) row.table.report(key, code, message, hint);
}

/// The coordinate tree. A joint whose parent is missing is hung on the ground after its finding.
void build_coordinates(std::vector<JointRow>& joints, std::vector<BodyRow>& bodies, Model& model) {
  for (JointRow& row : joints) {
    if (is_right(row.parent) && !is_right(row.name))
      report(row, "parent", "E304",
             "joint '" + row.name + "' of the midline hangs on the right body '" + row.parent + "'");
    int parent = -1;
    Vec3 p_PJ = row.origin_m;
    if (row.parent != "ground") {
      BodyRow* body = find(bodies, row.parent);
      JointRow* carrier = body ? find(joints, body->joint) : nullptr;
      if (!body)
        report(row, "parent", "E301",
               "joint '" + row.name + "' hangs on the body '" + row.parent + "', which is not there",
               hint_for_unknown(row.parent, names_of(bodies)));
      else if (carrier && carrier->last < 0 && !carrier->axes.empty())
        report(row, "parent", "E302",
               "joint '" + row.name + "' comes before '" + carrier->name + "', which carries its parent '" +
                   row.parent + "'",
               "parents come first");
      else if (carrier && carrier->last >= 0) {
        parent = carrier->last;
        p_PJ = body->body.X_LB * row.origin_m;
      }
    }
    for (const AxisRow& axis : row.axes) {
      if (model.coordinate(axis.coordinate) >= 0)
        report(row, "axes", "E303", "the coordinate '" + axis.coordinate + "' is used twice");
      Coordinate c;
      c.name = axis.coordinate;
      c.parent = parent;
      c.translation = axis.slide;
      c.prescribed = axis.prescribed;
      c.X_PJ.p = p_PJ;
      c.axis_J = axis.axis;
      c.low = axis.low;
      c.high = axis.high;
      parent = row.last = model.n_coord();
      p_PJ.setZero();
      model.coordinates.push_back(c);
    }
  }
  if (model.n_coord() > kMaxCoord)
    joints.front().table.report("name", "E307",
                                "the body has " + std::to_string(model.n_coord()) + " coordinates, more than the " +
                                    std::to_string(kMaxCoord) + " allowed");
  for (int i = 0; i < model.n_coord(); ++i) {
    Coordinate& c = model.coordinates[i];
    c.mirror = model.coordinate(mirrored_name(c.name));
    if (c.mirror != i) continue;
    const Vec3 image = c.translation ? mirrored_point(c.axis_J) : mirrored_turn(c.axis_J);
    c.mirror_sign = image.dot(c.axis_J) >= 0 ? 1 : -1;
    if ((image - c.mirror_sign * c.axis_J).norm() > 1e-12)
      for (JointRow& row : joints)
        for (const AxisRow& axis : row.axes)
          if (axis.coordinate == c.name)
            report(row, "axes", "E402", "the axis of '" + c.name + "' is on the midline but oblique to it",
                   "it must lie along z or at right angles to z");
  }
}

void build_bodies(std::vector<JointRow>& joints, std::vector<BodyRow>& bodies, Model& model) {
  for (BodyRow& row : bodies) {
    const JointRow* joint = find(joints, row.joint);
    if (!joint)
      report(row, "joint", "E301",
             "body '" + row.body.name + "' rides on the joint '" + row.joint + "', which is not there",
             hint_for_unknown(row.joint, names_of(joints)));
    else if (is_right(row.joint) && !is_right(name_of(row)))
      report(row, "joint", "E304",
             "body '" + name_of(row) + "' of the midline rides on the right joint '" + row.joint + "'");
    row.body.link = joint ? std::max(joint->last, 0) : 0;
    model.bodies.push_back(row.body);
  }
}

void build_levels(std::vector<JointRow>& joints, Model& model, Table& root) {
  std::vector<JointRow*> rows;
  for (JointRow& row : joints)
    if (row.has_level) rows.push_back(&row);
  for (size_t k = 0; k < kLevels; ++k) {
    if (k >= rows.size() || rows[k]->name != kLevelNames[k]) {
      root.report("joint", "E305",
                  std::string("the lumbar levels must be L5_S1, L4_L5, L3_L4, L2_L3, L1_L2, T12_L1 in this order; ") +
                      (k < rows.size() ? "'" + rows[k]->name + "' stands" : "nothing stands") + " where '" +
                      kLevelNames[k] + "' belongs");
      return;
    }
    JointRow& row = *rows[k];
    Level& level = model.levels[k];
    level.name = row.name;
    level.lower = row.parent;
    level.upper = row.level_upper;
    if (row.axes.size() != 3) return;
    level.ar = level.upper_link = row.last;
    level.lb = row.last - 1;
    level.fe = row.last - 2;
    level.lower_link = model.coordinates[level.fe].parent;
    level.X_LD = {rotation(Vec3::UnitZ(), row.tilt_rad), model.coordinates[level.fe].X_PJ.p};
    const int upper = model.body(level.upper);
    if (upper < 0 || model.bodies[upper].link != level.upper_link)
      row.table.report("level", "E306",
                       "the body above level '" + row.name + "' is '" + level.upper + "', which does not ride on it");
  }
}

void build_feet(Model& model, Table& root) {
  Table t = root.table("foot_r");
  const std::string name = t.text("body");
  const Vec3 sole_B[] = {t.vec3("heel_m", kPlace_m), t.vec3("ball_first_m", kPlace_m),
                         t.vec3("ball_fifth_m", kPlace_m)};
  t.texts("source", false);
  const int body = model.body(name);
  std::vector<std::string> names;
  for (const Body& b : model.bodies) names.push_back(b.name);
  if (body < 0) {
    t.report("body", "E301", "the foot's body '" + name + "' is not there", hint_for_unknown(name, names));
  } else {
    for (int k = 0; k < 3; ++k) {
      const Vec3 p_L = model.bodies[body].X_LB * sole_B[k];
      model.feet[kRight].sole_L[k] = p_L;
      model.feet[kLeft].sole_L[k] = mirrored_point(p_L);
      if (std::abs(p_L.y() - model.feet[kRight].sole_L[0].y()) > 1e-6)
        t.report(k == 1 ? "ball_first_m" : "ball_fifth_m", "E404",
                 "the sole is not level: this point is not as high as the heel");
    }
    model.feet[kRight].link = model.bodies[body].link;
    const int left = model.body(mirrored_name(name));
    if (left >= 0) model.feet[kLeft].link = model.bodies[left].link;
  }
  t.finish();
}

/// Index of a coordinate that other rooms rely on.
int needed(const Model& model, Table& root, const std::string& name) {
  const int i = model.coordinate(name);
  if (i < 0) root.report("joint", "E305", "the body needs a coordinate '" + name + "'");
  return i;
}

}  // namespace

Transform mirrored(const Transform& X) { return {mirror_matrix() * X.R * mirror_matrix(), mirrored_point(X.p)}; }

std::string mirrored_name(const std::string& name) {
  if (is_right(name)) return name.substr(0, name.size() - 1) + "l";
  if (is_left(name)) return name.substr(0, name.size() - 1) + "r";
  return name;
}

void load_body(const std::filesystem::path& folder, Model& model, Diagnostics& diagnostics) {
  const Document document = Document::load(folder / "body.toml", diagnostics);
  model.input_files.push_back("models/body.toml");
  model.input_hashes.push_back(document.hash());
  Table root = document.root();
  model.height_m = root.number("height_m", {0.5, 2.5});
  model.mass_kg = root.number("mass_kg", {10, 250});
  model.pelvic_plane_tilt_rad = rad_from_deg(root.number("pelvic_plane_tilt_deg", {-30, 40}));
  model.thoracic_share_bending = root.number("thoracic_share_bending", {0, 1});
  model.thoracic_share_rotation = root.number("thoracic_share_rotation", {0, 1});
  std::vector<JointRow> joints;
  for (const Table& t : root.tables("joint")) joints.push_back(read_joint(t, joints));
  std::vector<BodyRow> bodies;
  for (const Table& t : root.tables("body")) bodies.push_back(read_body(t, bodies));
  if (joints.empty() || bodies.empty()) return;

  joints = with_left(joints);
  bodies = with_left(bodies);
  build_coordinates(joints, bodies, model);
  build_bodies(joints, bodies, model);
  build_levels(joints, model, root);
  build_feet(model, root);
  root.finish();
  if (diagnostics.has_errors()) return;  // what follows would only repeat it
  for (int i = 0; i < 6; ++i)
    if (needed(model, root, kPelvis[i]) != i)
      root.report("joint", "E305",
                  std::string("coordinate ") + std::to_string(i + 1) + " must be '" + kPelvis[i] + "'");
  for (int side = kRight; side <= kLeft; ++side) {
    const std::string end = side == kRight ? "_r" : "_l";
    model.legs[side] = {needed(model, root, "hip_flexion" + end),  needed(model, root, "hip_adduction" + end),
                        needed(model, root, "hip_rotation" + end), needed(model, root, "knee_angle" + end),
                        needed(model, root, "ankle_angle" + end),  needed(model, root, "subtalar_angle" + end)};
  }
  double sum_kg = 0;
  for (const Body& b : model.bodies) sum_kg += b.mass_kg;
  if (std::abs(sum_kg - model.mass_kg) > 1e-6 * model.mass_kg)
    root.report("mass_kg", "E401",
                "the bodies sum to " + std::to_string(sum_kg) + " kg, mass_kg says " + std::to_string(model.mass_kg));
}

}  // namespace hipspine
