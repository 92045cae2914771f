// Coverage-guided fuzzing of everything that reads a file: libFuzzer calls this with bytes that it changes to reach new
// code. The first byte says which reader, the rest is the file. A crash, a hang, an exception that leaves a reader, or
// a sanitizer's finding is a failure; findings (Diagnostics) are what a reader is there for.
//
//   tools/fuzz [RUNS]      builds this with clang, runs it, reports
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "sim/gait/normal_bands.h"
#include "sim/gait/strategy.h"
#include "sim/gait/task.h"
#include "sim/model/model_file.h"
#include "sim/model/patient.h"
#include "sim/model/scenario_text.h"
#include "sim/muscle/nerve.h"
#include "sim/plant/controller_gains.h"
#include "sim/run/info.h"
#include "sim/run/summary.h"
#include "sim/run/targets.h"
#include "sim/study/report_page.h"
#include "sim/study/sweep_result.h"
#include "sim/tissue/hip_passive.h"
#include "sim/tissue/sacroiliac.h"
#include "sim/tissue/segment.h"
#include "sim/tissue/spine_treatment.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

const Model& sound_model() {
  static const Model model = [] {
    Diagnostics d;
    return load_model(default_model_folder(), Scenario{}, d);
  }();
  return model;
}

/// A folder in memory, with the model's own files where a reader wants more than one.
struct Folder {
  fs::path path = fs::path("/dev/shm") / ("hipspine_fuzz_" + std::to_string(::getpid()));
  fs::path original = default_model_folder();
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
    fs::copy(original, path / "models", fs::copy_options::recursive);
    fs::create_directories(path / "result");
    // A scenario is checked against names of strategies, sources and conditions: short files of these make a run faster
    // (600 a second, 350 before), and their own readers get the long ones.
    sound_model();
    fs::create_directories(path / "names");
    fs::copy(original / "conditions", path / "names/conditions");
    std::ofstream(path / "names/strategies.toml") << "[strategy.balanced]\n[strategy.knee]\n";
    std::ofstream(path / "names/sources.toml") << "lee2005 = \"x\"\n";
    ::setenv("HIPSPINE_MODELS", (path / "names").c_str(), 1);
  }
  ~Folder() { fs::remove_all(path); }
};

struct Reader {
  std::string file;  ///< under the folder; a model's own is restored after use
  std::function<void(const fs::path& folder)> read;
};

/// A file of the model, with the folder that it lies in.
template <class Load>
Reader of_models(const char* file, Load load) {
  return {std::string("models/") + file, [load](const fs::path& f) {
            Diagnostics d;
            load(f / "models", d);
          }};
}

