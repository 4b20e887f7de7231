// What is read of an open file: all of it, if it is a regular file and not larger than is wanted.
// The one place that reads files, for projects and for runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/files/files.h"

namespace wfc::files {

/// At most `max_bytes` of the file, into a buffer of its size; a device, a pipe or a folder is
/// WrongKind. `path` is for messages; `real_path` is left empty.
[[nodiscard]] FileResult<FileContent> ReadRegularFile(int descriptor, std::string_view path,
                                                      uint64_t max_bytes);

/// The absolute path of an open file or folder; empty when the system does not tell.
[[nodiscard]] std::string DescriptorPath(int descriptor);

/// `path` relative to `root` (both absolute), `.` for the root itself; no value when it is
/// elsewhere.
[[nodiscard]] std::optional<std::string> PathBeneath(std::string_view root, std::string_view path);

}  // namespace wfc::files
