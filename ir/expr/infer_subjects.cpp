// What follows for the parts of an expression when it is known what the whole yields: for the arms
// of
// `?:`, the arguments of `coalesce`, what `type` is asked of, the items that `all` goes through.
#include <algorithm>
#include <utility>

#include "ir/expr/compiler.h"
#include "ir/expr/infer_state.h"

namespace wfc::expr {
namespace {

bool IsChoice(const Filter& filter) {
  return filter.what == Filter::What::OneOf || filter.what == Filter::What::NoneOf;
}

bool IsCallOf(const ExprStore& store, ExprId id, Builtin builtin) {
  return store[id].op == Op::Call && store[id].payload == static_cast<uint32_t>(builtin);
}

/// The kinds of which `type(x)` is then; 0: the values are not all types.
KindSet FindAskedKinds(const Filter& filter) {
  KindSet kinds = 0;
  for (const Value& value : filter.values) {
    if (value.kind() != Kind::Type) return 0;
    kinds |= KindsOf(value.AsType());
  }
  return filter.what == Filter::What::OneOf ? kinds : kEveryKind & ~kinds;
}

}  // namespace

/// Whether the expression can yield a value that passes.
bool Inference::CanPass(ExprId id, const Filter& filter) {
  return !Narrow(table_, Known(id), {}, filter).IsNever();
}

/// False: the expression is none of these forms.
bool Inference::AddFactsBehind(ExprId subject, const Filter& filter) {
  const ExprStore& store = context_.store;
  if (!IsChoice(filter)) return false;
  const Op op = store[subject].op;
  if (op == Op::Conditional) {
    AddArmFacts(subject, filter);
  } else if (op == Op::Coalesce || IsCallOf(store, subject, Builtin::OptionalOrValue)) {
    const auto passes = [&](ExprId argument) { return CanPass(argument, filter); };
    const ExprId only = FindOnlyArgument(subject, passes);
    if (!only.has_value()) return false;
    AddThere(only);
    IsOptionalRead(only) ? AddFactsOfField(only, filter) : AddFactsAbout(only, filter);
  } else if (IsCallOf(store, subject, Builtin::TypeOf)) {
    const KindSet kinds = FindAskedKinds(filter);
    if (kinds == 0) return false;
    AddFactsAbout(store.child(subject, 0), {.what = Filter::What::Kinds, .kinds = kinds});
  } else {
    return false;
  }
  return true;
}

/// `c ? a : b` passes: what holds whichever arm it was that did.
void Inference::AddArmFacts(ExprId conditional, const Filter& filter) {
  const Choice choice = filter.what == Filter::What::OneOf ? Choice::OneOf : Choice::NoneOf;
  AddAlternatives(2, [&](size_t arm) {
    AddFacts(context_.store.child(conditional, 0), arm == 0);
    AddFactsOfChoice(context_.store.child(conditional, static_cast<uint32_t>(arm + 1)),
                     filter.values, choice);
  });
}

/// Of a `coalesce`, or of `optional.orValue(…)`: the one argument that can be what passes, if it is
/// not the last.
ExprId Inference::FindOnlyArgument(ExprId coalesce, llvm::function_ref<bool(ExprId)> can_pass) {
  ExprId only;
  const auto children = context_.store.children(coalesce);
  for (const ExprId child : children) {
    const bool is_optional = Known(child).CanBe(KindsOf(Kind::Optional));
    if (!is_optional && !can_pass(child)) continue;
    if (only.has_value()) return {};
    only = child;
  }
  return only == children.back() ? ExprId() : only;
}

/// An argument of `coalesce` has a value; an optional holds one.
void Inference::AddThere(ExprId argument) {
  if (!IsOptionalRead(argument)) return AddSuccess(argument);
  // `x.?f` holds a value where `has(x.f)` is true.
  AddFactsOfField(argument, {.what = Filter::What::Present});
}

/// Of `coalesce(x.f, 0) > 0`: for what stands in, the condition is not `truth`. Other operands are
/// constants.
void Inference::AddFactsOfStandIns(ExprId condition, bool truth) {
  const ExprStore& store = context_.store;
  const auto children = store.children(condition);
  for (size_t i = 0; i < children.size(); ++i) {
    const bool stands_in = store[children[i]].op == Op::Coalesce ||
                           IsCallOf(store, children[i], Builtin::OptionalOrValue);
    if (!stands_in) continue;
    const ExprId only = FindOnlyArgument(children[i], [&](ExprId argument) {
      const Value* constant = ConstantOf(argument);
      return constant == nullptr || CanBeWith(condition, i, *constant, truth);
    });
    if (only.has_value()) AddThere(only);
  }
}

/// Whether the condition is `truth` when its operand at `index` has this value; also when others
/// are not known.
bool Inference::CanBeWith(ExprId condition, size_t index, const Value& value, bool truth) {
  const Expr& expr = context_.store[condition];
  ExprStore store;
  llvm::SmallVector<ExprId, 4> operands;
  for (const ExprId child : context_.store.children(expr)) {
    const bool is_it = operands.size() == index;
    const Value* constant = is_it ? &value : ConstantOf(child);
    if (constant == nullptr) return true;
    operands.push_back(store.AddConst(*constant, {}));
  }
  const std::optional<Value> result = Fold(store, store.Add(expr.op, operands, {}, expr.payload));
  return !result || *result == Value::Bool(truth);
}

/// Every item of a list passes, or fails, the predicate of the loop.
void Inference::AddItemFacts(ExprId loop, bool truth) {
  const Expr& expr = context_.store[loop];
  const auto children = context_.store.children(expr);
  const Type range = Known(children[0]);
  if (NamesPairs(expr.op) || !range.IsOnly(KindsOf(Kind::List))) {
    return AddDoubts(loop, false);
  }
  Type item;
  {
    const Scope scope(*this);
    BindNames(expr, range);
    AddFacts(children[1], truth);
    item = TypeAt({.is_slot = true, .root = {.a = expr.payload}});
  }
  if (item == table_.ItemOf(range)) return AddDoubts(loop, false);
  const SchemaId schema = table_.SchemaOf(item);
  if (!schema.has_value()) return;
  types::Schema list;
  list.types = types::Bit(types::TypeBit::Array);
  list.items = schema;
  AddFactsAbout(children[0], {.what = Filter::What::Fits,
                              .kinds = KindsOf(Kind::List),
                              .schema = table_.sets().registry().Derive(std::move(list))});
}

}  // namespace wfc::expr
