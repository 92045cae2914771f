#include "render/desk/desk.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "sim/model/scenario_text.h"

using namespace hipspine;

namespace {

const std::filesystem::path kScenarios = HIPSPINE_SOURCE_DIR "/scenarios";

Scenario load(const char* name) {
  Diagnostics found;
  Scenario s = load_scenario(kScenarios / name, {}, found);
  REQUIRE_FALSE(found.has_errors());
  return s;
}

Desk make_desk() { return Desk(load("healthy.toml"), kScenarios, ""); }

Scenario with_extension(const Scenario& s, double deg) {
  Scenario changed = s;
  set_limit(changed, kRight, 1, deg);
  return changed;
}

double extension_deg(const Desk& desk) { return file_degrees(desk.scenario().hip[kRight].extension_max_rad); }

std::shared_ptr<LiveAnswer> good_answer(std::uint64_t question) {
  auto answer = std::make_shared<LiveAnswer>();
  answer->question = question;
  answer->cycle = std::make_shared<CycleResult>();
  auto results = std::make_shared<Results>();
  results->stride_time_s = 1.25;
  answer->results = results;
  return answer;
}

std::string text_of(const std::filesystem::path& file) {
  std::stringstream all;
  all << std::ifstream(file).rdbuf();
  return all.str();
}

}  // namespace

TEST_CASE("a drag is one step of undo, two drags are two") {
  Desk desk = make_desk();
  const std::uint64_t revision = desk.revision();
  for (double deg : {18.0, 12.0, 5.0}) desk.edit(with_extension(desk.scenario(), deg), "right hip extension");
  desk.end_edit();
  CHECK(extension_deg(desk) == 5);
  CHECK(desk.revision() == revision + 3);
  for (double deg : {4.0, 0.0}) desk.edit(with_extension(desk.scenario(), deg), "right hip extension");
  desk.end_edit();
  CHECK(desk.undo_text() == "right hip extension");
  desk.undo();
  CHECK(extension_deg(desk) == 5);
  CHECK(desk.redo_text() == "right hip extension");
  desk.undo();
  CHECK(extension_deg(desk) == 20);
  CHECK_FALSE(desk.can_undo());
  CHECK(desk.scenario().title == "Healthy walk, free speed");
  desk.redo();
  desk.redo();
  CHECK(extension_deg(desk) == 0);
  CHECK_FALSE(desk.can_redo());
  desk.undo();
  desk.edit(with_extension(desk.scenario(), 15), "right hip extension");
  CHECK_FALSE(desk.can_redo());
}

TEST_CASE("edits of different things are different steps, no change is none") {
  Desk desk = make_desk();
  desk.edit(desk.scenario(), "nothing");
  CHECK_FALSE(desk.can_undo());
  desk.edit(with_extension(desk.scenario(), 10), "right hip extension");
  Scenario fast = desk.scenario();
  fast.speed_m_s = 1.5;
  desk.edit(fast, "speed");
  desk.undo();
  CHECK(extension_deg(desk) == 10);
  CHECK(desk.scenario().speed_m_s == 1.27);
}

TEST_CASE("a changed scenario says so and keeps no promise") {
  Desk desk = make_desk();
  CHECK_FALSE(desk.scenario().expectation.empty());
  desk.edit(with_extension(desk.scenario(), 10), "right hip extension");
  desk.end_edit();
  desk.edit(with_extension(desk.scenario(), 8), "right hip extension");
  CHECK(desk.scenario().title == "Healthy walk, free speed (changed)");
  CHECK(desk.scenario().expectation.empty());
}

TEST_CASE("reset gives healthy hips and muscles and keeps the person") {
  Desk desk = make_desk();
  Scenario s = desk.scenario();
  set_limit(s, kLeft, 1, -10);
  set_muscle_change(s, {"gluteus_medius_r", 0.4, 0, {}});
  s.speed_m_s = 1.1;
  s.height_m = 1.8;
  s.mass_kg = 90;
  s.task = "stand";
  desk.edit(s, "all");
  desk.end_edit();
  desk.reset();
  CHECK(desk.scenario().hip == Scenario().hip);
  CHECK(desk.scenario().muscles.empty());
  CHECK(desk.scenario().speed_m_s == 1.1);
  CHECK(desk.scenario().height_m == 1.8);
  CHECK(desk.scenario().mass_kg == 90);
  CHECK(desk.scenario().task == "stand");
  desk.undo();
  CHECK(desk.scenario().muscles.size() == 1);
  CHECK(extension_deg(desk) == 20);
}

