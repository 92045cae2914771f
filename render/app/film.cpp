#include "render/app/film.h"

#include <csignal>

namespace hipspine {
namespace {

/// As one word of a shell command.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

bool Film::open(const std::filesystem::path& file, int width_px, int height_px, int per_second) {
  (void)close();
  std::signal(SIGPIPE, SIG_IGN);  // ffmpeg may end before us; `add` says so
  if (std::system("command -v ffmpeg >/dev/null 2>&1") != 0) return false;
  // yuv420p wants even sizes: a row or a column is cut.
  const std::string command = "ffmpeg -loglevel error -y -f rawvideo -pix_fmt rgba -s " + std::to_string(width_px) +
                              "x" + std::to_string(height_px) + " -r " + std::to_string(per_second) +
                              " -i - -vf 'crop=trunc(iw/2)*2:trunc(ih/2)*2' -c:v libx264 -pix_fmt yuv420p -crf 18 " +
                              quoted("file:" + file.string());
  pipe_ = ::popen(command.c_str(), "w");
  width_px_ = width_px, height_px_ = height_px, frames_ = 0;
  return pipe_ != nullptr;
}

bool Film::add(const std::vector<std::uint8_t>& rgba, int width_px, int height_px) {
  if (pipe_ == nullptr) return false;
  if (width_px != width_px_ || height_px != height_px_) return true;
  if (std::fwrite(rgba.data(), 1, rgba.size(), pipe_) != rgba.size()) return false;
  ++frames_;
  return true;
}

bool Film::close() {
  if (pipe_ == nullptr) return true;
  const int status = ::pclose(pipe_);
  pipe_ = nullptr;
  return status == 0;
}

}  // namespace hipspine
