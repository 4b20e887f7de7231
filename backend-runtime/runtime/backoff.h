// The delay before a further attempt. The state machine uses it.
#pragma once

#include <cstdint>

#include "backend-runtime/runtime/ids.h"
#include "schemas/plan_generated.h"

namespace wfc::runtime {

/// The nanoseconds between attempt `failed_attempts` (n, from 1) and the next:
/// `initial * factor^(n-1)`, at most `max`; with jitter, a random part between half of that and all
/// of it. The jitter depends only on the run's seed, the node and the attempt, not on the order of
/// events.
[[nodiscard]] int64_t BackoffDelay(const plan::fb::Retry& retry, uint64_t seed, NodeId node,
                                   uint32_t failed_attempts);

}  // namespace wfc::runtime
