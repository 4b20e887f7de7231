// When a stage evaluates its expressions: for presence, and for what asks it.
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

/// The expressions of a stage that read other stages, in the order in which it comes to them: all
/// but its prompt.
void ForEachField(const ir::Project& project, const ir::Stage& stage,
                  llvm::function_ref<void(ir::ExprId, Moment)> visit);

}  // namespace wfc::passes
