// What the compiler does to the file system: whole files, read and written.
#pragma once

#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace wfc::driver {

/// By a temporary file beside it and a rename, so that no reader ever sees half of it; a symbolic
/// link stays one, and the mode of a file that exists is kept.
[[nodiscard]] Result<void, Error> WriteFileAtomically(const std::string& path,
                                                      std::string_view content);

[[nodiscard]] Result<std::string, Error> ReadWholeFile(const std::string& path);

}  // namespace wfc::driver
