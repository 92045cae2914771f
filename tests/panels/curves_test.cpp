// Plots of a real walk: what is in them, and the panel under a mouse.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "render/panels/curve_specs.h"
#include "render/panels/panels.h"
#include "render/panels/type.h"
#include "tests/plot/null_screen.h"

using namespace hipspine;

namespace {

const std::filesystem::path kTop = HIPSPINE_SOURCE_DIR;

std::shared_ptr<const LiveAnswer> solved(double extension_max_deg) {
  static Session session(kTop / "models");
  const auto solve = [&](const Scenario& scenario) {
    Diagnostics diagnostics;
    auto cycle = std::make_shared<CycleResult>(session.solve(scenario, diagnostics));
    INFO(diagnostics.text());
    REQUIRE(!diagnostics.has_errors());
    return cycle;
  };
  static const auto kHealthy = solve(Scenario{});
  static const auto kHealthyResults = std::make_shared<const Results>(make_results(*kHealthy));
  auto answer = std::make_shared<LiveAnswer>();
  answer->question = 1;
  answer->scenario.title = "Extension " + std::to_string(static_cast<int>(extension_max_deg));
  answer->scenario.hip[kRight].extension_max_rad = rad_from_deg(extension_max_deg);
  answer->cycle = solve(answer->scenario);
  answer->results = std::make_shared<const Results>(make_results(*answer->cycle));
  answer->healthy = kHealthy;
  answer->healthy_results = kHealthyResults;
  return answer;
}

const std::shared_ptr<const LiveAnswer>& stiff() {
  static const auto kAnswer = solved(0);
  return kAnswer;
}

const NormalBands& bands() {
  static const NormalBands kBands = [] {
    Diagnostics diagnostics;
    NormalBands b = load_normal_bands(kTop / "models", diagnostics);
    REQUIRE(!diagnostics.has_errors());
    return b;
  }();
  return kBands;
}

CurveInput input() {
  CurveInput in;
  in.answer = stiff().get();
  in.bands = &bands();
  return in;
}

const PlotCurve* curve(const PlotSpec& spec, const std::string& name) {
  for (const PlotCurve& c : spec.curves)
    if (c.name == name) return &c;
  return nullptr;
}

}  // namespace

TEST_CASE("curves: every plot of the table and of the presets exists in the results and has finite curves") {
  const Results& results = *stiff()->results;
  std::set<std::string> ids;
  for (const PlotRecipe& recipe : plot_recipes()) {
    CAPTURE(recipe.id);
    CHECK(ids.insert(recipe.id).second);
    CHECK(results.column(recipe.id + "?") < 0);
    const PlotSpec spec = make_plot(recipe, input());
    CHECK(spec.curves.size() == (recipe.paired() ? 4 : 2));  // healthy and now, of each side
    for (const PlotCurve& c : spec.curves) {
      CHECK(c.y.size() == kCyclePoints);
      for (float v : c.y) CHECK(std::isfinite(v));
    }
    CHECK(spec.band.has_value() == (bands().find(recipe.band) != nullptr));
  }
  for (const PlotPreset& preset : plot_presets())
    for (const std::string& id : preset.ids) CHECK(ids.count(id) == 1);
}

TEST_CASE("curves: numbers are those of the result columns") {
  const Results& results = *stiff()->results;
  const PlotSpec hip = make_plot(recipe_of("hip_flexion", results), input());
  const auto right = results.curve("hip_flexion_r");
  const auto healthy = stiff()->healthy_results->curve("hip_flexion_l");
  for (int i = 0; i < kCyclePoints; ++i) {
    const auto k = static_cast<std::size_t>(i);
    CHECK(curve(hip, "right")->y[k] == static_cast<float>(right[i]));
    CHECK(curve(hip, "healthy \u00b7 left")->y[k] == static_cast<float>(healthy[i]));
  }
  const PlotSpec contact = make_plot(recipe_of("hip_contact", results), input());
  const auto force = results.curve("hip_r_contact");
  CHECK(curve(contact, "right")->y[15] == doctest::Approx(100 * force[15] / results.weight_n).epsilon(1e-6));
  CHECK(contact.unit == "%BW");
}

