// The trust panel: may these numbers be believed? Gates of this solve, published targets, sources.
#include <algorithm>
#include <cmath>

#include "render/panels/citations.h"
#include "render/panels/widgets.h"
#include "sim/core/document.h"
#include "sim/model/model_file.h"
#include "sim/run/muscle_words.h"

namespace hipspine {

struct TrustState {
  std::map<std::string, std::string> citations;
  bool misses_only = false;
};

std::map<std::string, std::string> load_citations(const std::filesystem::path& model_folder) {
  Diagnostics elsewhere;  // a test reads the file strictly
  const Document document = Document::load(model_folder / "sources.toml", elsewhere);
  Table root = document.root();
  std::map<std::string, std::string> citations;
  for (const std::string& id : root.keys()) citations[id] = root.text(id, "");
  return citations;
}

namespace {

// Blue and orange as for changes: told apart by everybody, and the word stands beside it.
ImVec4 verdict_colour(bool pass) { return imgui_colour(change_colour(pass ? -1 : 1)); }

void draw_gates(const std::vector<QualityGate>& gates) {
  if (!ImGui::BeginTable("##gates", 4, ImGuiTableFlags_RowBg)) return;
  const float em = ImGui::GetFontSize();
  ImGui::TableSetupColumn("quality gate", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthFixed, 3.4f * em);
  ImGui::TableSetupColumn("limit", ImGuiTableColumnFlags_WidthFixed, 3.4f * em);
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, 3.2f * em);
  ImGui::TableHeadersRow();
  for (const QualityGate& g : gates) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextWrapped("%s [%s]", g.name.c_str(), g.unit.c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(significant(g.value, 3).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(significant(g.limit, 3).c_str());
    ImGui::TableNextColumn();
    ImGui::TextColored(verdict_colour(g.pass()), "%s", g.pass() ? "pass" : "missed");
  }
  ImGui::EndTable();
}

std::string band_words(const Target& t) {
  if (t.low && t.high) return significant(*t.low, 4) + " to " + significant(*t.high, 4);
  if (t.low) return "above " + significant(*t.low, 4);
  return t.high ? "below " + significant(*t.high, 4) : "–";
}

void draw_validation(Desk& desk, PanelState& state, TrustState& trust) {
  heading("Against published numbers");
  if (!desk.validation) {
    small_text(
        "Every target of models/targets.toml, computed with this program: walks at several speeds, stiff hips, the "
        "segments on the test bench. Takes some seconds.");
    ImGui::BeginDisabled(desk.validating);
    if (ImGui::Button(desk.validating ? "Running …" : "Run the validation")) desk.requests.validate = true;
    ImGui::EndDisabled();
    state.rectangles.note_last_item("validate");
    return;
  }
  const Validation& v = *desk.validation;
  ImGui::TextWrapped("%d pass, %d miss, %d not computed", v.count(true), v.count(false), v.count(std::nullopt));
  ImGui::Checkbox("misses only", &trust.misses_only);
  state.rectangles.note_last_item("trust.misses");
  if (!ImGui::BeginTable("##validation", 4, ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerH)) return;
  const float em = ImGui::GetFontSize();
  ImGui::TableSetupColumn("what", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("here", ImGuiTableColumnFlags_WidthFixed, 3.6f * em);
  ImGui::TableSetupColumn("published", ImGuiTableColumnFlags_WidthFixed, 5.4f * em);
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, 2.8f * em);
  ImGui::TableHeadersRow();
  for (const ValidationRow& row : v.rows) {
    if (trust.misses_only && row.pass.value_or(true)) continue;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextWrapped("%s [%s]", row.target.metric.c_str(), row.target.unit.c_str());
    std::string more = row.target.id + ": " + row.target.condition + "\n" + row.target.published;
    if (!row.measured.detail.empty()) more += "\nHere: " + row.measured.detail;
    for (const std::string& id : row.target.source)
      if (const auto it = trust.citations.find(id); it != trust.citations.end()) more += "\n" + it->second;
    tip(more);
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(row.measured.value ? significant(*row.measured.value, 3).c_str() : "–");
    ImGui::TableNextColumn();
    ImGui::TextWrapped("%s", band_words(row.target).c_str());
    ImGui::TableNextColumn();
    if (row.pass)
      ImGui::TextColored(verdict_colour(*row.pass), "%s", *row.pass ? "pass" : "miss");
    else
      ImGui::TextDisabled("–");
  }
  ImGui::EndTable();
}

}  // namespace

void draw_trust(Desk& desk, PanelState& state) {
  if (!state.trust) {
    state.trust = std::make_shared<TrustState>();
    state.trust->citations = load_citations(default_model_folder());
  }
  TrustState& trust = *state.trust;
  ImGui::Dummy({0, 0.2f * ImGui::GetFontSize()});
  paragraph(
      "Loads of discs, facets, ligaments, sacroiliac joints and muscles are model estimates, not measurements. Angles "
      "and "
      "ground forces of the healthy walk follow published curves; what a stiff hip does is the model's answer.");
  if (desk.answer()) {
    const Results& results = *desk.answer()->results;
    heading(results.gates_pass() ? "This solve: every quality gate passed" : "This solve: a quality gate is missed");
    draw_gates(results.gates);
    if (!results.saturated.empty()) {
      std::string text = "Muscles at full activation, with their share of the cycle: ";
      for (const std::string& m : results.saturated) {
        const std::size_t blank = m.find(' ');
        text += (&m == &results.saturated.front() ? "" : "; ") + muscle_words(m.substr(0, blank)) + m.substr(blank);
      }
      small_text(text);
    }
  }
  draw_validation(desk, state, trust);
  heading("Sources");
  const std::vector<std::string>& ids = desk.scenario().source;
  for (const std::string& id : ids) {
    const auto it = trust.citations.find(id);
    small_text(it == trust.citations.end() ? id : it->second);
  }
  if (ImGui::CollapsingHeader("All that the model rests on")) {
    for (const auto& [id, citation] : trust.citations) small_text(id + ": " + citation);
  }
  state.rectangles.note_last_item("trust.sources");
}

}  // namespace hipspine
