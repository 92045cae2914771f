#pragma once
/// A window without a screen: ImGui with no backend, a mouse that the test moves, frames on demand.
#include <imgui.h>
#include <imgui_internal.h>

#include <functional>

namespace hipspine {

class NullScreen {
 public:
  explicit NullScreen(ImVec2 size = {400, 300}) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = size;
    io.DeltaTime = 1 / 60.0f;
    io.Fonts->Build();
    io.MousePos = {-1, -1};
  }
  ~NullScreen() { ImGui::DestroyContext(); }
  NullScreen(const NullScreen&) = delete;
  NullScreen& operator=(const NullScreen&) = delete;

  /// One frame with `content` in a window that fills the screen.
  void frame(const std::function<void()>& content) {
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    ImGui::Begin("screen", nullptr, ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize);
    content();
    ImGui::End();
    ImGui::Render();
    ImGui::GetIO().MouseWheel = 0;
  }
  void frames(int n, const std::function<void()>& content) {
    for (int i = 0; i < n; ++i) frame(content);
  }
  void move(ImVec2 to) { ImGui::GetIO().MousePos = to; }
  void move(ImVec2 min, ImVec2 max, float across = 0.5f, float down = 0.5f) {
    move({min.x + across * (max.x - min.x), min.y + down * (max.y - min.y)});
  }
  void press(int button, bool down) { ImGui::GetIO().MouseDown[button] = down; }
  void click(int button, const std::function<void()>& content) {
    frame(content);
    press(button, true);
    frame(content);
    press(button, false);
    frame(content);
  }
  void wait(float seconds, const std::function<void()>& content) {  // so that two clicks are not a double click
    ImGui::GetIO().DeltaTime = seconds;
    frame(content);
    ImGui::GetIO().DeltaTime = 1 / 60.0f;
  }
};

}  // namespace hipspine
