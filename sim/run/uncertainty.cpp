// Draws are a counter-based sequence: sample i comes from a generator seeded with (seed, i) alone.
#include "sim/run/uncertainty.h"

#include <algorithm>
#include <random>

#include "sim/core/units.h"
#include "sim/run/bench.h"
#include "sim/run/report.h"

namespace hipspine {
namespace {

constexpr double kSpread = 0.3;                         // of factors, either way
constexpr double kGapMost_m = 0.0006;                   // largest facet gap
constexpr double kNarrow_m = 0.0002, kWide_m = 0.0004;  // chosen: the outer thirds of the gaps
constexpr std::array<const char*, 7> kPerLevel = {"compression", "disc_compression", "disc_pressure", "facet_r",
                                                  "facet_l",     "ligament",         "shear_ap"};
constexpr std::array<const char*, 9> kJoints = {"hip_r_contact",    "hip_l_contact", "si_r_compression",
                                                "si_l_compression", "si_r_shear",    "si_l_shear",
                                                "si_r_moment",      "si_l_moment",   "symphysis_force"};

std::vector<LoadBand> peaks_of(const Results& r) {
  std::vector<LoadBand> out;
  const auto add = [&](const std::string& name) {
    const int c = r.column(name);
    if (c >= 0) out.push_back({name, r.columns[c].unit, r.values.col(c).maxCoeff(), 0, 0});
  };
  for (const char* level : kLevelNames)
    for (const char* what : kPerLevel) add(std::string(level) + "_" + what);
  for (const char* joint : kJoints) add(joint);
  return out;
}

}  // namespace

SegmentSample draw_sample(int index) {
  std::seed_seq seed{static_cast<std::uint32_t>(kUncertaintySeed), static_cast<std::uint32_t>(index)};
  std::mt19937_64 engine(seed);
  const auto uniform = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
  SegmentSample s;
  for (double* factor : {&s.disc_axial, &s.disc_bending, &s.facet, &s.ligament})
    *factor = 1 + kSpread * (2 * uniform() - 1);
  for (double& gap : s.gap_m) gap = kGapMost_m * uniform();
  return s;
}

Spine varied(const Spine& spine, const SegmentSample& sample) {
  Spine out = spine;
  for (int l = 0; l < kLevels; ++l) {
    SegmentParameters& p = out.level[l];
    p.disc.axial_n_m *= sample.disc_axial;
    p.disc.axial2_n_m2 *= sample.disc_axial;
    p.disc.tension_n_m *= sample.disc_axial;
    p.disc.shear_n_m *= sample.disc_axial;
    p.disc.linear_nm_rad *= sample.disc_bending;
    p.disc.square_nm_rad2 *= sample.disc_bending;
    p.disc.cubic_nm_rad3 *= sample.disc_bending;
    p.facet.point_n_m *= sample.facet;
    p.facet.tip_n_m *= sample.facet;
    p.facet.gap_m = sample.gap_m[l];
    for (int i = 0; i < p.n_ligament; ++i) p.ligament[i].stiffness_n *= sample.ligament;
  }
  return out;
}

UncertaintyCollector::UncertaintyCollector(const Results& nominal)
    : nominal_(peaks_of(nominal)), peaks_(nominal_.size()) {}

void UncertaintyCollector::add(const SegmentSample& sample, const Results& results) {
  const std::vector<LoadBand> peaks = peaks_of(results);
  for (std::size_t b = 0; b < peaks_.size(); ++b) peaks_[b].push_back(peaks[b].peak);
  samples_.push_back(sample);
  missed_ += results.gates_pass() ? 0 : 1;
}

Uncertainty UncertaintyCollector::finish() const {
  Uncertainty out{static_cast<int>(samples_.size()), missed_, nominal_, {}};
  if (samples_.empty()) return out;
  for (std::size_t b = 0; b < out.bands.size(); ++b) {
    out.bands[b].low = percentile(peaks_[b], 5);
    out.bands[b].high = percentile(peaks_[b], 95);
  }
  for (int l = 0; l < kLevels; ++l) {
    const auto band = [&](const char* side) {
      const std::string name = std::string(kLevelNames[l]) + side;
      return std::find_if(nominal_.begin(), nominal_.end(), [&](const LoadBand& b) { return b.column == name; }) -
             nominal_.begin();
    };
    const auto right = band("_facet_r"), left = band("_facet_l");
    double sum[2] = {0, 0};
    int count[2] = {0, 0};
    Eigen::ArrayXd gap_mm(samples_.size()), peak_n(samples_.size());
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const double gap = samples_[i].gap_m[l];
      gap_mm[i] = mm_from_m(gap);
      peak_n[i] = std::max(peaks_[right][i], peaks_[left][i]);
      if (gap >= kNarrow_m && gap <= kWide_m) continue;
      const int which = gap < kNarrow_m ? 0 : 1;
      sum[which] += peak_n[i];
      ++count[which];
    }
    if (count[0] == 0 || count[1] == 0) continue;
    gap_mm -= gap_mm.mean();
    peak_n -= peak_n.mean();
    const double together = (gap_mm * peak_n).sum(), gaps = gap_mm.square().sum(), peaks = peak_n.square().sum();
    out.gaps.push_back({kLevelNames[l], sum[0] / count[0], sum[1] / count[1], together / gaps,
                        peaks > 1e-6 ? together * together / (gaps * peaks) : 0});
  }
  return out;
}

