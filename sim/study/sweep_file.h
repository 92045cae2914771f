#pragma once
/// A study as a file (`scenarios/sweeps/*.toml`): a base scenario, parameters with values or ranges, how they are
/// combined, and what to keep of every case.
///
///   base = "../healthy.toml"            method = "grid" | "list" | "latin_hypercube" | "sobol" | "saltelli"
///   samples = 256   seed = 1            of the last three
///   outputs = ["L4_L5_facet_r.peak", …] curves = ["L4_L5_facet_r", …]
///   [[parameter]]   key = "hip_r.extension_max_deg"  or  keys = [several that move together], name = heading
///                   from, to [, count]  or  values = [...]
#include <filesystem>
#include <string>
#include <vector>

#include "sim/model/scenario.h"
#include "sim/study/output_feature.h"
#include "sim/study/sample_design.h"

namespace hipspine {

struct SweepParameter {
  std::string name;                 ///< heading of its column
  std::vector<std::string> keys;    ///< scenario keys that take its value
  std::vector<std::string> values;  ///< levels, as TOML; empty for a range that is sampled
  double from = 0, to = 0;          ///< of a range that is sampled
  bool numeric = true;              ///< all values are numbers
  Place place;
};

struct SweepPlan {
  std::string file, title, question, hash;
  Scenario base;
  std::vector<SweepParameter> parameters;
  SampleDesign design;
  Outputs outputs;
  /// Changes whenever a case could come out otherwise: file, base, model files, version.
  std::string identity;

  [[nodiscard]] std::int64_t cases() const { return design.cases(); }
};

/// Reads and checks everything, each parameter's ends against the base too. Every finding goes to `diagnostics`; the
/// plan is only to be used when there is no error.
[[nodiscard]] SweepPlan load_sweep(const std::filesystem::path& file, const std::filesystem::path& models,
                                   Convention convention, Diagnostics& diagnostics);

/// The parameters of a case as TOML values, in their order.
[[nodiscard]] std::vector<std::string> values_of_case(const SweepPlan& plan, std::int64_t index);

/// A TOML value as people write it: a word without its quotes.
[[nodiscard]] std::string plain_value(const std::string& toml);

/// The scenario of a case. What cannot be (limits that leave no position) becomes findings.
[[nodiscard]] Scenario scenario_of_case(const SweepPlan& plan, std::int64_t index, Diagnostics& diagnostics);

}  // namespace hipspine