TEST_CASE("a limit that leaves no position pushes the facing one") {
  Scenario s;
  set_limit(s, kRight, 1, -30);  // extension: flexion 120 stays
  CHECK(file_degrees(s.hip[kRight].flexion_max_rad) == 120);
  set_limit(s, kRight, 0, 10);  // flexion 10 lies before extension -30
  CHECK(file_degrees(s.hip[kRight].flexion_max_rad) == 10);
  CHECK(file_degrees(s.hip[kRight].extension_max_rad) == -10);
  set_limit(s, kRight, 0, 999);
  CHECK(file_degrees(s.hip[kRight].flexion_max_rad) == 140);
  Diagnostics found;
  for (int key = 0; key < 6; ++key)
    for (double deg : {-60.0, -40.0, -5.0, 0.0, 30.0, 90.0}) {
      set_limit(s, kLeft, key, deg);
      Diagnostics sound;
      (void)changed_scenario(s, {}, sound);
      CHECK_MESSAGE(sound.findings().empty(), sound.text());
    }
}

TEST_CASE("muscles leave the list when they are healthy again") {
  Scenario s;
  set_muscle_change(s, {"iliopsoas_r", 1, 0.2, {}});
  set_muscle_change(s, {"gluteus_medius_l", 0.5, 0, {}});
  CHECK(muscle_change(s, "iliopsoas_r").tightness == 0.2);
  CHECK(changes_in_words(s) == "right iliopsoas 20 % short, left gluteus medius at 50 % strength");
  set_muscle_change(s, {"iliopsoas_r", 1, 0, {}});
  CHECK(s.muscles.size() == 1);
  CHECK(muscle_change(s, "iliopsoas_r").strength == 1);
}

TEST_CASE("changes in words") {
  Scenario s;
  CHECK(changes_in_words(s) == "healthy");
  set_limit(s, kRight, 1, 5);
  s.hip[kLeft].stiffness_scale = 2;
  CHECK(changes_in_words(s) == "right extension 5°, left hip 2 times as stiff");
  s.strategy = "pelvic_rotation";
  s.speed_m_s = 1.05;
  CHECK(changes_in_words(s) == "right extension 5°, left hip 2 times as stiff, strategy pelvic rotation, 1.05 m/s");
  Scenario person;
  person.task = "bend";
  person.height_m = 1.82;
  person.mass_kg = 90.5;
  CHECK(changes_in_words(person) == "healthy, bending forward, 1.82 m tall, 90.5 kg");
  person.task = "stand";
  CHECK(changes_in_words(person) == "healthy, standing, 1.82 m tall, 90.5 kg");
}

TEST_CASE("save, then open: the same scenario; what is in the way is said") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "hipspine_desk_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  Desk desk = make_desk();
  desk.edit(with_extension(desk.scenario(), 7.3), "right hip extension");
  const Scenario saved = desk.scenario();
  REQUIRE(desk.save(folder / "mine"));
  CHECK_FALSE(desk.message_is_error);
  CHECK(std::filesystem::exists(folder / "mine.toml"));
  CHECK(text_of(folder / "mine.toml").find("extension_max_deg = 7.3\n") != std::string::npos);
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);  // no part left behind
  desk.reset();
  REQUIRE(desk.open(folder / "mine.toml"));
  CHECK(says_the_same(desk.scenario(), saved));
  desk.undo();
  CHECK(extension_deg(desk) == 20);

  CHECK_FALSE(desk.save(folder / "there_is_no" / "folder.toml"));
  CHECK(desk.message_is_error);
  CHECK(desk.message.find("was not saved: No such file or directory") != std::string::npos);
  CHECK_FALSE(desk.save(folder / ""));
  std::filesystem::remove_all(folder);
}

TEST_CASE("a file with mistakes is not opened and all of them are said") {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "hipspine_desk_broken.toml";
  std::ofstream(file) << "title = \"Broken\"\nspeed_m_s = 9\n[hip_r]\nextensoin_max_deg = 3\n";
  Desk desk = make_desk();
  const std::uint64_t revision = desk.revision();
  CHECK_FALSE(desk.open(file));
  CHECK(desk.message_is_error);
  CHECK(desk.message.find(file.generic_string() + ":2:13: error E203") != std::string::npos);
  CHECK(desk.message.find(file.generic_string() + ":4:1: error E105") != std::string::npos);
  CHECK(desk.revision() == revision);
  CHECK_FALSE(desk.can_undo());
  std::filesystem::remove(file);
  CHECK_FALSE(desk.open(file));
}

TEST_CASE("an event goes when it has been read, trouble stays until it is dismissed") {
  Desk desk = make_desk();
  desk.say("Saved");
  desk.tick(5);
  CHECK(desk.message == "Saved");
  desk.tick(1);
  CHECK(desk.message.empty());
  desk.say("a longer message, which takes a second or two to read");
  desk.tick(6);
  CHECK_FALSE(desk.message.empty());
  desk.say("a file was not written", true);
  desk.tick(3600);
  CHECK(desk.message == "a file was not written");
}

