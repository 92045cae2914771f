#include "render/desk/desk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "sim/core/whole_file.h"
#include "sim/model/scenario_text.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kUndoSteps = 200;  // chosen: more than anybody counts
constexpr std::size_t kVariants = 3;     // chosen: with the present and the healthy one, five curves can be told apart
constexpr const char* kByHand = " (changed)";

std::vector<Desk::ListedScenario> list_scenarios(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".toml") files.push_back(it->path());
  std::sort(files.begin(), files.end());
  std::vector<Desk::ListedScenario> listed;
  for (const fs::path& file : files) {
    Diagnostics found;
    const Scenario s = load_scenario(file, {}, found);
    if (found.has_errors())
      listed.push_back({file, file.stem().generic_string(), "This file has mistakes; opening it lists them."});
    else
      listed.push_back({file, s.title, s.question});
  }
  return listed;
}

std::string plain(double value, int decimals = 1) {
  const double steps = std::pow(10, decimals);
  std::string text = std::to_string(std::round(value * steps) / steps);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace

std::string changes_in_words(const Scenario& s) {
  static constexpr std::array<const char*, 6> kWords = {"flexion",   "extension",         "abduction",
                                                        "adduction", "internal rotation", "external rotation"};
  const HipLimits healthy;
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
  for (int side : {kRight, kLeft}) {
    const std::string who = side == kRight ? "right " : "left ";
    for (std::size_t k = 0; k < kHipLimitKeys.size(); ++k)
      if (const double now = s.hip[side].*kHipLimitKeys[k].value; now != healthy.*kHipLimitKeys[k].value)
        add(who + kWords[k] + " " + plain(deg_from_rad(now)) + "°");
    if (s.hip[side].stiffness_scale != healthy.stiffness_scale)
      add(who + "hip " + plain(s.hip[side].stiffness_scale) + " times as stiff");
  }
  for (const MuscleChange& m : s.muscles) {
    std::string name = m.name;
    const bool right = name.ends_with("_r"), left = name.ends_with("_l");
    if (right || left) name.resize(name.size() - 2);
    std::replace(name.begin(), name.end(), '_', ' ');
    const std::string who = (right ? "right " : left ? "left " : "") + name;
    if (m.strength != 1) add(who + " at " + plain(100 * m.strength) + " % strength");
    if (m.tightness != 0) add(who + " " + plain(100 * m.tightness) + " % short");
  }
  for (const ConditionSeverity& c : s.conditions)
    for (int side : {kRight, kLeft}) {
      if (c.severity[side] == 0) continue;
      std::string name = c.name;
      std::replace(name.begin(), name.end(), '_', ' ');
      add((side == kRight ? "right " : "left ") + name + " " + plain(100 * c.severity[side]) + " %");
    }
  for (int side : {kRight, kLeft})
    if (s.pain[side].worst() > 0)
      add(std::string(side == kRight ? "right" : "left") + " hip pain " + plain(s.pain[side].worst()));
  if (s.back_pain > 0) add("back pain " + plain(s.back_pain));
  if (s.treatment != Treatment{}) add("treated");
  if (out.empty()) out = "healthy";
  const Scenario usual;
  if (s.task != usual.task)
    add(s.task == "stand"          ? "standing"
        : s.task == "bend"         ? "bending forward"
        : s.task == "sit"          ? "sitting"
        : s.task == "sit_to_stand" ? "rising from a chair"
                                   : s.task);
  if (s.strategy != usual.strategy) {
    std::string name = s.strategy;
    std::replace(name.begin(), name.end(), '_', ' ');
    add("strategy " + name);
  }
  if (s.speed_m_s != usual.speed_m_s) add(plain(s.speed_m_s, 2) + " m/s");
  if (s.height_m != usual.height_m) add(plain(s.height_m, 2) + " m tall");
  if (s.mass_kg != usual.mass_kg) add(plain(s.mass_kg) + " kg");
  return out;
}

void set_limit(Scenario& scenario, int side, int key, double deg) {
  const HipLimitKey &set = kHipLimitKeys[key], &facing = kHipLimitKeys[key % 2 == 0 ? key + 1 : key - 1];
  HipLimits& hip = scenario.hip[side];
  deg = std::clamp(deg, std::max(set.low_deg, -facing.high_deg), set.high_deg);
  hip.*set.value = rad_from_deg(deg);
  if (hip.*facing.value + hip.*set.value < 0) hip.*facing.value = rad_from_deg(-deg);
}

MuscleChange muscle_change(const Scenario& scenario, const std::string& name) {
  for (const MuscleChange& m : scenario.muscles)
    if (m.name == name) return m;
  return {name, 1, 0, {}};
}

void set_muscle_change(Scenario& scenario, const MuscleChange& change) {
  std::vector<MuscleChange>& list = scenario.muscles;
  const auto it = std::find_if(list.begin(), list.end(), [&](const MuscleChange& m) { return m.name == change.name; });
  const bool healthy = change.strength == 1 && change.tightness == 0;
  if (it == list.end()) {
    if (!healthy) list.push_back(change);
  } else if (healthy) {
    list.erase(it);
  } else {
    *it = change;
  }
}

Desk::Desk(Scenario first, fs::path scenario_folder, fs::path lesson_folder)
    : scenario_folder_(std::move(scenario_folder)),
      scenario_(holdable(first)),
      listed_(list_scenarios(scenario_folder_)) {
  for (ListedScenario& condition : list_scenarios(scenario_folder_ / "conditions"))
    listed_.push_back(std::move(condition));
  Diagnostics found;
  std::error_code error;
  if (fs::is_directory(lesson_folder, error)) lessons = load_lessons(lesson_folder, scenario_folder_, found);
  if (!found.findings().empty()) say(found.text(), found.has_errors(), true);
}

void Desk::say(const std::string& text, bool error, bool stays) {
  message = text;
  message_is_error = error;
  message_stays_ = stays || error;
  message_of_answer_ = false;
  message_age_s_ = 0;
}

void Desk::change_to(const Scenario& scenario) {
  if (scenario.height_m != scenario_.height_m) {
    // The picture keeps its frame: a taller body is looked at from further away.
    const double taller = scenario.height_m / scenario_.height_m;
    view.camera.target_G *= taller;
    view.camera.zoom(taller);
  }
  scenario_ = scenario;
  ++revision_;
  treatments.reset();
}

void Desk::push_step(Scenario after, const std::string& what) {
  undo_.push_back({scenario_, std::move(after), what});
  if (undo_.size() > kUndoSteps) undo_.erase(undo_.begin());
  redo_.clear();
  change_to(undo_.back().after);
}

void Desk::edit(const Scenario& changed, const std::string& what) {
  Scenario after = holdable(changed);
  if (says_the_same(after, scenario_)) return;
  // What the file promised is no longer promised.
  if (after.title == scenario_.title && !after.title.ends_with(kByHand)) after.title += kByHand;
  after.expectation.clear();
  if (editing_ && !undo_.empty() && undo_.back().what == what) {
    undo_.back().after = after;
    change_to(after);
  } else {
    push_step(std::move(after), what);
  }
  editing_ = true;
}

void Desk::end_edit() { editing_ = false; }

bool Desk::can_undo() const { return !undo_.empty(); }
bool Desk::can_redo() const { return !redo_.empty(); }
std::string Desk::undo_text() const { return undo_.empty() ? "" : undo_.back().what; }
std::string Desk::redo_text() const { return redo_.empty() ? "" : redo_.back().what; }

void Desk::undo() {
  editing_ = false;
  if (undo_.empty()) return;
  redo_.push_back(std::move(undo_.back()));
  undo_.pop_back();
  change_to(redo_.back().before);
}

void Desk::redo() {
  editing_ = false;
  if (redo_.empty()) return;
  undo_.push_back(std::move(redo_.back()));
  redo_.pop_back();
  change_to(undo_.back().after);
}

void Desk::reset() {
  editing_ = false;
  Scenario healthy = healthy_of(scenario_);
  if (says_the_same(healthy, scenario_)) return;
  healthy.title = "Healthy hips and muscles";
  healthy.question.clear();
  healthy.expectation.clear();
  healthy.source.clear();
  push_step(std::move(healthy), "back to healthy");
}

bool Desk::open(const fs::path& file) {
  Diagnostics found;
  Scenario opened = holdable(load_scenario(file, {}, found));
  if (found.has_errors()) {
    say(found.text(), true);
    return false;
  }
  editing_ = false;
  if (!found.findings().empty())
    say(found.text(), false, true);
  else
    say("");
  push_step(std::move(opened), "open " + file.filename().generic_string());
  return true;
}

bool Desk::save(const fs::path& file) {
  fs::path target = file;
  if (target.filename().empty()) {
    say("A scenario file needs a name.", true);
    return false;
  }
  if (target.extension() != ".toml") target += ".toml";
  const std::string fault = write_whole(target, scenario_text(scenario_));
  if (!fault.empty()) {
    say(target.generic_string() + " was not saved: " + fault, true);
    return false;
  }
  say("Saved: hipspine run " + target.generic_string());
  return true;
}

void Desk::receive(std::shared_ptr<const LiveAnswer> answer) {
  if (!answer || answer->question <= newest_question_) return;
  newest_question_ = answer->question;
  if (!answer->message.empty()) {
    say(answer->message, !answer->cycle);
    message_of_answer_ = true;
  } else if (message_of_answer_) {
    say("");  // what went wrong has gone right since
  }
  if (answer->cycle && answer->results) answer_ = std::move(answer);
}

void Desk::keep_variant() {
  if (!answer_ || (!variants_.empty() && variants_.front().answer == answer_)) return;
  variants_.insert(variants_.begin(), {changes_in_words(answer_->scenario), answer_});
  if (variants_.size() > kVariants) variants_.resize(kVariants);
}

void Desk::drop_variant(std::size_t index) {
  if (index < variants_.size()) variants_.erase(variants_.begin() + static_cast<std::ptrdiff_t>(index));
}

double Desk::shown_pct() const {
  const double phase = clock.source == TimeSource::walking && moment ? moment->phase : clock.phase;
  return 100 * (phase - std::floor(phase));
}

}  // namespace hipspine
