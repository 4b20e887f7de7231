// What evaluating an expression takes at most, by the sizes that its types know.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {

/// Steps of the machine's budget (vm::Budget::steps), at least as many as the longest evaluation of
/// the known sizes takes; what goes through a list of unknown size counts once. Saturates.
/// `types`: by ExprId, as inference left them.
[[nodiscard]] uint64_t CountSteps(const ExprStore& store, TypeTable& table,
                                  const std::vector<Type>& types, ExprId id);

}  // namespace wfc::expr
