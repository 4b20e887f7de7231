// Bounds: what a run of a plan can do at most, from attempts, bodies and timeouts alone.
#pragma once

#include <cstdint>
#include <optional>

#include "backend-runtime/plan/view.h"

namespace wfc::plan {

/// Each saturates at the maximum.
struct Bounds {
  uint64_t agent_calls = 0;
  uint64_t tool_calls = 0;
  uint64_t commands = 0;
  /// If everything ran one after another; none when something that acts has no timeout.
  std::optional<int64_t> time_ns;
};

[[nodiscard]] Bounds FindBounds(const PlanView& plan);

}  // namespace wfc::plan
