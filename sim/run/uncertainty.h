#pragma once
/// How much the loads of discs, facets and ligaments depend on properties of the segments that differ between people:
/// the cycle is kept as planned, the segments are drawn again and again inside their published spread, and muscles and
/// tissue are solved anew each time.
#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/run/pipeline.h"
#include "sim/run/results.h"

namespace hipspine {

/// One drawn spine: factors hold for all its levels, gaps for one each (both sides).
struct SegmentSample {
  double disc_axial = 1, disc_bending = 1, facet = 1, ligament = 1;
  std::array<double, kLevels> gap_m{};
};

inline constexpr std::uint64_t kUncertaintySeed = 20260101;

/// Sample `index` of the fixed sequence: factors uniform in 0.7 to 1.3 [remus2021, gardnermorse2004: inter-specimen SD
/// 30 to 50 %], gaps uniform in 0 to 0.6 mm [simon2012]. The same for any number of samples and threads.
[[nodiscard]] SegmentSample draw_sample(int index);
[[nodiscard]] Spine varied(const Spine& spine, const SegmentSample& sample);

/// Largest value of a column over the cycle: as modelled, and the 5th and 95th percentile of the samples.
struct LoadBand {
  std::string column, unit;
  double peak = 0, low = 0, high = 0;
};

/// How the peak force of a level's more loaded facet depends on that level's gap, over all samples.
struct GapEffect {
  std::string level;
  double narrow_n = 0, wide_n = 0;  ///< means; gap below 0.2 mm, above 0.4 mm
  double slope_n_mm = 0;            ///< of the straight line through all samples
  double explained = 0;             ///< fraction of the variance that the line explains; the rest is stiffness
};

struct Uncertainty {
  int samples = 0;
  int missed = 0;  ///< samples with a quality gate missed; they count in the bands like the others
  std::vector<LoadBand> bands;
  std::vector<GapEffect> gaps;
};

/// Gathers solved samples into bands.
class UncertaintyCollector {
 public:
  explicit UncertaintyCollector(const Results& nominal);
  void add(const SegmentSample& sample, const Results& results);
  [[nodiscard]] Uncertainty finish() const;

 private:
  std::vector<LoadBand> nominal_;
  std::vector<std::vector<double>> peaks_;  ///< by band, by sample
  std::vector<SegmentSample> samples_;
  int missed_ = 0;
};

[[nodiscard]] std::string uncertainty_text(const Uncertainty& uncertainty);
[[nodiscard]] nlohmann::ordered_json to_json(const Uncertainty& uncertainty);

}  // namespace hipspine
