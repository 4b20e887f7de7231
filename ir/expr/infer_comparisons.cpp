// The facts that follow from comparisons with constants and that a schema can express: bounds of
// numbers, lengths and counts, patterns of strings, and items of lists.
#include <cmath>
#include <utility>

#include "ir/expr/infer_state.h"
#include "ir/expr/mirror.h"
#include "ir/expr/pattern_of_text.h"
#include "ir/value/numbers.h"

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

constexpr KindSet kSized = kString | kList | kMap;

Schema OfNumbers(Op op, const Value& bound) {
  Schema schema;
  schema.types = types::kNumberTypes;
  if (op == Op::Less) schema.exclusive_maximum = bound;
  if (op == Op::LessEqual) schema.maximum = bound;
  if (op == Op::Greater) schema.exclusive_minimum = bound;
  if (op == Op::GreaterEqual) schema.minimum = bound;
  return schema;
}

/// The values with `least` to `most` code points, items or entries.
Schema OfCounts(double least, double most) {
  constexpr double kMost = UINT32_MAX;
  Schema schema;
  schema.types = Bit(TypeBit::String) | Bit(TypeBit::Array) | Bit(TypeBit::Object);
  if (most < 0 || least > most || least > kMost) {
    schema.is_false = true;
    return schema;
  }
  const auto count = static_cast<uint32_t>(std::fmax(least, 0));
  schema.min_length = schema.min_items = schema.min_properties = count;
  if (most >= kMost) return schema;
  schema.max_length = schema.max_items = schema.max_properties = static_cast<uint32_t>(most);
  return schema;
}

Schema OfCount(Op op, double number) {
  constexpr double kAny = INFINITY;
  switch (op) {
    case Op::Less:
      return OfCounts(0, std::ceil(number) - 1);
    case Op::LessEqual:
      return OfCounts(0, std::floor(number));
    case Op::Greater:
      return OfCounts(std::floor(number) + 1, kAny);
    case Op::GreaterEqual:
      return OfCounts(std::ceil(number), kAny);
    default:
      return OfCounts(std::ceil(number), std::floor(number));
  }
}

bool IsFiniteNumber(const Value& value) {
  return (types::TypeOf(value) & types::kNumberTypes) != 0;
}

}  // namespace

void Inference::AddConstraint(ExprId subject, KindSet kinds, const Schema& schema, bool truth) {
  const types::SchemaRegistry& registry = table_.sets().registry();
  SchemaId id = registry.Derive(schema);
  if (!truth) {
    Schema others;
    // The condition has no value for values of other kinds, so the types hold whether it is true or
    // false.
    if (kinds != kEveryKind) others.types = schema.types;
    others.negated = id;
    id = registry.Derive(others);
  }
  AddFactsAbout(subject, {.what = Filter::What::Fits, .kinds = kinds, .schema = id});
}

/// The schema of the numbers that compare with `bound` as `op` says. Many stages compare with the
/// same ints.
SchemaId Inference::SchemaOfOrder(Op op, const Value& bound) {
  const types::SchemaRegistry& registry = table_.sets().registry();
  if (bound.kind() != Kind::Int) return registry.Derive(OfNumbers(op, bound));
  SchemaId& known = table_.Ordered(static_cast<uint8_t>(op), bound.AsInt());
  if (!known.has_value()) known = registry.Derive(OfNumbers(op, bound));
  return known;
}

/// Adds the bounds that an ordering comparison with a constant establishes. The other operand must
/// be a number then, because only numbers can be ordered with numbers.
void Inference::AddOrderFacts(ExprId condition, bool truth) {
  ExprId left = context_.store.child(condition, 0);
  ExprId right = context_.store.child(condition, 1);
  Op op = context_.store[condition].op;
  if (ConstantOf(right) == nullptr) {
    std::swap(left, right);
    op = Mirror(op);
  }
  const Value* bound = ConstantOf(right);
  if (bound == nullptr || !IsFiniteNumber(*bound)) return WidenReads(condition, false);
  if (!truth) op = Opposite(op);
  AddFactsAbout(
      left,
      {.what = Filter::What::Fits, .kinds = kNumberKinds, .schema = SchemaOfOrder(op, *bound)});
  const bool is_said = FindPath(left).is_path || AddSizeFacts(left, op, *bound);
  if (!is_said) WidenReads(condition, false);
}

