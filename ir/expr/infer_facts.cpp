// What holds where a condition is true, or false.
#include <algorithm>

#include "ir/expr/infer_state.h"

namespace wfc::expr {
namespace {

/// Facts beyond these are forgotten, which only leaves more possible.
constexpr size_t kMaxFacts = 64;

bool IsTypeCall(const ExprStore& store, ExprId id) {
  return store[id].op == Op::Call && store[id].payload == static_cast<uint32_t>(Builtin::TypeOf);
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
  return path;
}

void Inference::AddFactsAbout(ExprId subject, const Filter& filter) {
  const Path path = FindPath(subject);
  if (!path.is_path || facts_.size() >= kMaxFacts) return;
  const Type before = TypeAt(path.place);
  Type after = Narrow(table_, before, path.fields, filter);
  // What cannot be said of it still excludes some of its values.
  if (before == after && filter.what != Filter::What::Present) {
    after = Narrow(table_, before, path.fields, {.what = Filter::What::Some});
  }
  if (!(before == after)) facts_.push_back({path.place, after});
}

/// A condition that is not understood says something of all that it reads.
void Inference::AddDoubts(ExprId condition, bool is_in_loop) {
  const ExprStore& store = context_.store;
  const Path path = FindPath(condition);
  if (path.is_path) {
    // What a comprehension inside the condition binds is not there outside of it.
    if (!path.place.is_slot || !is_in_loop) {
      AddFactsAbout(condition, {.what = Filter::What::Some});
    }
    return;
  }
  const bool binds = BindsNames(store[condition].op);
  const std::span<const ExprId> children = store.children(condition);
  for (size_t i = 0; i < children.size(); ++i) {
    AddDoubts(children[i], is_in_loop || (binds && i > 0));
  }
}

void Inference::AddFacts(ExprId condition, bool truth) {
  const Expr& expr = context_.store[condition];
  switch (expr.op) {
    case Op::Not:
      return AddFacts(context_.store.child(condition, 0), !truth);
    case Op::Present:
      return;  // that there is a value says nothing about it
    case Op::Conditional: {
      const Value value = Value::Bool(truth);
      return AddChoiceOfArms(condition, {&value, 1}, Choice::OneOf);
    }
    case Op::And:
    case Op::Or:
      return AddLogicFacts(condition, truth);
    case Op::Has:
      if (truth) AddPresence(condition);
      return;
    case Op::Equal:
    case Op::NotEqual:
      return AddEqualityFacts(condition, truth == (expr.op == Op::Equal));
    case Op::In:
      return AddMembershipFacts(condition, truth);
    case Op::Select:
    case Op::Index:
    case Op::Load:
    case Op::Binding: {
      const Value value = Value::Bool(truth);
      return AddFactsAbout(condition, {.what = Filter::What::OneOf, .values = {&value, 1}});
    }
    default:
      return AddDoubts(condition, false);
  }
}

/// All operands are `truth`, or at least one of them is.
void Inference::AddLogicFacts(ExprId condition, bool truth) {
  const Expr& expr = context_.store[condition];
  const auto operands = context_.store.children(expr);
  if (truth != (expr.op == Op::And)) {
    return AddAlternatives(operands.size(), [&](size_t i) { AddFacts(operands[i], truth); });
  }
  for (const ExprId operand : operands) AddFacts(operand, truth);
}

/// `has(x.name)` holds.
void Inference::AddPresence(ExprId has) {
  Path path = FindPath(context_.store.child(has, 0));
  if (!path.is_path || facts_.size() >= kMaxFacts) return;
  path.fields.push_back(context_.store.name(context_.store[has]));
  const Type before = TypeAt(path.place);
  const Type after = Narrow(table_, before, path.fields, {.what = Filter::What::Present});
  if (!(before == after)) facts_.push_back({path.place, after});
}

void Inference::AddEqualityFacts(ExprId condition, bool is_equal) {
  ExprId left = context_.store.child(condition, 0);
  ExprId right = context_.store.child(condition, 1);
  if (ConstantOf(right) == nullptr) std::swap(left, right);
  const Value* value = ConstantOf(right);
  if (value == nullptr) return AddDoubts(condition, false);
  if (IsTypeCall(context_.store, left) && value->kind() == Kind::Type) {
    const KindSet kind = KindsOf(value->AsType());
    return AddFactsAbout(context_.store.child(left, 0),
                         {.what = Filter::What::Kinds,
                          .kinds = static_cast<KindSet>(is_equal ? kind : kEveryKind & ~kind)});
  }
  AddFactsOfChoice(left, {value, 1}, is_equal ? Choice::OneOf : Choice::NoneOf);
}

void Inference::AddMembershipFacts(ExprId condition, bool is_member) {
  const Value* list = ConstantOf(context_.store.child(condition, 1));
  if (list == nullptr || list->kind() != Kind::List) return AddDoubts(condition, false);
  AddFactsOfChoice(context_.store.child(condition, 0), list->items(),
                   is_member ? Choice::OneOf : Choice::NoneOf);
}

/// The subject equals one of `values`, or none of them.
void Inference::AddFactsOfChoice(ExprId subject, std::span<const Value> values, Choice choice) {
  if (context_.store[subject].op == Op::Conditional) {
    return AddChoiceOfArms(subject, values, choice);
  }
  if (FindPath(subject).is_path) {
    const auto what = choice == Choice::OneOf ? Filter::What::OneOf : Filter::What::NoneOf;
    return AddFactsAbout(subject, {.what = what, .values = values});
  }
  const bool is_condition = Known(subject).IsOnly(KindsOf(Kind::Bool));
  if (!is_condition) return AddDoubts(subject, false);
  const bool may_hold = Admits(values, choice, Value::Bool(true));
  const bool may_fail_to = Admits(values, choice, Value::Bool(false));
  if (may_hold != may_fail_to) AddFacts(subject, may_hold);
}

/// The same of a `?:`: an arm that cannot be what was chosen was not taken.
void Inference::AddChoiceOfArms(ExprId conditional, std::span<const Value> values, Choice choice) {
  llvm::SmallVector<bool, 2> taken;
  for (const bool truth : {true, false}) {
    const ExprId arm = context_.store.child(conditional, truth ? 1 : 2);
    const Value* constant = ConstantOf(arm);
    if (constant == nullptr || Admits(values, choice, *constant)) taken.push_back(truth);
  }
  AddAlternatives(taken.size(), [&](size_t i) {
    AddFacts(context_.store.child(conditional, 0), taken[i]);
    AddFactsOfChoice(context_.store.child(conditional, taken[i] ? 1 : 2), values, choice);
  });
}

/// What holds whichever of the alternatives does, of which `add` adds the facts.
void Inference::AddAlternatives(size_t count, llvm::function_ref<void(size_t)> add) {
  std::vector<PlaceFact> common;
  bool is_first = true;
  for (size_t i = 0; i < count; ++i) {
    const Scope scope(*this);
    const size_t before = facts_.size();
    add(i);
    const std::span<const PlaceFact> added = std::span(facts_).subspan(before);
    if (is_first) {
      for (const PlaceFact& fact : added) common.push_back({fact.place, TypeAt(fact.place)});
    }
    std::erase_if(common, [&](PlaceFact& fact) {
      if (std::ranges::find(added, fact.place, &PlaceFact::place) == added.end()) return true;
      fact.type = table_.Unite(fact.type, TypeAt(fact.place));
      return false;
    });
    is_first = false;
  }
  facts_.insert(facts_.end(), common.begin(), common.end());
}

void Inference::MoveFactsTo(Facts& facts) const {
  facts.clear();
  for (const PlaceFact& fact : facts_) {
    if (fact.place.is_slot) continue;
    const auto earlier = std::ranges::find(facts, fact.place.root, &Fact::root);
    if (earlier != facts.end()) {
      earlier->type = fact.type;
    } else {
      facts.push_back({fact.place.root, fact.type});
    }
  }
}

}  // namespace wfc::expr
