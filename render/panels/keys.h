#pragma once
/// Keys: one table, read by the window and printed by F1.
#include <string>
#include <vector>

#include "render/desk/desk.h"

namespace hipspine {

/// Keys beyond letters, digits and punctuation (which are given as their upper-case ASCII code).
enum class Key {
  space = 32,
  left = 256,
  right,
  up,
  down,
  home,
  end,
  tab,
  escape,
  f1,
  f2,
  f9,
  f11,
  f12,
  page_up,
  page_down,
  enter
};

struct KeyPress {
  int key = 0;  ///< Key or ASCII
  bool shift = false, control = false;
};

struct KeyBinding {
  KeyPress press;
  std::string shown;  ///< "Ctrl+Z"; empty for a second way that F1 does not list
  std::string does;   ///< "Undo"
  std::string group;  ///< "Time", "Camera", "Show", "Scenario", "Lecture", "Window"
};

[[nodiscard]] const std::vector<KeyBinding>& key_bindings();
/// Does what the key does; false: nothing is bound to it. In a lecture, arrows and page keys step scenes.
bool press_key(Desk& desk, const KeyPress& press);

}  // namespace hipspine