bool Inference::AddFactsOfCounts(ExprId call, std::span<const Value> values, Choice choice) {
  if (!IsCallOf(context_.store, call, Builtin::Size) || values.empty()) return false;
  bool is_said = true;
  if (choice == Choice::OneOf) {
    AddAlternatives(values.size(),
                    [&](size_t i) { is_said &= AddSizeFacts(call, Op::Equal, values[i]); });
    return is_said;
  }
  for (const Value& value : values) {
    if (IsFiniteNumber(value)) is_said &= AddSizeFacts(call, Op::NotEqual, value);
  }
  return is_said;
}

bool Inference::AddSizeFacts(ExprId call, Op op, const Value& number) {
  if (!IsCallOf(context_.store, call, Builtin::Size) || !IsFiniteNumber(number)) return false;
  const ExprId subject = context_.store.child(call, 0);
  // Bytes have a size but no schema that could bound it.
  if (!FindPath(subject).is_path || !Known(subject).IsOnly(kEveryKind & ~KindsOf(Kind::Bytes))) {
    return false;
  }
  AddConstraint(subject, kSized, OfCount(op, ToDouble(number)), op != Op::NotEqual);
  return true;
}

/// Adds the facts of `part in container`, where the container is a list or a map.
void Inference::AddContentFacts(ExprId container, const Value& part, bool is_member) {
  const Type& type = Known(container);
  if (part.is_string() && type.IsOnly(kMap)) {
    return AddFactsOfKey(container, part.AsString(), is_member);
  }
  const bool is_json = types::TypeOf(part) != 0;
  if (!FindPath(container).is_path || !is_json) return WidenReads(container, false);
  if (!is_member && type.IsOnly(kList)) {
    const Type item = table_.ItemOf(type);
    const Type others =
        Narrow(table_, item, {}, {.what = Filter::What::NoneOf, .values = {&part, 1}});
    if (!(others == item) && AddFactsOfItems(container, others)) return;
  }
  Schema schema;
  KindSet kinds = 0;
  if (!type.CanBe(kMap)) {
    kinds = kList;
    schema.types = Bit(TypeBit::Array);
    schema.contains = table_.sets().Only(part);
  } else if (!type.CanBe(kList) && part.is_string()) {
    kinds = kMap;
    schema.types = Bit(TypeBit::Object);
    schema.required = {std::string(part.AsString())};
  } else {
    return WidenReads(container, false);
  }
  AddConstraint(container, kinds, schema, is_member);
}

/// Adds that a map has a field, or lacks it, as `"f" in x` says. Unlike `has(x.f)`, the condition
/// has no value where `x` is absent itself.
void Inference::AddFactsOfKey(ExprId map, std::string_view field, bool is_member) {
  Path path = FindPath(map);
  path.fields.push_back(field);
  const Type before = TypeAt(path.place);
  const Type after = Narrow(table_, before, path.fields,
                            {.what = is_member ? Filter::What::Present : Filter::What::Absent});
  if (!(before == after)) AddFact(path.place, after);
}

/// Adds the facts of a test such as `startsWith` of a string.
void Inference::AddTextFacts(ExprId call, bool truth) {
  const ExprStore& store = context_.store;
  const auto children = store.children(call);
  const Value* asked = children.size() == 2 ? ConstantOf(children[1]) : nullptr;
  const bool is_path = !children.empty() && FindPath(children[0]).is_path;
  if (asked == nullptr || !asked->is_string() || !is_path) return WidenReads(call, false);
  const std::optional<types::SchemaPattern> pattern =
      FindPattern(static_cast<Builtin>(store[call].payload), asked->AsString());
  if (!pattern) return WidenReads(call, false);
  Schema text;
  text.types = Bit(TypeBit::String);
  text.pattern = pattern;
  AddConstraint(children[0], kString, text, truth);
}

}  // namespace wfc::expr
