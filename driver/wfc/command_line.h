// Reads the command line of `wfc`. Called by main. Only command_line.cpp and forwarded_verbs.cpp
// know CLI11.
#pragma once

#include <variant>

#include "driver/wfc/commands.h"

namespace wfc::driver {

/// The options of the verb that was asked for. After `--help`, `--version` or a usage error it is
/// the exit code instead, and the text has been printed.
using Command = std::variant<ExitCode, CheckOptions, ExplainOptions, CompileOptions, InspectOptions,
                             GuardOptions, RunOptions>;

/// Parses the arguments of main.
[[nodiscard]] Command ParseCommandLine(int argc, char** argv);

}  // namespace wfc::driver
