#pragma once
/// Draws a scene with OpenGL 3.3: shaded bones with ambient occlusion, soft shadow on a moving ground, muscles as
/// ribbons.
#include <memory>
#include <string>
#include <vector>

#include "render/picture/camera.h"
#include "render/picture/scene.h"

namespace hipspine {

enum class Quality { low, medium, high };
/// Low on software rendering ("llvmpipe", "SwiftShader", "softpipe" in the renderer's name), else high.
[[nodiscard]] Quality quality_for(const std::string& gl_renderer);
[[nodiscard]] Detail detail_for(Quality quality);

struct RenderStats {
  int triangles = 0, draw_calls = 0;
  double cpu_ms = 0;  ///< of `draw`, processor side; on software rendering the driver's vertex work is in it
  double own_ms = 0;  ///< of that, before anything is handed to the driver
};

/// An OpenGL 3.3 core context must be current in every call, the destructor included.
class Renderer {
 public:
  Renderer(const std::vector<BodyPart>& parts, Quality quality);
  ~Renderer();
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  /// Draws into its own buffer of this size in pixels (kept from frame to frame), leaves framebuffer 0 bound.
  void draw(const Scene& scene, const Camera& camera, int width_px, int height_px);
  /// Colour of the last picture, bottom row first; for ImGui::Image. Smaller than asked for in low quality.
  [[nodiscard]] unsigned texture() const;
  [[nodiscard]] const RenderStats& stats() const;
  void set_parts(const std::vector<BodyPart>& parts);  ///< another person, or another detail

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hipspine
