// Whether evaluating an expression can fail, for what depends on a failure: readers of a stage that
// is tolerated or recovered, and what stands in for its output.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"

namespace wfc::passes {

/// False: no value that fits its schema makes it fail. `is_known`: whether the kinds of what an
/// expression can be are known, so that operations which they do not have are errors already.
[[nodiscard]] bool MayFail(const expr::ExprStore& exprs, expr::ExprId id,
                           llvm::function_ref<bool(expr::ExprId)> is_known);

/// The same where no types are known yet.
[[nodiscard]] inline bool MayFail(const expr::ExprStore& exprs, expr::ExprId id) {
  return MayFail(exprs, id, [](expr::ExprId) { return false; });
}

}  // namespace wfc::passes
