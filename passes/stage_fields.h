// The expressions of a stage, in the order in which it comes to them. For presence and what asks
// it.
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

}  // namespace wfc::passes
