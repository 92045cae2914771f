#include "render/shapes/surface_nets.h"

#include <algorithm>
#include <cmath>

namespace hipspine {
namespace {

constexpr int kEdge = 4;  // samples along an edge of a block; a block is one batch

std::vector<float> even_planes(float low, float high, float step) {
  const float middle = 0.5f * (low + high);
  const int half = static_cast<int>(std::ceil(0.5f * (high - low) / step)) + 1;
  std::vector<float> at;
  for (int i = -half; i <= half; ++i) at.push_back(middle + step * (static_cast<float>(i) - 0.5f));
  at.push_back(middle + step * (static_cast<float>(half) + 0.5f));
  return at;
}

/// Distances at all samples of the grid; true ones in blocks near the surface, elsewhere only the sign.
class Field {
 public:
  Field(const Shape& shape, const Grid& grid) : shape_(shape), grid_(grid) {
    for (int a = 0; a < 3; ++a) {
      n_[a] = static_cast<int>(grid.at[a].size());
      blocks_[a] = (n_[a] + kEdge - 1) / kEdge;
    }
    value_.assign(static_cast<size_t>(n_[0]) * n_[1] * n_[2], kFar);
    find_blocks();
  }

  struct Block {
    std::array<int, 3> first;
    std::vector<int> parts;  // those that matter here
  };
  [[nodiscard]] const std::vector<Block>& blocks() const { return near_; }
  [[nodiscard]] size_t index(int i, int j, int k) const { return (static_cast<size_t>(k) * n_[1] + j) * n_[0] + i; }
  [[nodiscard]] float value(size_t at) const { return value_[at]; }
  [[nodiscard]] int n(int axis) const { return n_[axis]; }

 private:
  void find_blocks() {
    const int total = blocks_[0] * blocks_[1] * blocks_[2];
    const auto& parts = shape_.parts();
    std::vector<Lanes> own(parts.size());
    for (int first = 0; first < total; first += kBatch) {
      Batch at;
      Lanes radius;
      for (int l = 0; l < kBatch; ++l) {
        const auto corner = corner_of(std::min(first + l, total - 1));
        Vec3f low, high;  // of the block and one sample more on every side
        for (int a = 0; a < 3; ++a) {
          low[a] = grid_.at[a][std::max(corner[a] - 1, 0)];
          high[a] = grid_.at[a][std::min(corner[a] + kEdge, n_[a] - 1)];
        }
        const Vec3f middle = 0.5f * (low + high);
        at.x[l] = middle.x();
        at.y[l] = middle.y();
        at.z[l] = middle.z();
        radius[l] = 0.5f * (high - low).norm();
      }
      Lanes d = Lanes::Constant(kFar);
      for (size_t p = 0; p < parts.size(); ++p) {
        distance(parts[p].primitive, at, own[p]);
        Shape::join(parts[p], own[p], d);
      }
      for (int l = 0; l < std::min(kBatch, total - first); ++l) {
        const float reach = kSteepest * radius[l];
        if (std::abs(d[l]) > reach) {
          fill(corner_of(first + l), d[l]);
          continue;
        }
        Block block{corner_of(first + l), {}};
        for (size_t p = 0; p < parts.size(); ++p)
          if (own[p][l] < 2 * reach + parts[p].blend) block.parts.push_back(static_cast<int>(p));
        sample(block);
        near_.push_back(std::move(block));
      }
    }
  }

  [[nodiscard]] std::array<int, 3> corner_of(int block) const {
    return {kEdge * (block % blocks_[0]), kEdge * (block / blocks_[0] % blocks_[1]),
            kEdge * (block / (blocks_[0] * blocks_[1]))};
  }

  template <typename F>
  void each_sample(const std::array<int, 3>& first, F&& f) const {
    for (int l = 0; l < kBatch; ++l)
      f(l, std::min(first[0] + l % kEdge, n_[0] - 1), std::min(first[1] + l / kEdge % kEdge, n_[1] - 1),
        std::min(first[2] + l / (kEdge * kEdge), n_[2] - 1));
  }

  void fill(const std::array<int, 3>& first, float d) {
    each_sample(first, [&](int, int i, int j, int k) { value_[index(i, j, k)] = d; });
  }

  void sample(const Block& block) {
    Batch at;
    each_sample(block.first, [&](int l, int i, int j, int k) {
      at.x[l] = grid_.at[0][i];
      at.y[l] = grid_.at[1][j];
      at.z[l] = grid_.at[2][k];
    });
    Lanes d;
    distance(shape_, &block.parts, at, d);
    each_sample(block.first, [&](int l, int i, int j, int k) { value_[index(i, j, k)] = d[l]; });
  }

