// Whether evaluating an expression can fail, for what depends on a failure: readers of a stage that
// is tolerated or recovered, and what stands in for its output.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::passes {

/// The types of a project's expressions, as far as they have been inferred.
struct KnownTypes {
  expr::TypeTable& table;
  llvm::function_ref<const expr::Type&(expr::ExprId)> of;
};

/// False: no value that fits its schema makes it fail. Where kinds are known, operations that they
/// do not have are errors already.
[[nodiscard]] bool MayFail(const expr::ExprStore& exprs, expr::ExprId id, const KnownTypes& types);

/// The same where no types are known yet.
[[nodiscard]] bool MayFail(const expr::ExprStore& exprs, expr::ExprId id);

}  // namespace wfc::passes
