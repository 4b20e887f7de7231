// Suppressions: the comments `# wfc: ignore[CODE, …] reason` in a project's manifests. They are
// found here; the driver applies them after all phases have reported.
#pragma once

#include <vector>

#include "frontend/manifest/syntax.h"
#include "ir/base/span.h"
#include "ir/support/source_map.h"

namespace wfc::manifest {

/// One suppressing comment, not yet checked: its codes may be unknown and its reason missing.
struct Suppression {
  Span comment;             ///< the whole comment, from its `#`
  std::vector<Span> codes;  ///< the codes as written; empty without brackets or between them
  Span reason;              ///< the text after the closing bracket; may be empty
  /// The suppression applies to findings that begin in this span: the comment's line or, when the
  /// comment stands alone, the next line with content. If that line holds the key of a stage, the
  /// span is the whole stage.
  Span covered;
};

/// All suppressions of the project, in the order of files and lines.
[[nodiscard]] std::vector<Suppression> FindSuppressions(const Syntax& syntax,
                                                        const SourceMap& sources);

}  // namespace wfc::manifest
