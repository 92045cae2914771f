#pragma once
/// The reference body with its muscles, and states drawn from its anatomical ranges.
#include <doctest/doctest.h>

#include <filesystem>
#include <random>
#include <string>

#include "sim/model/body_file.h"
#include "sim/model/muscle_file.h"
#include "sim/muscle/muscle_path.h"

namespace hipspine::test {

/// Body and muscles as in models/, unscaled. Fails the test on any finding.
inline Model reference_body() {
  Model model;
  Diagnostics diagnostics;
  const auto folder = std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models";
  load_body(folder, model, diagnostics);
  load_muscles(folder, model, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return model;
}

/// Every joint anywhere in its range, one in three at an end of it; the pelvis anywhere near upright.
inline CoordVec random_state(const Model& model, std::mt19937& random) {
  std::uniform_real_distribution<double> unit(0, 1);
  CoordVec q = CoordVec::Zero(model.n_coord());
  for (int i = 0; i < model.n_coord(); ++i) {
    const Coordinate& c = model.coordinates[i];
    const double where = unit(random), u = unit(random);
    q[i] = where < 1.0 / 6 ? c.low : where < 1.0 / 3 ? c.high : c.low + u * (c.high - c.low);
    if (c.name.starts_with("pelvis_")) q[i] = (c.translation ? 1.0 : 0.5) * (2 * u - 1);
  }
  return q;
}

/// Muscle geometry of one state; for tests, not for speed.
struct Posed {
  const Model& model;
  MusclePaths paths;
  Kinematics kin;
  MuscleGeometry geometry;
  explicit Posed(const Model& m) : model(m), paths(prepare_muscle_paths(m)) { kin.resize(m.n_coord()); }
  const MuscleGeometry& at(const CoordVec& q) {
    update_position(model, q, kin);
    muscle_geometry(paths, kin, geometry);
    return geometry;
  }
  double arm(const std::string& muscle, const std::string& coordinate) const {
    const int m = model.muscle(muscle), c = model.coordinate(coordinate);
    REQUIRE_MESSAGE(m >= 0, muscle);
    REQUIRE_MESSAGE(c >= 0, coordinate);
    return geometry.arm_m(c, m);
  }
};

}  // namespace hipspine::test
