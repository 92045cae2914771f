// Numbers of a plot: ticks, ranges, values between samples.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "render/plot/plot_scale.h"

using namespace hipspine;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();

PlotSpec spec_of(std::vector<float> y) {
  PlotSpec spec;
  spec.curves.push_back({"now", std::move(y), {1, 1, 1, 1}});
  return spec;
}

}  // namespace

TEST_CASE("plot: steps are 1, 2 or 5 times a power of ten, the least that is enough") {
  for (float least : {0.0013f, 0.02f, 0.7f, 1.0f, 1.1f, 2.0f, 4.9f, 5.1f, 380.0f, 50000.0f}) {
    const float step = nice_step(least);
    CAPTURE(least);
    CHECK(step >= least * (1 - 1e-4f));
    CHECK(step <= least * 2.5f * (1 + 1e-4f));
    const float digit = step / std::pow(10.0f, std::floor(std::log10(step) + 1e-4f));
    CHECK((std::abs(digit - 1) < 1e-3f || std::abs(digit - 2) < 1e-3f || std::abs(digit - 5) < 1e-3f));
  }
}

TEST_CASE("plot: ticks lie in the range, at multiples of the step, no more than asked for") {
  const Ticks cycle = ticks_of({0, 100}, 6);
  CHECK(cycle.step == 20);
  CHECK(cycle.first == 0);
  CHECK(cycle.last == 5);
  for (PlotRange range : {PlotRange{-13, 38}, PlotRange{0.41f, 0.97f}, PlotRange{-2000, -100}, PlotRange{3, 3000}}) {
    for (int most : {2, 3, 5, 8}) {
      const Ticks t = ticks_of(range, most);
      CHECK(t.last - t.first + 1 <= most);
      CHECK(t.last >= t.first);
      CHECK(t.at(t.first) >= range.low - 1e-3f * t.step);
      CHECK(t.at(t.last) <= range.high + 1e-3f * t.step);
    }
  }
  CHECK(ticks_of({1, 1}, 5).last < ticks_of({1, 1}, 5).first);
}

TEST_CASE("plot: values between samples are linear, and unknown beside an unknown sample") {
  const std::vector<float> y = {0, 10, kNaN, 30, 40};  // at 0, 25, 50, 75, 100 %
  CHECK(value_at(y, 0) == 0);
  CHECK(value_at(y, 12.5f) == doctest::Approx(5));
  CHECK(value_at(y, 25) == 10);
  CHECK(std::isnan(value_at(y, 30)));
  CHECK(std::isnan(value_at(y, 50)));
  CHECK(value_at(y, 75) == 30);
  CHECK(value_at(y, 90) == doctest::Approx(36));
  CHECK(value_at(y, 130) == 40);
  CHECK(std::isnan(value_at({}, 10)));
}

TEST_CASE("plot: a NaN splits a line into runs of at least two samples") {
  const std::vector<Run> runs = finite_runs({1, 2, kNaN, 4, kNaN, 6, 7, 8});
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].first == 0);
  CHECK(runs[0].last == 1);
  CHECK(runs[1].first == 5);
  CHECK(runs[1].last == 7);
  CHECK(finite_runs(std::vector<float>{kNaN, 1, kNaN}).empty());
  const PlotBand band{{0, kNaN, 2, 3}, {1, 2, 3, kNaN}, ""};
  CHECK(finite_runs(band).empty());
}

TEST_CASE("plot: the range holds every curve and the band, and zero where loads start from it") {
  PlotSpec spec = spec_of({2, 5});
  spec.curves.push_back({"other", {kNaN, 9}, {1, 1, 1, 1}});
  CHECK(data_range(spec).low == 2);
  CHECK(data_range(spec).high == 9);
  spec.band = PlotBand{{-3, 1}, {4, 12}, ""};
  CHECK(data_range(spec).low == -3);
  CHECK(data_range(spec).high == 12);
  spec.band.reset();
  spec.from_zero = true;
  CHECK(data_range(spec).low == 0);
  spec.least_span = 30;
  CHECK(data_range(spec).low == 0);  // a floor stays a floor
  CHECK(data_range(spec).high == doctest::Approx(30));
  const PlotRange nothing = data_range(spec_of({kNaN, kNaN}));
  CHECK(nothing.span() > 0);
  PlotSpec quiet = spec_of({0.01f, -0.01f});
  quiet.least_span = 4;
  CHECK(data_range(quiet).low == doctest::Approx(-2));
  CHECK(data_range(quiet).high == doctest::Approx(2));
}

TEST_CASE("plot: axes grow at once and shrink only when half of them is empty") {
  PlotView view;
  fit_view(spec_of({0, 100}), view);
  CHECK(view.low <= 0);
  CHECK(view.high >= 100);
  const PlotView first = view;
  fit_view(spec_of({10, 85}), view);  // smaller, but more than half: nothing moves
  CHECK(view.low == first.low);
  CHECK(view.high == first.high);
  fit_view(spec_of({10, first.high + 5}), view);  // leaves the axes: they grow
  CHECK(view.high >= first.high + 5);
  const PlotView grown = view;
  fit_view(spec_of({20, 30}), view);
  CHECK(view.high - view.low < 0.5f * (grown.high - grown.low));
  CHECK(view.low <= 20);
  CHECK(view.high >= 30);
  view = {3, 4, true};  // zoomed by hand: stays
  fit_view(spec_of({0, 100}), view);
  CHECK(view.low == 3);
  CHECK(view.high == 4);
}

TEST_CASE("plot: a fresh fit never asks for another one") {
  for (float low : {-37.3f, -1.0f, 0.0f, 0.013f, 52.0f, 1900.0f})
    for (float span : {0.4f, 1.0f, 3.7f, 26.0f, 999.0f, 1001.0f})
      for (bool from_zero : {false, true}) {
        PlotSpec spec = spec_of({low, low + span});
        spec.from_zero = from_zero;
        PlotView view;
        fit_view(spec, view);
        const PlotView once = view;
        fit_view(spec, view);
        CAPTURE(low);
        CAPTURE(span);
        CHECK(view.low == once.low);
        CHECK(view.high == once.high);
        const PlotRange data = data_range(spec);
        CHECK(view.low <= data.low + 1e-3f * span);
        CHECK(view.high >= data.high - 1e-3f * span);
        CHECK(data.span() > 0.5f * (view.high - view.low));
      }
}

TEST_CASE("plot: numbers are written with a true minus and as many decimals as they need") {
  CHECK(number_text(-3.16f, 1) == "\u22123.2");
  CHECK(number_text(-0.04f, 1) == "0.0");
  CHECK(number_text(kNaN, 1) == "\u2013");
  CHECK(decimals_for(2000) == 0);
  CHECK(decimals_for(50) == 1);
  CHECK(decimals_for(0.9f) == 3);
  CHECK(tick_text(0.5f, 0.25f) == "0.5");
  CHECK(tick_text(-20, 10) == "\u221220");
  CHECK(tick_text(0.05f, 0.05f) == "0.05");
  CHECK(unit_text("deg") == "\u00b0");
  CHECK(unit_text("1").empty());
  CHECK(unit_text("N") == " N");
}
