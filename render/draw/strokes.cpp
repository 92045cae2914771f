#include "render/draw/strokes.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

constexpr int kArrowSides = 20;                          // chosen: round at the width of an arrow
constexpr double kFanStep = 0.05;                        // chosen: 3 degrees
constexpr Colour kNowColour = {0.98f, 0.97f, 0.94f, 1};  // chosen: near white, neither side's colour

std::array<float, 3> packed(const Vec3f& v) { return {v.x(), v.y(), v.z()}; }

std::uint32_t packed(const Colour& c, float alpha) {
  const auto byte = [](float x) { return static_cast<std::uint32_t>(std::lround(255 * std::clamp(x, 0.0f, 1.0f))); };
  return byte(c[0]) | byte(c[1]) << 8 | byte(c[2]) << 16 | byte(alpha) << 24;
}

/// Points at equal distances along a line, corners rounded a little; ends stay.
std::vector<Vec3f> resampled(const std::vector<Vec3>& line_G, const Vec3& origin_G, float step_m, float& length_m) {
  std::vector<float> at(line_G.size(), 0);
  for (size_t i = 1; i < line_G.size(); ++i) at[i] = at[i - 1] + static_cast<float>((line_G[i] - line_G[i - 1]).norm());
  length_m = at.back();
  const int steps = std::clamp(static_cast<int>(std::ceil(length_m / step_m)), 6, 40);
  std::vector<Vec3f> points(steps + 1);
  size_t span = 1;
  for (int k = 0; k <= steps; ++k) {
    const float s = length_m * static_cast<float>(k) / static_cast<float>(steps);
    while (span + 1 < line_G.size() && at[span] < s) ++span;
    const float piece = at[span] - at[span - 1];
    const double share = piece > 0 ? std::clamp((s - at[span - 1]) / piece, 0.0f, 1.0f) : 0.0f;
    points[k] = ((1 - share) * line_G[span - 1] + share * line_G[span] - origin_G).cast<float>();
  }
  std::vector<Vec3f> smooth = points;
  for (int k = 1; k < steps; ++k) smooth[k] = 0.25f * points[k - 1] + 0.5f * points[k] + 0.25f * points[k + 1];
  return smooth;
}

/// Two unit vectors that make a right-handed set with `along`.
void frame_of(const Vec3f& along, Vec3f& a, Vec3f& b) {
  a = along.cross(std::abs(along.y()) < 0.9f ? Vec3f::UnitY() : Vec3f::UnitX()).normalized();
  b = along.cross(a);
}

void add_quad(const Vec3f& a, const Vec3f& b, const Vec3f& c, const Vec3f& d, std::uint32_t ab, std::uint32_t cd,
              Triangles<StrokeVertex>& out) {
  const auto first = static_cast<std::uint32_t>(out.vertices.size());
  out.vertices.push_back({packed(a), {0, 0, 0}, ab});
  out.vertices.push_back({packed(b), {0, 0, 0}, ab});
  out.vertices.push_back({packed(c), {0, 0, 0}, cd});
  out.vertices.push_back({packed(d), {0, 0, 0}, cd});
  for (std::uint32_t i : {0u, 1u, 2u, 0u, 2u, 3u}) out.indices.push_back(first + i);
}

/// A line in the plane of `square` and its direction, its sides fading out over half its width.
void add_line(const Vec3f& from, const Vec3f& to, const Vec3f& square, float width_m, const Colour& colour, float alpha,
              Triangles<StrokeVertex>& out) {
  const Vec3f half = 0.5f * width_m * square;
  const std::uint32_t full = packed(colour, alpha), none = packed(colour, 0);
  add_quad(from - half, to - half, to + half, from + half, full, full, out);
  add_quad(from + half, to + half, to + 1.5f * half, from + 1.5f * half, full, none, out);
  add_quad(from - half, to - half, to - 1.5f * half, from - 1.5f * half, full, none, out);
}

}  // namespace

