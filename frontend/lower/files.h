// Reads the files below the project's folder that manifests refer to: prompts and fixtures. Called
// by lowering.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// Reads the file whose path is the scalar `path`, once per file, and adds it to the source map.
/// Reports a path that does not lead below the project's folder, and a file that is missing, too
/// large or not UTF-8; the id is then empty. `what` names the file's purpose in messages: "prompt
/// file".
[[nodiscard]] FileId ReadProjectFile(Context& context, Located path, std::string_view what);

}  // namespace wfc::lower
