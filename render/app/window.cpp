#include "render/app/window.h"

#include <epoxy/gl.h>
// GLFW after epoxy, which brings OpenGL's names.
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <vector>

#include "render/app/app.h"
#include "render/app/asked_to_end.h"

namespace hipspine {
namespace {

constexpr double kIdle_s = 0.1;      // chosen: a picture that stands still is drawn ten times a second
constexpr double kLongest_s = 0.25;  // chosen: a window that was held up goes on from where it was, not by a leap
constexpr int kLeastWidth = 800, kLeastHeight = 480;  // chosen: below, the panels leave the body no room
constexpr int kDumpEvery = 5;                         // frames; chosen: a test reads them by the tenth of a second

/// Owner of GLFW and the window.
class Screen {
 public:
  explicit Screen(const ViewOptions& options) {
    glfwSetErrorCallback([](int, const char* text) { std::fprintf(stderr, "hipspine-view: %s\n", text); });
    if (glfwInit() != GLFW_TRUE) return;
    begun_ = true;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, options.scale ? GLFW_FALSE : GLFW_TRUE);
    window_ = glfwCreateWindow(options.width_px, options.height_px, "hipspine", nullptr, nullptr);
    if (!window_) return;
    glfwSetWindowSizeLimits(window_, kLeastWidth, kLeastHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
  }
  ~Screen() {
    if (window_) glfwDestroyWindow(window_);
    if (begun_) glfwTerminate();
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  [[nodiscard]] GLFWwindow* window() const { return window_; }
  [[nodiscard]] float scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return std::max(0.5f, x);
  }
  void toggle_fullscreen() {
    if (glfwGetWindowMonitor(window_)) {
      glfwSetWindowMonitor(window_, nullptr, x_, y_, width_, height_, GLFW_DONT_CARE);
      return;
    }
    glfwGetWindowPos(window_, &x_, &y_);
    glfwGetWindowSize(window_, &width_, &height_);
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
    if (mode) glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
  }

