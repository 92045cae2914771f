#pragma once
/// The reference body with simple parts to draw, and moments of it made by hand.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "render/picture/scene.h"
#include "sim/model/body_file.h"
#include "sim/model/muscle_file.h"

namespace hipspine::test {

/// Body and muscles as in models/, unscaled. Fails the test on any finding.
inline Model picture_model() {
  Model model;
  Diagnostics diagnostics;
  const auto folder = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";
  load_body(folder, model, diagnostics);
  load_muscles(folder, model, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return model;
}

/// An octahedron with faces flat, outward.
inline Mesh octahedron(const Vec3& centre, const Vec3& half) {
  Mesh mesh;
  for (int face = 0; face < 8; ++face) {
    const double x = face & 1 ? 1 : -1, y = face & 2 ? 1 : -1, z = face & 4 ? 1 : -1;
    const Vec3 normal = Vec3(x / half.x(), y / half.y(), z / half.z()).normalized();
    std::array<Vec3, 3> corner = {Vec3(x * half.x(), 0, 0), Vec3(0, y * half.y(), 0), Vec3(0, 0, z * half.z())};
    if (x * y * z < 0) std::swap(corner[1], corner[2]);
    for (const Vec3& c : corner) {
      const Vec3 p = centre + c;
      mesh.indices.push_back(static_cast<std::uint32_t>(mesh.vertices.size()));
      mesh.vertices.push_back(
          {{static_cast<float>(p.x()), static_cast<float>(p.y()), static_cast<float>(p.z())},
           {static_cast<float>(normal.x()), static_cast<float>(normal.y()), static_cast<float>(normal.z())},
           1});
    }
  }
  return mesh;
}

/// One part a body, one disc and two facets a level.
inline std::vector<BodyPart> simple_parts(const Model& model) {
  std::vector<BodyPart> parts;
  for (const Body& body : model.bodies) {
    BodyPart part;
    part.name = body.name;
    part.link = body.link;
    part.side = body.name.ends_with("_r") ? kRight : body.name.ends_with("_l") ? kLeft : -1;
    part.focus_L = body.X_LB * body.p_com_B;
    part.mesh = octahedron(part.focus_L, Vec3::Constant(0.05));
    parts.push_back(part);
  }
  for (int i = 0; i < kLevels; ++i) {
    const Level& level = model.levels[i];
    BodyPart disc;
    disc.name = level.name + "_disc";
    disc.tissue = Tissue::disc;
    disc.link = level.lower_link;
    disc.upper_link = level.upper_link;
    disc.level = i;
    disc.focus_L = level.X_LD.p;
    disc.mesh = octahedron(disc.focus_L, {0.02, 0.005, 0.025});
    parts.push_back(disc);
    for (int side : {kRight, kLeft}) {
      BodyPart facet = disc;
      facet.name = level.name + (side == kRight ? "_facet_r" : "_facet_l");
      facet.tissue = Tissue::facet;
      facet.upper_link = -1;
      facet.side = side;
      facet.focus_L += Vec3(-0.035, 0, side == kRight ? 0.016 : -0.016);
      facet.mesh = octahedron(facet.focus_L, {0.006, 0.008, 0.006});
      parts.push_back(facet);
    }
  }
  return parts;
}

/// Standing on both feet at the height of the hips, nothing loaded.
inline BodyMoment standing(const Model& model) {
  BodyMoment moment;
  moment.q = CoordVec::Zero(model.n_coord());
  moment.q[model.coordinate("pelvis_ty")] = 0.93;
  moment.loads.activation = Eigen::VectorXd::Zero(model.n_muscle());
  moment.loads.muscle_force_n = Eigen::VectorXd::Zero(model.n_muscle());
  return moment;
}

/// A posture with every joint somewhere in its range, the same every time.
inline BodyMoment crooked(const Model& model) {
  BodyMoment moment = standing(model);
  for (int i = 0; i < model.n_coord(); ++i) {
    const Coordinate& c = model.coordinates[i];
    const double share = 0.5 + 0.35 * std::sin(1.7 * i + 0.4);
    if (!c.translation)
      moment.q[i] = c.name.starts_with("pelvis") ? 0.3 * (share - 0.5) : c.low + share * (c.high - c.low);
  }
  return moment;
}

}  // namespace hipspine::test
