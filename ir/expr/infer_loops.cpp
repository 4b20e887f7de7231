// The types of expressions that bind names: comprehensions, `cel.bind` and `optMap`.
#include <fmt/core.h>

#include "ir/expr/infer_state.h"

namespace wfc::expr {
namespace {

bool YieldsBool(Op op) {
  return op == Op::All || op == Op::Exists || op == Op::ExistsOne || op == Op::AllPairs ||
         op == Op::ExistsPair || op == Op::ExistsOnePair;
}

/// What a loop over nothing yields.
Value YieldOfNothing(Op op) {
  if (YieldsBool(op)) return Value::Bool(op == Op::All || op == Op::AllPairs);
  const bool is_map = op == Op::TransformMap || op == Op::TransformMapEntry;
  return is_map ? Value::Map({}) : Value::List({});
}

}  // namespace

void Inference::Bind(uint32_t slot, const Type& type) {
  if (slots_.size() <= slot) slots_.resize(slot + 1);
  slots_[slot] = type;
  if (slot < bound_.size()) bound_[slot] = {};
}

/// Binds the names of a loop: to the items of a list or the keys of a map; with two names, to the
/// indices or keys and to the values.
void Inference::BindNames(const Expr& loop, const Type& range) {
  if (!NamesPairs(loop.op)) {
    return Bind(loop.payload, table_.Join(table_.ItemOf(range), table_.KeyOf(range)));
  }
  Type index = kNever;
  if (range.CanBe(KindsOf(Kind::List))) {
    const std::optional<uint64_t> count = table_.CountIn(range).most;
    IntegerBounds bounds = {0, std::nullopt};
    if (count && *count > 0 && *count <= INT32_MAX) bounds.most = static_cast<int64_t>(*count) - 1;
    index = table_.Integer(bounds, table_.CountPrecision(range));
  }
  Bind(loop.payload, table_.Join(index, table_.KeyOf(range)));
  Bind(loop.payload + 1, table_.Join(table_.ItemOf(range), table_.ValueOf(range)));
}

bool Inference::DemandRange(const Expr& loop, ExprId range) {
  return DemandKinds(range, KindsOf(Kind::List, Kind::Map),
                     fmt::format("what `{}` goes through", GetName(loop.op)), "a list or a map");
}

Type Inference::InferLoop(ExprId id) {
  const Expr& loop = context_.store[id];
  const auto children = context_.store.children(loop);
  const Type range = Infer(children[0]);
  const Scope scope(*this);
  BindNames(loop, DemandRange(loop, children[0]) ? range : kDyn);
  // The predicate and the body are never evaluated for an empty range.
  const CountBounds count = table_.CountIn(range);
  is_impossible_ |= count.most == 0;
  AddFactsOfRange(children[0]);
  const bool yields_bool = YieldsBool(loop.op);
  const bool has_predicate = yields_bool || loop.op == Op::Filter || children.size() == 3;
  if (has_predicate) {
    InferWhere(children[1]);
    if (!is_impossible_) {
      DemandCondition(children[1], fmt::format("the predicate of `{}`", GetName(loop.op)));
    }
    Assume(children[1], true);
  }
  if (range.IsNever()) return kNever;
  const Precision precision = table_.CountPrecision(range);
  const CountBounds some = {has_predicate ? 0 : count.least, count.most};
  Type type =
      yields_bool ? table_.OfKinds(KindsOf(Kind::Bool)) : ResultOfLoop(loop, some, precision);
  if (count.most == 0) type = table_.OfValue(YieldOfNothing(loop.op));
  type.may_be_absent = range.may_be_absent;
  for (const ExprId child : children.subspan(1)) type.may_be_absent |= Known(child).may_be_absent;
  return type;
}

/// The result of a loop that collects values. Each name has the type that the predicate leaves it.
Type Inference::ResultOfLoop(const Expr& loop, const CountBounds& count, Precision precision) {
  const Place first = {.is_slot = true, .root = {.a = loop.payload}};
  if (loop.op == Op::Filter) return table_.ListOf(TypeAt(first), count, precision);
  const ExprId body = context_.store.children(loop).back();
  const Type value = InferWhere(body);
  if (loop.op == Op::TransformMap) return table_.MapOf(TypeAt(first), value, count);
  if (loop.op != Op::TransformMapEntry) return table_.ListOf(value, count, precision);
  const bool are_maps =
      DemandKinds(body, KindsOf(Kind::Map), "each entry of `transformMapEntry`", "a map");
  if (!are_maps) return kDyn;
  const CountBounds entries = table_.CountIn(value);
  CountBounds all = {count.least > 0 ? entries.least : 0, std::nullopt};
  const bool is_bounded = count.most && entries.most && *count.most <= UINT32_MAX;
  if (is_bounded && *entries.most <= UINT32_MAX) all.most = *count.most * *entries.most;
  return table_.MapOf(table_.KeyOf(value), table_.ValueOf(value), all);
}

Type Inference::InferBind(ExprId id) {
  const Expr& expr = context_.store[id];
  const Type bound = Infer(context_.store.child(id, 0));
  const Scope scope(*this);
  Bind(expr.payload, bound);
  if (bound_.size() <= expr.payload) bound_.resize(expr.payload + 1);
  bound_[expr.payload] = context_.store.child(id, 0);
  // An absent value is reported where the name is read, so the bound expression does not make the
  // whole one absent.
  return Infer(context_.store.child(id, 1));
}

Type Inference::InferOption(ExprId id) {
  const Expr& expr = context_.store[id];
  const Type option = Infer(context_.store.child(id, 0));
  const std::string_view name = GetName(expr.op);
  const bool is_option = DemandKinds(context_.store.child(id, 0), kOptional,
                                     fmt::format("the receiver of `{}`", name), "an optional");
  const Scope scope(*this);
  Bind(expr.payload, is_option ? table_.HeldBy(option) : kDyn);
  const Type inner = Infer(context_.store.child(id, 1));
  if (!is_option) return kDyn;
  const bool is_empty = option.IsNever() || table_.CanBeEmpty(option);
  Type type = table_.OptionalOf(inner, is_empty ? Fullness::MayBeEmpty : Fullness::Full);
  if (expr.op == Op::OptFlatMap) {
    const bool yields_option = DemandKinds(context_.store.child(id, 1), kOptional,
                                           fmt::format("the result of `{}`", name), "an optional");
    if (!yields_option) return kDyn;
    type = inner.IsDyn() ? kDyn : table_.OptionalOf(table_.HeldBy(inner));
  }
  type.may_be_absent = option.may_be_absent || inner.may_be_absent;
  return type;
}

}  // namespace wfc::expr
