// Unpredictable random numbers from the system, for example for run ids. Numbers that a seed
// decides come from ir/base/random.h.
#pragma once

#include <cstdint>

namespace wfc::host {

/// 64 bits from the system's generator (getrandom). May block early after boot; cannot fail.
[[nodiscard]] uint64_t SystemRandom();

}  // namespace wfc::host
