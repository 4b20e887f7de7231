// Comparisons with exchanged operands (`1 < x` states the same as `x > 1`) and negated ones.
// Inference and the checks of conditions normalise comparisons with them.
#pragma once

#include "ir/expr/expr.h"

namespace wfc::expr {

/// The operator that yields the same result when its operands are exchanged. Operators other than
/// `<`, `<=`, `>` and `>=` are returned unchanged.
[[nodiscard]] inline Op Mirror(Op op) {
  switch (op) {
    case Op::Less:
      return Op::Greater;
    case Op::LessEqual:
      return Op::GreaterEqual;
    case Op::Greater:
      return Op::Less;
    case Op::GreaterEqual:
      return Op::LessEqual;
    default:
      return op;
  }
}

/// Whether `op` is one of `<`, `<=`, `>` and `>=`.
[[nodiscard]] inline bool IsOrder(Op op) {
  return Mirror(op) != op;
}

/// The comparison that holds exactly where `op` does not; `op` itself if it is not an ordering.
[[nodiscard]] inline Op Opposite(Op op) {
  switch (op) {
    case Op::Less:
      return Op::GreaterEqual;
    case Op::LessEqual:
      return Op::Greater;
    case Op::Greater:
      return Op::LessEqual;
    case Op::GreaterEqual:
      return Op::Less;
    default:
      return op;
  }
}

}  // namespace wfc::expr
