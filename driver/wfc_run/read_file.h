// Reads the files that the command line names. They may be anywhere on the machine; relative paths
// begin at the working directory.
#pragma once

#include <string>

#include "ir/base/result.h"

namespace wfc::driver {

/// Reads a whole file, which must be a regular file; `-` stands for standard input, which may be
/// anything. The error is a message for the user.
[[nodiscard]] Result<std::string> ReadFile(const std::string& path);

}  // namespace wfc::driver
