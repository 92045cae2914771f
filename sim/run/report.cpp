// Numbers go through std::to_chars, which knows no locale: the same bytes on every machine.
#include "sim/run/report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

namespace hipspine {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::string converted(double value, std::chars_format format, int precision) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision).ptr;
  std::string text(buffer.data(), end);
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  if (zero && text.front() == '-') text.erase(0, 1);
  return text;
}

}  // namespace

std::string fixed(double value, int decimals) { return converted(value, std::chars_format::fixed, decimals); }

std::string with_sign(double value, int decimals) {
  const std::string text = fixed(value, decimals);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return zero || text.front() == '-' || text == "nan" ? text : "+" + text;
}

std::string significant(double value, int digits) { return converted(value, std::chars_format::general, digits); }

int decimals_for(std::string_view unit) {
  if (unit == "N" || unit == "%") return 0;
  if (unit == "MPa" || unit == "BW" || unit == "m/s" || unit == "1") return 2;
  if (unit == "m" || unit == "s") return 3;
  return 1;
}

int display_width(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), starts_code_point));
}

std::string fitted(std::string_view text, int width, bool right) {
  const int have = display_width(text);
  if (have <= width) {
    const std::string fill(static_cast<std::size_t>(width - have), ' ');
    return right ? fill + std::string(text) : std::string(text) + fill;
  }
  std::size_t end = 0;
  for (int points = 0; end < text.size(); ++end)
    if (starts_code_point(text[end]) && points++ == width - 1) break;
  return std::string(text.substr(0, end)) + "…";
}

std::string wrapped(std::string_view text, int width, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string out, line(text.substr(0, std::min(text.find_first_not_of(' '), text.size())));
  bool at_start = true;  // of a line: no blank before the word
  const auto take = [&](std::string_view word) {
    if (!at_start && display_width(line) + 1 + display_width(word) > width) {
      out += line + "\n";
      line = margin;
      at_start = true;
    }
    if (!at_start) line += ' ';
    line += word;
    at_start = false;
  };
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find_first_of(" \n", from), text.size());
    if (to > from) take(text.substr(from, to - from));
    from = to + 1;
  }
  return out + line + "\n";
}

std::string TextTable::text() const {
  std::vector<int> widths;
  for (std::size_t k = 0; k < heads_.size(); ++k) {
    int width = display_width(heads_[k].title);
    for (const auto& row : rows_) width = std::max(width, k < row.size() ? display_width(row[k]) : 0);
    widths.push_back(std::min(width, heads_[k].width_max));
  }
  const auto line = [&](auto cell) {
    std::string text;
    for (std::size_t k = 0; k < heads_.size(); ++k) {
      if (k > 0) text += "  ";
      text += fitted(cell(k), widths[k], heads_[k].right);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  };
  const auto gaps = 2 * static_cast<int>(widths.size() - 1);
  const int total = std::accumulate(widths.begin(), widths.end(), gaps);
  std::string out = line([&](std::size_t k) { return heads_[k].title; });
  out += std::string(static_cast<std::size_t>(total), '-') + "\n";
  for (const auto& row : rows_) out += line([&](std::size_t k) { return k < row.size() ? row[k] : std::string(); });
  return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t substitute = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({substitute, row[j] + 1, row[j - 1] + 1});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace hipspine
