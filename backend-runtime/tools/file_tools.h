// The built-in tools that work on files: fs.list, fs.read, fs.write and text.search. They block,
// and BuiltinRunner runs them on a worker. docs/language/tools.md has their inputs,
// defaults and outputs. A path that is not granted fails with `denied`.
#pragma once

#include "backend-runtime/tools/workspace.h"

namespace wfc::tools {

/// fs.list: the files below a folder whose paths match a glob.
[[nodiscard]] ToolResult ListFiles(const Value& with, const Workspace& workspace);
/// fs.read: the text of a file, with U+FFFD for invalid UTF-8.
[[nodiscard]] ToolResult ReadTextFile(const Value& with, const Workspace& workspace);
/// fs.write: writes a text to a file. Paths in `.git` and `.wfc` are denied.
[[nodiscard]] ToolResult WriteTextFile(const Value& with, const Workspace& workspace);
/// text.search: the lines of files that match a regular expression.
[[nodiscard]] ToolResult SearchFiles(const Value& with, const Workspace& workspace);

}  // namespace wfc::tools
