// The result types of operators, literals and templates.
#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include "ir/diag/messages.h"
#include "ir/expr/infer_state.h"
#include "ir/value/numbers.h"

namespace wfc::expr {
namespace {

constexpr KindSet kKeysOfMaps = KindsOf(Kind::Bool, Kind::Int, Kind::Uint, Kind::String);

using Number = std::optional<int64_t>;

CountBounds AddCounts(const CountBounds& left, const CountBounds& right) {
  CountBounds sum = {left.least + right.least, std::nullopt};
  if (left.most && right.most) sum.most = *left.most + *right.most;
  return sum;
}

/// How exact AddCounts is: the longest values of both must occur.
Precision AddPrecisions(TypeTable& table, const Type& left, const Type& right) {
  return std::max({Precision::Estimate, table.CountPrecision(left), table.CountPrecision(right)});
}

Number Plus(const Number& left, const Number& right) {
  int64_t sum = 0;
  if (!left || !right || __builtin_add_overflow(*left, *right, &sum)) return std::nullopt;
  return sum;
}

Number Minus(const Number& left, const Number& right) {
  int64_t difference = 0;
  if (!left || !right || __builtin_sub_overflow(*left, *right, &difference)) return std::nullopt;
  return difference;
}

bool IsRead(Op op) {
  return op == Op::Load || op == Op::Select || op == Op::Index;
}

/// The bounds of a sum or difference; none for other operators and where a bound overflows.
IntegerBounds BoundsOfResult(Op op, const IntegerBounds& left, const IntegerBounds& right) {
  if (op == Op::Add) return {Plus(left.least, right.least), Plus(left.most, right.most)};
  if (op == Op::Subtract) return {Minus(left.least, right.most), Minus(left.most, right.least)};
  return {};
}

/// The kinds of values that can be equal to a value of one of `kinds`: numbers can be equal across
/// kinds.
KindSet WithEqualKinds(KindSet kinds) {
  return (kinds & kNumberKinds) != 0 ? kinds | kNumberKinds : kinds;
}

}  // namespace

CountBounds CountRendered(TypeTable& table, const Type& type) {
  if (type.IsOnly(kString)) return table.CountIn(type);
  if (type.IsOnly(kBool)) return {4, 5};
  if (!type.IsOnly(kInt)) return {0, std::nullopt};
  const IntegerBounds bounds = table.BoundsOf(type);
  if (!bounds.least || !bounds.most) return {1, kMaxIntegerDigits + 1};
  return {1, std::max(fmt::format_int(*bounds.least).size(), fmt::format_int(*bounds.most).size())};
}

Precision PrecisionOfRendered(TypeTable& table, const Type& type) {
  if (type.IsOnly(kString)) return table.CountPrecision(type);
  return type.IsOnly(kInt) && table.IsEstimate(type) ? Precision::Loose : Precision::Estimate;
}

/// Demands that the value can be written into a text or as JSON: it is never an empty optional and
/// contains no map with keys other than strings.
void Inference::DemandText(ExprId id) {
  const bool is_render = context_.store[id].op == Op::Render;
  const ExprId at = is_render ? context_.store.child(id, 0) : id;
  const Type& type = Known(at);
  if (table_.CanBeEmpty(type)) {
    const std::string shown = Show(at);
    context_.sink.Report(diag::EmptyInText, context_.store[at].span, shown)
        .AddNote({}, "to fix it, say what is written then, with `.orValue(…)`");
  }
  const Type strange = table_.FindNonStringKeyedMap(type);
  if (!strange.IsNever()) {
    context_.sink.Report(diag::NonStringKeys, context_.store[at].span, Name(table_.KeyOf(strange)));
  }
}

/// Reports, as a note, an operand that may be an integer beyond 64 bits, on which there is no
/// arithmetic.
void Inference::DemandInt64(ExprId id) {
  const Type& type = Known(id);
  if (!type.IsOnly(kInt)) return;
  const IntegerBounds bounds = table_.BoundsOf(type);
  if (bounds.least && bounds.most) return;
  const std::string_view missing = !bounds.least && !bounds.most ? "`minimum` and `maximum`"
                                   : bounds.most                 ? "`minimum`"
                                                                 : "`maximum`";
  context_.sink.Report(diag::UnboundedInteger, context_.store[id].span, Show(id), missing)
      .SetSeverity(diag::Severity::Note);
}

bool Inference::DemandCondition(ExprId child, std::string_view what) {
  return DemandKinds(child, kBool, what, "bool");
}

Type Inference::InferNot(ExprId id) {
  const Type operand = Infer(context_.store.child(id, 0));
  DemandCondition(context_.store.child(id, 0), "the operand of `!`");
  Type type = table_.OfKinds(kBool);
  type.may_be_absent = operand.may_be_absent;
  return type;
}

Type Inference::InferNegate(ExprId id) {
  const Type operand = Infer(context_.store.child(id, 0));
  if (operand.IsNever()) return kNever;
  constexpr KindSet kSigned = KindsOf(Kind::Int, Kind::Double);
  const bool fits =
      DemandKinds(context_.store.child(id, 0), kSigned, "the operand of `-`", "int or double");
  if (!fits) return kDyn;
  const KindSet kinds = operand.kinds & kSigned;
  DemandInt64(context_.store.child(id, 0));
  Type type = kinds == kInt ? table_.Integer({}, Precision::Estimate) : table_.OfKinds(kinds);
  type.may_be_absent = operand.may_be_absent;
  return type;
}

Type Inference::InferArithmetic(ExprId id) {
  const Types operands = InferChildren(id);
  const Type& left = operands[0];
  const Type& right = operands[1];
  if (left.IsNever() || right.IsNever()) return kNever;
  const Op op = context_.store[id].op;
  const KindSet given[] = {left.kinds, right.kinds};
  const KindSet kinds = FindResult(FindOverloads(op), given);
  if (kinds == 0) return ReportOverload(id, operands);
  if (!DemandPairs(id, FindOverloads(op), operands)) return kDyn;
  // If an operand may be anything, for example because it was reported, the result is known only if
  // the other operand determines its kind.
  const bool is_unknown = left.IsDyn() || right.IsDyn();
  if (is_unknown && !std::has_single_bit(kinds)) {
    return {.may_be_absent = left.may_be_absent || right.may_be_absent};
  }
  for (const ExprId child : context_.store.children(id)) DemandInt64(child);
  Type type = table_.OfKinds(kinds & ~kList);
  if (kinds == kString) {
    type = table_.Text(AddCounts(table_.CountIn(left), table_.CountIn(right)),
                       AddPrecisions(table_, left, right));
  } else if (kinds == kInt) {
    const IntegerBounds bounds = BoundsOfResult(op, table_.BoundsOf(left), table_.BoundsOf(right));
    type = table_.Integer(bounds, Precision::Estimate);
  }
  if ((kinds & kList) != 0) {
    const Type item = table_.Join(table_.ItemOf(left), table_.ItemOf(right));
    const CountBounds count = AddCounts(table_.CountIn(left), table_.CountIn(right));
    type = table_.Join(type, table_.ListOf(item, count, AddPrecisions(table_, left, right)));
  }
  type.may_be_absent = left.may_be_absent || right.may_be_absent;
  return type;
}

Type Inference::InferOrder(ExprId id) {
  const Types operands = InferChildren(id);
  if (operands[0].IsNever() || operands[1].IsNever()) return kNever;
  const KindSet given[] = {operands[0].kinds, operands[1].kinds};
  if (FindResult(FindOverloads(context_.store[id].op), given) == 0) {
    return ReportOverload(id, operands);
  }
  DemandPairs(id, FindOverloads(context_.store[id].op), operands);
  Type type = table_.OfKinds(kBool);
  type.may_be_absent = operands[0].may_be_absent || operands[1].may_be_absent;
  return type;
}

KindSet Inference::KindsUnasked(ExprId id, const Type& narrowed) {
  const std::optional<Type> unasked = TypeWithoutFacts(id);
  return unasked ? unasked->kinds : narrowed.kinds;
}

/// Reports an equality or membership test whose operands can never be equal. Such a comparison is
/// no error at run time, but its result is always the same.
void Inference::CheckCanBeEqual(ExprId id, const Type& left, const Type& right) {
  // A comparison with null is always allowed.
  if (left.IsNever() || right.IsNever() || left.IsOnly(kNull) || right.IsOnly(kNull)) return;
  if ((WithEqualKinds(left.kinds) & WithEqualKinds(right.kinds)) != 0) return;
  // If only conditions keep the two apart, the author may want the comparison as it is.
  const bool is_pair = context_.store[id].op != Op::In;
  const KindSet of_left = KindsUnasked(context_.store.child(id, 0), left);
  const KindSet of_right = is_pair ? KindsUnasked(context_.store.child(id, 1), right) : right.kinds;
  if ((WithEqualKinds(of_left) & WithEqualKinds(of_right)) != 0) return;
  if (HasPoison(context_.store, id)) return;
  const bool is_item_meant = left.IsOnly(kList) != right.IsOnly(kList);
  constexpr KindSet kType = KindsOf(Kind::Type);
  const bool is_type_meant = (left.IsOnly(kType) && right.IsOnly(kString)) ||
                             (right.IsOnly(kType) && left.IsOnly(kString));
  context_.sink.Report(
      diag::NeverEqual, context_.store[id].span, Name(left), Name(right),
      is_item_meant   ? "; whether a list has an item is asked with `item in list`"
      : is_type_meant ? "; a type is named without quotes: `type(x) == string`, `int`, `double`, "
                        "`bool`, `list`, `map` or `null_type`"
                      : HintOfConstant(id));
  RecordSlip(id, context_.store[id].span);
}

Type Inference::InferEquality(ExprId id) {
  const Types operands = InferChildren(id);
  CheckCanBeEqual(id, operands[0], operands[1]);
  if (operands[0].IsNever() || operands[1].IsNever()) return kNever;
  Type type = table_.OfKinds(kBool);
  type.may_be_absent = operands[0].may_be_absent || operands[1].may_be_absent;
  return type;
}

Type Inference::InferIn(ExprId id) {
  const Types operands = InferChildren(id);
  const Type& container = operands[1];
  if (operands[0].IsNever() || container.IsNever()) return kNever;
  const bool is_container = DemandKinds(context_.store.child(id, 1), kList | KindsOf(Kind::Map),
                                        "the right side of `in`", "a list or a map");
  if (!is_container) return kDyn;
  const Type elements = table_.Join(table_.ItemOf(container), table_.KeyOf(container));
  // A list whose items are of several kinds may be searched for a value of any kind.
  const bool is_mixed = !std::has_single_bit(elements.kinds);
  if (!is_mixed) CheckCanBeEqual(id, operands[0], elements);
  Type type = table_.OfKinds(kBool);
  type.may_be_absent = operands[0].may_be_absent || container.may_be_absent;
  return type;
}

Type Inference::InferLogic(ExprId id) {
  const Expr& expr = context_.store[id];
  const bool is_and = expr.op == Op::And;
  const Scope scope(*this);
  Type type = table_.OfKinds(kBool);
  // CEL ignores an operand that fails if another one decides the result. So the operands that
  // cannot fail are inferred first, and the others under the facts that hold when all of those
  // leave the result open.
  llvm::SmallVector<ExprId, 4> failing;
  const auto children = context_.store.children(expr);
  for (const ExprId child : children) {
    // Nothing is inferred after the last operand, so its facts are not needed.
    const bool is_last = child == children.back() && failing.empty();
    if (!TryOperand(child, is_and)) {
      failing.push_back(child);
    } else if (!is_last) {
      Assume(child, is_and);
    }
  }
  for (const ExprId child : failing) {
    InferOperand(child, is_and);
    if (child != failing.back()) Assume(child, is_and);
  }
  for (const ExprId child : children) {
    type.may_be_absent |= Known(child).may_be_absent;
  }
  return type;
}

void Inference::InferOperand(ExprId child, bool is_and) {
  InferWhere(child);
  if (is_impossible_) return;
  DemandCondition(child, is_and ? "an operand of `&&`" : "an operand of `||`");
}

/// Infers the operand. True if it certainly has a value where the facts in force hold; otherwise
/// its findings are withdrawn, and the caller infers it again later.
bool Inference::TryOperand(ExprId child, bool is_and) {
  std::vector<diag::Diagnostic>& found = context_.sink.mutable_diagnostics();
  const size_t before = found.size();
  const size_t reported_before = reported_.size();
  InferOperand(child, is_and);
  const bool is_wrong = std::ranges::any_of(
      std::span(found).subspan(before),
      [](const diag::Diagnostic& each) { return each.severity == diag::Severity::Error; });
  if (!Known(child).may_be_absent && !is_wrong) return true;
  // Without a limit, the second attempts would multiply with every level of the tree.
  if (tries_left_ == 0) return true;
  --tries_left_;
  found.resize(before);
  reported_.truncate(reported_before);
  return false;
}

/// Infers an expression that may be unreachable. If the facts in force contradict each other, it is
/// never evaluated: its findings are withdrawn, and the result is kNever.
Type Inference::InferWhere(ExprId id) {
  std::vector<diag::Diagnostic>& found = context_.sink.mutable_diagnostics();
  const size_t before = found.size();
  const size_t reported_before = reported_.size();
  const Type type = Infer(id);
  if (!is_impossible_) return type;
  found.resize(before);
  reported_.truncate(reported_before);
  context_.types[id] = kNever;
  return kNever;
}

Type Inference::InferConditional(ExprId id) {
  const auto children = context_.store.children(id);
  const Type condition = Infer(children[0]);
  DemandCondition(children[0], "the condition of `?:`");
  Type arms[2];
  for (const bool truth : {true, false}) {
    const Scope scope(*this);
    Assume(children[0], truth);
    arms[truth ? 0 : 1] = InferWhere(children[truth ? 1 : 2]);
  }
  if (condition.IsNever()) return kNever;
  const Value* constant =
      context_.view == View::AsDeclared ? nullptr : table_.ConstantOf(condition);
  Type type =
      constant == nullptr ? table_.Join(arms[0], arms[1]) : arms[constant->is_true() ? 0 : 1];
  // If the condition has no value, neither arm is reached, so contradicting facts prove nothing
  // about the arms.
  if (type.IsNever() && condition.may_be_absent) type = kDyn;
  type.may_be_absent |= condition.may_be_absent;
  return type;
}

/// Infers an expression whose absence is handled by its parent, such as an argument of `coalesce`.
Type Inference::InferTolerated(ExprId id) {
  const bool was_tolerated = std::exchange(is_tolerated_, IsRead(context_.store[id].op));
  const Type type = Infer(id);
  is_tolerated_ = was_tolerated;
  return type;
}

Type Inference::InferCoalesce(ExprId id) {
  Type type = kNever;
  bool may_be_absent = true;
  bool is_decided = false;
  const Scope scope(*this);
  for (const ExprId child : context_.store.children(id)) {
    Type argument = InferTolerated(child);
    // Arguments after one that is always present are never used.
    if (is_decided) continue;
    is_decided = IsAlwaysThere(child);
    if (!is_decided) AddAbsence(child);
    const bool can_be_empty = !argument.IsDyn() && argument.CanBe(kOptional);
    may_be_absent &= argument.may_be_absent || can_be_empty;
    // `coalesce` replaces an optional by the value that it holds.
    if (argument.CanBe(kOptional) && !argument.IsDyn()) {
      const Type held = table_.HeldBy(argument);
      argument.kinds &= ~kOptional;
      argument = table_.Join(argument, held);
    }
    type = table_.Join(type, argument);
  }
  type.may_be_absent = may_be_absent;
  return type;
}

Type Inference::InferElement(ExprId id) {
  const ExprId operand = context_.store.child(id, 0);
  const Type element = Infer(operand);
  return DemandKinds(operand, kOptional, "the value of `?`", "an optional") ? table_.HeldBy(element)
                                                                            : kDyn;
}

Type Inference::InferList(ExprId id) {
  const Types items = InferChildren(id);
  const auto children = context_.store.children(id);
  const auto optional_count = std::ranges::count_if(
      children, [&](ExprId child) { return context_.store[child].op == Op::OptionalElement; });
  Type type;
  if (optional_count == 0) {
    if (std::ranges::any_of(items, &Type::IsNever)) return kNever;
    type = table_.TupleOf(items);
  } else {
    Type item = kNever;
    for (const Type& each : items) item = table_.Join(item, each);
    type = table_.ListOf(item, {items.size() - static_cast<size_t>(optional_count), items.size()});
  }
  for (const Type& item : items) type.may_be_absent |= item.may_be_absent;
  return type;
}

Type Inference::InferMap(ExprId id) {
  const auto children = context_.store.children(id);
  const auto is_name = [&](ExprId key) {
    return context_.store[key].op == Op::Const && context_.store.constant(key).is_string();
  };
  bool is_record = true;
  for (size_t i = 0; i < children.size(); i += 2) is_record &= is_name(children[i]);
  if (is_record) return InferRecord(id);
  const Types parts = InferChildren(id);
  Type key = kNever;
  Type value = kNever;
  CountBounds count = {0, 0};  // a repeated key is an error
  for (size_t i = 0; i < parts.size(); i += 2) {
    const bool is_key =
        DemandKinds(children[i], kKeysOfMaps, "the key of a map", "bool, int, uint or string");
    if (!is_key) return kDyn;
    key = table_.Join(key, parts[i]);
    value = table_.Join(value, parts[i + 1]);
    ++*count.most;
    if (context_.store[children[i + 1]].op != Op::OptionalElement) ++count.least;
  }
  Type type = table_.MapOf(key, value, count);
  type.may_be_absent = key.may_be_absent || value.may_be_absent;
  return type;
}

/// Infers a map whose keys are all string constants.
Type Inference::InferRecord(ExprId id) {
  const auto children = context_.store.children(id);
  std::vector<NamedType> fields;
  fields.reserve(children.size() / 2);
  bool may_be_absent = false;
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    const Type value = Infer(children[i + 1]);
    const bool is_optional = context_.store[children[i + 1]].op == Op::OptionalElement;
    may_be_absent |= value.may_be_absent;
    fields.push_back({.name = context_.store.constant(children[i]).AsString(),
                      .type = value,
                      .presence = is_optional ? Presence::Optional : Presence::Always});
  }
  std::ranges::sort(fields, {}, &NamedType::name);
  // A repeated key is an error at evaluation.
  const bool is_repeated = std::ranges::adjacent_find(fields, {}, &NamedType::name) != fields.end();
  if (is_repeated) return kNever;
  Type type = table_.RecordOf(fields);
  if (type.IsNever()) return kNever;
  type.may_be_absent = may_be_absent;
  return type;
}

Type Inference::InferConcat(ExprId id) {
  CountBounds length = {0, 0};
  Precision precision = Precision::Estimate;
  bool may_be_absent = false;
  for (const ExprId child : context_.store.children(id)) {
    const Type part = Infer(child);
    DemandText(child);
    if (part.IsNever()) return kNever;
    may_be_absent |= part.may_be_absent;
    const Type data = table_.AsData(part);
    length = AddCounts(length, CountRendered(table_, data));
    precision = std::max(precision, PrecisionOfRendered(table_, data));
  }
  Type type = table_.Text(length, precision);
  type.may_be_absent = may_be_absent;
  return type;
}

}  // namespace wfc::expr
