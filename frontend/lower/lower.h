// Lower: typed syntax to workflow IR. Names are resolved, defaults filled in, expressions parsed
// and what each stage waits for is derived. An analysis calls it once a project.
#pragma once

#include "frontend/manifest/syntax.h"
#include "ir/diag/sink.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::lower {

/// The project that `syntax` says. Prompt files and fixtures are read from below
/// `syntax.files` and join `sources`. What is wrong is reported; what is poisoned by it is
/// left out or marked, so that the result is always well formed. `project.schema_places` looks into
/// `syntax`, which outlives it.
[[nodiscard]] ir::Project Lower(const manifest::Syntax& syntax, SourceMap& sources,
                                diag::Sink& sink);

}  // namespace wfc::lower
