#pragma once
/// The citations of models/sources.toml.
#include <filesystem>
#include <map>
#include <string>

namespace hipspine {

/// id to citation; empty when the file cannot be read.
[[nodiscard]] std::map<std::string, std::string> load_citations(const std::filesystem::path& model_folder);

}  // namespace hipspine
