// The expressions of a stage, in the order in which it comes to them, and of the whole project. For
// presence and what asks it, and for checks of expressions.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/project.h"

namespace wfc::passes {

/// When a stage evaluates an expression.
enum class Moment : uint8_t {
  Joined,   ///< `if`: its `join` holds
  Started,  ///< what its verb needs: its `if` holds as well
  Failed,   ///< what `on_error` puts in place of its output
};

/// Those of its bodies are their stages' own.
void ForEachField(const ir::Project& project, const ir::Stage& stage,
                  llvm::function_ref<void(ir::ExprId, Moment)> visit);

/// Every expression of the project as a whole, each once: of agents and tools, of stages, and the
/// outputs of bodies and workflows.
void ForEachExpression(const ir::Project& project, llvm::function_ref<void(ir::ExprId)> visit);

}  // namespace wfc::passes
