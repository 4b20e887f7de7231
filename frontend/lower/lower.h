// Lowers typed syntax to workflow IR: resolves names, fills in defaults, parses expressions and
// derives the dependencies between stages. An analysis calls it once per project.
#pragma once

#include "frontend/manifest/syntax.h"
#include "ir/diag/sink.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::lower {

/// Lowers the project in `syntax`. Prompt files and fixtures are read with `syntax.files` and added
/// to `sources`. Errors are reported to `sink`; the parts that they affect are left out or marked
/// as poison, so the result is always well formed. `schema_places` of the result refers to
/// `syntax`, which must outlive it.
[[nodiscard]] ir::Project Lower(const manifest::Syntax& syntax, SourceMap& sources,
                                diag::Sink& sink);

}  // namespace wfc::lower
