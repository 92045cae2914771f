#include "render/shapes/signed_distance.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

void bound(Primitive& p, const Vec3f& low, const Vec3f& high) {
  p.low = low;
  p.high = high;
}

/// Half extents along x, y, z of a box or ellipsoid turned by `axes`.
Vec3f extents(const Primitive& p) {
  Vec3f e;
  for (int i = 0; i < 3; ++i) {
    const Vec3f column = p.axes.col(i).cwiseProduct(p.size);
    e[i] = p.kind == Primitive::Kind::ellipsoid ? column.norm() : column.cwiseAbs().sum();
  }
  return e;
}

Primitive solid(Primitive::Kind kind, const Vec3& centre, const Vec3& half, const Mat3& R) {
  Primitive p;
  p.kind = kind;
  p.centre = centre.cast<float>();
  p.axes = R.transpose().cast<float>();
  p.size = half.cast<float>();
  const Vec3f e = extents(p);
  bound(p, p.centre - e, p.centre + e);
  return p;
}

std::array<double, 10> cubic_terms(double u, double v) {
  return {1, u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v};
}

struct Own {
  Lanes u, v, w;
};

Own own_axes(const Primitive& p, const Batch& at) {
  const Lanes x = at.x - p.centre.x(), y = at.y - p.centre.y(), z = at.z - p.centre.z();
  const Mat3f& a = p.axes;
  return {a(0, 0) * x + a(0, 1) * y + a(0, 2) * z, a(1, 0) * x + a(1, 1) * y + a(1, 2) * z,
          a(2, 0) * x + a(2, 1) * y + a(2, 2) * z};
}

void ellipsoid_distance(const Primitive& p, const Batch& at, Lanes& d) {
  const Own q = own_axes(p, at);
  const Lanes a = q.u / p.size.x(), b = q.v / p.size.y(), c = q.w / p.size.z();
  const Lanes k0 = (a * a + b * b + c * c).sqrt();
  const Lanes a1 = a / p.size.x(), b1 = b / p.size.y(), c1 = c / p.size.z();
  const Lanes k1 = (a1 * a1 + b1 * b1 + c1 * c1).sqrt();
  d = (k0 * (k0 - 1) / k1.max(1e-6f)).max(-p.size.minCoeff());
}

void box_distance(const Primitive& p, const Batch& at, Lanes& d) {
  const Own q = own_axes(p, at);
  const Lanes a = q.u.abs() - (p.size.x() - p.round), b = q.v.abs() - (p.size.y() - p.round),
              c = q.w.abs() - (p.size.z() - p.round);
  const Lanes a0 = a.max(0.f), b0 = b.max(0.f), c0 = c.max(0.f);
  d = (a0 * a0 + b0 * b0 + c0 * c0).sqrt() + a.max(b).max(c).min(0.f) - p.round;
}

void drum_distance(const Primitive& p, const Batch& at, Lanes& d) {
  const Own q = own_axes(p, at);
  const Lanes t = (1 - (q.v / p.waist_half).square()).max(0.f);
  const Lanes s = 1 - (1 - p.waist) * t * t;
  const Lanes a = q.u / (p.size.x() * s), c = q.w / (p.size.z() * s);
  const Lanes k0 = (a * a + c * c).sqrt();
  const Lanes k1 = ((a / (p.size.x() * s)).square() + (c / (p.size.z() * s)).square()).sqrt();
  d = (k0 * (k0 - 1) / k1.max(1e-6f)).max(-std::min(p.size.x(), p.size.z())).max(q.v.abs() - p.size.y());
}