void add_ribbons(const std::vector<SceneRibbon>& ribbons, const Vec3& origin_G, const Vec3& eye_G, float step_m,
                 Triangles<RibbonVertex>& out) {
  const Vec3f eye = (eye_G - origin_G).cast<float>();
  for (const SceneRibbon& ribbon : ribbons) {
    if (ribbon.points_G.size() < 2) continue;
    float length_m = 0;
    const std::vector<Vec3f> points = resampled(ribbon.points_G, origin_G, step_m, length_m);
    const int last = static_cast<int>(points.size()) - 1;
    // chosen: tendons a quarter as thick as the belly but never a hair; some tendon and some belly always show.
    const float tendon_m = std::max(0.26f * ribbon.radius_m, 0.0012f);
    const float tendon_share = std::clamp(ribbon.tendon_share, 0.12f, 0.7f);
    const std::uint32_t colour = packed(ribbon.colour, ribbon.colour[3]);
    Vec3f side = Vec3f::UnitX();
    for (int k = 0; k <= last; ++k) {
      const Vec3f along = (points[std::min(k + 1, last)] - points[std::max(k - 1, 0)]).normalized();
      const Vec3f sight = (eye - points[k]).normalized();
      const Vec3f across = along.cross(sight);
      if (across.norm() > 1e-3f) side = across.normalized();  // seen end on: as at the point before
      const Vec3f towards = side.cross(along);
      const float s = static_cast<float>(k) / static_cast<float>(last);
      const float in_belly = std::clamp((s - 0.5f * tendon_share) / (1 - tendon_share), 0.0f, 1.0f);
      const bool bar = ribbon.muscle < 0;
      const float belly = bar ? 1 : std::pow(std::sin(static_cast<float>(M_PI) * in_belly), 0.6f);
      const float radius = tendon_m + (ribbon.radius_m - tendon_m) * std::max(belly, 0.0f);
      const auto first = static_cast<std::uint32_t>(out.vertices.size());
      const float along_m = s * length_m;
      out.vertices.push_back({packed(points[k] - radius * side), packed(-side), -1, along_m, belly, colour});
      out.vertices.push_back({packed(points[k] + 0.8f * radius * towards), packed(towards), 0, along_m, belly, colour});
      out.vertices.push_back({packed(points[k] + radius * side), packed(side), 1, along_m, belly, colour});
      if (k == last) continue;
      for (std::uint32_t i : {0u, 1u, 4u, 0u, 4u, 3u, 1u, 2u, 5u, 1u, 5u, 4u}) out.indices.push_back(first + i);
    }
  }
}

void add_arrow(const SceneArrow& arrow, const Vec3& origin_G, Triangles<StrokeVertex>& out) {
  const Vec3f from = (arrow.from_G - origin_G).cast<float>(), to = (arrow.to_G - origin_G).cast<float>();
  const float length = (to - from).norm();
  if (length <= 0) return;
  const Vec3f along = (to - from) / length;
  Vec3f a, b;
  frame_of(along, a, b);
  const float head = std::min(7.5f * arrow.radius_m, 0.6f * length);  // chosen: slender
  const float head_radius = 2.6f * arrow.radius_m;
  const Vec3f neck = to - head * along;
  const std::uint32_t colour = packed(arrow.colour, 1);
  const Vec3f slope_up = (head_radius / std::hypot(head, head_radius)) * along;
  const float slope_out = head / std::hypot(head, head_radius);
  const auto first = static_cast<std::uint32_t>(out.vertices.size());
  constexpr std::uint32_t kRing = 7;
  for (int k = 0; k <= kArrowSides; ++k) {
    const float angle = 2 * static_cast<float>(M_PI) * static_cast<float>(k) / kArrowSides;
    const Vec3f radial = std::cos(angle) * a + std::sin(angle) * b;
    const auto add = [&](const Vec3f& p, const Vec3f& n) { out.vertices.push_back({packed(p), packed(n), colour}); };
    add(from, -along);
    add(from + arrow.radius_m * radial, radial);
    add(neck + arrow.radius_m * radial, radial);
    add(neck + arrow.radius_m * radial, -along);
    add(neck + head_radius * radial, -along);
    add(neck + head_radius * radial, slope_up + slope_out * radial);
    add(to, slope_up + slope_out * radial);
    if (k == kArrowSides) break;
    const std::uint32_t here = first + kRing * static_cast<std::uint32_t>(k);
    for (std::uint32_t i : {0u, 1u, 3u, 5u})
      for (std::uint32_t j : {i, i + 1, i + 1 + kRing, i, i + 1 + kRing, i + kRing}) out.indices.push_back(here + j);
  }
}

