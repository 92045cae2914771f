#pragma once
/// Owners of OpenGL names: made and released with a context current.
#include <epoxy/gl.h>

#include <string>
#include <utility>
#include <vector>

namespace hipspine {

/// An OpenGL name with the function that releases it.
class GlName {
 public:
  using Release = void (*)(GLuint);
  GlName() = default;
  GlName(GLuint name, Release release) : name_(name), release_(release) {}
  ~GlName() { reset(); }
  GlName(GlName&& o) noexcept : name_(std::exchange(o.name_, 0)), release_(o.release_) {}
  GlName& operator=(GlName&& o) noexcept {
    std::swap(name_, o.name_);
    std::swap(release_, o.release_);
    return *this;
  }
  GlName(const GlName&) = delete;
  GlName& operator=(const GlName&) = delete;
  [[nodiscard]] GLuint get() const { return name_; }
  void reset() {
    if (name_ != 0) release_(name_);
    name_ = 0;
  }

 private:
  GLuint name_ = 0;
  Release release_ = nullptr;
};

[[nodiscard]] GlName make_buffer();
[[nodiscard]] GlName make_vertex_array();
[[nodiscard]] GlName make_texture();
[[nodiscard]] GlName make_framebuffer();
[[nodiscard]] GlName make_renderbuffer();
/// @throws std::runtime_error with the driver's log
[[nodiscard]] GlName make_program(const std::string& vertex_source, const std::string& fragment_source);

/// One attribute of a vertex format.
struct Attribute {
  GLuint location;
  GLint count;
  GLenum type;
  bool normalised;
  size_t offset;
  bool integer = false;
};
/// Sets the attributes of the bound vertex array from the bound array buffer.
void set_attributes(const std::vector<Attribute>& attributes, size_t stride);

/// A picture to draw into, with depth, of one size; with more than one sample it is resolved into `texture`.
class Canvas {
 public:
  /// @param samples  1: drawn straight into the texture
  /// @throws std::runtime_error when the driver cannot
  Canvas(int width_px, int height_px, int samples);
  void bind() const;     ///< and sets the viewport
  void resolve() const;  ///< makes `texture` what was drawn; binds framebuffer 0
  [[nodiscard]] GLuint texture() const { return colour_.get(); }
  [[nodiscard]] GLuint framebuffer() const { return plain_.get(); }  ///< holds `texture`, for reading
  [[nodiscard]] int width_px() const { return width_px_; }
  [[nodiscard]] int height_px() const { return height_px_; }

 private:
  int width_px_, height_px_, samples_;
  GlName colour_, depth_, plain_;
  GlName many_colour_, many_;
};

}  // namespace hipspine
