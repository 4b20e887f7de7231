// How long to wait before another attempt.
#pragma once

#include <cstdint>

#include "backend-runtime/runtime/ids.h"
#include "schemas/plan_generated.h"

namespace wfc::runtime {

/// Nanoseconds between attempt `failed_attempts` (from 1) and the next: `initial * factor^(n-1)`,
/// at most `max`; with jitter between half of that and all of it. What the jitter is depends on the
/// run's seed, the node and the attempt alone, not on the order in which things happen.
[[nodiscard]] int64_t BackoffDelay(const plan::fb::Retry& retry, uint64_t seed, NodeId node,
                                   uint32_t failed_attempts);

}  // namespace wfc::runtime
