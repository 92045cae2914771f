#pragma once
/// Everything the window knows that is not a picture: the scenario under the hand with its history, the answers to it,
/// time, what is shown. No ImGui, no OpenGL: panels read and change it, the app ticks it, tests drive it.
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "render/desk/lesson.h"
#include "render/picture/camera.h"
#include "render/picture/scene.h"
#include "sim/run/live.h"

namespace hipspine {

enum class TimeSource { solved, walking };  ///< the solved cycle played, or the simulated body walking

struct Clock {
  TimeSource source = TimeSource::solved;
  bool playing = true;
  int slow = 0;            ///< rate = 1 / 2^slow, 0 to 4: real time to 1/16
  double phase = 0;        ///< of the solved cycle, in cycles; grows, its whole part counts strides
  bool scrubbing = false;  ///< a hand holds it
  [[nodiscard]] double rate() const { return playing && !scrubbing ? 1.0 / (1 << slow) : 0.0; }
};

/// An answer kept beside the present one.
struct Variant {
  std::string title;
  std::shared_ptr<const LiveAnswer> answer;
};

enum class RightTab { curves, story, why, trust };

struct View {
  SceneOptions scene;
  Camera camera;
  bool panels = true;  ///< Tab hides them
  bool help = false, statistics = false;
  bool large_type = false;  ///< lecture
  RightTab tab = RightTab::curves;
  std::vector<std::string> plots;         ///< ids of the plots shown, in order (render/panels/curve_specs.h)
  std::array<bool, 2> sides{true, true};  ///< of curves
  bool healthy_curve = true, normal_band = true, variants_shown = true;
  std::string why_column = "L4_L5_compression";  ///< what the why panel traces
  std::string pointed;                           ///< name of the body part last double-clicked
};

/// What a person asked the app to do; the app empties it every frame.
struct Requests {
  std::string screenshot, save_scenario, plot_png_id;  ///< file names; empty: nothing asked
  std::array<float, 4> plot_png_rect{};                ///< x0, y0, x1, y1 in screen coordinates
  bool start_video = false, stop_video = false;
  bool step = false, restart = false, quit = false;
  bool push = false;  ///< 50 N for 0.2 s forward at the pelvis of the walking body
};

class Desk {
 public:
  /// Opens with `first`; `scenario_folder` is listed for the menu (its *.toml, sorted), `lesson_folder` for lectures.
  Desk(Scenario first, std::filesystem::path scenario_folder, std::filesystem::path lesson_folder);

  // --- the scenario under the hand ---------------------------------------------------------------------------------
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  /// A change by hand. Changes with the same `what` until `end_edit` are one step of undo.
  void edit(const Scenario& changed, const std::string& what);
  void end_edit();
  [[nodiscard]] bool can_undo() const;
  [[nodiscard]] bool can_redo() const;
  [[nodiscard]] std::string undo_text() const;  ///< what would be undone, "" for nothing
  [[nodiscard]] std::string redo_text() const;
  void undo();
  void redo();
  void reset();                                  ///< the person with healthy hips; one step of undo
  bool open(const std::filesystem::path& file);  ///< false: see `message`, the scenario stays
  bool save(const std::filesystem::path& file);  ///< a scenario file that gives the same numbers; false: see `message`
  bool linked = false;                           ///< what is done to one hip is done to the other
  /// Grows whenever the scenario changes: the app asks the solver when it is not the one asked last.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

  struct ListedScenario {
    std::filesystem::path file;
    std::string title, question;
  };
  [[nodiscard]] const std::vector<ListedScenario>& listed() const { return listed_; }

  // --- answers -----------------------------------------------------------------------------------------------------
  /// Takes a new answer; a failed one leaves the last good in place and its message on show.
  void receive(std::shared_ptr<const LiveAnswer> answer);
  [[nodiscard]] const std::shared_ptr<const LiveAnswer>& answer() const { return answer_; }  ///< last good, or null
  [[nodiscard]] const std::vector<Variant>& variants() const { return variants_; }  ///< at most three, newest first
  void keep_variant();                                                              ///< the present answer joins them
  void drop_variant(std::size_t index);

  std::shared_ptr<const BodyMoment> moment;    ///< what is shown now; set by the app each frame
  std::shared_ptr<const Results> last_stride;  ///< of the walking body, or null
  WalkerStatus walker;
  bool solving = false;

  Clock clock;
  View view;
  Requests requests;
  Lecture lecture;
  std::vector<LessonFile> lessons;
  std::string message;  ///< newest trouble or event, shown until dismissed
  bool message_is_error = false;

  /// Moves time on by `seconds` of wall clock (solved cycle; the walking body has its own clock).
  void tick(double seconds);
  /// Percent of the cycle shown now, 0 to 100.
  [[nodiscard]] double shown_pct() const;

 private:
  struct Step {
    Scenario before, after;
    std::string what;
  };
  Scenario scenario_;
  std::vector<Step> undo_, redo_;
  bool editing_ = false;
  std::uint64_t revision_ = 1;
  std::vector<ListedScenario> listed_;
  std::shared_ptr<const LiveAnswer> answer_;
  std::vector<Variant> variants_;
};

}  // namespace hipspine
