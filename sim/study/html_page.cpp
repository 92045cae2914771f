#include "sim/study/html_page.h"

#include "sim/study/svg_chart.h"

namespace hipspine {
namespace {

constexpr const char* kStyle = R"(
body{font:15px/1.5 system-ui,sans-serif;color:#222;background:#fff;margin:0}
main{max-width:960px;margin:0 auto;padding:24px}
h1{font-size:26px;line-height:1.25;margin:4px 0 8px}
h2{font-size:19px;margin:32px 0 8px;border-bottom:2px solid #5a2a7a;padding-bottom:3px}
.kind{color:#5a2a7a;font-weight:600;margin:0}
.question{font-size:17px;font-style:italic}
.answer{font-size:17px;margin:6px 0}
.note{color:#555;font-size:13px}
.missed{color:#a01818;font-weight:600}
.figures{display:grid;grid-template-columns:1fr 1fr;gap:14px}
.figures svg{width:100%;height:auto;break-inside:avoid}
table{border-collapse:collapse;margin:8px 0;font-size:13.5px}
th{text-align:right;border-bottom:1px solid #222;padding:2px 10px}
td{text-align:right;padding:2px 10px;border-bottom:1px solid #e4e4e4}
th.t,td.t{text-align:left}
pre{background:#f5f3f7;padding:10px;font-size:12px;white-space:pre-wrap;overflow-wrap:anywhere}
details li{font-size:12px}
@media(max-width:700px){.figures{grid-template-columns:1fr}}
@media print{@page{size:A4;margin:14mm}body{font-size:11px}main{padding:0;max-width:none}h2{break-after:avoid}
tr{break-inside:avoid}.answer,.question{font-size:13px}table{font-size:10.5px}}
)";

}  // namespace

HtmlPage::HtmlPage(const std::string& title, const std::string& kind) {
  body_ =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>" +
      escaped(title) + "</title><style>" + kStyle + "</style></head>\n<body><main>\n<p class=\"kind\">" +
      escaped(kind) + "</p><h1>" + escaped(title) + "</h1>\n";
}

void HtmlPage::heading(const std::string& text) { body_ += "<h2>" + escaped(text) + "</h2>\n"; }

void HtmlPage::paragraph(const std::string& text, const std::string& css_class) {
  body_ += "<p" + (css_class.empty() ? "" : " class=\"" + css_class + "\"") + ">" + escaped(text) + "</p>\n";
}

void HtmlPage::list(const std::vector<std::string>& items) {
  body_ += "<ul>";
  for (const std::string& item : items) body_ += "<li>" + escaped(item) + "</li>";
  body_ += "</ul>\n";
}

void HtmlPage::figures(const std::vector<std::string>& svg_html) {
  body_ += "<div class=\"figures\">\n";
  for (const std::string& svg : svg_html) body_ += svg;
  body_ += "</div>\n";
}

void HtmlPage::table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows) {
  const auto is_text = [&](std::size_t k) { return k < heads.size() && heads[k].ends_with(' '); };
  const auto row = [&](const std::vector<std::string>& cells, const char* tag) {
    body_ += "<tr>";
    for (std::size_t k = 0; k < cells.size(); ++k)
      body_ += std::string("<") + tag + (is_text(k) ? " class=\"t\">" : ">") + escaped(cells[k]) + "</" + tag + ">";
    body_ += "</tr>\n";
  };
  body_ += "<table><thead>";
  row(heads, "th");
  body_ += "</thead><tbody>\n";
  for (const auto& cells : rows) row(cells, "td");
  body_ += "</tbody></table>\n";
}

void HtmlPage::preformatted(const std::string& text) { body_ += "<pre>" + escaped(text) + "</pre>\n"; }

void HtmlPage::folded(const std::string& summary, const std::vector<std::string>& items) {
  body_ += "<details><summary>" + escaped(summary) + "</summary>";
  list(items);
  body_ += "</details>\n";
}

}  // namespace hipspine
