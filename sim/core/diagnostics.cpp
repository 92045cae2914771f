#include "sim/core/diagnostics.h"

#include <algorithm>
#include <utility>

namespace hipspine {

void Diagnostics::add(Place place, std::string code, std::string message, std::string hint) {
  findings_.push_back({std::move(place), std::move(code), std::move(message), std::move(hint)});
}

bool Diagnostics::has_errors() const {
  return std::any_of(findings_.begin(), findings_.end(), [](const Finding& f) { return f.is_error(); });
}

std::string Diagnostics::text() const {
  std::string out;
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    if (i == kFindingsShown) {
      out += "and " + std::to_string(findings_.size() - i) + " more findings\n";
      break;
    }
    const Finding& f = findings_[i];
    out += f.place.file;
    if (f.place.line > 0) out += ":" + std::to_string(f.place.line) + ":" + std::to_string(f.place.column);
    out += f.is_error() ? ": error " : ": warning ";
    out += f.code + ": " + f.message + "\n";
    if (!f.hint.empty()) out += "  hint: " + f.hint + "\n";
  }
  return out;
}

LoadError::LoadError(Diagnostics diagnostics)
    : std::runtime_error(diagnostics.text()), diagnostics_(std::move(diagnostics)) {}

void demand_failed(const char* condition, const char* file, int line) {
  throw InternalError(std::string("internal fault: ") + condition + " does not hold (" + file + ":" +
                      std::to_string(line) + ")");
}

}  // namespace hipspine
