/// Upper arm, forearm and hand of the right side, hanging, the palm towards the thigh; one link carries them.
#include <cmath>

#include "render/shapes/bones.h"

namespace hipspine {
namespace {

/// A long bone of the hand: waisted shaft between two knuckles.
void add_ray(const Vec3& base, const Vec3& head, double base_r, double shaft_r, double head_r, Shape& s) {
  const Vec3 d = head - base;
  s.add(
      tube(smooth(
          {{base + 0.08 * d, base_r}, {base + 0.3 * d, shaft_r}, {base + 0.65 * d, shaft_r}, {base + 0.94 * d, head_r}},
          2)),
      0.8);
}

}  // namespace

void add_arm(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones) {
  const int link = at.link("arm_r");
  const Vec3 elbow(6, -286, -2), wrist(34, -528, 10);
  Bone humerus;
  humerus.name = "humerus_r";
  humerus.link = link;
  humerus.side = kRight;
  humerus.step_mm = 4.2;
  humerus.stretch = 3;
  humerus.from_y = -235;
  humerus.to_y = -65;
  Shape& h = humerus.shape;
  h.add(ball({-1, 0, -2}, 23), 0);
  h.add(ellipsoid({5, -6, 11}, Vec3(17, 22, 14)), 8);  // tubercles
  h.add(ellipsoid({17, -9, 2}, Vec3(8, 14, 7)), 6);

  h.add(tube(smooth({{{3, -22, 5}, 18},
                     {{4, -52, 7}, 13.5},
                     {{4, -110, 5}, 11},
                     {{3, -180, 2}, 10.5},
                     {{4, -235, 0}, 11.5},
                     {elbow + Vec3(-1, 26, 0), 14}},
                    5)),
        9);
  h.add(ellipsoid({6, -120, 10}, Vec3(8, 24, 7)), 9);  // deltoid tuberosity
  h.add(flat_tube({{elbow + Vec3(-1, 40, 0), 15}, {elbow + Vec3(0, 12, -1), 24}}, Vec3::UnitX(), 2.2), 9);
  h.add(ellipsoid(elbow + Vec3(0, 9, -26), Vec3(7, 10, 8)), 7);  // inner epicondyle
  h.add(ellipsoid(elbow + Vec3(0, 9, 22), Vec3(7, 10, 6)), 7);
  h.add(tube({{elbow + Vec3(2, 0, -19), 11.5}, {elbow + Vec3(2, 0, -7), 9}, {elbow + Vec3(2, 0, 2), 10.5}}),
        4);                                                        // trochlea
  h.add(ball(elbow + Vec3(4, 0, 14), 10.5), 4);                    // capitulum
  h.cut(ellipsoid(elbow + Vec3(-14, 16, -5), Vec3(8, 10, 9)), 4);  // olecranon fossa
  bones.push_back(std::move(humerus));

  Bone forearm;
  forearm.name = "forearm_r";
  forearm.link = link;
  forearm.side = kRight;
  forearm.step_mm = 3.9;
  forearm.stretch = 3;
  forearm.from_y = wrist.y() + 45;
  forearm.to_y = elbow.y() - 50;
  Shape& f = forearm.shape;
  // Ulna behind and inside, radius in front and outside: the forearm half turned.
  f.add(tube(smooth({{elbow + Vec3(-15, 10, -6), 9.5},
                     {elbow + Vec3(-13, -14, -6), 11},
                     {elbow + Vec3(-4, -50, -8), 8},
                     {elbow + Vec3(3, -120, -10), 6.4},
                     {wrist + Vec3(-19, 60, -9), 5.4},
                     {wrist + Vec3(-15, 10, -7), 6.6}},
                    4)),
        0);
  f.add(ball(elbow + Vec3(6, -18, -6), 6.5), 6);  // coronoid process
  f.add(ball(wrist + Vec3(-18, 0, -7), 3.2), 4);
  f.cut(tube({{elbow + Vec3(2, 0, -26), 12.4}, {elbow + Vec3(2, 0, 10), 11.4}}), 2);
  f.add(tube({{elbow + Vec3(5, -14, 14), 10.5}, {elbow + Vec3(6, -20, 13), 10}}), 0.8);
  f.add(tube(smooth({{elbow + Vec3(6, -22, 13), 8},
                     {elbow + Vec3(9, -44, 8), 7.4},
                     {elbow + Vec3(20, -110, 8), 6.6},
                     {wrist + Vec3(6, 70, 4), 7.2},
                     {wrist + Vec3(5, 20, 3), 10}},
                    4)),
        1.5);
  f.add(ellipsoid(wrist + Vec3(4, 12, 2), Vec3(15, 12, 11)), 6);
  f.add(ball(wrist + Vec3(15, 3, 1), 5), 6);  // styloid
  f.cut(ellipsoid(wrist + Vec3(4, -6, 0), Vec3(17, 11, 13)), 2);
  bones.push_back(std::move(forearm));

  Bone hand;
  hand.name = "hand_r";
  hand.link = link;
  hand.side = kRight;
  hand.step_mm = 3.4;
  Shape& s = hand.shape;
  const auto w = [&](double x, double y, double z) { return Vec3(wrist + Vec3(x, y, z)); };
  for (const auto& [x, y, r] : {std::tuple{-7.0, -6.0, 7.5},
                                {5.0, -4.0, 8.5},
                                {15.0, -9.0, 7.5},
                                {-9.0, -18.0, 7.2},
                                {2.0, -17.0, 8.0},
                                {12.0, -20.0, 7.0},
                                {20.0, -20.0, 6.8}})
    s.add(ellipsoid(w(x, y, -1), Vec3(r, r, 0.95 * r)), 1);
  // Fingers, index in front; lightly bent inwards as a hanging hand's are.
  struct Finger {
    double x0, x1, length, y1, r;
  };
  const double thick = fine.cell > 1.2 ? 1.15 : 1.0;
  const std::array<Finger, 4> fingers = {
      {{14, 21, 80, -88, 1.0}, {5, 7, 89, -91, 1.05}, {-4, -7, 82, -86, 1.0}, {-12, -20, 64, -78, 0.9}}};
  for (const Finger& g : fingers) {
    const double r = g.r * thick;
    const Vec3 knuckle = w(g.x1, g.y1, -2);
    add_ray(w(g.x0, -27, 0), knuckle, 6.4 * r, 4.4 * r, 6.6 * r, s);
    Vec3 from = knuckle + Vec3(0, -6, -0.5);
    double bend = 0.16;
    const double spread = (g.x1 - 0) / 300;
    constexpr std::array<double, 3> kShare = {0.48, 0.29, 0.23};
    for (int k = 0; k < 3; ++k) {
      const Vec3 along(spread * std::cos(bend), -std::cos(bend), -std::sin(bend));
      const Vec3 to = from + kShare[k] * g.length * along;
      add_ray(from, to, (5.6 - 0.6 * k) * r, (3.9 - 0.4 * k) * r, (4.9 - 0.5 * k) * r, s);
      from = to + 3.2 * along;
      bend += 0.28;
    }
  }
  const double r = 1.05 * thick;
  add_ray(w(24, -24, -5), w(41, -60, -17), 6.6 * r, 4.8 * r, 6.4 * r, s);  // thumb
  add_ray(w(43, -66, -18), w(52, -92, -24), 6.0 * r, 4.2 * r, 5.2 * r, s);
  add_ray(w(53, -98, -25), w(57, -116, -30), 5.2 * r, 3.8 * r, 3.8 * r, s);
  bones.push_back(std::move(hand));
}

}  // namespace hipspine
