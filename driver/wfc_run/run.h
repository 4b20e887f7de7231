// `wfc-run run`, `resume` and `resolve`: run a plan once, or go on with a run. Called by main.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

/// Prepares and runs the plan, shows its progress and prints its result. Returns the exit code; why
/// it is not Completed has been printed.
[[nodiscard]] ExitCode RunPlan(const RunOptions& options);
/// Goes on with a run, after a resolution if the options have one.
[[nodiscard]] ExitCode ResumeRun(const ResumeOptions& options);

}  // namespace wfc::driver
