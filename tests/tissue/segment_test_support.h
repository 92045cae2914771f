#pragma once
/// The reference spine, loaded once per test case.
#include <doctest/doctest.h>

#include "sim/tissue/segment.h"

namespace hipspine {

inline Spine reference_spine() {
  Diagnostics diagnostics;
  Model model;
  const Spine spine = load_spine(HIPSPINE_SOURCE_DIR "/models", model, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return spine;
}

}  // namespace hipspine
