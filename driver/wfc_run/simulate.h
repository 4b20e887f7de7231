// `wfc-run simulate`: runs a plan many times without models and tools, and says what was reached
// and what failed that should not have.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

[[nodiscard]] ExitCode SimulatePlan(const SimulateOptions& options);

}  // namespace wfc::driver
