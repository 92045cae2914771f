// Muscles from the file to link frames.
//   p_L = X_LB p_B      X_LC = X_LB X_BC      left: p_B -> M p_B,  X_BC -> (M R M, M p),  M = diag(1, 1, -1)
#include "sim/model/muscle_file.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/core/document.h"
#include "sim/core/units.h"
#include "sim/model/body_file.h"

namespace hipspine {
namespace {

struct PathEntry {
  std::string body;  // of a point, or
  std::string wrap;  // name of a cylinder
  Vec3 p_B = Vec3::Zero();
};

struct WrapRow {
  std::string name;
  std::string body;
  Transform X_BC;
  double radius_m = 0;
  int turn = 1;
};

struct MuscleRow {
  Muscle muscle;
  std::vector<PathEntry> path;
};

constexpr Range kPlace_mm{-600, 600};

/// Name of the same thing on one side: "femur_r" -> "femur_l", "sacrum" -> "sacrum".
std::string on_side(const std::string& name, Side side) { return side == kRight ? name : mirrored_name(name); }

template <class Rows, class NameOf>
std::string read_name(Table& t, const Rows& rows, NameOf name_of) {
  const std::string name = t.text("name");
  if (!name.empty() && !name.ends_with("_r"))
    t.report("name", "E304", "'" + name + "' does not end in _r: only the right side is written",
             "the left side is its mirror image");
  if (std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return name_of(row) == name; }))
    t.report("name", "E303", "the name '" + name + "' is used twice");
  return name;
}

std::string read_body(Table& t, const Model& model) {
  const std::string name = t.text("body");
  if (model.body(name) >= 0 && model.body(on_side(name, kLeft)) >= 0) return name;
  std::vector<std::string> known;
  for (const Body& b : model.bodies) known.push_back(b.name);
  if (!name.empty()) t.report("body", "E301", "there is no body '" + name + "'", hint_for_unknown(name, known));
  return "";
}

WrapRow read_wrap(Table& t, const Model& model, const std::vector<WrapRow>& rows) {
  WrapRow row;
  row.name = read_name(t, rows, [](const WrapRow& r) { return r.name; });
  row.body = read_body(t, model);
  row.X_BC.p = 1e-3 * t.vec3("centre_mm", kPlace_mm);
  row.X_BC.R = rotation_xyz(kDeg * t.vec3("rotation_xyz_deg", {-180, 180}, Vec3(Vec3::Zero())));
  row.radius_m = m_from_mm(t.number("radius_mm", {1, 200}));
  const std::string turn = t.text("turn");
  if (turn != "clockwise" && turn != "counter-clockwise")
    t.report("turn", "E205", "turn = '" + turn + "' is neither 'clockwise' nor 'counter-clockwise'",
             "how the path runs round the cylinder, from its first to its last point, seen from the cylinder's +z");
  row.turn = turn == "clockwise" ? -1 : 1;
  t.finish();
  return row;
}

std::vector<PathEntry> read_path(Table& t, const Model& model, const std::vector<WrapRow>& wraps) {
  std::vector<PathEntry> path;
  bool sound = true;
  for (Table& e : t.tables("path")) {
    PathEntry entry;
    if (e.has("wrap")) {
      entry.wrap = e.text("wrap");
      std::vector<std::string> known;
      for (const WrapRow& w : wraps) known.push_back(w.name);
      if (std::find(known.begin(), known.end(), entry.wrap) == known.end()) {
        e.report("wrap", "E301", "there is no wrap '" + entry.wrap + "'", hint_for_unknown(entry.wrap, known));
        sound = false;
      }
    } else {
      entry.body = read_body(e, model);
      entry.p_B = 1e-3 * e.vec3("at_mm", kPlace_mm);
      sound = sound && !entry.body.empty();
    }
    e.finish();
    path.push_back(std::move(entry));
  }
  const auto is_wrap = [&](size_t i) { return !path[i].wrap.empty(); };
  for (size_t i = 0; i < path.size(); ++i)
    if (is_wrap(i) && (i == 0 || i + 1 == path.size() || is_wrap(i - 1))) {
      t.report("path", "E205", "wrap '" + path[i].wrap + "' has no point of the path on both sides");
      sound = false;
    }
  if (sound && path.size() < 2) t.report("path", "E204", "a path needs two points or more");
  if (!sound || path.size() < 2) path.clear();
  return path;
}

