#pragma once
/// The command line: one table says what each command takes, and help, checks and suggestions all come from it.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/run/columns.h"
#include "sim/run/exit_code.h"
#include "sim/tissue/test_rig.h"

namespace hipspine {

struct OptionSpec {
  std::string name;   ///< "--out"
  std::string value;  ///< "DIR"; empty for a switch
  std::string help;
};

struct CommandSpec {
  std::string name;
  std::string arguments;  ///< "SCENARIO", "A B"
  std::size_t positional_min = 0, positional_max = 0;
  std::string summary;  ///< one line
  std::string details;  ///< paragraphs for `--help`
  std::vector<OptionSpec> options;
};

/// What `run` does: the periodic cycle, the simulated body that follows it, or both.
enum class Mode { solve, simulate, both };

/// Everything that can be given; each command looks at its own part.
struct Arguments {
  std::string command;
  std::vector<std::string> positional;
  std::vector<std::string> set;  ///< "key=value"
  std::optional<std::string> out, against;
  Convention convention = Convention::opensim;
  Mode mode = Mode::solve;
  int strides = 0;  ///< of a forward run; 0: not said
  bool no_residual = false;
  int uncertainty = 0;  ///< samples; 0: none
  int threads = 0;      ///< 0: as many as the machine has
  RigLoad rig;
  std::vector<std::string> remove;  ///< structures, for the rig
  double disc_height_loss_mm = 0;
  std::optional<double> facet_gap_mm;
  bool curve = false;
  bool treatments = false;
  std::optional<std::pair<int, int>> shard;                ///< (part from 0, parts)
  std::optional<std::string> output;                       ///< of a sweep
  std::optional<std::pair<std::string, std::string>> map;  ///< two parameters of a sweep
  std::optional<double> above;
  bool trusted = false;
  bool scaling = false;
  std::optional<std::string> fuse;    ///< with --treatments
  std::optional<double> stretch_deg;  ///< the same
  bool force = false, json = false, quiet = false, help = false;
  bool columns = false, muscles = false, sources = false, definitions = false;
};

[[nodiscard]] const std::vector<CommandSpec>& command_specs();

/// @param words  the command line without the program's name. Throws UsageError.
/// `help` alone is set for `--help` without a command, and for no words at all the command is empty.
[[nodiscard]] Arguments parse_arguments(const std::vector<std::string>& words);

/// Text of `hipspine --help`, or of one command.
[[nodiscard]] std::string help_text();
[[nodiscard]] std::string help_text(const CommandSpec& spec);

}  // namespace hipspine
