#pragma once
/// Two results side by side, in words: what changed, by how much, where in the cycle; in each group the largest change
/// first. Healthy stands first, restricted second, and a change is second minus first.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/run/summary.h"

namespace hipspine {

/// What is read from a column: the number a person would quote.
enum class Statistic { lowest, highest, mean, range, value };

[[nodiscard]] std::string to_string(Statistic statistic);

struct ComparedRow {
  std::string label;   ///< "right hip, furthest extension": a larger number means more of what the words say
  std::string column;  ///< where it comes from; a key of the summary for facts of the stride
  Statistic statistic = Statistic::value;
  std::string unit;
  double a = 0, b = 0;
  int at_a_pct = -1, at_b_pct = -1;  ///< percent of the cycle; -1 for means, ranges and facts of the stride
  double change = 0;                 ///< b - a
  double percent = 0;                ///< of a; not finite where a is too small, or an angle from an arbitrary zero
  double weight = 0;                 ///< |change| over what counts as a clear change in this unit; orders rows
};

struct ComparedGroup {
  std::string title;
  std::vector<ComparedRow> rows;  ///< largest change first (by `weight`, then by label)
  std::size_t shown = 0;          ///< rows on the console; the rest is in the JSON
};

struct Comparison {
  Summary a, b;  ///< both in one convention
  std::vector<ComparedGroup> groups;
};

/// Pairs every quantity that both summaries hold. `b` is brought into the convention of `a`.
[[nodiscard]] Comparison compare(const Summary& a, const Summary& b);

/// The rows of all groups with the largest changes, one per group and side at most `count` in all.
[[nodiscard]] std::vector<ComparedRow> largest_changes(const Comparison& comparison, std::size_t count);

/// Console text, at most 100 columns wide.
[[nodiscard]] std::string comparison_text(const Comparison& comparison);
[[nodiscard]] nlohmann::ordered_json to_json(const Comparison& comparison);

}  // namespace hipspine
