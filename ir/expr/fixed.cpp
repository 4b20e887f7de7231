#include "ir/expr/fixed.h"

#include <algorithm>

namespace wfc::expr {
namespace {

/// Whether a loop over the range visits nothing, as is seen without evaluating the range.
bool IsEmpty(const ExprStore& store, ExprId range) {
  const Expr& expr = store[range];
  switch (expr.op) {
    case Op::Const: {
      const Value& value = store.constant(expr);
      return (value.kind() == Kind::List && value.items().empty()) ||
             (value.kind() == Kind::Map && value.entries().empty());
    }
    case Op::List:
    case Op::Map:
      return expr.children.count == 0;
    case Op::Filter:
    case Op::Transform:
    case Op::TransformList:
    case Op::TransformMap:
    case Op::TransformMapEntry:
      return IsEmpty(store, store.child(range, 0));
    default:
      return false;
  }
}

}  // namespace

/// Recurses as deep as the expression's parser does.
bool IsFixedWithLoops(const ExprStore& store, ExprId id) {
  const Expr& expr = store[id];
  if (expr.has_poison) return false;
  if (IsLoop(expr.op)) return IsEmpty(store, store.child(id, 0));
  const bool is_dyn = expr.op == Op::Call && expr.payload == static_cast<uint32_t>(Builtin::Dyn);
  return !is_dyn && std::ranges::all_of(store.children(expr),
                                        [&](ExprId child) { return IsFixed(store, child); });
}

}  // namespace wfc::expr
