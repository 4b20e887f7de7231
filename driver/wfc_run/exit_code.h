// Exit codes of runs, and how results and the messages that end them are printed (language.md,
// "From the command line").
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc::driver {

enum class ExitCode : int {
  Completed = 0,
  Failed = 1,
  Usage = 2,  ///< also an unreadable path, an input that does not fit, a plan that is refused
  Bug = 3,
  Partial = 5,
  Storage = 7,  ///< the run's records or its result could not be written
  Cancelled = 130,
};

/// `wfc-run: MESSAGE` on standard error.
void PrintError(std::string_view message);

/// Writes a result to standard output; false when it cannot be written, which has been said.
[[nodiscard]] bool PrintResult(std::string_view text);

}  // namespace wfc::driver
