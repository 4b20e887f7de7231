// Files that the command line names: relative to where it was typed, anywhere on the machine.
#pragma once

#include <string>

#include "ir/base/result.h"

namespace wfc::driver {

/// The whole file, which is a regular one; `-` is standard input, whatever that is. The error is
/// for people.
[[nodiscard]] Result<std::string> ReadFile(const std::string& path);

}  // namespace wfc::driver
