// Structural equality of expressions. Two expressions that are written alike have the same value
// wherever both are in scope. Inference and passes use it to apply a fact to every occurrence.
#pragma once

#include <cstdint>

#include "ir/expr/expr.h"

namespace wfc::expr {

/// AreAlike for two different nodes of the same operation.
[[nodiscard]] bool HaveAlikeParts(const ExprStore& store, ExprId left, ExprId right);

/// Whether the two trees are equal. Bound names are compared by slot, so both must be in scopes
/// where their slots mean the same. A Poison equals only itself.
[[nodiscard]] inline bool AreAlike(const ExprStore& store, ExprId left, ExprId right) {
  if (left == right) return true;
  return store[left].op == store[right].op && HaveAlikeParts(store, left, right);
}

/// A hash that agrees with AreAlike: trees that are alike have equal hashes.
[[nodiscard]] uint64_t HashAlike(const ExprStore& store, ExprId id);

}  // namespace wfc::expr
