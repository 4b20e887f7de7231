// Estimates the cost of evaluating an expression from the sizes that its types state. The check of
// expressions reports those that exceed the machine's budget.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {

/// An estimate of the steps (Budget::steps) that evaluating the expression takes; saturates at the
/// greatest uint64_t. Every node counts one step, each conversion of a number one more, and the
/// body of a loop as often as its range has items at most; a range of unknown size counts once. The
/// estimate is not a bound: it includes both arms of a conditional, but neither the instructions
/// that drive a loop nor the bytes that operations walk over. `types` holds the inferred type of
/// every expression by ExprId.
[[nodiscard]] uint64_t CountSteps(const ExprStore& store, TypeTable& table,
                                  const std::vector<Type>& types, ExprId id);

}  // namespace wfc::expr
