#include "render/app/view_options.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace hipspine {
namespace {

constexpr int kSmallest_px = 320, kLargest_px = 7680;

[[noreturn]] void wrong(const std::string& option, const std::string& given, const std::string& allowed) {
  throw std::invalid_argument(option + " takes " + allowed + ", not \"" + given + "\"");
}

double number(const std::string& option, const std::string& text, double low, double high) {
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size() || !(value >= low && value <= high)) {
    const auto plain = [](double v) {
      std::string s = std::to_string(v);
      s.erase(s.find_last_not_of('0') + 1);
      if (s.back() == '.') s.pop_back();
      return s;
    };
    wrong(option, text, "a number from " + plain(low) + " to " + plain(high));
  }
  return value;
}

template <typename Value>
Value one_of(const std::string& option, const std::string& text,
             const std::vector<std::pair<std::string, Value>>& allowed) {
  std::string names;
  for (const auto& [name, value] : allowed) {
    if (name == text) return value;
    names += (names.empty() ? "" : ", ") + name;
  }
  wrong(option, text, "one of " + names);
}

std::vector<std::pair<std::string, CameraPreset>> cameras() {
  std::vector<std::pair<std::string, CameraPreset>> out;
  for (int i = 0; i < static_cast<int>(CameraPreset::kCount); ++i)
    out.emplace_back(to_string(static_cast<CameraPreset>(i)), static_cast<CameraPreset>(i));
  return out;
}

unsigned layers(const std::string& option, const std::string& text) {
  std::vector<std::pair<std::string, unsigned>> allowed = {{"all", (1u << kMuscleLayers) - 1}, {"none", 0u}};
  for (int layer = 0; layer < kMuscleLayers; ++layer) {
    std::string name = muscle_layer_name(layer);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return c == ' ' ? '_' : static_cast<char>(std::tolower(c)); });
    allowed.emplace_back(name, 1u << layer);
  }
  unsigned out = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    out |= one_of(option, text.substr(from, to - from), allowed);
    from = to + 1;
  }
  return out;
}

struct Option {
  std::string name, value, help;
  std::function<void(ViewOptions&, const std::string&)> take;
};

