// Lists the expressions of a stage with the moment at which each is evaluated, for the presence
// analysis and for the checks that ask it.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expressions.h"
#include "ir/project.h"

namespace wfc::passes {

/// When a stage evaluates an expression.
enum class Moment : uint8_t {
  Joined,   ///< `if`: its `join` holds
  Started,  ///< what its verb needs: its `if` holds as well
  Failed,   ///< what `on_error` puts in place of its output
};

/// Calls `visit` with every expression of the stage that may read other stages, which is all but
/// its prompt, in order of evaluation. Expressions inside nested bodies are visited through their
/// own stages, not here.
void ForEachEvaluated(const ir::Project& project, const ir::Stage& stage,
                      llvm::function_ref<void(ir::ExprId, Moment)> visit);

}  // namespace wfc::passes
