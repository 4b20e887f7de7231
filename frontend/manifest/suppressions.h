// Suppressions: the comments `# wfc: ignore[CODE, …] reason` of a project's manifests. Found here,
// applied by the driver after all phases have reported.
#pragma once

#include <vector>

#include "frontend/manifest/syntax.h"
#include "ir/base/span.h"
#include "ir/support/source_map.h"

namespace wfc::manifest {

struct Suppression {
  Span comment;             ///< from its `#`
  std::vector<Span> codes;  ///< as written between the brackets; none: there are no brackets
  Span reason;              ///< what follows the bracket; may be empty
  /// Findings that begin in here are meant: the comment's line, or, when it stands alone, the next
  /// line that is no comment; the whole stage when that line holds a stage's key.
  Span covered;
};

/// In the order of files and lines.
[[nodiscard]] std::vector<Suppression> FindSuppressions(const Syntax& syntax,
                                                        const SourceMap& sources);

}  // namespace wfc::manifest
