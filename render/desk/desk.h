#pragma once
/// Everything the window knows that is not a picture: the scenario under the hand with its history, the answers to it,
/// time, what is shown. No ImGui, no OpenGL: panels read and change it, the app ticks it, tests drive it.
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "render/desk/lesson.h"
#include "render/picture/camera.h"
#include "render/picture/scene.h"
#include "sim/run/live.h"
#include "sim/run/treatments.h"
#include "sim/run/validate.h"

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
  Camera camera;       ///< its target counts from the pelvis' origin: the app adds where the pelvis is
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
  bool fullscreen = false;          ///< F11: change over
  bool compare_treatments = false;  ///< solve this person's treatments; they come back in Desk::treatments
  bool validate = false;            ///< compute the validation table; it comes back in Desk::validation
  bool focus = false;               ///< F: turn the camera to what was pointed at, else to the pelvis
  bool push = false;                ///< 50 N for 0.2 s forward at the pelvis of the walking body
};

/// The words a person reads in a list: "right extension 5°, left psoas 20 % short, strategy knee, 1.5 m/s"; begins with
/// "healthy" where hips and muscles are. Strategy, speed, task, height and mass are named where they are not the usual.
[[nodiscard]] std::string changes_in_words(const Scenario& scenario);

/// Sets a hip's limit; the facing one gives way where no position would be left.
/// @param key  index into kHipLimitKeys
void set_limit(Scenario& scenario, int side, int key, double deg);

/// Strength and tightness of a group ("gluteus_medius_r"); healthy where the scenario does not name it.
[[nodiscard]] MuscleChange muscle_change(const Scenario& scenario, const std::string& name);
/// A healthy group leaves the list again.
void set_muscle_change(Scenario& scenario, const MuscleChange& change);

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
  [[nodiscard]] const std::filesystem::path& scenario_folder() const { return scenario_folder_; }
  std::string save_name = "my_hip.toml";  ///< what Ctrl+S asks for

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
  bool filming = false;  ///< set by the app

  Clock clock;  ///< its source goes back to the solved cycle where the simulated body cannot follow (tick)
  View view;
  Requests requests;
  Lecture lecture;
  std::vector<LessonFile> lessons;
  std::optional<TreatmentReport> treatments;  ///< of this scenario, set by the app after Requests::compare_treatments
  bool comparing_treatments = false;
  std::optional<Validation> validation;  ///< set by the app after Requests::validate
  bool validating = false;               ///< the app is at it
  std::string message;                   ///< the newest one, see `say`
  bool message_is_error = false;
  /// `message` says why the newest question has no answer: what is shown is an older one.
  [[nodiscard]] bool answer_failed() const { return message_of_answer_ && message_is_error; }
  /// An event goes when it has been read; an error, or what a file was warned about (`stays`), only when dismissed.
  void say(const std::string& text, bool error = false, bool stays = false);

  // --- lectures ----------------------------------------------------------------------------------------------------
  void start_lecture(int lesson);              ///< remembers the desk as it is and enters the first scene
  void next_scene();                           ///< reveals the answer first; after the last scene the lecture ends
  [[nodiscard]] bool last_scene_told() const;  ///< the next step ends the lecture
  void previous_scene();  ///< hides the answer, or goes back to the desk as it was before this scene
  void end_lecture();     ///< the desk as it was before the lecture
  [[nodiscard]] const LessonScene* scene() const;  ///< null: no lecture runs

  /// Moves time on by `seconds` of wall clock (solved cycle; the walking body has its own clock).
  void tick(double seconds);
  /// Percent of the cycle shown now, 0 to 100.
  [[nodiscard]] double shown_pct() const;

 private:
  struct Step {
    Scenario before, after;
    std::string what;
  };
  struct Stage {  // what a scene may change
    Scenario scenario;
    Clock clock;
    View view;
    std::vector<Step> undo, redo;
  };
  void change_to(const Scenario& scenario);
  void push_step(Scenario after, const std::string& what);
  [[nodiscard]] Stage stage() const;
  void set_stage(const Stage& stage);
  void enter_scene();
  void finish_sweep();

  std::filesystem::path scenario_folder_;
  Scenario scenario_;
  std::vector<Step> undo_, redo_;
  bool editing_ = false;
  std::uint64_t revision_ = 1;
  std::vector<ListedScenario> listed_;
  std::shared_ptr<const LiveAnswer> answer_;
  std::uint64_t newest_question_ = 0;
  bool message_of_answer_ = false;
  double message_age_s_ = 0;
  bool message_stays_ = false;
  std::vector<Variant> variants_;
  std::vector<Stage> stages_;                      // before the lecture, then before each scene but the first
  std::optional<Scenario> sweep_from_, sweep_to_;  // set while a scene's sweep goes on
};

}  // namespace hipspine
