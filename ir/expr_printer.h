// What an expression of a project looks like: for messages, and for the IR as text.
#pragma once

#include <string>

#include "ir/project.h"

namespace wfc::ir {

/// "stages.fetch.output", "vars.limit".
[[nodiscard]] std::string PrintRoot(const Project& project, const Root& root);

/// As it would be written, with as few brackets as it needs.
[[nodiscard]] std::string PrintExpr(const Project& project, ExprId id);

}  // namespace wfc::ir
