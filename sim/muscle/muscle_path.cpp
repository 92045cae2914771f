// Frictionless strings over points and cylinders.
//
// Straight span a -> b with unit vector u. The wrench of a unit tension about the ground origin is w = [p x u; u], the
// same for p = a and p = b. With S_j the motion axis of coordinate j and s_j = +1 if j moves b, -1 if it moves a, else
// 0:
//   dl/dq_j = s_j S_j . w        r_j = -dl/dq_j
//
// Cylinder (radius r, axis z, everything in its frame, counter-clockwise): P, S the ends, rho their distances from the
// axis, phi their polar angles. Tangent points lie at phi_P + acos(r/rho_P) and phi_S - acos(r/rho_S), the arc between
// is
//   theta = (phi_S - phi_P) - acos(r/rho_P) - acos(r/rho_S)
// theta <= 0: the straight line passes on the right side, the path is straight. Otherwise
//   l2 = sqrt(rho_P^2 - r^2) + r theta + sqrt(rho_S^2 - r^2),   l = sqrt(l2^2 + (z_S - z_P)^2)
// and z runs in proportion to l2 (a geodesic). At theta = 0 both cases agree in value and first derivative: C1.
// phi_S - phi_P is taken in [-60, 300) deg: the paths of the model stay inside with a margin (test).
//
// An end that comes nearer to the axis than 1.15 r makes the cylinder yield: r g(rho_P/r) g(rho_S/r) with
//   g(x) = 1 (x >= 1.15), a parabola down to x0 = 1/0.45 - 1.15, 0.9 x below: C1 and always g(x) < x.
// So no tangent ever ceases to exist. Since dl/dr = theta l2/l (tangent points are stationary), the extra force per
// unit tension is radial, dl/dr dr/drho, between that end and the cylinder.
#include "sim/muscle/muscle_path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hipspine {
namespace {

constexpr double kYieldBelow = 1.15;  // chosen: ends of walking paths stay outside; C1 beyond
constexpr double kYieldSlope = 0.9;   // chosen: radius over distance of an end deep inside
constexpr double kYieldLinear = 2 / kYieldSlope - kYieldBelow;
constexpr double kWindowStart = -std::numbers::pi / 3;

bool moves(const Model& model, int coordinate, int link) {
  for (; link >= 0; link = model.coordinates[link].parent)
    if (link == coordinate) return true;
  return false;
}

MusclePaths::Route route(const Model& model, int a, int b, std::vector<MusclePaths::Crossing>& crossings) {
  MusclePaths::Route r{static_cast<int>(crossings.size()), 0};
  for (int j = 0; j < model.n_coord(); ++j) {
    const int sign = static_cast<int>(moves(model, j, b)) - static_cast<int>(moves(model, j, a));
    if (sign == 0) continue;
    crossings.push_back({j, static_cast<double>(sign)});
    ++r.count;
  }
  return r;
}

struct Yield {
  double value, slope;
};
Yield yield(double x) {
  if (x >= kYieldBelow) return {1, 0};
  if (x <= kYieldLinear) return {kYieldSlope * x, kYieldSlope};
  const double d = kYieldBelow - x, w = kYieldBelow - kYieldLinear;
  return {1 - 0.5 * kYieldSlope * d * d / w, kYieldSlope * d / w};
}

/// One path round one cylinder, in the cylinder's frame.
struct Wrapped {
  bool engaged = false;
  double length = 0, theta = 0;
  Vec3 t_P, t_S;                        // tangent points
  double squeeze_P = 0, squeeze_S = 0;  // dl/drho through the yielding radius
};

Wrapped wrap(const Vec3& P, const Vec3& S, double radius, int turn) {
  Wrapped w;
  const double rho_P = std::hypot(P.x(), P.y()), rho_S = std::hypot(S.x(), S.y());
  const Yield g_P = yield(rho_P / radius), g_S = yield(rho_S / radius);
  const double r = radius * g_P.value * g_S.value;
  double delta = std::atan2(turn * (P.x() * S.y() - P.y() * S.x()), P.x() * S.x() + P.y() * S.y());
  if (delta < kWindowStart) delta += 2 * std::numbers::pi;
  const double beta_P = std::acos(r / rho_P), beta_S = std::acos(r / rho_S);
  const double theta = delta - beta_P - beta_S;
  if (theta <= 0) return w;
  w.engaged = true;
  w.theta = theta;
  const double free_P = std::sqrt(rho_P * rho_P - r * r), free_S = std::sqrt(rho_S * rho_S - r * r);
  const double l2 = free_P + r * theta + free_S;
  const double dz = S.z() - P.z();
  w.length = std::sqrt(l2 * l2 + dz * dz);
  // Tangent points: the end turned by beta towards the other end and pulled in to r.
  const auto tangent = [&](const Vec3& end, double rho, double beta, double sense, double z) {
    const double c = std::cos(beta) * r / rho, s = sense * std::sin(beta) * r / rho;
    return Vec3(c * end.x() - s * end.y(), s * end.x() + c * end.y(), z);
  };
  w.t_P = tangent(P, rho_P, beta_P, turn, P.z() + dz * free_P / l2);
  w.t_S = tangent(S, rho_S, beta_S, -turn, S.z() - dz * free_S / l2);
  const double dl_dr = theta * l2 / w.length;
  w.squeeze_P = dl_dr * g_P.slope * g_S.value;
  w.squeeze_S = dl_dr * g_S.slope * g_P.value;
  return w;
}

}  // namespace

