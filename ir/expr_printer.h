// Prints expressions with the names of a project, for messages and for the IR as text.
#pragma once

#include <string>

#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::ir {

/// The root as an expression spells it: "stages.fetch.output", "vars.limit".
[[nodiscard]] std::string PrintRoot(const Project& project, const Root& root);

/// The expression printed from its tree, with parentheses only around operands that are operators
/// themselves. Loop variables appear as `v0`, `v1` …, because the tree does not keep their names.
[[nodiscard]] std::string PrintExpr(const Project& project, ExprId id);

/// The expression as its author wrote it, if that is a single line; otherwise as PrintExpr prints
/// it. The source text is preferable because a tree has lost the names of loop variables and has
/// its short forms expanded.
[[nodiscard]] std::string ShowExpr(const SourceMap& sources, const Project& project, ExprId id);

}  // namespace wfc::ir