  const Shape& shape_;
  const Grid& grid_;
  std::array<int, 3> n_{}, blocks_{};
  std::vector<float> value_;
  std::vector<Block> near_;
};

/// Mean of the crossings of the cell's twelve edges; false when there is none.
bool cell_vertex(const Field& field, const Grid& grid, int i, int j, int k, Vec3f& at) {
  std::array<float, 8> v;
  int inside = 0;
  for (int c = 0; c < 8; ++c) {
    v[c] = field.value(field.index(i + (c & 1), j + (c >> 1 & 1), k + (c >> 2)));
    inside += v[c] < 0;
  }
  if (inside == 0 || inside == 8) return false;
  Vec3f sum = Vec3f::Zero();
  int crossings = 0;
  for (int c = 0; c < 8; ++c) {
    for (int a = 0; a < 3; ++a) {
      const int o = c | 1 << a;
      if (o == c || (v[c] < 0) == (v[o] < 0)) continue;
      Vec3f p((c & 1) ? 1.f : 0.f, (c >> 1 & 1) ? 1.f : 0.f, (c >> 2) ? 1.f : 0.f);
      p[a] = v[c] / (v[c] - v[o]);
      sum += p;
      ++crossings;
    }
  }
  sum /= static_cast<float>(crossings);
  const std::array<int, 3> cell = {i, j, k};
  for (int a = 0; a < 3; ++a) {
    const float low = grid.at[a][cell[a]], high = grid.at[a][cell[a] + 1];
    at[a] = low + sum[a] * (high - low);
  }
  return true;
}

/// Corners of a tetrahedron round a point: four distances give the gradient and their mean the distance.
constexpr std::array<std::array<float, 3>, 4> kTetrahedron = {{{1, -1, -1}, {-1, -1, 1}, {-1, 1, -1}, {1, 1, 1}}};

/// Draws vertices [first, end) on to the surface and gives them normals.
void settle(const Shape& shape, const std::vector<int>& parts, float eps, float most, size_t first, Mesh& mesh) {
  for (size_t start = first; start < mesh.vertices.size(); start += kBatch / 4) {
    const size_t n = std::min<size_t>(kBatch / 4, mesh.vertices.size() - start);
    Batch at;
    for (int l = 0; l < kBatch; ++l) {
      const auto& p = mesh.vertices[start + std::min<size_t>(l / 4, n - 1)].position;
      const auto& t = kTetrahedron[l % 4];
      at.x[l] = p[0] + eps * t[0];
      at.y[l] = p[1] + eps * t[1];
      at.z[l] = p[2] + eps * t[2];
    }
    Lanes d;
    distance(shape, &parts, at, d);
    for (size_t v = 0; v < n; ++v) {
      Vec3f gradient = Vec3f::Zero();
      float mean = 0;
      for (int c = 0; c < 4; ++c) {
        const auto& t = kTetrahedron[c];
        gradient += d[static_cast<int>(4 * v) + c] * Vec3f(t[0], t[1], t[2]);
        mean += 0.25f * d[static_cast<int>(4 * v) + c];
      }
      const float length = gradient.norm();
      const Vec3f normal = length > 1e-6f ? Vec3f(gradient / length) : Vec3f(0, 1, 0);
      // Four corners at distance eps along each axis: the sum is four eps times the gradient.
      const float move = std::clamp(mean / std::max(length / (4 * eps), 0.3f), -most, most);
      Vertex& vertex = mesh.vertices[start + v];
      for (int a = 0; a < 3; ++a) {
        vertex.position[a] -= move * normal[a];
        vertex.normal[a] = normal[a];
      }
    }
  }
}

void add_quad(const Mesh& mesh, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d,
              std::vector<std::uint32_t>& indices) {
  const auto distance2 = [&](std::uint32_t p, std::uint32_t q) {
    return (Vec3f(mesh.vertices[p].position.data()) - Vec3f(mesh.vertices[q].position.data())).squaredNorm();
  };
  if (distance2(a, c) <= distance2(b, d))
    indices.insert(indices.end(), {a, b, c, a, c, d});
  else
    indices.insert(indices.end(), {a, b, d, b, c, d});
}

}  // namespace

Grid even_grid(const Shape& shape, double step_mm) {
  Grid grid;
  for (int a = 0; a < 3; ++a) grid.at[a] = even_planes(shape.low()[a], shape.high()[a], static_cast<float>(step_mm));
  return grid;
}

Grid long_grid(const Shape& shape, double step_mm, double stretch, double from_y, double to_y) {
  Grid grid = even_grid(shape, step_mm);
  std::vector<float> y;
  const float last = grid.at[1].back();
  // Steps grow and shrink over a few cells, so that neighbours are never far from alike.
  for (float at = grid.at[1].front(); at < last;) {
    y.push_back(at);
    const double inside = std::min(at - from_y, to_y - at) / (3 * step_mm);
    at += static_cast<float>(step_mm * (1 + (stretch - 1) * std::clamp(inside, 0.0, 1.0)));
  }
  y.push_back(y.back() + static_cast<float>(step_mm));
  y.push_back(y.back() + static_cast<float>(step_mm));
  grid.at[1] = y;
  return grid;
}

Mesh surface_nets(const Shape& shape, const Grid& grid) {
  const Field field(shape, grid);
  Mesh mesh;
  constexpr std::uint32_t kNone = 0xffffffffu;
  std::vector<std::uint32_t> vertex_of(static_cast<size_t>(field.n(0)) * field.n(1) * field.n(2), kNone);
  const auto each_cell = [&](const Field::Block& block, auto&& f) {
    for (int k = block.first[2]; k < std::min(block.first[2] + kEdge, field.n(2) - 1); ++k)
      for (int j = block.first[1]; j < std::min(block.first[1] + kEdge, field.n(1) - 1); ++j)
        for (int i = block.first[0]; i < std::min(block.first[0] + kEdge, field.n(0) - 1); ++i) f(i, j, k);
  };
  for (const auto& block : field.blocks()) {
    const size_t first = mesh.vertices.size();
    const float step = grid.at[0][1] - grid.at[0][0];
    each_cell(block, [&](int i, int j, int k) {
      Vec3f at;
      if (!cell_vertex(field, grid, i, j, k, at)) return;
      vertex_of[field.index(i, j, k)] = static_cast<std::uint32_t>(mesh.vertices.size());
      mesh.vertices.push_back({{at.x(), at.y(), at.z()}, {0, 1, 0}, 1});
    });
    settle(shape, block.parts, 0.2f * step, 0.5f * step, first, mesh);
  }
  for (const auto& block : field.blocks()) {
    each_cell(block, [&](int i, int j, int k) {
      const std::array<int, 3> cell = {i, j, k};
      const bool inside = field.value(field.index(i, j, k)) < 0;
      for (int a = 0; a < 3; ++a) {
        const int b = (a + 1) % 3, c = (a + 2) % 3;
        if (cell[b] == 0 || cell[c] == 0) continue;
        std::array<int, 3> next = cell;
        ++next[a];
        if ((field.value(field.index(next[0], next[1], next[2])) < 0) == inside) continue;
        const auto around = [&](int db, int dc) {
          std::array<int, 3> o = cell;
          o[b] -= db;
          o[c] -= dc;
          return vertex_of[field.index(o[0], o[1], o[2])];
        };
        const std::uint32_t p = around(1, 1), q = around(0, 1), r = around(0, 0), s = around(1, 0);
        if (p == kNone || q == kNone || r == kNone || s == kNone) continue;  // a hole rather than a wild index
        if (inside)
          add_quad(mesh, p, q, r, s, mesh.indices);
        else
          add_quad(mesh, s, r, q, p, mesh.indices);
      }
    });
  }
  return mesh;
}

void shade(const std::vector<Obstacle>& obstacles, const Vec3f& offset, Mesh& mesh) {
  constexpr std::array<float, 4> kAway = {2.5f, 7, 17, 38};             // chosen: crevices to hollows, mm
  constexpr std::array<float, 4> kWeight = {0.28f, 0.3f, 0.3f, 0.26f};  // chosen: a closed hollow keeps little light
  const float most = kAway.back();
  std::vector<int> wanted;
  for (size_t start = 0; start < mesh.vertices.size(); start += kBatch / 4) {
    const size_t n = std::min<size_t>(kBatch / 4, mesh.vertices.size() - start);
    Batch at;
    for (int l = 0; l < kBatch; ++l) {
      const Vertex& v = mesh.vertices[start + std::min<size_t>(l / 4, n - 1)];
      const float t = kAway[l % 4];
      at.x[l] = v.position[0] + t * v.normal[0] + offset.x();
      at.y[l] = v.position[1] + t * v.normal[1] + offset.y();
      at.z[l] = v.position[2] + t * v.normal[2] + offset.z();
    }
    const Vec3f low(at.x.minCoeff(), at.y.minCoeff(), at.z.minCoeff());
    const Vec3f high(at.x.maxCoeff(), at.y.maxCoeff(), at.z.maxCoeff());
    const auto apart = [&](const Vec3f& l, const Vec3f& h) {
      return (l - high).cwiseMax(low - h).maxCoeff();  // gap of two boxes along the axis where it is widest
    };
    Lanes nearest = Lanes::Constant(kFar);
    for (const Obstacle& o : obstacles) {
      if (apart(o.shape->low() + o.offset, o.shape->high() + o.offset) > most) continue;
      wanted.clear();
      const auto& parts = o.shape->parts();
      for (size_t p = 0; p < parts.size(); ++p)
        if (apart(parts[p].primitive.low + o.offset, parts[p].primitive.high + o.offset) < most)
          wanted.push_back(static_cast<int>(p));
      if (wanted.empty()) continue;
      const Batch own = {at.x - o.offset.x(), at.y - o.offset.y(), at.z - o.offset.z()};
      Lanes d;
      distance(*o.shape, &wanted, own, d);
      nearest = nearest.min(d);
    }
    for (size_t v = 0; v < n; ++v) {
      float dark = 0;
      for (int t = 0; t < 4; ++t)
        dark += kWeight[t] * std::clamp(1 - nearest[static_cast<int>(4 * v) + t] / kAway[t], 0.f, 1.f);
      mesh.vertices[start + v].occlusion = std::clamp(1 - dark, 0.08f, 1.f);
    }
  }
}

}  // namespace hipspine
