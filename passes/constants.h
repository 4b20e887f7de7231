// Conditions that have the same value whatever is read.
#pragma once

#include <optional>

#include "ir/expr/compiler.h"
#include "ir/project.h"

namespace wfc::passes {

/// The value that the expression always has, which may be an error; empty when it depends on what
/// is read, or holds poison. `run.mode` counts as not known: it differs from run to run.
[[nodiscard]] inline std::optional<Value> FindConstant(const ir::Project& project, ir::ExprId id) {
  return expr::EvaluatePartial(project.exprs, id,
                               [](const Root&) -> std::optional<Value> { return std::nullopt; });
}

}  // namespace wfc::passes
