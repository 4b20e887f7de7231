// Estimates the cost of evaluating an expression from the sizes that its types state. The check of
// expressions reports those that exceed the machine's budget.
#pragma once

#include <cstdint>

#include "ir/base/id_range.h"
#include "ir/expr/expr.h"
#include "ir/expr/type_sizes.h"

namespace wfc::expr {

/// The steps (Budget::steps) that evaluating the expression takes if all values are as large as
/// their types allow; saturates at the greatest uint64_t. It counts what the machine charges:
/// instructions, the body of a loop as often as its range can have items, and what operations walk
/// over (TypeSizes). A conditional counts its more expensive arm; `&&`, `||` and `coalesce` count
/// all operands. Lists are taken to hold the most expensive items (all different), and strings to
/// contain nothing that is searched for, such as separators. What has no known size is left out.
/// `types` holds the inferred type of every expression by ExprId.
[[nodiscard]] uint64_t CountSteps(const ExprStore& store, TypeSizes& sizes,
                                  const IdVector<ExprId, Type>& types, ExprId id);
/// A bound on CountSteps that takes less time.
[[nodiscard]] uint64_t BoundSteps(const ExprStore& store, TypeSizes& sizes,
                                  const IdVector<ExprId, Type>& types, ExprId id);

}  // namespace wfc::expr
