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

uint64_t Mix(uint64_t hash, uint64_t part) {
  const uint64_t mixed = (hash ^ part) * 0x9E3779B97F4A7C15;
  return mixed ^ (mixed >> 32);
}

uint64_t HashPayload(const ExprStore& store, const Expr& expr) {
  switch (expr.op) {
    case Op::Poison:
      return 0;
    case Op::Const:
      return HashIdentical(store.constant(expr));
    case Op::Load: {
      const Root& root = store.root(expr);
      return Mix(Mix(static_cast<uint64_t>(root.kind), root.a), root.b);
    }
    default:
      return expr.payload;
  }
}

}  // namespace

bool HaveAlikeParts(const ExprStore& store, ExprId left, ExprId right) {
  const Expr& a = store[left];
  const Expr& b = store[right];
  const bool is_like =
      a.depth == b.depth && a.children.count == b.children.count && HaveSamePayload(store, a, b);
  if (!is_like) return false;
  return std::ranges::equal(store.children(a), store.children(b),
                            [&](ExprId one, ExprId other) { return AreAlike(store, one, other); });
}

uint64_t HashAlike(const ExprStore& store, ExprId id) {
  const Expr& expr = store[id];
  uint64_t hash = Mix(static_cast<uint64_t>(expr.op), HashPayload(store, expr));
  for (const ExprId child : store.children(expr)) hash = Mix(hash, HashAlike(store, child));
  return hash;
}

}  // namespace wfc::expr
