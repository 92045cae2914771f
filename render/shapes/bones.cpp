#include "render/shapes/bones.h"

#include <cmath>
#include <numbers>

namespace hipspine {

Landmarks::Landmarks(const Model& m, const Spine& s) : model(m), spine(s), to_mm_(1000 / m.length_scale) {}

int Landmarks::link(const char* name) const { return model.bodies[model.body(name)].link; }

Transform Landmarks::body(const char* name) const {
  Transform t = model.bodies[model.body(name)].X_LB;
  t.p *= to_mm_;
  return t;
}

Vec3 Landmarks::joint(const char* coordinate) const {
  return to_mm_ * model.coordinates[model.coordinate(coordinate)].X_PJ.p;
}

Vec3 Landmarks::muscle(const char* name, int point) const {
  return to_mm_ * model.muscles[model.muscle(name)].points[point].p_L;
}

Transform Landmarks::disc(int level) const {
  Transform t = model.levels[level].X_LD;
  t.p *= to_mm_;
  return t;
}

namespace {

/// Mean over the lines of a group, folded on to the right side.
Vec3 mean_of(const SegmentParameters& segment, int group, Vec3 LigamentLine::*end) {
  Vec3 sum = Vec3::Zero();
  int n = 0;
  for (int i = 0; i < segment.n_ligament; ++i) {
    const LigamentLine& line = segment.ligament[i];
    if (line.group != group) continue;
    sum += (line.*end).cwiseProduct(Vec3(1, 1, (line.*end).z() < 0 ? -1 : 1));
    ++n;
  }
  return n > 0 ? Vec3(sum / n) : sum;
}

}  // namespace

Vec3 Landmarks::ligament_upper(int level, int group) const {
  return to_mm_ * mean_of(spine.level[level], group, &LigamentLine::upper_D);
}

Vec3 Landmarks::ligament_lower(int level, int group) const {
  return to_mm_ * mean_of(spine.level[level], group, &LigamentLine::lower_D);
}

Vec3 Landmarks::facet(int level, int point) const { return to_mm_ * spine.level[level].facet.point[kRight][point].p_D; }

Vec3 Landmarks::facet_normal(int level, int point) const {
  return spine.level[level].facet.point[kRight][point].normal_D;
}

Vec3 Landmarks::sole(int point) const { return to_mm_ * model.feet[kRight].sole_L[point]; }

std::array<double, 2> Landmarks::disc_half(int level) const {
  // chosen: a lumbar disc is 1.4 times as wide as deep; its outline fills an ellipse nearly (kidney shape: 0.96).
  constexpr double kWide = 1.4, kFill = 0.96;
  const double area = spine.level[level].disc.area_m2 * to_mm_ * to_mm_;
  const double depth = std::sqrt(area / (std::numbers::pi * kWide * kFill));
  return {depth, kWide * depth};
}

double Landmarks::disc_height(int level) const {
  // chosen: discs grow from 8 mm at T12/L1 to 11.5 mm at L4/L5, L5/S1 a little lower.
  constexpr std::array<double, kLevels> kHeight = {10.5, 11.5, 11, 10, 9, 8};
  return kHeight[level];
}

namespace {

double tilt(const Mat3& R) { return std::atan2(R(1, 0), R(0, 0)); }

/// chosen: how much of the angle between two vertebrae their bodies take by wedging; the disc takes the rest.
constexpr double kBodyWedge = 0.35;

Mat3 between(double vertebra_rad, double disc_rad) {
  return rotation(Vec3::UnitZ(), vertebra_rad + kBodyWedge * (disc_rad - vertebra_rad));
}

}  // namespace

Transform Landmarks::end_plate_below(int level) const {
  const Transform D = disc(level);
  // The body frame of a lumbar vertebra is tilted as the vertebra; the sacrum's is not, so it mirrors L5 in the disc.
  const double at_disc = tilt(D.R);
  const double own = level > 0 ? tilt(body(model.levels[level].lower.c_str()).R)
                               : 2 * at_disc - tilt(body(model.levels[level].upper.c_str()).R);
  return {between(own, at_disc), D.p - 0.5 * disc_height(level) * D.R.col(1)};
}

Transform Landmarks::end_plate_above(int level) const {
  const Mat3 R = disc(level).R;
  const double at_disc = tilt(R);
  const double own = level < kLevels - 1 ? tilt(body(model.levels[level].upper.c_str()).R)
                                         : 2 * at_disc - tilt(body(model.levels[level].lower.c_str()).R);
  return {between(own, at_disc), 0.5 * disc_height(level) * R.col(1)};
}

Vec3 Landmarks::link_offset(int link) const {
  Vec3 p = Vec3::Zero();
  for (; link >= 0; link = model.coordinates[link].parent) p += to_mm_ * model.coordinates[link].X_PJ.p;
  return p;
}

std::vector<SweepNode> smooth_sweep(const std::vector<SweepNode>& nodes, int per_span) {
  std::vector<TubeNode> path, across, thick;
  for (const SweepNode& n : nodes) path.push_back({n.p, 1});
  const std::vector<TubeNode> fine = smooth(path, per_span);
  std::vector<SweepNode> out;
  for (size_t i = 0; i < fine.size(); ++i) {
    const size_t from = std::min(i / per_span, nodes.size() - 2);
    const double t = static_cast<double>(i - from * per_span) / per_span, s = t * t * (3 - 2 * t);
    const SweepNode &a = nodes[from], &b = nodes[from + 1];
    out.push_back({fine[i].p, a.across + s * (b.across - a.across), a.thick + s * (b.thick - a.thick),
                   (a.face + s * (b.face - a.face)).normalized()});
  }
  return out;
}

Mesh sweep(const std::vector<SweepNode>& nodes, int sides) {
  Mesh mesh;
  const int n = static_cast<int>(nodes.size());
  const auto put = [&](const Vec3& p) {
    mesh.vertices.push_back(
        {{static_cast<float>(p.x()), static_cast<float>(p.y()), static_cast<float>(p.z())}, {0, 1, 0}, 1});
  };
  const auto ring = [&](const SweepNode& node, const Vec3& along, double size, double forward) {
    const Vec3 side = node.face.cross(along).normalized(), face = along.cross(side);
    for (int k = 0; k < sides; ++k) {
      const double t = 2 * std::numbers::pi * k / sides;
      put(node.p + forward * node.thick * along +
          size * (node.across * std::cos(t) * side + node.thick * std::sin(t) * face));
    }
  };
  int rings = 0;
  for (int i = 0; i < n; ++i) {
    const Vec3 along = (nodes[std::min(i + 1, n - 1)].p - nodes[std::max(i - 1, 0)].p).normalized();
    if (i == 0) ring(nodes[i], along, 0.75, -0.66), ++rings;  // rounded ends
    ring(nodes[i], along, 1, 0), ++rings;
    if (i == n - 1) ring(nodes[i], along, 0.75, 0.66), ++rings;
  }
  const Vec3 first = (nodes[1].p - nodes[0].p).normalized(), last = (nodes[n - 1].p - nodes[n - 2].p).normalized();
  put(nodes[0].p - nodes[0].thick * first);
  put(nodes[n - 1].p + nodes[n - 1].thick * last);
  const auto at = [&](int r, int k) { return static_cast<std::uint32_t>(r * sides + k % sides); };
  const auto start = static_cast<std::uint32_t>(rings * sides), end = start + 1;
  for (int k = 0; k < sides; ++k) {
    mesh.indices.insert(mesh.indices.end(), {start, at(0, k + 1), at(0, k)});
    for (int r = 0; r + 1 < rings; ++r)
      mesh.indices.insert(mesh.indices.end(),
                          {at(r, k), at(r, k + 1), at(r + 1, k), at(r, k + 1), at(r + 1, k + 1), at(r + 1, k)});
    mesh.indices.insert(mesh.indices.end(), {end, at(rings - 1, k), at(rings - 1, k + 1)});
  }
  normals_from_triangles(mesh);
  return mesh;
}

Mesh slab(int rings, int sectors, int edge, const std::function<Vec3(double, double, double)>& point) {
  Mesh mesh;
  const auto put = [&](const Vec3& p) {
    mesh.vertices.push_back(
        {{static_cast<float>(p.x()), static_cast<float>(p.y()), static_cast<float>(p.z())}, {0, 1, 0}, 1});
  };
  put(point(0, 0, 1));
  // Rows from the middle of the top over the edge to the middle of the bottom.
  int rows = 0;
  const auto row = [&](double radius, double w) {
    for (int k = 0; k < sectors; ++k) {
      const double t = 2 * std::numbers::pi * k / sectors;
      put(point(radius * std::cos(t), radius * std::sin(t), w));
    }
    ++rows;
  };
  for (int r = 1; r <= rings; ++r) row(static_cast<double>(r) / rings, 1);
  for (int e = 1; e < edge; ++e) row(1, 1 - 2.0 * e / edge);
  for (int r = rings; r >= 1; --r) row(static_cast<double>(r) / rings, -1);
  put(point(0, 0, -1));
  const auto at = [&](int r, int k) { return static_cast<std::uint32_t>(1 + r * sectors + k % sectors); };
  const auto last = static_cast<std::uint32_t>(mesh.vertices.size() - 1);
  for (int k = 0; k < sectors; ++k) {
    mesh.indices.insert(mesh.indices.end(), {0, at(0, k), at(0, k + 1)});
    for (int r = 0; r + 1 < rows; ++r)
      mesh.indices.insert(mesh.indices.end(),
                          {at(r, k), at(r + 1, k), at(r, k + 1), at(r, k + 1), at(r + 1, k), at(r + 1, k + 1)});
    mesh.indices.insert(mesh.indices.end(), {last, at(rows - 1, k + 1), at(rows - 1, k)});
  }
  // Turned outward whatever the handedness of u, v, w.
  normals_from_triangles(mesh);
  return mesh;
}

void append(const Mesh& more, Mesh& mesh) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
  mesh.vertices.insert(mesh.vertices.end(), more.vertices.begin(), more.vertices.end());
  for (const std::uint32_t i : more.indices) mesh.indices.push_back(first + i);
}

