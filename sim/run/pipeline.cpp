/// The program's table of contents: one scenario, from files to loads.
///
///   1  model      models/*.toml, scaled to this person, muscles weakened or shortened as the scenario says
///   2  healthy    the healthy plan of this body at this speed (gait/compensation, stage A)
///   3  plan       the cycle under this person's hips, muscles and strategy (stage B)
///   4  frames     101 instants: inverse dynamics, muscles, joint contact, discs, facets, ligaments, pelvic ring
///   5  gates      numbers that say whether the result may be trusted
#include "sim/run/pipeline.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "sim/core/document.h"
#include "sim/gait/compensation.h"
#include "sim/model/model_file.h"
#include "sim/muscle/hill_muscle.h"
#include "sim/run/frame_loads.h"
#include "sim/run/planned_muscles.h"
#include "sim/run/quality_gates.h"
#include "sim/tissue/spine_treatment.h"

namespace hipspine {
namespace {

constexpr std::size_t kKeptPeople = 8;         // chosen: a few megabytes each; and as many bodies with their walks
constexpr std::size_t kKeptMotions = 16;       // chosen: 4 to 5 MB each; the last speeds under a hand
constexpr double kNominalCompression_n = 500;  // chosen: a lumbar level in upright standing carries 430 to 700 N
constexpr double kTight_rad = 1e-8;            // convergence of a plan that has to be reproducible
constexpr double kLive_rad = 1e-4;             // chosen: and of one under a hand, six thousandths of a degree

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What is the same for all speeds, hips and muscles of one body: walks found for it serve all who have it.
struct BodyParts {
  double height_m, mass_kg;
  Treatment treatment;                 ///< of the spine
  std::shared_ptr<const Model> model;  ///< with healthy muscles
  Spine spine;
  LumbarCurves lumbar;
  SacroiliacParameters pelvis;
  NervePath nerve;
  std::array<double, 2> abductor_capacity_nm{};
};

/// A body with its muscles.
struct Person {
  const BodyParts* body;
  std::vector<MuscleChange> muscles;
  std::shared_ptr<const Model> model;
  MusclePaths paths;
  std::array<double, 2> abductor_strength{1, 1};  ///< fraction of the body's healthy capacity
};

/// One body at one task (and speed, when walking).
struct Motion {
  const BodyParts* body;
  std::string task;
  double speed_m_s;
  std::unique_ptr<Planner> planner;
  const Person* tight_of = nullptr;  ///< whose muscles `tight` are
  std::vector<TightMuscle> tight;
  PlanSolution last;  ///< warm start of the next live solve
  bool has_last = false;
};

LumbarCurves lumbar_curves(const Spine& spine, const Treatment& treatment, const SpineTreatments& done) {
  LumbarCurves curves;
  for (int l = 0; l < kLevels; ++l) {
    for (int axis = 0; axis < 3; ++axis) curves[l][axis] = passive_curve(spine.level[l], axis, kNominalCompression_n);
  }
  return treatment.lumbar_brace ? braced(curves, done.brace_nm_rad) : curves;
}

}  // namespace

struct Session::Impl {
  std::filesystem::path folder;
  int threads;
  bool loaded = false;
  NormalGait gait;
  HipPassiveParameters hip;
  Clinic clinic;
  SpineTreatments treatments;
  std::vector<Strategy> strategies;  ///< those asked for so far, fits of tasks among them
  std::vector<std::unique_ptr<BodyParts>> bodies;
  std::vector<std::unique_ptr<Person>> people;
  std::vector<std::unique_ptr<Motion>> motions;  ///< kKeptMotions at most, the one used last at the end
  FrameWorkspace frames;

  void load_common(Diagnostics& diagnostics);
  Strategy strategy(const std::string& name, Diagnostics& diagnostics);
  // Scenarios here are those of in_the_body().
  BodyParts* body(const Scenario& scenario, Diagnostics& diagnostics);
  Person* person(const Scenario& scenario, Diagnostics& diagnostics);
  /// Adds the files of its conditions to what a scenario was read from.
  void name_conditions(Scenario& scenario) const;
  /// Valid until the next call.
  Motion* motion(const Person& who, const Scenario& scenario, Diagnostics& diagnostics);
  LoadModel loads(const Person& who, const Scenario& scenario) const {
    return {*who.model,
            who.paths,
            hip,
            who.body->spine,
            who.body->lumbar,
            who.body->pelvis,
            who.body->nerve,
            {within_healthy(scenario.hip[kRight]), within_healthy(scenario.hip[kLeft])},
            guarding_of(clinic.pain, scenario.pain, scenario.back_pain)};
  }
};

Session::Session(std::filesystem::path model_folder, int threads) : impl_(std::make_unique<Impl>()) {
  impl_->folder = std::move(model_folder);
  impl_->threads =
      std::clamp(threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency()), 1, kFrameChunks);
}

