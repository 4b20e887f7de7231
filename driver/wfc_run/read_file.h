// Files that the command line names: relative to where it was typed, anywhere on the machine.
#pragma once

#include <string>

#include "ir/base/result.h"

namespace wfc::driver {

/// The whole file, if it is not endless; `-` is standard input. The error is for people.
[[nodiscard]] Result<std::string> ReadFile(const std::string& path);

}  // namespace wfc::driver
