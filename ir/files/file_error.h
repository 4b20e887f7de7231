// Maps the system's error numbers to FileError and checks paths before they are opened. The real
// files and the simulated files of tests share these functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/files/files.h"

namespace wfc::files {

/// An error whose message names `path` and describes `kind`.
[[nodiscard]] FileError MakeFileError(FileError::Kind kind, std::string_view path);
/// The error that the `errno` value `error_number` means for `path`.
[[nodiscard]] FileError MakeFileError(int error_number, std::string_view path);

/// The segments of a relative path without `.` segments; empty for the root. An absolute path, a
/// `..` segment and a NUL are each an error of kind Escapes.
[[nodiscard]] FileResult<std::vector<std::string>> SplitPath(std::string_view path);
/// The segments with `/` between them; `.` when there are none.
[[nodiscard]] std::string JoinPath(const std::vector<std::string>& segments);

}  // namespace wfc::files
