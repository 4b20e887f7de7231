// Files that manifests name: prompts and fixtures, below the project's folder.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// The file that the scalar names, read once and added to the source map. None when it was
/// reported: not a path below the folder, not there, too large or not UTF-8. `what` is what it is
/// for: "prompt file".
[[nodiscard]] FileId ReadProjectFile(Context& context, Located path, std::string_view what);

}  // namespace wfc::lower
