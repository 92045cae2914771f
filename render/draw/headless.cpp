#include "render/draw/headless.h"

#include <epoxy/egl.h>
#include <epoxy/gl.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "render/draw/gl_objects.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace hipspine {

struct EglContext::Impl {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  ~Impl() {
    if (display == EGL_NO_DISPLAY) return;
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (context != EGL_NO_CONTEXT) eglDestroyContext(display, context);
  }
};

EglContext::EglContext() : impl_(std::make_unique<Impl>()) {
  if (!epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless") ||
      !epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_platform_base"))
    throw std::runtime_error("no EGL surfaceless platform on this machine");
  impl_->display = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (impl_->display == EGL_NO_DISPLAY || eglInitialize(impl_->display, nullptr, nullptr) == EGL_FALSE)
    throw std::runtime_error("EGL has no display without a screen");
  if (eglBindAPI(EGL_OPENGL_API) == EGL_FALSE) throw std::runtime_error("EGL without OpenGL");
  const EGLint attributes[] = {
      EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
      EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
  impl_->context = eglCreateContext(impl_->display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, attributes);
  if (impl_->context == EGL_NO_CONTEXT) throw std::runtime_error("no OpenGL 3.3 core context");
  make_current();
}

EglContext::~EglContext() = default;

void EglContext::make_current() const {
  if (eglMakeCurrent(impl_->display, EGL_NO_SURFACE, EGL_NO_SURFACE, impl_->context) == EGL_FALSE)
    throw std::runtime_error("the OpenGL context cannot be made current");
}

std::string EglContext::renderer() const { return reinterpret_cast<const char*>(glGetString(GL_RENDERER)); }

std::vector<std::uint8_t> read_framebuffer(unsigned framebuffer, int width_px, int height_px) {
  std::vector<std::uint8_t> rgba(size_t{4} * width_px * height_px);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width_px, height_px, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
  const size_t row = size_t{4} * width_px;
  for (int y = 0; y < height_px / 2; ++y)
    std::swap_ranges(rgba.begin() + y * row, rgba.begin() + (y + 1) * row, rgba.begin() + (height_px - 1 - y) * row);
  for (size_t i = 3; i < rgba.size(); i += 4) rgba[i] = 255;
  return rgba;
}

std::vector<std::uint8_t> read_texture(unsigned texture, int width_px, int height_px) {
  const GlName framebuffer = make_framebuffer();
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer.get());
  glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  return read_framebuffer(framebuffer.get(), width_px, height_px);
}

void texture_size(unsigned texture, int& width_px, int& height_px) {
  glBindTexture(GL_TEXTURE_2D, texture);
  glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, GL_TEXTURE_WIDTH, &width_px);
  glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, GL_TEXTURE_HEIGHT, &height_px);
  glBindTexture(GL_TEXTURE_2D, 0);
}

bool write_png(const std::filesystem::path& file, int width_px, int height_px, const std::vector<std::uint8_t>& rgba) {
  std::filesystem::path part = file;
  part += ".part";
  if (stbi_write_png(part.c_str(), width_px, height_px, 4, rgba.data(), 4 * width_px) == 0) return false;
  std::error_code trouble;
  std::filesystem::rename(part, file, trouble);
  return !trouble;
}

}  // namespace hipspine
