// Randomness from the system, where it must be unpredictable; ir/base/random.h is for what a seed
// decides.
#pragma once

#include <cstdint>

namespace wfc::host {

/// From the system's generator.
[[nodiscard]] uint64_t SystemRandom();

}  // namespace wfc::host
