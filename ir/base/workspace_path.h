// Paths in the workspace as every call takes them (docs/language/tools.md): relative, and
// without `..`. The compiler checks constant paths by the same rule that tools apply at run time.
#pragma once

#include <string>
#include <string_view>

namespace wfc {

/// Why no call can take the path, whatever is granted, as the rest of a sentence: "is absolute;
/// paths are relative to the workspace". Empty when the path is well formed.
[[nodiscard]] std::string_view FindPathProblem(std::string_view path);

/// The path without `.` segments and repeated slashes; `.` when nothing is left. Precondition:
/// FindPathProblem finds nothing.
[[nodiscard]] std::string NormalizeWorkspacePath(std::string_view path);

/// Whether a segment of the path is `.git` or `.wfc`; tools never list or write such paths.
[[nodiscard]] bool IsReservedPath(std::string_view path);

}  // namespace wfc
