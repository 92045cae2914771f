#pragma once
/// Pictures without a display: an OpenGL context of its own, pixels, PNG files.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hipspine {

/// An OpenGL 3.3 core context on no surface (EGL, surfaceless platform). Current in the thread that made it.
class EglContext {
 public:
  /// @throws std::runtime_error when this machine has no such platform
  EglContext();
  ~EglContext();
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;
  void make_current() const;
  [[nodiscard]] std::string renderer() const;  ///< the driver's name for itself

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Rows from the top, four bytes a pixel, alpha 255.
[[nodiscard]] std::vector<std::uint8_t> read_texture(unsigned texture, int width_px, int height_px);
[[nodiscard]] std::vector<std::uint8_t> read_framebuffer(unsigned framebuffer, int width_px, int height_px);
/// Size of a texture's first level.
void texture_size(unsigned texture, int& width_px, int& height_px);

/// Written under a temporary name and renamed. False when it could not be.
[[nodiscard]] bool write_png(const std::filesystem::path& file, int width_px, int height_px,
                             const std::vector<std::uint8_t>& rgba);

}  // namespace hipspine
