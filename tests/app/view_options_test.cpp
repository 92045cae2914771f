// The command line of the window: every option, and what is said of wrong ones.
#include "render/app/view_options.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace hipspine;

namespace {

std::string refused(const std::vector<std::string>& words) {
  try {
    (void)parse_view_options(words);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("options arrive, in any order, with a space or an equals sign") {
  const ViewOptions o = parse_view_options({"--camera=lumbar",
                                            "mine.toml",
                                            "--at",
                                            "48.5",
                                            "--set",
                                            "hip_r.extension_max_deg=5",
                                            "--set",
                                            "speed_m_s=1",
                                            "--size",
                                            "640x480",
                                            "--muscles",
                                            "back,gluteals",
                                            "--tab",
                                            "why",
                                            "--source",
                                            "walking",
                                            "--quality",
                                            "low",
                                            "--scale",
                                            "1.5",
                                            "--ghost",
                                            "--screenshot",
                                            "a.png",
                                            "--lesson",
                                            "2",
                                            "--scene",
                                            "3"});
  CHECK(o.scenario == "mine.toml");
  CHECK(o.camera == CameraPreset::lumbar);
  CHECK(o.at_pct == doctest::Approx(48.5));
  CHECK(o.set == std::vector<std::string>{"hip_r.extension_max_deg=5", "speed_m_s=1"});
  CHECK(o.width_px == 640);
  CHECK(o.height_px == 480);
  CHECK(o.muscle_layers == ((1u << kBackMuscles) | (1u << kGluteals)));
  CHECK(o.tab == RightTab::why);
  CHECK(o.source == TimeSource::walking);
  CHECK(o.quality == Quality::low);
  CHECK(o.scale == doctest::Approx(1.5));
  CHECK(o.ghost);
  CHECK(o.screenshot == "a.png");
  CHECK(o.lesson == 1);
  CHECK(o.lesson_scene == 2);
  const ViewOptions none = parse_view_options({});
  CHECK(none.scenario.empty());
  CHECK_FALSE(none.at_pct);
  CHECK(none.lesson == -1);
  CHECK(none.muscle_layers == 0);
  CHECK(parse_view_options({"--muscles", "all"}).muscle_layers == (1u << kMuscleLayers) - 1);
}

TEST_CASE("a wrong option says what is allowed") {
  CHECK(refused({"--camera", "above"}) ==
        "--camera takes one of three_quarter, front, right, left, back, lumbar, pelvis, not \"above\"");
  CHECK(refused({"--at", "101"}) == "--at takes a number from 0 to 100, not \"101\"");
  CHECK(refused({"--at", "5x"}) == "--at takes a number from 0 to 100, not \"5x\"");
  CHECK(refused({"--at", "nan"}) == "--at takes a number from 0 to 100, not \"nan\"");
  CHECK(refused({"--size", "12"}) == "--size takes WIDTHxHEIGHT, not \"12\"");
  CHECK(refused({"--size", "12x800"}) == "--size takes a number from 320 to 7680, not \"12\"");
  CHECK(refused({"--tab"}) == "--tab needs NAME");
  CHECK(refused({"--ghost=1"}) == "--ghost takes no value");
  CHECK(refused({"--gost"}) == "unknown option --gost; --help lists them");
  CHECK(refused({"a.toml", "b.toml"}) == "one scenario at a time: \"b.toml\" is a second");
  CHECK(refused({"--screenshot", "a.jpg"}) == "--screenshot writes PNG: its file ends in .png");
  CHECK(refused({"--scene", "2"}) == "--scene needs --lesson");
  CHECK(refused({"--screenshot", "a.png", "--video", "b.mp4"}) == "--screenshot or --video, not both");
}

TEST_CASE("help names every option") {
  for (const char* name : {"--set", "--camera", "--at", "--source", "--tab", "--muscles", "--screenshot", "--video"})
    CHECK(view_help().find(name) != std::string::npos);
}
