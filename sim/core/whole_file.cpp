#include "sim/core/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hipspine {

std::string write_whole(const std::filesystem::path& file, std::string_view content) {
  std::error_code unknown;
  const auto kind = std::filesystem::status(file, unknown).type();
  if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found)
    return "there is something of this name that is not a file";
  // Through a link: what it points to is replaced, the link stays.
  const std::filesystem::path target =
      std::filesystem::is_symlink(file, unknown) ? std::filesystem::canonical(file, unknown) : file;
  std::filesystem::path part = target.empty() ? file : target;
  part += ".part";
  const int out = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (out < 0) return std::strerror(errno);
  std::size_t done = 0;
  int fault = 0;
  while (done < content.size() && fault == 0) {
    const ssize_t n = ::write(out, content.data() + done, content.size() - done);
    if (n > 0)
      done += static_cast<std::size_t>(n);
    else if (n == 0 || errno != EINTR)
      fault = n == 0 ? ENOSPC : errno;
  }
  if (fault == 0 && ::fsync(out) != 0) fault = errno;
  if (::close(out) != 0 && fault == 0) fault = errno;
  std::error_code error;
  if (fault == 0) std::filesystem::rename(part, target.empty() ? file : target, error);
  if (fault == 0 && !error) return "";
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  return fault != 0 ? std::strerror(fault) : error.message();
}

std::string put_on_disk(const std::filesystem::path& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return std::strerror(errno);
  const int fault = ::fsync(handle) != 0 && errno != EINVAL ? errno : 0;
  ::close(handle);
  return fault != 0 ? std::strerror(fault) : "";
}

std::filesystem::path unused_name(const std::filesystem::path& name) {
  std::filesystem::path out = name;
  std::error_code unreadable;
  for (int n = 2; std::filesystem::exists(out, unreadable); ++n)
    out = name.parent_path() / (name.stem().string() + "_" + std::to_string(n) + name.extension().string());
  return out;
}

}  // namespace hipspine
