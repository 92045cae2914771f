#pragma once
/// TOML files, read strictly: unknown keys, wrong types, values out of range are findings with line and column, all
/// collected in one Diagnostics; reading goes on with the default so that a person sees every mistake at once.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/core/frames.h"

namespace hipspine {

/// Allowed range of a number, both ends included.
struct Range {
  double low;
  double high;
};

/// One table of a document. Wrong types are finding E201. Each getter marks its key as known; `finish()` reports every
/// key that nobody asked for, with the nearest known one as a hint. A copyable handle; valid while its Document and
/// Diagnostics live.
class Table {
 public:
  [[nodiscard]] bool has(std::string_view key) const;
  /// Number at `key`; `fallback` when absent; when absent and no fallback is given a finding E110 "missing key".
  /// Outside `range` (or not finite): finding E203 with the allowed range. Integers are accepted as numbers.
  double number(std::string_view key, Range range, std::optional<double> fallback = std::nullopt);
  std::string text(std::string_view key, std::optional<std::string> fallback = std::nullopt);
  bool boolean(std::string_view key, std::optional<bool> fallback = std::nullopt);
  /// Array of numbers; `size` < 0 accepts any length, else a wrong length is finding E204.
  std::vector<double> numbers(std::string_view key, int size, Range range, bool required = true);
  Vec3 vec3(std::string_view key, Range range, std::optional<Vec3> fallback = std::nullopt);
  std::vector<std::string> texts(std::string_view key, bool required = true);
  /// The elements of an array of any kinds, each as one line of TOML: `5`, `true`, `"knee"`, `["L4_L5"]`. Numbers have
  /// the fewest digits that read back the same. Tables, dates and numbers that are not finite are finding E201.
  std::vector<std::string> value_texts(std::string_view key, bool required = true);
  /// Sub-table. An absent one that is required is one finding (E110) and then a silent empty table: its keys are not
  /// reported one by one. An absent optional one is an empty table whose required keys name this table's place.
  Table table(std::string_view key, bool required = true);
  /// Array of tables ([[key]]); empty when absent and not required.
  std::vector<Table> tables(std::string_view key, bool required = true);
  /// All keys of this table in file order.
  [[nodiscard]] std::vector<std::string> keys() const;
  /// Reports unknown keys (E105). Call once, after the last getter.
  void finish();
  /// Where the key's value stands (or this table when absent), for findings made by the caller.
  [[nodiscard]] Place place(std::string_view key = {}) const;
  /// Adds a finding at the value of `key`.
  void report(std::string_view key, std::string code, std::string message, std::string hint = "");

 private:
  friend class Document;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Names one edit or two away, for hints: "did you mean 'x'?", else the list of what is known; empty for no candidates.
[[nodiscard]] std::string hint_for_unknown(std::string_view name, const std::vector<std::string>& known);

class Document {
 public:
  /// Reads and parses a file. Unreadable (E101), larger than 4 MiB (E102), not UTF-8 text (E103), empty (E104) or not
  /// TOML (E106, at the line and column of the fault): a finding, and an empty root table. Never throws on bad input.
  static Document load(const std::filesystem::path& path, Diagnostics& diagnostics);
  /// The same from text; `name` stands for the file in findings.
  static Document parse(std::string_view text, const std::string& name, Diagnostics& diagnostics);
  [[nodiscard]] Table root() const;
  /// FNV-1a 64-bit hash of the bytes read, as 16 hexadecimal digits.
  [[nodiscard]] const std::string& hash() const { return hash_; }

 private:
  std::shared_ptr<void> data_;
  Table root_;
  std::string hash_;
};

}  // namespace hipspine
