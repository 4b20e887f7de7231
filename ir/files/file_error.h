// What the system's error numbers mean for a file, and which paths may be asked for at all. Shared
// by the real and the simulated files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/files/files.h"

namespace wfc::files {

[[nodiscard]] FileError MakeFileError(FileError::Kind kind, std::string_view path);
/// From `errno`.
[[nodiscard]] FileError MakeFileError(int error_number, std::string_view path);

/// The segments of a relative path without `.`; empty for the root. Absolute paths, `..` and NUL
/// are Escapes.
[[nodiscard]] FileResult<std::vector<std::string>> SplitPath(std::string_view path);
[[nodiscard]] std::string JoinPath(const std::vector<std::string>& segments);

}  // namespace wfc::files
