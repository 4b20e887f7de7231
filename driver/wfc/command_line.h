// Reads the command line of `wfc`. The only file that knows CLI11 is command_line.cpp.
#pragma once

#include <variant>

#include "driver/wfc/commands.h"

namespace wfc::driver {

/// The verb and its options; or the exit code, after `--help`, `--version` or a usage error, which
/// has been printed.
using Command = std::variant<ExitCode, CheckOptions, ExplainOptions, CompileOptions, InspectOptions,
                             GuardOptions, RunOptions>;

[[nodiscard]] Command ParseCommandLine(int argc, char** argv);

}  // namespace wfc::driver
