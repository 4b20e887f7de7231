// Estimates the cost of evaluating an expression from the sizes that its types state. The check of
// expressions reports those that exceed the machine's budget.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {

/// The steps (Budget::steps) that evaluating the expression takes at most, as far as they can be
/// known; saturates at the greatest uint64_t. Every instruction counts, and the body of a
/// loop as often as its range has items at most. What has no known size is left out: a range
/// counts as one item, and the bytes that operations walk over do not count. Both arms of a
/// conditional count. `types` holds the inferred type of every expression by ExprId.
[[nodiscard]] uint64_t CountSteps(const ExprStore& store, TypeTable& table,
                                  const std::vector<Type>& types, ExprId id);

}  // namespace wfc::expr
