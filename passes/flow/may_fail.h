// Decides whether the evaluation of an expression can fail, for whatever depends on a failure: the
// readers of a stage that is tolerated or recovered, and the substitute for its output.
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

/// Whether the operation has a result for every value of the kinds for which it is defined.
[[nodiscard]] bool IsTotal(const expr::Expr& node);

/// Whether evaluating the expression can fail. False is certain: no values that fit their schemas
/// make it fail. Operations that a known kind does not have are reported elsewhere and are not
/// counted.
[[nodiscard]] bool MayFail(const expr::ExprStore& exprs, expr::ExprId id, const KnownTypes& types);

/// The same before any types are known.
[[nodiscard]] bool MayFail(const expr::ExprStore& exprs, expr::ExprId id);

}  // namespace wfc::passes
