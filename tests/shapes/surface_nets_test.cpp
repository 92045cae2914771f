// Distances, surface nets and simplification against closed forms.
#include "render/shapes/surface_nets.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "render/shapes/simplify.h"

using namespace hipspine;

namespace {

Vec3f position(const Vertex& v) { return Vec3f(v.position.data()); }

struct Measures {
  double area = 0, volume = 0;
};

Measures measures(const Mesh& mesh) {
  Measures m;
  for (size_t t = 0; t < mesh.indices.size(); t += 3) {
    const Eigen::Vector3d a = position(mesh.vertices[mesh.indices[t]]).cast<double>(),
                          b = position(mesh.vertices[mesh.indices[t + 1]]).cast<double>(),
                          c = position(mesh.vertices[mesh.indices[t + 2]]).cast<double>();
    m.area += 0.5 * (b - a).cross(c - a).norm();
    m.volume += a.dot(b.cross(c)) / 6;
  }
  return m;
}

float distance_at(const Shape& shape, const Vec3& p) {
  Batch at{Lanes::Constant(static_cast<float>(p.x())), Lanes::Constant(static_cast<float>(p.y())),
           Lanes::Constant(static_cast<float>(p.z()))};
  Lanes d;
  distance(shape, nullptr, at, d);
  return d[0];
}

/// Euler characteristic: 2 for a sphere, 0 for a ring.
long euler(const Mesh& mesh) {
  const long f = static_cast<long>(mesh.indices.size() / 3);
  return static_cast<long>(mesh.vertices.size()) - 3 * f / 2 + f;
}

}  // namespace

TEST_CASE("distances of ball, box and tube in closed form") {
  Shape s;
  s.add(ball({1, 2, 3}, 5), 0);
  CHECK(distance_at(s, {1, 12, 3}) == doctest::Approx(5));
  CHECK(distance_at(s, {1, 2, 3 + 4}) == doctest::Approx(-1));
  Shape b;
  b.add(box({0, 0, 0}, {4, 5, 6}, 1), 0);
  CHECK(distance_at(b, {9, 0, 0}) == doctest::Approx(5));
  CHECK(distance_at(b, {6, 7, 0}) == doctest::Approx(3 * std::sqrt(2.0) - 1));
  Shape t;
  t.add(tube({{{0, 0, 0}, 2}, {{10, 0, 0}, 2}}), 0);
  CHECK(distance_at(t, {5, 0, 6}) == doctest::Approx(4));
  CHECK(distance_at(t, {13, 4, 0}) == doctest::Approx(3));
}

TEST_CASE("a hole takes away, a smooth seam only adds") {
  Shape s;
  s.add(ball({0, 0, 0}, 10), 0);
  s.cut(ball({10, 0, 0}, 4), 0);
  CHECK(distance_at(s, {9, 0, 0}) > 0);
  CHECK(distance_at(s, {-9, 0, 0}) == doctest::Approx(-1));
  Shape two;
  two.add(ball({-8, 0, 0}, 10), 0);
  two.add(ball({8, 0, 0}, 10), 4);
  const float sharp = static_cast<float>(std::hypot(8.0, 9.0) - 10);
  CHECK(distance_at(two, {0, 9, 0}) ==
        doctest::Approx(sharp - 1));  // a quarter of the seam's width where both are equal
  CHECK(distance_at(two, {30, 0, 0}) == doctest::Approx(12));
}

TEST_CASE("surface nets on a sphere: radius, area, volume, normals") {
  Shape s;
  const double r = 20;
  s.add(ball({3, -2, 1}, r), 0);
  const Mesh mesh = surface_nets(s, even_grid(s, 2));
  CHECK(euler(mesh) == 2);
  double worst = 0, turn = 0;
  for (const Vertex& v : mesh.vertices) {
    const Vec3f out = position(v) - Vec3f(3, -2, 1);
    worst = std::max(worst, std::abs(out.norm() - r));
    turn = std::max<double>(turn, 1 - out.normalized().dot(Vec3f(v.normal.data())));
  }
  CHECK(worst < 0.01);
  CHECK(turn < 1e-4);
  const Measures m = measures(mesh);
  CHECK(m.area == doctest::Approx(4 * std::numbers::pi * r * r).epsilon(0.01));
  CHECK(m.volume == doctest::Approx(4.0 / 3 * std::numbers::pi * r * r * r).epsilon(0.01));
}

TEST_CASE("a grid stretched along a shaft meshes the same tube with fewer triangles") {
  Shape s;
  s.add(tube({{{0, 0, 0}, 8}, {{0, 200, 0}, 8}}), 0);
  const Mesh fine = surface_nets(s, even_grid(s, 2)), stretched = surface_nets(s, long_grid(s, 2, 4, 20, 180));
  CHECK(euler(stretched) == 2);
  CHECK(stretched.indices.size() < fine.indices.size() / 2);
  CHECK(measures(stretched).volume ==
        doctest::Approx(std::numbers::pi * 64 * 200 + 4.0 / 3 * std::numbers::pi * 512).epsilon(0.02));
}

TEST_CASE("simplification keeps a sphere a sphere") {
  Shape s;
  s.add(ball({0, 0, 0}, 20), 0);
  Mesh mesh = surface_nets(s, even_grid(s, 1.5));
  const size_t before = mesh.indices.size() / 3;
  simplify(0.3, before / 3, mesh);
  CHECK(mesh.indices.size() / 3 <= before / 3 + 1);
  CHECK(euler(mesh) == 2);
  CHECK(measures(mesh).volume == doctest::Approx(4.0 / 3 * std::numbers::pi * 8000).epsilon(0.03));
  for (const Vertex& v : mesh.vertices) CHECK(position(v).norm() == doctest::Approx(20).epsilon(0.001));
}

TEST_CASE("light: all on an open ball, less between two walls") {
  Shape s;
  s.add(ball({0, 0, 0}, 10), 0);
  Mesh mesh = surface_nets(s, even_grid(s, 2));
  shade({{&s, Vec3f::Zero()}}, Vec3f::Zero(), mesh);
  for (const Vertex& v : mesh.vertices) CHECK(v.occlusion > 0.95f);
  Shape wall;
  wall.add(box({14, 0, 0}, {2, 60, 60}, 1), 0);
  shade({{&s, Vec3f::Zero()}, {&wall, Vec3f::Zero()}}, Vec3f::Zero(), mesh);
  float towards = 1, away = 0;
  for (const Vertex& v : mesh.vertices) {
    if (v.normal[0] > 0.95f) towards = std::min(towards, v.occlusion);
    if (v.normal[0] < -0.95f) away = std::max(away, v.occlusion);
  }
  CHECK(towards < 0.5f);
  CHECK(away > 0.95f);
}
