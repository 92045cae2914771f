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

/// Pictures in a finished film, counted by ffprobe, which comes with ffmpeg; -1 when it cannot be read.
long frames_in(const std::filesystem::path& film) {
  const std::string command =
      "ffprobe -v error -count_packets -select_streams v:0 -show_entries stream=nb_read_packets -of csv=p=0 " +
      quoted("file:" + film.string()) + " 2>/dev/null";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return -1;
  long count = -1;
  if (std::fscanf(pipe, "%ld", &count) != 1) count = -1;
  return ::pclose(pipe) == 0 ? count : -1;
}

}  // namespace

bool Film::open(const std::filesystem::path& file, int width_px, int height_px, int per_second) {
  (void)close();
  std::signal(SIGPIPE, SIG_IGN);  // ffmpeg may end before us; `add` says so
  if (std::system("command -v ffmpeg >/dev/null 2>&1") != 0) return false;
  file_ = file;
  part_ = file.parent_path() / (file.stem().string() + ".part" + file.extension().string());
  // yuv420p wants even sizes: a row or a column is cut.
  const std::string command = "ffmpeg -loglevel error -y -f rawvideo -pix_fmt rgba -s " + std::to_string(width_px) +
                              "x" + std::to_string(height_px) + " -r " + std::to_string(per_second) +
                              " -i - -vf 'crop=trunc(iw/2)*2:trunc(ih/2)*2' -c:v libx264 -pix_fmt yuv420p -crf 18 " +
                              quoted("file:" + part_.string());
  pipe_ = ::popen(command.c_str(), "w");
  width_px_ = width_px, height_px_ = height_px;
  added_ = 0;
  return pipe_ != nullptr;
}

bool Film::add(const std::vector<std::uint8_t>& rgba, int width_px, int height_px) {
  if (pipe_ == nullptr || width_px != width_px_ || height_px != height_px_ ||
      std::fwrite(rgba.data(), 1, rgba.size(), pipe_) != rgba.size())
    return false;
  ++added_;
  return true;
}

void Film::abandon() {
  if (pipe_ == nullptr) return;
  ::pclose(pipe_);
  pipe_ = nullptr;
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

bool Film::close() {
  if (pipe_ == nullptr) return true;
  const int status = ::pclose(pipe_);
  pipe_ = nullptr;
  std::error_code trouble;
  // On a full disk ffmpeg cuts the film and calls that a success: count.
  const bool whole = status == 0 && frames_in(part_) == added_;
  if (whole) std::filesystem::rename(part_, file_, trouble);
  if (whole && !trouble) return true;
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
  return false;
}

}  // namespace hipspine
