/// Twelve pairs of ribs as swept tubes with their cartilages, and the thoracic discs.
#include <cmath>
#include <numbers>

#include "render/shapes/bones.h"

namespace hipspine {
namespace {

/// Where a rib runs, in the frame of the lower thorax link.
struct RibPlan {
  double half_width;    ///< of the cage there
  double lateral_x;     ///< where it is widest ...
  double lateral_drop;  ///< ... and how far that lies below its head
  Vec3 front;           ///< end of the bone
  Vec3 cartilage;       ///< where its cartilage ends
  Vec3 bend;            ///< through which the cartilage runs
  bool floating;
};

// chosen: widths and drops of a cage about 290 mm wide and 210 mm deep; the ends follow the costal margin
const std::array<RibPlan, 12> kRibs = {{
    {57, 22, 16, {64, 238, 42}, {80, 246, 22}, {73, 242, 33}, false},
    {82, 12, 27, {90, 203, 55}, {95, 213, 19}, {95, 205, 38}, false},
    {103, 8, 37, {108, 174, 63}, {104, 189, 18}, {109, 178, 40}, false},
    {119, 8, 45, {122, 146, 68}, {113, 168, 18}, {122, 153, 42}, false},
    {130, 10, 51, {132, 117, 74}, {120, 149, 19}, {132, 126, 46}, false},
    {138, 14, 56, {137, 87, 81}, {126, 131, 20}, {142, 100, 54}, false},
    {144, 18, 60, {134, 57, 91}, {132, 118, 16}, {148, 76, 61}, false},
    {146, 22, 62, {122, 28, 104}, {142, 94, 46}, {143, 50, 76}, false},
    {145, 24, 64, {100, 4, 116}, {139, 66, 64}, {126, 22, 93}, false},
    {140, 22, 64, {72, -16, 124}, {124, 36, 84}, {104, 0, 107}, false},
    {128, 6, 82, {34, -32, 122}, {48, -33, 117}, {41, -33, 120}, true},
    {96, -28, 62, {-22, -34, 94}, {-10, -37, 95}, {-16, -36, 95}, true},
}};

struct RibPath {
  std::vector<SweepNode> bone, cartilage;
};

RibPath rib_path(const std::array<Transform, 13>& column, int rib) {  // rib 1 to 12
  const RibPlan& plan = kRibs[rib - 1];
  const int i = 12 - rib;  // its vertebra lies between frames i and i+1
  const Transform& top = column[i + 1];
  const double t = (rib - 1) / 11.0;
  const Vec3 c = 0.5 * (column[i].p + top.p);
  const Vec3 head = c + Vec3(-8, rib > 10 || rib == 1 ? 4 : 9, 11 + 6 * t);
  const Vec3 tubercle = c + Vec3(-31 - 4 * t, 1, rib > 10 ? 34 : 36);
  const double angle_z = 0.42 * plan.half_width + 4;
  const Vec3 angle(c.x() - 41 - 13 * std::sin(std::numbers::pi * std::min(1.0, t + 0.12)) + (rib == 1 ? 16 : 0),
                   c.y() - 0.17 * plan.lateral_drop - 3, angle_z + (rib > 1 ? 12 : 4));
  const double y_side = c.y() - plan.lateral_drop;
  const Vec3 side(plan.lateral_x, y_side, plan.half_width);
  const Vec3 behind(0.40 * angle.x() + 0.60 * side.x() - 16, 0.5 * (angle.y() + side.y()) + 3, 0.93 * plan.half_width);
  const Vec3 before(0.5 * (side.x() + plan.front.x()) + 7, 0.5 * (side.y() + plan.front.y()) - 2,
                    0.30 * side.z() + 0.70 * std::max(side.z() * 0.9, plan.front.z()));
  const double tall = rib == 1 ? 6.2 : rib == 12 ? 5.2 : 6.6, thick = rib == 1 ? 3.4 : 3.6;
  const auto out = [](const Vec3& p) { return Vec3(Vec3(p.x() - 25, 0, 1.1 * p.z()).normalized()); };
  const auto node = [&](const Vec3& p, double a, double b) {
    const Vec3 face = rib == 1 ? Vec3((0.4 * out(p) + Vec3(0, 1, 0)).normalized()) : out(p);
    return SweepNode{p, a, b, face};
  };
  RibPath path;
  path.bone = {node(head, 5.2, 4.8), node(0.5 * (head + tubercle) + Vec3(-2, 0, 0), 4.6, 4), node(tubercle, 5.6, 4.8),
               node(angle, tall, thick + 0.6)};
  path.bone[0].face = path.bone[1].face = Vec3(-1, 0, 0.2).normalized();
  path.bone[2].face = Vec3(-1, 0, 0.35).normalized();
  if (rib < 12) {
    path.bone.push_back(node(behind, tall, thick));
    path.bone.push_back(node(side, tall, thick));
    if (rib < 11) path.bone.push_back(node(before, tall, thick));
  } else {
    path.bone.push_back(node(Vec3(side.x() - 24, side.y() + 22, side.z() - 14), tall, thick));
  }
  path.bone.push_back(node(plan.front, plan.floating ? 3.6 : tall + 0.4, plan.floating ? 3 : thick + 0.4));
  const double ca = plan.floating ? 3.4 : 6.2, cb = plan.floating ? 2.8 : 4;
  path.cartilage = {node(plan.front, ca, cb), node(plan.bend, ca - 0.3, cb),
                    node(plan.cartilage, plan.floating ? 1.8 : 4.8, plan.floating ? 1.6 : 3.4)};
  return path;
}

}  // namespace

void add_ribs(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones) {
  const auto column = thoracic_column(at);
  const Vec3 joint = at.joint("thoracic_LB");
  const int sides = fine.cell > 1.2   ? 6
                    : fine.cell > 0.8 ? 8
                                      : 14,
            per_span = fine.cell > 1.2   ? 4
                       : fine.cell > 0.8 ? 5
                                         : 8;
  for (int part = 0; part < 2; ++part) {  // ribs 9 to 12 ride with their vertebrae
    const bool low = part == 0;
    Bone bone, cartilage, discs;
    bone.name = low ? "ribs9_12_r" : "ribs1_8_r";
    cartilage.name = low ? "costal_cartilage9_12_r" : "costal_cartilage1_8_r";
    discs.name = low ? "thoracic_discs_lower" : "thoracic_discs_upper";
    bone.link = cartilage.link = discs.link = at.link(low ? "thorax" : "thorax_upper");
    bone.side = cartilage.side = kRight;
    cartilage.tissue = discs.tissue = Tissue::cartilage;
    const Vec3 offset = low ? Vec3(Vec3::Zero()) : joint;
    for (int rib = low ? 9 : 1; rib <= (low ? 12 : 8); ++rib) {
      RibPath path = rib_path(column, rib);
      for (auto* nodes : {&path.bone, &path.cartilage})
        for (SweepNode& n : *nodes) n.p -= offset;
      append(sweep(smooth_sweep(path.bone, per_span), sides), bone.made);
      append(sweep(smooth_sweep(path.cartilage, per_span), sides), cartilage.made);
      std::vector<TubeNode> light;
      for (const SweepNode& n : smooth_sweep(path.bone, 2)) light.push_back({n.p, 0.5 * (n.across + n.thick)});
      bone.shape.add(tube(light), 0);
      light.clear();
      for (const SweepNode& n : path.cartilage) light.push_back({n.p, 0.5 * (n.across + n.thick)});
      cartilage.shape.add(tube(light), 0);
    }
    for (int i = low ? 1 : 4; i < (low ? 4 : 12); ++i) {
      const double t = i / 11.0, half = 3.6 - 1.4 * t;
      const Transform frame{column[i].R, column[i].p - offset};
      append(slab(2, fine.cell > 0.8 ? 16 : 28, 3,
                  [&](double u, double v, double w) {
                    const double bulge = 1 + 0.03 * (1 - w * w);
                    return Vec3(frame * Vec3((16.7 - 8 * t) * u * bulge, half * w, (21.7 - 7.5 * t) * v * bulge));
                  }),
             discs.made);
      discs.shape.add(ellipsoid(frame.p, Vec3(16 - 8 * t, half, 21 - 7.5 * t), frame.R), 0);
    }
    bones.push_back(std::move(bone));
    bones.push_back(std::move(cartilage));
    bones.push_back(std::move(discs));
  }
}

}  // namespace hipspine