TEST_CASE("what a file is warned about stays until it is dismissed") {
  Desk desk = make_desk();
  const auto file = std::filesystem::temp_directory_path() / "hipspine_desk_warning.toml";
  std::ofstream(file) << "title = \"Tall\"\nsource = [\"nowhere\"]\n[subject]\nheight_m = 1.8\n";
  CHECK(desk.open(file));
  CHECK(desk.message.find("W301") != std::string::npos);
  CHECK_FALSE(desk.message_is_error);
  desk.tick(3600);
  CHECK(desk.message.find("W301") != std::string::npos);
  std::filesystem::remove(file);
}

TEST_CASE("a taller body is looked at from further away, so that it stays in the picture as it was") {
  Desk desk = make_desk();
  desk.view.camera = camera_of(CameraPreset::lumbar, desk.scenario().height_m);
  Scenario s = desk.scenario();
  s.height_m = 1.9;
  desk.edit(s, "height");
  desk.end_edit();
  const Camera wanted = camera_of(CameraPreset::lumbar, 1.9);
  CHECK((desk.view.camera.target_G - wanted.target_G).norm() < 1e-12);
  CHECK(desk.view.camera.distance_m == doctest::Approx(wanted.distance_m).epsilon(1e-12));
  desk.undo();
  CHECK((desk.view.camera.target_G - camera_of(CameraPreset::lumbar, desk.scenario().height_m).target_G).norm() <
        1e-12);
}

TEST_CASE("the menu lists the folder with titles and questions") {
  const Desk desk = make_desk();
  CHECK(desk.listed().size() >= 14);
  CHECK(std::is_sorted(desk.listed().begin(), desk.listed().end(), [](const auto& a, const auto& b) {
    const bool condition_a = a.file.parent_path().filename() == "conditions",
               condition_b = b.file.parent_path().filename() == "conditions";  // after the others
    return condition_a != condition_b ? condition_b : a.file < b.file;
  }));
  for (const auto& listed : desk.listed()) {
    CHECK_FALSE(listed.title.empty());
    CHECK_FALSE(listed.question.empty());
  }
}

TEST_CASE("a failed answer leaves the last good one in place, an old one is ignored") {
  Desk desk = make_desk();
  const auto first = good_answer(2);
  desk.receive(first);
  CHECK(desk.answer() == first);
  desk.receive(good_answer(1));
  CHECK(desk.answer() == first);
  desk.say("a file was not written", true);
  CHECK_FALSE(desk.answer_failed());  // what is shown answers the newest question all the same
  auto failed = std::make_shared<LiveAnswer>();
  failed->question = 3;
  failed->message = "no walk";
  desk.receive(failed);
  CHECK(desk.answer() == first);
  CHECK(desk.message == "no walk");
  CHECK(desk.message_is_error);
  CHECK(desk.answer_failed());
  const auto next = good_answer(4);
  desk.receive(next);
  CHECK(desk.answer() == next);
  CHECK(desk.message.empty());  // what went wrong has gone right
  desk.say("Saved");
  desk.receive(good_answer(5));
  CHECK(desk.message == "Saved");
  desk.receive(nullptr);
  CHECK(desk.answer()->question == 5);
}

TEST_CASE("three variants are kept, the newest first, none twice") {
  Desk desk = make_desk();
  desk.keep_variant();
  CHECK(desk.variants().empty());
  for (std::uint64_t k = 1; k <= 4; ++k) {
    desk.receive(good_answer(k));
    desk.keep_variant();
    desk.keep_variant();
  }
  REQUIRE(desk.variants().size() == 3);
  CHECK(desk.variants()[0].answer->question == 4);
  CHECK(desk.variants()[2].answer->question == 2);
  desk.drop_variant(1);
  REQUIRE(desk.variants().size() == 2);
  CHECK(desk.variants()[1].answer->question == 2);
  desk.drop_variant(7);
  CHECK(desk.variants().size() == 2);
}

TEST_CASE("time of the solved cycle: stride time, slow motion, pause") {
  Desk desk = make_desk();
  desk.tick(1);
  CHECK(desk.clock.phase == 0);  // nothing to play yet
  desk.receive(good_answer(1));
  desk.tick(0.5);
  CHECK(desk.clock.phase == doctest::Approx(0.4));
  CHECK(desk.shown_pct() == doctest::Approx(40));
  desk.clock.slow = 2;
  desk.tick(0.5);
  CHECK(desk.clock.phase == doctest::Approx(0.5));
  desk.clock.playing = false;
  desk.tick(10);
  CHECK(desk.clock.phase == doctest::Approx(0.5));
  desk.clock.playing = true;
  desk.clock.scrubbing = true;
  desk.tick(10);
  desk.tick(-1);
  CHECK(desk.clock.phase == doctest::Approx(0.5));
  desk.clock.source = TimeSource::walking;
  auto moment = std::make_shared<BodyMoment>();
  moment->phase = 3.25;
  desk.moment = moment;
  CHECK(desk.shown_pct() == doctest::Approx(25));
}
