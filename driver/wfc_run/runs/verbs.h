// The verbs on runs that are recorded. Called by main.
#pragma once

#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/runs/runs_options.h"

namespace wfc::driver {

// Each prints its results and errors, and returns the exit code.

/// Prints what happened in a run, an event a line.
[[nodiscard]] ExitCode ShowEvents(const EventsOptions& options);

/// Prints why a run has failed, or what became of one stage.
[[nodiscard]] ExitCode ShowRun(const ShowOptions& options);

/// Removes runs that have ended.
[[nodiscard]] ExitCode PruneRuns(const PruneOptions& options);

/// Prints how a run stands, once or until it ends.
[[nodiscard]] ExitCode ShowStatus(const StatusOptions& options);

/// Carries out whichever verb was asked for.
[[nodiscard]] ExitCode CarryOut(const RunsCommand& command);

}  // namespace wfc::driver
