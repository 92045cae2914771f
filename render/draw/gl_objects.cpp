#include "render/draw/gl_objects.h"

#include <stdexcept>

namespace hipspine {
namespace {

GlName compile(GLenum stage, const std::string& source) {
  GlName shader(glCreateShader(stage), [](GLuint name) { glDeleteShader(name); });
  const char* text = source.c_str();
  glShaderSource(shader.get(), 1, &text, nullptr);
  glCompileShader(shader.get());
  GLint good = 0;
  glGetShaderiv(shader.get(), GL_COMPILE_STATUS, &good);
  if (good == GL_FALSE) {
    std::string log(4096, '\0');
    GLsizei length = 0;
    glGetShaderInfoLog(shader.get(), static_cast<GLsizei>(log.size()), &length, log.data());
    log.resize(length);
    throw std::runtime_error("shader does not compile: " + log);
  }
  return shader;
}

void check_framebuffer() {
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    throw std::runtime_error("the graphics driver cannot draw into a picture of this size");
}

}  // namespace

GlName make_buffer() {
  GLuint name = 0;
  glGenBuffers(1, &name);
  return {name, [](GLuint n) { glDeleteBuffers(1, &n); }};
}
GlName make_vertex_array() {
  GLuint name = 0;
  glGenVertexArrays(1, &name);
  return {name, [](GLuint n) { glDeleteVertexArrays(1, &n); }};
}
GlName make_texture() {
  GLuint name = 0;
  glGenTextures(1, &name);
  return {name, [](GLuint n) { glDeleteTextures(1, &n); }};
}
GlName make_framebuffer() {
  GLuint name = 0;
  glGenFramebuffers(1, &name);
  return {name, [](GLuint n) { glDeleteFramebuffers(1, &n); }};
}
GlName make_renderbuffer() {
  GLuint name = 0;
  glGenRenderbuffers(1, &name);
  return {name, [](GLuint n) { glDeleteRenderbuffers(1, &n); }};
}

GlName make_program(const std::string& vertex_source, const std::string& fragment_source) {
  const GlName vertex = compile(GL_VERTEX_SHADER, vertex_source);
  const GlName fragment = compile(GL_FRAGMENT_SHADER, fragment_source);
  GlName program(glCreateProgram(), [](GLuint name) { glDeleteProgram(name); });
  glAttachShader(program.get(), vertex.get());
  glAttachShader(program.get(), fragment.get());
  glLinkProgram(program.get());
  GLint good = 0;
  glGetProgramiv(program.get(), GL_LINK_STATUS, &good);
  if (good == GL_FALSE) {
    std::string log(4096, '\0');
    GLsizei length = 0;
    glGetProgramInfoLog(program.get(), static_cast<GLsizei>(log.size()), &length, log.data());
    log.resize(length);
    throw std::runtime_error("shaders do not link: " + log);
  }
  return program;
}

void set_attributes(const std::vector<Attribute>& attributes, size_t stride) {
  for (const Attribute& a : attributes) {
    glEnableVertexAttribArray(a.location);
    const void* offset = reinterpret_cast<const void*>(a.offset);
    if (a.integer)
      glVertexAttribIPointer(a.location, a.count, a.type, static_cast<GLsizei>(stride), offset);
    else
      glVertexAttribPointer(a.location, a.count, a.type, a.normalised ? GL_TRUE : GL_FALSE,
                            static_cast<GLsizei>(stride), offset);
  }
}

Canvas::Canvas(int width_px, int height_px, int samples)
    : width_px_(width_px),
      height_px_(height_px),
      samples_(samples),
      colour_(make_texture()),
      depth_(make_renderbuffer()),
      plain_(make_framebuffer()) {
  glBindTexture(GL_TEXTURE_2D, colour_.get());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width_px, height_px, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glBindTexture(GL_TEXTURE_2D, 0);
  const bool many = samples > 1;
  glBindRenderbuffer(GL_RENDERBUFFER, depth_.get());
  glRenderbufferStorageMultisample(GL_RENDERBUFFER, many ? samples : 0, GL_DEPTH_COMPONENT24, width_px, height_px);
  glBindFramebuffer(GL_FRAMEBUFFER, plain_.get());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour_.get(), 0);
  if (many) {
    check_framebuffer();
    many_colour_ = make_renderbuffer();
    many_ = make_framebuffer();
    glBindRenderbuffer(GL_RENDERBUFFER, many_colour_.get());
    glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples, GL_RGBA8, width_px, height_px);
    glBindFramebuffer(GL_FRAMEBUFFER, many_.get());
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, many_colour_.get());
  }
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, depth_.get());
  check_framebuffer();
  glBindRenderbuffer(GL_RENDERBUFFER, 0);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

void Canvas::bind() const {
  glBindFramebuffer(GL_FRAMEBUFFER, samples_ > 1 ? many_.get() : plain_.get());
  glViewport(0, 0, width_px_, height_px_);
}

void Canvas::resolve() const {
  if (samples_ > 1) {
    glBindFramebuffer(GL_READ_FRAMEBUFFER, many_.get());
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, plain_.get());
    glBlitFramebuffer(0, 0, width_px_, height_px_, 0, 0, width_px_, height_px_, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  }
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace hipspine
