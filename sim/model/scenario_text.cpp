#include "sim/model/scenario_text.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace hipspine {
namespace {

/// Shortest decimals that read back to the same double; always with a point or exponent, as TOML's floats have.
std::string shown(double value) {
  char buffer[40];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string quoted(const std::string& text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte == 0x7f)
      out += std::string("\\u00") + kHex[byte >> 4] + kHex[byte & 15];
    else
      out += c;
  }
  return out + "\"";
}

std::string key_of(const std::string& name) {
  const bool bare =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
  return bare ? name : quoted(name);
}

std::string hip_text(const char* name, const HipLimits& hip) {
  std::string out = "\n[" + std::string(name) + "]\n";
  for (const HipLimitKey& limit : kHipLimitKeys)
    out += std::string(limit.key) + " = " + shown(file_degrees(hip.*limit.value)) + "\n";
  out += "stiffness_scale = " + shown(hip.stiffness_scale) + "\n";
  for (const auto& [key, contact] :
       {std::pair("cam_contact_deg", hip.cam_contact_rad), std::pair("pincer_contact_deg", hip.pincer_contact_rad)})
    if (contact != kNoContact_rad) out += std::string(key) + " = " + shown(file_degrees(contact)) + "\n";
  return out;
}

std::string conditions_text(const Scenario& s) {
  std::string out;
  for (const ConditionSeverity& c : s.conditions)
    out += "\n[condition." + key_of(c.name) + "]\nseverity_r = " + shown(c.severity[kRight]) +
           "\nseverity_l = " + shown(c.severity[kLeft]) + "\n";
  return out;
}

std::string pain_text(const Scenario& s) {
  if (s.pain == std::array<HipPain, 2>{} && s.back_pain == 0) return "";
  std::string out = "\n[pain]\n";
  for (int side : {kRight, kLeft}) {
    const std::string hip = side == kRight ? "hip_r_" : "hip_l_";
    out += hip + "load = " + shown(s.pain[side].load) + "\n" + hip + "end_range = " + shown(s.pain[side].end_range) +
           "\n" + hip + "abductors = " + shown(s.pain[side].abductors) + "\n";
  }
  return out + "back = " + shown(s.back_pain) + "\n";
}

std::string treatment_text(const Treatment& t) {
  if (t == Treatment{}) return "";
  std::string out = "\n[treatment]\n";
  const auto done = [&](const std::string& key, bool value) {
    if (value) out += key + " = true\n";
  };
  for (int side : {kRight, kLeft}) {
    const std::string end = side == kRight ? "_r" : "_l";
    done("hip_injection" + end, t.hip_injection[side]);
    done("trochanteric_injection" + end, t.trochanteric_injection[side]);
    if (t.stretching_rad[side] != 0)
      out += "stretching" + end + "_deg = " + shown(file_degrees(t.stretching_rad[side])) + "\n";
    done("cam_resection" + end, t.cam_resection[side]);
    done("hip_replacement" + end, t.hip_replacement[side]);
  }
  done("facet_injection", t.facet_injection);
  done("lumbar_brace", t.lumbar_brace);
  if (!t.fusion.empty()) {
    out += "fusion = [";
    for (const std::string& level : t.fusion) out += (&level == &t.fusion.front() ? "" : ", ") + quoted(level);
    out += "]\n";
  }
  return out;
}

}  // namespace

double file_degrees(double rad) {
  const double deg = deg_from_rad(rad);
  if (!std::isfinite(deg)) return deg;
  for (double digits = 1; digits <= 1e12; digits *= 10)
    if (const double rounded = std::round(deg * digits) / digits; rad_from_deg(rounded) == rad) return rounded;
  double below = deg, above = deg;
  for (int k = 0; k < 4; ++k) {  // chosen: the division is off by one at most, the product by another
    if (rad_from_deg(below) == rad) return below;
    if (rad_from_deg(above) == rad) return above;
    below = std::nextafter(below, -std::numeric_limits<double>::infinity());
    above = std::nextafter(above, std::numeric_limits<double>::infinity());
  }
  return deg;
}

Scenario holdable(const Scenario& scenario) {
  Scenario out = scenario;
  for (HipLimits& hip : out.hip)
    for (const HipLimitKey& limit : kHipLimitKeys) hip.*limit.value = rad_from_deg(file_degrees(hip.*limit.value));
  for (HipLimits& hip : out.hip)
    for (auto contact : {&HipLimits::cam_contact_rad, &HipLimits::pincer_contact_rad})
      hip.*contact = rad_from_deg(file_degrees(hip.*contact));
  for (double& stretched : out.treatment.stretching_rad) stretched = rad_from_deg(file_degrees(stretched));
  return out;
}

std::string scenario_text(const Scenario& s) {
  std::string out = "title = " + quoted(s.title) + "\n";
  if (!s.question.empty()) out += "question = " + quoted(s.question) + "\n";
  if (!s.expectation.empty()) out += "expectation = " + quoted(s.expectation) + "\n";
  if (!s.source.empty()) {
    out += "source = [";
    for (const std::string& id : s.source) out += (&id == &s.source.front() ? "" : ", ") + quoted(id);
    out += "]\n";
  }
  out += "\ntask = " + quoted(s.task) + "\nspeed_m_s = " + shown(s.speed_m_s) + "\nstrategy = " + quoted(s.strategy) +
         "\n";
  out += "\n[subject]\nheight_m = " + shown(s.height_m) + "\nmass_kg = " + shown(s.mass_kg) + "\n";
  out += hip_text("hip_r", s.hip[kRight]) + hip_text("hip_l", s.hip[kLeft]);
  for (const MuscleChange& m : s.muscles)
    out += "\n[muscle." + key_of(m.name) + "]\nstrength = " + shown(m.strength) +
           "\ntightness = " + shown(m.tightness) + "\n";
  return out + conditions_text(s) + pain_text(s) + treatment_text(s.treatment);
}

bool says_the_same(const Scenario& a, const Scenario& b) {
  return a.title == b.title && a.question == b.question && a.expectation == b.expectation && a.source == b.source &&
         a.task == b.task && a.speed_m_s == b.speed_m_s && a.strategy == b.strategy && a.height_m == b.height_m &&
         a.mass_kg == b.mass_kg && a.hip == b.hip && a.muscles == b.muscles && a.conditions == b.conditions &&
         a.pain == b.pain && a.back_pain == b.back_pain && a.treatment == b.treatment;
}

}  // namespace hipspine