void tube_distance(const Primitive& p, const Batch& at, Lanes& d) {
  d = Lanes::Constant(kFar);
  for (const Primitive::Segment& s : p.segments) {
    const Lanes x = at.x - s.from.x(), y = at.y - s.from.y(), z = at.z - s.from.z();
    const Lanes t = ((x * s.along.x() + y * s.along.y() + z * s.along.z()) * s.inverse_length2).max(0.f).min(1.f);
    const Lanes qx = x - t * s.along.x(), qy = y - t * s.along.y(), qz = z - t * s.along.z();
    const Lanes r = s.radius + t * s.radius_change;
    if (p.flat == 1) {
      d = d.min((qx * qx + qy * qy + qz * qz).sqrt() - r);
      continue;
    }
    // As for an ellipsoid: length in stretched space, over its gradient.
    const Vec3f& w = p.flat_axis;
    const float f1 = p.flat - 1, f2 = p.flat * p.flat - 1;
    const Lanes h = qx * w.x() + qy * w.y() + qz * w.z();
    const Lanes k0 =
        ((qx + f1 * h * w.x()).square() + (qy + f1 * h * w.y()).square() + (qz + f1 * h * w.z()).square()).sqrt();
    const Lanes k1 =
        ((qx + f2 * h * w.x()).square() + (qy + f2 * h * w.y()).square() + (qz + f2 * h * w.z()).square()).sqrt();
    d = d.min(((k0 - r) * k0 / k1.max(1e-6f)).max(-r / p.flat));
  }
}

void plate_distance(const Primitive& p, const Batch& at, Lanes& d) {
  const Own q = own_axes(p, at);
  Lanes nearest2 = Lanes::Constant(kFar * kFar), sign = Lanes::Ones();
  const size_t n = p.outline.size();
  for (size_t i = 0, j = n - 1; i < n; j = i++) {
    const float eu = p.outline[j][0] - p.outline[i][0], ev = p.outline[j][1] - p.outline[i][1];
    const Lanes u = q.u - p.outline[i][0], v = q.v - p.outline[i][1];
    const Lanes t = ((u * eu + v * ev) / (eu * eu + ev * ev)).max(0.f).min(1.f);
    nearest2 = nearest2.min((u - t * eu).square() + (v - t * ev).square());
    const float vi = p.outline[i][1], vj = p.outline[j][1];
    for (int l = 0; l < kBatch; ++l) {
      const bool above = q.v[l] >= vi, below = q.v[l]<vj, left = eu * v[l]> ev * u[l];
      if ((above && below && left) || (!above && !below && !left)) sign[l] = -sign[l];
    }
  }
  const Lanes rim = sign * nearest2.sqrt();
  // Beyond the rim the cubic would run away: hold it there by looking it up no further out than a rim's width.
  float reach_u = 0, reach_v = 0;
  for (const auto& o : p.outline) {
    reach_u = std::max(reach_u, std::abs(o[0]));
    reach_v = std::max(reach_v, std::abs(o[1]));
  }
  const Lanes u = q.u.max(-reach_u).min(reach_u), v = q.v.max(-reach_v).min(reach_v);
  const auto& h = p.height;
  const Lanes w =
      h[0] + u * (h[1] + u * (h[3] + u * h[6] + v * h[7]) + v * (h[4] + v * h[8])) + v * (h[2] + v * (h[5] + v * h[9]));
  const Lanes near_rim = (1 + rim / p.rim_width).max(0.f).min(1.f);
  const Lanes half = p.half_middle + (p.half_rim - p.half_middle) * near_rim * near_rim;
  const float r = std::min(p.half_middle, p.half_rim);
  const Lanes a = rim + r, b = (q.w - w).abs() * p.steepness - half + r;
  d = a.max(b).min(0.f) + (a.max(0.f).square() + b.max(0.f).square()).sqrt() - r;
}

template <typename T>
T catmull_rom(const T& a, const T& b, const T& c, const T& d, double t) {
  return 0.5 * (2 * b + t * (c - a) + t * t * (2 * a - 5 * b + 4 * c - d) + t * t * t * (3 * (b - c) + d - a));
}

}  // namespace

Primitive ellipsoid(const Vec3& centre, const Vec3& half_axes, const Mat3& R) {
  return solid(Primitive::Kind::ellipsoid, centre, half_axes, R);
}

Primitive ball(const Vec3& centre, double radius) { return ellipsoid(centre, Vec3::Constant(radius)); }

Primitive box(const Vec3& centre, const Vec3& half, double round, const Mat3& R) {
  Primitive p = solid(Primitive::Kind::box, centre, half, R);
  p.round = static_cast<float>(round);
  return p;
}

Primitive drum(const Vec3& centre, const Vec3& half, double waist, double waist_half, const Mat3& R) {
  Primitive p = solid(Primitive::Kind::drum, centre, half, R);
  p.waist = static_cast<float>(waist);
  p.waist_half = static_cast<float>(waist_half);
  return p;
}

