// Which numbers have to be converted between int and double. In schemas `number` means double and
// `integer` means int, but JSON may write `7` for a double and `1.0` for an int, and reading keeps
// the written kind. An operation that distinguishes the two kinds gets its operand converted, and
// so do the alternatives of a value that mixes them (`x != null ? x : 5`). Everywhere else
// (comparing, rendering, passing on) both kinds denote the same number, which stays as it was read.
//
// The compiler emits the conversions, and cost.h counts them.
#pragma once

#include <optional>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"
#include "ir/expr/type.h"

namespace wfc::expr {

/// The kind, Int or Double, to which numbers among the values of operand `index` of `parent` have
/// to be converted; other values stay as they are. Empty when no conversion is needed: the numbers
/// are of the right kind already, either kind will do, or the required kind is not known.
/// `kinds_of` returns the kinds of an expression's values according to its type.
[[nodiscard]] std::optional<Kind> FindConversion(const ExprStore& store, ExprId parent,
                                                 size_t index,
                                                 llvm::function_ref<KindSet(ExprId)> kinds_of);

}  // namespace wfc::expr
