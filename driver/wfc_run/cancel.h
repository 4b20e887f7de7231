// The verb `cancel`: ends a run that another process drives, or that nobody drives any more.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

/// Cancels a run: asks its driver to, or drives it to its end, so that its cleanup runs.
[[nodiscard]] ExitCode CancelRun(const CancelOptions& options);

}  // namespace wfc::driver
