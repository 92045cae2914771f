#pragma once
/// Units at the edge of the program. Inside everything is SI and radians in double precision; files, panels and
/// exports use degrees, millimetres, megapascals and body weights. Every conversion goes through this header.
#include <numbers>

namespace hipspine {

inline constexpr double kGravity_m_s2 = 9.80665;  ///< standard gravity [m/s^2]; the vector is (0, -g, 0)

inline constexpr double kDeg = std::numbers::pi / 180.0;  ///< one degree in radians

[[nodiscard]] constexpr double rad_from_deg(double deg) { return deg * kDeg; }
[[nodiscard]] constexpr double deg_from_rad(double rad) { return rad / kDeg; }
[[nodiscard]] constexpr double m_from_mm(double mm) { return mm * 1e-3; }
[[nodiscard]] constexpr double mm_from_m(double m) { return m * 1e3; }
[[nodiscard]] constexpr double pa_from_mpa(double mpa) { return mpa * 1e6; }
[[nodiscard]] constexpr double mpa_from_pa(double pa) { return pa * 1e-6; }
/// Rotational stiffness: N·m per degree (laboratory papers) to N·m per radian.
[[nodiscard]] constexpr double nm_rad_from_nm_deg(double nm_per_deg) { return nm_per_deg / kDeg; }

}  // namespace hipspine