Primitive tube(const std::vector<TubeNode>& nodes) {
  Primitive p;
  p.kind = Primitive::Kind::tube;
  p.low = Vec3f::Constant(kFar);
  p.high = -p.low;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Vec3f at = nodes[i].p.cast<float>();
    const float r = static_cast<float>(nodes[i].radius);
    p.low = p.low.cwiseMin(at - Vec3f::Constant(r));
    p.high = p.high.cwiseMax(at + Vec3f::Constant(r));
    if (i + 1 == nodes.size()) break;
    const Vec3f along = (nodes[i + 1].p - nodes[i].p).cast<float>();
    p.segments.push_back(
        {at, along, 1 / std::max(along.squaredNorm(), 1e-9f), r, static_cast<float>(nodes[i + 1].radius) - r});
  }
  return p;
}

Primitive flat_tube(const std::vector<TubeNode>& nodes, const Vec3& flat_axis, double flat) {
  Primitive p = tube(nodes);
  p.flat_axis = flat_axis.normalized().cast<float>();
  p.flat = static_cast<float>(flat);
  return p;
}

std::vector<TubeNode> smooth(const std::vector<TubeNode>& nodes, int per_span) {
  std::vector<TubeNode> out;
  const int n = static_cast<int>(nodes.size());
  for (int i = 0; i + 1 < n; ++i) {
    const TubeNode &b = nodes[i], &c = nodes[i + 1];
    const TubeNode a = i > 0 ? nodes[i - 1] : TubeNode{2 * b.p - c.p, b.radius};
    const TubeNode d = i + 2 < n ? nodes[i + 2] : TubeNode{2 * c.p - b.p, c.radius};
    for (int k = 0; k < per_span; ++k) {
      const double t = static_cast<double>(k) / per_span;
      out.push_back({catmull_rom<Vec3>(a.p, b.p, c.p, d.p, t), catmull_rom(a.radius, b.radius, c.radius, d.radius, t)});
    }
  }
  out.push_back(nodes.back());
  return out;
}

Primitive plate(const Sheet& sheet) {
  Primitive p;
  p.kind = Primitive::Kind::plate;
  std::vector<Vec3> points = sheet.surface;
  points.insert(points.end(), sheet.rim.begin(), sheet.rim.end());
  Vec3 middle = Vec3::Zero();
  for (const Vec3& q : points) middle += q / static_cast<double>(points.size());
  const Vec3 w = sheet.facing.normalized();
  const Vec3 u = (std::abs(w.y()) < 0.9 ? Vec3::UnitY() : Vec3::UnitX()).cross(w).normalized();
  const Vec3 v = w.cross(u);
  Mat3 axes;
  axes << u.transpose(), v.transpose(), w.transpose();
  p.centre = middle.cast<float>();
  p.axes = axes.cast<float>();
  // Least squares in units of 50 mm, with a little damping of the higher terms where there are few points.
  constexpr double kUnit = 50;
  Eigen::MatrixXd A(points.size() + 10, 10);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(A.rows());
  A.setZero();
  for (size_t i = 0; i < points.size(); ++i) {
    const Vec3 q = axes * (points[i] - middle);
    const auto terms = cubic_terms(q.x() / kUnit, q.y() / kUnit);
    for (int k = 0; k < 10; ++k) A(i, k) = terms[k];
    b[i] = q.z();
  }
  for (int k = 3; k < 10; ++k) A(points.size() + k, k) = k < 6 ? 0.02 : 0.15;
  const Eigen::VectorXd c = A.colPivHouseholderQr().solve(b);
  const std::array<int, 10> order = {0, 1, 1, 2, 2, 2, 3, 3, 3, 3};
  for (int k = 0; k < 10; ++k) p.height[k] = static_cast<float>(c[k] / std::pow(kUnit, order[k]));
  double slope2 = 0;
  for (const Vec3& q : points) {
    const Vec3 o = axes * (q - middle) / kUnit;
    const double du = c[1] + 2 * c[3] * o.x() + c[4] * o.y(), dv = c[2] + c[4] * o.x() + 2 * c[5] * o.y();
    slope2 += (du * du + dv * dv) / (kUnit * kUnit) / static_cast<double>(points.size());
  }
  p.steepness = static_cast<float>(1 / std::sqrt(1 + slope2));
  const size_t n = sheet.rim.size();
  const double thick = std::max(sheet.half_middle, sheet.half_rim) + 8;
  p.low = Vec3f::Constant(kFar);
  p.high = -p.low;
  for (size_t i = 0; i < n; ++i) {
    for (int k = 0; k < 3; ++k) {
      const Vec3 at = catmull_rom<Vec3>(sheet.rim[(i + n - 1) % n], sheet.rim[i], sheet.rim[(i + 1) % n],
                                        sheet.rim[(i + 2) % n], k / 3.0);
      const Vec3 q = axes * (at - middle);
      p.outline.push_back({static_cast<float>(q.x()), static_cast<float>(q.y())});
    }
  }
  for (const Vec3& q : points) {
    p.low = p.low.cwiseMin((q - Vec3::Constant(thick)).cast<float>());
    p.high = p.high.cwiseMax((q + Vec3::Constant(thick)).cast<float>());
  }
  p.half_middle = static_cast<float>(sheet.half_middle);
  p.half_rim = static_cast<float>(sheet.half_rim);
  p.rim_width = static_cast<float>(sheet.rim_width);
  return p;
}

