// Lower: typed syntax to workflow IR. Names are resolved, defaults filled in, expressions parsed
// and what each stage waits for is derived. The pipeline calls it once a project.
#pragma once

#include "frontend/manifest/syntax.h"
#include "ir/diag/sink.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::lower {

/// Fills `project`, which is empty, from `syntax`. Prompt files and fixtures are read from below
/// `syntax.project_files` and join `sources`. What is wrong is reported; what is poisoned by it is
/// left out or marked, so that the result is always well formed. `project.schema_places` looks into
/// `syntax`, which outlives it.
void Lower(const manifest::Syntax& syntax, SourceMap& sources, diag::Sink& sink,
           ir::Project& project);

}  // namespace wfc::lower
