// Options may stand anywhere, as `--name value` or `--name=value`; `--` ends them.
#include "sim/command/arguments.h"

#include <algorithm>
#include <charconv>

#include "sim/run/report.h"

namespace hipspine {
namespace {

const OptionSpec kJson{"--json", "", "print JSON instead of text"};
const OptionSpec kQuiet{"--quiet", "", "no results and no progress; errors and the exit code remain"};
const OptionSpec kHelp{"--help", "", "this text"};
const OptionSpec kThreads{"--threads", "N", "threads to use, 1 to 64; the result is the same bytes for any number"};
const OptionSpec kConvention{"--convention", "opensim|clinical",
                             "signs of pelvic tilt and zero of hip flexion; default opensim (backward tilt positive)"};
const OptionSpec kSet{"--set", "KEY=VALUE",
                      "change one value of the scenario, as often as needed: hip_r.extension_max_deg=5"};

constexpr int kHelpColumn = 22, kHelpWidth = 100;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::vector<CommandSpec> make_specs() {
  std::vector<CommandSpec> specs;
  specs.push_back(
      {"run",
       "SCENARIO",
       1,
       1,
       "one scenario, from file to disc and facet loads",
       "Solves the walking cycle of a scenario file, prints what it costs, compares it with the same person "
       "with healthy hips, and with --out writes cycle.csv, cycle.sto (OpenSim) and summary.json.",
       {kSet,
        {"--out", "DIR", "folder to write to; it must be absent, empty, or written by hipspine before"},
        {"--force", "", "write to --out whatever it holds"},
        {"--against", "SCENARIO", "print the full comparison with this scenario (it stands first)"},
        {"--uncertainty", "N",
         "draw the segments 10 to 10000 times inside their published spread; 90 % bands of peak loads"},
        {"--mode", "solve|simulate|both",
         "solve: the periodic cycle (default); simulate: a body driven by its muscles walks along it, strides in "
         "simulation.csv; both: also how far the two differ"},
        {"--strides", "N", "of the simulated body, 1 to 1000; default 10"},
        {"--no-residual", "", "nothing helps the simulated body at the pelvis, unless it falls"},
        kConvention,
        kThreads,
        kJson,
        kQuiet,
        kHelp}});
  specs.push_back(
      {"compare",
       "A [B]",
       1,
       2,
       "two results side by side, largest changes first; or one person's treatments",
       "A and B are scenario files, folders written by 'hipspine run --out', or their summary.json. A change "
       "is B less A: give the healthy one first. --set applies to scenario files, to both of them. With --treatments A "
       "is a scenario, and "
       "it stands beside the same person with the spine, the hip, or both treated.",
       {kSet,
        {"--treatments", "", "compare what treatments of spine and hip do to lumbar load and dose"},
        {"--fuse", "LEVEL", "level that a spine operation fuses, with --treatments; default L4_L5"},
        {"--stretch", "DEG", "range that stretching regains, with --treatments, 0 to 30; default 8"},
        kConvention,
        kThreads,
        kJson,
        kQuiet,
        kHelp}});
  specs.push_back(
      {"sweep",
       "SWEEP",
       1,
       1,
       "a study: a grid or sample of any scenario keys, on all cores, resumable",
       "Solves every case of a sweep file (scenarios/sweeps/README.md) and writes cases.csv (one row a case), "
       "curves.h5, "
       "dictionary.csv and sweep.json. Stopped at any moment and started again it goes on where it was. A case that "
       "fails is a row with its reason. Under mpirun the ranks share the cases; --shard does one part of them, for job "
       "arrays, and 'merge' makes the tables. The results are the same bytes however the work was divided.",
       {{"--out", "DIR", "folder for the results; it must be absent, empty, or written by hipspine before"},
        {"--shard", "I/N", "solve only every N-th case, beginning with the I-th: 1/4, 2/4, 3/4, 4/4"},
        {"--force", "", "begin anew, and replace what DIR holds"},
        kConvention,
        kThreads,
        kJson,
        kQuiet,
        kHelp}});
  specs.push_back(
      {"merge",
       "SWEEP",
       1,
       1,
       "the tables of a sweep that was solved in shards",
       "Reads the shards (shard_I_of_N.cases) that 'hipspine sweep SWEEP --shard I/N' left in DIR, checks that no "
       "case is missing, writes the tables as one sweep would have, and removes the shards.",
       {{"--out", "DIR", "folder with the shards"},
        {"--force", "", "replace results of another sweep"},
        kConvention,
        kJson,
        kQuiet,
        kHelp}});
  specs.push_back(
      {"sensitivity",
       "DIR",
       1,
       1,
       "which parameters of a finished sweep matter, and for whom",
       "Reads a folder that 'hipspine sweep' wrote. For a Saltelli design: first-order and total Sobol indices "
       "with bootstrap intervals. For any design: rank correlations, and with --output response curves.",
       {{"--output", "NAME", "one output of the sweep, with its response to every parameter"},
        {"--map", "P,Q", "mean of the output over two parameters"},
        {"--above", "VALUE", "which patients lie above this value of the output"},
        {"--trusted", "", "only cases whose quality gates are all green"},
        kJson,
        kQuiet,
        kHelp}});
  specs.push_back(
      {"report",
       "DIR",
       1,
       1,
       "one HTML file from a run, a comparison or a sweep, to send on",
       "Reads a folder that 'hipspine run --out' or 'hipspine sweep' wrote and writes report.html into it: question, "
       "answer, curves beside the healthy ones and the published band, heat maps, largest changes, quality gates, "
       "validation, sources, and how to make it again. It needs nothing else to be shown or printed.",
       {{"--against", "DIR", "compare with this run instead of the same person with healthy hips"},
        kThreads,
        kQuiet,
        kHelp}});
  specs.push_back(
      {"validate",
       "",
       0,
       0,
       "every published target with value, band, pass or miss, source",
       "Computes every row of models/targets.toml that this version can, from walks and from segments on the "
       "test bench. A row that misses its band is printed as a MISS and does not change the exit code: the "
       "bands describe people, and a miss is a finding about the model. The exit code is 3 when a quality "
       "gate of one of the walks is missed, because then the values themselves cannot be trusted.",
       {{"--definitions", "", "also print how each value is computed"}, kThreads, kJson, kQuiet, kHelp}});
  specs.push_back(
      {"rig",
       "LEVEL|lumbar|slr",
       1,
       1,
       "one lumbar segment, or the column L1 to S1, on the virtual test bench",
       "Puts a fresh specimen (no creep, cut free of the pelvis) on the bench: T12_L1, L1_L2, L2_L3, L3_L4, L4_L5, "
       "L5_S1, or lumbar for the five levels from the sacrum to L1. Prints rotations, translations, disc force and "
       "pressure, each facet, each ligament, and what share of moment and compression each structure carries. slr "
       "raises a straight leg "
       "instead and prints what that does to the sciatic nerve's bed.",
       {{"--moment", "NM", "pure moment, 0 to 50 N·m; default 0"},
        {"--direction", "flexion|extension|lateral|axial", "of the moment; lateral to the right, axial to the left"},
        {"--follower", "N", "follower load along the curve, 0 to 5000 N"},
        {"--compression", "N", "dead force straight down on the uppermost vertebra, 0 to 5000 N"},
        {"--shear", "N", "dead force forward on the uppermost vertebra, -2000 to 2000 N"},
        {"--remove", "NAME,…", "take structures out: " + joined(removable_structures())},
        {"--disc-height-loss", "MM", "discs narrowed by 0 to 5 mm, as degeneration does"},
        {"--facet-gap", "MM", "gap of all facets, 0 to 3 mm, in place of each level's own"},
        {"--curve", "", "print the moment-rotation curve from -NM to +NM as CSV; needs --moment"},
        kJson,
        kQuiet,
        kHelp}});
  specs.push_back(
      {"bench",
       "",
       0,
       0,
       "time per stage, per lumbar level, and memory",
       "Solves the healthy walk from a cold start to a written result, then a series of changed right hip "
       "extension limits, and prints the times of whole solves, of their stages and of the lumbar levels alone.",
       {{"--scaling", "", "instead: cases of a sweep per second for 1, 2, 4 … threads, and memory"},
        kThreads,
        kJson,
        kQuiet,
        kHelp}});
  specs.push_back({"info",
                   "",
                   0,
                   0,
                   "model, muscles, columns, sources, version",
                   "Without options an overview of the model.",
                   {{"--columns", "", "every result column with unit, frame, sign and origin"},
                    {"--muscles", "", "every muscle with its strength and lengths"},
                    {"--sources", "", "every citation behind the numbers"},
                    kConvention,
                    kJson,
                    kHelp}});
  return specs;
}

const CommandSpec& spec_of(const std::string& name) {
  std::vector<std::string> known;
  for (const CommandSpec& spec : command_specs()) {
    if (spec.name == name) return spec;
    known.push_back(spec.name);
  }
  const std::string meant = nearest(name, known);
  throw UsageError("unknown command '" + name + "'" +
                   (meant.empty() ? "; 'hipspine --help' lists the commands" : "; did you mean '" + meant + "'?"));
}

const OptionSpec& option_of(const CommandSpec& spec, const std::string& name) {
  std::vector<std::string> known;
  for (const OptionSpec& option : spec.options) {
    if (option.name == name) return option;
    known.push_back(option.name);
  }
  const std::string meant = nearest(name, known);
  throw UsageError("'hipspine " + spec.name + "' has no option '" + name + "'" +
                   (meant.empty() ? "; see 'hipspine " + spec.name + " --help'" : "; did you mean '" + meant + "'?"));
}

int whole_number(const std::string& option, const std::string& text, int low, int high) {
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n < low || n > high)
    throw UsageError(option + " needs a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
                     ", not '" + text + "'");
  return n;
}

double number_in(const std::string& option, const std::string& text, double low, double high) {
  double x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc() || end != text.data() + text.size() || !(x >= low && x <= high))
    throw UsageError(option + " needs a number from " + significant(low, 6) + " to " + significant(high, 6) +
                     ", not '" + text + "'");
  return x;
}