Session::~Session() = default;

CycleResult Session::solve(const Scenario& scenario, Diagnostics& diagnostics) {
  return solve(scenario, diagnostics, false);
}

CycleResult Session::solve_live(const Scenario& scenario, Diagnostics& diagnostics) {
  return solve(scenario, diagnostics, true);
}

CycleResult Session::solve(const Scenario& scenario, Diagnostics& diagnostics, bool live) {
  CycleResult result;
  result.scenario = scenario;
  auto start = std::chrono::steady_clock::now();
  impl_->load_common(diagnostics);
  const Scenario body = in_the_body(scenario, impl_->clinic);
  const Person* person = impl_->person(body, diagnostics);
  const Strategy strategy = impl_->strategy(scenario.strategy, diagnostics);
  if (diagnostics.has_errors()) return result;
  result.body = body;
  impl_->name_conditions(result.scenario);
  result.guarding = guarding_of(impl_->clinic.pain, body.pain, body.back_pain);
  result.model = person->model;
  result.ankle_offset_rad = impl_->gait.ankle_offset_rad;
  result.times.load_s = seconds_since(start);

  start = std::chrono::steady_clock::now();
  Motion* const found = impl_->motion(*person, body, diagnostics);
  if (diagnostics.has_errors()) return result;
  Motion& motion = *found;
  result.times.healthy_plan_s = seconds_since(start);

  start = std::chrono::steady_clock::now();
  const PlanQuestion question{.limits = body.hip,
                              .strategy = strategy,
                              .tight = motion.tight,
                              .abductor_strength = person->abductor_strength,
                              .abductor_capacity_nm = person->body->abductor_capacity_nm,
                              .pain = body.pain,
                              .pain_law = impl_->clinic.pain};
  const bool warm = live && motion.has_last;
  const PlanSolution solution =
      motion.planner->solve(question, warm ? &motion.last : nullptr, live ? kLive_rad : kTight_rad);
  if (solution.status != Plan::Status::not_finite) {
    motion.last = solution;
    motion.has_last = true;
  }
  result.plan = motion.planner->sample(solution);
  result.times.plan_s = seconds_since(start);

  solve_frames(impl_->loads(*person, body), result.plan, impl_->threads, warm, impl_->frames, result.frames,
               result.times);
  result.gates = quality_gates(result);
  result.saturated = saturated_muscles(result);
  return result;
}

void Session::vary(const CycleResult& nominal, int samples, const std::function<Spine(const Spine&, int)>& spine_of,
                   const VisitFunction& visit) {
  Diagnostics known;  // the scenario has been solved, so nothing new can be found
  const Person* person = impl_->person(nominal.body, known);
  HIPSPINE_DEMAND(person != nullptr);
  CycleResult sample = nominal;
  FrameWorkspace frames;  // its own: the first sample starts cold, the others depend on nothing but those before them
  for (int i = 0; i < samples; ++i) {
    const Spine spine = spine_of(person->body->spine, i);
    const LumbarCurves lumbar = lumbar_curves(spine, person->body->treatment, impl_->treatments);
    const LoadModel own = impl_->loads(*person, nominal.body);
    const LoadModel loads{own.model,  own.paths, own.hip,    spine,       lumbar,
                          own.pelvis, own.nerve, own.limits, own.guarding};
    solve_frames(loads, sample.plan, impl_->threads, i > 0, frames, sample.frames, sample.times);
    sample.gates = quality_gates(sample);
    sample.saturated = saturated_muscles(sample);
    visit(i, sample);
  }
}

LoadModel Session::loads_of(const CycleResult& result) {
  Diagnostics known;
  impl_->load_common(known);
  const Person* person = impl_->person(result.body, known);
  if (known.has_errors()) throw LoadError(known);
  return impl_->loads(*person, result.body);
}

void Session::Impl::load_common(Diagnostics& diagnostics) {
  if (loaded) return;
  gait = load_normal_gait(folder, diagnostics);
  hip = load_hip_passive(folder, diagnostics);
  clinic = load_clinic(folder, diagnostics);
  treatments = load_spine_treatments(folder, diagnostics);
  loaded = !diagnostics.has_errors();
}

Strategy Session::Impl::strategy(const std::string& name, Diagnostics& diagnostics) {
  for (const Strategy& s : strategies) {
    if (s.name == name) return s;
  }
  Strategy read = load_strategy(folder, name, diagnostics);
  if (!diagnostics.has_errors()) strategies.push_back(read);
  return read;
}

