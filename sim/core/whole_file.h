#pragma once
/// Files that are there whole or not at all.
#include <filesystem>
#include <string>
#include <string_view>

namespace hipspine {

/// Writes under a temporary name beside the file, then renames: a full disk leaves the old file or none.
/// @return what went wrong, in the system's words; empty when it is written
[[nodiscard]] std::string write_whole(const std::filesystem::path& file, std::string_view content);

/// Puts a file's (or folder's) bytes on the disk itself, for what must outlive a power cut.
/// @return what went wrong; empty when it is there
[[nodiscard]] std::string put_on_disk(const std::filesystem::path& path);

/// The name, or with a number before its ending ("plot_2.svg") when there is such a file already.
[[nodiscard]] std::filesystem::path unused_name(const std::filesystem::path& name);

}  // namespace hipspine