RigDirection direction(const std::string& text) {
  for (std::size_t i = 0; i < kRigDirectionNames.size(); ++i)
    if (text == kRigDirectionNames[i]) return static_cast<RigDirection>(i);
  throw UsageError("--direction is flexion, extension, lateral or axial, not '" + text + "'");
}

/// Options of `rig`; false when `name` is none of them.
bool apply_rig(const std::string& name, const std::string& value, Arguments& out) {
  if (name == "--moment") {
    out.rig.moment_nm = number_in(name, value, 0, 50);
  } else if (name == "--direction") {
    out.rig.direction = direction(value);
  } else if (name == "--follower") {
    out.rig.follower_n = number_in(name, value, 0, 5000);
  } else if (name == "--compression") {
    out.rig.compression_n = number_in(name, value, 0, 5000);
  } else if (name == "--shear") {
    out.rig.shear_n = number_in(name, value, -2000, 2000);
  } else if (name == "--disc-height-loss") {
    out.disc_height_loss_mm = number_in(name, value, 0, 5);
  } else if (name == "--facet-gap") {
    out.facet_gap_mm = number_in(name, value, 0, 3);
  } else if (name == "--remove") {
    for (std::size_t from = 0; from <= value.size();) {
      const std::size_t to = std::min(value.find(',', from), value.size());
      if (to == from)
        throw UsageError("--remove needs names between its commas, as in facets,ALL, not '" + value + "'");
      const std::string part = value.substr(from, to - from);
      if (std::find(out.remove.begin(), out.remove.end(), part) != out.remove.end())
        throw UsageError("--remove names '" + part + "' twice");
      out.remove.push_back(part);
      from = to + 1;
    }
  } else {
    return false;
  }
  return true;
}

