#pragma once
/// Sacroiliac joints and pubic symphysis: equilibrium of the two hip bones under hip contact, muscles and weight.
#include <array>

#include "sim/core/frames.h"

namespace hipspine {

/// Loads of one sacroiliac joint; signs in `hipspine info --columns`.
struct SacroiliacLoad {
  double compression_n = 0;  ///< pressing > 0, along the joint's normal
  double shear_n = 0;        ///< magnitude in the joint's plane
  double moment_nm = 0;      ///< magnitude
  double nutation_rad = 0;   ///< sacral promontory forward and down > 0
};

}  // namespace hipspine