const std::vector<Option>& options() {
  static const std::vector<Option> all = {
      {"--set", "KEY=VALUE", "change a key of the scenario; may be given again",
       [](ViewOptions& o, const std::string& v) { o.set.push_back(v); }},
      {"--camera", "NAME", "three_quarter, front, right, left, back, lumbar, pelvis",
       [](ViewOptions& o, const std::string& v) { o.camera = one_of("--camera", v, cameras()); }},
      {"--at", "PERCENT", "open paused at this percent of the cycle",
       [](ViewOptions& o, const std::string& v) { o.at_pct = number("--at", v, 0, 100); }},
      {"--source", "NAME", "solved (the cycle, played) or walking (the simulated body)",
       [](ViewOptions& o, const std::string& v) {
         o.source =
             one_of<TimeSource>("--source", v, {{"solved", TimeSource::solved}, {"walking", TimeSource::walking}});
       }},
      {"--tab", "NAME", "right panel: curves, story, why, trust",
       [](ViewOptions& o, const std::string& v) {
         o.tab = one_of<RightTab>("--tab", v,
                                  {{"curves", RightTab::curves},
                                   {"story", RightTab::story},
                                   {"why", RightTab::why},
                                   {"trust", RightTab::trust}});
       }},
      {"--muscles", "LAYERS", "all, none, or some of hip_flexors,gluteals,thigh,lower_leg,back,abdominals",
       [](ViewOptions& o, const std::string& v) { o.muscle_layers = layers("--muscles", v); }},
      {"--ghost", "", "show the healthy body inside", [](ViewOptions& o, const std::string&) { o.ghost = true; }},
      {"--labels", "", "name the levels and their loads", [](ViewOptions& o, const std::string&) { o.labels = true; }},
      {"--no-panels", "", "the body alone", [](ViewOptions& o, const std::string&) { o.panels = false; }},
      {"--statistics", "", "triangles, draw calls and times of a frame",
       [](ViewOptions& o, const std::string&) { o.statistics = true; }},
      {"--lesson", "N", "open with lesson N (1 is the first)",
       [](ViewOptions& o, const std::string& v) { o.lesson = static_cast<int>(number("--lesson", v, 1, 99)) - 1; }},
      {"--scene", "N", "and its scene N",
       [](ViewOptions& o, const std::string& v) {
         o.lesson_scene = static_cast<int>(number("--scene", v, 1, 99)) - 1;
       }},
      {"--size", "WxH", "size in pixels, 1280x800",
       [](ViewOptions& o, const std::string& v) {
         const std::size_t x = v.find('x');
         if (x == std::string::npos) wrong("--size", v, "WIDTHxHEIGHT");
         o.width_px = static_cast<int>(number("--size", v.substr(0, x), kSmallest_px, kLargest_px));
         o.height_px = static_cast<int>(number("--size", v.substr(x + 1), kSmallest_px, kLargest_px));
       }},
      {"--scale", "S", "size of type and panels, 1 is 15 pixels; else the screen decides",
       [](ViewOptions& o, const std::string& v) { o.scale = number("--scale", v, 0.5, 4); }},
      {"--quality", "NAME", "low, medium, high; else the graphics card decides",
       [](ViewOptions& o, const std::string& v) {
         o.quality = one_of<Quality>("--quality", v,
                                     {{"low", Quality::low}, {"medium", Quality::medium}, {"high", Quality::high}});
       }},
      {"--screenshot", "FILE", "write one picture, a .png, without a display, and end",
       [](ViewOptions& o, const std::string& v) { o.screenshot = v; }},
      {"--video", "FILE", "write a film (needs ffmpeg) without a display, and end",
       [](ViewOptions& o, const std::string& v) { o.video = v; }},
      {"--seconds", "S", "length of the film; one stride unless given",
       [](ViewOptions& o, const std::string& v) { o.video_s = number("--seconds", v, 0.1, 3600); }},
      {"--dump-rects", "FILE", "for tests: every few frames, where the controls are",
       [](ViewOptions& o, const std::string& v) { o.dump_rects = v; }},
      {"--close-after", "S", "for tests: close the window by itself",
       [](ViewOptions& o, const std::string& v) { o.close_after_s = number("--close-after", v, 0.1, 3600); }},
      {"--help", "", "this text", [](ViewOptions& o, const std::string&) { o.help = true; }},
      {"--version", "", "version", [](ViewOptions& o, const std::string&) { o.version = true; }},
  };
  return all;
}

}  // namespace

ViewOptions parse_view_options(const std::vector<std::string>& words) {
  ViewOptions out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].rfind("--", 0) != 0) {
      if (!out.scenario.empty())
        throw std::invalid_argument("one scenario at a time: \"" + words[i] + "\" is a second");
      out.scenario = words[i];
      continue;
    }
    const std::size_t equals = words[i].find('=');
    const std::string name = words[i].substr(0, equals);
    const auto option =
        std::find_if(options().begin(), options().end(), [&](const Option& o) { return o.name == name; });
    if (option == options().end()) throw std::invalid_argument("unknown option " + name + "; --help lists them");
    std::string value;
    if (!option->value.empty()) {
      if (equals != std::string::npos)
        value = words[i].substr(equals + 1);
      else if (i + 1 < words.size())
        value = words[++i];
      if (value.empty()) throw std::invalid_argument(name + " needs " + option->value);
    } else if (equals != std::string::npos) {
      throw std::invalid_argument(name + " takes no value");
    }
    option->take(out, value);
  }
  if (out.lesson_scene > 0 && out.lesson < 0) throw std::invalid_argument("--scene needs --lesson");
  if (!out.screenshot.empty() && !out.screenshot.ends_with(".png"))
    throw std::invalid_argument("--screenshot writes PNG: its file ends in .png");
  if (!out.screenshot.empty() && !out.video.empty()) throw std::invalid_argument("--screenshot or --video, not both");
  return out;
}

std::string view_help() {
  std::string text = "hipspine-view " HIPSPINE_VERSION
                     ": drag the hip, watch the spine\n\nUsage: hipspine-view [SCENARIO] [options]\n\n";
  for (const Option& o : options()) {
    std::string left = "  " + o.name + (o.value.empty() ? "" : " " + o.value);
    left.resize(std::max<std::size_t>(left.size() + 1, 24), ' ');
    text += left + o.help + "\n";
  }
  return text + "\nF1 in the window lists keys and mouse.\n";
}

}  // namespace hipspine
