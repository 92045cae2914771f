#pragma once
/// One HTML file that needs nothing else: no network, no script, prints well.
#include <string>
#include <utility>
#include <vector>

#include "sim/core/diagnostics.h"

namespace hipspine {

/// A page under construction; every text is escaped unless it is called html.
class HtmlPage {
 public:
  HtmlPage(const std::string& title, const std::string& kind);
  void heading(const std::string& text);
  void paragraph(const std::string& text, const std::string& css_class = "");
  void list(const std::vector<std::string>& items);
  /// Charts side by side, two in a row.
  void figures(const std::vector<std::string>& svg_html);
  /// Numbers stand to the right: columns whose heading ends with a blank are text.
  void table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows);
  void preformatted(const std::string& text);
  /// Folded away on the screen, open in print.
  void folded(const std::string& summary, const std::vector<std::string>& items);
  [[nodiscard]] std::string text() const { return body_ + "</main></body></html>\n"; }

 private:
  std::string body_;
};

}  // namespace hipspine
