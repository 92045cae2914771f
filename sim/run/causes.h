#pragma once
/// Why a load is what it is: a lumbar level's or a hip's load at one instant, taken apart into what makes it up.
#include <string>
#include <vector>

#include "sim/run/pipeline.h"

namespace hipspine {

/// One part of a load, in the load's unit.
struct Cause {
  std::string name;    ///< "erector spinae, right", "weight and motion of what is above", "extension of 3.1 deg"
  double now = 0;      ///< part of this hip's load
  double healthy = 0;  ///< part of the healthy one's at the instant compared with
  [[nodiscard]] double change() const { return now - healthy; }
};

/// A load traced. Parts that add up do so to `now` and `healthy` exactly (to rounding); `rest` is not needed.
struct Trace {
  std::string column;  ///< "L4_L5_compression"
  std::string title;   ///< "L4/L5 compression"
  std::string unit;    ///< "N", "MPa"
  double at_pct = 0;
  double now = 0, healthy = 0;
  std::vector<Cause> parts;  ///< that add up, largest change first
  /// Angles and loads in their own units that explain but do not add up: the name holds the unit. A level's angles are
  /// those of its tissue, the column's angle and the departure together.
  std::vector<Cause> context;
  std::vector<std::string> sentences;  ///< two or three, in plain words with numbers
  std::vector<std::string> source;     ///< ids of models/sources.toml that the relation rests on
  [[nodiscard]] double change() const { return now - healthy; }
};

/// Columns that can be traced: every level's compression, disc pressure, right and left facet force; both hip contacts.
[[nodiscard]] std::vector<std::string> traceable_columns(const Model& model);

/// At one cycle point of both. Compression: muscle group by muscle group (their tension along the level's axis), weight
/// and motion of what is above, passive structures in parallel where any. Disc pressure: compression by the same parts
/// times the disc's share. Facets: what the angle alone and what the force across the level adds (the segment solved
/// with one of them exchanged). Hip contact: along its own direction, muscle group by muscle group.
/// @throws InternalError for a column that is not traceable
[[nodiscard]] Trace trace_load(const struct LoadModel& loads, const CycleResult& now, const CycleResult& healthy,
                               const std::string& column, int point);

}  // namespace hipspine
