/// Hip bone, sacrum and coccyx in the pelvis frame.
#include "render/shapes/bones.h"

namespace hipspine {
namespace {

constexpr const char* kPelvis = "pelvis";

/// Middle of the sacroiliac joint and its normal (pelvis.toml), chosen again here: the file is not part of the model.
const Vec3 kSacroiliac(-105, 10, 42), kSacroiliacNormal = Vec3(-0.34, -0.17, 0.92).normalized();

Mat3 along_z(const Vec3& z_axis) {
  const Vec3 z = z_axis.normalized(), x = Vec3::UnitY().cross(z).normalized();
  Mat3 R;
  R << x, z.cross(x), z;
  return R;
}

}  // namespace

void add_pelvis(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones) {
  Bone bone;
  bone.name = "hip_bone_r";
  bone.link = at.link(kPelvis);
  bone.side = kRight;
  bone.step_mm = 3.5;
  Shape& s = bone.shape;
  const Vec3 hip = at.joint("hip_flexion_r");
  const Vec3 opening = Vec3(0.36, -0.42, 0.83).normalized();  // outward, downward, a little forward

  // Socket.
  s.add(ball(hip - 3 * opening + Vec3(0, 1.5, 0), 34), 0);
  s.cut(box(hip + (8 + 40) * opening, Vec3(60, 60, 40), 2, along_z(opening)), 5);

  // Wing: from the anterior superior spine along the crest to the posterior spines, round the greater notch, back above
  // the socket.
  Sheet wing;
  wing.rim = {{-4, 2, 120},    {-5, 24, 127},  {-15, 50, 132}, {-36, 74, 129}, {-65, 87, 114}, {-95, 85, 93},
              {-122, 74, 74},  {-144, 56, 57}, {-158, 38, 47}, {-157, 20, 44}, {-148, 0, 46},  {-126, -6, 51},
              {-106, -20, 58}, {-94, -44, 64}, {-70, -58, 74}, {-44, -50, 84}, {-24, -37, 92}, {-18, -17, 106}};
  wing.surface = {{-45, 20, 106}, {-72, 28, 92}, {-92, 36, 78}, {-108, 20, 65}, {-60, 50, 106},
                  {-62, -15, 84}, {-36, 0, 104}, {-88, 60, 86}, {-130, 40, 58}};
  wing.facing = Vec3(-0.42, -0.27, 0.87);
  wing.half_middle = fine.at_least(3.2, bone.step_mm);
  wing.half_rim = std::max(4.6, wing.half_middle);
  wing.rim_width = 15;
  s.add(plate(wing), 10);
  // Crest with its tubercle, the spines.
  s.add(tube(smooth({{{-7, 3, 118}, 4.6},
                     {{-8, 25, 125.5}, 4.2},
                     {{-17, 49, 130.5}, 4.8},
                     {{-38, 72, 128}, 5.4},
                     {{-65, 84, 113}, 4.4},
                     {{-95, 82, 92}, 4.2},
                     {{-121, 72, 73}, 5},
                     {{-143, 55, 57}, 6},
                     {{-155, 38, 48}, 6}},
                    3)),
        9);
  s.add(ellipsoid(Vec3(-7, -2, 118), Vec3(6, 9, 5.5)), 8);     // anterior superior spine
  s.add(ellipsoid(Vec3(-27, -39, 91), Vec3(7.5, 10, 7)), 10);  // anterior inferior spine
  s.add(tube(smooth({{{-10, -4, 115}, 4.2}, {{-18, -18, 106}, 4.2}, {{-25, -33, 95}, 5}}, 3)), 8);
  s.add(ellipsoid(Vec3(-66, -46, 79), Vec3(24, 22, 10), along_z(wing.facing)), 16);                // roof of the socket
  s.add(flat_tube({{{-146, 20, 48}, 18}, {{-124, 18, 50}, 19}}, Vec3(-0.3, -0.1, 0.95), 2.2), 9);  // behind the sacrum
  // Arcuate line: the beam from the sacroiliac joint to the socket and on to the pubis.
  s.add(tube(smooth({{{-112, 6, 52}, 10}, {{-92, -18, 57}, 9.5}, {{-70, -42, 60}, 9}, {{-48, -58, 56}, 9}}, 3)), 10);
  // Posterior column, ischium and its tuberosity, ischial spine.
  s.add(
      flat_tube(smooth({{{-94, -34, 64}, 13}, {{-88, -66, 63}, 15}, {{-89, -92, 62}, 14.5}, {{-95, -112, 56}, 14}}, 3),
                Vec3(0.35, 0, 0.94), 1.35),
      9);
  const Vec3 hamstrings = (at.muscle("bflh_r", 0) + at.muscle("semimem_r", 0) + at.muscle("semiten_r", 0)) / 3;
  s.add(ellipsoid(hamstrings + Vec3(7, -2, -5), Vec3(12.5, 18, 11.5), rotation(Vec3::UnitZ(), -0.5)), 9);
  s.add(tube({{{-92, -66, 58}, 8}, {{-103, -70, 46}, 4.5}}), 6);
  // Superior ramus, body and lower ramus of the pubis, ramus of the ischium: round the obturator foramen.
  s.add(tube(smooth({{{-44, -68, 64}, 13}, {{-35, -66, 50}, 9.5}, {{-24, -66, 33}, 7.8}, {{-15, -71, 16}, 8}}, 3)), 8);
  s.add(ball({-9, -69, 22}, 5), 6);  // tubercle
  s.add(ellipsoid(Vec3(-18, -84, 10.5), Vec3(9, 19, 8), rotation(Vec3::UnitZ(), -0.45)), 6);
  s.add(
      flat_tube(smooth({{{-24, -97, 12}, 9}, {{-38, -114, 20}, 7.2}, {{-58, -127, 31}, 7.2}, {{-84, -131, 44}, 10}}, 3),
                Vec3(0.6, -0.55, 0.58), 1.45),
      7);
  // Joint surfaces: symphysis, sacroiliac joint, the cup and its notch.
  s.cut(box({-20, -85, -8}, Vec3(30, 40, 10), 1), 1.5);
  s.cut(
      box(kSacroiliac - (15 - 1) * kSacroiliacNormal + Vec3(-4, 0, 0), Vec3(34, 36, 15), 3, along_z(kSacroiliacNormal)),
      4);
  s.cut(tube({{hip, 25.5}, {hip + 40 * opening, 29}}), 3.5);
  s.cut(tube({{hip + Vec3(0, -10, 4), 9}, {hip + Vec3(7, -36, 12), 10}}), 4);  // notch
  bones.push_back(std::move(bone));

  Bone symphysis;
  symphysis.name = "pubic_symphysis";
  symphysis.tissue = Tissue::cartilage;
  symphysis.link = at.link(kPelvis);
  symphysis.step_mm = 3;
  symphysis.shape.add(ellipsoid(Vec3(-18.5, -85, 0), Vec3(7.5, 17.5, 5), rotation(Vec3::UnitZ(), -0.45)), 0);
  bones.push_back(std::move(symphysis));
}

void add_sacrum(const Landmarks& at, std::vector<Bone>& bones) {
  Bone bone;
  bone.name = "sacrum";
  bone.link = at.link("sacrum");
  bone.step_mm = 3.2;
  Shape& s = bone.shape;
  const Transform D = at.end_plate_below(0);
  const auto half = at.disc_half(0);
  const Vec3 top = D.p;
  const Vec3 down = -D.R.col(1), front = D.R.col(0);
  const double w = 0.97 * half[1], flat = half[1] / half[0];

  // Bodies of S1 to S5 along the curve of the sacrum; the flattening follows.
  s.add(flat_tube({{top - 12 * down, w}, {top + 3 * down, w}, {top + 14 * down, 0.86 * w}, {Vec3(-107, 8, 0), 0.8 * w}},
                  front, flat),
        0);
  s.add(flat_tube(smooth({{{-105, 10, 0}, 22},
                          {{-118, -14, 0}, 18},
                          {{-127, -35, 0}, 14},
                          {{-129, -52, 0}, 11},
                          {{-126, -66, 0}, 8.5}},
                         4),
                  Vec3(0.88, -0.47, 0), 1.75),
        7);
  // Lateral masses: wide at the joint with the ilium, narrow below.
  s.add_both(flat_tube(smooth({{top + 9 * down + Vec3(-3, 0, 28), 15},
                               {{-111, 16, 34}, 20},
                               {{-123, -8, 27}, 17},
                               {{-131, -30, 19}, 13},
                               {{-132, -49, 12}, 9}},
                              4),
                       Vec3(0.86, -0.5, 0.1), 1.18),
             9);
  s.add_both(tube(smooth({{{-130, 26, 20}, 9}, {{-139, 6, 19}, 8.5}, {{-143, -16, 15}, 7.5}, {{-140, -38, 11}, 6}}, 3)),
             8);
  s.add_both(ellipsoid(top + 12 * down + Vec3(-2, 2, 30), Vec3(17, 10, 20), rotation(Vec3::UnitZ(), -0.5)), 9);  // ala
  // Roof of the canal, median and lateral crests.
  s.add(flat_tube(smooth({{{-123, 38, 0}, 17}, {{-138, 14, 0}, 17}, {{-146, -12, 0}, 14}, {{-143, -38, 0}, 10}}, 4),
                  Vec3(0.86, -0.5, 0), 1.9),
        7);
  for (const auto& [p, h] : {std::pair{Vec3(-134, 34, 0), 10.0},
                             {Vec3(-146, 13, 0), 10.0},
                             {Vec3(-152, -8, 0), 9.0},
                             {Vec3(-150, -27, 0), 7.0}})
    s.add(ellipsoid(p, Vec3(7.5, h, 4), rotation(Vec3::UnitZ(), 0.3)), 5);
  for (const auto& [p, r] : {std::pair{Vec3(-139, 22, 29), 6.5}, {Vec3(-146, -2, 24), 6.0}, {Vec3(-147, -25, 18), 5.0}})
    s.add_both(ball(p, r), 8);
  s.add_both(tube({{{-122, 30, 17}, 8}, {{-132, 20, 26}, 7}}), 8);
  s.cut(box(top - 20 * down, Vec3(46, 20, 80), 0.5, D.R), 2.5);  // end plate
  s.add_both(tube({{{-117, 34, 20}, 8}, {{-126, 22, 24}, 8}}), 6);
  add_upper_facets(at, 0, Vec3(-113, 36, 23), s);
  // Joint with the ilium.
  s.cut_both(box(kSacroiliac + (15 - 1) * kSacroiliacNormal, Vec3(60, 60, 15), 3, along_z(kSacroiliacNormal)), 5);
  // Canal and the four pairs of foramina, through from front to back.
  s.cut(flat_tube(smooth({{{-100, 68, 0}, 13},
                          {{-113, 40, 0}, 12},
                          {{-129, 12, 0}, 8.5},
                          {{-136, -12, 0}, 5},
                          {{-138, -28, 0}, 3.5}},
                         4),
                  Vec3(0.86, -0.5, 0), 1.7),
        3);
  for (const auto& [p, r] : {std::pair{Vec3(-108, 6, 22.5), 5.4},
                             {Vec3(-121, -14, 18.5), 4.7},
                             {Vec3(-130, -32, 15), 4.0},
                             {Vec3(-132, -47, 11.5), 3.2}})
    s.cut_both(tube({{p + Vec3(20, -12, 3), r + 1.5}, {p, r}, {p + Vec3(-30, 17, -1), 0.62 * r}}), 3.5);
  // Coccyx.
  s.add(ellipsoid(Vec3(-123, -73, 0), Vec3(5.5, 6.5, 9)), 2.5);
  s.add(ellipsoid(Vec3(-117, -82.5, 0), Vec3(4.5, 5.5, 6)), 2);
  s.add(ellipsoid(Vec3(-110.5, -90, 0), Vec3(4, 4.5, 4.6)), 2);
  s.add(ball({-105, -95, 0}, 3.2), 2);
  bones.push_back(std::move(bone));
}

}  // namespace hipspine