void add_arc(const SceneArc& arc, const Vec3& origin_G, Triangles<StrokeVertex>& out) {
  const Vec3f centre = (arc.centre_G - origin_G).cast<float>();
  const Vec3f from = arc.from_G.cast<float>(), to = arc.to_G.cast<float>(), now = arc.now_G.cast<float>();
  // The limits may be up to 180 degrees apart: measure the angle through `now`'s plane, forward over the thigh.
  Vec3f normal = from.cross(to);
  if (normal.norm() < 1e-6f) normal = from.cross(now);
  if (normal.norm() < 1e-6f) return;
  normal.normalize();
  const Vec3f square = normal.cross(from);
  const float range = std::atan2(to.dot(square), to.dot(from));
  const auto direction = [&](float angle) -> Vec3f { return std::cos(angle) * from + std::sin(angle) * square; };
  const float r = arc.radius_m;
  const int steps = std::max(2, static_cast<int>(std::ceil(range / kFanStep)));
  // chosen: almost clear at the hip, so that the joint stays in sight, and a bright thin rim.
  constexpr float kInner = 0.30f, kRimWidth = 0.012f, kClear = 0.03f, kFill = 0.26f, kEdge = 0.95f;
  for (int k = 0; k < steps; ++k) {
    const Vec3f d0 = direction(range * static_cast<float>(k) / static_cast<float>(steps));
    const Vec3f d1 = direction(range * static_cast<float>(k + 1) / static_cast<float>(steps));
    const auto band = [&](float in, float out_radius, float alpha_in, float alpha_out) {
      add_quad(centre + in * r * d0, centre + in * r * d1, centre + out_radius * r * d1, centre + out_radius * r * d0,
               packed(arc.colour, alpha_in), packed(arc.colour, alpha_out), out);
    };
    band(kInner, 1 - kRimWidth, kClear, kFill);
    band(1 - 2 * kRimWidth, 1 - kRimWidth, 0, kEdge);
    band(1 - kRimWidth, 1, kEdge, kEdge);
    band(1, 1 + kRimWidth, kEdge, 0);
  }
  for (float angle : {0.0f, range}) {
    const Vec3f d = direction(angle);
    add_line(centre + kInner * r * d, centre + 1.06f * r * d, normal.cross(d), 0.014f * r, arc.colour, kEdge, out);
  }
  const Vec3f side = normal.cross(now);
  add_line(centre, centre + 0.90f * r * now, side, 0.024f * r, kNowColour, 0.95f, out);
  const std::uint32_t white = packed(kNowColour, 0.95f);
  const Vec3f tip = centre + 1.0f * r * now, base = centre + 0.88f * r * now;  // a pointer's tip on the rim
  add_quad(base - 0.04f * r * side, tip, tip, base + 0.04f * r * side, white, white, out);
}

void add_glow(const Vec3& at_G, float radius_m, float nearer_m, const Colour& colour, float alpha, const Vec3& origin_G,
              const Vec3& eye_G, Triangles<StrokeVertex>& out) {
  const Vec3f sight = (eye_G - at_G).normalized().cast<float>();
  const Vec3f at = (at_G - origin_G).cast<float>() + nearer_m * sight;
  Vec3f a, b;
  frame_of(sight, a, b);
  constexpr std::uint32_t kSides = 24;
  const auto first = static_cast<std::uint32_t>(out.vertices.size());
  out.vertices.push_back({packed(at), {0, 0, 0}, packed(colour, alpha)});
  // Three rings, falling like a bell.
  const std::array<std::pair<float, float>, 3> rings = {{{0.33f, 0.72f}, {0.62f, 0.26f}, {1, 0}}};
  for (const auto& [radius, share] : rings)
    for (std::uint32_t k = 0; k < kSides; ++k) {
      const float angle = 2 * static_cast<float>(M_PI) * static_cast<float>(k) / kSides;
      const Vec3f p = at + radius * radius_m * (std::cos(angle) * a + std::sin(angle) * b);
      out.vertices.push_back({packed(p), {0, 0, 0}, packed(colour, share * alpha)});
    }
  for (std::uint32_t k = 0; k < kSides; ++k) {
    const std::uint32_t next = (k + 1) % kSides, ring = first + 1;
    for (std::uint32_t i : {first, ring + k, ring + next}) out.indices.push_back(i);
    for (std::uint32_t r = 0; r + 1 < rings.size(); ++r) {
      const std::uint32_t in = ring + r * kSides, outer = in + kSides;
      for (std::uint32_t i : {in + k, outer + k, outer + next, in + k, outer + next, in + next})
        out.indices.push_back(i);
    }
  }
}

}  // namespace hipspine
