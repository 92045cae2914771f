/// Thoracic spine, rib cage, shoulder girdle.
#include <cmath>
#include <numbers>
#include <optional>

#include "render/shapes/bones.h"

namespace hipspine {
namespace {

constexpr int kFirstUpper = 4;  // T9 and below ride on the lower thorax link, T8 and above on the upper

Vec3 hermite(const Vec3& a, const Vec3& da, const Vec3& b, const Vec3& db, double t) {
  const double t2 = t * t, t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * a + (t3 - 2 * t2 + t) * da + (3 * t2 - 2 * t3) * b + (t3 - t2) * db;
}

}  // namespace

std::array<Transform, 13> thoracic_column(const Landmarks& at) {
  const Vec3 p8 = at.joint("thoracic_LB"), top = p8 + at.body("head_neck").p;
  const Vec3 start = at.disc(kLevels - 1).R.col(1);
  const Vec3 middle(0.02, 1, 0), end(0.42, 0.91, 0);  // chosen: kyphosis, upright at T8/T9
  std::array<Vec3, 13> p;
  for (int i = 0; i <= 4; ++i)
    p[i] = hermite(Vec3::Zero(), p8.norm() * start, p8, p8.norm() * middle, std::pow(i / 4.0, 0.96));
  const double l = (top - p8).norm();
  for (int i = 4; i <= 12; ++i)
    p[i] = hermite(p8, 1.05 * l * middle, top, l * end.normalized(), std::pow((i - 4) / 8.0, 0.94));
  std::array<Transform, 13> column;
  for (int i = 0; i < 13; ++i) {
    const Vec3 y = i == 0 ? start : i == 12 ? Vec3(end.normalized()) : Vec3((p[i + 1] - p[i - 1]).normalized());
    Mat3 R;
    R << y.cross(Vec3::UnitZ()), y, Vec3::UnitZ();
    column[i] = {R, p[i]};
  }
  return column;
}

namespace {

Transform moved(const Transform& t, const Vec3& by) { return {t.R, t.p + by}; }

/// Vertebra T(12-i) between the frames i and i+1.
void add_thoracic(const std::array<Transform, 13>& column, int i, const Vec3& offset,
                  const std::optional<Transform>& end, Shape& s) {
  const Transform low = moved(column[i], -offset), high = moved(column[i + 1], -offset);
  const double t = i / 11.0;  // 0 at T12, 1 at T1
  VertebraBody body;
  const double gap = 3.3 - 1.4 * t;
  body.below = end ? *end : Transform{low.R, low.p + gap * low.R.col(1)};
  body.above = {high.R, high.p - gap * high.R.col(1)};
  body.half_depth = 16.5 - 8 * t;
  body.half_width = 21.5 - 7.5 * t + 3 * std::max(0.0, t - 0.8) * 5 * 0.5;
  body.waist = 0.86;
  add_vertebral_body(body, 3.2, s);
  const Vec3 up = (high.p - low.p).normalized(), forward = up.cross(Vec3::UnitZ());
  const Vec3 c = 0.5 * (low.p + high.p);
  const double h = 0.5 * (high.p - low.p).norm();
  const auto place = [&](double x, double y, double z) { return Vec3(c + x * forward + y * up + Vec3(0, 0, z)); };
  const double back = -body.half_depth, arch = back - 17;
  s.add_both(
      flat_tube({{place(back + 5, 0.35 * h, 10), 6}, {place(back - 11, 0.3 * h, 11.5), 6.2}}, Vec3::UnitZ(), 1.7), 3);
  // Laminae overlap like tiles.
  s.add_both(flat_tube({{place(arch + 4, 0.1 * h, 10), 0.95 * h}, {place(arch - 2, -0.15 * h, 0), 0.9 * h}},
                       Vec3(0.93, 0.2, 0.3), 3.2),
             4);
  const double low_end = i == 0 ? 1 : 0;  // T12 looks lumbar
  const Vec3 tip = place(arch - 25 - 4 * std::sin(std::numbers::pi * t),
                         -h - (i == 0 ? -6 : 12 * std::sin(std::numbers::pi * std::min(1.0, t + 0.1)) + 2), 0);
  s.add(flat_tube({{place(arch - 1, -0.25 * h, 0), 8},
                   {0.5 * (place(arch - 1, -0.2 * h, 0) + tip), 6.2},
                   {tip, 4.4 + 3 * low_end}},
                  Vec3::UnitZ(), 2.1),
        4);
  s.add(ball(tip, 3.4), 4);
  // Transverse processes, back and up; short at T11 and T12.
  const double reach = i == 0 ? 20 : i == 1 ? 24 : 30 + 3 * t;
  s.add_both(tube({{place(arch + 5, 0.25 * h, 13), 6.2},
                   {place(arch - 4, 0.35 * h, reach - 3), 4.6},
                   {place(arch - 5, 0.4 * h, reach), 5.0}}),
             4);
  // Articular processes, facing back and forward.
  s.add_both(ellipsoid(place(arch + 5, h + 1, 11), Vec3(3, 6.5, 5)), 3.5);
  if (i > 0) s.add_both(ellipsoid(place(arch - 0.5, -h + 1, 10.5), Vec3(3, 7, 5)), 3.5);
  s.cut(tube({{place(back - 7.4, -2 * h, 0), 7.6}, {place(back - 7.4, 2 * h, 0), 7.6}}), 2);
}

}  // namespace

void add_thorax(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones) {
  const auto column = thoracic_column(at);
  const Vec3 joint = at.joint("thoracic_LB");
  const int lower = at.link("thorax"), upper = at.link("thorax_upper");
  for (int i = 0; i < 12; ++i) {
    Bone bone;
    bone.name = i == 0 ? "thoracic12" : i < kFirstUpper ? "thoracic9_11" : "thoracic1_8";
    bone.link = i < kFirstUpper ? lower : upper;
    bone.step_mm = i == 0 ? 3.0 : 3.6;
    std::optional<Transform> below;
    if (i == 0) below = at.end_plate_above(kLevels - 1);  // T12 meets the last lumbar disc and its facets
    add_thoracic(column, i, i < kFirstUpper ? Vec3(Vec3::Zero()) : joint, below, bone.shape);
    if (i == 0) add_lower_facets(at, kLevels - 1, column[0] * Vec3(-32, 9, 10), bone.shape);
    bones.push_back(std::move(bone));
  }

  Bone sternum;
  sternum.name = "sternum";
  sternum.link = upper;
  sternum.step_mm = 4;
  Shape& s = sternum.shape;
  const Vec3 notch = Vec3(76, 256, 0) - joint, angle = Vec3(94, 212, 0) - joint, end = Vec3(134, 112, 0) - joint;
  const double thin = fine.at_least(5.0, sternum.step_mm);
  const Vec3 normal = (end - notch).cross(Vec3::UnitZ()).normalized();
  s.add(flat_tube({{notch + Vec3(3, -10, 0), 25}, {angle, 15}}, normal, 25 / (thin + 1)), 0);
  s.add_both(flat_tube({{notch + Vec3(2, -8, 12), 12}, {notch + Vec3(4, -14, 18), 13}}, normal, 12 / thin), 8);
  s.add(flat_tube(
            smooth({{angle, 14}, {angle + 0.4 * (end - angle), 15.5}, {angle + 0.8 * (end - angle), 17}, {end, 13}}, 3),
            normal, 15 / thin),
        6);
  s.add(flat_tube({{end, 8}, {end + Vec3(6, -26, 0), 4.5}}, normal, 1.6), 5);  // xiphoid process
  s.cut(ball(notch + Vec3(-1, 11, 0), 12), 5);
  s.cut_both(ball(notch + Vec3(0, 5, 27), 9), 4);
  bones.push_back(std::move(sternum));

  // Shoulder girdle on the upper thorax.
  const Vec3 shoulder = at.joint("arm_flex_r");
  Bone clavicle;
  clavicle.name = "clavicle_r";
  clavicle.link = upper;
  clavicle.side = kRight;
  const Vec3 acromion = shoulder + Vec3(-14, 30, 3);
  clavicle.made = sweep(smooth_sweep({{notch + Vec3(-2, 1, 19), 9, 9, {0, 1, 0}},
                                      {notch + Vec3(5, 5, 40), 6.5, 6.5, {0, 1, 0}},
                                      {notch + Vec3(8, 11, 70), 6, 6, {0, 1, 0}},
                                      {0.5 * (notch + acromion) + Vec3(8, 6, 26), 6, 5.8, {0, 1, 0}},
                                      {acromion + Vec3(-2, 3, -34), 7, 5.2, {0, 1, 0}},
                                      {acromion + Vec3(8, 3, -10), 9, 5, {0, 1, 0}}},
                                     5),
                        fine.cell > 1.2   ? 8
                        : fine.cell > 0.8 ? 10
                                          : 16);
  clavicle.shape.add(tube({{notch + Vec3(-2, 1, 19), 8},
                           {notch + Vec3(8, 11, 70), 6},
                           {acromion + Vec3(-2, 3, -34), 6},
                           {acromion + Vec3(8, 3, -10), 7}}),
                     0);
  bones.push_back(std::move(clavicle));

  Bone scapula;
  scapula.name = "scapula_r";
  scapula.link = upper;
  scapula.side = kRight;
  scapula.step_mm = 3.6;
  Shape& b = scapula.shape;
  const auto from = [&](double x, double y, double z) { return Vec3(shoulder + Vec3(x, y, z)); };
  Sheet blade;
  blade.rim = {from(-86, 29, -97),    from(-98, 10, -103),  from(-108, -30, -103), from(-112, -75, -97),
               from(-108, -110, -84), from(-99, -107, -74), from(-79, -74, -57),   from(-55, -44, -40),
               from(-36, -22, -25),   from(-28, 2, -22),    from(-36, 18, -38),    from(-64, 22, -71)};
  blade.surface = {from(-78, -10, -66), from(-91, -50, -74), from(-72, 14, -68), from(-60, -16, -48)};
  blade.facing = Vec3(-0.8, 0, 0.6);
  blade.half_middle = fine.at_least(2.6, scapula.step_mm);
  blade.half_rim = std::max(3.4, blade.half_middle);
  b.add(plate(blade), 0);
  b.add(tube(smooth(
            {{from(-99, -106, -75), 4}, {from(-74, -68, -54), 5}, {from(-50, -36, -34), 7}, {from(-31, -18, -25), 9}},
            3)),
        6);
  b.add(ellipsoid(from(-23, -3, -23), Vec3(11, 18, 8), rotation(Vec3::UnitY(), -0.6)), 8);  // glenoid
  b.add(flat_tube(smooth({{from(-101, 4, -99), 5},
                          {from(-93, 15, -70), 7.5},
                          {from(-80, 25, -40), 10.5},
                          {from(-58, 31, -14), 10},
                          {from(-38, 33, 0), 11},
                          {from(-17, 30, 4), 10.5}},
                         4),
                  Vec3(0.25, 1, 0), 1.9),
        7);
  b.add(flat_tube({{from(-80, 10, -62), 8}, {from(-48, 14, -30), 15}}, Vec3(0.5, 0.3, -0.6), 3.0), 8);
  b.add(tube(smooth(
            {{from(-24, 16, -26), 8}, {from(-8, 24, -34), 6.5}, {from(10, 18, -26), 5.5}, {from(19, 8, -16), 5}}, 3)),
        7);  // coracoid
  b.cut(ball(Vec3(shoulder), 26), 2);
  bones.push_back(std::move(scapula));
}

}  // namespace hipspine