 private:
  bool begun_ = false;
  GLFWwindow* window_ = nullptr;
  int x_ = 0, y_ = 0, width_ = 0, height_ = 0;
};

int key_of(int glfw_key, int scancode) {
  static const std::pair<int, Key> kOthers[] = {
      {GLFW_KEY_LEFT, Key::left},   {GLFW_KEY_RIGHT, Key::right},     {GLFW_KEY_UP, Key::up},
      {GLFW_KEY_DOWN, Key::down},   {GLFW_KEY_HOME, Key::home},       {GLFW_KEY_END, Key::end},
      {GLFW_KEY_TAB, Key::tab},     {GLFW_KEY_ESCAPE, Key::escape},   {GLFW_KEY_F1, Key::f1},
      {GLFW_KEY_F2, Key::f2},       {GLFW_KEY_F9, Key::f9},           {GLFW_KEY_F11, Key::f11},
      {GLFW_KEY_F12, Key::f12},     {GLFW_KEY_PAGE_UP, Key::page_up}, {GLFW_KEY_PAGE_DOWN, Key::page_down},
      {GLFW_KEY_ENTER, Key::enter},
  };
  for (const auto& [from, to] : kOthers)
    if (from == glfw_key) return static_cast<int>(to);
  if (glfw_key == GLFW_KEY_SPACE) return static_cast<int>(Key::space);
  // GLFW counts keys by their place on an American keyboard; what is printed on this one counts.
  const char* printed = glfwGetKeyName(glfw_key, scancode);
  if (!printed || printed[0] == 0 || printed[1] != 0) return 0;
  return std::toupper(static_cast<unsigned char>(printed[0]));
}

/// Keys come by GLFW's callback: ImGui 1.86 looks once a frame and loses short presses at few frames a second.
void on_key(GLFWwindow* window, int glfw_key, int scancode, int action, int mods) {
  if (action == GLFW_RELEASE) return;
  auto* waiting = static_cast<std::vector<KeyPress>*>(glfwGetWindowUserPointer(window));
  const bool control = (mods & GLFW_MOD_CONTROL) != 0;
  const int key = key_of(glfw_key, scancode);
  // In a text field letters are text, and Ctrl+Z, Ctrl+Y its own.
  if (ImGui::GetIO().WantTextInput && (!control || key == 'Z' || key == 'Y')) return;
  if (key > 0) waiting->push_back({key, (mods & GLFW_MOD_SHIFT) != 0, control});
}

void dump_rectangles(const std::string& file, int frame, const App& app, const Desk& desk) {
  const std::string temporary = file + ".part";
  {
    std::ofstream out(temporary);
    out << "frame " << frame << "\nready " << (desk.answer() && !desk.solving ? 1 : 0) << "\nsource "
        << (desk.clock.source == TimeSource::walking ? "walking" : "solved") << "\n";
    out << "walker " << desk.walker.walking << " " << desk.walker.falls << " "
        << (desk.moment ? desk.moment->time_s : 0) << "\n";
    if (desk.answer()) {
      const Eigen::VectorXd extension = desk.answer()->results->curve("lumbar_extension");
      out << "lumbar_extension_range " << extension.minCoeff() << " " << extension.maxCoeff() << "\n";
    }
    for (const auto& [name, r] : app.panels().rectangles.by_name) {
      std::string word = name;
      std::replace(word.begin(), word.end(), ' ', '_');
      out << "rect " << word << " " << r.min.x << " " << r.min.y << " " << r.max.x << " " << r.max.y << "\n";
    }
  }
  std::rename(temporary.c_str(), file.c_str());
}

}  // namespace

int run_window(const ViewOptions& options, const Scenario& scenario) {
  Screen screen(options);
  GLFWwindow* window = screen.window();
  if (!window) {
    std::fprintf(stderr,
                 "hipspine-view: no window can be opened; --screenshot FILE and --video FILE need no display\n");
    return 1;
  }
  const float scale = options.scale ? static_cast<float>(*options.scale) : screen.scale();
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;  // the layout is fixed: nothing to remember, nothing left in the folder
  apply_style(scale);
  std::vector<KeyPress> waiting;
  glfwSetWindowUserPointer(window, &waiting);
  glfwSetKeyCallback(window, on_key);  // before ImGui's, which calls it
  ImGui_ImplGlfw_InitForOpenGL(window, true);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  {
    App app(options, scenario, reinterpret_cast<const char*>(glGetString(GL_RENDERER)), scale);
    if (!app.refused().empty()) std::fprintf(stderr, "hipspine-view: %s\n", app.refused().c_str());
    watch_for_end();  // a film under way is finished by the app's end
    const double begun = glfwGetTime();
    double before = begun;
    for (int frame = 1; !glfwWindowShouldClose(window); ++frame) {
      if (app.idle() && waiting.empty())
        glfwWaitEventsTimeout(kIdle_s);
      else
        glfwPollEvents();
      for (const KeyPress& key : waiting) app.press(key);
      waiting.clear();
      const double now = glfwGetTime(), seconds = std::min(kLongest_s, now - before);
      before = now;
      app.before_frame();
      ImGui_ImplOpenGL3_NewFrame();
      ImGui_ImplGlfw_NewFrame();
      ImGui::NewFrame();
      app.frame(seconds);
      ImGui::Render();
      int width = 0, height = 0;
      glfwGetFramebufferSize(window, &width, &height);
      glBindFramebuffer(GL_FRAMEBUFFER, 0);
      glViewport(0, 0, width, height);
      glClearColor(0.07f, 0.07f, 0.075f, 1);
      glClear(GL_COLOR_BUFFER_BIT);
      ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
      if (width > 0 && height > 0) app.after_drawing(0, width, height);
      Requests& requests = app.desk().requests;
      if (requests.fullscreen) screen.toggle_fullscreen();
      if (requests.quit || asked_to_end() || (options.close_after_s > 0 && now - begun > options.close_after_s))
        glfwSetWindowShouldClose(window, GLFW_TRUE);
      requests.fullscreen = requests.quit = false;
      if (!options.dump_rects.empty() && frame % kDumpEvery == 0)
        dump_rectangles(options.dump_rects, frame, app, app.desk());
      glfwSwapBuffers(window);
    }
  }
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
  return 0;
}

}  // namespace hipspine
