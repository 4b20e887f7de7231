// The verb `runs list`, and the runs that `resume` can go on with.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/runs/runs_options.h"

namespace wfc::driver {

/// Prints the runs of a run root, the newest first.
[[nodiscard]] ExitCode ListRuns(const ListOptions& options);

/// Says which runs can be gone on with, for a `resume` that names none.
[[nodiscard]] ExitCode ListResumable();

}  // namespace wfc::driver
