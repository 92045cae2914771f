// A picture is: shadow map, bodies, ribbons and arrows, ground, sky behind what is left, ghost, fans. Everything that
// moves is a palette of poses and three small vertex buffers, written once a picture.
#include "render/draw/renderer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>

#include "render/draw/part_store.h"
#include "render/draw/shaders.h"
#include "render/draw/strokes.h"

namespace hipspine {
namespace {

struct Settings {
  int samples, shadow_px, shadow_taps;
  double scale;
  float ribbon_step_m;
};
Settings settings_of(Quality quality) {
  switch (quality) {
    case Quality::low:  // chosen: 10 pictures a second on two cores without a graphics card
      return {1, 640, 4, 0.75, 0.028f};
    case Quality::medium:
      return {2, 1024, 8, 1, 0.020f};
    case Quality::high:
      break;
  }
  return {4, 2048, 16, 1, 0.014f};
}

constexpr int kFeet = 8;  // blobs of contact shadow
using Float4 = std::array<float, 4>;

/// As in shaders::kHead (std140).
struct FrameBlock {
  std::array<float, 16> clip, shadow;
  Float4 eye, light, body, picture;
  std::array<Float4, kFeet> foot_at, foot_size;
};
constexpr GLuint kFrameBinding = 0;

std::array<float, 16> packed(const Mat4f& m) {
  std::array<float, 16> a;
  std::copy(m.data(), m.data() + 16, a.begin());
  return a;
}
Float4 packed(const Vec3& v, double w) {
  return {static_cast<float>(v.x()), static_cast<float>(v.y()), static_cast<float>(v.z()), static_cast<float>(w)};
}

struct PaletteEntry {
  std::array<Float4, 3> pose;  ///< rows
  Float4 colour, material;     ///< material as in kBodyVertex
};

Float4 material_of(Tissue tissue, float emphasis) {
  switch (tissue) {  // chosen: loads glow so that their colour is that of the scale wherever they are lit from
    case Tissue::disc:
      return {0.72f, 0.06f, emphasis, 0};
    case Tissue::facet:  // chosen: seen through the process that covers the joint
      return {0.80f, 0.06f, emphasis, -0.010f};
    case Tissue::cartilage:
      return {0.1f, 0.22f, emphasis, 0};
    case Tissue::bone:
      break;
  }
  return {0, 0.11f, emphasis, 1};
}

struct Program {
  GlName name;
  GLint first = -1;

  Program(const std::string& vertex, const std::string& fragment, int shadow_taps) {
    const std::string head = shaders::kHead;
    const std::string shadow = "#define SHADOW_TAPS " + std::to_string(shadow_taps) + "\n" + shaders::kShadow;
    const bool shaded = fragment.find("shadow_") != std::string::npos;
    name = make_program(head + vertex, head + (shaded ? shadow : "") + fragment);
    const GLuint program = name.get();
    const GLuint block = glGetUniformBlockIndex(program, "Frame");
    if (block != GL_INVALID_INDEX) glUniformBlockBinding(program, block, kFrameBinding);
    first = glGetUniformLocation(program, "u_first");
    glUseProgram(program);
    glUniform1i(glGetUniformLocation(program, "u_shadow_map"), 0);
    glUniform1i(glGetUniformLocation(program, "u_palette"), 1);
  }
  void use(int first_part = 0) const {
    glUseProgram(name.get());
    if (first >= 0) glUniform1i(first, first_part);
  }
};

/// A vertex buffer written anew for every picture.
template <typename VertexType>
struct Stream {
  GlName array = make_vertex_array(), vertices = make_buffer(), indices = make_buffer();
  Triangles<VertexType> data;

  explicit Stream(const std::vector<Attribute>& attributes) {
    glBindVertexArray(array.get());
    glBindBuffer(GL_ARRAY_BUFFER, vertices.get());
    glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices.get());
    set_attributes(attributes, sizeof(VertexType));
    glBindVertexArray(0);
  }
  void upload() const {
    if (data.indices.empty()) return;
    glBindVertexArray(array.get());
    glBindBuffer(GL_ARRAY_BUFFER, vertices.get());
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(data.vertices.size() * sizeof(VertexType)),
                 data.vertices.data(), GL_STREAM_DRAW);
    glBufferData(GL_ELEMENT_ARRAY_BUFFER, static_cast<GLsizeiptr>(data.indices.size() * sizeof(std::uint32_t)),
                 data.indices.data(), GL_STREAM_DRAW);
  }
};

