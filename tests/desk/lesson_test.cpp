#include "render/desk/lesson.h"

#include <doctest/doctest.h>

#include <cctype>
#include <fstream>

#include "render/desk/desk.h"
#include "sim/core/document.h"
#include "sim/model/scenario_text.h"

using namespace hipspine;

namespace {

const std::filesystem::path kScenarios = HIPSPINE_SOURCE_DIR "/scenarios";
const std::filesystem::path kLessons = HIPSPINE_SOURCE_DIR "/scenarios/lessons";

std::vector<LessonFile> shipped() {
  Diagnostics found;
  std::vector<LessonFile> lessons = load_lessons(kLessons, kScenarios, found);
  CHECK_MESSAGE(found.findings().empty(), found.text());
  return lessons;
}

/// Findings of a lesson with this text, one "line:column code" each.
std::vector<std::string> findings_of(const std::string& text) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "hipspine_lesson_test.toml";
  std::ofstream(file) << text;
  Diagnostics found;
  (void)load_lesson(file, kScenarios, found);
  std::filesystem::remove(file);
  std::vector<std::string> out;
  for (const Finding& f : found.findings()) {
    CHECK(f.place.file == file.generic_string());
    out.push_back(std::to_string(f.place.line) + ":" + std::to_string(f.place.column) + " " + f.code);
  }
  return out;
}

Desk lecture_desk() {
  Diagnostics found;
  Desk desk(load_scenario(kScenarios / "contracture_20_r.toml", {}, found), kScenarios, kLessons);
  REQUIRE(desk.lessons.size() >= 4);
  auto answer = std::make_shared<LiveAnswer>();
  answer->question = 1;
  answer->cycle = std::make_shared<CycleResult>();
  auto results = std::make_shared<Results>();
  results->stride_time_s = 1;
  answer->results = results;
  desk.receive(answer);
  desk.view.plots = {"hip_flexion"};
  desk.view.scene.muscle_layers = 5;
  desk.clock.slow = 1;
  return desk;
}

struct Seen {
  Scenario scenario;
  View view;
  int slow;
  bool playing;
};
Seen seen(const Desk& desk) { return {desk.scenario(), desk.view, desk.clock.slow, desk.clock.playing}; }
bool same(const Seen& a, const Seen& b) {
  return says_the_same(a.scenario, b.scenario) && a.view.camera == b.view.camera && a.view.tab == b.view.tab &&
         a.view.plots == b.view.plots && a.view.scene.muscle_layers == b.view.scene.muscle_layers &&
         a.view.scene.ghost == b.view.scene.ghost && a.view.scene.highlight_level == b.view.scene.highlight_level &&
         a.view.scene.arc_side == b.view.scene.arc_side && a.view.large_type == b.view.large_type && a.slow == b.slow &&
         a.playing == b.playing;
}

}  // namespace

TEST_CASE("at least four shipped lessons of seven to ten scenes, with sources that exist") {
  const std::vector<LessonFile> lessons = shipped();
  CHECK(lessons.size() >= 4);
  Diagnostics found;
  const Document document = Document::load(HIPSPINE_SOURCE_DIR "/models/sources.toml", found);
  const Table sources = document.root();
  for (const LessonFile& lesson : lessons) {
    CAPTURE(lesson.title);
    CHECK(lesson.minutes == 5);
    CHECK_FALSE(lesson.summary.empty());
    CHECK(lesson.scenes.size() >= 7);
    CHECK(lesson.scenes.size() <= 10);
    CHECK_FALSE(lesson.scenes.front().scenario.empty());
    int questions = 0;
    for (const LessonScene& scene : lesson.scenes) questions += !scene.ask.empty();
    CHECK(questions >= 2);
    for (const std::string& id : lesson.source) CHECK_MESSAGE(sources.has(id), id);
  }
}

TEST_CASE("through every lesson forward and back: each scene as it was, the desk as before at the end") {
  Desk desk = lecture_desk();
  const Seen before = seen(desk);
  for (int lesson = 0; lesson < static_cast<int>(desk.lessons.size()); ++lesson) {
    CAPTURE(desk.lessons[lesson].title);
    desk.start_lecture(lesson);
    REQUIRE(desk.lecture.running());
    CHECK(desk.view.large_type);
    std::vector<Seen> scenes;
    const int count = static_cast<int>(desk.lessons[lesson].scenes.size());
    for (int k = 0; k < count; ++k) {
      CHECK(desk.lecture.scene == k);
      desk.tick(100);  // every sweep is over
      REQUIRE(desk.message.empty());
      scenes.push_back(seen(desk));
      const bool asks = !desk.scene()->reveal.empty();
      if (asks) {
        desk.next_scene();
        CHECK(desk.lecture.revealed);
        CHECK(desk.lecture.scene == k);
      }
      if (k + 1 < count) desk.next_scene();
    }
    for (int k = count - 1; k >= 0; --k) {
      CAPTURE(k);
      CHECK(desk.lecture.scene == k);
      CHECK(same(seen(desk), scenes[k]));
      if (desk.lecture.revealed) desk.previous_scene();
      desk.previous_scene();
    }
    desk.previous_scene();
    CHECK(desk.lecture.scene == 0);
    for (int k = 0; k < 100 && desk.lecture.running(); ++k) desk.next_scene();
    CHECK_FALSE(desk.lecture.running());
    CHECK(same(seen(desk), before));
  }
}

