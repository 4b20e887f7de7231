#include "ir/expr/same_expression.h"

#include <algorithm>

namespace wfc::expr {
namespace {

bool HaveSamePayload(const ExprStore& store, const Expr& left, const Expr& right) {
  switch (left.op) {
    case Op::Poison:
      return false;
    case Op::Const:
      return Identical(store.constant(left), store.constant(right));
    case Op::Load:
      return store.root(left) == store.root(right);
    default:
      return left.payload == right.payload;
  }
}

}  // namespace

bool AreAlike(const ExprStore& store, ExprId left, ExprId right) {
  if (left == right) return true;
  const Expr& a = store[left];
  const Expr& b = store[right];
  const bool is_like = a.op == b.op && a.depth == b.depth && a.children.count == b.children.count &&
                       HaveSamePayload(store, a, b);
  if (!is_like) return false;
  return std::ranges::equal(store.children(a), store.children(b),
                            [&](ExprId one, ExprId other) { return AreAlike(store, one, other); });
}

}  // namespace wfc::expr