void apply(const std::string& name, const std::string& value, Arguments& out) {
  if (name == "--set") {
    if (value.find('=') == std::string::npos || value.front() == '=')
      throw UsageError("--set needs KEY=VALUE, as in hip_r.extension_max_deg=5, not '" + value + "'");
    out.set.push_back(value);
  } else if (name == "--out") {
    out.out = value;
  } else if (name == "--against") {
    out.against = value;
  } else if (name == "--mode") {
    if (value != "solve" && value != "simulate" && value != "both")
      throw UsageError("--mode is solve, simulate or both, not '" + value + "'");
    out.mode = value == "solve" ? Mode::solve : value == "both" ? Mode::both : Mode::simulate;
  } else if (name == "--strides") {
    out.strides = whole_number(name, value, 1, 1000);
  } else if (name == "--convention") {
    if (value != "opensim" && value != "clinical")
      throw UsageError("--convention is opensim or clinical, not '" + value + "'");
    out.convention = value == "clinical" ? Convention::clinical : Convention::opensim;
  } else if (name == "--threads") {
    out.threads = whole_number(name, value, 1, 64);
  } else if (name == "--uncertainty") {
    out.uncertainty = whole_number(name, value, 10, 10000);
  } else if (name == "--fuse") {
    if (std::find(kLevelNames.begin(), kLevelNames.end(), value) == kLevelNames.end())
      throw UsageError("--fuse needs a lumbar level: " + joined({kLevelNames.begin(), kLevelNames.end()}) + ", not '" +
                       value + "'");
    out.fuse = value;
  } else if (name == "--output") {
    out.output = value;
  } else if (name == "--map") {
    const std::size_t comma = value.find(',');
    if (comma == std::string::npos || comma == 0 || comma + 1 == value.size())
      throw UsageError("--map needs two parameters, as in speed_m_s,hip_r.extension_max_deg, not '" + value + "'");
    out.map = {value.substr(0, comma), value.substr(comma + 1)};
  } else if (name == "--above") {
    out.above = number_in(name, value, -1e12, 1e12);
  } else if (name == "--shard") {
    const std::size_t slash = value.find('/');
    if (slash == std::string::npos) throw UsageError("--shard needs I/N, as in 2/4, not '" + value + "'");
    const int parts = whole_number(name, value.substr(slash + 1), 1, 100000);
    out.shard = {whole_number(name, value.substr(0, slash), 1, parts) - 1, parts};
  } else if (name == "--stretch") {
    out.stretch_deg = number_in(name, value, 0, 30);
  } else if (apply_rig(name, value, out)) {
    return;
  } else {
    bool Arguments::*switches[] = {&Arguments::force,       &Arguments::json,        &Arguments::quiet,
                                   &Arguments::help,        &Arguments::columns,     &Arguments::muscles,
                                   &Arguments::sources,     &Arguments::definitions, &Arguments::curve,
                                   &Arguments::no_residual, &Arguments::treatments,  &Arguments::trusted,
                                   &Arguments::scaling};
    const char* names[] = {"--force",      "--json",    "--quiet",       "--help",  "--columns",
                           "--muscles",    "--sources", "--definitions", "--curve", "--no-residual",
                           "--treatments", "--trusted", "--scaling"};
    for (std::size_t k = 0; k < std::size(names); ++k)
      if (name == names[k]) out.*switches[k] = true;
  }
}

}  // namespace