TEST_CASE("what a hand does in a lecture is forgotten with it, what it did before is not") {
  Desk desk = lecture_desk();
  Scenario changed = desk.scenario();
  set_limit(changed, kLeft, 1, 3);
  desk.edit(changed, "left hip extension");
  desk.end_edit();
  desk.start_lecture(0);
  CHECK_FALSE(desk.can_undo());
  Scenario inside = desk.scenario();
  set_limit(inside, kLeft, 1, -5);
  desk.edit(inside, "left hip extension");
  CHECK(desk.can_undo());
  desk.end_lecture();
  CHECK(file_degrees(desk.scenario().hip[kLeft].extension_max_rad) == 3);
  CHECK(desk.undo_text() == "left hip extension");
  desk.undo();
  CHECK(file_degrees(desk.scenario().hip[kLeft].extension_max_rad) == 20);
}

TEST_CASE("a sweep goes from the scene before to its target, at its pace") {
  Desk desk = lecture_desk();
  desk.start_lecture(0);
  while (desk.scene()->sweep_s == 0) desk.next_scene();
  REQUIRE(desk.scene()->set == std::vector<std::string>{"hip_r.extension_max_deg=0"});
  const auto extension = [&] { return deg_from_rad(desk.scenario().hip[kRight].extension_max_rad); };
  const double whole = desk.scene()->sweep_s;
  CHECK(extension() == doctest::Approx(20));
  const std::uint64_t revision = desk.revision();
  desk.tick(whole / 4);
  CHECK(extension() == doctest::Approx(15));
  desk.tick(whole / 4);
  CHECK(extension() == doctest::Approx(10));
  CHECK(desk.revision() == revision + 2);
  desk.tick(whole);
  CHECK(extension() == 0);
  const std::uint64_t done = desk.revision();
  desk.tick(1);
  CHECK(desk.revision() == done);
}

TEST_CASE("a scene stops time at its percent and goes on by itself after its wait") {
  Desk desk = lecture_desk();
  LessonFile lesson;
  lesson.title = "Test";
  lesson.scenes.resize(3);
  lesson.scenes[0].at_pct = 52;
  lesson.scenes[0].wait_s = 2;
  lesson.scenes[0].reveal = "answer";
  lesson.scenes[1].slow = 0.25;
  lesson.scenes[1].highlight = "L4_L5";
  lesson.scenes[1].muscles = {"gluteals", "thigh"};
  lesson.scenes[2].highlight = "hip_l";
  desk.lessons.push_back(lesson);
  desk.clock.source = TimeSource::walking;
  desk.start_lecture(static_cast<int>(desk.lessons.size()) - 1);
  CHECK(desk.clock.source == TimeSource::solved);
  CHECK(desk.shown_pct() == doctest::Approx(52));
  desk.tick(1.5);
  CHECK(desk.shown_pct() == doctest::Approx(52));
  CHECK_FALSE(desk.lecture.revealed);
  desk.tick(0.6);
  CHECK(desk.lecture.revealed);
  desk.tick(2.1);
  CHECK(desk.lecture.scene == 1);
  CHECK(desk.clock.playing);
  CHECK(desk.clock.slow == 2);
  CHECK(desk.view.scene.highlight_level == 1);
  CHECK(desk.view.scene.muscle_layers == ((1u << kGluteals) | (1u << kThigh)));
  desk.next_scene();
  CHECK(desk.view.scene.highlight_level == -1);
  CHECK(desk.view.scene.arc_side == std::array<bool, 2>{false, true});
  desk.end_lecture();
  CHECK(desk.clock.source == TimeSource::walking);
}

TEST_CASE("levels by name are those of the model") {
  CHECK(lesson_level("L5_S1") == 0);
  CHECK(lesson_level("L4_L5") == 1);
  CHECK(lesson_level("T12_L1") == kLevels - 1);
  CHECK(lesson_level("hip_r") == -1);
}

TEST_CASE("muscle layers are named as on the command line") {
  for (int layer = 0; layer < kMuscleLayers; ++layer) {
    std::string name = muscle_layer_name(layer);
    for (char& c : name) c = c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    CHECK(lesson_muscle_bits(name) == 1u << layer);
  }
  CHECK(lesson_muscle_bits("back") == 1u << kBackMuscles);
  CHECK(lesson_muscle_bits("back_muscles") == 0);
  CHECK(lesson_muscle_bits("all") == (1u << kMuscleLayers) - 1);
  CHECK(lesson_muscle_bits("none") == 0);
}

