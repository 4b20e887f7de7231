// Times of the wall clock as values. The records of a run contain them.
#pragma once

#include <cstdint>

#include "ir/base/time_units.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// The time `wall_ns` nanoseconds after the beginning of 1970.
[[nodiscard]] inline TimeValue ToTime(int64_t wall_ns) {
  return {.seconds = wall_ns / kNsPerSecond,
          .nanos = static_cast<uint32_t>(wall_ns % kNsPerSecond)};
}

}  // namespace wfc::driver
