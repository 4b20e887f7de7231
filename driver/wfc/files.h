// Writes the files that the command line names, which may be anywhere on the machine. Called by the
// verbs that write plans and reports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace wfc::driver {

/// What to do if the path is a symbolic link: write its target and keep the link, or replace the
/// link by the file.
enum class Links : uint8_t { Follow, Replace };

/// Writes a file as a whole, by a temporary file in the same folder and a rename, so that no reader
/// ever sees a part of it. An existing file's mode is kept. A device or pipe is written in place.
[[nodiscard]] Result<void, Error> WriteFileAtomically(const std::string& path,
                                                      std::string_view content, Links links);

}  // namespace wfc::driver