MusclePaths prepare_muscle_paths(const Model& model) {
  MusclePaths paths;
  paths.n_coord = model.n_coord();
  paths.wraps = model.wraps;
  paths.fixed_length_m = Eigen::VectorXd::Zero(model.n_muscle());
  for (int m = 0; m < model.n_muscle(); ++m) {
    const Muscle& muscle = model.muscles[m];
    paths.first_point.push_back(static_cast<int>(paths.points.size()));
    for (size_t i = 0; i < muscle.points.size(); ++i) {
      const MusclePoint& b = muscle.points[i];
      paths.points.push_back({b.link, b.p_L, b.body});
      if (i == 0) continue;
      const MusclePoint& a = muscle.points[i - 1];
      const int wrap = muscle.wrap_after[i - 1];
      if (a.link == b.link && a.body == b.body && wrap < 0) {
        paths.fixed_length_m[m] += (b.p_L - a.p_L).norm();
        continue;
      }
      const int index_b = static_cast<int>(paths.points.size()) - 1;
      MusclePaths::Segment s{m,      index_b - 1, index_b, wrap, route(model, a.link, b.link, paths.crossings),
                             {0, 0}, {0, 0}};
      if (wrap >= 0) {
        s.c_to_a = route(model, model.wraps[wrap].link, a.link, paths.crossings);
        s.c_to_b = route(model, model.wraps[wrap].link, b.link, paths.crossings);
      }
      paths.segments.push_back(s);
    }
  }
  paths.first_point.push_back(static_cast<int>(paths.points.size()));
  return paths;
}

Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> crossed_parts(const Model& model, const MusclePaths& paths) {
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> out;
  out.setConstant(3, model.n_muscle(), false);
  const auto within = [](int c, int first, int last) { return c >= first && c <= last; };
  for (const MusclePaths::Segment& segment : paths.segments) {
    for (const MusclePaths::Route& route : {segment.a_to_b, segment.c_to_a, segment.c_to_b}) {
      for (int i = route.first; i < route.first + route.count; ++i) {
        const int c = paths.crossings[static_cast<std::size_t>(i)].coordinate;
        for (int side : {kRight, kLeft})
          if (within(c, model.legs[side].hip_flexion, model.legs[side].subtalar)) out(side, segment.muscle) = true;
        if (within(c, model.levels[0].fe, model.levels[kLevels - 1].ar)) out(2, segment.muscle) = true;
      }
    }
  }
  return out;
}

