// The whole skeleton: closed, lit, mirrored, scaled, within its budgets, and hung where the model's landmarks are.
#include "render/shapes/body_parts.h"

#include <doctest/doctest.h>

#include <cstring>
#include <map>

#include "sim/model/model_file.h"

using namespace hipspine;

namespace {

struct Person {
  Model model;
  Spine spine;
};

Person person(double height_m) {
  Diagnostics d;
  Scenario scenario = load_scenario("scenarios/healthy.toml", {"subject.height_m=" + std::to_string(height_m)}, d);
  Person p{load_model(default_model_folder(), scenario, d), {}};
  p.spine = load_spine(default_model_folder(), p.model, d);
  REQUIRE_MESSAGE(!d.has_errors(), d.text());
  return p;
}

const Person& reference() {
  static const Person p = person(1.70);
  return p;
}

const std::vector<BodyPart>& normal_parts() {
  static const std::vector<BodyPart> parts = body_parts(reference().model, reference().spine, Detail::normal);
  return parts;
}

const BodyPart& part(const std::vector<BodyPart>& parts, const std::string& name) {
  for (const BodyPart& p : parts)
    if (p.name == name) return p;
  FAIL("no part ", name);
  return parts.front();
}

Vec3 position(const Vertex& v) { return {v.position[0], v.position[1], v.position[2]}; }

double volume(const Mesh& mesh) {
  double six = 0;
  const Vec3 o = position(mesh.vertices[0]);
  for (size_t t = 0; t < mesh.indices.size(); t += 3)
    six += (position(mesh.vertices[mesh.indices[t]]) - o)
               .dot((position(mesh.vertices[mesh.indices[t + 1]]) - o)
                        .cross(position(mesh.vertices[mesh.indices[t + 2]]) - o));
  return six / 6;
}

double nearest(const Mesh& mesh, const Vec3& p_L) {
  double best = 1e9;
  for (const Vertex& v : mesh.vertices) best = std::min(best, (position(v) - p_L).norm());
  return best;
}

size_t triangles(const std::vector<BodyPart>& parts) {
  size_t n = 0;
  for (const BodyPart& p : parts) n += p.mesh.indices.size() / 3;
  return n;
}

void check_mesh(const BodyPart& p) {
  INFO(p.name);
  REQUIRE(!p.mesh.indices.empty());
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> edges;
  bool in_range = true, unit = true, lit = true;
  for (size_t t = 0; t < p.mesh.indices.size(); t += 3) {
    for (int k = 0; k < 3; ++k) {
      const std::uint32_t a = p.mesh.indices[t + k], b = p.mesh.indices[t + (k + 1) % 3];
      in_range &= a < p.mesh.vertices.size();
      ++edges[{a, b}];
      --edges[{b, a}];
    }
  }
  for (const Vertex& v : p.mesh.vertices) {
    const double n = Vec3(v.normal[0], v.normal[1], v.normal[2]).norm();
    unit &= std::abs(n - 1) < 1e-4;
    lit &= v.occlusion >= 0 && v.occlusion <= 1;
  }
  bool closed = true;  // every edge is walked as often one way as the other
  for (const auto& e : edges) closed &= e.second == 0;
  CHECK(in_range);
  CHECK(unit);
  CHECK(lit);
  CHECK(closed);
  CHECK(volume(p.mesh) > 0);
  CHECK(nearest(p.mesh, p.focus_L) < 0.35);
  CHECK(p.link >= 0);
}

}  // namespace

TEST_CASE("every mesh is closed, turned outward, with unit normals and light between none and all") {
  for (const Detail detail : {Detail::coarse, Detail::normal, Detail::fine})
    for (const BodyPart& p : body_parts(reference().model, reference().spine, detail)) check_mesh(p);
}

TEST_CASE("triangles stay near 40, 90 and 200 thousand") {
  CHECK(triangles(body_parts(reference().model, reference().spine, Detail::coarse)) ==
        doctest::Approx(40e3).epsilon(0.15));
  CHECK(triangles(normal_parts()) == doctest::Approx(90e3).epsilon(0.15));
  CHECK(triangles(body_parts(reference().model, reference().spine, Detail::fine)) ==
        doctest::Approx(200e3).epsilon(0.15));
}

TEST_CASE("the same model gives the same bytes") {
  const auto again = body_parts(reference().model, reference().spine, Detail::normal);
  REQUIRE(again.size() == normal_parts().size());
  for (size_t i = 0; i < again.size(); ++i) {
    const Mesh &a = again[i].mesh, &b = normal_parts()[i].mesh;
    REQUIRE(a.vertices.size() == b.vertices.size());
    CHECK(std::memcmp(a.vertices.data(), b.vertices.data(), a.vertices.size() * sizeof(Vertex)) == 0);
    CHECK(a.indices == b.indices);
  }
}

