// What an expression of a project looks like: for messages, and for the IR as text.
#pragma once

#include <string>

#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::ir {

/// "stages.fetch.output", "vars.limit".
[[nodiscard]] std::string PrintRoot(const Project& project, const Root& root);

/// As it would be written, with as few brackets as it needs.
[[nodiscard]] std::string PrintExpr(const Project& project, ExprId id);

/// As its author wrote it, where that is one line: a printed tree has lost the names of loops, and
/// shows what short forms stand for.
[[nodiscard]] std::string ShowExpr(const SourceMap& sources, const Project& project, ExprId id);

}  // namespace wfc::ir
