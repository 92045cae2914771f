/// Lumbar discs between their end plates, and the cartilage of the facet joints where the model's points of contact
/// are.
#include <cmath>

#include "render/shapes/bones.h"

namespace hipspine {
namespace {

int fewer(double count, double cell, int least) { return std::max(least, static_cast<int>(std::lround(count / cell))); }

/// Lagrange through -1, 0, 1.
std::array<double, 3> quadratic(double t) { return {0.5 * t * (t - 1), 1 - t * t, 0.5 * t * (t + 1)}; }

}  // namespace

void add_joint_plates(const Landmarks& at, const Fineness& fine, std::vector<Bone>& bones) {
  for (int level = 0; level < kLevels; ++level) {
    const Level& l = at.model.levels[level];
    const Transform D = at.disc(level);
    const Transform low = D.inverse() * at.end_plate_below(level);
    const Transform above = at.end_plate_above(level);
    const Transform high = D.inverse() * Transform{above.R, above.p + D.p};
    const auto [depth, width] = at.disc_half(level);
    Bone disc;
    disc.name = l.name + "_disc";
    disc.tissue = Tissue::disc;
    disc.link = l.lower_link;
    disc.upper_link = l.upper_link;
    disc.level = level;
    // chosen: the ring bulges by 4 % of its radius; half a millimetre inside the end plates, so that no light shines
    // through
    constexpr double kBulge = 0.045, kInside = 0.5;
    const double a = depth, b = width;
    disc.made = slab(fewer(3, fine.cell, 2), fewer(36, fine.cell, 22), fewer(5, fine.cell, 4),
                     [&](double u, double v, double w) {
                       const double r2 = u * u + v * v, bulge = 1 + kBulge * (1 - w * w) * r2 - 0.03 * w * w;
                       const double hollow =
                           u < 0 ? 1 - 0.16 * std::pow(std::max(0.0, 1 - v * v), 2) : 1;  // behind, towards the canal
                       const double x = a * u * bulge * hollow, z = b * v * bulge;
                       const double y_low = low.p.y() + (x - low.p.x()) * low.R(1, 0) / low.R(0, 0) - kInside;
                       const double y_high = high.p.y() + (x - high.p.x()) * high.R(1, 0) / high.R(0, 0) + kInside;
                       return Vec3(D * Vec3(x, 0.5 * (y_low + y_high) + 0.5 * w * (y_high - y_low), z));
                     });
    disc.shape.add(ellipsoid(D.p, Vec3(0.97 * a, 0.5 * at.disc_height(level), 0.97 * b), D.R), 0);
    bones.push_back(std::move(disc));

    Bone facet;
    facet.name = l.name + "_facet_r";
    facet.tissue = Tissue::facet;
    facet.link = l.lower_link;
    facet.level = level;
    facet.side = kRight;
    // chosen: a joint surface some 14 mm wide and 17 mm high at L4/L5, round the points that carry; its rim is to be
    // seen
    constexpr std::array<double, 2> kReach = {3.2, 2.6};  // up and across, in spacings of the points
    const auto plate_at = [&](double from, double to) {
      append(slab(2, fewer(18, fine.cell, 12), fine.cell > 1.2 ? 2 : 3,
                  [&](double u, double v, double w) {
                    const auto s = quadratic(kReach[0] * u), t = quadratic(kReach[1] * v);
                    Vec3 p = Vec3::Zero(), n = Vec3::Zero();
                    for (int i = 0; i < 3; ++i) {
                      for (int j = 0; j < 3; ++j) {
                        p += s[i] * t[j] * at.facet(level, 3 * i + j);
                        n += s[i] * t[j] * at.facet_normal(level, 3 * i + j);
                      }
                    }
                    const double edge = 1 - 0.12 * w * w;  // rounded rim
                    const Vec3 c = at.facet(level, 4);
                    p = c + edge * (p - c);
                    return Vec3(D * (p + (0.5 * (from + to) + 0.5 * w * (to - from)) * n.normalized()));
                  }),
             facet.made);
    };
    plate_at(-kFacetPlate_mm, 0);
    plate_at(kFacetSlit_mm, kFacetSlit_mm + kFacetPlate_mm);
    bones.push_back(std::move(facet));
  }
}

}  // namespace hipspine