void muscle_geometry(const MusclePaths& paths, const Kinematics& kin, MuscleGeometry& out) {
  const size_t n_points = paths.points.size();
  out.length_m = paths.fixed_length_m;
  out.arm_m.setZero(paths.n_coord, paths.fixed_length_m.size());
  out.point_G.resize(n_points);
  out.X_GC.resize(paths.wraps.size());
  out.spans.reserve(4 * paths.segments.size());
  out.spans.clear();
  for (size_t i = 0; i < n_points; ++i) out.point_G[i] = kin.X_GL[paths.points[i].link] * paths.points[i].p_L;
  for (size_t i = 0; i < paths.wraps.size(); ++i) out.X_GC[i] = kin.X_GL[paths.wraps[i].link] * paths.wraps[i].X_LC;

  // Adds a span's share of the moment arms and, between different bones, the span itself.
  struct End {
    int link, body;
  };
  const auto pull = [&](int muscle, const MusclePaths::Route& route, End end_a, End end_b, const Vec3& a, const Vec3& b,
                        const Vec3& u) {
    if (end_a.link == end_b.link && end_a.body == end_b.body) return;
    Vec6 w;
    w << a.cross(u), u;
    for (int k = route.first; k < route.first + route.count; ++k) {
      const MusclePaths::Crossing& c = paths.crossings[k];
      out.arm_m(c.coordinate, muscle) -= c.sign * kin.S_G[c.coordinate].dot(w);
    }
    out.spans.push_back({muscle, end_a.link, end_b.link, end_a.body, end_b.body, a, b, u});
  };

  for (const MusclePaths::Segment& s : paths.segments) {
    const Vec3& a = out.point_G[s.a];
    const Vec3& b = out.point_G[s.b];
    const End end_a{paths.points[s.a].link, paths.points[s.a].body};
    const End end_b{paths.points[s.b].link, paths.points[s.b].body};
    if (s.wrap >= 0) {
      const WrapCylinder& cylinder = paths.wraps[s.wrap];
      const End end_c{cylinder.link, cylinder.body};
      const Transform& X_GC = out.X_GC[s.wrap];
      const Vec3 P = X_GC.R.transpose() * (a - X_GC.p), S = X_GC.R.transpose() * (b - X_GC.p);
      const Wrapped w = wrap(P, S, cylinder.radius_m, cylinder.turn);
      if (w.engaged) {
        out.length_m[s.muscle] += w.length;
        const Vec3 t_a = X_GC * w.t_P, t_b = X_GC * w.t_S;
        const auto radial = [&](const Vec3& p) -> Vec3 { return X_GC.R * Vec3(p.x(), p.y(), 0).normalized(); };
        pull(s.muscle, s.c_to_a, end_c, end_a, t_a, a, (a - t_a).normalized());
        pull(s.muscle, s.c_to_b, end_c, end_b, t_b, b, (b - t_b).normalized());
        if (w.squeeze_P > 0) pull(s.muscle, s.c_to_a, end_c, end_a, a, a, w.squeeze_P * radial(P));
        if (w.squeeze_S > 0) pull(s.muscle, s.c_to_b, end_c, end_b, b, b, w.squeeze_S * radial(S));
        continue;
      }
    }
    const Vec3 d = b - a;
    const double length = d.norm();
    out.length_m[s.muscle] += length;
    pull(s.muscle, s.a_to_b, end_a, end_b, a, b, d / length);
  }
}

void muscle_lines(const MusclePaths& paths, const MuscleGeometry& geometry, double arc_step_rad,
                  std::vector<std::vector<Vec3>>& lines_G) {
  const int n_muscle = static_cast<int>(paths.fixed_length_m.size());
  lines_G.resize(n_muscle);
  auto segment = paths.segments.begin();
  for (int m = 0; m < n_muscle; ++m) {
    std::vector<Vec3>& line = lines_G[m];
    line.clear();
    for (int i = paths.first_point[m]; i < paths.first_point[m + 1]; ++i) {
      // The segment that ends here: spans within one bone have none.
      while (segment != paths.segments.end() && segment->b < i) ++segment;
      if (segment != paths.segments.end() && segment->b == i && segment->wrap >= 0) {
        const WrapCylinder& cylinder = paths.wraps[segment->wrap];
        const Transform& X_GC = geometry.X_GC[segment->wrap];
        const Transform X_CG = X_GC.inverse();
        const Wrapped w =
            wrap(X_CG * geometry.point_G[segment->a], X_CG * geometry.point_G[i], cylinder.radius_m, cylinder.turn);
        if (w.engaged) {
          const int steps = std::max(1, static_cast<int>(std::ceil(w.theta / arc_step_rad)));
          for (int k = 0; k <= steps; ++k) {
            const double share = static_cast<double>(k) / steps;
            const Vec3 p = rotation(Vec3::UnitZ(), cylinder.turn * share * w.theta) * w.t_P;
            line.push_back(X_GC * Vec3(p.x(), p.y(), w.t_P.z() + share * (w.t_S.z() - w.t_P.z())));
          }
        }
      }
      line.push_back(geometry.point_G[i]);
    }
  }
}

}  // namespace hipspine
