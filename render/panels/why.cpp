// The why panel: one load as a sum. The healthy value, what each part added or took away, the value now.
#include <algorithm>
#include <cfloat>
#include <cmath>

#include "render/panels/citations.h"
#include "render/panels/widgets.h"
#include "sim/model/model_file.h"
#include "sim/run/causes.h"

namespace hipspine {

struct WhyState {
  std::map<std::string, std::string> citations;
  std::shared_ptr<const LiveAnswer> answer;
  std::vector<std::string> columns;
  std::string column;
  int point = -1;
  Trace trace;
  std::string fault;
  bool at_peak = true;
};

namespace {

constexpr std::size_t kPartsShown = 12;  // chosen: what fits; the others together are the last bar

std::string column_words(const std::string& column) {
  std::string words = column;
  if (column.starts_with("hip_"))
    return column == "hip_r_contact" ? "right hip, contact force" : "left hip, contact force";
  const std::size_t slash = words.find('_');
  if (slash != std::string::npos) words[slash] = '/';
  std::replace(words.begin(), words.end(), '_', ' ');
  if (words.ends_with(" r")) return words.substr(0, words.size() - 2) + ", right";
  if (words.ends_with(" l")) return words.substr(0, words.size() - 2) + ", left";
  return words;
}

int peak_of(const Results& results, const std::string& column) {
  const int c = results.column(column);
  if (c < 0) return 0;
  Eigen::Index point = 0;
  results.values.col(c).maxCoeff(&point);
  return static_cast<int>(point);
}

void take(WhyState& why, const std::shared_ptr<const LiveAnswer>& answer, const std::string& column, int point) {
  if (why.answer == answer && why.column == column && why.point == point) return;
  if (why.answer != answer) why.columns = traceable_columns(*answer->cycle->model);
  why.answer = answer;
  why.column = column;
  why.point = point;
  why.trace = {};
  why.fault.clear();
  if (!answer->trace) {
    why.fault = "This answer cannot be traced.";
    return;
  }
  try {
    why.trace = answer->trace(column, point);
  } catch (const std::exception& error) {
    why.fault = error.what();
  }
}

struct Bar {
  std::string name;
  double from, to;
  Colour colour;
  std::string number;
};

std::vector<Bar> bars_of(const Trace& t) {
  const int decimals = decimals_for(t.unit);
  std::vector<Bar> bars = {{"healthy", 0, t.healthy, kHealthyColour, fixed(t.healthy, decimals)}};
  double at = t.healthy;
  for (std::size_t k = 0; k < std::min(t.parts.size(), kPartsShown); ++k) {
    const Cause& c = t.parts[k];
    bars.push_back(
        {c.name, at, at + c.change(), change_colour(c.change() > 0 ? 1 : -1), with_sign(c.change(), decimals)});
    at += c.change();
  }
  if (t.parts.size() > kPartsShown) {
    const double rest = t.now - at;
    bars.push_back({std::to_string(t.parts.size() - kPartsShown) + " smaller parts", at, t.now,
                    change_colour(rest > 0 ? 1 : -1), with_sign(rest, decimals)});
  }
  bars.push_back({"this hip", 0, t.now, kAccent, fixed(t.now, decimals)});
  return bars;
}

/// Where the axis begins: at 0, or just below the smallest sum where the parts would be too thin to see. Parts that
/// come to less than a hundredth of the load are nothing to look at more closely.
double axis_low(const std::vector<Bar>& bars, double high) {
  double least = bars.front().to, most = least;
  for (const Bar& b : bars) least = std::min(least, b.to), most = std::max(most, b.to);
  if (most - least < 0.01 * std::abs(high)) return std::min(0.0, least);
  return least > 0.5 * high ? least - 0.5 * (high - least) : std::min(0.0, least);
}

void draw_bars(const Trace& trace) {
  std::vector<Bar> bars = bars_of(trace);
  double high = 0;
  for (const Bar& b : bars) high = std::max({high, b.from, b.to});
  const double low = axis_low(bars, high);
  bars.front().from = bars.back().from = std::max(low, 0.0);
  if (low > 0) small_text("Bars begin at " + fixed(low, decimals_for(trace.unit)) + " " + trace.unit + ", not at 0.");
  const float em = ImGui::GetFontSize(), whole = ImGui::GetContentRegionAvail().x;
  const float names = 0.46f * whole, numbers = 3.2f * em, width = whole - names - numbers - 0.5f * em;
  const auto x_of = [&](double v) { return width * static_cast<float>((v - low) / std::max(high - low, 1e-12)); };
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  for (std::size_t k = 0; k < bars.size(); ++k) {
    const Bar& b = bars[k];
    const bool total = k == 0 || k + 1 == bars.size();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushFont(type_font(total ? Type::bold : Type::regular));
    paragraph(b.name, names - 0.4f * em);
    const float height = ImGui::GetItemRectSize().y;
    const float x0 = at.x + names + x_of(std::min(b.from, b.to)), x1 = at.x + names + x_of(std::max(b.from, b.to));
    draw.AddRectFilled({x0, at.y + 0.1f * em}, {std::max(x1, x0 + 1.5f), at.y + 0.95f * em}, u32(b.colour, 0.85f), 2);
    if (k + 1 < bars.size())  // where the next one begins
      draw.AddLine({at.x + names + x_of(b.to), at.y + 0.95f * em},
                   {at.x + names + x_of(b.to), at.y + height + ImGui::GetStyle().ItemSpacing.y + 0.1f * em},
                   ImGui::GetColorU32(ImGuiCol_TextDisabled, 0.6f));
    draw.AddText({at.x + whole - numbers, at.y}, ImGui::GetColorU32(ImGuiCol_Text), b.number.c_str());
    ImGui::PopFont();
  }
}

void draw_context(const Trace& trace) {
  if (trace.context.empty() || !ImGui::BeginTable("##context", 3, ImGuiTableFlags_RowBg)) return;
  const float em = ImGui::GetFontSize();
  ImGui::TableSetupColumn("beside it", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("healthy", ImGuiTableColumnFlags_WidthFixed, 3.6f * em);
  ImGui::TableSetupColumn("this hip", ImGuiTableColumnFlags_WidthFixed, 3.6f * em);
  ImGui::TableHeadersRow();
  for (const Cause& c : trace.context) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    paragraph(c.name);
    for (double v : {c.healthy, c.now}) {
      ImGui::TableNextColumn();
      ImGui::TextUnformatted(fixed(v, std::abs(v) < 10 ? 2 : std::abs(v) < 100 ? 1 : 0).c_str());
    }
  }
  ImGui::EndTable();
}

}  // namespace

void draw_why(Desk& desk, PanelState& state) {
  if (!state.why) {
    state.why = std::make_shared<WhyState>();
    state.why->citations = load_citations(default_model_folder());
  }
  WhyState& why = *state.why;
  const std::shared_ptr<const LiveAnswer>& answer = desk.answer();
  const int last = kCyclePoints - 1;
  take(why, answer, desk.view.why_column,
       why.at_peak ? peak_of(*answer->results, desk.view.why_column)
                   : std::clamp(static_cast<int>(std::lround(desk.shown_pct())), 0, last));

  ImGui::SetNextItemWidth(-FLT_MIN);
  if (ImGui::BeginCombo("##column", column_words(desk.view.why_column).c_str(), ImGuiComboFlags_HeightLarge)) {
    for (const std::string& column : why.columns)
      if (ImGui::Selectable(column_words(column).c_str(), column == desk.view.why_column))
        desk.view.why_column = column;
    ImGui::EndCombo();
  }
  state.rectangles.note_last_item("why.column");
  tip("The load to take apart.");
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x, half = (ImGui::GetContentRegionAvail().x - gap) / 2;
  if (switch_button("At its peak", why.at_peak, half)) why.at_peak = true;
  state.rectangles.note_last_item("why.peak");
  ImGui::SameLine(0, gap);
  if (switch_button("Now in the cycle", !why.at_peak, half)) why.at_peak = false;
  state.rectangles.note_last_item("why.now");
  if (!why.fault.empty()) {
    ImGui::TextWrapped("%s", why.fault.c_str());
    return;
  }
  const Trace& t = why.trace;
  heading((t.title + " at " + fixed(t.at_pct, 0) + " %  [" + t.unit + "]").c_str());
  small_text("Healthy at the same place in the cycle; model estimate.");
  for (const std::string& sentence : t.sentences) paragraph(sentence);
  ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
  draw_bars(t);
  ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
  draw_context(t);
  for (const std::string& id : t.source) {
    const auto it = why.citations.find(id);
    small_text(it == why.citations.end() ? id : it->second);
  }
}

}  // namespace hipspine