const std::vector<Attribute> kRibbonFormat = {{0, 3, GL_FLOAT, false, offsetof(RibbonVertex, position)},
                                              {1, 3, GL_FLOAT, false, offsetof(RibbonVertex, normal)},
                                              {2, 3, GL_FLOAT, false, offsetof(RibbonVertex, across)},
                                              {3, 4, GL_UNSIGNED_BYTE, true, offsetof(RibbonVertex, colour)}};
const std::vector<Attribute> kStrokeFormat = {{0, 3, GL_FLOAT, false, offsetof(StrokeVertex, position)},
                                              {1, 3, GL_FLOAT, false, offsetof(StrokeVertex, normal)},
                                              {2, 4, GL_UNSIGNED_BYTE, true, offsetof(StrokeVertex, colour)}};

bool is_translucent(const SceneInstance& instance) { return instance.colour[3] < 1; }

}  // namespace

Quality quality_for(const std::string& gl_renderer) {
  for (const char* software : {"llvmpipe", "SwiftShader", "softpipe"})
    if (gl_renderer.find(software) != std::string::npos) return Quality::low;
  return Quality::high;
}

Detail detail_for(Quality quality) {
  switch (quality) {
    case Quality::low:
      return Detail::coarse;
    case Quality::medium:
      return Detail::normal;
    case Quality::high:
      break;
  }
  return Detail::fine;
}

struct Renderer::Impl {
  Settings settings;
  PartStore store;
  Program body, ghost, ribbon, stroke, ground, sky, shadow_body, shadow_ribbon;
  GlName frame_buffer = make_buffer(), palette_buffer = make_buffer(), palette_texture = make_texture();
  GlName shadow_texture = make_texture(), shadow_target = make_framebuffer(), no_vertices = make_vertex_array();
  Stream<RibbonVertex> ribbons{kRibbonFormat};
  Stream<StrokeVertex> arrows{kStrokeFormat}, veils{kStrokeFormat};  ///< veils: what is translucent
  std::optional<Canvas> canvas;
  RenderStats stats;

  FrameBlock frame{};
  std::vector<PaletteEntry> palette;
  std::array<std::vector<int>, 4> lists;  ///< parts of: the body, a solid ghost, a translucent ghost, see-through body
  Vec3 origin_G = Vec3::Zero();

