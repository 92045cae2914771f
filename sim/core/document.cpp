// Strict reading of TOML. Text -> (bytes checked: size, UTF-8, not empty) -> toml++ tree -> Table handles that remember
// which keys were asked for. A finding names the key with its whole path ("hip_r.flexion_max_deg"), and the unit that
// the key's suffix promises. Only this file knows the TOML library.
#include "sim/core/document.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <utility>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace hipspine {
namespace {

constexpr std::uintmax_t kMaxBytes = 4u << 20;

std::string shown(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::string unit_of(std::string_view key) {
  static constexpr std::pair<std::string_view, std::string_view> kUnits[] = {
      {"_m_s", " m/s"}, {"_kg_m2", " kg m^2"}, {"_n_m", " N/m"}, {"_deg", " deg"}, {"_rad", " rad"},
      {"_kg", " kg"},   {"_mm", " mm"},        {"_nm", " N m"},  {"_mpa", " MPa"}, {"_pct", " %"},
      {"_hz", " Hz"},   {"_m", " m"},          {"_n", " N"},     {"_s", " s"}};
  for (const auto& [suffix, unit] : kUnits)
    if (key.ends_with(suffix)) return std::string(unit);
  return "";
}

std::string shown(Range range, std::string_view key) {
  return shown(range.low) + " .. " + shown(range.high) + unit_of(key);
}

const char* kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

/// Edit distance (insert, delete, replace, each 1).
int distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Offset of the first byte that is not UTF-8 text (or is a NUL), npos when all is well.
size_t first_bad_byte(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const size_t more = byte < 0x80 ? 0 : byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    if (byte == 0 || (byte >= 0x80 && byte < 0xC2) || byte > 0xF4 || i + more >= text.size()) return i;
    for (size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return i;
    i += more + 1;
  }
  return std::string_view::npos;
}

/// Nothing but spaces and comments.
bool is_blank(std::string_view text) {
  bool comment = false;
  for (const char c : text) {
    if (c == '\n') comment = false;
    if (c == '#') comment = true;
    if (!comment && c != ' ' && c != '\t' && c != '\n' && c != '\r') return false;
  }
  return true;
}

std::string fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, hash >>= 4) text[i] = "0123456789abcdef"[hash & 15];
  return text;
}

}  // namespace

std::string hint_for_unknown(std::string_view name, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  int least = std::max<int>(2, static_cast<int>(name.size()) / 4) + 1;
  for (const std::string& candidate : known) {
    const int d = distance(name, candidate);
    if (d < least) {
      least = d;
      best = &candidate;
    }
  }
  // A forgotten unit or side: "speed" for "speed_m_s".
  for (const std::string& candidate : known)
    if (!best && name.size() >= 3 && candidate.starts_with(name)) best = &candidate;
  if (best) return "did you mean '" + *best + "'?";
  if (known.empty() || known.size() > 24) return "";
  std::string list = "known: ";
  for (const std::string& candidate : known) list += (&candidate == &known.front() ? "" : ", ") + candidate;
  return list;
}

struct Table::Impl {
  const toml::table* node = nullptr;  // null: absent
  Diagnostics* diagnostics = nullptr;
  std::string path;     // "hip_r", "" for the root
  Place at;             // of this table, or of the nearest existing one above it
  bool silent = false;  // absence was reported already
  std::vector<std::string> known;

