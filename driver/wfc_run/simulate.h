// `wfc-run simulate`: runs a plan many times without models and tools, and reports which parts of
// it were reached and which unexpected failures occurred. Called by main.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

/// Simulates the plan and prints the report. Returns the exit code; a reason for Usage has been
/// printed.
[[nodiscard]] ExitCode SimulatePlan(const SimulateOptions& options);

}  // namespace wfc::driver
