// Keys of `routes` in JSON files, where every key is a text: before the checks, each becomes the
// value that it stands for by the type of what is decided.
#pragma once

#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

/// `"true"` over a boolean is true, `"1"` over an integer is 1; where a text is possible a key
/// stays one.
void ReadRouteKeys(ir::Project& project, const SourceMap& sources);

}  // namespace wfc::passes
