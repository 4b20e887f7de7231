// The delay before a further attempt. The state machine uses it.
#pragma once

#include <cstdint>

#include "backend-runtime/runtime/machine/ids.h"
#include "schemas/plan_generated.h"

namespace wfc::runtime {

/// The attempt that failed.
struct FailedAttempt {
  BodyId body;  ///< in which the node ran
  NodeId node;
  uint32_t attempt = 1;  ///< of the node in the body
};

/// The nanoseconds between attempt n of a node and the next: `initial * factor^(n-1)`, at most
/// `max`; with jitter, a random part between half of that and all of it. The jitter depends only on
/// the run's seed and the attempt, not on the order of events.
[[nodiscard]] int64_t BackoffDelay(const plan::fb::Retry& retry, uint64_t seed,
                                   const FailedAttempt& failed);

}  // namespace wfc::runtime
