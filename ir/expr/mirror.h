// Comparisons with their operands exchanged, as `1 < x` says what `x > 1` does, and their
// opposites.
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

/// The order that holds where `op` does not; an operator that is no order stays itself.
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
