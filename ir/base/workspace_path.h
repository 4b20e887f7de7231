// Paths in the workspace, as every call takes them (language.md, "Tools and servers"): relative,
// never upwards. The compiler refuses constant ones by the same rule as the tools do at run time.
#pragma once

#include <string>
#include <string_view>

namespace wfc {

/// Why no call takes the path, whatever is granted: "is absolute; paths are relative to the
/// workspace"; "": it is well formed.
[[nodiscard]] std::string_view FindPathProblem(std::string_view path);

/// A path without a problem, without `.` and repeated slashes; `.` when nothing is left.
[[nodiscard]] std::string NormalizeWorkspacePath(std::string_view path);

/// Whether a segment is `.git` or `.wfc`: never listed, never written.
[[nodiscard]] bool IsReservedPath(std::string_view path);

}  // namespace wfc