void Session::Impl::name_conditions(Scenario& scenario) const {
  for (const ConditionSeverity& used : scenario.conditions)
    for (const Condition& c : clinic.conditions) {
      if (c.name != used.name) continue;
      scenario.input_files.push_back(c.file);
      scenario.input_hashes.push_back(c.hash);
    }
}

BodyParts* Session::Impl::body(const Scenario& scenario, Diagnostics& diagnostics) {
  for (const auto& b : bodies) {
    if (b->height_m == scenario.height_m && b->mass_kg == scenario.mass_kg && b->treatment == scenario.treatment)
      return b.get();
  }
  Scenario strong = scenario;
  strong.muscles.clear();
  auto model = std::make_shared<Model>(load_model(folder, strong, diagnostics));
  if (diagnostics.has_errors()) return nullptr;
  for (const char* name : {"normal_gait.toml", "tasks.toml", "strategies.toml", "hip.toml", "pain.toml",
                           "treatments.toml", "spine.toml", "pelvis.toml", "nerve.toml"}) {
    model->input_files.push_back(std::string("models/") + name);
    model->input_hashes.push_back(Document::load(folder / name, diagnostics).hash());
  }
  auto b = std::make_unique<BodyParts>();
  b->height_m = scenario.height_m;
  b->mass_kg = scenario.mass_kg;
  b->treatment = scenario.treatment;
  b->spine =
      fused(load_spine(folder, *model, diagnostics), scenario.treatment.fusion, treatments.fusion, model->length_scale);
  b->pelvis = load_sacroiliac(folder, *model, diagnostics);
  b->nerve = load_nerve(folder, *model, diagnostics);
  if (diagnostics.has_errors()) return nullptr;
  b->lumbar = lumbar_curves(b->spine, b->treatment, treatments);
  b->abductor_capacity_nm = abductor_capacity_nm(*model, prepare_muscle_paths(*model));
  b->model = std::move(model);
  if (bodies.size() >= kKeptPeople) {  // a hand on a height slider makes a new body at every step
    motions.clear();
    people.clear();
    bodies.clear();
  }
  bodies.push_back(std::move(b));
  return bodies.back().get();
}

Person* Session::Impl::person(const Scenario& scenario, Diagnostics& diagnostics) {
  const BodyParts* who = body(scenario, diagnostics);
  if (diagnostics.has_errors()) return nullptr;
  for (const auto& p : people) {
    if (p->body == who && p->muscles == scenario.muscles) return p.get();
  }
  auto p = std::make_unique<Person>();
  p->body = who;
  p->muscles = scenario.muscles;
  p->model = who->model;
  if (!scenario.muscles.empty()) {
    auto model = std::make_shared<Model>(load_model(folder, scenario, diagnostics));
    if (diagnostics.has_errors()) return nullptr;
    model->input_files = who->model->input_files;
    model->input_hashes = who->model->input_hashes;
    p->model = std::move(model);
  }
  p->paths = prepare_muscle_paths(*p->model);
  const auto now = abductor_capacity_nm(*p->model, p->paths);
  for (int side : {kRight, kLeft})
    p->abductor_strength[side] = std::min(1.0, now[side] / who->abductor_capacity_nm[side]);
  if (people.size() >= kKeptPeople) {  // a hand on a strength slider makes a new person at every step
    for (const auto& m : motions) m->tight_of = nullptr;
    people.clear();
  }
  people.push_back(std::move(p));
  return people.back().get();
}

Motion* Session::Impl::motion(const Person& who, const Scenario& scenario, Diagnostics& diagnostics) {
  const auto found = std::find_if(motions.begin(), motions.end(), [&](const auto& m) {
    return m->body == who.body && m->task == scenario.task && m->speed_m_s == scenario.speed_m_s;
  });
  if (found != motions.end()) {
    std::rotate(found, found + 1, motions.end());
  } else {
    const Task task = load_task(folder, scenario.task, scenario.speed_m_s, diagnostics);
    const Strategy fit = strategy(task.fit(), diagnostics);
    if (diagnostics.has_errors()) return nullptr;
    auto m = std::make_unique<Motion>();
    m->body = who.body;
    m->task = scenario.task;
    m->speed_m_s = scenario.speed_m_s;
    m->planner = std::make_unique<Planner>(*who.body->model, gait, hip, who.body->lumbar, fit, task);
    if (motions.size() >= kKeptMotions) motions.erase(motions.begin());
    motions.push_back(std::move(m));
  }
  Motion& m = *motions.back();
  if (m.tight_of != &who) {
    m.tight = fit_tight_muscles(*who.model, who.paths, m.planner->map(), m.planner->healthy_fit().state);
    m.tight_of = &who;
  }
  return &m;
}

}  // namespace hipspine