TEST_CASE("curves: a muscle group is the mean of its fascicles weighted by strength") {
  const Results& results = *stiff()->results;
  const Model& model = *stiff()->cycle->model;
  const PlotSpec spec = make_plot(recipe_of("activation_erector_spinae", results), input());
  double sum = 0, weight = 0, least = 1, most = 0;
  for (const Muscle& m : model.muscles) {
    if (m.side != kRight ||
        (m.group != "longissimus_thoracis" && m.group != "iliocostalis_lumborum" && m.group != "erector_spinae_lumbar"))
      continue;
    const double a = results.curve(m.name + "_activation")[10];
    sum += m.force_max_n * a;
    weight += m.force_max_n;
    least = std::min(least, a), most = std::max(most, a);
  }
  REQUIRE(weight > 0);
  const float shown = curve(spec, "right")->y[10];
  CHECK(shown == doctest::Approx(sum / weight).epsilon(1e-5));
  CHECK(shown >= static_cast<float>(least));
  CHECK(shown <= static_cast<float>(most));
  CHECK(spec.note.find("model estimate") != std::string::npos);
}

TEST_CASE("curves: sides, healthy, variants, walking body and the left leg's own cycle") {
  const Results& results = *stiff()->results;
  const PlotRecipe hip = recipe_of("hip_flexion", results);
  const std::vector<Variant> variants = {{"first", stiff()}, {"second", stiff()}};
  CurveInput in = input();
  in.variants = &variants;
  in.last_stride = stiff()->results.get();
  CHECK(make_plot(hip, in).curves.size() == 10);
  CHECK(curve(make_plot(hip, in), "second \u00b7 left"));
  CHECK(curve(make_plot(hip, in), "walking \u00b7 right"));
  in.sides = {true, false};
  CHECK(make_plot(hip, in).curves.size() == 5);
  CHECK(make_plot(recipe_of("pelvis_tilt", results), in).curves.size() == 5);
  in.healthy = false, in.variants = nullptr, in.last_stride = nullptr, in.bands = nullptr;
  const PlotSpec alone = make_plot(hip, in);
  CHECK(alone.curves.size() == 1);
  CHECK(!alone.band);

  in = input();
  in.left_own_cycle = true;
  const PlotSpec own = make_plot(hip, in);
  const auto left = results.curve("hip_flexion_l");
  const PlotCurve& shown = *curve(own, "left");
  CHECK(shown.y[0] == static_cast<float>(left[50]));
  CHECK(shown.y[60] == static_cast<float>(left[10]));
  CHECK(shown.cursor_shift_pct == 50);
  // At 30 % of the right cycle the left leg is at 80 % of its own, where its curve holds the same value as ever.
  CHECK(shown.y[80] == static_cast<float>(left[30]));
  // With the left alone in the right leg's cycle, the band comes half a cycle later.
  in.left_own_cycle = false;
  const PlotSpec both = make_plot(hip, in);
  in.sides = {false, true};
  const PlotSpec only_left = make_plot(hip, in);
  CHECK(only_left.band->low[10] == doctest::Approx(both.band->low[60]).epsilon(1e-5));
}

TEST_CASE("curves: the healthy walk lies within the published bands") {
  const auto& answer = stiff();
  for (const NormalBand& band : bands().bands) {
    const PlotSpec spec = make_plot(recipe_of(band.name, *answer->results), input());
    const PlotCurve* healthy = curve(spec, "healthy \u00b7 right");
    if (!healthy) healthy = curve(spec, "healthy");
    REQUIRE(healthy);
    REQUIRE(spec.band);
    int outside = 0;
    for (std::size_t i = 0; i < kCyclePoints; ++i)
      outside += healthy->y[i] < spec.band->low[i] || healthy->y[i] > spec.band->high[i];
    CAPTURE(band.name);
    CHECK(outside == 0);
  }
}

TEST_CASE("curves: any result column can be plotted, both sides together") {
  const Results& results = *stiff()->results;
  const PlotRecipe psoas = recipe_of("psoas_L4_l_force", results);
  CHECK(psoas.columns[0] == "psoas_L4_r_force");
  CHECK(psoas.columns[1] == "psoas_L4_l_force");
  CHECK(psoas.unit == "N");
  CHECK(psoas.title == "psoas L4 force");
  CHECK(recipe_of("residual_force", results).columns[1].empty());
  CHECK(recipe_of("no_such_column", results).title.empty());
  const auto ids = column_ids(results);
  std::set<std::string> seen(ids.begin(), ids.end());
  CHECK(seen.size() == ids.size());
  CHECK(seen.count("hip_flexion_r") == 1);
  CHECK(seen.count("hip_flexion_l") == 0);
  CHECK(seen.count("L5_S1_shear_ap") == 1);
  std::set<std::string> covered;
  for (const std::string& id : ids)
    for (const std::string& column : recipe_of(id, results).columns)
      if (!column.empty()) covered.insert(column);
  CHECK(covered.size() == results.columns.size() - 2);  // all but cycle and time
}

