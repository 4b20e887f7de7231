// Reads an open file completely if it is a regular file and not too large. Projects and runs both
// read their files only through this function.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/files/files.h"

namespace wfc::files {

/// Reads at most `max_bytes` bytes of the file. A device, a pipe or a folder is an error of kind
/// WrongKind. `path` is used in messages only; `real_path` of the result is left empty.
[[nodiscard]] FileResult<FileContent> ReadRegularFile(int descriptor, std::string_view path,
                                                      uint64_t max_bytes);

/// The absolute path of an open file or folder; empty when the system does not tell it.
[[nodiscard]] std::string DescriptorPath(int descriptor);

/// `path` relative to `root`, both absolute; `.` for the root itself, and no value when `path` is
/// not beneath `root`.
[[nodiscard]] std::optional<std::string> PathBeneath(std::string_view root, std::string_view path);

}  // namespace wfc::files
