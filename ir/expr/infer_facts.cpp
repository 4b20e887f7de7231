// The facts that hold where a condition is true, or where it is false.
#include <algorithm>

#include "ir/expr/compiler.h"
#include "ir/expr/fixed.h"
#include "ir/expr/infer_state.h"
#include "ir/expr/same_expression.h"

namespace wfc::expr {
namespace {

bool IsTypeCall(const ExprStore& store, ExprId id) {
  return store[id].op == Op::Call && store[id].payload == static_cast<uint32_t>(Builtin::TypeOf);
}

/// Adds all kinds of numbers if there is one, because numbers can be equal across kinds.
KindSet WithNumbers(KindSet kinds) {
  return (kinds & kNumberKinds) != 0 ? kinds | kNumberKinds : kinds;
}

bool Admits(std::span<const Value> values, Choice choice, const Value& value) {
  const bool is_listed = std::ranges::find(values, value) != values.end();
  return is_listed == (choice == Choice::OneOf);
}

}  // namespace

Inference::Path Inference::FindPath(ExprId id) const {
  const ExprStore& store = context_.store;
  Path path;
  while (true) {
    const Expr& expr = store[id];
    if (expr.op == Op::Select) {
      path.fields.push_back(store.name(expr));
    } else if (expr.op == Op::Index && IsConstText(store, store.child(id, 1))) {
      path.fields.push_back(store.constant(store.child(id, 1)).AsString());
    } else {
      break;
    }
    id = store.child(id, 0);
  }
  std::ranges::reverse(path.fields);
  const Expr& base = store[id];
  path.is_path = base.op == Op::Load || base.op == Op::Binding;
  if (base.op == Op::Load) path.place = {.root = store.root(base)};
  if (base.op == Op::Binding) path.place = {.is_slot = true, .root = {.a = base.payload}};
  if (!path.is_path) path.place = {.expression = id};
  return path;
}

bool Inference::AreSame(const Place& left, const Place& right) const {
  if (left.expression.has_value() != right.expression.has_value()) return false;
  if (!left.expression.has_value()) {
    return left.is_slot == right.is_slot && left.root == right.root;
  }
  return AreAlike(context_.store, left.expression, right.expression);
}

Inference::Path Inference::FindAskedPath(ExprId id) const {
  const Expr& expr = context_.store[id];
  const bool is_field =
      expr.op == Op::Has || expr.op == Op::SelectOptional || expr.op == Op::Select;
  const bool is_key = (expr.op == Op::IndexOptional || expr.op == Op::Index) &&
                      IsConstText(context_.store, context_.store.child(id, 1));
  if (!is_field && !is_key) return FindPath(id);
  Path path = FindAskedPath(context_.store.child(id, 0));
  path.fields.push_back(
      is_field ? context_.store.name(expr)
               : std::string_view(context_.store.constant(context_.store.child(id, 1)).AsString()));
  return path;
}

/// Whether the expression is `x.?f` or `x[?"f"]`, or selects further fields from one.
bool Inference::IsOptionalRead(ExprId id) const {
  const ExprStore& store = context_.store;
  while (store[id].op == Op::Select) id = store.child(id, 0);
  return store[id].op == Op::SelectOptional ||
         (store[id].op == Op::IndexOptional && IsConstText(store, store.child(id, 1)));
}

const Type* Inference::FindFact(ExprId id) const {
  for (size_t i = facts_.size(); i > 0; --i) {
    const ExprId about = facts_[i - 1].place.expression;
    if (about.has_value() && AreAlike(context_.store, about, id)) return &facts_[i - 1].type;
  }
  return nullptr;
}

void Inference::AddFact(const Place& place, const Type& type) {
  if (type.IsNever()) {
    is_impossible_ = true;
    return;
  }
  if (facts_.size() >= kMaxFacts) {
    has_dropped_facts_ = true;
    return;
  }
  facts_.push_back({place, type});
  if (place.expression.has_value()) {
    ++expression_facts_;
  } else if (!place.is_slot) {
    AddImplied(place.root, type);
  }
}

/// Adds facts about other roots that follow from the type of this one. A fact about such a root
/// that is known already is more precise and stays.
void Inference::AddImplied(const Root& root, const Type& type) {
  for (const Fact& fact : context_.environment.Imply(root, type)) {
    const Place place = {.root = fact.root};
    const bool is_known = std::ranges::any_of(
        facts_, [&](const PlaceFact& known) { return AreSame(known.place, place); });
    if (!is_known) AddFact(place, fact.type);
  }
}

/// Whether the fields lead to a value that is always present and of exactly this type.
bool Inference::IsKnownToBe(Type whole, std::span<const std::string_view> fields,
                            const Type& type) {
  for (const std::string_view field : fields) {
    const FieldType part = table_.FieldOf(whole, field);
    if (part.presence != Presence::Always || !whole.IsOnly(KindsOf(Kind::Map))) return false;
    whole = part.type;
  }
  return whole == type;
}

/// If there is a fact about the expression itself, narrows that as well, because it takes
/// precedence over facts about the place that the expression reads.
void Inference::NarrowFact(ExprId subject, const Filter& filter) {
  const Type* known = expression_facts_ > 0 ? FindFact(subject) : nullptr;
  if (known == nullptr) return;
  const Type before = *known;
  const Type after = Narrow(table_, before, {}, filter);
  if (!(before == after)) AddFact({.expression = subject}, after);
}

void Inference::AddFactsAbout(ExprId subject, const Filter& filter) {
  if (AddFactsBehind(subject, filter)) return;
  AddFactsOfBound(subject, filter);
  const Path path = FindPath(subject);
  const Type before = TypeAt(path.place);
  Type after = Narrow(table_, before, path.fields, filter);
  if (!(before == after)) {
    AddFact(path.place, after);
    if (!path.fields.empty()) NarrowFact(subject, filter);
    // The operands of the expression have lost values as well. For other filters, the rules of the
    // condition itself say which ones.
    if (!path.is_path && filter.what == Filter::What::Kinds) {
      WidenReads(path.place.expression, false);
    }
    return;
  }
  if (filter.what == Filter::What::Some) return;
  // What no type of the whole can express may be expressible for the part alone.
  const Type part = Known(subject);
  Type narrowed = Narrow(table_, part, {}, filter);
  narrowed.may_be_absent = false;
  if (narrowed.IsNever() && !part.IsNever()) is_impossible_ = true;
  if (IsKnownToBe(before, path.fields, narrowed)) return;
  if (!path.fields.empty() && !narrowed.IsNever() && !(part == narrowed)) {
    AddFact({.expression = subject}, narrowed);
  }
  // Even a condition that no type can express excludes some of the values.
  if (filter.what == Filter::What::Present) return;
  after = Narrow(table_, before, path.fields, {.what = Filter::What::Some});
  if (!(before == after)) AddFact(path.place, after);
}

/// Records that a condition which inference does not understand may exclude some values of
/// everything that it reads.
void Inference::WidenReads(ExprId condition, bool is_in_loop) {
  const ExprStore& store = context_.store;
  const Path path = FindPath(condition);
  if (path.is_path) {
    // A name bound by a comprehension inside the condition is not visible outside of it.
    if (!path.place.is_slot || !is_in_loop) {
      AddFactsAbout(condition, {.what = Filter::What::Some});
    }
    return;
  }
  if (IsOptionalRead(condition)) {
    const Path asked = FindAskedPath(condition);
    const bool is_outside = !asked.place.is_slot || !is_in_loop;
    if (asked.is_path && is_outside) AddFactsOfField(condition, {.what = Filter::What::Some});
  }
  const bool binds = BindsNames(store[condition].op);
  const std::span<const ExprId> children = store.children(condition);
  for (size_t i = 0; i < children.size(); ++i) {
    WidenReads(children[i], is_in_loop || (binds && i > 0));
  }
}

/// Adds that a root has no value. The presence of a value, in contrast, says nothing about it.
void Inference::AddMissingRoot(ExprId root) {
  if (context_.store[root].op == Op::Load) AddImplied(context_.store.root(root), kNever);
}

/// Adds the facts of `all` or `exists`. An empty range satisfies `all` and never satisfies
/// `exists`.
void Inference::AddQuantifierFacts(ExprId condition, bool truth) {
  const Op op = context_.store[condition].op;
  const bool is_all = op == Op::All || op == Op::AllPairs;
  const ExprId range = context_.store.child(condition, 0);
  is_impossible_ |= truth != is_all && table_.CountIn(Known(range)).most == 0;
  if (truth == is_all) return AddItemFacts(condition, truth);
  AddFactsOfRange(range);
  WidenReads(condition, false);
}

bool Inference::Assume(ExprId condition, bool truth) {
  const uint32_t splits_before = split_count_;
  const size_t facts_before = facts_.size();
  AddFacts(condition, truth);
  const bool is_link = split_count_ != splits_before;
  if (facts_.size() != facts_before) AddFactsOfLinks();
  if (is_link && links_.size() < kMaxLinks) links_.push_back({condition, truth});
  return is_link;
}

void Inference::AddFactsOfLinks() {
  // What one link adds may decide another one.
  for (size_t round = 0; round < links_.size(); ++round) {
    const size_t facts_before = facts_.size();
    for (const Link& link : links_) {
      if (is_impossible_ || link_uses_left_ == 0) return;
      --link_uses_left_;
      AddFacts(link.condition, link.truth);
    }
    if (facts_.size() == facts_before) return;
  }
}

void Inference::AddFacts(ExprId condition, bool truth) {
  if (context_.view == View::AsDeclared) return;
  const Expr& expr = context_.store[condition];
  const Value* constant = ConstantOf(condition);
  if (constant != nullptr && constant->kind() == Kind::Bool) {
    is_impossible_ |= constant->is_true() != truth;
    return;
  }
  AddFactsOfValue(condition);
  switch (expr.op) {
    case Op::Not:
      return AddFacts(context_.store.child(condition, 0), !truth);
    case Op::Present:
      if (!truth) AddMissingRoot(context_.store.child(condition, 0));
      return;
    case Op::And:
    case Op::Or:
      return AddLogicFacts(condition, truth);
    case Op::Has:
      is_impossible_ |= !truth && HasAlways(condition);
      if (truth) AddFactsOfAskedParent(condition);
      return AddFactsOfField(condition,
                             {.what = truth ? Filter::What::Present : Filter::What::Absent});
    case Op::Equal:
    case Op::NotEqual:
      AddFactsOfStandIns(condition, truth);
      return AddEqualityFacts(condition, truth == (expr.op == Op::Equal));
    case Op::In:
      AddFactsOfStandIns(condition, truth);
      return AddMembershipFacts(condition, truth);
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      AddFactsOfStandIns(condition, truth);
      return AddOrderFacts(condition, truth);
    case Op::Call:
      return AddCallFacts(condition, truth);
    case Op::All:
    case Op::Exists:
    case Op::AllPairs:
    case Op::ExistsPair:
      return AddQuantifierFacts(condition, truth);
    case Op::Select:
    case Op::Index:
    case Op::Load:
    case Op::Binding:
    case Op::Conditional:
    case Op::Coalesce: {
      const Value value = Value::Bool(truth);
      return AddFactsAbout(condition, {.what = Filter::What::OneOf, .values = {&value, 1}});
    }
    default:
      return WidenReads(condition, false);
  }
}

/// Adds the facts of `&&` or `||`. Either every operand evaluates to `truth`, or at least one of
/// them does.
void Inference::AddLogicFacts(ExprId condition, bool truth) {
  const Expr& expr = context_.store[condition];
  const auto operands = context_.store.children(expr);
  if (truth != (expr.op == Op::And)) {
    AddAlternatives(operands.size(), [&](size_t i) { AddFacts(operands[i], truth); });
    return;
  }
  for (const ExprId operand : operands) AddFacts(operand, truth);
}

/// Adds that the whole whose part `has(x.f)`, `x.?f` or `x[?i]` has found has a value itself, where
/// no path from a name leads to the part.
void Inference::AddFactsOfAskedParent(ExprId read) {
  const Op op = context_.store[read].op;
  const bool asks = op == Op::Has || op == Op::SelectOptional || op == Op::IndexOptional;
  if (!asks || FindAskedPath(read).is_path) return;
  const ExprId whole = context_.store.child(read, 0);
  AddFactsOfValue(whole);
  AddKinds(whole, op == Op::IndexOptional ? KindsOf(Kind::List, Kind::Map, Kind::Optional)
                                          : KindsOf(Kind::Map, Kind::Optional));
}

/// Adds that the field which `has(x.f)` or `x.?f` asks for passes the filter.
void Inference::AddFactsOfField(ExprId read, const Filter& filter) {
  const Path path = FindAskedPath(read);
  const Type before = TypeAt(path.place);
  const Type after = Narrow(table_, before, path.fields, filter);
  if (before == after) return;
  // An operand that is absent itself lacks the field as well, so the filter Absent says nothing
  // about the operand then.
  const bool says_nothing = after.IsNever() && filter.what == Filter::What::Absent &&
                            (context_.store[read].op == Op::IndexOptional || !HasAlways(read));
  if (!says_nothing) AddFact(path.place, after);
}

void Inference::AddEqualityFacts(ExprId condition, bool is_equal) {
  ExprId left = context_.store.child(condition, 0);
  ExprId right = context_.store.child(condition, 1);
  if (ConstantOf(right) == nullptr) std::swap(left, right);
  const Value* value = ConstantOf(right);
  if (value == nullptr) {
    // Equal values are of the same kind, or both are numbers.
    if (AddOptionalFacts(left, right, is_equal) || AddOptionalFacts(right, left, is_equal)) return;
    const KindSet of_left = Known(left).kinds;
    const KindSet of_right = Known(right).kinds;
    if (is_equal) AddKinds(left, WithNumbers(of_right));
    if (is_equal) AddKinds(right, WithNumbers(of_left));
    return WidenReads(condition, false);
  }
  if (IsTypeCall(context_.store, left) && value->kind() == Kind::Type) {
    const KindSet kind = KindsOf(value->AsType());
    return AddFactsAbout(context_.store.child(left, 0),
                         {.what = Filter::What::Kinds,
                          .kinds = static_cast<KindSet>(is_equal ? kind : kEveryKind & ~kind)});
  }
  AddFactsOfChoice(left, {value, 1}, is_equal ? Choice::OneOf : Choice::NoneOf);
}

void Inference::AddMembershipFacts(ExprId condition, bool is_member) {
  const ExprId container = context_.store.child(condition, 1);
  const Value* list = ConstantOf(container);
  // Types are not JSON, so a list of types never is the constant of a type and has to be folded
  // here.
  std::optional<Value> folded;
  if (list == nullptr && IsFixed(context_.store, container)) {
    folded = Fold(context_.store, container);
    if (folded) list = &*folded;
  }
  if (list == nullptr) {
    const Value* part = ConstantOf(context_.store.child(condition, 0));
    return part != nullptr ? AddContentFacts(container, *part, is_member)
                           : WidenReads(condition, false);
  }
  if (list->kind() != Kind::List) return WidenReads(condition, false);
  AddFactsOfChoice(context_.store.child(condition, 0), list->items(),
                   is_member ? Choice::OneOf : Choice::NoneOf);
}

/// Adds that the subject equals one of `values`, or none of them.
void Inference::AddFactsOfChoice(ExprId subject, std::span<const Value> values, Choice choice) {
  if (context_.view == View::AsDeclared) return;
  if (context_.store[subject].op == Op::Const) {
    is_impossible_ |= !Admits(values, choice, context_.store.constant(subject));
    return;
  }
  const auto what = choice == Choice::OneOf ? Filter::What::OneOf : Filter::What::NoneOf;
  const Filter filter = {.what = what, .values = values};
  const Op op = context_.store[subject].op;
  const bool is_path = FindPath(subject).is_path;
  const bool is_condition =
      !is_path && op != Op::Coalesce && Known(subject).IsOnly(KindsOf(Kind::Bool));
  if (op == Op::Conditional) {
    if (!AddArmFacts(subject, filter)) WidenReads(subject, false);
    return;
  }
  if (!is_condition) {
    AddFactsAbout(subject, filter);
    const bool is_said = is_path || IsTypeCall(context_.store, subject);
    if (!is_said && !AddFactsOfCounts(subject, values, choice)) WidenReads(subject, false);
    return;
  }
  const bool may_hold = Admits(values, choice, Value::Bool(true));
  const bool may_fail_to = Admits(values, choice, Value::Bool(false));
  if (may_hold != may_fail_to) AddFacts(subject, may_hold);
}

/// Removes the facts about places that `added` says nothing about, and joins the types of the
/// others.
void Inference::KeepCommon(std::vector<PlaceFact>& common, std::span<const PlaceFact> added) {
  std::erase_if(common, [&](PlaceFact& fact) {
    const auto is_same = [&](const PlaceFact& other) { return AreSame(fact.place, other.place); };
    if (std::ranges::none_of(added, is_same)) return true;
    fact.type = table_.Join(fact.type, TypeAt(fact.place));
    return false;
  });
}

/// Adds what holds in every alternative that is possible: the facts that all of them establish,
/// with their types joined. If no alternative is possible, the conditions contradict each other.
/// Returns whether the facts say all that the alternatives do: with facts about several places,
/// which values occur together is lost.
bool Inference::AddAlternatives(size_t count, llvm::function_ref<void(size_t)> add) {
  std::vector<PlaceFact> common;
  std::optional<Place> only;
  size_t possible_count = 0;
  bool is_of_one_place = true;
  bool is_first = true;
  for (size_t i = 0; i < count; ++i) {
    const Scope scope(*this);
    const size_t before = facts_.size();
    is_impossible_ = false;
    add(i);
    if (is_impossible_) continue;
    const std::span<const PlaceFact> added = std::span(facts_).subspan(before);
    ++possible_count;
    for (const PlaceFact& fact : added) {
      if (!only) only = fact.place;
      is_of_one_place &= AreSame(*only, fact.place);
    }
    if (is_first) {
      for (const PlaceFact& fact : added) common.push_back({fact.place, TypeAt(fact.place)});
    }
    KeepCommon(common, added);
    is_first = false;
  }
  is_impossible_ |= is_first && count > 0;
  for (const PlaceFact& fact : common) AddFact(fact.place, fact.type);
  const bool is_said = possible_count < 2 || is_of_one_place;
  if (!is_said) ++split_count_;
  return is_said;
}

/// Adds the facts of a call in a condition. `x.?f.hasValue()` is treated as `has(x.f)`.
void Inference::AddCallFacts(ExprId call, bool truth) {
  const auto builtin = static_cast<Builtin>(context_.store[call].payload);
  const auto children = context_.store.children(call);
  if (builtin == Builtin::HasValue && truth) AddFactsOfAskedParent(children[0]);
  if (builtin == Builtin::HasValue && IsOptionalRead(children[0])) {
    return AddFactsOfField(children[0],
                           {.what = truth ? Filter::What::Present : Filter::What::Absent});
  }
  if (builtin == Builtin::OptionalOrValue) {
    const Value value = Value::Bool(truth);
    if (AddFactsBehind(call, {.what = Filter::What::OneOf, .values = {&value, 1}})) return;
  }
  AddFactsOfStandIns(call, truth);
  AddTextFacts(call, truth);
}

void Inference::MoveFactsTo(Facts& facts) const {
  facts.is_impossible = is_impossible_;
  facts.known.clear();
  for (const PlaceFact& fact : facts_) {
    if (fact.place.is_slot) continue;
    const bool is_new_fact = fact.place.expression.has_value();
    const auto earlier = std::ranges::find_if(facts.known, [&](const Fact& other) {
      return !is_new_fact && !other.expression.has_value() && other.root == fact.place.root;
    });
    if (earlier != facts.known.end()) {
      earlier->type = fact.type;
    } else {
      facts.known.push_back({fact.place.root, fact.type, fact.place.expression});
    }
  }
}

}  // namespace wfc::expr