TEST_CASE("curves: citations are short and honest") {
  CHECK(short_citation({"pycgm2_cgm23", "schwartz2008"}, kTop / "models") == "Leboeuf; Schwartz 2008");
  CHECK(short_citation({"nobody"}, kTop / "models") == "nobody");
}

namespace {

struct Panel {
  NullScreen screen{{350, 900}};
  Desk desk{Scenario{}, kTop / "scenarios", kTop / "scenarios" / "lessons"};
  PanelState state;
  Panel() {
    desk.receive(stiff());
    desk.clock.playing = true;
    frame();
    frame();
  }
  std::function<void()> content() {
    return [this] { draw_curves(desk, state); };
  }
  void frame() { screen.frame(content()); }
  void point(const std::string& name, float across = 0.5f) {
    REQUIRE(state.rectangles.by_name.count(name) == 1);
    const auto& r = state.rectangles.by_name[name];
    screen.move(r.min, r.max, across);
  }
  void click(const std::string& name) {
    point(name);
    screen.click(0, content());
    screen.wait(1, content());
  }
};

}  // namespace

TEST_CASE("curves panel: opens with a choice of its own and shares its cursor") {
  Panel p;
  CHECK(p.desk.view.plots == plot_presets().front().ids);
  for (const std::string& id : p.desk.view.plots) CHECK(p.state.rectangles.by_name.count("plot." + id) == 1);
}

TEST_CASE("curves panel: dragging in a plot moves time and pauses; letting go leaves it there") {
  Panel p;
  p.desk.clock.phase = 7.9;
  p.point("plot.hip_flexion", 0.25f);
  p.frame();
  p.screen.press(0, true);
  p.frame();
  CHECK(p.desk.clock.scrubbing);
  CHECK(!p.desk.clock.playing);
  CHECK(p.desk.clock.phase == doctest::Approx(7.25).epsilon(1e-3));
  p.point("plot.hip_flexion", 2);
  p.frame();
  CHECK(p.desk.clock.phase < 8);  // 100 % is not yet the next stride
  CHECK(p.desk.clock.phase > 7.99);
  p.screen.press(0, false);
  p.frame();
  CHECK(!p.desk.clock.scrubbing);
  CHECK(!p.desk.clock.playing);
}

TEST_CASE("curves panel: switches, variants, presets") {
  Panel p;
  CHECK(p.desk.view.sides[kLeft]);
  p.click("curves.left");
  CHECK(!p.desk.view.sides[kLeft]);
  p.click("curves.healthy");
  CHECK(!p.desk.view.healthy_curve);
  p.click("curves.norm");
  CHECK(!p.desk.view.normal_band);
  p.click("curves.keep");
  CHECK(p.desk.variants().size() == 1);
  p.frame();
  p.click("curves.kept");
  CHECK(!p.desk.view.variants_shown);
  p.click("curves.drop.0");
  CHECK(p.desk.variants().empty());
  p.click("curves.preset");
  p.frame();
  p.click("curves.preset.Facets");
  CHECK(p.desk.view.plots == plot_presets()[5].ids);
}

TEST_CASE("curves panel: a column is found by typing and added") {
  Panel p;
  p.click("curves.choose");
  p.frame();
  for (char c : std::string("psoas l4 forc")) ImGui::GetIO().AddInputCharacter(static_cast<unsigned>(c));
  p.frame();
  p.frame();
  p.click("choose.psoas_L4_r_force");
  REQUIRE(!p.desk.view.plots.empty());
  CHECK(p.desk.view.plots.back() == "psoas_L4_r_force");
  p.click("choose.psoas_L4_r_force");
  CHECK(p.desk.view.plots == plot_presets().front().ids);
}

