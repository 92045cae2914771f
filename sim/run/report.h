#pragma once
/// Plain-text pieces for the console and for files: numbers that read the same in every locale, and tables.
#include <string>
#include <string_view>
#include <vector>

namespace hipspine {

/// `value` with `decimals` digits after the point; "-0.0" becomes "0.0", a value that is not finite "nan" or "inf".
[[nodiscard]] std::string fixed(double value, int decimals);
/// The same with an explicit sign: "+1.2", "-0.3", "0.0".
[[nodiscard]] std::string with_sign(double value, int decimals);
/// `value` with `digits` significant digits, without trailing zeros, exponent where shorter (as in files).
[[nodiscard]] std::string significant(double value, int digits);
/// Decimals that suit a unit on the console: deg 1, N 0, N·m 1, MPa 2, m 3, …
[[nodiscard]] int decimals_for(std::string_view unit);

/// Columns a text takes on a terminal (code points of UTF-8; no wide characters are used here).
[[nodiscard]] int display_width(std::string_view text);
/// `text` filled with blanks to `width`, or cut to it with a final "…".
[[nodiscard]] std::string fitted(std::string_view text, int width, bool right = false);
/// `text` broken at blanks into lines of at most `width`, all but the first indented by `indent`; leading
/// blanks of the text stay.
[[nodiscard]] std::string wrapped(std::string_view text, int width, int indent = 0);

/// A table of texts. Column widths follow the content up to a largest width; numbers stand to the right.
class TextTable {
 public:
  struct Head {
    std::string title;
    bool right = false;  ///< align to the right
    int width_max = 48;
  };
  explicit TextTable(std::vector<Head> heads) : heads_(std::move(heads)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// Lines with a heading, a rule and the rows; ends with a newline.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Head> heads_;
  std::vector<std::vector<std::string>> rows_;
};

/// The known word nearest to `word` by edit distance, or "" when nothing is near enough to be meant.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace hipspine
