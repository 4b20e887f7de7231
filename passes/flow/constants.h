// Expressions, and parts of them, that have the same value whatever is read.
#pragma once

#include <optional>
#include <span>

#include "ir/project.h"

namespace wfc::passes {

/// The value that the expression always has, which may be an error; empty when it depends on what
/// is read, or holds poison. `run.mode` counts as not known: it differs from run to run.
[[nodiscard]] std::optional<Value> FindConstant(const ir::Project& project, ir::ExprId id);

/// What an operator or a call yields for these operands.
[[nodiscard]] Value EvaluateWith(const expr::Expr& node, std::span<const Value> operands);

}  // namespace wfc::passes
