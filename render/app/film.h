#pragma once
/// A film, frame by frame, through ffmpeg.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace hipspine {

class Film {
 public:
  Film() = default;
  ~Film() { (void)close(); }
  Film(const Film&) = delete;
  Film& operator=(const Film&) = delete;
  /// False: ffmpeg is not there or will not start; nothing is left behind.
  [[nodiscard]] bool open(const std::filesystem::path& file, int width_px, int height_px, int per_second);
  [[nodiscard]] bool running() const { return pipe_ != nullptr; }
  /// Rows from the top, four bytes a pixel; another size than at `open` is left out. False: ffmpeg has ended.
  [[nodiscard]] bool add(const std::vector<std::uint8_t>& rgba, int width_px, int height_px);
  /// Ends the film; false when ffmpeg reports a failure.
  [[nodiscard]] bool close();
  [[nodiscard]] int frames() const { return frames_; }

 private:
  std::FILE* pipe_ = nullptr;
  int width_px_ = 0, height_px_ = 0, frames_ = 0;
};

}  // namespace hipspine
