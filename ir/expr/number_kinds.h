// `number` is double and `integer` is int, whatever kind of number JSON has read: `7` may stand for
// a double and `1.0` for an int. What takes the one kind and not the other gets its operand
// converted; elsewhere (comparing, rendering, passing on) both are the same number and stay as they
// were read.
#pragma once

#include <optional>

#include "ir/expr/expr.h"
#include "ir/expr/type.h"

namespace wfc::expr {

/// What makes the operand `index` of `parent`, whose type has these kinds, the number that the type
/// says. None: it is no number of one known kind, is one already, or either will do.
[[nodiscard]] std::optional<Builtin> FindConversion(const ExprStore& store, ExprId parent,
                                                    size_t index, KindSet kinds);

}  // namespace wfc::expr
