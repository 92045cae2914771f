/// Thigh, shank and foot of the right side.
#include "render/shapes/bones.h"

namespace hipspine {

void add_thigh(const Landmarks& at, std::vector<Bone>& bones) {
  Bone bone;
  bone.name = "femur_r";
  bone.link = at.link("femur_r");
  bone.side = kRight;
  bone.step_mm = 4;
  bone.stretch = 3;
  bone.from_y = -340;
  bone.to_y = -85;
  Shape& s = bone.shape;
  const Vec3 knee = at.joint("knee_angle_r");
  // Proximal end: the trochanters hang on gluteus medius, minimus and psoas.
  const Vec3 greater = (at.muscle("glmed1_r", 1) + at.muscle("glmed2_r", 1) + at.muscle("glmin_r", 1)) / 3;
  const Vec3 lesser = at.muscle("psoas_L3_r", 1);
  s.add(ball(Vec3::Zero(), 24), 0);
  s.add(tube(smooth({{{-1, -6, 10}, 15.5}, {{-4, -16, 24}, 14.5}, {{-6, -30, 38}, 18}}, 3)), 8);
  s.add(ellipsoid(greater + Vec3(2, -16, -9), Vec3(16, 23, 13), rotation(Vec3::UnitX(), -0.15)), 10);
  s.add(ellipsoid(greater + Vec3(-6, -5, -9), Vec3(10, 13, 9)), 7);
  s.add(ellipsoid(lesser + Vec3(5, -1, 3), Vec3(8.5, 11, 8)), 9);
  s.add(tube({{greater + Vec3(-8, -10, -8), 6}, {lesser + Vec3(1, 4, 8), 5}}), 8);  // intertrochanteric crest
  // Shaft, bowed forward, with the rough line behind.
  s.add(tube(smooth({{{-6, -44, 39}, 18},
                     {{-1, -75, 36.5}, 15.2},
                     {{8, -120, 32}, 13.8},
                     {{15.5, -185, 27}, 13.2},
                     {{17.5, -240, 21}, 13.2},
                     {{15.5, -300, 13.5}, 14.2},
                     {{12.5, -345, 7}, 17},
                     {{9, -378, 2}, 21}},
                    6)),
        9);
  s.add(
      tube(smooth(
          {{{-8, -95, 32}, 4}, {{-1, -150, 29}, 4}, {{5, -215, 22}, 4.5}, {{4, -280, 16}, 4}, {{1, -330, 11}, 4}}, 3)),
      8);
  s.add(flat_tube({{{9, -372, 1}, 27}, {{6, -392, -1}, 35}}, Vec3::UnitX(), 1.7), 12);
  // Condyles round the knee's axis, trochlea in front, the notch between.
  const auto condyle = [&](double z, double half_z) {
    s.add(ellipsoid(knee + Vec3(-6, 1, z), Vec3(26, 24, half_z)), 9);
    s.add(ellipsoid(knee + Vec3(14, 2, z * 0.92), Vec3(23, 23.5, half_z)), 10);
  };
  condyle(-23, 15.5);
  condyle(23.5, 15);
  s.add(ellipsoid(knee + Vec3(18, 18, 0.5), Vec3(19.5, 22, 25)), 12);
  s.add(ellipsoid(knee + Vec3(-2, 12, -36), Vec3(10, 11, 8)), 9);  // epicondyles
  s.add(ellipsoid(knee + Vec3(-2, 10, 35), Vec3(10, 10, 7)), 9);
  s.cut(tube({{knee + Vec3(-44, -8, 0), 11.5}, {knee + Vec3(-8, -20, 0.5), 10}, {knee + Vec3(10, -31, 0.5), 9}}), 5);
  s.cut(tube({{knee + Vec3(29, -28, 1), 6},
              {knee + Vec3(43, -8, 1), 8},
              {knee + Vec3(45, 12, 1), 8},
              {knee + Vec3(44, 30, 1), 6}}),
        8);
  bones.push_back(std::move(bone));

  Bone patella;
  patella.name = "patella_r";
  patella.link = at.link("patella_r");
  patella.side = kRight;
  patella.step_mm = 3.4;
  const Vec3 com = at.model.bodies[at.model.body("patella_r")].p_com_B * (1000 / at.model.length_scale);
  const Vec3 c = at.body("patella_r") * com;
  patella.shape.add(ellipsoid(c + Vec3(0, 3, 0), Vec3(9, 17.5, 20)), 0);
  patella.shape.add(ellipsoid(c + Vec3(-1, -11, 0), Vec3(7, 13, 11)), 10);
  patella.shape.cut_both(ellipsoid(c + Vec3(-15, 3, 13), Vec3(10, 22, 15)), 4);
  bones.push_back(std::move(patella));
}

void add_shank(const Landmarks& at, std::vector<Bone>& bones) {
  const Vec3 o = at.body("tibia_r").p;
  const Vec3 ankle = at.joint("ankle_angle_r");
  const auto p = [&](double x, double y, double z) { return Vec3(o + Vec3(x, y, z)); };
  Bone tibia;
  tibia.name = "tibia_r";
  tibia.link = at.link("tibia_r");
  tibia.side = kRight;
  tibia.step_mm = 4;
  tibia.stretch = 3;
  tibia.from_y = -330;
  tibia.to_y = -100;
  Shape& s = tibia.shape;
  s.add(tube(smooth({{p(-2, -56, 0), 26},
                     {p(3, -82, -1), 18.5},
                     {p(7, -115, -3), 14},
                     {p(8, -200, -5), 12},
                     {p(4, -280, -6), 11.2},
                     {p(-3, -338, -4), 13.2},
                     {p(-8, -366, -3), 19},
                     {p(-9, -378, -4), 21}},
                    6)),
        0);
  s.add(ellipsoid(p(-4, -47, -20), Vec3(25, 14, 19)), 9);
  s.add(ellipsoid(p(-5, -47, 20), Vec3(23, 14, 19)), 9);
  s.add(flat_tube({{p(23, -56, 0), 10}, {p(27, -66, 0), 9.5}, {p(22, -88, -1), 7}}, Vec3::UnitX(), 1.2),
        9);  // tuberosity
  s.add(tube(smooth({{p(20, -90, -1), 5.5}, {p(18.5, -150, 0), 4.5}, {p(15.5, -220, -1), 4.5}, {p(6, -320, -5), 4.5}},
                    3)),
        10);
  s.cut(box(p(0, -35.5 + 20, 0), Vec3(70, 20, 70), 0.5), 3.5);  // plateau
  s.add_both(ellipsoid(p(-4, -36, 5), Vec3(7, 5, 3.6)), 3);
  s.cut_both(ellipsoid(p(-4, -29, 22), Vec3(20, 8.5, 15)), 4);
  s.add(tube({{ankle + Vec3(1, 28, -17), 12}, {ankle + Vec3(2, 5, -23), 9}, {ankle + Vec3(3, -8, -24), 6.5}}),
        8);  // inner ankle
  s.cut(tube({{ankle + Vec3(0, -1, -15.5), 21.5}, {ankle + Vec3(0, -1, 40), 21.5}}), 2.5);
  bones.push_back(std::move(tibia));

  Bone menisci;  // pads between the plateau and the condyles
  menisci.name = "menisci_r";
  menisci.tissue = Tissue::cartilage;
  menisci.link = at.link("tibia_r");
  menisci.side = kRight;
  menisci.step_mm = 3.2;
  for (const double z : {-21.0, 21.5}) {
    menisci.shape.add(ellipsoid(p(-4, -33, z), Vec3(22, 6.5, 16.5)), 0.5);
    menisci.shape.cut(ellipsoid(Vec3(-4, 1, z), Vec3(27, 24.4, 17)), 1);
  }
  menisci.shape.cut(box(p(0, -36.2 - 20, 0), Vec3(70, 20, 70), 0.5), 1);
  bones.push_back(std::move(menisci));

  Bone fibula;
  fibula.name = "fibula_r";
  fibula.link = at.link("tibia_r");
  fibula.side = kRight;
  fibula.step_mm = 3.8;
  fibula.stretch = 3;
  fibula.from_y = -340;
  fibula.to_y = -85;
  Shape& f = fibula.shape;
  const Vec3 head = at.muscle("bflh_r", 1) + Vec3(5, -5, -2);
  f.add(ellipsoid(head + Vec3(0, -3, 0), Vec3(9.5, 12, 9)), 0);
  f.add(tube(smooth({{head + Vec3(0, -10, 0), 7},
                     {head + Vec3(2, -35, -1), 5.8},
                     {p(-24, -150, 32), 6.4},
                     {p(-23, -250, 30), 6.2},
                     {p(-20, -330, 26), 6.2},
                     {ankle + Vec3(-8, 12, 24), 8.2}},
                    5)),
        6);
  f.add(ellipsoid(ankle + Vec3(-7, -4, 25), Vec3(9, 18, 7.5)), 6);
  bones.push_back(std::move(fibula));
}

namespace {

/// A long bone of the hand or foot: waisted shaft between two knuckles.
void add_ray(const Vec3& base, const Vec3& head, double base_r, double shaft_r, double head_r, double blend, Shape& s) {
  const Vec3 d = head - base;
  s.add(
      tube(smooth(
          {{base + 0.06 * d, base_r}, {base + 0.3 * d, shaft_r}, {base + 0.62 * d, shaft_r}, {base + 0.95 * d, head_r}},
          3)),
      blend);
}

}  // namespace

void add_foot(const Landmarks& at, std::vector<Bone>& bones) {
  const Vec3 ankle_C = -at.joint("subtalar_angle_r");  // ankle centre in the heel bone's frame
  {
    Bone talus;
    talus.name = "talus_r";
    talus.link = at.link("talus_r");
    talus.side = kRight;
    talus.step_mm = 3.4;
    Shape& s = talus.shape;
    s.add(tube({{{0, -1, -10}, 18.2}, {{0, -1, 10}, 18.2}}), 0);
    s.cut(tube({{{-30, 20, 0}, 4}, {{30, 20, 0}, 4}}), 5);  // saddle of the dome
    s.cut_both(box({0, 0, 25.5}, Vec3(60, 60, 10), 1), 3);  // sides under the ankles
    s.cut(box({0, -37, 0}, Vec3(60, 17, 60), 3, rotation(Vec3::UnitZ(), -0.15)), 5);
    s.add(tube(smooth({{{10, -8, -3}, 12}, {{22, -12, -8}, 10.5}, {{31, -15, -12}, 12.5}}, 2)), 7);  // neck and head
    s.add(ball({-15, -13, 3}, 7), 6);
    bones.push_back(std::move(talus));
  }
  const Vec3 heel = at.sole(0), first = at.sole(1), fifth = at.sole(2);
  const double floor = heel.y();
  Bone hind;
  hind.name = "calcaneus_r";
  hind.link = at.link("calcn_r");
  hind.side = kRight;
  hind.step_mm = 3.8;
  {
    Shape& s = hind.shape;
    s.add(ellipsoid(Vec3(heel.x() + 10, floor + 24.5, -2), Vec3(19, 24, 14.5), rotation(Vec3::UnitZ(), 0.25)), 0);
    s.add(flat_tube(smooth({{{14, 6, -2}, 18}, {{38, 7, 0}, 16.5}, {{60, 3, 6}, 14}, {{74, 1, 10}, 13.5}}, 3),
                    Vec3::UnitZ(), 1.25),
          9);
    s.add(ellipsoid(ankle_C + Vec3(-8, -25, 6), Vec3(15, 7, 12), rotation(Vec3::UnitZ(), -0.3)), 7);  // under the talus
    s.add(ellipsoid(ankle_C + Vec3(6, -25, -12), Vec3(11, 6, 9)), 6);                                 // sustentaculum
    s.add(ellipsoid(Vec3(heel.x() + 16, floor + 8, -8), Vec3(11, 7, 8)), 5);
    s.add(ellipsoid(Vec3(heel.x() + 16, floor + 8, 5), Vec3(10, 6.5, 7)), 5);
    s.cut(box({92, 0, 10}, Vec3(14, 30, 40), 1), 2);
    s.cut(tube({{ankle_C + Vec3(0, -1, -12), 20}, {ankle_C + Vec3(0, -1, 14), 20}}), 3);
  }
  bones.push_back(std::move(hind));

  Bone fore;
  fore.name = "forefoot_r";
  fore.link = at.link("calcn_r");
  fore.side = kRight;
  fore.step_mm = 3.5;
  Shape& s = fore.shape;
  s.add(ellipsoid(ankle_C + Vec3(46.5, -20, -14), Vec3(9, 14, 17.5), rotation(Vec3::UnitY(), 0.2)), 0);  // navicular
  s.add(box({92, 2, 13}, Vec3(14, 11.5, 12.5), 7, rotation(Vec3::UnitY(), -0.2)), 1.5);                  // cuboid
  s.add(box({113, 13, -28}, Vec3(11.5, 13, 8.5), 6), 1.5);                                               // cuneiforms
  s.add(box({111, 19, -13}, Vec3(9.5, 11, 7.5), 5), 1.5);
  s.add(box({110, 15, 0.5}, Vec3(11, 10.5, 7.5), 5), 1.5);
  struct Ray {
    Vec3 base, head, toe;
    double base_r, shaft_r, head_r;
  };
  const auto on_floor = [&](const Vec3& sole, double r, double dx, double dz) {
    return Vec3(sole.x() + dx, floor + r, sole.z() + dz);
  };
  const Vec3 across = (fifth - first) / 4;
  const Ray rays[5] = {
      {{122, 12, -29}, on_floor(first, 11, -2, 1), on_floor(first, 8, 52, 5), 11.5, 8, 10.8},
      {{120, 19, -13.5}, on_floor(first + across, 9.5, 9, -1), on_floor(first + across, 6.5, 52, 2), 8.5, 5.2, 7},
      {{119, 15, 0}, on_floor(first + 2 * across, 8.8, 6, 0), on_floor(first + 2 * across, 6, 46, 0), 8, 4.9, 6.6},
      {{107, 8, 10}, on_floor(first + 3 * across, 8.4, 4, 0), on_floor(first + 3 * across, 6, 40, -2), 8, 4.8, 6.4},
      {{101, 1, 20}, on_floor(fifth, 8.4, 1, -1), on_floor(fifth, 6, 35, -4), 8, 5.0, 6.6}};
  for (int i = 0; i < 5; ++i) {
    const Ray& r = rays[i];
    add_ray(r.base, r.head, r.base_r, r.shaft_r, r.head_r, 1.2, s);
    // Two phalanges in the great toe, three in the others.
    const Vec3 from = r.head + Vec3(8, -0.5, 0), d = r.toe - from;
    if (i == 0) {
      add_ray(from + Vec3(3, 0, 0), from + 0.55 * d + Vec3(0, 1.5, 0), 9, 6.6, 8, 0.8, s);
      s.add(flat_tube({{from + 0.72 * d, 7.6}, {from + 0.9 * d, 5.8}, {r.toe, 6.6}}, Vec3::UnitY(), 1.2), 0.8);
    } else {
      add_ray(from + Vec3(1, 0, 0), from + 0.5 * d + Vec3(0, 3, 0), 6.2, 4.2, 5.2, 0.8, s);
      add_ray(from + 0.62 * d + Vec3(0, 2.6, 0), from + 0.78 * d + Vec3(0, 1, 0), 5, 4.4, 4.8, 0.8, s);
      s.add(tube({{from + 0.88 * d, 4.8}, {r.toe, 4.4}}), 0.8);
    }
  }
  s.add(ellipsoid(Vec3(90, -6, 27), Vec3(11, 6, 5.5), rotation(Vec3::UnitY(), -0.25)), 6);  // styloid of the fifth
  s.add(ellipsoid(first + Vec3(-4, 4.6, 6), Vec3(6, 4.5, 4)), 1);                           // sesamoids
  s.add(ellipsoid(first + Vec3(-4, 4.6, -5), Vec3(6, 4.5, 4)), 1);
  bones.push_back(std::move(fore));
}

}  // namespace hipspine
