// Comparisons with their operands exchanged: `1 < x` says what `x > 1` does.
#pragma once

#include "ir/expr/expr.h"

namespace wfc::expr {

/// What `op` becomes when its operands are exchanged; an operator that is no order stays itself.
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

}  // namespace wfc::expr
