#include "render/shapes/body_parts.h"

#include <atomic>
#include <cmath>
#include <thread>

#include "render/shapes/bones.h"
#include "render/shapes/simplify.h"
#include "render/shapes/surface_nets.h"

namespace hipspine {
namespace {

constexpr int kThreads = 2;

/// chosen: cells against those of the normal detail, for about 40, 90 and 200 thousand triangles
Fineness fineness(Detail detail) {
  switch (detail) {
    case Detail::coarse:
      return {1.6, 1.5, 0.19};
    case Detail::normal:
      return {1.15, 0.6, 0.29};
    case Detail::fine:
      break;
  }
  return {0.9, 0.3, 0.54};
}

std::vector<Bone> all_bones(const Landmarks& at, const Fineness& fine) {
  std::vector<Bone> bones;
  add_pelvis(at, fine, bones);
  add_sacrum(at, bones);
  add_lumbar_spine(at, bones);
  add_joint_plates(at, fine, bones);
  add_thigh(at, bones);
  add_shank(at, bones);
  add_foot(at, bones);
  add_thorax(at, fine, bones);
  add_ribs(at, fine, bones);
  add_head(at, fine, bones);
  add_arm(at, fine, bones);
  return bones;
}

Mesh mesh_of(const Bone& bone, const Fineness& fine) {
  if (!bone.made.vertices.empty()) {
    Mesh mesh = bone.made;
    if (bone.tissue != Tissue::disc && bone.tissue != Tissue::facet)
      simplify(fine.error, static_cast<size_t>(0.5 * (1 + fine.keep) * static_cast<double>(mesh.indices.size() / 3)),
               mesh);
    return mesh;
  }
  const double step = bone.step_mm * fine.cell;
  Mesh mesh =
      surface_nets(bone.shape, bone.stretch > 1 ? long_grid(bone.shape, step, bone.stretch, bone.from_y, bone.to_y)
                                                : even_grid(bone.shape, step));
  const double keep = std::min(1.0, bone.care * fine.keep);
  simplify(fine.error / bone.care, static_cast<size_t>(keep * static_cast<double>(mesh.indices.size() / 3)), mesh);
  return mesh;
}

Shape mirrored(const Shape& shape) {
  Shape other;
  for (const Shape::Part& part : shape.parts()) {
    if (part.hole)
      other.cut(mirrored(part.primitive), part.blend);
    else
      other.add(mirrored(part.primitive), part.blend);
  }
  return other;
}

Mesh mirrored(const Mesh& mesh) {
  Mesh other = mesh;
  for (Vertex& v : other.vertices) {
    v.position[2] = -v.position[2];
    v.normal[2] = -v.normal[2];
  }
  for (size_t t = 0; t < other.indices.size(); t += 3) std::swap(other.indices[t + 1], other.indices[t + 2]);
  return other;
}

Vec3 middle(const Mesh& mesh) {
  Vec3 low = Vec3::Constant(1e9), high = -low;
  for (const Vertex& v : mesh.vertices) {
    const Vec3 p(v.position[0], v.position[1], v.position[2]);
    low = low.cwiseMin(p);
    high = high.cwiseMax(p);
  }
  return 0.5 * (low + high);
}

}  // namespace

std::vector<BodyPart> body_parts(const Model& model, const Spine& spine, Detail detail) {
  const Landmarks at(model, spine);
  const Fineness fine = fineness(detail);
  const std::vector<Bone> bones = all_bones(at, fine);

  // What takes light away: every bone in the zero pose, the left ones too.
  std::vector<Shape> left(bones.size());
  std::vector<Vec3f> offset;
  std::vector<Obstacle> obstacles;
  for (size_t b = 0; b < bones.size(); ++b) {
    offset.push_back(at.link_offset(bones[b].link).cast<float>());
    if (bones[b].shape.empty()) continue;
    obstacles.push_back({&bones[b].shape, offset[b]});
    if (bones[b].side != kRight) continue;
    left[b] = mirrored(bones[b].shape);
    obstacles.push_back({&left[b], offset[b].cwiseProduct(Vec3f(1, 1, -1))});
  }

  // Each bone is meshed by itself, so which thread takes it does not matter.
  std::vector<Mesh> meshes(bones.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t b = next++; b < bones.size(); b = next++) {
      meshes[b] = mesh_of(bones[b], fine);
      shade(obstacles, offset[b], meshes[b]);
    }
  };
  std::vector<std::jthread> threads;
  for (int t = 1; t < kThreads; ++t) threads.emplace_back(work);
  work();
  threads.clear();

  std::vector<BodyPart> parts;
  const float to_m = static_cast<float>(model.length_scale / 1000);
  for (size_t b = 0; b < bones.size(); ++b) {
    const Bone& bone = bones[b];
    if (b > 0 && bones[b - 1].name == bone.name) continue;  // joined below
    for (size_t more = b + 1; more < bones.size() && bones[more].name == bone.name; ++more)
      append(meshes[more], meshes[b]);
    BodyPart part;
    part.name = bone.name;
    part.tissue = bone.tissue;
    part.link = bone.link;
    part.upper_link = bone.upper_link;
    part.level = bone.level;
    part.side = bone.side;
    part.mesh = std::move(meshes[b]);
    for (Vertex& v : part.mesh.vertices)
      for (float& x : v.position) x *= to_m;
    part.focus_L = middle(part.mesh);
    parts.push_back(std::move(part));
    if (bone.side != kRight) continue;
    BodyPart other = parts.back();
    other.name.replace(other.name.size() - 2, 2, "_l");
    other.link = model.coordinates[bone.link].mirror;
    other.side = kLeft;
    other.mesh = mirrored(parts.back().mesh);
    other.focus_L.z() = -other.focus_L.z();
    parts.push_back(std::move(other));
  }
  return parts;
}

}  // namespace hipspine
