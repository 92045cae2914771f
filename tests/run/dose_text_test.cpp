#include "sim/run/dose_text.h"

#include <doctest/doctest.h>

using namespace hipspine;

TEST_CASE("doses by step, thousand and day: a stride is two steps; other tasks have no day") {
  Summary s;
  s.task = "walk";
  s.doses = {{"L4_L5_facet_r", {0.046, 2}}};
  s.efforts = {{"multifidus", kRight, 0.125, 0.3, 0.2}, {"multifidus", kLeft, 0.1, 0.2, 0.1}};
  Summary healthy = s;
  healthy.doses[0].per_cycle = {0.023, 0.01};
  healthy.efforts[0].fatigue = 0.1;
  const std::string text = dose_text(s, &healthy);
  // 0.046 kN^2 s a stride: 0.023 a step, 23 in a thousand, 117.7 in 5117 [bassett2010]; twice healthy; 2 / 0.01 = 200.
  for (const char* part : {"L4/L5 right facet", "0.0230", "23.0", "118", "2.00", "> 100", "multifidus", "12.5", "10.0"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, "\n", text);
  s.task = "sit_to_stand";
  const std::string rising = dose_text(s, nullptr);
  CHECK(rising.find("46.0") != std::string::npos);
  CHECK(rising.find("per day") == std::string::npos);
  CHECK(rising.find("of the base") == std::string::npos);
  CHECK(dose_ratio(1, 0) == "-");
}
