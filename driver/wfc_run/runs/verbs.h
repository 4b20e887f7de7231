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

/// Runs a recorded run again without the world, and tells the first difference.
[[nodiscard]] ExitCode ReplayRun(const ReplayOptions& options);
/// Checks all that a run has recorded.
[[nodiscard]] ExitCode AuditRun(const AuditOptions& options);
/// Makes the files again that follow from a run's record.
[[nodiscard]] ExitCode RebuildRun(const RebuildOptions& options);

/// Carries out whichever verb was asked for.
[[nodiscard]] ExitCode CarryOut(const RunsCommand& command);

}  // namespace wfc::driver
