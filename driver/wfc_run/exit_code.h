// The exit codes of wfc-run (docs/runs.md), and how it prints results and
// errors.
#pragma once

#include <cstdint>
#include <string_view>

#include "ir/base/words.h"

namespace wfc::driver {

/// The exit codes of wfc-run.
enum class ExitCode : int {
  Completed = 0,
  Failed = 1,
  Usage = 2,        ///< wrong arguments, an unreadable path, a wrong input, or a refused plan
  Bug = 3,          ///< a bug in wfc
  Partial = 5,      ///< something was tolerated, truncated or left out
  Parked = 6,       ///< the run waits for a person
  Storage = 7,      ///< the run's records or its result could not be written
  Interrupted = 8,  ///< nobody drives a run that has not ended, or its driver does not get on
  Cancelled = 130,  ///< the run was interrupted
};

/// The code of a run that has the status. One that goes on is no failure.
[[nodiscard]] ExitCode ExitCodeOf(RunStatus status);

/// Prints `wfc-run: MESSAGE` on standard error.
void PrintError(std::string_view message);
/// The same; the code is returned, for who ends with it.
[[nodiscard]] ExitCode Fail(ExitCode code, std::string_view message);

/// Writes a result to standard output. False if it cannot be written, which has been printed.
[[nodiscard]] bool PrintResult(std::string_view text);

}  // namespace wfc::driver
