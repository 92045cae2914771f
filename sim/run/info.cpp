// Tables of the model as loaded and scaled; lengths in mm, angles in degrees.
#include "sim/run/info.h"

#include <algorithm>

#include "sim/core/document.h"
#include "sim/core/units.h"
#include "sim/run/muscle_words.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::vector<Citation> load_sources(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  const Document document = Document::load(folder / "sources.toml", diagnostics);
  Table root = document.root();
  std::vector<Citation> out;
  for (const std::string& id : root.keys()) out.push_back({id, root.text(id)});
  root.finish();
  return out;
}

std::string model_text(const Model& m, const std::filesystem::path& folder) {
  double mass_kg = 0;
  for (const Body& b : m.bodies) mass_kg += b.mass_kg;
  std::string out = "hipspine " HIPSPINE_VERSION "\n";
  out += "models       " + folder.string() + "\n";
  out += "subject      " + fixed(m.height_m, 2) + " m, " + fixed(m.mass_kg, 1) + " kg (bodies sum to " +
         fixed(mass_kg, 1) + " kg)\n";
  out += "coordinates  " + std::to_string(m.n_coord()) + "\n";
  out += "bodies       " + std::to_string(m.bodies.size()) + "\n";
  out += "muscles      " + std::to_string(m.n_muscle()) + " fascicles, " + std::to_string(m.wraps.size()) +
         " wrap surfaces\n";
  out += "levels       ";
  for (const Level& l : m.levels) out += l.name + (&l == &m.levels.back() ? "\n" : " ");
  out += "pelvic plane " + fixed(deg_from_rad(m.pelvic_plane_tilt_rad), 1) +
         " deg forward at pelvis_tilt 0 (--convention clinical counts from it)\n\n";
  TextTable table({{"coordinate", false}, {"low", true}, {"high", true}, {"unit", false}, {"", false}});
  for (const Coordinate& c : m.coordinates) {
    const double scale = c.translation ? 1 : 1 / kDeg;
    table.add({c.name, fixed(c.low * scale, 1), fixed(c.high * scale, 1), c.translation ? "m" : "deg",
               c.prescribed ? "driven by a rule" : ""});
  }
  return out + table.text() + "\nMore: hipspine info --columns, --muscles, --sources\n";
}

std::string muscles_text(const Model& m) {
  TextTable table({{"muscle", false},
                   {"", false, 36},
                   {"group", false},
                   {"strength N", true},
                   {"fibre mm", true},
                   {"tendon mm", true},
                   {"pennation deg", true},
                   {"points", true}});
  for (const Muscle& x : m.muscles)
    table.add({x.name, muscle_words(x.name), x.group, fixed(x.force_max_n, 0),
               fixed(mm_from_m(x.fibre_length_opt_m), 1), fixed(mm_from_m(x.tendon_slack_m), 1),
               fixed(deg_from_rad(x.pennation_rad), 0), std::to_string(x.points.size())});
  return table.text();
}

std::string columns_text(const Model& m, Convention convention) {
  TextTable table({{"column", false, 32},
                   {"unit", false},
                   {"frame", false, 22},
                   {"positive", false, 40},
                   {"what", false, 64},
                   {"from", false, 40}});
  for (const ColumnRule& rule : column_rules(m, convention)) {
    const Column& c = rule.column;
    table.add({c.name, c.unit, c.frame, c.positive, c.meaning, c.source});
  }
  return table.text();
}

std::string sources_text(const std::vector<Citation>& sources) {
  std::string out;
  for (const Citation& s : sources) out += wrapped(s.id + ": " + s.text, 100, 4);
  return out;
}

Json model_json(const Model& m) {
  Json coordinates = Json::array(), bodies = Json::array(), levels = Json::array();
  for (const Coordinate& c : m.coordinates) coordinates.push_back(c.name);
  for (const Body& b : m.bodies) bodies.push_back(b.name);
  for (const Level& l : m.levels) levels.push_back(l.name);
  return {{"version", HIPSPINE_VERSION},
          {"height_m", m.height_m},
          {"mass_kg", m.mass_kg},
          {"pelvic_plane_tilt_deg", deg_from_rad(m.pelvic_plane_tilt_rad)},
          {"coordinates", coordinates},
          {"bodies", bodies},
          {"levels", levels},
          {"muscles", m.n_muscle()}};
}

Json muscles_json(const Model& m) {
  Json out = Json::array();
  for (const Muscle& x : m.muscles)
    out.push_back({{"name", x.name},
                   {"words", muscle_words(x.name)},
                   {"group", x.group},
                   {"force_max_n", x.force_max_n},
                   {"fibre_length_opt_m", x.fibre_length_opt_m},
                   {"tendon_slack_m", x.tendon_slack_m},
                   {"pennation_deg", deg_from_rad(x.pennation_rad)}});
  return out;
}

Json columns_json(const Model& m, Convention convention) {
  Json out = Json::array();
  for (const ColumnRule& rule : column_rules(m, convention)) {
    const Column& c = rule.column;
    out.push_back({{"name", c.name},
                   {"unit", c.unit},
                   {"frame", c.frame},
                   {"positive", c.positive},
                   {"meaning", c.meaning},
                   {"source", c.source}});
  }
  return out;
}

Json sources_json(const std::vector<Citation>& sources) {
  Json out = Json::object();
  for (const Citation& s : sources) out[s.id] = s.text;
  return out;
}

}  // namespace hipspine
