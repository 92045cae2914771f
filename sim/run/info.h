#pragma once
/// What the program is made of: model, muscles, columns, sources, version.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/run/columns.h"

namespace hipspine {

/// One citation of models/sources.toml.
struct Citation {
  std::string id, text;
};
[[nodiscard]] std::vector<Citation> load_sources(const std::filesystem::path& folder, Diagnostics& diagnostics);

[[nodiscard]] std::string model_text(const Model& model, const std::filesystem::path& folder);
[[nodiscard]] std::string muscles_text(const Model& model);
[[nodiscard]] std::string columns_text(const Model& model, Convention convention);
[[nodiscard]] std::string sources_text(const std::vector<Citation>& sources);

[[nodiscard]] nlohmann::ordered_json model_json(const Model& model);
[[nodiscard]] nlohmann::ordered_json muscles_json(const Model& model);
[[nodiscard]] nlohmann::ordered_json columns_json(const Model& model, Convention convention);
[[nodiscard]] nlohmann::ordered_json sources_json(const std::vector<Citation>& sources);

}  // namespace hipspine
