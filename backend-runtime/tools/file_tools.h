// The built-ins that work on files and block: fs.list, fs.read, fs.write, text.search. Run on a
// worker; language.md, "Tools and servers", has their inputs, defaults and outputs.
#pragma once

#include "backend-runtime/tools/workspace.h"

namespace wfc::tools {

[[nodiscard]] ToolResult ListFiles(const Value& with, const Workspace& workspace);
[[nodiscard]] ToolResult ReadTextFile(const Value& with, const Workspace& workspace);
[[nodiscard]] ToolResult WriteTextFile(const Value& with, const Workspace& workspace);
[[nodiscard]] ToolResult SearchFiles(const Value& with, const Workspace& workspace);

}  // namespace wfc::tools