  explicit Impl(Quality quality)
      : settings(settings_of(quality)),
        body(shaders::kBodyVertex, shaders::kBodyFragment, settings.shadow_taps),
        ghost(shaders::kBodyVertex, shaders::kGhostFragment, settings.shadow_taps),
        ribbon(shaders::kRibbonVertex, shaders::kRibbonFragment, settings.shadow_taps),
        stroke(shaders::kStrokeVertex, shaders::kStrokeFragment, settings.shadow_taps),
        ground(shaders::kGroundVertex, shaders::kGroundFragment, settings.shadow_taps),
        sky(shaders::kSkyVertex, shaders::kSkyFragment, settings.shadow_taps),
        shadow_body(shaders::kShadowBodyVertex, shaders::kEmptyFragment, settings.shadow_taps),
        shadow_ribbon(shaders::kShadowRibbonVertex, shaders::kEmptyFragment, settings.shadow_taps) {
    glBindBuffer(GL_UNIFORM_BUFFER, frame_buffer.get());
    glBufferData(GL_UNIFORM_BUFFER, sizeof(FrameBlock), nullptr, GL_DYNAMIC_DRAW);
    glBindBuffer(GL_UNIFORM_BUFFER, 0);
    glBindTexture(GL_TEXTURE_2D, shadow_texture.get());
    glTexImage2D(GL_TEXTURE_2D, 0, GL_DEPTH_COMPONENT24, settings.shadow_px, settings.shadow_px, 0, GL_DEPTH_COMPONENT,
                 GL_FLOAT, nullptr);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_COMPARE_MODE, GL_COMPARE_REF_TO_TEXTURE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_COMPARE_FUNC, GL_LEQUAL);
    glBindTexture(GL_TEXTURE_2D, 0);
    glBindFramebuffer(GL_FRAMEBUFFER, shadow_target.get());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_TEXTURE_2D, shadow_texture.get(), 0);
    glDrawBuffer(GL_NONE);
    glReadBuffer(GL_NONE);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
  }

  [[nodiscard]] PartStore::Extent extent_G(const SceneInstance& instance) const {
    const PartStore::Extent& e = store.extent(instance.part);
    return {instance.X_GP * e.middle_L, instance.X_GP.R.cwiseAbs() * e.half_L};
  }

  void fill_palette(const Scene& scene) {
    const int n = store.size();
    palette.assign(lists.size() * n, PaletteEntry{});
    for (std::vector<int>& list : lists) list.clear();
    for (const SceneInstance& instance : scene.instances) {
      const int list = (instance.ghost ? 1 : 0) + (is_translucent(instance) ? (instance.ghost ? 1 : 3) : 0);
      PaletteEntry& entry = palette[list * n + instance.part];
      const Vec3 p = instance.X_GP.p - origin_G;
      for (int row = 0; row < 3; ++row) entry.pose[row] = packed(instance.X_GP.R.row(row), p[row]);
      entry.colour = instance.colour;
      entry.material = material_of(store.tissue(instance.part), instance.emphasis);
      lists[list].push_back(instance.part);
    }
    for (std::vector<int>& list : lists) std::sort(list.begin(), list.end());
  }

  /// Light from the upper left of whoever looks, so that form reads the same from every side.
  void fill_light(const Scene& scene, const Camera& camera) {
    const double azimuth = camera.azimuth_rad + 0.62, elevation = 0.95;  // chosen: a portrait's key light
    const Vec3 light(std::cos(elevation) * std::cos(azimuth), std::sin(elevation),
                     std::cos(elevation) * std::sin(azimuth));
    Vec3 low = scene.pelvis_G, high = scene.pelvis_G;
    for (const SceneInstance& instance : scene.instances) {
      if (is_translucent(instance)) continue;
      const PartStore::Extent e = extent_G(instance);
      low = low.cwiseMin(e.middle_L - e.half_L);
      high = high.cwiseMax(e.middle_L + e.half_L);
    }
    // The map covers the body, or for a close look what is looked at, so that its texels stay small.
    const double whole = 0.5 * (high - low).norm() + 0.05, close = 0.6 * camera.distance_m;
    const double radius = std::min(whole, close);
    const double whole_share = std::clamp((close / whole - 0.45) / 0.55, 0.0, 1.0);
    const Vec3 centre = whole_share * 0.5 * (low + high) + (1 - whole_share) * camera.target_G;
    const Vec3 right = Vec3::UnitY().cross(light).normalized(), up = light.cross(right);
    // Whole texels only: the edge of a shadow does not crawl while the body walks.
    const double texel = 2 * radius / settings.shadow_px;
    const auto snapped = [&](double x) { return std::round(x / texel) * texel; };
    const double depth = 2 * whole + 1;
    Mat4f& m = shadow_matrix;
    m.setIdentity();
    const auto set_row = [&](int row, const Vec3& axis, double scale, double at) {
      m.block<1, 3>(row, 0) = (scale * axis.transpose()).cast<float>();
      m(row, 3) = static_cast<float>(0.5 + scale * (axis.dot(origin_G) - at));
    };
    set_row(0, right, 0.5 / radius, snapped(right.dot(centre)));
    set_row(1, up, 0.5 / radius, snapped(up.dot(centre)));
    set_row(2, -light, 0.5 / depth, -light.dot(centre));
    frame.shadow = packed(m);
    frame.light = packed(light, texel);
    frame.body = packed(Vec3(scene.follow_G.x() - origin_G.x(), 0.5 / radius, scene.follow_G.z() - origin_G.z()),
                        5.5);  // chosen: the ground ends three strides away
  }
  Mat4f shadow_matrix;

  /// Dark places under what is near the ground: the largest parts first.
  void fill_feet(const Scene& scene) {
    frame.foot_at.fill({});
    frame.foot_size.fill({});
    constexpr double kNear_m = 0.14;  // chosen: higher, the blurred shadow is too faint to see
    struct Foot {
      double size;
      Float4 at, extent;
    };
    std::vector<Foot> feet;
    for (const SceneInstance& instance : scene.instances) {
      if (is_translucent(instance)) continue;
      const PartStore::Extent& e = store.extent(instance.part);
      const PartStore::Extent g = extent_G(instance);
      const double gap = g.middle_L.y() - g.half_L.y();
      if (gap > kNear_m || g.half_L.y() > 2 * kNear_m) continue;
      // The longest axis of the part's box that lies along the ground.
      Vec3 along = Vec3::UnitX() * 1e-3;
      int axis = 0;
      for (int k = 0; k < 3; ++k) {
        Vec3 a = e.half_L[k] * instance.X_GP.R.col(k);
        a.y() = 0;
        if (a.norm() > along.norm()) along = a, axis = k;
      }
      const Vec3 across = Vec3::UnitY().cross(along.normalized());
      double width = 0.004;
      for (int k = 0; k < 3; ++k)
        if (k != axis) width = std::max(width, std::abs(e.half_L[k] * instance.X_GP.R.col(k).dot(across)));
      const Vec3 at = g.middle_L - origin_G;
      feet.push_back({along.norm() * width,
                      {static_cast<float>(at.x()), static_cast<float>(at.z()), static_cast<float>(along.x()),
                       static_cast<float>(along.z())},
                      {static_cast<float>(width), static_cast<float>(std::max(gap, 0.0)), 1, 0}});
    }
    std::stable_sort(feet.begin(), feet.end(), [](const Foot& a, const Foot& b) { return a.size > b.size; });
    for (size_t i = 0; i < std::min<size_t>(feet.size(), kFeet); ++i) {
      frame.foot_at[i] = feet[i].at;
      frame.foot_size[i] = feet[i].extent;
    }
  }

  void fill_frame(const Scene& scene, const Camera& camera) {
    Camera moved = camera;
    moved.target_G -= origin_G;
    const int width = canvas->width_px(), height = canvas->height_px();
    frame.clip = packed(Mat4f(moved.projection(static_cast<double>(width) / height) * moved.view()));
    frame.eye = packed(moved.eye_G(), 0);
    frame.picture = {static_cast<float>(width), static_cast<float>(height), 1.0f / static_cast<float>(width),
                     1.0f / static_cast<float>(height)};
    fill_light(scene, camera);
    fill_feet(scene);
  }

  /// Facet joints lie deep between their processes: a warm spot on the bone says what they carry.
  void add_facet_glow(const Scene& scene, const Vec3& eye_G) {
    constexpr float kRadius_m = 0.015f, kNearer_m = 0.022f;           // chosen: as large as the joint with its capsule
    constexpr float kFaint = 0.04f, kFull = 0.5f, kStrongest = 0.8f;  // chosen: shares of the scale; opacity
    for (const SceneInstance& instance : scene.instances) {
      if (store.tissue(instance.part) != Tissue::facet || instance.load < kFaint) continue;
      const float share = std::min((instance.load - kFaint) / (kFull - kFaint), 1.0f);
      const float dull = std::min(instance.emphasis, 1.0f);
      add_glow(extent_G(instance).middle_L, kRadius_m, kNearer_m, instance.colour, kStrongest * std::sqrt(share) * dull,
               origin_G, eye_G, veils.data);
    }
  }

  void upload() {
    glBindBuffer(GL_UNIFORM_BUFFER, frame_buffer.get());
    glBufferSubData(GL_UNIFORM_BUFFER, 0, sizeof frame, &frame);
    glBindBuffer(GL_UNIFORM_BUFFER, 0);
    glBindBufferBase(GL_UNIFORM_BUFFER, kFrameBinding, frame_buffer.get());
    glBindBuffer(GL_TEXTURE_BUFFER, palette_buffer.get());
    glBufferData(GL_TEXTURE_BUFFER, static_cast<GLsizeiptr>(palette.size() * sizeof(PaletteEntry)), palette.data(),
                 GL_STREAM_DRAW);
    glActiveTexture(GL_TEXTURE1);
    glBindTexture(GL_TEXTURE_BUFFER, palette_texture.get());
    glTexBuffer(GL_TEXTURE_BUFFER, GL_RGBA32F, palette_buffer.get());
    glBindBuffer(GL_TEXTURE_BUFFER, 0);
    glActiveTexture(GL_TEXTURE0);
    ribbons.upload();
    arrows.upload();
    veils.upload();
  }

  void draw_parts(const Program& program, int list) {
    if (lists[list].empty()) return;
    program.use(list * store.size());
    glEnable(GL_CULL_FACE);  // half of all triangles: on software rendering a third of the time
    stats.triangles += store.draw(lists[list]);
    glDisable(GL_CULL_FACE);
    ++stats.draw_calls;
  }
  template <typename VertexType>
  void draw_stream(const Program& program, const Stream<VertexType>& stream) {
    if (stream.data.indices.empty()) return;
    program.use();
    glBindVertexArray(stream.array.get());
    glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(stream.data.indices.size()), GL_UNSIGNED_INT, nullptr);
    stats.triangles += static_cast<int>(stream.data.indices.size() / 3);
    ++stats.draw_calls;
  }
  void draw_corners(const Program& program, GLenum mode, int count) {
    program.use();
    glBindVertexArray(no_vertices.get());
    glDrawArrays(mode, 0, count);
    stats.triangles += count - 2;
    ++stats.draw_calls;
  }

  void draw_shadow_map() {
    glBindFramebuffer(GL_FRAMEBUFFER, shadow_target.get());
    glViewport(0, 0, settings.shadow_px, settings.shadow_px);
    glClear(GL_DEPTH_BUFFER_BIT);
    glEnable(GL_POLYGON_OFFSET_FILL);
    glPolygonOffset(1.5f, 4);
    for (int list : {0, 1}) draw_parts(shadow_body, list);
    draw_stream(shadow_ribbon, ribbons);
    glDisable(GL_POLYGON_OFFSET_FILL);
  }

  void draw_picture(bool from_above) {
    canvas->bind();
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    for (int list : {0, 1}) draw_parts(body, list);
    draw_stream(ribbon, ribbons);
    draw_stream(stroke, arrows);
    if (from_above) draw_corners(ground, GL_TRIANGLE_STRIP, 4);
    draw_corners(sky, GL_TRIANGLES, 3);
    glEnable(GL_BLEND);
    glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
    for (int list : {2, 3}) {
      if (lists[list].empty()) continue;
      // Its own nearest surface only, a hair behind what it coincides with.
      glEnable(GL_POLYGON_OFFSET_FILL);
      glPolygonOffset(1, 8);
      glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
      draw_parts(ghost, list);
      glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
      draw_parts(ghost, list);
      glDisable(GL_POLYGON_OFFSET_FILL);
    }
    glDepthMask(GL_FALSE);
    draw_stream(stroke, veils);
    glDepthMask(GL_TRUE);
    glDisable(GL_BLEND);
  }
};

