// Bounds: upper limits on what a run of a plan can do, computed from attempts, bodies and timeouts
// alone. `wfc inspect` shows them.
#pragma once

#include <cstdint>
#include <optional>

#include "backend-runtime/plan/view.h"

namespace wfc::plan {

/// How many calls of each kind a run can make, and how long it can take. Each value saturates at
/// its type's maximum.
struct Bounds {
  uint64_t agent_calls = 0;
  uint64_t tool_calls = 0;
  uint64_t commands = 0;
  /// Nanoseconds if everything ran sequentially, delays included; none if something that acts on
  /// the outside world has no timeout.
  std::optional<int64_t> time_ns;
};

/// Linear in the size of the plan.
[[nodiscard]] Bounds FindBounds(const PlanView& plan);

}  // namespace wfc::plan
