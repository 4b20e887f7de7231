// `wfc-run run`: one plan from its file to its exit code.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

[[nodiscard]] ExitCode RunPlan(const RunOptions& options);

}  // namespace wfc::driver
