#pragma once
/// Numbers that say whether a result may be trusted; printed with every result, red above their limit.
#include "sim/run/pipeline.h"

namespace hipspine {

/// Residual at the pelvis, reserves, foot slip, hip overshoot, solvers that did not converge.
[[nodiscard]] std::vector<QualityGate> quality_gates(const CycleResult& result);

/// "gastrocnemius 4 %": muscles at full activation somewhere, with their share of the cycle, largest first.
[[nodiscard]] std::vector<std::string> saturated_muscles(const CycleResult& result);

}  // namespace hipspine