Renderer::Renderer(const std::vector<BodyPart>& parts, Quality quality) : impl_(std::make_unique<Impl>(quality)) {
  set_parts(parts);
}

Renderer::~Renderer() = default;

void Renderer::set_parts(const std::vector<BodyPart>& parts) { impl_->store.load(parts); }

void Renderer::draw(const Scene& scene, const Camera& camera, int width_px, int height_px) {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed_ms = [&] {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  };
  Impl& r = *impl_;
  const int width = std::max(1, static_cast<int>(std::lround(r.settings.scale * width_px)));
  const int height = std::max(1, static_cast<int>(std::lround(r.settings.scale * height_px)));
  if (!r.canvas || r.canvas->width_px() != width || r.canvas->height_px() != height)
    r.canvas.emplace(width, height, r.settings.samples);
  r.stats = {};
  // A whole number of metres, so that the grid stays where it is on the ground.
  r.origin_G = Vec3(std::round(scene.pelvis_G.x()), 0, std::round(scene.pelvis_G.z()));
  r.fill_palette(scene);
  r.fill_frame(scene, camera);
  r.ribbons.data.clear();
  r.arrows.data.clear();
  r.veils.data.clear();
  add_ribbons(scene.ribbons, r.origin_G, camera.eye_G(), r.settings.ribbon_step_m, r.ribbons.data);
  for (const SceneArrow& arrow : scene.arrows) add_arrow(arrow, r.origin_G, r.arrows.data);
  r.add_facet_glow(scene, camera.eye_G());
  for (const SceneArc& arc : scene.arcs) add_arc(arc, r.origin_G, r.veils.data);
  r.stats.own_ms = elapsed_ms();
  r.upload();

  glDisable(GL_BLEND);
  glDisable(GL_SCISSOR_TEST);
  glCullFace(GL_BACK);
  glFrontFace(GL_CCW);
  glDisable(GL_CULL_FACE);
  glDisable(GL_STENCIL_TEST);
  glEnable(GL_DEPTH_TEST);
  glEnable(GL_MULTISAMPLE);
  glDepthFunc(GL_LEQUAL);
  glDepthMask(GL_TRUE);
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, 0);
  r.draw_shadow_map();
  glBindTexture(GL_TEXTURE_2D, r.shadow_texture.get());
  r.draw_picture(camera.eye_G().y() > 0);
  r.canvas->resolve();
  glBindTexture(GL_TEXTURE_2D, 0);
  glBindVertexArray(0);
  glUseProgram(0);
  glDisable(GL_DEPTH_TEST);
  r.stats.cpu_ms = elapsed_ms();
}

unsigned Renderer::texture() const { return impl_->canvas ? impl_->canvas->texture() : 0; }

const RenderStats& Renderer::stats() const { return impl_->stats; }

}  // namespace hipspine
