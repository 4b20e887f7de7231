// Paths that stay beneath a folder, as far as their text tells; links are another matter
// (ir/files).
#pragma once

#include <string_view>

namespace wfc {

/// Whether `path` could name something beneath a folder: relative, not empty, without `..` and NUL.
[[nodiscard]] bool IsPathBelow(std::string_view path);

}  // namespace wfc
