// The verb `replay --from`: a new run that takes over what an earlier one did, and goes on live
// from a stage.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/runs/runs_options.h"

namespace wfc::driver {

[[nodiscard]] ExitCode BranchRun(const ReplayOptions& options);

}  // namespace wfc::driver