Primitive mirrored(const Primitive& primitive) {
  const Vec3f flip(1, 1, -1);
  Primitive p = primitive;
  p.centre = p.centre.cwiseProduct(flip);
  p.axes = p.axes * flip.asDiagonal();
  for (auto& s : p.segments) {
    s.from = s.from.cwiseProduct(flip);
    s.along = s.along.cwiseProduct(flip);
  }
  p.flat_axis = p.flat_axis.cwiseProduct(flip);
  p.low.z() = -primitive.high.z();
  p.high.z() = -primitive.low.z();
  return p;
}

void distance(const Primitive& primitive, const Batch& at, Lanes& d) {
  switch (primitive.kind) {
    case Primitive::Kind::ellipsoid:
      return ellipsoid_distance(primitive, at, d);
    case Primitive::Kind::box:
      return box_distance(primitive, at, d);
    case Primitive::Kind::tube:
      return tube_distance(primitive, at, d);
    case Primitive::Kind::drum:
      return drum_distance(primitive, at, d);
    case Primitive::Kind::plate:
      return plate_distance(primitive, at, d);
  }
}

void Shape::add(const Primitive& primitive, double blend_mm) {
  const Vec3f seam = Vec3f::Constant(static_cast<float>(0.25 * blend_mm));  // a seam swells by that much
  const Vec3f low = primitive.low - seam, high = primitive.high + seam;
  low_ = parts_.empty() ? low : Vec3f(low_.cwiseMin(low));
  high_ = parts_.empty() ? high : Vec3f(high_.cwiseMax(high));
  parts_.push_back({primitive, static_cast<float>(blend_mm), false});
}

void Shape::cut(const Primitive& primitive, double blend_mm) {
  parts_.push_back({primitive, static_cast<float>(blend_mm), true});
}

void Shape::add_both(const Primitive& primitive, double blend_mm) {
  add(primitive, blend_mm);
  add(mirrored(primitive), blend_mm);
}

void Shape::cut_both(const Primitive& primitive, double blend_mm) {
  cut(primitive, blend_mm);
  cut(mirrored(primitive), blend_mm);
}

void Shape::join(const Part& part, const Lanes& own, Lanes& d) {
  const float k = std::max(part.blend, 1e-3f);
  if (part.hole) {
    const Lanes h = (k - (d + own).abs()).max(0.f);
    d = d.max(-own) + h * h * (0.25f / k);
  } else {
    const Lanes h = (k - (d - own).abs()).max(0.f);
    d = d.min(own) - h * h * (0.25f / k);
  }
}

void distance(const Shape& shape, const std::vector<int>* wanted, const Batch& at, Lanes& d) {
  d = Lanes::Constant(kFar);
  Lanes own;
  const auto& parts = shape.parts();
  const int n = static_cast<int>(wanted ? wanted->size() : parts.size());
  for (int i = 0; i < n; ++i) {
    const Shape::Part& part = parts[wanted ? (*wanted)[i] : i];
    distance(part.primitive, at, own);
    Shape::join(part, own, d);
  }
}

}  // namespace hipspine
