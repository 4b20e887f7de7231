// The units of times and durations, which are counted in nanoseconds.
#pragma once

#include <cstdint>

namespace wfc {

inline constexpr int64_t kNsPerMs = 1'000'000;
inline constexpr int64_t kNsPerSecond = 1'000'000'000;

}  // namespace wfc
