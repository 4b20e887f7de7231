// What the system lets the runtime do on this machine. Called by `wfc doctor`.
#pragma once

#include <vector>

#include "backend-runtime/preflight/finding.h"

namespace wfc::preflight {

/// Tries each call of the kernel that the runtime depends on or prefers.
[[nodiscard]] std::vector<Finding> LookAtKernel();

}  // namespace wfc::preflight
