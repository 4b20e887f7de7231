// The facts about the parts of an expression that follow from what the whole yields: about the arms
// of `?:`, the arguments of `coalesce`, the operand of `type`, and the items that `all` visits.
#include <algorithm>
#include <utility>

#include "ir/expr/compiler.h"
#include "ir/expr/infer_state.h"
#include "ir/expr/same_expression.h"

namespace wfc::expr {
namespace {

bool IsChoice(const Filter& filter) {
  return filter.what == Filter::What::OneOf || filter.what == Filter::What::NoneOf;
}

/// Whether the operation depends on nothing but its operands: it has no field name and binds no
/// name.
bool IsPlainOperation(Op op) {
  return op == Op::Call || op == Op::Equal || op == Op::NotEqual || op == Op::In || op == Op::Not ||
         !FindOverloads(op).empty();
}

/// Whether the expression contains a node that binds names.
bool HoldsNames(const ExprStore& store, ExprId id) {
  if (BindsNames(store[id].op)) return true;
  return std::ranges::any_of(store.children(id),
                             [&](ExprId child) { return HoldsNames(store, child); });
}

/// Whether the expression is `coalesce(…)` or `….orValue(…)`, whose value may be a substitute for
/// an absent one.
bool HasSubstitute(const ExprStore& store, ExprId id) {
  return store[id].op == Op::Coalesce || IsCallOf(store, id, Builtin::OptionalOrValue);
}

/// The kinds that `x` may have if `type(x)` passes the filter; 0 if the filter's values are not all
/// types.
KindSet FindAskedKinds(const Filter& filter) {
  KindSet kinds = 0;
  for (const Value& value : filter.values) {
    if (value.kind() != Kind::Type) return 0;
    kinds |= KindsOf(value.AsType());
  }
  return filter.what == Filter::What::OneOf ? kinds : kEveryKind & ~kinds;
}

}  // namespace

/// Whether the expression can yield a value that passes the filter.
bool Inference::CanPass(ExprId id, const Filter& filter) {
  return !Narrow(table_, Known(id), {}, filter).IsNever();
}

/// Adds the facts about the parts of the subject that follow if it passes the filter. False if the
/// subject has none of the forms that this function understands.
bool Inference::AddFactsBehind(ExprId subject, const Filter& filter) {
  const ExprStore& store = context_.store;
  const Op op = store[subject].op;
  const bool stands_in = HasSubstitute(store, subject);
  const bool is_of_kinds = filter.what == Filter::What::Kinds;
  const bool takes_kinds = stands_in || op == Op::Conditional;
  if (!IsChoice(filter) && !(takes_kinds && is_of_kinds)) return false;
  if (op == Op::Conditional) {
    if (!AddArmFacts(subject, filter) && is_of_kinds) WidenReads(subject, false);
  } else if (stands_in) {
    const auto passes = [&](ExprId argument) { return CanPass(argument, filter); };
    const ExprId only = FindOnlyArgument(subject, passes);
    if (!only.has_value()) return false;
    AddPresence(only);
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

/// Adds what holds if `c ? a : b` passes the filter: the facts that both arms have in common, each
/// with its condition. Returns whether they say all that follows.
bool Inference::AddArmFacts(ExprId conditional, const Filter& filter) {
  const Choice choice = filter.what == Filter::What::OneOf ? Choice::OneOf : Choice::NoneOf;
  const auto children = context_.store.children(conditional);
  return AddAlternatives(2, [&](size_t arm) {
    AddFacts(children[0], arm == 0);
    if (!IsChoice(filter)) return AddFactsAbout(children[arm + 1], filter);
    AddFactsOfChoice(children[arm + 1], filter.values, choice);
  });
}

/// The only argument of `coalesce(…)`, or of `optional.orValue(…)`, for which `can_pass` holds. An
/// id without a value if there are several or if it is the last argument, about which nothing
/// follows.
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

/// Adds that an argument of `coalesce` has a value; if it is an optional, that it holds one.
void Inference::AddPresence(ExprId argument) {
  if (!IsOptionalRead(argument)) return AddFactsOfValue(argument);
  // `x.?f` holds a value exactly if `has(x.f)` is true.
  AddFactsOfField(argument, {.what = Filter::What::Present});
}

/// Adds that a field is absent or an optional is empty. Nothing follows for other roots, because
/// the root itself may be what is absent.
void Inference::AddAbsence(ExprId argument) {
  if (context_.view == View::AsDeclared) return;
  const Path path = FindAskedPath(argument);
  if (!path.is_path || path.fields.empty() || facts_.size() >= kMaxFacts) return;
  const Type before = TypeAt(path.place);
  const Type after = Narrow(table_, before, path.fields, {.what = Filter::What::Absent});
  if (!after.IsNever() && !(before == after)) facts_.push_back({path.place, after});
}

/// The `coalesce(…)`, `….orValue(…)` or `?:` that the operand is, or that it combines with
/// constants; an id without a value if there is none.
ExprId Inference::FindSubstitute(ExprId operand) const {
  const ExprStore& store = context_.store;
  while (true) {
    if (HasSubstitute(store, operand) || store[operand].op == Op::Conditional) return operand;
    if (!IsPlainOperation(store[operand].op)) return {};
    const auto children = store.children(operand);
    const auto variable =
        std::ranges::find_if(children, [&](ExprId child) { return ConstantOf(child) == nullptr; });
    if (variable == children.end()) return {};
    operand = *variable;
  }
}

/// Adds what follows from a condition such as `size(coalesce(x.f, [])) > 0`: if the substitute
/// would make it differ from `truth`, then the argument before the substitute is present. All other
/// operands are constants.
void Inference::AddFactsOfStandIns(ExprId condition, bool truth) {
  for (const ExprId child : context_.store.children(condition)) {
    const ExprId stand_in = FindSubstitute(child);
    if (!stand_in.has_value()) continue;
    const auto can_be = [&](ExprId argument) {
      const Value* constant = ConstantOf(argument);
      return constant == nullptr || CanBeWith(condition, stand_in, *constant, truth);
    };
    if (context_.store[stand_in].op == Op::Conditional) {
      AddFactsOfArm(stand_in, can_be);
      continue;
    }
    const ExprId only = FindOnlyArgument(stand_in, can_be);
    if (only.has_value()) AddPresence(only);
  }
}

/// Adds what follows if only one arm of `c ? a : b` can be what it yields: whether `c` holds, and
/// that this arm has a value.
void Inference::AddFactsOfArm(ExprId conditional, llvm::function_ref<bool(ExprId)> can_be) {
  const auto children = context_.store.children(conditional);
  const bool can_be_first = can_be(children[1]);
  if (can_be_first == can_be(children[2])) return;
  AddFacts(children[0], can_be_first);
  AddFactsOfValue(children[can_be_first ? 1 : 2]);
}

/// Adds what follows if the range of a loop has items, as in `coalesce(x.f, []).exists(v, …)` and
/// `(c ? x : []).exists(v, …)`: an empty substitute was not used.
void Inference::AddFactsOfRange(ExprId range) {
  if (context_.view == View::AsDeclared) return;
  const ExprStore& store = context_.store;
  const auto may_have_items = [&](ExprId part) { return table_.CountIn(Known(part)).most != 0; };
  const Op op = store[range].op;
  if (op == Op::Filter || op == Op::Transform) return AddFactsOfRange(store.child(range, 0));
  if (op == Op::Conditional) {
    const ExprId arms[] = {store.child(range, 1), store.child(range, 2)};
    const bool may_be_first = may_have_items(arms[0]);
    if (may_be_first == may_have_items(arms[1])) return;
    AddFactsOfArm(range, may_have_items);
    return AddFactsOfRange(arms[may_be_first ? 0 : 1]);
  }
  if (!HasSubstitute(store, range)) return;
  const ExprId only = FindOnlyArgument(range, may_have_items);
  if (only.has_value()) AddPresence(only);
}

/// Whether the condition can evaluate to `truth` if one of its parts has this value. True if other
/// parts are not known.
bool Inference::CanBeWith(ExprId condition, ExprId part, const Value& value, bool truth) {
  ExprStore copy;
  const ExprId copied = CopyWith(condition, part, value, copy);
  if (!copied.has_value()) return true;
  const std::optional<Value> result = Fold(copy, copied);
  return !result || *result == Value::Bool(truth);
}

/// A copy of the expression in which `value` replaces `part`; an id without a value if other parts
/// are not constant.
ExprId Inference::CopyWith(ExprId id, ExprId part, const Value& value, ExprStore& copy) {
  if (id == part) return copy.AddConst(value, {});
  if (const Value* constant = ConstantOf(id)) return copy.AddConst(*constant, {});
  const Expr& expr = context_.store[id];
  if (!IsPlainOperation(expr.op)) return {};
  llvm::SmallVector<ExprId, 4> operands;
  for (const ExprId child : context_.store.children(expr)) {
    operands.push_back(CopyWith(child, part, value, copy));
    if (!operands.back().has_value()) return {};
  }
  return copy.Add(expr.op, operands, {}, expr.payload);
}

/// The expression that `cel.bind` binds the name to; an id without a value if something else binds
/// the name. Also without a value if that expression binds names itself, because its slots may
/// coincide with those of names visible here.
ExprId Inference::FindBound(ExprId name) const {
  const Expr& expr = context_.store[name];
  if (expr.op != Op::Binding || expr.payload >= bound_.size()) return {};
  const ExprId bound = bound_[expr.payload];
  if (bound_left_ == 0) return {};
  return bound.has_value() && !HoldsNames(context_.store, bound) ? bound : ExprId();
}

/// If a name passes the filter, so does the expression that it is bound to.
void Inference::AddFactsOfBound(ExprId name, const Filter& filter) {
  const ExprId bound = FindBound(name);
  if (!bound.has_value()) return;
  --bound_left_;
  if (IsChoice(filter)) {
    const bool is_one_of = filter.what == Filter::What::OneOf;
    return AddFactsOfChoice(bound, filter.values, is_one_of ? Choice::OneOf : Choice::NoneOf);
  }
  if (filter.what == Filter::What::Some) return WidenReads(bound, false);
  if (FindPath(bound).is_path) AddFactsAbout(bound, filter);
}

/// Adds the facts of `x.?f == optional.of(value)` and `x.?f != optional.none()`. False if the
/// operands have neither form.
bool Inference::AddOptionalFacts(ExprId left, ExprId right, bool is_equal) {
  const ExprStore& store = context_.store;
  if (!IsOptionalRead(left) || store[right].op != Op::Call) return false;
  const auto builtin = static_cast<Builtin>(store[right].payload);
  if (builtin == Builtin::OptionalNone) {
    AddFactsOfField(left, {.what = is_equal ? Filter::What::Absent : Filter::What::Present});
    return true;
  }
  if (builtin != Builtin::OptionalOf || !is_equal) return false;
  AddFactsOfField(left, {.what = Filter::What::Present});
  if (const Value* held = ConstantOf(store.child(right, 0))) {
    AddFactsOfField(left, {.what = Filter::What::OneOf, .values = {held, 1}});
  }
  return true;
}

/// Adds that every item of a list, or every value of a map, is of this type. False if no schema can
/// express that.
bool Inference::AddFactsOfItems(ExprId container, const Type& item) {
  const bool is_list = Known(container).IsOnly(KindsOf(Kind::List));
  const SchemaId schema = table_.SchemaOf(item);
  if (!schema.has_value()) return false;
  types::Schema items;
  items.types = types::Bit(is_list ? types::TypeBit::Array : types::TypeBit::Object);
  (is_list ? items.items : items.other_properties) = schema;
  AddFactsAbout(container, {.what = Filter::What::Fits,
                            .kinds = KindsOf(is_list ? Kind::List : Kind::Map),
                            .schema = table_.sets().registry().Derive(items)});
  return true;
}

/// The type of `m[k]` according to the facts from `first` on, where `k` is the name that the loop
/// over `m` binds to its keys.
std::optional<Type> Inference::FindEntry(ExprId loop, size_t first) const {
  const ExprStore& store = context_.store;
  for (size_t i = facts_.size(); i > first; --i) {
    const ExprId about = facts_[i - 1].place.expression;
    if (!about.has_value() || store[about].op != Op::Index) continue;
    const Expr& key = store[store.child(about, 1)];
    const bool is_name = key.op == Op::Binding && key.payload == store[loop].payload;
    if (is_name && AreAlike(store, store.child(about, 0), store.child(loop, 0))) {
      return facts_[i - 1].type;
    }
  }
  return std::nullopt;
}

/// Adds that every item of a list, or every value of a map, makes the predicate of the loop
/// evaluate to `truth`.
void Inference::AddItemFacts(ExprId loop, bool truth) {
  const Expr& expr = context_.store[loop];
  const auto children = context_.store.children(expr);
  const Type range = Known(children[0]);
  const bool is_list = range.IsOnly(KindsOf(Kind::List));
  const bool is_map =
      range.IsOnly(KindsOf(Kind::Map)) && table_.KeyOf(range).IsOnly(KindsOf(Kind::String));
  if (!is_list && !is_map) return WidenReads(loop, false);
  const Type before = is_list ? table_.ItemOf(range) : table_.ValueOf(range);
  Type item;
  {
    const Scope scope(*this);
    const size_t facts_before = facts_.size();
    BindNames(expr, range);
    AddFacts(children[1], truth);
    const bool names_values = is_list || NamesPairs(expr.op);
    const uint32_t slot = expr.payload + (NamesPairs(expr.op) ? 1 : 0);
    item = names_values ? TypeAt({.is_slot = true, .root = {.a = slot}})
                        : FindEntry(loop, facts_before).value_or(before);
  }
  if (item == before) return WidenReads(loop, false);
  AddFactsOfItems(children[0], item);
}

}  // namespace wfc::expr
