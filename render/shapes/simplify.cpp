#include "render/shapes/simplify.h"

#include <algorithm>
#include <array>

#include "render/shapes/signed_distance.h"

namespace hipspine {
namespace {

/// Sum of squared distances to weighted planes.
struct Quadric {
  std::array<float, 10> q{};
  float weight = 0;
  void add(const Vec3f& n, float d, float w) {
    const std::array<float, 10> more = {n.x() * n.x(), n.x() * n.y(), n.x() * n.z(), n.x() * d, n.y() * n.y(),
                                        n.y() * n.z(), n.y() * d,     n.z() * n.z(), n.z() * d, d * d};
    for (int i = 0; i < 10; ++i) q[i] += w * more[i];
    weight += w;
  }
  void add(const Quadric& o) {
    for (int i = 0; i < 10; ++i) q[i] += o.q[i];
    weight += o.weight;
  }
  [[nodiscard]] float at(const Vec3f& p) const {
    const float x = p.x(), y = p.y(), z = p.z();
    const float e = q[0] * x * x + 2 * q[1] * x * y + 2 * q[2] * x * z + 2 * q[3] * x + q[4] * y * y +
                    2 * q[5] * y * z + 2 * q[6] * y + q[7] * z * z + 2 * q[8] * z + q[9];
    return std::max(e, 0.f) / weight;
  }
};

struct Collapse {
  float cost;
  std::uint32_t from, to;
  bool operator<(const Collapse& o) const { return cost != o.cost ? cost < o.cost : from < o.from; }
};

class Simplifier {
 public:
  explicit Simplifier(Mesh& mesh)
      : mesh_(mesh), n_(mesh.vertices.size()), origin_(mesh.vertices[0].position.data()), quadric_(n_) {
    for (size_t t = 0; t < mesh.indices.size(); t += 3) {
      const auto [a, b, c] = corners(t);
      const Vec3f normal = (b - a).cross(c - a);
      const float area = normal.norm();
      if (area < 1e-9f) continue;
      const Vec3f unit = normal / area;
      for (int k = 0; k < 3; ++k) quadric_[mesh.indices[t + k]].add(unit, -unit.dot(a), area);
    }
  }

  /// One round of collapses that do not touch each other; how many were made.
  size_t round(float error2, size_t most) {
    ring();
    std::vector<Collapse> wanted;
    for (std::uint32_t v = 0; v < n_; ++v) {
      Collapse best{error2, v, v};
      for (std::uint32_t i = start_[v]; i < start_[v + 1]; ++i) {
        const std::uint32_t t = triangle_[i];
        for (int k = 0; k < 3; ++k) {
          const std::uint32_t o = mesh_.indices[t + k];
          if (o == v) continue;
          const float cost = price(v, o);
          if (cost < best.cost || (cost == best.cost && best.to != v && o < best.to)) best = {cost, v, o};
        }
      }
      if (best.to != v) wanted.push_back(best);
    }
    std::sort(wanted.begin(), wanted.end());
    std::vector<char> locked(n_, 0);
    size_t made = 0;
    for (const Collapse& c : wanted) {
      if (made >= most) break;
      if (!allowed(c, locked)) continue;
      apply(c, locked);
      ++made;
    }
    const auto gone = [&](size_t t) {
      return mesh_.indices[t] == mesh_.indices[t + 1] || mesh_.indices[t + 1] == mesh_.indices[t + 2] ||
             mesh_.indices[t] == mesh_.indices[t + 2];
    };
    size_t kept = 0;
    for (size_t t = 0; t < mesh_.indices.size(); t += 3) {
      if (gone(t)) continue;
      for (int k = 0; k < 3; ++k) mesh_.indices[kept + k] = mesh_.indices[t + k];
      kept += 3;
    }
    mesh_.indices.resize(kept);
    return made;
  }

  void drop_unused() {
    std::vector<std::uint32_t> now(n_, 0);
    for (const std::uint32_t i : mesh_.indices) now[i] = 1;
    std::uint32_t kept = 0;
    for (size_t v = 0; v < n_; ++v) {
      if (!now[v]) continue;
      mesh_.vertices[kept] = mesh_.vertices[v];
      now[v] = kept++;
    }
    mesh_.vertices.resize(kept);
    for (std::uint32_t& i : mesh_.indices) i = now[i];
  }

