// The facts that follow from the mere fact that an expression has a value: operands of other kinds
// and absent parts would have made it fail.
#include <algorithm>

#include "ir/expr/infer_state.h"

namespace wfc::expr {
namespace {

/// The kinds that the overloads accept at `index` if every other operand is of one of its kinds.
KindSet FindTakenBeside(std::span<const Overload> overloads, size_t index,
                        std::span<const KindSet> kinds) {
  KindSet taken = 0;
  for (const Overload& overload : overloads) {
    bool fits = true;
    for (size_t i = 0; i < kinds.size(); ++i) {
      if (i != index) fits &= (ParameterAt(overload, i) & kinds[i]) != 0;
    }
    if (fits) taken |= ParameterAt(overload, index);
  }
  return taken;
}

/// Whether one overload accepts all values of all operands.
bool TakesAll(std::span<const Overload> overloads, std::span<const KindSet> kinds) {
  return std::ranges::any_of(overloads, [&](const Overload& overload) {
    for (size_t i = 0; i < kinds.size(); ++i) {
      if (kinds[i] == 0 || (kinds[i] & ~ParameterAt(overload, i)) != 0) return false;
    }
    return true;
  });
}

}  // namespace

void Inference::AddKinds(ExprId operand, KindSet kinds) {
  const bool is_known = (Known(operand).kinds & ~kinds) == 0;
  if (!is_known) AddFactsAbout(operand, {.what = Filter::What::Kinds, .kinds = kinds});
}

void Inference::AddSuccessOfOperands(ExprId id, std::span<const Overload> overloads) {
  const auto children = context_.store.children(id);
  Kinds kinds;
  for (const ExprId child : children) kinds.push_back(Known(child).kinds);
  if (TakesAll(overloads, kinds)) return;  // as is usual
  for (size_t i = 0; i < children.size(); ++i) {
    AddKinds(children[i], FindTakenBeside(overloads, i, kinds));
  }
}

/// Operands of `&&`, `||`, `?:` and `coalesce`, and the bodies of comprehensions, need not have
/// been evaluated, so nothing follows for them.
void Inference::AddFactsOfValue(ExprId id) {
  const ExprStore& store = context_.store;
  const Expr& expr = store[id];
  const auto children = store.children(expr);
  if (IsLoop(expr.op)) {
    AddFactsOfValue(children[0]);
    return AddKinds(children[0], kList | kMap);
  }
  switch (expr.op) {
    case Op::And:
    case Op::Or:
    case Op::Has:
    case Op::Present:
    case Op::SelectOptional:
    case Op::IndexOptional:
    case Op::Coalesce:
      return;
    case Op::Conditional:
      AddFactsOfValue(children[0]);
      return AddKinds(children[0], kBool);
    case Op::Bind:
    case Op::OptMap:
    case Op::OptFlatMap:
      return AddFactsOfValue(children[0]);
    default:
      break;
  }
  for (const ExprId child : children) AddFactsOfValue(child);
  switch (expr.op) {
    case Op::Select:
      return AddPart(id);
    case Op::Index:
      if (IsConstText(store, children[1])) return AddPart(id);
      return AddKinds(children[0], kList | kMap | kOptional);
    case Op::Not:
      return AddKinds(children[0], kBool);
    case Op::Negate:
      return AddKinds(children[0], KindsOf(Kind::Int, Kind::Double));
    case Op::In:
      return AddKinds(children[1], kList | kMap);
    case Op::Call:
      return AddSuccessOfOperands(
          id, FindOverloads(static_cast<Builtin>(expr.payload), children.size()));
    default:
      if (!FindOverloads(expr.op).empty()) AddSuccessOfOperands(id, FindOverloads(expr.op));
  }
}

/// Adds that the field which the expression reads is present.
void Inference::AddPart(ExprId part) {
  const Type& operand = Known(context_.store.child(part, 0));
  const bool is_known = !Known(part).may_be_absent && operand.IsOnly(kMap);
  if (!is_known) AddFactsAbout(part, {.what = Filter::What::Present});
}

}  // namespace wfc::expr