TEST_CASE("curves panel: saved numbers are those on show, and nothing is overwritten") {
  const auto before = std::filesystem::current_path();
  const auto folder = std::filesystem::temp_directory_path() / "hipspine_curves_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  {
    Panel p;
    const auto choose = [&](int row) {
      p.point("plot.pelvis_tilt");
      p.screen.click(1, p.content());
      p.frame();
      const ImGuiContext& context = *ImGui::GetCurrentContext();
      REQUIRE(context.OpenPopupStack.Size == 1);
      const ImGuiWindow& menu = *context.OpenPopupStack[0].Window;
      const ImGuiStyle& style = ImGui::GetStyle();
      const float line = ImGui::GetFontSize() + style.ItemSpacing.y;
      p.screen.move({menu.Pos.x + 20, menu.Pos.y + style.WindowPadding.y + 1 + style.ItemSpacing.y +
                                          line * static_cast<float>(row) + 0.5f * ImGui::GetFontSize()});
      p.screen.click(0, p.content());
      p.screen.wait(1, p.content());
    };
    choose(1);
    CHECK(p.desk.message == "Saved pelvis_tilt.csv");
    CHECK(!p.desk.message_is_error);
    choose(1);
    CHECK(p.desk.message == "Saved pelvis_tilt_2.csv");
    choose(2);
    CHECK(p.desk.message == "Saved pelvis_tilt.svg");
    choose(3);
    CHECK(p.desk.requests.plot_png_id == "pelvis_tilt");
    const auto& rect = p.desk.requests.plot_png_rect;
    CHECK(rect[2] - rect[0] > 200);
    CHECK(rect[3] - rect[1] > 80);
    std::ifstream in("pelvis_tilt.csv");
    std::string header, first;
    std::getline(in, header);
    std::getline(in, first);
    CHECK(header == "gait_cycle [%],healthy [deg],now [deg],band_low [deg],band_high [deg]");
    std::istringstream cells(first);
    std::string pct, healthy, now;
    std::getline(cells, pct, ',');
    std::getline(cells, healthy, ',');
    std::getline(cells, now, ',');
    CHECK(std::stod(now) == doctest::Approx(stiff()->results->curve("pelvis_tilt")[0]).epsilon(1e-5));
    CHECK(std::stod(healthy) == doctest::Approx(stiff()->healthy_results->curve("pelvis_tilt")[0]).epsilon(1e-5));
  }
  std::filesystem::current_path(before);
  std::filesystem::remove_all(folder);
}

TEST_CASE("curves panel: without an answer it says so, and draws nothing wrong") {
  NullScreen screen;
  Desk desk(Scenario{}, kTop / "scenarios", kTop / "scenarios" / "lessons");
  PanelState state;
  screen.frames(3, [&] { draw_curves(desk, state); });
  CHECK(state.rectangles.by_name.count("curves.keep") == 0);
}

TEST_CASE("style: type and colours load, large type is larger, text is readable") {
  NullScreen screen;
  apply_style(1.5f);
  ImGui::GetIO().Fonts->Build();
  const auto height = [&](bool large, Type type) {
    use_large_type(large);
    float px = 0;
    screen.frame([&] { px = type_font(type)->FontSize; });
    return px;
  };
  CHECK(height(false, Type::regular) == doctest::Approx(22.5));
  CHECK(height(false, Type::small) == doctest::Approx(18));
  CHECK(height(true, Type::regular) > 1.4f * height(false, Type::regular));
  CHECK(height(true, Type::bold) == height(true, Type::regular));
  for (Type type : {Type::regular, Type::bold})
    for (ImWchar sign : {0x00b0, 0x00b1, 0x2212, 0x2192, 0x2191, 0x03b8, 0x25b6, 0x2715, 0x2264, 0x26a0})
      CHECK(type_font(type)->FindGlyphNoFallback(sign) != nullptr);
  const auto luminance = [](const ImVec4& c) {
    const auto linear = [](float v) { return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f); };
    return 0.2126f * linear(c.x) + 0.7152f * linear(c.y) + 0.0722f * linear(c.z);
  };
  const ImVec4* colours = ImGui::GetStyle().Colors;
  for (int ink : {ImGuiCol_Text, ImGuiCol_TextDisabled})
    for (int ground : {ImGuiCol_WindowBg, ImGuiCol_ChildBg, ImGuiCol_PopupBg, ImGuiCol_FrameBg}) {
      CAPTURE(ground);
      CHECK((luminance(colours[ink]) + 0.05f) / (luminance(colours[ground]) + 0.05f) >= 4.5f);  // WCAG AA
    }
}