const std::vector<CommandSpec>& command_specs() {
  static const std::vector<CommandSpec> specs = make_specs();
  return specs;
}

Arguments parse_arguments(const std::vector<std::string>& words) {
  Arguments out;
  if (words.empty()) return out;
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    out.help = true;
    if (words.size() > 1) out.command = spec_of(words[1]).name;
    return out;
  }
  const CommandSpec& spec = spec_of(words[0]);
  out.command = spec.name;
  bool options_over = false;
  for (std::size_t k = 1; k < words.size(); ++k) {
    std::string word = words[k] == "-h" ? "--help" : words[k];
    if (options_over || word.size() < 2 || word[0] != '-') {
      out.positional.push_back(word);
    } else if (word == "--") {
      options_over = true;
    } else {
      std::optional<std::string> value;
      if (const auto equals = word.find('='); equals != std::string::npos && word.compare(0, 2, "--") == 0) {
        value = word.substr(equals + 1);
        word.resize(equals);
      }
      const OptionSpec& option = option_of(spec, word);
      if (option.value.empty() && value) throw UsageError(word + " takes no value");
      if (!option.value.empty() && !value) {
        if (k + 1 == words.size()) throw UsageError(word + " needs a value: " + word + " " + option.value);
        value = words[++k];
      }
      if (!option.value.empty() && value->empty())
        throw UsageError(word + " needs a value: " + word + " " + option.value);
      apply(word, value.value_or(""), out);
    }
  }
  if (out.help) return out;
  if (out.positional.size() < spec.positional_min || out.positional.size() > spec.positional_max)
    throw UsageError("'hipspine " + spec.name + "' takes " +
                     (spec.arguments.empty() ? std::string("no arguments") : spec.arguments) + ", and was given " +
                     std::to_string(out.positional.size()) + "; see 'hipspine " + spec.name + " --help'");
  return out;
}

std::string help_text() {
  std::string out =
      "hipspine " HIPSPINE_VERSION ": what a stiff hip does to the spine\n\nUsage: hipspine COMMAND [options]\n\n";
  for (const CommandSpec& spec : command_specs())
    out += "  " + fitted(spec.name + (spec.arguments.empty() ? "" : " " + spec.arguments), 23) + spec.summary + "\n";
  out +=
      "\n'hipspine COMMAND --help' explains a command. Try: hipspine run scenarios/extension_loss_20_r.toml\n"
      "Exit codes: 0 done, 1 bad input, 2 bad usage, 3 a quality gate missed, 4 an internal fault.\n";
  return out;
}

std::string help_text(const CommandSpec& spec) {
  std::string out = "Usage: hipspine " + spec.name + (spec.arguments.empty() ? "" : " " + spec.arguments) +
                    " [options]\n\n" + wrapped(spec.details, kHelpWidth) + "\n";
  for (const OptionSpec& option : spec.options) {
    const std::string head = "  " + option.name + (option.value.empty() ? "" : " " + option.value);
    const std::string margin(kHelpColumn, ' ');
    out += display_width(head) < kHelpColumn ? fitted(head, kHelpColumn) : head + "\n" + margin;
    for (const char c : wrapped(option.help, kHelpWidth - kHelpColumn)) {
      if (out.back() == '\n') out += margin;
      out += c;
    }
  }
  return out;
}

}  // namespace hipspine