TEST_CASE("claims are read, and held to their keys") {
  const std::string scene = "title = \"T\"\n[[scene]]\ntitle = \"A\"\nscenario = \"healthy.toml\"\n";
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "hipspine_claim_test.toml";
  std::ofstream(file) << scene
                      << "at_pct = 52\nclaim = [\n"
                         "  { column = \"hip_flexion_r\", value = \"at\", is = -17, within = 0.5 },\n"
                         "  { column = \"speed_m_s\", value = \"fact\", is = 1.24, within = 0.01 },\n]\n";
  Diagnostics found;
  const LessonFile lesson = load_lesson(file, kScenarios, found);
  std::filesystem::remove(file);
  CHECK_MESSAGE(found.findings().empty(), found.text());
  const std::vector<LessonClaim>& claims = lesson.scenes.at(0).claims;
  REQUIRE(claims.size() == 2);
  CHECK(claims[0].column == "hip_flexion_r");
  CHECK(claims[0].value == "at");
  CHECK(claims[0].is == -17);
  CHECK(claims[0].within == 0.5);
  CHECK(claims[1].value == "fact");

  const auto findings_of_claim = [&](const char* claim) { return findings_of(scene + "claim = [" + claim + "]\n"); };
  CHECK(findings_of_claim("{ column = \"a\", value = \"most\", is = 1, within = 1 }") ==
        std::vector<std::string>{"5:34 E205"});
  CHECK(findings_of_claim("{ column = \"a\", value = \"at\", is = 1, within = 1 }") ==
        std::vector<std::string>{"5:34 E110"});
  CHECK(findings_of_claim("{ column = \"a\", value = \"max\", is = 1, within = -1, of = 2 }").size() == 2);
  CHECK(findings_of_claim("{ column = \"a\" }") == std::vector<std::string>(3, "5:10 E110"));
  CHECK(findings_of("title = \"T\"\n[[scene]]\ntitle = \"A\"\n"
                    "claim = [{ column = \"a\", value = \"max\", is = 1, within = 1 }]\n") ==
        std::vector<std::string>{"4:9 E110"});
}

TEST_CASE("mistakes in a lesson are found where they stand") {
  CHECK(findings_of("title = \"T\"\n[[scene]]\ntitle = \"A\"\n").empty());
  CHECK(findings_of("titel = \"T\"\n[[scene]]\ntitle = \"A\"\n") == std::vector<std::string>{"0:0 E110", "1:1 E105"});
  CHECK(findings_of("title = \"T\"\n") == std::vector<std::string>{"0:0 E110"});
  CHECK(findings_of("title = \"T\"\n[[scene]]\ntitle = \"A\"\ncamera = \"above\"\nshow = \"film\"\n") ==
        std::vector<std::string>{"4:10 E205", "5:8 E205"});
  CHECK(findings_of("title = \"T\"\n[[scene]]\ntitle = \"A\"\nscenario = \"none.toml\"\n") ==
        std::vector<std::string>{"4:12 E308"});
  CHECK(findings_of("title = \"T\"\n[[scene]]\ntitle = \"A\"\nset = [\"speed_m_s=1\"]\n") ==
        std::vector<std::string>{"4:7 E110"});
  CHECK(findings_of("title = \"T\"\n[[scene]]\ntitle = \"A\"\nscenario = \"healthy.toml\"\n"
                    "set = [\"hip_r.extension_max_deg=95\", \"hip_r.extention_max_deg=5\"]\n") ==
        std::vector<std::string>{"5:7 E203", "5:7 E105"});
  CHECK(findings_of("title = \"T\"\n[[scene]]\ntitle = \"A\"\nmuscles = [\"gluteal\"]\nhighlight = \"L6\"\nslow = 0.3\n"
                    "ask = \"Why?\"\nwait_s = -1\n") ==
        std::vector<std::string>{"4:11 E205", "5:13 E205", "6:8 E205", "7:7 E110", "8:10 E203"});
  CHECK(findings_of("title = \"T\"\nminutes = 0\n[[scene]]\ntitle = \"A\"\nsweeps = 3\n") ==
        std::vector<std::string>{"2:11 E203", "5:1 E105"});
  CHECK(findings_of("title = \n") == std::vector<std::string>{"1:9 E106"});
}

TEST_CASE("lessons with mistakes are left out, the others stay") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "hipspine_lessons_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "b.toml") << "title = \"B\"\n[[scene]]\ntitle = \"one\"\n";
  std::ofstream(folder / "a.toml") << "title = \"A\"\nwrong = 1\n[[scene]]\ntitle = \"one\"\n";
  std::ofstream(folder / "notes.md") << "not a lesson";
  Diagnostics found;
  const std::vector<LessonFile> lessons = load_lessons(folder, kScenarios, found);
  REQUIRE(lessons.size() == 1);
  CHECK(lessons[0].title == "B");
  REQUIRE(found.findings().size() == 1);
  CHECK(found.findings()[0].code == "E105");
  std::filesystem::remove_all(folder);
}