std::string uncertainty_text(const Uncertainty& u) {
  std::string out = "Peak loads over " + std::to_string(u.samples) +
                    " spines drawn inside the published spread: as modelled, and the band that holds 90 %\n";
  TextTable table({{"level", false},
                   {"compression N", true},
                   {"shear N", true},
                   {"disc N", true},
                   {"disc MPa", true},
                   {"facet right N", true},
                   {"facet left N", true},
                   {"ligaments N", true}});
  const auto banded = [](const LoadBand& b) {
    const int d = decimals_for(b.unit);
    return fixed(b.peak, d) + " [" + fixed(b.low, d) + " " + fixed(b.high, d) + "]";
  };
  for (std::size_t l = std::size(kLevelNames); l-- > 0;) {
    const std::string level = kLevelNames[l];
    std::vector<std::string> cells{level};
    for (const char* what :
         {"compression", "shear_ap", "disc_compression", "disc_pressure", "facet_r", "facet_l", "ligament"})
      for (const LoadBand& b : u.bands)
        if (b.column == level + "_" + what) cells.push_back(banded(b));
    table.add(std::move(cells));
  }
  out += table.text();
  TextTable joints({{"hips and pelvis", false}, {"peak, band", true}, {"unit", false}});
  for (const char* joint : kJoints)
    for (const LoadBand& b : u.bands)
      if (b.column == joint) joints.add({joint, banded(b), b.unit});
  out += "\n" + joints.text();
  if (!u.gaps.empty()) {
    out += wrapped(
        "Facet force depends strongly on the gap, which nobody knows of a person. Mean peak force of the more loaded "
        "facet over the spines with a gap below 0.2 mm and over those above 0.4 mm, its change per 0.1 mm of gap, and "
        "how much of its variance over all spines the gap alone explains:",
        100, 2);
    TextTable gaps({{"level", false}, {"below N", true}, {"above N", true}, {"N per 0.1 mm", true}, {"gap, %", true}});
    for (std::size_t i = u.gaps.size(); i-- > 0;) {
      const GapEffect& g = u.gaps[i];
      gaps.add({g.level, fixed(g.narrow_n, 0), fixed(g.wide_n, 0), fixed(0.1 * g.slope_n_mm, 0),
                fixed(100 * g.explained, 0)});
    }
    out += gaps.text();
  }
  out += wrapped(
      "Drawn: stiffness of discs (axial, bending), facets and ligaments +-30 %, facet gaps 0 to 0.6 mm. The motion is "
      "kept "
      "as planned; muscles and tissue are solved anew.",
      100, 2);
  if (u.missed > 0) out += std::to_string(u.missed) + " of the samples missed a quality gate.\n";
  return out;
}

nlohmann::ordered_json to_json(const Uncertainty& u) {
  nlohmann::ordered_json j{{"samples", u.samples}, {"seed", kUncertaintySeed}, {"gates_missed", u.missed}};
  for (const LoadBand& b : u.bands)
    j["columns"][b.column] = {{"unit", b.unit}, {"peak", b.peak}, {"p05", b.low}, {"p95", b.high}};
  for (const GapEffect& g : u.gaps)
    j["facet_gap"][g.level] = {{"below_0.2_mm_n", g.narrow_n},
                               {"above_0.4_mm_n", g.wide_n},
                               {"slope_n_mm", g.slope_n_mm},
                               {"variance_explained", g.explained}};
  return j;
}

}  // namespace hipspine