MuscleRow read_muscle(Table& t, const Model& model, const std::vector<WrapRow>& wraps,
                      const std::vector<MuscleRow>& rows) {
  MuscleRow row;
  Muscle& m = row.muscle;
  m.name = read_name(t, rows, [](const MuscleRow& r) { return r.muscle.name; });
  m.group = t.text("group");
  m.force_max_n = t.number("force_max_n", {1, 20000});
  m.fibre_length_opt_m = m_from_mm(t.number("fibre_length_mm", {5, 600}));
  m.tendon_slack_m = m_from_mm(t.number("tendon_slack_mm", {0, 800}));
  m.pennation_rad = rad_from_deg(t.number("pennation_deg", {0, 45}));
  m.speed_max_lopt_s = t.number("speed_max_lopt_s", {1, 30}, 10.0);
  m.activation_min = t.number("activation_min", {0, 0.2}, 0.0);
  t.texts("source");
  row.path = read_path(t, model, wraps);
  t.finish();
  return row;
}

/// The cylinder of one side, in its link frame.
WrapCylinder placed(const WrapRow& row, Side side, const Model& model) {
  const Body& body = model.bodies[model.body(on_side(row.body, side))];
  const Transform X_BC = side == kRight ? row.X_BC : mirrored(row.X_BC);
  return {on_side(row.name, side), body.link, body.X_LB * X_BC, row.radius_m, model.body(body.name), row.turn};
}

Muscle placed(const MuscleRow& row, Side side, const Model& model) {
  Muscle m = row.muscle;
  m.name = on_side(m.name, side);
  m.side = side;
  int wrap = -1;
  for (const PathEntry& entry : row.path) {
    if (!entry.wrap.empty()) {
      const auto named = [&](const WrapCylinder& w) { return w.name == on_side(entry.wrap, side); };
      wrap = static_cast<int>(std::find_if(model.wraps.begin(), model.wraps.end(), named) - model.wraps.begin());
      continue;
    }
    const Body& body = model.bodies[model.body(on_side(entry.body, side))];
    if (!m.points.empty()) m.wrap_after.push_back(std::exchange(wrap, -1));
    m.points.push_back(
        {body.link, body.X_LB * (side == kRight ? entry.p_B : mirrored_point(entry.p_B)), model.body(body.name)});
  }
  return m;
}

}  // namespace

void load_muscles(const std::filesystem::path& folder, Model& model, Diagnostics& diagnostics) {
  const Document document = Document::load(folder / "muscles.toml", diagnostics);
  model.input_files.push_back("models/muscles.toml");
  model.input_hashes.push_back(document.hash());
  Table root = document.root();
  std::vector<WrapRow> wraps;
  for (Table& t : root.tables("wrap", false)) wraps.push_back(read_wrap(t, model, wraps));
  std::vector<MuscleRow> rows;
  for (Table& t : root.tables("muscle")) rows.push_back(read_muscle(t, model, wraps, rows));
  root.finish();

  std::erase_if(rows, [](const MuscleRow& row) { return row.path.empty(); });
  model.wraps.clear();
  model.muscles.clear();
  for (const Side side : {kRight, kLeft})
    for (const WrapRow& row : wraps)
      if (!row.body.empty()) model.wraps.push_back(placed(row, side, model));
  for (const Side side : {kRight, kLeft})
    for (const MuscleRow& row : rows) {
      Muscle m = placed(row, side, model);
      const int i = static_cast<int>(model.muscles.size());
      const int n = static_cast<int>(rows.size());
      m.mirror = side == kRight ? i + n : i - n;
      model.muscles.push_back(std::move(m));
    }
}

}  // namespace hipspine
