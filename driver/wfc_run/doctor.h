// `wfc-run doctor`: reports what plans need from the machine, and whether it is there. Nothing is
// run and nothing is written. Called by main.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

/// Looks at all that each plan needs, and at the machine, and prints a report. The exit code is
/// Completed if nothing is missing, Failed if something is, and Usage if a plan cannot be read.
[[nodiscard]] ExitCode ExaminePlans(const DoctorOptions& options);

}  // namespace wfc::driver
