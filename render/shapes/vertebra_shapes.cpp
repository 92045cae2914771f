/// Lumbar vertebrae, hung on the disc frames below and above, the facet points and the attachments of the ligaments.
#include <cmath>
#include <numbers>

#include "render/shapes/bones.h"

namespace hipspine {

void add_vertebral_body(const VertebraBody& body, double blend, Shape& shape) {
  const Vec3 low = body.below.p, high = body.above.p;
  const Vec3 y = (high - low).normalized(), x = y.cross(Vec3::UnitZ());
  Mat3 R;
  R << x, y, Vec3::UnitZ();
  const double w = body.half_width, long_half = 0.5 * (high - low).norm();
  // Longer than the body, so that slanted end plates find bone everywhere.
  constexpr double kBeyond = 1.5;
  shape.add(drum(0.5 * (low + high), Vec3(body.half_depth, kBeyond * long_half, w), body.waist, long_half, R), 0);
  // Flat ends with a rounded rim.
  const double big = 2.2 * w;
  const auto end = [&](const Transform& plate, double sense) {
    const Vec3 up = plate.R.col(1);
    shape.cut(box(plate.p + sense * (0.5 * big) * up, Vec3(big, 0.5 * big, big), 0.5, plate.R), blend);
  };
  end(body.below, -1);
  end(body.above, 1);
}

namespace {

Mat3 facing(const Vec3& normal) {  // y up as far as it can, z along the normal
  const Vec3 z = normal.normalized();
  const Vec3 x = Vec3::UnitY().cross(z).normalized();
  Mat3 R;
  R << x, z.cross(x), z;
  return R;
}

}  // namespace

void add_upper_facets(const Landmarks& at, int level, const Vec3& root, Shape& shape) {
  // The superior process of the lower vertebra: outside the plane of contact, its bone behind its plate of cartilage.
  const Transform D = at.disc(level);
  const Vec3 n = D.R * at.facet_normal(level, 4), c = D * at.facet(level, 4);
  const double free = kFacetSlit_mm + kFacetPlate_mm;
  const Vec3 middle = c + (free + 3.6) * n + Vec3(0, -1.5, 0);
  Shape& s = shape;
  s.add_both(tube({{root, 6.2}, {middle + Vec3(0, -9, 0), 5.2}}), 4);
  s.add_both(ellipsoid(middle, Vec3(7.6, 10.5, 4.6), facing(n)), 4);
  s.add_both(ellipsoid(middle + 3.2 * n + Vec3(-3.5, 3, 0), Vec3(3.6, 4.5, 3.4)), 3);  // mammillary process
  s.cut_both(box(c + (free - 9) * n, Vec3(8.6, 14, 9), 1.5, facing(n)), 1.2);
}

void add_lower_facets(const Landmarks& at, int level, const Vec3& root, Shape& shape) {
  // The inferior process of the upper vertebra, drawn in that vertebra's link: its origin is the disc's centre.
  const Mat3 R = at.disc(level).R;
  const Vec3 n = R * at.facet_normal(level, 4), c = R * at.facet(level, 4);
  const Vec3 middle = c - (kFacetPlate_mm + 3.4) * n;
  shape.add_both(tube({{root, 6.0}, {middle + Vec3(0, 7, 0), 5.4}, {middle + Vec3(0, -5, 0), 4.2}}), 5);
  shape.add_both(ellipsoid(middle + Vec3(0, -0.5, 0), Vec3(6.6, 10.0, 4.2), facing(n)), 4);
  shape.cut_both(box(c + (9 - kFacetPlate_mm) * n, Vec3(8.6, 11, 9), 1.5, facing(n)), 1.2);
}

void add_lumbar_spine(const Landmarks& at, std::vector<Bone>& bones) {
  constexpr std::array<const char*, 5> kNames = {"lumbar5", "lumbar4", "lumbar3", "lumbar2", "lumbar1"};
  // chosen: distance of the pedicles from the midline and their width grow downwards
  constexpr std::array<double, 5> kPedicle = {18.5, 15.5, 14.2, 13.5, 13.0}, kPedicleHalf = {8.2, 6.4, 5.6, 5.0, 4.8};
  for (int v = 0; v < 5; ++v) {
    Bone bone;
    bone.name = kNames[v];
    bone.link = at.link(kNames[v]);
    bone.step_mm = 2.9;
    bone.care = 1.9;  // what the window is about
    Shape& s = bone.shape;
    const int below = v, above = v + 1;
    const Transform low{at.disc(below).R, Vec3::Zero()}, high = at.disc(above);
    const auto half_low = at.disc_half(below), half_high = at.disc_half(above);
    VertebraBody body;
    body.below = at.end_plate_above(below);
    body.above = at.end_plate_below(above);
    body.half_depth = 0.485 * (half_low[0] + half_high[0]);
    body.half_width = 0.485 * (half_low[1] + half_high[1]);
    body.waist = 0.84;
    add_vertebral_body(body, 4.5, s);

    const Vec3 up = (low.R.col(1) + high.R.col(1)).normalized(), forward = up.cross(Vec3::UnitZ());
    const Vec3 centre = 0.5 * (body.below.p + body.above.p);
    const double half_height = 0.5 * (body.above.p - body.below.p).norm();
    const auto place = [&](double x, double y, double z) {
      return Vec3(centre + x * forward + y * up + Vec3(0, 0, z));
    };
    const double back = -body.half_depth;
    const double pz = kPedicle[v];

    // Arch: pedicles from the upper half of the body, laminae between the attachments of the ligamenta flava.
    const Vec3 pars = place(back - 13, half_height - 11, pz + 1.5);
    s.add_both(flat_tube({{place(back + 7, half_height - 7.5, pz - 1.5), 7.8},
                          {place(back - 6, half_height - 8, pz), 7.2},
                          {pars, 7.5}},
                         Vec3::UnitZ(), 7.6 / kPedicleHalf[v]),
               5);
    const Vec3 lamina_top = high * at.ligament_lower(above, kLF), lamina_bottom = low * at.ligament_upper(below, kLF);
    const Vec3 lamina = 0.5 * (lamina_top + lamina_bottom) + Vec3(-4, -1, 0);
    const double lamina_half = std::max(8.0, 0.45 * (lamina_top - lamina_bottom).y());
    s.add_both(flat_tube({{pars + Vec3(-2, -3, 0), 8.5},
                          {Vec3(lamina.x(), lamina.y(), 8), lamina_half},
                          {Vec3(lamina.x() - 6, lamina.y() - 2, 0), lamina_half - 1}},
                         Vec3(0.9, 0.25, 0.5), 2.7),
               5);

    // Spinous process: from the laminae to the supraspinous ligament, a plate with a thicker tip.
    const Vec3 tip_top = high * at.ligament_lower(above, kSSL), tip_bottom = low * at.ligament_upper(below, kSSL);
    const double tip_x = std::max(tip_top.x(), tip_bottom.x()) + 1.5;
    const double tip_half = std::clamp(0.5 * (tip_top.y() - tip_bottom.y()), 7.5, 11.0);
    const Vec3 tip(tip_x + 3, std::min(0.5 * (tip_top.y() + tip_bottom.y()), lamina.y() - 4), 0);
    const Vec3 root(lamina.x() - 1, lamina.y() - 2.5, 0);
    s.add(flat_tube({{root, 11.5}, {0.5 * (root + tip) + Vec3(0, 0.5, 0), 10.5}, {tip + Vec3(3, 0, 0), tip_half}},
                    Vec3::UnitZ(), 3.1),
          8);
    s.add(ellipsoid(tip + Vec3(1.5, -1, 0), Vec3(5, tip_half, 4.4)), 5);

    // Transverse processes: to the intertransverse ligaments.
    const Vec3 end = 0.5 * (high * at.ligament_lower(above, kITL) + low * at.ligament_upper(below, kITL));
    const Vec3 side_root = pars + Vec3(1, 0, 1);
    const double stout = v == 0 ? 1.35 : 1.0;
    s.add_both(flat_tube(smooth({{side_root, 6.8 * stout},
                                 {side_root + 0.4 * (end - side_root) + Vec3(-1.5, 0, 0), 5.2 * stout},
                                 {end + Vec3(-1, 1, -1), 5.2},
                                 {end + Vec3(-1.5, 1.5, 2.5), 4.2}},
                                3),
                         Vec3(1, 0.2, 0.1), 1.55),
               4.5);

    add_upper_facets(at, above, pars + Vec3(-1, 1, 1), s);
    add_lower_facets(at, below, Vec3(lamina.x() - 1, lamina.y() - 5, 11), s);

    // Canal: rounded triangle between the pedicles; also flattens the back of the body.
    const Vec3 c0 = place(back - 6.4, -40, 0), c1 = place(back - 6.4, 40, 0);
    s.cut(flat_tube({{c0, pz - kPedicleHalf[v] + 1.6}, {c1, pz - kPedicleHalf[v] + 1.6}}, forward,
                    (pz - kPedicleHalf[v] + 1.6) / 7.6),
          2.5);
    bones.push_back(std::move(bone));
  }
}

}  // namespace hipspine