void normals_from_triangles(Mesh& mesh) {
  double volume = 0;
  std::vector<Vec3> sum(mesh.vertices.size(), Vec3::Zero());
  const auto at = [&](std::uint32_t i) {
    const auto& p = mesh.vertices[i].position;
    return Vec3(p[0], p[1], p[2]);
  };
  const Vec3 origin = at(0);
  for (size_t t = 0; t < mesh.indices.size(); t += 3) {
    const Vec3 a = at(mesh.indices[t]) - origin, b = at(mesh.indices[t + 1]) - origin,
               c = at(mesh.indices[t + 2]) - origin;
    volume += a.dot(b.cross(c));
    const Vec3 n = (b - a).cross(c - a);
    for (int k = 0; k < 3; ++k) sum[mesh.indices[t + k]] += n;
  }
  const double sign = volume < 0 ? -1 : 1;
  if (sign < 0)
    for (size_t t = 0; t < mesh.indices.size(); t += 3) std::swap(mesh.indices[t + 1], mesh.indices[t + 2]);
  for (size_t i = 0; i < sum.size(); ++i) {
    const Vec3 n = sign * sum[i].stableNormalized();
    for (int a = 0; a < 3; ++a) mesh.vertices[i].normal[a] = static_cast<float>(n[a]);
  }
}

}  // namespace hipspine
