// Comprehensions, `cel.bind`, `optMap`: what binds a name.
#include <fmt/format.h>

#include "ir/expr/infer_state.h"

namespace wfc::expr {
namespace {

constexpr KindSet kOptional = KindsOf(Kind::Optional);

}  // namespace

void Inference::Bind(uint32_t slot, const Type& type) {
  if (slots_.size() <= slot) slots_.resize(slot + 1);
  slots_[slot] = type;
}

/// What a comprehension over the range goes through: items, or the keys of a map.
Type Inference::ItemsFor(ExprId id, ExprId range) {
  const Type& type = Known(range);
  if (type.IsNever() || type.CanBe(KindsOf(Kind::List, Kind::Map))) {
    return table_.Unite(table_.ItemOf(type), table_.KeyOf(type));
  }
  context_.sink.Report(diag::WrongOperand, context_.store[range].span,
                       fmt::format("what `{}` goes through", GetName(context_.store[id].op)), "a list or a map",
                       Name(type));
  return kDyn;
}

Type Inference::InferLoop(ExprId id) {
  const Expr& expr = context_.store[id];
  const auto children = context_.store.children(expr);
  const Type range = Infer(children[0]);
  Type item = ItemsFor(id, children[0]);
  const Scope scope(*this);
  Bind(expr.payload, item);
  const bool has_predicate = expr.op != Op::Transform || children.size() == 3;
  if (has_predicate) {
    Infer(children[1]);
    DemandCondition(children[1], fmt::format("the predicate of `{}`", GetName(expr.op)));
    AddFacts(children[1], true);
  }
  const CountBounds count = table_.CountIn(range);
  const CountBounds some = {has_predicate ? 0 : count.least, count.most};
  Type type = table_.OfKinds(KindsOf(Kind::Bool));
  if (expr.op == Op::Filter) {
    type = table_.ListOf(TypeAt({.is_slot = true, .root = {.a = expr.payload}}), some);
  } else if (expr.op == Op::Transform) {
    type = table_.ListOf(Infer(children.back()), some);
  }
  type.may_be_absent = range.may_be_absent;
  for (const ExprId child : children.subspan(1)) type.may_be_absent |= Known(child).may_be_absent;
  return type;
}

Type Inference::InferBind(ExprId id) {
  const Expr& expr = context_.store[id];
  const Type bound = Infer(context_.store.child(id, 0));
  const Scope scope(*this);
  Bind(expr.payload, bound);
  Type type = Infer(context_.store.child(id, 1));
  type.may_be_absent |= bound.may_be_absent;
  return type;
}

Type Inference::InferOption(ExprId id) {
  const Expr& expr = context_.store[id];
  const Type option = Infer(context_.store.child(id, 0));
  const bool is_option = option.IsNever() || option.CanBe(kOptional);
  const std::string_view name = GetName(expr.op);
  if (!is_option) {
    context_.sink.Report(diag::WrongOperand, context_.store[context_.store.child(id, 0)].span,
                         fmt::format("the receiver of `{}`", name), "an optional", Name(option));
  }
  const Scope scope(*this);
  Bind(expr.payload, is_option ? table_.HeldBy(option) : kDyn);
  const Type inner = Infer(context_.store.child(id, 1));
  if (!is_option) return kDyn;
  Type type = table_.OptionalOf(inner);
  if (expr.op == Op::OptFlatMap) {
    if (!inner.IsNever() && !inner.CanBe(kOptional)) {
      context_.sink.Report(diag::WrongOperand, context_.store[context_.store.child(id, 1)].span,
                           fmt::format("the result of `{}`", name), "an optional", Name(inner));
      return kDyn;
    }
    type = inner.IsDyn() ? kDyn : table_.OptionalOf(table_.HeldBy(inner));
  }
  type.may_be_absent = option.may_be_absent || inner.may_be_absent;
  return type;
}

}  // namespace wfc::expr
