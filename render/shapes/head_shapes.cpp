/// Skull, jaw and cervical spine; they ride on the upper thorax.
#include <cmath>
#include <numbers>

#include "render/shapes/bones.h"

namespace hipspine {
namespace {

void add_cervical(const Vec3& low, const Vec3& high, int number, Shape& s) {  // number: C7 = 7
  const Vec3 up = (high - low).normalized(), forward = up.cross(Vec3::UnitZ());
  Mat3 R;
  R << forward, up, Vec3::UnitZ();
  const double t = (7 - number) / 6.0;
  VertebraBody body{{R, low + 1.6 * up}, {R, high - 1.6 * up}, 8.2, 12.5 - 2 * t, 0.9};
  add_vertebral_body(body, 1.5, s);
  const Vec3 c = 0.5 * (low + high);
  const auto place = [&](double x, double y, double z) { return Vec3(c + x * forward + y * up + Vec3(0, 0, z)); };
  s.add_both(flat_tube({{place(-6, 0, 10), 4.5}, {place(-14, 0, 17), 6.5}}, Vec3::UnitY(), 1.0), 3);  // pedicle
  s.add_both(ellipsoid(place(-13, 0, 19), Vec3(7, 8, 6.5), rotation(Vec3::UnitZ(), 0.5)), 3);  // articular pillar
  s.add_both(flat_tube({{place(-16, -1, 16), 6.5}, {place(-28, -3, 2), 6}}, Vec3(0.7, 0.2, 0.6), 2.2), 3);  // lamina
  s.add_both(tube({{place(-2, 0, 11), 4}, {place(-3, -1, 21), 3.6}}), 3);  // transverse
  const double reach = number == 7 ? 30 : number == 2 ? 20 : 15 + 2 * (6 - number) * 0.3;
  s.add(flat_tube({{place(-28, -3, 0), 5}, {place(-30 - reach, -9, 0), 4.2}}, Vec3::UnitZ(), 1.5), 3);
  s.cut(tube({{place(-17, -30, 0), 9}, {place(-17, 30, 0), 9}}), 2);
}

}  // namespace

void add_head(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones) {
  const Vec3 base = at.body("head_neck").p;  // C7/T1
  const auto p = [&](double x, double y, double z) { return Vec3(base + Vec3(x, y, z)); };
  const auto new_neck = [&] {
    Bone neck;
    neck.name = "cervical_spine";
    neck.link = at.link("head_neck");
    neck.step_mm = 3.2;
    return neck;
  };
  const std::array<Vec3, 7> discs = {p(0, 0, 0),   p(5, 16, 0),      p(9, 31.5, 0), p(12, 46.5, 0),
                                     p(13, 61, 0), p(12.5, 75.5, 0), p(11, 93, 0)};
  for (int i = 0; i < 6; ++i) {
    bones.push_back(new_neck());
    add_cervical(discs[i], discs[i + 1], 7 - i, bones.back().shape);
  }
  Bone neck = new_neck();
  // Atlas as a ring round the tooth of the axis.
  neck.shape.add(tube({{p(11, 90, 0), 5}, {p(12, 106, 0), 4.4}}), 3);
  std::vector<TubeNode> ring;
  for (int k = 0; k <= 16; ++k) {
    const double a = 2 * std::numbers::pi * k / 16;
    ring.push_back({p(0 + 19 * std::cos(a), 104 + 1 * std::cos(a), 17 * std::sin(a)), 4.6});
  }
  neck.shape.add(tube(ring), 2);
  neck.shape.add_both(ellipsoid(p(8, 105, 19), Vec3(9, 7.5, 8)), 4);
  neck.shape.add_both(tube({{p(2, 104, 20), 5}, {p(-1, 103, 37), 4}}), 4);
  bones.push_back(std::move(neck));

  Bone neck_discs;
  neck_discs.name = "cervical_discs";
  neck_discs.tissue = Tissue::cartilage;
  neck_discs.link = at.link("head_neck");
  neck_discs.step_mm = 3.2;
  for (int i = 0; i < 6; ++i)
    neck_discs.shape.add(
        ellipsoid(discs[i], Vec3(8.4, fine.at_least(3.4, 3.2), 11.8), rotation(Vec3::UnitZ(), -0.3 + 0.05 * i)), 0);
  bones.push_back(std::move(neck_discs));

  Bone skull;
  skull.name = "skull";
  skull.link = at.link("head_neck");
  skull.step_mm = 4.8;
  skull.care = 1.35;
  Shape& s = skull.shape;
  // Braincase: forehead, crown and occiput.
  s.add(ellipsoid(p(4, 166, 0), Vec3(88, 64, 68)), 0);
  s.add(ellipsoid(p(-18, 168, 0), Vec3(70, 62, 72)), 30);
  s.add(ellipsoid(p(-36, 146, 0), Vec3(53, 44, 55)), 30);                                       // occiput
  s.add(ellipsoid(p(52, 168, 0), Vec3(45, 42, 53)), 25);                                        // forehead
  s.add(ellipsoid(p(10, 122, 0), Vec3(45, 14, 46)), 20);                                        // base
  s.cut_both(ellipsoid(p(50, 140, 83), Vec3(46, 36, 19), rotation(Vec3::UnitY(), -0.22)), 18);  // temples
  s.add_both(ellipsoid(p(8, 108, 50), Vec3(11, 18, 9), rotation(Vec3::UnitZ(), 0.3)), 9);       // mastoid
  s.add_both(ellipsoid(p(9, 113, 15), Vec3(11, 7, 7)), 5);                                      // condyles
  s.add(ellipsoid(p(-72, 133, 0), Vec3(10, 8, 16)), 14);                                        // inion
  // Brow, nasal bones, cheek bones and arches, upper jaw.
  s.add_both(tube(smooth({{p(93, 149, 10), 6}, {p(92, 155, 28), 6}, {p(80, 150, 46), 6.5}, {p(71, 138, 52), 6}}, 3)),
             9);
  s.add(ellipsoid(p(72, 124, 0), Vec3(24, 26, 29)), 12);
  s.add(tube({{p(92, 150, 0), 7.5}, {p(97, 140, 0), 5.5}, {p(104, 129, 0), 4.2}}), 6);
  s.add_both(tube({{p(91, 140, 10), 5.5}, {p(90, 118, 17), 6.5}}), 6);
  s.add_both(ellipsoid(p(77, 114, 45), Vec3(13, 13, 12)), 9);
  s.add_both(tube({{p(74, 116, 49), 7}, {p(72, 136, 52), 5}}), 7);
  s.add_both(
      flat_tube(smooth({{p(70, 113, 54), 6.5}, {p(52, 110, 61), 5.2}, {p(32, 111, 64), 4.8}, {p(14, 117, 60), 5.2}}, 3),
                Vec3::UnitZ(), 1.3),
      5);
  s.add(ellipsoid(p(74, 98, 0), Vec3(24, 20, 30)), 10);
  std::vector<TubeNode> upper_row, upper_gum, lower_row, lower_gum, lower_base;
  for (int k = -8; k <= 8; ++k) {
    const double a = k / 8.0 * 1.35;
    const double c = std::cos(a), w = std::sin(a);
    upper_row.push_back({p(64 + 34 * c, 84, 29 * w), 5.2});
    upper_gum.push_back({p(63 + 33 * c, 93, 29 * w), 6.6});
    lower_row.push_back({p(62.5 + 33.5 * c, 75, 27.5 * w), 4.8});
    lower_gum.push_back({p(61 + 33 * c, 65, 28 * w), 6.6});
    lower_base.push_back({p(58 + 35 * c, 55, 31 * w), 6.8});
  }
  s.add(tube(upper_gum), 8);
  s.add(tube(upper_row), 2);
  // Teeth are only hinted at: notches between them.
  for (int k = -7; k <= 7; ++k) {
    const double a = k / 8.0 * 1.35, c = std::cos(a), w = std::sin(a);
    s.cut(tube({{p(64 + 40.5 * c, 74, 34.5 * w), 1.6}, {p(64 + 40.5 * c, 84, 34.5 * w), 1.2}}), 1.5);
  }
  s.cut(ellipsoid(p(62, 78, 0), Vec3(27, 17, 21)), 4);  // roof of the mouth
  // Orbits, opening forward and a little outward, and the nasal opening.
  s.cut_both(tube({{p(66, 134, 25), 9}, {p(84, 133, 31), 17}, {p(112, 131, 39), 21.5}}), 4.5);
  s.cut_both(tube({{p(112, 108, 5), 8.5}, {p(84, 108, 4), 7.5}}), 4);
  s.cut(tube({{p(112, 124, 0), 6.5}, {p(84, 119, 0), 7}}), 5);

  s.cut(ball(p(-8, 104, 0), 14), 5);                                    // foramen magnum
  s.cut_both(tube({{p(20, 121, 52), 3.4}, {p(19, 120, 80), 5}}), 2.5);  // ear
  bones.push_back(std::move(skull));

  Bone jaw;
  jaw.name = "mandible";
  jaw.link = at.link("head_neck");
  jaw.step_mm = 4;
  jaw.care = 1.3;
  Shape& j = jaw.shape;
  j.add(tube(lower_row), 0);
  j.add(tube(lower_gum), 2.5);
  j.add(tube(lower_base), 8);
  j.add(flat_tube(smooth({{p(93, 46, -1), 10.5},
                          {p(91, 46, 10), 10.5},
                          {p(80, 47, 24), 10.5},
                          {p(60, 51, 36), 10.5},
                          {p(40, 56, 43), 12},
                          {p(28, 63, 46), 12.5}},
                         4),
                  Vec3(0.55, 0.12, 0.75), 2.0),
        8);
  j.add(mirrored(flat_tube(smooth({{p(93, 46, -1), 10.5},
                                   {p(91, 46, 10), 10.5},
                                   {p(80, 47, 24), 10.5},
                                   {p(60, 51, 36), 10.5},
                                   {p(40, 56, 43), 12},
                                   {p(28, 63, 46), 12.5}},
                                  4),
                           Vec3(0.55, 0.12, 0.75), 2.0)),
        8);
  j.add_both(flat_tube(smooth({{p(27, 61, 47), 15}, {p(24, 80, 49), 14}, {p(24, 96, 50), 13}}, 3), Vec3(0.15, 0, 1),
                       15 / fine.at_least(4.6, jaw.step_mm)),
             6);
  j.add_both(tube({{p(18, 92, 50), 5.5}, {p(13, 108, 51), 6}}), 5);
  j.add_both(ellipsoid(p(13, 110, 51), Vec3(5.5, 5, 9)), 4);
  j.add_both(tube({{p(35, 92, 50), 5}, {p(40, 107, 50), 4}}), 5);
  j.add(ellipsoid(p(99, 42, 0), Vec3(7, 8, 13)), 9);
  for (int k = -7; k <= 7; ++k) {
    const double a = k / 8.0 * 1.35, c = std::cos(a), w = std::sin(a);
    j.cut(tube({{p(62.5 + 40 * c, 78, 33 * w), 1.6}, {p(62.5 + 40 * c, 69, 33 * w), 1.2}}), 1.5);
  }
  bones.push_back(std::move(jaw));
}

}  // namespace hipspine
