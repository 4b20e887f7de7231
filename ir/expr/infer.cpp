#include "ir/expr/infer.h"

#include <algorithm>

#include "ir/expr/compiler.h"
#include "ir/expr/fixed.h"
#include "ir/expr/infer_state.h"

namespace wfc::expr {
namespace {

/// Whether the expression consists of constants, lists and maps alone, in which nothing can be
/// wrong.
bool IsPlainData(const ExprStore& store, ExprId id) {
  const Op op = store[id].op;
  if (op == Op::Const) return true;
  if (op != Op::List && op != Op::Map) return false;
  for (const ExprId child : store.children(id)) {
    if (!IsPlainData(store, child)) return false;
  }
  return true;
}

/// Whether the kind of the result is unknown if an operand is in error, so that the result is dyn.
bool YieldsPoison(Op op) {
  return (op >= Op::Multiply && op <= Op::Subtract) || op == Op::Negate || op == Op::Call;
}

}  // namespace

Inference::Inference(const InferContext& context, const Facts& facts)
    : context_(context), table_(context.table), is_impossible_(facts.is_impossible) {
  // Copied without AddFact, because the facts that these imply are among them already.
  for (const Fact& fact : facts.known) {
    facts_.push_back({{.root = fact.root, .expression = fact.expression}, fact.type});
    expression_facts_ += fact.expression.has_value() ? 1 : 0;
  }
  for (const Condition& held : facts.conditions) {
    if (!held.is_link || links_.size() >= kMaxLinks) continue;
    links_.push_back({held.expression, held.what == Condition::What::Holds});
  }
}

Type Inference::Infer(ExprId id) {
  const Expr& expr = context_.store[id];
  if (expr.op == Op::Const) {
    return context_.types[id] = table_.OfValue(context_.store.constant(expr));
  }
  const bool folds = !in_constant_ && IsFixed(context_.store, id);
  in_constant_ |= folds;
  Type type = folds && IsPlainData(context_.store, id) ? kDyn : Visit(id);
  if (folds) {
    in_constant_ = false;
    type = FoldTo(id, type);
  }
  if (expression_facts_ > 0 && !expr.is_constant) {
    if (const Type* fact = FindFact(id)) {
      if (context_.declared != nullptr) context_.declared->try_emplace(id.index(), type);
      type = *fact;
    }
  }
  if (expr.has_poison && YieldsPoison(expr.op)) type = kDyn;
  context_.types[id] = type;
  return type;
}

/// The type of the constant expression's value. If its evaluation exceeds the budget, or it cannot
/// be evaluated, the inferred type stands.
Type Inference::FoldTo(ExprId id, const Type& inferred) {
  const std::optional<Value> value = Fold(context_.store, id);
  if (!value) return inferred;
  return value->is_error() ? kNever : table_.OfValue(*value);
}

Type Inference::TypeAt(const Place& place) {
  for (size_t i = facts_.size(); i > 0; --i) {
    if (AreSame(facts_[i - 1].place, place)) return facts_[i - 1].type;
  }
  if (place.expression.has_value()) return Known(place.expression);
  if (!place.is_slot) return context_.environment.TypeOf(place.root);
  return place.root.a < slots_.size() ? slots_[place.root.a] : kDyn;
}

Type Inference::TypeOfName(ExprId id, const Place& place) {
  const bool is_narrowed =
      context_.declared != nullptr && std::ranges::any_of(facts_, [&](const PlaceFact& fact) {
        return AreSame(fact.place, place);
      });
  if (is_narrowed) {
    const bool is_slot = place.is_slot && place.root.a < slots_.size();
    const Type declared = is_slot         ? slots_[place.root.a]
                          : place.is_slot ? kDyn
                                          : context_.environment.TypeOf(place.root);
    context_.declared->try_emplace(id.index(), declared);
  }
  return TypeAt(place);
}

Inference::Types Inference::InferChildren(ExprId id) {
  Types types;
  for (const ExprId child : context_.store.children(id)) types.push_back(Infer(child));
  return types;
}

Type Inference::Visit(ExprId id) {
  const Expr& expr = context_.store[id];
  if (IsLoop(expr.op)) return InferLoop(id);
  switch (expr.op) {
    case Op::Poison:
      return kDyn;
    case Op::Load:
      return TypeOfName(id, {.root = context_.store.root(expr)});
    case Op::Binding:
      return TypeOfName(id, {.is_slot = true, .root = {.a = expr.payload}});
    case Op::Select:
    case Op::SelectOptional:
      return InferSelect(id);
    case Op::Has:
      return InferHas(id);
    case Op::Present:
      InferChildren(id);
      return table_.OfKinds(KindsOf(Kind::Bool));
    case Op::Index:
    case Op::IndexOptional:
      return InferIndex(id);
    case Op::Bind:
      return InferBind(id);
    case Op::OptMap:
    case Op::OptFlatMap:
      return InferOption(id);
    case Op::Call:
      return InferCall(id);
    default:
      return VisitOperator(id);
  }
}

Type Inference::VisitOperator(ExprId id) {
  switch (context_.store[id].op) {
    case Op::Not:
      return InferNot(id);
    case Op::Negate:
      return InferNegate(id);
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo:
    case Op::Add:
    case Op::Subtract:
      return InferArithmetic(id);
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      return InferOrder(id);
    case Op::Equal:
    case Op::NotEqual:
      return InferEquality(id);
    case Op::In:
      return InferIn(id);
    case Op::And:
    case Op::Or:
      return InferLogic(id);
    case Op::Conditional:
      return InferConditional(id);
    case Op::Coalesce:
      return InferCoalesce(id);
    case Op::List:
      return InferList(id);
    case Op::Map:
      return InferMap(id);
    case Op::OptionalElement:
      return InferElement(id);
    case Op::Concat:
      return InferConcat(id);
    case Op::Render:
      return Infer(context_.store.child(id, 0));
    default:
      return kDyn;
  }
}

Type Inference::InferWhole(ExprId id) {
  const Type type = InferWhere(id);
  if (is_impossible_) context_.types[id] = kNever;
  return type;
}

void Inference::InferCondition(ExprId id) {
  InferWhole(id);
  DemandCondition(id, "a condition");
}

Type Infer(const InferContext& context, ExprId id, const Facts& facts) {
  return Inference(context, facts).InferWhole(id);
}

void InferCondition(const InferContext& context, ExprId id, const Facts& facts) {
  Inference(context, facts).InferCondition(id);
}

void AddFacts(const InferContext& context, ExprId condition, bool truth, Facts& facts) {
  // A condition that cannot be a bool has been reported, and nothing follows from it.
  bool is_link = false;
  if (context.types[condition].CanBe(KindsOf(Kind::Bool))) {
    Inference inference(context, facts);
    is_link = inference.Assume(condition, truth);
    inference.MoveFactsTo(facts);
  }
  facts.conditions.push_back({.expression = condition,
                              .what = truth ? Condition::What::Holds : Condition::What::HoldsNot,
                              .is_link = is_link});
}

void AddFactsOfChoice(const InferContext& context, ExprId subject, std::span<const Value> values,
                      Choice choice, Facts& facts) {
  Inference inference(context, facts);
  const bool is_one_of = choice == Choice::OneOf;
  inference.AddFactsOfChoice(subject, values, choice);
  inference.AddFactsOfLinks();
  inference.MoveFactsTo(facts);
  facts.conditions.push_back({.expression = subject,
                              .what = is_one_of ? Condition::What::OneOf : Condition::What::NoneOf,
                              .values = {values.begin(), values.end()}});
}

}  // namespace wfc::expr
