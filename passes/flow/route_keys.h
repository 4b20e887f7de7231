// Converts the keys of `routes` in JSON files, which are always texts, to the values that they
// represent by the type of what is decided. Runs before the checks.
#pragma once

#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

/// Replaces the keys in `project`: `"true"` becomes true if a boolean is decided, and `"1"` becomes
/// 1 if an integer is. A key stays a text if the decided value may be one.
void ReadRouteKeys(ir::Project& project, const SourceMap& sources);

}  // namespace wfc::passes
