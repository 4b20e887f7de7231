// `number` is double and `integer` is int, whatever kind of number JSON has read: `7` may stand for
// a double and `1.0` for an int. What takes the one kind and not the other gets its operand
// converted, and so do the parts of what may be either (`x != null ? x : 5`); elsewhere (comparing,
// rendering, passing on) both are the same number and stay as they were read.
#pragma once

#include <optional>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"
#include "ir/expr/type.h"

namespace wfc::expr {

/// The kind, Int or Double, that the numbers among the values of the operand `index` of `parent`
/// are made; values of other kinds stay. None: they are of that kind already, either will do, or it
/// is not known which. `kinds_of`: the kinds of an expression's values by its type.
[[nodiscard]] std::optional<Kind> FindConversion(const ExprStore& store, ExprId parent,
                                                 size_t index,
                                                 llvm::function_ref<KindSet(ExprId)> kinds_of);

}  // namespace wfc::expr