const std::vector<Reader>& readers() {
  static const std::vector<Reader> all = {
      {"scenario.toml",
       [](const fs::path& f) {
         Diagnostics d;
         const Scenario s = load_scenario(f / "scenario.toml", {}, d);
         if (d.has_errors()) return;
         // What was read has to survive being written and read again.
         const std::string text = scenario_text(s);
         std::ofstream(f / "again.toml") << text;
         Diagnostics again;
         const Scenario t = load_scenario(f / "again.toml", {}, again);
         if (again.has_errors() || scenario_text(t) != text) std::abort();
       }},
      {"override.txt",
       [](const fs::path& f) {
         std::ifstream in(f / "override.txt", std::ios::binary);
         const std::string text{std::istreambuf_iterator<char>(in), {}};
         Diagnostics d;
         static_cast<void>(changed_scenario(Scenario{}, {text}, d));
       }},
      {"sweep.toml",
       [](const fs::path& f) {
         Diagnostics d;
         const SweepPlan plan = load_sweep(f / "sweep.toml", f / "models", Convention::opensim, d);
         if (d.has_errors()) return;
         for (const std::int64_t i : {std::int64_t{0}, plan.cases() / 2, plan.cases() - 1}) {
           Diagnostics of_case;
           static_cast<void>(scenario_of_case(plan, i, of_case));
         }
       }},
      {"result/summary.json",
       [](const fs::path& f) {
         Diagnostics d;
         static_cast<void>(read_summary(f / "result", d));
       }},
      {"result/cycle.csv",
       [](const fs::path& f) {
         Diagnostics d;
         static_cast<void>(read_run(f / "result", d));
       }},
      {"result/sweep.json",
       [](const fs::path& f) {
         Diagnostics d;
         static_cast<void>(read_sweep(f / "result", d));
         static_cast<void>(read_sweep_head(f / "result/sweep.json"));
       }},
      {"result/cases.csv",
       [](const fs::path& f) {
         Diagnostics d;
         static_cast<void>(read_sweep(f / "result", d));
       }},
      {"result/paper.cases", [](const fs::path& f) { static_cast<void>(shape_of(f / "result/paper.cases")); }},
      of_models("body.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_model(m, Scenario{}, d)); }),
      of_models("muscles.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_model(m, Scenario{}, d)); }),
      of_models("conditions/fai_cam.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_clinic(m, d)); }),
      of_models("pain.toml", [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_clinic(m, d)); }),
      of_models("treatments.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_spine_treatments(m, d)); }),
      of_models("spine.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_spine(m, sound_model(), d)); }),
      of_models("pelvis.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_sacroiliac(m, sound_model(), d)); }),
      of_models("nerve.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_nerve(m, sound_model(), d)); }),
      of_models("hip.toml", [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_hip_passive(m, d)); }),
      of_models("normal_gait.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_normal_gait(m, d)); }),
      of_models("normal_bands.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_normal_bands(m, d)); }),
      of_models("strategies.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_strategy(m, "balanced", d)); }),
      of_models("tasks.toml",
                [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_task(m, "sit_to_stand", 1.2, d)); }),
      of_models("controller.toml", [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_controller(m, d)); }),
      of_models("targets.toml", [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_targets(m, d)); }),
      of_models("sources.toml", [](const fs::path& m, Diagnostics& d) { static_cast<void>(load_sources(m, d)); }),
  };
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Folder folder;
  if (size == 0) return 0;
  const Reader& reader = readers()[bytes[0] % readers().size()];
  const fs::path file = folder.path / reader.file;
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes + 1), static_cast<std::streamsize>(size - 1));
  reader.read(folder.path);
  if (reader.file.starts_with("models/"))
    fs::copy_file(folder.original.parent_path() / reader.file, file, fs::copy_options::overwrite_existing);
  return 0;
}

/// Seeds: `readers_fuzz --seeds DIR` writes every file that the project ships, each behind its reader's byte.
extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
  if (*count != 3 || std::string((*words)[1]) != "--seeds") return 0;
  const fs::path top = default_model_folder().parent_path(), out = (*words)[2];
  const auto put = [&](std::size_t reader, const fs::path& file, const std::string& name) {
    std::ifstream in(file, std::ios::binary);
    std::ofstream seed(out / name, std::ios::binary);
    seed.put(static_cast<char>(reader));
    seed << in.rdbuf();
  };
  for (std::size_t k = 0; k < readers().size(); ++k) {
    const std::string& file = readers()[k].file;
    if (file.starts_with("models/")) put(k, top / file, "model_" + std::to_string(k));
  }
  int n = 0;
  for (const char* folder : {"scenarios", "tests/files/scenario"})
    for (const auto& entry : fs::recursive_directory_iterator(top / folder))
      if (entry.path().extension() == ".toml")
        put(entry.path().parent_path().filename() == "sweeps" ? 2 : 0, entry.path(), "scenario_" + std::to_string(n++));
  std::ofstream(out / "override") << '\1' << "hip_r.extension_max_deg=5";
  std::ofstream(out / "csv") << '\6'
                             << "case,status,gates,y,reason\n0,ok,,1.5,\n1,refused,\"a, b\",,\"says \"\"no\"\"\"\n";
  std::exit(0);
}