  [[nodiscard]] std::string full(std::string_view key) const {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }
  [[nodiscard]] Place place_of(const toml::node& n) const {
    const toml::source_region& source = n.source();
    return {at.file, static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
  }
  void report(Place place, std::string code, std::string message, std::string hint = "") const {
    if (!silent) diagnostics->add(std::move(place), std::move(code), std::move(message), std::move(hint));
  }
  /// The node at `key`, now a known key; null when absent, reported if it has to be there.
  const toml::node* find(std::string_view key, bool required, const char* what) {
    if (std::find(known.begin(), known.end(), key) == known.end()) known.emplace_back(key);
    const toml::node* found = node ? node->get(key) : nullptr;
    if (!found && required) report(at, "E110", "missing " + std::string(what) + " '" + full(key) + "'");
    return found;
  }
  void wrong_type(const toml::node& n, std::string_view key, const char* wanted) const {
    report(place_of(n), "E201", "'" + full(key) + "' must be " + wanted + ", not " + kind_of(n));
  }
  /// Number in range, else a finding and nothing. `name` is the key with an index for array elements.
  std::optional<double> number_of(const toml::node& n, std::string_view key, const std::string& name, Range range) {
    if (!n.is_number()) {
      report(place_of(n), "E201", "'" + name + "' must be a number, not " + kind_of(n));
      return std::nullopt;
    }
    const double value = n.is_integer() ? static_cast<double>(n.as_integer()->get()) : n.as_floating_point()->get();
    if (!std::isfinite(value)) {
      report(place_of(n), "E203", name + " = " + shown(value) + " is not a finite number");
      return std::nullopt;
    }
    if (value < range.low || value > range.high) {
      report(place_of(n), "E203", name + " = " + shown(value) + " is outside " + shown(range, key));
      return std::nullopt;
    }
    return value;
  }
};

bool Table::has(std::string_view key) const { return impl_->node && impl_->node->contains(key); }

double Table::number(std::string_view key, Range range, std::optional<double> fallback) {
  const double instead = fallback.value_or(std::clamp(0.0, range.low, range.high));
  const toml::node* n = impl_->find(key, !fallback, "key");
  return n ? impl_->number_of(*n, key, impl_->full(key), range).value_or(instead) : instead;
}

std::string Table::text(std::string_view key, std::optional<std::string> fallback) {
  const toml::node* n = impl_->find(key, !fallback, "key");
  if (n && n->is_string()) return n->as_string()->get();
  if (n) impl_->wrong_type(*n, key, "text in quotes");
  return fallback.value_or("");
}

bool Table::boolean(std::string_view key, std::optional<bool> fallback) {
  const toml::node* n = impl_->find(key, !fallback, "key");
  if (n && n->is_boolean()) return n->as_boolean()->get();
  if (n) impl_->wrong_type(*n, key, "true or false");
  return fallback.value_or(false);
}

std::vector<double> Table::numbers(std::string_view key, int size, Range range, bool required) {
  std::vector<double> values;
  const toml::node* n = impl_->find(key, required, "key");
  if (!n) return values;
  const toml::array* array = n->as_array();
  if (!array) {
    impl_->wrong_type(*n, key, "an array of numbers");
    return values;
  }
  if (size >= 0 && static_cast<int>(array->size()) != size) {
    impl_->report(impl_->place_of(*n), "E204",
                  "'" + impl_->full(key) + "' has " + std::to_string(array->size()) + " numbers, it needs " +
                      std::to_string(size));
    return values;
  }
  for (size_t i = 0; i < array->size(); ++i) {
    const std::string name = impl_->full(key) + "[" + std::to_string(i) + "]";
    const auto value = impl_->number_of((*array)[i], key, name, range);
    values.push_back(value.value_or(std::clamp(0.0, range.low, range.high)));
  }
  return values;
}

Vec3 Table::vec3(std::string_view key, Range range, std::optional<Vec3> fallback) {
  const std::vector<double> v = numbers(key, 3, range, !fallback);
  return v.size() == 3 ? Vec3(v[0], v[1], v[2]) : fallback.value_or(Vec3::Zero());
}

std::vector<std::string> Table::texts(std::string_view key, bool required) {
  std::vector<std::string> values;
  const toml::node* n = impl_->find(key, required, "key");
  if (!n) return values;
  const toml::array* array = n->as_array();
  if (!array) {
    impl_->wrong_type(*n, key, "an array of texts");
    return values;
  }
  for (size_t i = 0; i < array->size(); ++i) {
    const toml::node& item = (*array)[i];
    if (item.is_string())
      values.push_back(item.as_string()->get());
    else
      impl_->report(
          impl_->place_of(item), "E201",
          "'" + impl_->full(key) + "[" + std::to_string(i) + "]' must be text in quotes, not " + kind_of(item));
  }
  return values;
}

Table Table::table(std::string_view key, bool required) {
  const toml::node* n = impl_->find(key, required, "table");
  Table sub;
  sub.impl_ = std::make_shared<Impl>(Impl{nullptr, impl_->diagnostics, impl_->full(key), impl_->at, impl_->silent, {}});
  if (n && n->is_table()) {
    sub.impl_->node = n->as_table();
    sub.impl_->at = impl_->place_of(*n);
  } else if (n) {
    impl_->wrong_type(*n, key, "a table");
    sub.impl_->silent = true;
  } else if (required) {
    sub.impl_->silent = true;
  }
  return sub;
}

std::vector<Table> Table::tables(std::string_view key, bool required) {
  std::vector<Table> all;
  const toml::node* n = impl_->find(key, required, "tables");
  if (!n) return all;
  const toml::array* array = n->as_array();
  if (!array) {
    impl_->wrong_type(*n, key, "a list of tables ([[...]])");
    return all;
  }
  for (size_t i = 0; i < array->size(); ++i) {
    const toml::node& item = (*array)[i];
    const std::string name = impl_->full(key) + "[" + std::to_string(i) + "]";
    if (!item.is_table()) {
      impl_->report(impl_->place_of(item), "E201", "'" + name + "' must be a table, not " + kind_of(item));
      continue;
    }
    Table sub;
    sub.impl_ = std::make_shared<Impl>(
        Impl{item.as_table(), impl_->diagnostics, name, impl_->place_of(item), impl_->silent, {}});
    all.push_back(std::move(sub));
  }
  return all;
}

std::vector<std::string> Table::keys() const {
  if (!impl_->node) return {};
  std::vector<std::pair<toml::source_position, std::string>> found;
  for (const auto& [key, value] : *impl_->node) found.emplace_back(key.source().begin, std::string(key.str()));
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (auto& [position, name] : found) names.push_back(std::move(name));
  return names;
}

void Table::finish() {
  for (const std::string& key : keys()) {
    if (std::find(impl_->known.begin(), impl_->known.end(), key) != impl_->known.end()) continue;
    const auto it = impl_->node->find(key);
    const toml::source_position position = it->first.source().begin;
    impl_->report({impl_->at.file, static_cast<int>(position.line), static_cast<int>(position.column)}, "E105",
                  "unknown key '" + impl_->full(key) + "'", hint_for_unknown(key, impl_->known));
  }
}

Place Table::place(std::string_view key) const {
  const toml::node* n = impl_->node && !key.empty() ? impl_->node->get(key) : nullptr;
  return n ? impl_->place_of(*n) : impl_->at;
}

void Table::report(std::string_view key, std::string code, std::string message, std::string hint) {
  impl_->report(place(key), std::move(code), std::move(message), std::move(hint));
}

Document Document::load(const std::filesystem::path& path, Diagnostics& diagnostics) {
  const std::string name = path.generic_string();
  const auto refuse = [&](const char* code, const std::string& message, const std::string& hint = "") {
    diagnostics.add({name, 0, 0}, code, message, hint);
    Document empty;
    empty.hash_ = fnv1a("");
    empty.root_.impl_ = std::make_shared<Table::Impl>(Table::Impl{nullptr, &diagnostics, "", {name, 0, 0}, true, {}});
    return empty;
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return refuse("E101", "there is no such file");
  if (std::filesystem::is_directory(status)) return refuse("E101", "this is a folder, not a file");
  if (!std::filesystem::is_regular_file(status)) return refuse("E101", "this is not a regular file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return refuse("E101", "the file cannot be opened for reading");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return refuse("E101", "the file cannot be read");
  if (size > kMaxBytes) return refuse("E102", "the file is larger than 4 MiB", "is this a scenario or model file?");
  std::string text(static_cast<size_t>(size), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return refuse("E101", "the file cannot be read to its end");
  text.resize(static_cast<size_t>(in.gcount()));
  return parse(text, name, diagnostics);
}

Document Document::parse(std::string_view text, const std::string& name, Diagnostics& diagnostics) {
  Document document;
  document.hash_ = fnv1a(text);
  document.root_.impl_ = std::make_shared<Table::Impl>(Table::Impl{nullptr, &diagnostics, "", {name, 0, 0}, true, {}});
  const size_t bad = first_bad_byte(text);
  if (bad != std::string_view::npos) {
    diagnostics.add({name, 0, 0}, "E103", "this is not UTF-8 text (byte " + std::to_string(bad + 1) + ")",
                    "save the file as plain text in UTF-8");
    return document;
  }
  if (is_blank(text)) {
    diagnostics.add({name, 0, 0}, "E104", "the file is empty");
    return document;
  }
  toml::parse_result result = toml::parse(text, name);
  if (!result) {
    const toml::source_position at = result.error().source().begin;
    std::string why(result.error().description());
    constexpr std::string_view kPrefix = "Error while parsing ";
    if (why.starts_with(kPrefix)) why.erase(0, kPrefix.size());
    const auto says = [&](const char* words) { return why.find(words) != std::string::npos; };
    diagnostics.add({name, static_cast<int>(at.line), static_cast<int>(at.column)}, "E106",
                    "this is not valid TOML: " + why,
                    says("could not determine value type") ? "text stands in quotes, numbers are plain"
                    : says("saw ','")                      ? "decimals have a point, not a comma"
                    : says("unknown escape sequence")      ? "folders are separated by /"
                                                           : "");
    return document;
  }
  auto tree = std::make_shared<toml::table>(std::move(result).table());
  document.root_.impl_->node = tree.get();
  document.root_.impl_->silent = false;
  document.data_ = std::move(tree);
  return document;
}

Table Document::root() const { return root_; }

}  // namespace hipspine
