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
    case Op::And:
    case Op::Or:
      if (truth != (expr.op == Op::And)) return AddAlternatives(condition, truth);
      for (const ExprId child : context_.store.children(expr)) AddFacts(child, truth);
      return;
    case Op::Has:
      return truth ? AddPresence(condition) : AddLack(condition);
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      return AddOrderFacts(condition, truth);
    case Op::Call:
      return AddCallFacts(condition, truth);
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
  AddFactsOfChoice(
      left, {.what = is_equal ? Filter::What::OneOf : Filter::What::NoneOf, .values = {value, 1}});
}

void Inference::AddFactsOfChoice(ExprId subject, const Filter& filter) {
  if (FindPath(subject).is_path) return AddFactsAbout(subject, filter);
  const Value* only = filter.values.size() == 1 ? &filter.values[0] : nullptr;
  const bool is_one_of = filter.what == Filter::What::OneOf;
  if (only != nullptr && only->kind() == Kind::Bool) {
    return AddFacts(subject, only->is_true() == is_one_of);
  }
  const bool is_said =
      only != nullptr && AddSizeFacts(subject, is_one_of ? Op::Equal : Op::NotEqual, *only);
  if (!is_said) AddDoubts(subject, false);
}

void Inference::AddMembershipFacts(ExprId condition, bool is_member) {
  const ExprId container = context_.store.child(condition, 1);
  const Value* list = ConstantOf(container);
  if (list == nullptr) {
    const Value* part = ConstantOf(context_.store.child(condition, 0));
    return part != nullptr ? AddContentFacts(container, *part, is_member)
                           : AddDoubts(condition, false);
  }
  if (list->kind() != Kind::List) return AddDoubts(condition, false);
  AddFactsOfChoice(
      context_.store.child(condition, 0),
      {.what = is_member ? Filter::What::OneOf : Filter::What::NoneOf, .values = list->items()});
}

/// One of the operands is `truth`: what holds whichever it is.
void Inference::AddAlternatives(ExprId condition, bool truth) {
  std::vector<PlaceFact> common;
  bool is_first = true;
  for (const ExprId child : context_.store.children(condition)) {
    const Scope scope(*this);
    const size_t before = facts_.size();
    AddFacts(child, truth);
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
  facts.known.clear();
  for (const PlaceFact& fact : facts_) {
    if (!fact.place.is_slot) facts.known.push_back({fact.place.root, fact.type});
  }
}

}  // namespace wfc::expr