TEST_CASE("left parts are exact mirror images on the mirrored link") {
  int pairs = 0;
  for (const BodyPart& r : normal_parts()) {
    if (r.side != kRight) continue;
    const BodyPart& l = part(normal_parts(), r.name.substr(0, r.name.size() - 2) + "_l");
    CHECK(l.side == kLeft);
    CHECK(l.link == reference().model.coordinates[r.link].mirror);
    CHECK(l.tissue == r.tissue);
    REQUIRE(l.mesh.vertices.size() == r.mesh.vertices.size());
    bool same = true;
    for (size_t i = 0; i < l.mesh.vertices.size(); ++i) {
      const Vertex &a = r.mesh.vertices[i], &b = l.mesh.vertices[i];
      same &= a.position[0] == b.position[0] && a.position[1] == b.position[1] && a.position[2] == -b.position[2];
      same &= a.normal[2] == -b.normal[2] && a.occlusion == b.occlusion;
    }
    CHECK_MESSAGE(same, r.name);
    ++pairs;
  }
  CHECK(pairs > 20);
}

TEST_CASE("everything scales with the person's height") {
  const Person tall = person(1.95);
  const auto parts = body_parts(tall.model, tall.spine, Detail::coarse);
  const auto before = body_parts(reference().model, reference().spine, Detail::coarse);
  REQUIRE(parts.size() == before.size());
  const double s = tall.model.length_scale / reference().model.length_scale;
  CHECK(s == doctest::Approx(1.95 / 1.70));
  for (size_t i = 0; i < parts.size(); ++i) {
    INFO(parts[i].name);
    CHECK((parts[i].focus_L - s * before[i].focus_L).norm() < 2e-3);
    CHECK(volume(parts[i].mesh) == doctest::Approx(s * s * s * volume(before[i].mesh)).epsilon(0.02));
  }
}

TEST_CASE("each disc fills the space between its vertebrae and has the area that is computed with") {
  for (int level = 0; level < kLevels; ++level) {
    const Level& l = reference().model.levels[level];
    INFO(l.name);
    const BodyPart& disc = part(normal_parts(), l.name + "_disc");
    CHECK(disc.tissue == Tissue::disc);
    CHECK(disc.link == l.lower_link);
    CHECK(disc.upper_link == l.upper_link);
    CHECK(disc.level == level);
    const BodyPart& lower = part(normal_parts(), l.lower);
    const BodyPart& upper = part(normal_parts(), l.upper == "thorax" ? "thoracic12" : l.upper);
    double gap_low = 1e9, gap_high = 1e9;
    for (const Vertex& v : disc.mesh.vertices) {
      gap_low = std::min(gap_low, nearest(lower.mesh, position(v)));
      gap_high = std::min(gap_high, nearest(upper.mesh, position(v) - l.X_LD.p));  // upper link, zero pose
    }
    CHECK(gap_low < 0.0025);
    CHECK(gap_high < 0.0025);
    // Area from volume over height at the middle, where the plates are half the height away.
    double low = 0, high = 0;
    for (const Vertex& v : disc.mesh.vertices) {
      const Vec3 p = l.X_LD.inverse() * position(v);
      if (std::hypot(p.x(), p.z()) < 1e-3) (p.y() < 0 ? low : high) = p.y();
    }
    CHECK(volume(disc.mesh) / (high - low) ==
          doctest::Approx(reference().spine.level[level].disc.area_m2).epsilon(0.12));
  }
}

TEST_CASE("the facet plates lie where the points of contact are") {
  for (int level = 0; level < kLevels; ++level) {
    const Level& l = reference().model.levels[level];
    for (int side : {kRight, kLeft}) {
      const BodyPart& facet = part(normal_parts(), l.name + (side == kRight ? "_facet_r" : "_facet_l"));
      CHECK(facet.tissue == Tissue::facet);
      CHECK(facet.side == side);
      CHECK(facet.level == level);
      CHECK(facet.link == l.lower_link);
      for (const FacetPoint& p : reference().spine.level[level].facet.point[side])
        CHECK(nearest(facet.mesh, l.X_LD * p.p_D) < 0.0045);
    }
  }
}

TEST_CASE("bones reach the muscles' attachments, the hip centre and the sole") {
  const Model& m = reference().model;
  const auto attached = [&](const char* bone, const char* muscle, int point, double within) {
    const BodyPart& p = part(normal_parts(), bone);
    const MusclePoint& at = m.muscles[m.muscle(muscle)].points[point];
    INFO(bone, " ", muscle);
    CHECK(p.link == at.link);
    CHECK(nearest(p.mesh, at.p_L) < within);
  };
  attached("hip_bone_r", "bflh_r", 0, 0.012);
  attached("hip_bone_r", "addlong_r", 0, 0.012);
  attached("hip_bone_r", "glmed1_r", 0, 0.020);
  attached("hip_bone_r", "recfem_r", 0, 0.012);
  attached("hip_bone_l", "bflh_l", 0, 0.012);
  attached("femur_r", "glmed1_r", 1, 0.012);
  attached("femur_r", "psoas_L3_r", 1, 0.012);
  attached("lumbar3", "psoas_L3_r", 0, 0.020);
  attached("calcaneus_r", "soleus_r", 1, 0.020);
  const BodyPart& femur = part(normal_parts(), "femur_r");
  CHECK(nearest(femur.mesh, Vec3::Zero()) == doctest::Approx(0.024).epsilon(0.1));
  double lowest = 1;
  for (const char* name : {"calcaneus_r", "forefoot_r"})
    for (const Vertex& v : part(normal_parts(), name).mesh.vertices) lowest = std::min(lowest, position(v).y());
  CHECK(lowest == doctest::Approx(m.feet[kRight].sole_L[0].y()).epsilon(0.1));
}
