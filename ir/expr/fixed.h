// Which expressions have the same value whatever is read: constants, and loops over nothing, whose
// bodies are never evaluated. Inference and passes ask where they would otherwise ask for a
// constant.
#pragma once

#include "ir/expr/expr.h"

namespace wfc::expr {

/// IsFixed for a tree that is not constant.
[[nodiscard]] bool IsFixedWithLoops(const ExprStore& store, ExprId id);

/// Whether the tree is constant (Expr::is_constant), but for the bodies of loops over a list or map
/// that is written empty, as in `size([].map(v, input.x)) > 0`. Fold evaluates it then.
[[nodiscard]] inline bool IsFixed(const ExprStore& store, ExprId id) {
  const Expr& expr = store[id];
  return expr.is_constant || (expr.has_loop && IsFixedWithLoops(store, id));
}

}  // namespace wfc::expr
