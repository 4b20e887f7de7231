// Evaluates expressions, and parts of them, that have the same value whatever they read.
#pragma once

#include <optional>
#include <span>

#include "ir/project.h"

namespace wfc::passes {

/// The value that the expression always has, which may be an error; empty if it depends on what is
/// read or holds poison. `run.mode` counts as unknown, since it differs from run to run.
[[nodiscard]] std::optional<Value> FindConstant(const ir::Project& project, ir::ExprId id);

/// The result of an operator or a call for these operands, which may be an error.
[[nodiscard]] Value EvaluateWith(const expr::Expr& node, std::span<const Value> operands);

}  // namespace wfc::passes
