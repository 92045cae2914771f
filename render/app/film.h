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
  /// Frames go to a file beside this one until `close`. False: ffmpeg is not there or will not start.
  [[nodiscard]] bool open(const std::filesystem::path& file, int width_px, int height_px, int per_second);
  [[nodiscard]] bool running() const { return pipe_ != nullptr; }
  /// Rows from the top, four bytes a pixel; False: another size than at `open`, or ffmpeg has ended.
  [[nodiscard]] bool add(const std::vector<std::uint8_t>& rgba, int width_px, int height_px);
  /// Ends the film and gives it its name; false when ffmpeg reports a failure or a picture is missing: then there is
  /// none, and an old one stays.
  [[nodiscard]] bool close();
  /// Takes away what has been written.
  void abandon();

 private:
  std::FILE* pipe_ = nullptr;
  int width_px_ = 0, height_px_ = 0;
  long added_ = 0;  ///< pictures
  std::filesystem::path file_, part_;
};

}  // namespace hipspine
