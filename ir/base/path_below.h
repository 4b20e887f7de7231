// Tells from the text of a path whether it stays beneath a folder. Symbolic links are checked when
// a file is opened (ir/files).
#pragma once

#include <string_view>

namespace wfc {

/// Whether `path` can name something beneath a folder: it is relative, is not empty, and has no
/// `..` segment and no NUL.
[[nodiscard]] bool IsPathBelow(std::string_view path);

}  // namespace wfc