 private:
  [[nodiscard]] Vec3f at(std::uint32_t v) const { return Vec3f(mesh_.vertices[v].position.data()) - origin_; }
  [[nodiscard]] std::array<Vec3f, 3> corners(size_t t) const {
    return {at(mesh_.indices[t]), at(mesh_.indices[t + 1]), at(mesh_.indices[t + 2])};
  }

  [[nodiscard]] float price(std::uint32_t from, std::uint32_t to) const {
    const Vec3f p = at(to);
    const Vec3f n0(mesh_.vertices[from].normal.data()), n1(mesh_.vertices[to].normal.data());
    const float length2 = (p - at(from)).squaredNorm(), turn = 1 - n0.dot(n1);
    if (turn > 0.35f) return 1e9f;
    // chosen: a little for length, so that flat places do not end in slivers, and for the turn, so that shading stays
    return quadric_[from].at(p) + 2e-4f * length2 + 0.25f * turn * length2;
  }

  void ring() {
    start_.assign(n_ + 1, 0);
    for (const std::uint32_t i : mesh_.indices) ++start_[i + 1];
    for (size_t v = 0; v < n_; ++v) start_[v + 1] += start_[v];
    triangle_.resize(mesh_.indices.size());
    std::vector<std::uint32_t> next(start_.begin(), start_.end() - 1);
    for (size_t t = 0; t < mesh_.indices.size(); t += 3)
      for (int k = 0; k < 3; ++k) triangle_[next[mesh_.indices[t + k]]++] = static_cast<std::uint32_t>(t);
  }

  bool allowed(const Collapse& c, const std::vector<char>& locked) {
    if (locked[c.from] || locked[c.to]) return false;
    around_.clear();
    for (std::uint32_t i = start_[c.from]; i < start_[c.from + 1]; ++i) {
      const std::uint32_t t = triangle_[i];
      bool has_to = false;
      for (int k = 0; k < 3; ++k) {
        const std::uint32_t o = mesh_.indices[t + k];
        if (locked[o]) return false;
        if (o != c.from) around_.push_back(o);
        has_to |= o == c.to;
      }
      if (has_to) continue;
      auto [p, q, r] = corners(t);
      const Vec3f before = (q - p).cross(r - p);
      for (int k = 0; k < 3; ++k)
        if (mesh_.indices[t + k] == c.from) (k == 0 ? p : k == 1 ? q : r) = at(c.to);
      const Vec3f after = (q - p).cross(r - p);
      if (after.dot(before) < 0.5f * after.norm() * before.norm() || after.norm() < 1e-6f) return false;
    }
    std::sort(around_.begin(), around_.end());
    around_.erase(std::unique(around_.begin(), around_.end()), around_.end());
    // A closed surface stays one when the two ends share exactly two neighbours.
    shared_.clear();
    for (std::uint32_t i = start_[c.to]; i < start_[c.to + 1]; ++i)
      for (int k = 0; k < 3; ++k) {
        const std::uint32_t o = mesh_.indices[triangle_[i] + k];
        if (o != c.to && o != c.from && std::binary_search(around_.begin(), around_.end(), o)) shared_.push_back(o);
      }
    std::sort(shared_.begin(), shared_.end());
    shared_.erase(std::unique(shared_.begin(), shared_.end()), shared_.end());
    return shared_.size() == 2 && around_.size() > 3;
  }

  void apply(const Collapse& c, std::vector<char>& locked) {
    for (const std::uint32_t o : around_) locked[o] = 1;
    locked[c.from] = locked[c.to] = 1;
    for (std::uint32_t i = start_[c.from]; i < start_[c.from + 1]; ++i)
      for (int k = 0; k < 3; ++k)
        if (mesh_.indices[triangle_[i] + k] == c.from) mesh_.indices[triangle_[i] + k] = c.to;
    quadric_[c.to].add(quadric_[c.from]);
  }

  Mesh& mesh_;
  size_t n_;
  Vec3f origin_;  // near the mesh: float quadrics lose too much far from it
  std::vector<Quadric> quadric_;
  std::vector<std::uint32_t> start_, triangle_, around_, shared_;
};

}  // namespace

void simplify(double error, size_t triangles, Mesh& mesh) {
  if (mesh.indices.size() / 3 <= triangles) return;
  Simplifier work(mesh);
  const auto error2 = static_cast<float>(error * error);
  for (int round = 0; round < 16; ++round) {
    const size_t now = mesh.indices.size() / 3;
    if (now <= triangles) break;
    const size_t made = work.round(error2, (now - triangles + 1) / 2);
    if (made < 1 + now / 400) break;
  }
  work.drop_unused();
}

}  // namespace hipspine
